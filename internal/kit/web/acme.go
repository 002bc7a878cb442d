// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// ACME says how the program gets its own certificates (RFC 8555), and renews them while it serves when a
// third of their time is left, however short that is. Whoever starts it so accepts the terms of the authority.
type ACME struct {
	Domains   []string // names that certificates are asked for, and no other
	Email     string   // whom the authority writes to; "" for nobody
	Directory string   // address of the authority; "" is Let's Encrypt
	Root      string   // file of certificates (PEM) that the authority's own address is checked by; "" for those of the system
	Folder    string   // where keys and certificates are kept
}

// Certificates are the certificates of a node.
type Certificates struct{ manager *autocert.Manager }

// longestAsk bounds one request to the authority.
const longestAsk = 30 * time.Second

// Open makes the folder; nothing is asked before the first visitor comes.
func (a ACME) Open() (*Certificates, error) {
	if len(a.Domains) == 0 {
		return nil, errors.New("web: certificates need the name of a domain")
	}
	if err := os.MkdirAll(a.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("web: certificates: %w", err)
	}
	client := &acme.Client{DirectoryURL: a.Directory, UserAgent: "approdo"}
	if a.Root != "" {
		pem, err := os.ReadFile(a.Root)
		if err != nil {
			return nil, fmt.Errorf("web: certificates: %w", err)
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("web: certificates: %s holds no certificate", a.Root)
		}
		client.HTTPClient = &http.Client{Timeout: longestAsk, Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		}}
	}
	return &Certificates{&autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(a.Folder), HostPolicy: autocert.HostWhitelist(a.Domains...), Email: a.Email, Client: client,
	}}, nil
}

// TLS is for ServeOptions.
func (c *Certificates) TLS() *tls.Config {
	config := c.manager.TLSConfig()
	config.MinVersion = tls.VersionTLS12 // TLS 1.3 with all but very old phones
	return config
}

// Plain answers without TLS: what the authority asks to see (http-01), and a redirect for the rest.
// port is the one of the site with TLS.
func (c *Certificates) Plain(port string) http.Handler {
	return c.manager.HTTPHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		// Only to names of our own: a redirect to whatever the request says helps whoever deceives.
		if c.manager.HostPolicy(r.Context(), host) != nil || r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "TLS", http.StatusBadRequest)
			return
		}
		if port != "443" {
			host = net.JoinHostPort(host, port)
		}
		http.Redirect(w, r, "https://"+host+r.URL.RequestURI(), http.StatusMovedPermanently) // #nosec G710 -- one of our own names, asked for above
	}))
}
