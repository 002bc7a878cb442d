// SPDX-License-Identifier: EUPL-1.2

package send

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"time"

	"code.dny.dev/ssrf"
)

// Reach is what may be called besides public addresses that the world trusts: things in the house.
type Reach struct {
	Allowed     []netip.Prefix
	Authorities *x509.CertPool // nil for those of the system
}

// guarded makes a client that reaches public addresses and those that are allowed. The guard looks at
// the address that is really dialled. It follows no redirect.
func guarded(reach Reach) *http.Client {
	options := []ssrf.Option{}
	if len(reach.Allowed) > 0 {
		var v4, v6 []netip.Prefix
		for _, p := range reach.Allowed {
			if p.Addr().Is4() {
				v4 = append(v4, p)
			} else {
				v6 = append(v6, p)
			}
		}
		options = append(options, ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...))
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: ssrf.New(options...).Safe}
	return &http.Client{
		Timeout: 30 * time.Second,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
			TLSClientConfig:     &tls.Config{RootCAs: reach.Authorities, MinVersion: tls.VersionTLS12},
			MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, Proxy: nil, // a proxy would dial in our place
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
