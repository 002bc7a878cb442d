// SPDX-License-Identifier: EUPL-1.2

package mediationweb_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// Whoever says yes by the link of a message and can't have it is told why, while it is open to others.
func TestYesToTwoCallsIsExplained(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.amal()
		answer := func(link string) string {
			var said []*http.Cookie
			for _, method := range []string{"POST", "GET"} {
				r := httptest.NewRequestWithContext(t.Context(), method, "https://approdo.example/it"+link, strings.NewReader("do=yes"))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				for _, c := range said {
					r.AddCookie(c)
				}
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if method == "GET" {
					return w.Body.String()
				}
				said = w.Result().Cookies()
			}
			return ""
		}
		for _, key := range []string{"k-1", "k-2"} {
			if code := h.send("POST", "/calls", key, `{"language": "ar", "mode": "phone", "minutes": 30, "code": "B-1"}`, nil); code != http.StatusOK {
				t.Fatal(code)
			}
		}
		for i, want := range []string{"Hai accettato", "Non puoi accettarla"} {
			if page := answer(h.links[i]); !strings.Contains(page, want) {
				t.Errorf("want %q: %s", want, page)
			}
		}
	})
}
