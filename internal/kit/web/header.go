// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"
	"strings"
)

// contentSecurity is the policy for every answer: this host and nothing inline.
// Only pictures may come from elsewhere, and only from hosts named in the options
// (map tiles, which are off by default).
func contentSecurity(imageHosts []string) string {
	images := strings.Join(append([]string{"'self'"}, imageHosts...), " ")
	return strings.Join([]string{
		"default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src " + images, "font-src 'self'",
		"connect-src 'self'", "manifest-src 'self'", "worker-src 'self'", "object-src 'none'", "frame-src 'none'",
		"base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
	}, "; ")
}

// permissions turns off what no page needs; the place ("near me") is for ourselves alone.
const permissions = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), geolocation=(self), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"

// secured sets the headers that OWASP ASVS 5.0, chapter 3.4, asks of every answer.
func (rs *Routes) secured(next http.Handler) http.Handler {
	policy := contentSecurity(rs.options.ImageHosts)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", permissions)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if rs.options.NoIndex {
			h.Set("X-Robots-Tag", "noindex, nofollow")
		}
		if visitOf(r.Context()).secure {
			// Only behind TLS: on plain HTTP browsers must ignore it, and a laptop
			// that serves a demo would lock its name out for two years.
			h.Set("Strict-Transport-Security", "max-age=63072000")
		}
		next.ServeHTTP(w, r)
	})
}
