// SPDX-License-Identifier: EUPL-1.2

package censusweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/qr"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// widgetView is the search box of a body on somebody's site.
type widgetView struct {
	Body, Name, Query string
	Network           string // what it calls itself
	Rows              []widgetRow
	Asked             bool
	More              string // address of all that was found
}

type widgetRow struct{ Name, Lang, Text, Href string }

// widgetRows is how many results a small frame has room for.
const widgetRows = 5

// getWidget is a page of its own that the sites named by the body may frame. A link to it works as
// well, for sites where frames are not to be had.
func (p *pages) getWidget(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	body, err := p.Directory.Body(ctx, r.PathValue("body"))
	if err != nil {
		return fault.NotFound("fault.no_page")
	}
	origins, err := p.Census.Origins(ctx, body.Organization.ID)
	if err != nil {
		return err
	}
	framedBy(w.Header(), origins)
	v := widgetView{Body: body.Organization.ID, Name: body.Organization.Name, Query: strings.TrimSpace(r.FormValue("q")), Network: p.Site.NameIn(ctx)}
	if v.Query != "" {
		v.Asked = true
		v.More = web.Absolute(ctx, web.Path(ctx, "/services")) + "?" + url.Values{"q": {v.Query}, "body": {v.Body}}.Encode()
		found, err := p.Finder.Find(ctx, directory.Query{Text: v.Query, Language: web.Lang(ctx), Body: v.Body, Limit: widgetRows})
		if err != nil {
			return err
		}
		for _, item := range found.Items {
			e, shown := item.Entry.In(web.Lang(ctx))
			v.Rows = append(v.Rows, widgetRow{Name: e.Name, Lang: shown[directory.GroupTitle].Language, Text: e.Card.Summary, Href: web.Absolute(ctx, web.Path(ctx, "/services/"+e.ID))})
		}
		web.NoStore(w) // what was asked stays in no cache of a site that is not ours
	}
	return web.Render(w, r, http.StatusOK, widgetPage(v))
}

// framedBy lets the origins frame this answer, and no other page of theirs do anything with it.
func framedBy(h http.Header, origins []string) {
	if len(origins) == 0 {
		return
	}
	const nobody = "frame-ancestors 'none'"
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), nobody, "frame-ancestors "+strings.Join(origins, " "), 1))
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

// posterView is a sheet of paper in two languages.
type posterView struct {
	About   string // whose services, or which service
	Network string // what it calls itself
	Sides   []posterSide
	Code    string // address of the picture
	Target  string // address without https://, to type
	Choose  []ui.Option
	Pairs   []ui.Pair
}

// posterSide is what stands on the poster in one language.
type posterSide struct {
	Words lang.Words
	About string
}

// getPoster prints the way to the services of a body or a territory, or to one service.
func (p *pages) getPoster(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	target, query, about, err := p.posterTarget(r)
	if err != nil {
		return err
	}
	second := r.FormValue("second")
	if !lang.Known(second) || second == web.Lang(ctx) {
		second = map[bool]string{true: "it", false: "en"}[web.Lang(ctx) == "en"]
	}
	words := web.Words(ctx)
	v := posterView{About: about, Network: p.Site.NameIn(ctx), Target: strings.TrimPrefix(strings.TrimPrefix(web.Absolute(ctx, target), "https://"), "http://")}
	v.Sides = []posterSide{{words, about}, {words.In(second), about}}
	v.Code = "/poster.svg?" + query.Encode()
	for _, code := range lang.All {
		if code != web.Lang(ctx) {
			v.Choose = append(v.Choose, ui.Option{Value: code, Text: lang.NativeName(code), Lang: code, Selected: code == second})
		}
	}
	for name := range query {
		v.Pairs = append(v.Pairs, ui.Pair{Name: name, Value: query.Get(name)})
	}
	slices.SortFunc(v.Pairs, func(a, b ui.Pair) int { return strings.Compare(a.Name, b.Name) })
	return web.Render(w, r, http.StatusOK, p.Site.Page(r, ui.Head{Title: words.Text("poster.name"), NoIndex: true, Crumbs: []ui.Link{{Text: words.Text("poster.name")}}}, posterPage(v)))
}

