// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"approdo/internal/base/need"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
)

// perPart is how many pages a part of the sitemap lists: ten languages each, with ten alternates,
// stay far below the 50 MB and 50,000 addresses that sitemaps.org allows.
const perPart = 1000

// getRobots keeps search engines away from the demo network altogether, and from addresses that
// are endless or about nobody's business everywhere (RFC 9309).
func (p *pages) getRobots(w http.ResponseWriter, r *http.Request) error {
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	if p.Site.Demo {
		b.WriteString("Disallow: /\n")
		return send(w, "text/plain; charset=utf-8", b.String())
	}
	for _, path := range []string{"/*/services?", "/*/shortlist", "/*/exit", "/offline/", "/metrics"} {
		b.WriteString("Disallow: " + path + "\n")
	}
	b.WriteString("\nSitemap: " + web.Absolute(r.Context(), "/sitemap.xml") + "\n")
	return send(w, "text/plain; charset=utf-8", b.String())
}

// getSitemap is the index of the parts.
func (p *pages) getSitemap(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	paths, err := p.indexable(ctx)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString(xml.Header + `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + "\n")
	for n := range (len(paths) + perPart - 1) / perPart {
		fmt.Fprintf(&b, "<sitemap><loc>%s</loc></sitemap>\n", escaped(web.Absolute(ctx, "/sitemap/"+strconv.Itoa(n+1)+".xml")))
	}
	b.WriteString("</sitemapindex>\n")
	return send(w, "application/xml; charset=utf-8", b.String())
}

// getSitemapPart lists pages in every language, each with its alternates.
func (p *pages) getSitemapPart(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	name, ok := strings.CutSuffix(r.PathValue("file"), ".xml")
	n, err := strconv.Atoi(name)
	if !ok || err != nil || n < 1 {
		return lost()
	}
	paths, err := p.indexable(ctx)
	if err != nil {
		return err
	}
	if (n-1)*perPart >= len(paths) {
		return lost()
	}
	var b strings.Builder
	b.WriteString(xml.Header + `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n")
	for _, path := range paths[(n-1)*perPart : min(n*perPart, len(paths))] {
		var alternates strings.Builder
		for _, code := range lang.All {
			fmt.Fprintf(&alternates, `<xhtml:link rel="alternate" hreflang="%s" href="%s"/>`, code, escaped(web.Absolute(ctx, "/"+code+path)))
		}
		for _, code := range lang.All {
			fmt.Fprintf(&b, "<url><loc>%s</loc>%s</url>\n", escaped(web.Absolute(ctx, "/"+code+path)), alternates.String())
		}
	}
	b.WriteString("</urlset>\n")
	return send(w, "application/xml; charset=utf-8", b.String())
}

// indexable are the pages for search engines: nothing of the demo network, no example, nothing
// about violence.
func (p *pages) indexable(ctx context.Context) ([]string, error) {
	if p.Site.Demo {
		return nil, nil
	}
	paths := []string{"/", "/needs", "/territories", "/network", "/statistics", "/open-data", "/privacy", "/accessibility", "/offline"}
	for _, n := range need.All() {
		if !need.Discreet(n.Code) {
			paths = append(paths, needPath(n.Code))
		}
	}
	found, err := p.Finder.Find(ctx, directory.Query{Page: beyond})
	if err != nil {
		return nil, err
	}
	for _, region := range regions(found) {
		paths = append(paths, "/territories/r:"+region.Region.Code)
		for _, province := range region.Provinces {
			paths = append(paths, territoryPath(province.Ref))
			for _, c := range province.Comuni {
				paths = append(paths, territoryPath(c.Ref))
			}
		}
	}
	if p.Projects != nil {
		projects, err := p.Projects(ctx)
		if err != nil {
			return nil, err
		}
		for _, one := range projects {
			paths = append(paths, "/projects/"+one.Code)
		}
	}
	bodies := map[string]bool{}
	err = p.Directory.Walk(ctx, func(e directory.Entry) error {
		if e.Card.Example || discreet(&e) {
			return nil
		}
		paths = append(paths, "/services/"+e.ID)
		if !bodies[e.OrganizationID] && !e.Organization.Example {
			bodies[e.OrganizationID] = true
			paths = append(paths, "/organizations/"+e.OrganizationID)
		}
		return nil
	})
	return paths, err
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
	return b.String()
}

// getManifest makes the site installable, in the reader's language.
func (p *pages) getManifest(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	words := web.Words(ctx)
	type icon struct {
		Src     string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose,omitempty"`
	}
	type shortcut struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	}
	text, err := json.Marshal(map[string]any{
		"id": "/", "name": p.Site.NameIn(ctx), "short_name": p.Site.NameIn(ctx), "description": words.Text("home.description"), "lang": words.Lang(), "dir": words.Dir(),
		"start_url": web.Path(ctx, "/"), "scope": "/", "display": "standalone", "background_color": "#fdfaf4", "theme_color": "#0e5455",
		"icons":     []icon{{web.Asset("icon-192.png"), "192x192", "image/png", "any"}, {web.Asset("icon-512.png"), "512x512", "image/png", "any maskable"}},
		"shortcuts": []shortcut{{words.Text("menu.services"), web.Path(ctx, "/services")}, {words.Text("menu.offline"), web.Path(ctx, "/offline")}},
	})
	if err != nil {
		return err
	}
	w.Header().Set("Vary", "Accept-Language, Cookie")
	w.Header().Set("Cache-Control", "private, no-cache")
	return send(w, "application/manifest+json", string(text))
}

// getWorker is the service worker. It stands at the root, since it may only look after what is
// below it, and begins with the files that the offline page needs, whose names carry their hashes:
// another build is another worker.
func (p *pages) getWorker(w http.ResponseWriter, _ *http.Request) error {
	shell := []string{}
	for _, name := range []string{"site.css", "site.rtl.css", "site.js", "keep.js", "icons.svg", "titillium-400.woff2", "titillium-700.woff2", "favicon.svg"} {
		shell = append(shell, web.Asset(name))
	}
	list, err := json.Marshal(shell)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache")
	return send(w, "text/javascript; charset=utf-8", "const shell = "+string(list)+";\n"+string(web.AssetBytes("sw.js")))
}

func send(w http.ResponseWriter, contentType, text string) error {
	h := w.Header()
	h.Set("Content-Type", contentType)
	if h.Get("Cache-Control") == "" {
		// Private: without a public URL the host of the links is the one that the request names, and a
		// cache that many share must not give one's to another.
		h.Set("Cache-Control", "private, max-age=3600")
	}
	_, _ = w.Write([]byte(text)) // the reader has gone: nothing to be done
	return nil
}
