// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// editorView is the page of the editor.
type editorView struct {
	form     url.Values
	words    lang.Words
	mistakes ui.Mistakes
	working  directory.Working
	weeks    []siteWeeks
	sentence []string
	hints    []hint
	conflict *ui.CompareView
	chart    chart
	tiles    string
	tilesBy  string
	saved    string // who saved last, and when
	note     string // what the last one had to say
	publish  bool   // may publish
	own      bool   // four eyes are asked for, and these were the last to write
	wrote    string // who wrote last
	changes  ui.CompareView
	eye      string // the row on which the eye rests: just added, or moved
}

func (v editorView) id() string { return v.working.Service.ID }

// hidden are the fields that say what was read.
func (v editorView) hidden() []ui.Pair {
	return []ui.Pair{{Name: "version", Value: v.form.Get("version")}, {Name: "base", Value: v.form.Get("base")}}
}

func (p *Pages) getEditor(w http.ResponseWriter, r *http.Request) error {
	actor := access.From(r.Context())
	working, err := p.Directory.Edit(r.Context(), actor, r.PathValue("id"))
	if fault.Is(err, fault.KindNotFound) && p.may(r, "directory.translation.edit") {
		// Translators have the service in their list, and translate it.
		if _, err := p.Directory.Sheet(r.Context(), actor, r.PathValue("id"), "en"); err == nil {
			return web.Redirect(w, r, path(r.Context(), r.PathValue("id"), "translations"))
		}
	}
	if err != nil {
		return err
	}
	form := encode(working.Service)
	stamp(form, working)
	return p.editor(w, r, http.StatusOK, working, form, nil)
}

// stamp writes into the form which version it is of.
func stamp(form url.Values, w directory.Working) {
	form.Set("version", strconv.FormatInt(w.Version, 10))
	form.Set("base", w.Current)
	form.Set("note", w.Note)
	mark(form, "opens", w.Opens)
	mark(form, "assures", w.Assures)
}

// editor shows the form. err is why it came back.
func (p *Pages) editor(w http.ResponseWriter, r *http.Request, status int, working directory.Working, form url.Values, err error) error {
	return p.editorAt(w, r, status, working, form, "", err)
}

// editorAt shows the form with the eye on one of its rows.
func (p *Pages) editorAt(w http.ResponseWriter, r *http.Request, status int, working directory.Working, form url.Values, eye string, err error) error {
	ctx := r.Context()
	words := web.Words(ctx)
	v := editorView{form: form, words: words, working: working, eye: eye, publish: p.may(r, "directory.service.publish")}
	if !working.Reserved && !v.on("hidden") {
		// Whoever serves the tiles sees which ones are asked for: of a hidden place they learn nothing.
		v.tiles, v.tilesBy = p.Tiles, p.TilesBy
	}
	v.mistakes, _ = ui.MistakesOf(r, err)
	shown, _ := decode(form, working.Service)
	e := entryOf(shown, working)
	v.weeks, v.hints, v.chart = p.weeksOf(words, e), hintsOf(words, shown), chartOf(form)
	if p.Conditions != nil {
		v.sentence = p.Conditions(words, &e)
	}
	if fault.Is(err, fault.KindConflict) {
		v.conflict = comparing(words, working.Service, shown, text(r, "census.theirs"), text(r, "census.mine"))
	} else if working.Behind() && working.Published != nil {
		v.conflict = comparing(words, *working.Published, shown, text(r, "census.published"), text(r, "census.mine"))
	}
	if working.Version > 0 {
		v.saved = text(r, "census.saved_at", "date", words.DayMonth(working.ChangedAt.In(calendar.Rome())), "time", words.Time(working.ChangedAt.In(calendar.Rome())), "name", p.who(ctx, working.Account))
	}
	v.note = noteSaid(words, working.Note)
	v.own = working.FourEyes && working.Version > 0 && working.Account != "" && working.Account == access.From(ctx).Account
	v.wrote = p.who(ctx, working.Account)
	if working.Published != nil && working.Version > 0 {
		v.changes = *comparing(words, *working.Published, shown, text(r, "census.published"), text(r, "census.this_draft"))
	}
	head := ui.OfficeHead{
		Title: working.Service.Name, Lang: "it", Badge: draftBadge(words, working), Help: "census.help.editor",
		Crumbs: []ui.Link{{Text: text(r, "census.menu.services"), Href: path(ctx)}, {Text: working.Service.Name}},
		Tabs:   p.tabs(r, working.Service.ID, ""), Scripts: nil,
		Active: "/office/services",
	}
	return p.show(w, r, status, head, editorPage(v))
}

