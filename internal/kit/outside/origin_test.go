// SPDX-License-Identifier: EUPL-1.2

package outside_test

import (
	"net/url"
	"testing"

	"approdo/internal/kit/outside"
)

func TestOrigin(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://www.Comune.example/servizi?a=b": "https://www.comune.example",
		"https://intranet.comune.example:8443":   "https://intranet.comune.example:8443",
		"http://localhost:8000/":                 "http://localhost:8000",
		"https://127.0.0.1/{z}/{x}/{y}.png":      "https://127.0.0.1",
		"https://città.example":                  "https://xn--citt-3na.example",
		"https://[::1%25a%2Cb]":                  "",
		"https://[::1]":                          "",
		"https://a.example,b.example":            "",
		"https://a.example;script-src":           "",
		"https://*.example":                      "",
		"https://a'b.example":                    "",
		"https://a%20b.example":                  "",
		"https://a.example:":                     "",
		"https://-a.example":                     "",
		"https://me@a.example":                   "",
		"https:///path":                          "",
		"javascript:alert(1)":                    "",
		"/tiles/{z}/{x}/{y}.png":                 "",
	} {
		u, err := url.Parse(address)
		if err != nil {
			if want != "" {
				t.Errorf("%s: %v", address, err)
			}
			continue
		}
		if got, ok := outside.Origin(u); got != want || ok != (want != "") {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}
