// SPDX-License-Identifier: EUPL-1.2

package send

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/netip"
	"time"

	"approdo/internal/kit/outside"
)

// Reach is what may be called besides public addresses that the world trusts: things in the house.
type Reach struct {
	Allowed     []netip.Prefix
	Authorities *x509.CertPool // nil for those of the system
}

// guarded makes a client that reaches public addresses and those that are allowed. It follows no redirect.
func guarded(reach Reach) *http.Client {
	return &http.Client{
		Timeout: 30 * time.Second,
		Transport: &http.Transport{
			DialContext: outside.Dialer(reach.Allowed).DialContext, TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
			TLSClientConfig:     &tls.Config{RootCAs: reach.Authorities, MinVersion: tls.VersionTLS12},
			MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, Proxy: nil, // a proxy would dial in our place
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