// noteSaid puts a note into words where it is the key of a reason.
func noteSaid(words lang.Words, note string) string {
	if key, ok := strings.CutPrefix(note, directory.ReasonPrefix); ok {
		return words.Text("census.given_back", "reason", words.Text(key))
	}
	return note
}

// tabs are the parts of one service that the actor may open.
func (p *Pages) tabs(r *http.Request, id, current string) []ui.Tab {
	var list []ui.Tab
	for _, one := range []struct{ action, part, key string }{
		{"directory.service.read", "", "census.tab.card"}, {"directory.translation.edit", "translations", "census.tab.translations"},
		{"directory.service.history", "history", "census.tab.history"}, {"directory.verification.ask", "verification", "census.tab.verification"},
	} {
		if !p.may(r, one.action) {
			continue
		}
		href := path(r.Context(), id)
		if one.part != "" {
			href += "/" + one.part
		}
		list = append(list, ui.Tab{Text: text(r, one.key), Href: href, Current: one.part == current})
	}
	return list
}

// sent reads the form of the editor on top of what is stored.
func (p *Pages) sent(r *http.Request) (directory.Working, directory.EditRequest, error) {
	if err := r.ParseForm(); err != nil {
		return directory.Working{}, directory.EditRequest{}, fault.Invalid("", "census.form").Because(err)
	}
	working, err := p.Directory.Edit(r.Context(), access.From(r.Context()), r.PathValue("id"))
	if err != nil {
		return working, directory.EditRequest{}, err
	}
	f := r.PostForm
	version, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		return working, directory.EditRequest{}, fault.Invalid("", "census.form").Because(err)
	}
	s, wrong := decode(f, working.Service)
	return working, directory.EditRequest{Service: s, Version: version, Base: f.Get("base"), Opens: f.Get("opens") != "", Assures: f.Get("assures") != "", Note: f.Get("note")}, wrong
}

// postEditor saves the card, and goes on to what the button asks for.
func (p *Pages) postEditor(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	working, request, err := p.sent(r)
	if working.Service.ID != "" {
		if row, ok := arrange(r.PostForm, r.PostForm.Get("do")); ok {
			return p.editorAt(w, r, http.StatusOK, working, r.PostForm, row, nil)
		}
	}
	if err == nil {
		var now directory.Working
		now, err = p.Directory.SaveDraft(ctx, actor, request)
		if err == nil || fault.Is(err, fault.KindConflict) {
			working = now
		}
	}
	id := r.PathValue("id")
	if err == nil {
		stamp(r.PostForm, working)
		err = p.proceed(r, id, working.Version)
	}
	switch {
	case err == nil:
		ui.Flash(w, r, ui.Success, "census.done."+doing(r), 1)
		return web.Redirect(w, r, path(ctx, id))
	case fault.Is(err, fault.KindConflict):
		// What was typed stays; saving again means it, since both versions have been seen.
		r.PostForm.Set("version", strconv.FormatInt(working.Version, 10))
		r.PostForm.Set("base", working.Current)
		return p.editor(w, r, http.StatusConflict, working, r.PostForm, err)
	case fault.Is(err, fault.KindInvalid) && working.Service.ID != "":
		return p.editor(w, r, http.StatusUnprocessableEntity, working, r.PostForm, err)
	}
	return err
}

