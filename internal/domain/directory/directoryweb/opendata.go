// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"bytes"
	"net/http"
	"slices"

	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func (p *pages) getOpenData(w http.ResponseWriter, r *http.Request) error {
	words := web.Words(r.Context())
	return p.show(w, r, ui.Head{
		Title: words.Text("open_data.title"), Description: words.Text("open_data.lead"), Crumbs: []ui.Link{{Text: words.Text("layout.open_data")}},
	}, openDataPage(p.Formats))
}

// getDownload writes the whole public directory in one format. It is made in memory, so that a
// fault halfway is not a file cut short that looks whole.
func (p *pages) getDownload(w http.ResponseWriter, r *http.Request) error {
	i := slices.IndexFunc(p.Formats, func(f Format) bool { return f.File == r.PathValue("file") })
	if i < 0 {
		return lost()
	}
	if err := p.large.Allow(w, r); err != nil {
		return err
	}
	f := p.Formats[i]
	var b bytes.Buffer
	if err := f.Write(r.Context(), &b); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", f.Type)
	h.Set("Content-Disposition", `attachment; filename="`+f.File+`"`)
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write(b.Bytes()) // the reader has gone: nothing to be done
	return nil
}
