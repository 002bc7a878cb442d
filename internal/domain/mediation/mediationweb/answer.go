// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"net/http"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// answerView is the page behind the link of a message.
type answerView struct {
	mediation.Link
	Action string // where the buttons lead
	When   string
	Tongue string
}

// open says whether there is still something to answer.
func (v answerView) open() bool { return v.State == "open" }

// gives says whether a booking that holds can be given back.
func (v answerView) gives() bool {
	return v.Kind == "booking" && v.State == string(mediation.Confirmed)
}

func viewOf(r *http.Request, l mediation.Link, action string) answerView {
	w := web.Words(r.Context())
	return answerView{Link: l, Action: action, When: slotOf(w, l.Request.Slot), Tongue: lang.Name(w.Lang(), l.Request.Language)}
}

func (p *Pages) getAnswer(w http.ResponseWriter, r *http.Request) error {
	l, err := p.Mediation.OpenLink(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	web.NoStore(w)
	head := ui.Head{Title: said(r, "mediation.answer.title"), NoIndex: true, Sensitive: true}
	return web.Render(w, r, http.StatusOK, p.Site.Page(r, head, answerPage(viewOf(r, l, "/mediation/answer/"+r.PathValue("secret")))))
}

func (p *Pages) postAnswer(w http.ResponseWriter, r *http.Request) error {
	ctx, secret := r.Context(), r.PathValue("secret")
	yes, err := decision(r)
	if err != nil {
		return err
	}
	if _, err := p.Mediation.AnswerLink(ctx, access.From(ctx), secret, yes); err != nil && !fault.Is(err, fault.KindConflict) {
		return err
	}
	// Answered, now or before, by them or by somebody faster: the page says so.
	return web.Redirect(w, r, web.Path(ctx, "/mediation/answer/"+secret))
}

// decision reads which of the two buttons was pressed.
func decision(r *http.Request) (bool, error) {
	switch r.FormValue("do") {
	case "yes":
		return true, nil
	case "no":
		return false, nil
	}
	return false, fault.Invalid("", "mediation.form")
}