// doing is what the button asks for, beyond saving.
func doing(r *http.Request) string {
	switch do := r.PostForm.Get("do"); do {
	case "submit", "publish", "schedule":
		return do
	}
	return "save"
}

func (p *Pages) proceed(r *http.Request, id string, version int64) error {
	ctx, actor := r.Context(), access.From(r.Context())
	switch doing(r) {
	case "submit":
		return p.Directory.Submit(ctx, actor, id, version, r.PostForm.Get("note"))
	case "publish":
		return p.Directory.PublishDraft(ctx, actor, id, version, r.PostForm.Get("note"))
	case "schedule":
		at, err := time.ParseInLocation("2006-01-02T15:04", r.PostForm.Get("publish_at"), calendar.Rome())
		if err != nil {
			return fault.Invalid("publish_at", "edit.publish_at")
		}
		return p.Directory.Schedule(ctx, actor, id, version, at)
	}
	return nil
}

// saved is what the script of the editor hears after saving by itself.
type saved struct {
	Version string `json:"version,omitempty"`
	Base    string `json:"base,omitempty"`
	Said    string `json:"said"`
}

// postAuto saves while somebody types. What can't be read is not saved: the browser keeps it.
func (p *Pages) postAuto(w http.ResponseWriter, r *http.Request) error {
	_, request, err := p.sent(r)
	if err == nil {
		request.Auto = true
		var now directory.Working
		if now, err = p.Directory.SaveDraft(r.Context(), access.From(r.Context()), request); err == nil {
			at := now.ChangedAt.In(calendar.Rome())
			return web.JSON(w, r, http.StatusOK, saved{strconv.FormatInt(now.Version, 10), now.Current, text(r, "census.autosaved", "time", web.Words(r.Context()).Time(at))})
		}
	}
	switch {
	case fault.Is(err, fault.KindConflict):
		return web.JSON(w, r, http.StatusConflict, saved{Said: text(r, "census.auto_conflict")})
	case fault.Is(err, fault.KindInvalid):
		return web.JSON(w, r, http.StatusUnprocessableEntity, saved{Said: text(r, "census.auto_invalid")})
	}
	return err
}

// postBack gives a working copy back to its editor.
func (p *Pages) postBack(w http.ResponseWriter, r *http.Request) error {
	return p.step(w, r, "census.done.back", func(id string, version int64) error {
		return p.Directory.SendBack(r.Context(), access.From(r.Context()), id, version, r.PostForm.Get("note"))
	})
}

func (p *Pages) postDiscard(w http.ResponseWriter, r *http.Request) error {
	err := p.step(w, r, "census.done.discard", func(id string, version int64) error {
		return p.Directory.Discard(r.Context(), access.From(r.Context()), id, version)
	})
	if errors.Is(err, errGone) {
		return web.Redirect(w, r, path(r.Context()))
	}
	return err
}

// errGone: the service is not there any more after what was done.
var errGone = errors.New("officeweb: gone")

// step does one thing with the version of a working copy that a small form names.
func (p *Pages) step(w http.ResponseWriter, r *http.Request, said string, do func(id string, version int64) error) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "census.form").Because(err)
	}
	id := r.PathValue("id")
	version, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return fault.Invalid("", "census.form").Because(err)
	}
	err = do(id, version)
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		working, failed := p.Directory.Edit(r.Context(), access.From(r.Context()), id)
		if failed != nil {
			return failed
		}
		form := encode(working.Service)
		stamp(form, working)
		form.Set("back_note", r.PostForm.Get("note"))
		return p.editor(w, r, statusOf(err), working, form, err)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, said, 1)
	if _, err := p.Directory.Edit(r.Context(), access.From(r.Context()), id); fault.Is(err, fault.KindNotFound) {
		return errGone
	}
	return web.Redirect(w, r, path(r.Context(), id))
}

func statusOf(err error) int {
	if fault.Is(err, fault.KindConflict) {
		return http.StatusConflict
	}
	return http.StatusUnprocessableEntity
}
