// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
)

// ServeConfig is what serving needs beyond the database.
type ServeConfig struct {
	Addr      string
	PublicURL string // address people use, for links in feeds; "" takes it from the request
	Tiles     string // address of map tiles with {z} {x} {y}; "" shows places on the embedded outline
	Chromium  string // program that makes PDFs; "" looks for it, and pages say so when there is none
	Version   string // of the program
	// TrustedProxies are addresses ("10.0.0.2", "10.0.0.0/8"), separated by commas, whose
	// X-Forwarded-For and X-Forwarded-Proto are believed. Without them everybody behind a proxy is
	// one sender to the limits on forms, so that one can lock out all.
	TrustedProxies string
	Proof          ProofConfig
	Messages       MessagesConfig
	Outside        OutsideConfig
	Log            *slog.Logger
	Ready          func(net.Addr)
}

// parseProxies reads ServeConfig.TrustedProxies.
func parseProxies(text string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(part)
		if addr, failed := netip.ParseAddr(part); err != nil && failed == nil {
			prefix, err = netip.PrefixFrom(addr.Unmap(), addr.Unmap().BitLen()), nil
		}
		if err != nil || prefix.Bits() == 0 {
			return nil, fault.Invalid("trusted-proxies", "serve.proxies", "value", part)
		}
		list = append(list, prefix.Masked())
	}
	return list, nil
}

// Serve runs the site until the context ends, and the index behind it.
func (a *App) Serve(ctx context.Context, c ServeConfig) error {
	options, err := a.serveOptions(c)
	if err != nil {
		return err
	}
	handler, follow, err := a.Site(ctx, c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		follow(ctx)
	}()
	err = web.Serve(ctx, c.Addr, handler, options)
	cancel()
	<-done
	return err
}

// Site builds the whole site over a loaded index, and the function that keeps the index up to date.
func (a *App) Site(ctx context.Context, c ServeConfig) (http.Handler, func(context.Context), error) {
	finder, err := a.Finder(ctx)
	if err != nil {
		return nil, nil, err
	}
	go finder.Warm()
	routes, err := a.routes(ctx, c, finder)
	if err != nil {
		return nil, nil, err
	}
	carriers, err := a.carriers(c)
	if err != nil {
		return nil, nil, err
	}
	prove, err := a.backgroundProof(c, carriers.Mailer)
	if err != nil {
		return nil, nil, err
	}
	work, err := a.workers(c, carriers, routes)
	if err != nil {
		return nil, nil, err
	}
	follow := func(ctx context.Context) {
		var beside sync.WaitGroup
		defer beside.Wait()
		beside.Go(func() {
			if err := work.Run(ctx); err != nil {
				c.Log.Error("work behind the page has ended", "error", err)
			}
		})
		beside.Go(func() { a.counter.Run(ctx) })
		beside.Go(func() { prove(ctx) })
		finder.Follow(ctx, a.snapshot(), func(err error) {
			if ctx.Err() == nil { // a program that stops has nothing to say
				c.Log.Error("the index can't follow the directory", "error", err)
			}
		})
	}
	return routes.Handler(), follow, nil
}
