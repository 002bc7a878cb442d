// SPDX-License-Identifier: EUPL-1.2

package outside

import (
	"net"
	"net/netip"
	"time"

	"code.dny.dev/ssrf"
)

// dialTime is how long a connection may take.
const dialTime = 10 * time.Second

// Dialer connects to public addresses at the usual ports, and to what is allowed besides, at any port.
func Dialer(allowed []netip.Prefix) *net.Dialer {
	var options []ssrf.Option
	if len(allowed) > 0 {
		var v4, v6 []netip.Prefix
		for _, p := range allowed {
			if p.Addr().Is4() {
				v4 = append(v4, p)
			} else {
				v6 = append(v6, p)
			}
		}
		options = append(options, ssrf.WithAnyPort(), ssrf.WithAllowedV4Prefixes(v4...), ssrf.WithAllowedV6Prefixes(v6...))
	}
	return &net.Dialer{Timeout: dialTime, Control: ssrf.New(options...).Safe}
}
