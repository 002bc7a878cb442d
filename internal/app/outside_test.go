// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"slices"
	"testing"
)

func TestAddressesWithCertificatesOfOurOwn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		config      ServeConfig
		url, origin string
		flags       []string
	}{
		"behind a proxy": {ServeConfig{Addr: "127.0.0.1:8080", PublicURL: "https://servizi.example"}, "https://servizi.example", "http://127.0.0.1:8080", nil},
		"own certificates": {
			ServeConfig{Addr: ":443", Outside: OutsideConfig{Domains: " servizi.example, www.servizi.example "}},
			"https://servizi.example", "https://servizi.example", []string{"--host-resolver-rules=MAP servizi.example 127.0.0.1"},
		},
		"another port": {
			ServeConfig{Addr: "10.0.0.4:8443", Outside: OutsideConfig{Domains: "servizi.example"}},
			"https://servizi.example:8443", "https://servizi.example:8443", []string{"--host-resolver-rules=MAP servizi.example 10.0.0.4"},
		},
		"a port that the system chooses": {ServeConfig{Addr: "127.0.0.1:0"}, "", "", nil},
	} {
		at, flags := c.config.printerOrigin()
		if got := c.config.publicURL(); got != c.url || at != c.origin || !slices.Equal(flags, c.flags) {
			t.Errorf("%s: %q %q %q", name, got, at, flags)
		}
	}
}

func TestServeOptions(t *testing.T) {
	t.Parallel()
	a := &App{Config: Config{Data: t.TempDir()}}
	options, err := a.serveOptions(ServeConfig{Addr: ":443", Outside: OutsideConfig{Domains: "servizi.example", PlainAddr: ":80"}})
	if err != nil || options.TLS == nil || options.Plain == nil || options.PlainAddr != ":80" {
		t.Errorf("%+v, %v", options, err)
	}
	if options, err = a.serveOptions(ServeConfig{Addr: ":8080", Outside: OutsideConfig{PlainAddr: ":80"}}); err != nil || options.TLS != nil || options.PlainAddr != "" {
		t.Errorf("without a domain: %+v, %v", options, err)
	}
	if _, err := (OutsideConfig{MetricsFrom: "everybody"}).metricsRule(); err == nil {
		t.Error("metrics for what is no address")
	}
}
