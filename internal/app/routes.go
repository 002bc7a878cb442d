// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"approdo/internal/base/access/accessweb"
	"approdo/internal/base/identity/identityweb"
	"approdo/internal/base/network"
	"approdo/internal/base/network/networkweb"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/apiweb"
	"approdo/internal/domain/directory/censusweb"
	"approdo/internal/domain/directory/demo"
	"approdo/internal/domain/directory/directoryweb"
	"approdo/internal/domain/directory/hsdsweb"
	"approdo/internal/domain/mediation/rosterweb"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/outside"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
	"approdo/internal/kit/web/ui"
)

// routes is the route table of the whole program.
func (a *App) routes(ctx context.Context, c ServeConfig, finder *directory.Finder) (*web.Routes, error) {
	words, err := Catalogue()
	if err != nil {
		return nil, err
	}
	isDemo, err := a.Directory.From(ctx, demo.Source)
	if err != nil {
		return nil, err
	}
	site := &ui.Site{Called: a.naming.Name, Demo: isDemo, Menu: directoryweb.Menu(), Foot: slices.Concat(networkweb.Foot(), rosterweb.Foot(), directoryweb.Foot(), identityweb.Foot()), Manifest: "/manifest.webmanifest"}
	proxies, err := parseProxies(c.TrustedProxies)
	if err != nil {
		return nil, err
	}
	images, err := imageHosts(c.Tiles)
	if err != nil {
		return nil, err
	}
	metrics, err := c.Outside.metricsRule()
	if err != nil {
		return nil, err
	}
	c.PublicURL = c.publicURL()
	rs := web.New(web.Options{
		Metrics:   metrics,
		Catalogue: words, ErrorPage: site.ErrorPage, Log: c.Log, PublicURL: c.PublicURL, NoIndex: isDemo,
		ImageHosts: images, Ready: a.DB.Ping, TrustedProxies: proxies,
		Admit: identityweb.Admit(a.Identity, a.Guard), Refused: a.refused,
	})
	key, err := a.key()
	if err != nil {
		return nil, err
	}
	deps := directoryweb.Deps{
		Key:       key,
		Directory: a.Directory, Finder: finder, Site: site, Tiles: c.Tiles, Log: c.Log,
		Projects: func(ctx context.Context) ([]network.Project, error) { return network.Projects(ctx, a.DB) },
	}
	deps.Formats, deps.SchemaOrg = slices.Concat(a.formats(c.PublicURL), a.useFormats(), a.figureFormats()), schemaOrg(c.PublicURL)
	a.counter = a.Census.Counter(c.Log)
	deps.Census, deps.Counter = a.Census, a.counter
	// Without a port that is known beforehand there is no page that Chromium could open.
	at, flags := c.printerOrigin()
	if program := findChromium(c.Chromium); program != "" && at != "" {
		deps.PDF = &printer{program: program, origin: at, flags: flags, turn: make(chan struct{}, 1)}
	}
	a.registerIdentity(rs, site, nil)
	a.registerAccess(rs, site)
	deps.Feedback = feedback()
	directoryweb.Register(rs, deps)
	a.registerNetwork(rs, site, deps)
	a.registerRegisters(rs, site)
	standard := hsdsweb.Register(rs, hsdsweb.Deps{Directory: a.Directory, Finder: finder, Profile: "/api", Version: c.Version, Source: a.sourceOf})
	apiweb.Register(rs, apiweb.Deps{Directory: a.Directory, Finder: finder, Site: site, Others: []*openapi.Document{standard}})
	a.desk.add(accessweb.OfficeMenu(), nil)
	a.desk.add(identityweb.OfficeMenu(), nil)
	if err := a.registerAudit(rs, site); err != nil {
		return nil, err
	}
	if err := a.registerNotice(rs, site, c); err != nil {
		return nil, err
	}
	var sources *censusweb.Pages // known below; asked when a page is
	if err := a.registerEditing(ctx, rs, site, c, func(r *http.Request, id string) (templ.Component, error) { return sources.Origin(r, id) }); err != nil {
		return nil, err
	}
	sources = a.registerCensus(rs, site, finder)
	var after func(*http.Request, string) (templ.Component, error) // known below; asked when a page is
	a.registerMediation(rs, site, func(r *http.Request, request string) (templ.Component, error) { return after(r, request) })
	a.registerRoster(rs, site)
	after = a.registerTimesheet(rs, site)
	a.registerAgenda(rs, site)
	a.registerFigures(rs, site)
	a.registerOffice(rs, site, c.Log, finder)
	return rs, a.checkRules(rs)
}

// imageHosts gives the host of the map tiles to the content security policy. Tiles of this host need none. It
// fails with Invalid("tiles") for an address that would say something else there, or nothing.
func imageHosts(tiles string) ([]string, error) {
	u, err := url.Parse(tiles)
	if err == nil && u.Host == "" && u.Scheme == "" {
		return nil, nil
	}
	if err == nil {
		if origin, ok := outside.Origin(u); ok {
			return []string{origin}, nil
		}
	}
	return nil, fault.Invalid("tiles", "serve.tiles", "value", tiles)
}

// origin is how this machine reaches the address that the program listens at.
func origin(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	if n, err := strconv.Atoi(port); err != nil || n == 0 {
		return ""
	}
	return "http://" + net.JoinHostPort(host, port)
}