// getPosterCode is the picture of the address on a poster. It leads to the page without language, so
// that every phone shows its own.
func (p *pages) getPosterCode(w http.ResponseWriter, r *http.Request) error {
	target, _, _, err := p.posterTarget(r)
	if err != nil {
		return err
	}
	picture, err := qr.SVG(web.Absolute(r.Context(), target))
	if err != nil {
		return fault.NotFound("fault.no_page").Because(err)
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "private, max-age=3600")
	_, _ = w.Write(picture) // #nosec G705 -- squares and no text; the reader has gone: nothing to be done
	return nil
}

// posterTarget reads what a poster is about: where it leads, its parameters, and its name.
func (p *pages) posterTarget(r *http.Request) (target string, query url.Values, about string, err error) {
	ctx := r.Context()
	query = url.Values{}
	lost := fault.NotFound("fault.no_page")
	switch {
	case r.FormValue("service") != "":
		e, err := p.Directory.Entry(ctx, r.FormValue("service"))
		if err != nil || e.Discreet() || e.Reserved() {
			return "", nil, "", lost // no wall shows the way to a place that must not be known
		}
		query.Set("service", e.ID)
		return "/services/" + e.ID, query, e.Name, nil
	case r.FormValue("body") != "":
		body, err := p.Directory.Body(ctx, r.FormValue("body"))
		if err != nil || body.Reserved {
			return "", nil, "", lost
		}
		query.Set("body", body.Organization.ID)
		return "/services?" + query.Encode(), query, body.Organization.Name, nil
	case r.FormValue("territory") != "":
		ref := network.Ref(r.FormValue("territory"))
		name := network.Territories().RefName(ref)
		if name == "" {
			return "", nil, "", lost
		}
		query.Set("territory", string(ref))
		return "/services?" + query.Encode(), query, name, nil
	}
	return "/", query, "", nil
}

// shareView is where a body sets up its search box and prints its posters.
type shareView struct {
	Body, Name, Origins string
	Bodies              []ui.Option
	Frame, Link         string
	Mistakes            ui.Mistakes
}

func (p *pages) getShare(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	body := p.shareBody(r)
	list, err := p.Census.Origins(ctx, body)
	if err != nil {
		return err
	}
	return p.showShare(w, r, http.StatusOK, body, strings.Join(list, "\n"), ui.Mistakes{})
}

func (p *pages) shareBody(r *http.Request) string {
	if body := r.FormValue("body"); body != "" {
		return body
	}
	return access.From(r.Context()).Member
}

func (p *pages) showShare(w http.ResponseWriter, r *http.Request, status int, body, origins string, m ui.Mistakes) error {
	ctx := r.Context()
	if err := p.Census.MayShare(ctx, access.From(ctx), body); err != nil {
		return err
	}
	public, err := p.Directory.Body(ctx, body)
	if err != nil {
		return access.Missing()
	}
	v := shareView{Body: body, Name: public.Organization.Name, Origins: origins, Mistakes: m, Link: web.Absolute(ctx, "/widget/"+url.PathEscape(body))}
	v.Frame = `<iframe src="` + web.Absolute(ctx, web.Path(ctx, "/widget/"+url.PathEscape(body))) + `" title="` + said(r, "share.frame_title") + `" width="100%" height="420" loading="lazy"></iframe>`
	head := ui.OfficeHead{Title: said(r, "share.title"), Lead: v.Name, Crumbs: []ui.Link{{Text: said(r, "share.menu")}}, Help: "share.help", Narrow: true}
	return p.show(w, r, status, head, sharePage(v))
}

func (p *pages) postShare(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	body, origins := p.shareBody(r), r.FormValue("origins")
	err := p.Census.ShareOn(ctx, access.From(ctx), body, origins)
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showShare(w, r, http.StatusUnprocessableEntity, body, origins, m)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "share.saved", 1)
	return web.Redirect(w, r, web.Path(ctx, "/office/share")+"?"+url.Values{"body": {body}}.Encode())
}

func posterHref(ctx context.Context, body string) string {
	return web.Path(ctx, "/poster") + "?" + url.Values{"body": {body}}.Encode()
}
