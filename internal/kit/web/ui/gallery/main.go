// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"time"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8090", "where to listen")
	flag.Parse()
	if err := serve(*addr); err != nil {
		fmt.Fprintln(os.Stderr, "gallery:", err)
		os.Exit(1)
	}
}

func serve(addr string) error {
	catalogue, err := lang.Open(ui.Locales())
	if err != nil {
		return err
	}
	site := &ui.Site{
		Network: "Rete dimostrativa dei servizi", Demo: true, SourceURL: "https://example.org/approdo",
		Menu: []ui.Item{
			{Key: "ui.search.submit", Path: "/", Icon: "search"}, {Key: "layout.open_data", Path: "/needs", Icon: "list"},
			{Key: "ui.keep.add", Path: "/shortlist", Icon: "star"},
		},
	}
	routes := web.New(web.Options{Catalogue: catalogue, ErrorPage: site.ErrorPage, NoIndex: true})
	routes.Page("GET /{$}", "gallery", web.Public, func(w http.ResponseWriter, r *http.Request) error {
		return web.Render(w, r, http.StatusOK, site.Page(r, ui.Head{Home: true, Active: "/"}, startPage()))
	})
	routes.Page("GET /parts", "parts", web.Public, func(w http.ResponseWriter, r *http.Request) error {
		head := ui.Head{Title: "Galleria", Styles: []string{"map.css"}, Scripts: []string{"map.js"},
			Crumbs: []ui.Link{{Text: "Catania", Href: web.Path(r.Context(), "/")}, {Text: "Galleria"}}}
		return web.Render(w, r, http.StatusOK, site.Page(r, head, partsPage()))
	})
	routes.Page("GET /broken", "broken", web.Public, func(http.ResponseWriter, *http.Request) error { return fault.TooMany("fault.too_many.text") })
	site.Frame = frame
	officePages(routes, site)
	routes.Page("GET /exit", "exit", web.Public, site.Exit(time.Now))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return web.Serve(ctx, addr, routes.Handler(), web.ServeOptions{
		Ready: func(at net.Addr) { fmt.Printf("http://%s/it/, /it/parts and /it/office\n", at) },
	})
}
