// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

type historyView struct {
	ID      string
	Version int64 // of the working copy, which a restored version takes the place of
	Moments []ui.Moment
	Edit    bool
	Origin  templ.Component // where the entry comes from; nil when nobody says
}

func (p *Pages) getHistory(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	working, list, err := p.Directory.History(ctx, access.From(ctx), id)
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := historyView{ID: id, Version: working.Version, Edit: p.may(r, "directory.service.edit")}
	for i, one := range list {
		m := ui.Moment{At: one.At.In(zone()), Who: p.who(ctx, one.Account), What: text(r, "census.step."+one.Action, "n", one.Number)}
		switch {
		case one.Action == directory.StepTranslate:
			m.Text = lang.Name(words.Lang(), one.Reason)
		case one.Action == directory.StepBulk:
			m.Text = text(r, "census.bulk."+one.Reason)
		default:
			m.Text = one.Reason
		}
		if i+1 < len(list) {
			m.Changes = changed(words, list[i+1].Service, one.Service)
		}
		if i > 0 && v.Edit {
			m.Body = restoreForm(id, one.Number, working.Version)
		}
		v.Moments = append(v.Moments, m)
	}
	if p.Origin != nil && v.Edit {
		if v.Origin, err = p.Origin(r, id); err != nil {
			return err
		}
	}
	return p.show(w, r, http.StatusOK, p.headOf(r, working.Service.ID, working.Service.Name, "history", draftBadge(words, working)), historyPage(v))
}

func (p *Pages) postRestore(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "census.form").Because(err)
	}
	number, err1 := strconv.ParseInt(r.PostForm.Get("number"), 10, 64)
	version, err2 := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err1 != nil || err2 != nil {
		return fault.Invalid("", "census.form")
	}
	id := r.PathValue("id")
	if _, err := p.Directory.Restore(r.Context(), access.From(r.Context()), id, number, version); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "census.done.restore", 1)
	return web.Redirect(w, r, path(r.Context(), id))
}

// statusView asks before a service is closed, or opened again.
type statusView struct {
	ID, Base string
	Mistakes ui.Mistakes
	Statuses []ui.Option
	Reason   string
	Conflict bool
}

func (p *Pages) getStatus(w http.ResponseWriter, r *http.Request) error {
	working, err := p.Directory.Edit(r.Context(), access.From(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	if working.Published == nil {
		return access.Missing()
	}
	return p.statusPage(w, r, http.StatusOK, working, directory.CloseRequest{Status: working.Published.Status, Reason: working.Published.Card.StateReason}, nil)
}

func (p *Pages) statusPage(w http.ResponseWriter, r *http.Request, status int, working directory.Working, c directory.CloseRequest, err error) error {
	words := web.Words(r.Context())
	v := statusView{ID: working.Service.ID, Base: working.Current, Reason: c.Reason, Conflict: fault.Is(err, fault.KindConflict)}
	v.Mistakes, _ = ui.MistakesOf(r, err)
	v.Statuses = editorView{words: words}.statuses()
	for i := range v.Statuses {
		v.Statuses[i].Selected = v.Statuses[i].Value == c.Status
	}
	head := p.headOf(r, working.Service.ID, working.Service.Name, "", draftBadge(words, working))
	head.Narrow = true
	return p.show(w, r, status, head, statusPage(v))
}

func (p *Pages) postStatus(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "census.form").Because(err)
	}
	ctx, actor := r.Context(), access.From(r.Context())
	c := directory.CloseRequest{ID: r.PathValue("id"), Base: r.PostForm.Get("base"), Status: r.PostForm.Get("status"), Reason: r.PostForm.Get("reason")}
	err := p.Directory.SetStatus(ctx, actor, c)
	if fault.Is(err, fault.KindInvalid) || fault.Is(err, fault.KindConflict) {
		working, failed := p.Directory.Edit(ctx, actor, c.ID)
		if failed != nil {
			return failed
		}
		return p.statusPage(w, r, statusOf(err), working, c, err)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "census.done.close", 1)
	return web.Redirect(w, r, path(ctx, c.ID))
}
