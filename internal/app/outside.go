// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"net"
	"path/filepath"
	"strings"
	"time"

	"approdo/internal/kit/web"
)

// OutsideConfig is how the program meets the network it stands in.
type OutsideConfig struct {
	Domains   string // names for which the program gets its own certificates, separated by commas; "" leaves TLS to a proxy
	Email     string // whom the certificate authority writes to
	Directory string // address of the authority; "" is Let's Encrypt
	Root      string // file of certificates that this address is checked by
	PlainAddr string // where requests without TLS are redirected, with certificates of our own; "" for nowhere
	// Drain is how long a node that was told to stop still takes requests, while it says that it goes.
	Drain time.Duration
	// MetricsFrom are addresses from which the metrics can be read, as ServeConfig.TrustedProxies are
	// written; MetricsToken is what others have to know.
	MetricsFrom, MetricsToken string
}

// domains are the names in the order given, the first one that of the site.
func (o OutsideConfig) domains() []string {
	var list []string
	for name := range strings.SplitSeq(o.Domains, ",") {
		if name = strings.TrimSpace(name); name != "" {
			list = append(list, name)
		}
	}
	return list
}

// Address is where people find the site of a program that listens here.
func (c ServeConfig) Address(listening string) string { return cmp.Or(c.publicURL(), listening) }

// publicURL is the address people use where nobody said another.
func (c ServeConfig) publicURL() string {
	domains := c.Outside.domains()
	if c.PublicURL != "" || len(domains) == 0 {
		return c.PublicURL
	}
	if _, port, err := net.SplitHostPort(c.Addr); err == nil && port != "443" {
		return "https://" + net.JoinHostPort(domains[0], port)
	}
	return "https://" + domains[0]
}

// metricsRule says who may read the metrics.
func (o OutsideConfig) metricsRule() (web.MetricsRule, error) {
	from, err := parseProxies(o.MetricsFrom)
	return web.MetricsRule{From: from, Token: o.MetricsToken}, err
}

// serveOptions is how this node listens.
func (a *App) serveOptions(c ServeConfig) (web.ServeOptions, error) {
	options := web.ServeOptions{Log: c.Log, Ready: c.Ready, Drain: c.Outside.Drain}
	domains := c.Outside.domains()
	if len(domains) == 0 {
		return options, nil
	}
	certificates, err := web.ACME{
		Domains: domains, Email: c.Outside.Email, Directory: c.Outside.Directory, Root: c.Outside.Root, Folder: filepath.Join(a.Config.Data, "acme"),
	}.Open()
	if err != nil {
		return options, err
	}
	_, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return options, err
	}
	options.TLS, options.PlainAddr, options.Plain = certificates.TLS(), c.Outside.PlainAddr, certificates.Plain(port)
	return options, nil
}

// printerOrigin is how Chromium on this machine reaches our own pages, and what it has to be told to
// find the way there.
func (c ServeConfig) printerOrigin() (address string, flags []string) {
	at := origin(c.Addr)
	domains := c.Outside.domains()
	if at == "" || len(domains) == 0 {
		return at, nil
	}
	// The certificate is for the name, so the name is used, without asking anybody where it is.
	return c.publicURL(), []string{"--host-resolver-rules=MAP " + domains[0] + " " + strings.TrimSuffix(strings.TrimPrefix(at, "http://"), ":"+portOf(c.Addr))}
}

func portOf(addr string) string {
	_, port, _ := net.SplitHostPort(addr) // origin has read it already
	return port
}
