// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// ServeOptions change how Serve runs; the zero value is right for most.
type ServeOptions struct {
	Log   *slog.Logger   // errors of the HTTP server; default slog.Default
	Ready func(net.Addr) // called once connections are taken, with the true address (":0" has a port then)
	Grace time.Duration  // how long running requests may go on after ctx ends; default 15 s
	// Drain is how long connections are still taken after ctx ends, while /readyz says that this node
	// goes, so that a proxy in front sends nobody here any more. Default 0.
	Drain time.Duration
	TLS   *tls.Config // serve with TLS; the certificates come from here
	// Plain is served without TLS beside the site when PlainAddr is set: redirects, and what an
	// authority asks to see.
	PlainAddr string
	Plain     http.Handler
}

// Limits against slow and greedy clients. Writing may take as long as an export of
// the whole directory over a poor connection.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = time.Minute
	writeTimeout      = 2 * time.Minute
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 32 << 10
	defaultGrace      = 15 * time.Second
)

// Serve listens on addr until ctx ends, then takes no more connections, lets the
// running requests finish within Grace and returns nil. Any other end is an error.
func Serve(ctx context.Context, addr string, handler http.Handler, options ServeOptions) error {
	if options.Log == nil {
		options.Log = slog.Default()
	}
	if options.Grace == 0 {
		options.Grace = defaultGrace
	}
	leaving := new(atomic.Bool)
	site := newServer(drained(leaving, handler), options.Log)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("web: %w", err)
	}
	servers, served := []*http.Server{site}, make(chan error, 2)
	if options.PlainAddr != "" {
		beside, err := new(net.ListenConfig).Listen(ctx, "tcp", options.PlainAddr)
		if err != nil {
			return errors.Join(fmt.Errorf("web: %w", err), listener.Close())
		}
		plain := newServer(options.Plain, options.Log)
		servers = append(servers, plain)
		go func() { served <- plain.Serve(beside) }()
	}
	go func() {
		if site.TLSConfig = options.TLS; options.TLS != nil {
			served <- site.ServeTLS(listener, "", "")
			return
		}
		served <- site.Serve(listener)
	}()
	if options.Ready != nil {
		options.Ready(listener.Addr())
	}
	select {
	case err := <-served:
		return errors.Join(fmt.Errorf("web: %w", err), stop(ctx, options.Grace, servers))
	case <-ctx.Done():
	}
	leaving.Store(true)
	if options.Drain > 0 {
		select {
		case err := <-served:
			return errors.Join(fmt.Errorf("web: %w", err), stop(ctx, options.Grace, servers))
		case <-time.After(options.Drain):
		}
	}
	return stop(ctx, options.Grace, servers)
}

func newServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// drained answers /readyz by itself while the node goes.
func drained(leaving *atomic.Bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if leaving.Load() && r.URL.Path == "/readyz" {
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, "leaving", http.StatusServiceUnavailable)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// stop lets the running requests finish.
func stop(ctx context.Context, patience time.Duration, servers []*http.Server) error {
	// The context has ended already; the grace needs one that has not.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	var all error
	for _, server := range servers {
		if err := server.Shutdown(grace); err != nil {
			_ = server.Close()
			if errors.Is(err, context.DeadlineExceeded) {
				err = fmt.Errorf("some requests did not end within %s", patience)
			}
			all = errors.Join(all, fmt.Errorf("web: %w", err))
		}
	}
	return all
}
