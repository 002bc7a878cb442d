// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/boombuler/barcode/qr"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
)

// quiet is the margin around a code, in modules (ISO/IEC 18004, 9.1).
const quiet = 4

// codeSVG draws a QR code as one path, black on white: a dark page would make it unreadable.
func codeSVG(text string) ([]byte, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return nil, err
	}
	size := code.Bounds().Dx()
	var path strings.Builder
	for y := range size {
		for x := 0; x < size; x++ {
			from := x
			for x < size && dark(code.At(x, y)) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quiet, y+quiet, x-from, x-from)
			}
		}
	}
	side := size + 2*quiet
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`,
		side, side, side, side, path.String()), nil
}

func dark(c interface{ RGBA() (r, g, b, a uint32) }) bool {
	r, _, _, _ := c.RGBA()
	return r == 0
}

func serveCode(w http.ResponseWriter, text string) error {
	picture, err := codeSVG(text)
	if err != nil {
		return fault.TooLarge("", "shortlist.too_long").Because(err)
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "private, max-age=86400") // the host in it may be the one that this request named
	}
	_, _ = w.Write(picture) // the reader has gone: nothing to be done
	return nil
}

// getServiceCode is the code of a service's address, to hand the page over to another phone.
func (p *pages) getServiceCode(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, err := p.Directory.Entry(ctx, r.PathValue("id"))
	if err != nil || discreet(&e) {
		return lost()
	}
	return serveCode(w, web.Absolute(ctx, web.Path(ctx, "/services/"+e.ID)))
}

// getShortlistCode is the code of a list's address.
func (p *pages) getShortlistCode(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ids := readIDs(r)
	if len(ids) == 0 {
		return lost()
	}
	w.Header().Set("Cache-Control", "private, no-store")
	query := url.Values{"ids": {strings.Join(ids, ",")}, "with": {(sheetView{With: readWith(r)}).with()}}
	return serveCode(w, web.Absolute(ctx, web.Path(ctx, "/shortlist")+"?"+query.Encode()))
}
