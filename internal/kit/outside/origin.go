// SPDX-License-Identifier: EUPL-1.2

package outside

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

var (
	hostName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)
	portName = regexp.MustCompile(`^[0-9]{1,5}$`)
)

// Origin is the origin of the site that an address leads to (RFC 6454), as it may stand in a content security
// policy: "https://www.comune.example:8443". Names in other scripts are written as browsers do. It is not ok for
// what no policy can name, addresses of IP version 6 among them, and for what would say something else there.
func Origin(address *url.URL) (origin string, ok bool) {
	host, err := idna.Lookup.ToASCII(address.Hostname())
	if err != nil || !hostName.MatchString(host) || address.User != nil || address.Scheme != "https" && address.Scheme != "http" {
		return "", false
	}
	switch port := address.Port(); {
	case port == "" && !strings.EqualFold(address.Host, address.Hostname()):
		return "", false // a colon with nothing behind it, brackets around a name
	case port == "":
		return address.Scheme + "://" + host, true
	case !portName.MatchString(port):
		return "", false
	default:
		return address.Scheme + "://" + host + ":" + port, true
	}
}
