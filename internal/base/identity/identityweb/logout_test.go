// SPDX-License-Identifier: EUPL-1.2

package identityweb_test

import (
	"net/http"
	"net/url"
	"testing"
)

// Whoever logs out leaves nothing behind in the browser: neither the session nor pages that it kept.
func TestLoggingOutClearsTheBrowser(t *testing.T) {
	t.Parallel()
	out := send(door(t), "https", "/it/logout", url.Values{}, &http.Cookie{Name: "__Host-approdo", Value: "x"})
	if out.StatusCode != http.StatusSeeOther || out.Header.Get("Clear-Site-Data") != `"cache"` {
		t.Errorf("%d, %q", out.StatusCode, out.Header)
	}
	for _, c := range out.Cookies() {
		if c.Name == "__Host-approdo" && c.MaxAge < 0 && c.Value == "" {
			return
		}
	}
	t.Errorf("the session stays: %v", out.Cookies())
}
