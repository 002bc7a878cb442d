// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// ServeOptions change how Serve runs; the zero value is right for most.
type ServeOptions struct {
	Log   *slog.Logger   // errors of the HTTP server; default slog.Default
	Ready func(net.Addr) // called once connections are taken, with the true address (":0" has a port then)
	Grace time.Duration  // how long running requests may go on after ctx ends; default 15 s
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
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("web: %w", err)
	}
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: slog.NewLogLogger(options.Log.Handler(), slog.LevelWarn),
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	if options.Ready != nil {
		options.Ready(listener.Addr())
	}
	select {
	case err := <-served:
		return fmt.Errorf("web: %w", err)
	case <-ctx.Done():
	}
	// The context has ended already; the grace needs one that has not.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), options.Grace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		_ = server.Close()
		if errors.Is(err, context.DeadlineExceeded) {
			return fmt.Errorf("web: some requests did not end within %s", options.Grace)
		}
		return fmt.Errorf("web: %w", err)
	}
	return nil
}
