// SPDX-License-Identifier: EUPL-1.2

package agendaweb

import (
	"context"
	"net/http"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation/agenda"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// made is a key that has just been made: its secret is on this page and nowhere else.
type made struct {
	kind   agenda.KeyKind
	secret string
}

// view is the page of a mediator.
type view struct {
	words     lang.Words
	origin    string
	Made      made
	Apps      []agenda.Key
	Feeds     []agenda.Key
	Outside   agenda.Outside
	Elsewhere bool // there is a calendar elsewhere
	Typed     map[string]string
	Mistakes  map[string]ui.Mistakes // by form
}

func (v view) mistakes(form string) ui.Mistakes { return v.Mistakes[form] }

// styles are those of lists with a button beside each line, as on the page of an account.
var styles = []string{"login.css"}

// feed is the address of a feed.
func feed(origin, secret string) string { return origin + feedPath + secret + feedName }

// webcal is the same for programs that subscribe at a touch.
func webcal(address string) string {
	if _, rest, found := strings.Cut(address, "://"); found {
		return "webcal://" + rest
	}
	return address
}

func (p *Pages) getOwn(w http.ResponseWriter, r *http.Request) error {
	return p.showOwn(w, r, http.StatusOK, view{})
}

func (p *Pages) showOwn(w http.ResponseWriter, r *http.Request, status int, v view) error {
	ctx, actor := r.Context(), access.From(r.Context())
	v.words, v.origin = web.Words(ctx), web.Absolute(ctx, "")
	body := ownPage
	var err error
	if v.Apps, err = p.Agenda.Keys(ctx, actor, agenda.App); fault.Is(err, fault.KindNotFound) { // nobody has put them on the roster yet
		body, err = noEntryPage, nil
	} else if err == nil {
		v.Feeds, err = p.Agenda.Keys(ctx, actor, agenda.Feed)
	}
	if err != nil {
		return err
	}
	if v.Outside, v.Elsewhere, err = p.Agenda.Outside(ctx, actor); err != nil && !fault.Is(err, fault.KindNotFound) {
		return err
	}
	web.NoStore(w)
	head := ui.Head{Title: said(ctx, "agenda.title"), NoIndex: true, Sensitive: true, Styles: styles}
	return web.Render(w, r, status, p.Site.OwnPage(r, head, body(v)))
}

func said(ctx context.Context, key string, pairs ...any) string {
	return web.Words(ctx).Text(key, pairs...)
}

// postOwn makes and revokes keys, connects and disconnects a calendar elsewhere.
func (p *Pages) postOwn(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	do := r.FormValue("do")
	v := view{Typed: map[string]string{do: r.FormValue("name"), "address": r.FormValue("address")}}
	var err error
	switch do {
	case string(agenda.App), string(agenda.Feed):
		v.Made.kind = agenda.KeyKind(do)
		if v.Made.secret, err = p.Agenda.MakeKey(ctx, actor, v.Made.kind, r.FormValue("name"), web.Lang(ctx)); err == nil {
			v.Typed = nil
			return p.showOwn(w, r, http.StatusOK, v) // not a redirect: what is shown once is kept nowhere
		}
	case "revoke":
		err = p.Agenda.Revoke(ctx, actor, r.FormValue("key"))
	case "connect":
		err = p.Agenda.Connect(ctx, actor, r.FormValue("address"))
	case "disconnect":
		err = p.Agenda.Disconnect(ctx, actor)
	default:
		err = fault.Invalid("", "mediation.form")
	}
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		v.Made, v.Mistakes = made{}, map[string]ui.Mistakes{do: m}
		return p.showOwn(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "agenda.done."+do, 1)
	return web.Redirect(w, r, web.Path(ctx, ownPath))
}

// bodyView is the page of a body.
type bodyView struct {
	words    lang.Words
	origin   string
	Made     made
	Feeds    []agenda.Key
	Typed    string
	Mistakes ui.Mistakes
}

func (p *Pages) getBody(w http.ResponseWriter, r *http.Request) error {
	return p.showBody(w, r, http.StatusOK, bodyView{})
}

func (p *Pages) showBody(w http.ResponseWriter, r *http.Request, status int, v bodyView) error {
	ctx := r.Context()
	v.words, v.origin = web.Words(ctx), web.Absolute(ctx, "")
	var err error
	if v.Feeds, err = p.Agenda.Keys(ctx, access.From(ctx), agenda.BodyFeed); err != nil {
		return err
	}
	title := said(ctx, "agenda.body.title")
	head := ui.OfficeHead{Title: title, Lead: said(ctx, "agenda.body.lead"), Narrow: true, Crumbs: []ui.Link{{Text: title}}, Styles: styles}
	return web.Render(w, r, status, p.Site.OfficePage(r, head, bodyPage(v)))
}

func (p *Pages) postBody(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	v := bodyView{Typed: r.FormValue("name")}
	var err error
	switch r.FormValue("do") {
	case string(agenda.BodyFeed):
		v.Made.kind = agenda.BodyFeed
		if v.Made.secret, err = p.Agenda.MakeKey(ctx, actor, agenda.BodyFeed, v.Typed, web.Lang(ctx)); err == nil {
			v.Typed = ""
			return p.showBody(w, r, http.StatusOK, v) // as on the page of a mediator
		}
	case "revoke":
		err = p.Agenda.Revoke(ctx, actor, r.FormValue("key"))
	default:
		err = fault.Invalid("", "mediation.form")
	}
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		v.Made, v.Mistakes = made{}, m
		return p.showBody(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "agenda.done.revoke", 1)
	return web.Redirect(w, r, web.Path(ctx, bodyPath))
}

func (p *Pages) getFeed(w http.ResponseWriter, r *http.Request) error {
	s, err := p.Agenda.Subscribe(r.Context(), r.PathValue("secret"), web.Absolute(r.Context(), ""))
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("Content-Disposition", `inline; filename="mediation.ics"`)
	return serveICS(w, r, s.Text, s.Tag, s.Changed)
}

// when writes an instant as the reader does, in Italy; never is said of none.
func when(w lang.Words, at time.Time) string {
	if at.IsZero() {
		return w.Text("agenda.never")
	}
	at = at.In(calendar.Rome())
	return w.Date(at, lang.Short) + " " + w.Time(at)
}
