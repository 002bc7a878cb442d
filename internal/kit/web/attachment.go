// SPDX-License-Identifier: EUPL-1.2

package web

import "net/http"

// Attachment answers with a file to keep, under a name the program made. It is never opened inside our site:
// what a document can do stays outside of it.
func Attachment(w http.ResponseWriter, media, name string, content []byte) error {
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = w.Write(content) // #nosec G705 -- a browser keeps it and runs nothing; the reader may have gone: nothing to be done
	return nil
}
