// SPDX-License-Identifier: EUPL-1.2

package censusweb

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

var feedbackLevels = map[string]ui.Level{
	census.StatusNew: ui.Warning, census.StatusTaken: ui.Info, census.StatusAnswered: ui.Success, census.StatusClosed: ui.Neutral,
}

func (p *pages) getInbox(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l := ui.ReadList(r)
	s := census.FeedbackSelection{Status: l.Filter("status"), Kind: l.Filter("kind"), Entry: l.Filter("entry"), Page: l.Page, Size: l.Size}
	if s.Status != "" && s.Status != "all" && !slices.Contains(census.Statuses, s.Status) {
		s.Status = ""
	}
	list, total, _, err := p.Census.Inbox(ctx, access.From(ctx), s)
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := ui.TableView{
		Caption: said(r, "inbox.title"), List: l, Total: total, Empty: ui.Empty("comment", said(r, "inbox.empty")),
		Columns: []ui.Column{{Title: said(r, "inbox.service")}, {Title: said(r, "inbox.what")}, {Title: said(r, "inbox.status")}, {Title: said(r, "inbox.day"), Spare: true}, {Title: said(r, "inbox.language"), Spare: true}},
	}
	for _, f := range list {
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{
			{Text: serviceName(words, f), Lang: "it", Href: web.Path(ctx, "/office/feedback/"+f.ID), Small: f.BodyName},
			{Text: said(r, "inbox.kind."+f.Kind), Small: shortened(f.Word)},
			{Body: ui.Status(feedbackLevels[f.Status], said(r, "inbox.status."+f.Status))},
			{Text: dayOf(words, f.Day)}, {Text: lang.NativeName(f.Language), Lang: f.Language},
		}})
	}
	statuses := []ui.Option{{Value: "", Text: said(r, "inbox.open")}, {Value: "all", Text: said(r, "inbox.all")}}
	for _, status := range census.Statuses {
		statuses = append(statuses, ui.Option{Value: status, Text: said(r, "inbox.status."+status)})
	}
	kinds := []ui.Option{{Value: "", Text: said(r, "inbox.kinds")}}
	for _, kind := range append([]string{directory.FeedbackUnclear, directory.FeedbackClear}, directory.Mistakes...) {
		kinds = append(kinds, ui.Option{Value: kind, Text: said(r, "inbox.kind."+kind)})
	}
	selects := []ui.SelectView{
		{ID: "filter-status", Name: "status", Label: said(r, "inbox.status"), Options: chosen(statuses, l.Filter("status"))},
		{ID: "filter-kind", Name: "kind", Label: said(r, "inbox.what"), Options: chosen(kinds, l.Filter("kind"))},
	}
	head := ui.OfficeHead{Title: said(r, "inbox.title"), Lead: said(r, "inbox.lead"), Crumbs: []ui.Link{{Text: said(r, "inbox.menu")}}, Help: "inbox.help"}
	return p.show(w, r, http.StatusOK, head, listPage(ui.FilterView{List: l, Open: true}, selects, v))
}

func chosen(list []ui.Option, value string) []ui.Option {
	for i := range list {
		list[i].Selected = list[i].Value == value
	}
	return list
}

func shortened(s string) string {
	if r := []rune(s); len(r) > 90 {
		return string(r[:89]) + "…"
	}
	return s
}

func serviceName(w lang.Words, f census.Feedback) string {
	if f.Service == "" {
		return w.Text("inbox.gone")
	}
	return f.Service
}

// feedbackView is the page of one.
type feedbackView struct {
	census.Feedback
	Title, Handler, Day string
	May                 bool
	Typed               census.AnswerRequest
	Mistakes            ui.Mistakes
}

func (v feedbackView) settled() bool {
	return v.Status == census.StatusAnswered || v.Status == census.StatusClosed
}

func (p *pages) getFeedback(w http.ResponseWriter, r *http.Request) error {
	return p.showFeedback(w, r, http.StatusOK, census.AnswerRequest{}, ui.Mistakes{})
}

func (p *pages) showFeedback(w http.ResponseWriter, r *http.Request, status int, typed census.AnswerRequest, m ui.Mistakes) error {
	ctx := r.Context()
	f, err := p.Census.ReadFeedback(ctx, access.From(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := feedbackView{Feedback: f, Title: serviceName(words, f), Handler: p.name(ctx, f.Handler), Day: dayOf(words, f.Day), May: p.may(r, "directory.feedback.answer"), Typed: typed, Mistakes: m}
	head := ui.OfficeHead{
		Title: said(r, "inbox.kind."+f.Kind), Lead: v.Title, Badge: ui.Status(feedbackLevels[f.Status], said(r, "inbox.status."+f.Status)),
		Crumbs: []ui.Link{{Text: said(r, "inbox.menu"), Href: web.Path(ctx, "/office/feedback")}, {Text: v.Title}}, Help: "inbox.help_one", Narrow: true,
	}
	return p.show(w, r, status, head, feedbackPage(v))
}

func (p *pages) postTake(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := p.Census.TakeUp(ctx, access.From(ctx), r.PathValue("id"), versionOf(r)); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "inbox.taken", 1)
	return web.Redirect(w, r, web.Path(ctx, "/office/feedback/"+r.PathValue("id")))
}

func (p *pages) postAnswer(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	request := census.AnswerRequest{
		ID: r.PathValue("id"), Version: versionOf(r), Answer: r.FormValue("answer"), Reply: r.FormValue("reply"), Close: r.FormValue("do") == "close",
	}
	err := p.Census.AnswerFeedback(ctx, access.From(ctx), request)
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showFeedback(w, r, http.StatusUnprocessableEntity, request, m)
	}
	if fault.Is(err, fault.KindConflict) {
		// Somebody else was faster: their answer is shown, and what was typed stays.
		return p.showFeedback(w, r, http.StatusConflict, request, conflict(r, err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "inbox.settled", 1)
	return web.Redirect(w, r, web.Path(ctx, "/office/feedback"))
}

// conflict says in a form that somebody else was faster.
func conflict(r *http.Request, err error) ui.Mistakes {
	key := "feedback.conflict"
	if list := fault.All(err); len(list) > 0 {
		key = list[0].Message.Key
	}
	m, _ := ui.MistakesOf(r, &fault.Error{Kind: fault.KindInvalid, Message: fault.Message{Key: key}})
	return m
}

func versionOf(r *http.Request) int64 {
	n, err := strconv.ParseInt(r.FormValue("version"), 10, 64)
	if err != nil {
		return -1 // matches no version
	}
	return n
}

func numberText(n int64) string { return strconv.FormatInt(n, 10) }

// entryHref leads to the editor of a service.
func entryHref(ctx context.Context, id string) string { return web.Path(ctx, "/office/services/"+id) }
