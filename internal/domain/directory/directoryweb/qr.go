// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"net/http"
	"net/url"
	"strings"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/qr"
	"approdo/internal/kit/web"
)

func serveCode(w http.ResponseWriter, text string) error {
	picture, err := qr.SVG(text)
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
