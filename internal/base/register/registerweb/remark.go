// SPDX-License-Identifier: EUPL-1.2

package registerweb

import (
	"net/http"
	"net/url"

	"approdo/internal/base/register"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func (p *pages) getFeedback(w http.ResponseWriter, r *http.Request) error {
	if web.Here(r.Context()).Query.Get("thanks") != "" {
		return p.showFeedback(w, r, http.StatusOK, formView{}, true)
	}
	return p.showFeedback(w, r, http.StatusOK, formView{Values: url.Values{"page": {web.Here(r.Context()).Query.Get("page")}}}, false)
}

func (p *pages) showFeedback(w http.ResponseWriter, r *http.Request, status int, v formView, thanks bool) error {
	ctx := r.Context()
	title := ui.T(ctx, "register.feedback")
	head := ui.Head{Title: title, NoIndex: true, Crumbs: []ui.Link{{Text: ui.T(ctx, "layout.accessibility"), Href: web.Path(ctx, "/accessibility")}, {Text: title}}}
	return web.Render(w, r, status, p.Site.Page(r, head, feedbackPage(v, thanks)))
}

func (p *pages) postFeedback(w http.ResponseWriter, r *http.Request) error {
	if err := p.voices.Allow(w, r); err != nil {
		return err
	}
	values, err := sent(r)
	if err != nil {
		return err
	}
	ctx := r.Context()
	// A field that people don't see and programs that write into everything fill in.
	if values.Get("site") == "" {
		err = p.Register.Say(ctx, register.Remark{Page: values.Get("page"), Text: values.Get("text"), Mail: values.Get("mail"), Language: web.Lang(ctx)})
	}
	if err != nil {
		v := formView{Values: values}
		status, failed := v.again(r, err, nil, nil)
		if failed != nil {
			return failed
		}
		return p.showFeedback(w, r, status, v, false)
	}
	return web.Redirect(w, r, web.Path(ctx, FeedbackPath)+"?thanks=1")
}

func (p *pages) getRemarks(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := p.Register.Remarks(ctx, actorOf(r))
	if err != nil {
		return err
	}
	title := ui.T(ctx, "register.remarks")
	head := ui.OfficeHead{Title: title, Help: "register.help.remarks", Crumbs: []ui.Link{{Text: title}}}
	return p.office(w, r, http.StatusOK, head, remarksPage(list, p.Register.Clock()))
}

func (p *pages) postRemark(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	if err := p.Register.Answer(r.Context(), actorOf(r), r.PathValue("id"), values.Get("answer")); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "register.said.saved", 1)
	return web.Redirect(w, r, web.Path(r.Context(), "/office/accessibility"))
}
