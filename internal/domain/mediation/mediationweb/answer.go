// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"net/http"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
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
	now    time.Time
	words  lang.Words
	Typed  string // another time, as it was typed
	Wrong  string // what was wrong with it
}

// open says whether there is still something to answer.
func (v answerView) open() bool { return v.State == "open" }

// gives says whether a booking that holds can be given back.
func (v answerView) gives() bool {
	return v.Kind == "booking" && v.State == string(mediation.Confirmed)
}

// waits says whether another time that they proposed waits for the desk.
func (v answerView) waits() bool { return v.Proposed.State == mediation.ProposalOpen }

func (p *Pages) viewOf(r *http.Request, l mediation.Link, action string) answerView {
	w := web.Words(r.Context())
	return answerView{now: p.Clock(), words: w, Link: l, Action: action, When: slotOf(w, l.Request.Slot), Tongue: lang.Name(w.Lang(), l.Request.Language)}
}

// goesOn says whether there is something to say of what takes place, or took place.
func (v answerView) goesOn() bool {
	switch v.State {
	case "accepted", string(mediation.Confirmed), string(mediation.Finished), string(mediation.UserAbsent), string(mediation.MediatorAbsent):
		return strings.HasPrefix(v.Action, answerPath)
	}
	return false
}

// sessionPath is where that is said, by the same link.
func (v answerView) sessionPath() string {
	return "/mediation/link/" + strings.TrimPrefix(v.Action, answerPath)
}

const answerPath = "/mediation/answer/"

func (p *Pages) getAnswer(w http.ResponseWriter, r *http.Request) error {
	return p.showAnswer(w, r, http.StatusOK, "", nil)
}

// showAnswer shows what a link is about, with what was typed and is wrong.
func (p *Pages) showAnswer(w http.ResponseWriter, r *http.Request, status int, typed string, wrong error) error {
	l, err := p.Mediation.OpenLink(r.Context(), r.PathValue("secret"))
	if err != nil {
		return err
	}
	web.NoStore(w)
	v := p.viewOf(r, l, "/mediation/answer/"+r.PathValue("secret"))
	v.Typed = typed
	if wrong != nil {
		v.Wrong = troubleOf(v.words, wrong)
	}
	head := ui.Head{Title: said(r, "mediation.answer.title"), NoIndex: true, Sensitive: true}
	return web.Render(w, r, status, p.Site.OwnPage(r, head, answerPage(v)))
}

func (p *Pages) postAnswer(w http.ResponseWriter, r *http.Request) error {
	ctx, secret := r.Context(), r.PathValue("secret")
	if r.FormValue("do") == "propose" {
		start, err := startOf(r)
		if err == nil {
			_, err = p.Mediation.ProposeLink(ctx, access.From(ctx), secret, start)
		}
		if tooMany(err) || fault.Is(err, fault.KindInvalid) {
			return p.showAnswer(w, r, http.StatusUnprocessableEntity, r.FormValue("start"), err)
		}
		if err != nil && !fault.Is(err, fault.KindConflict) {
			return err
		}
		return web.Redirect(w, r, web.Path(ctx, "/mediation/answer/"+secret)) // the page says whether it came too late
	}
	yes, err := decision(r)
	if err != nil {
		return err
	}
	switch _, err := p.Mediation.AnswerLink(ctx, access.From(ctx), secret, yes); {
	case unable(err) != "":
		ui.Flash(w, r, ui.Warning, unable(err), 1)
	case err != nil && !fault.Is(err, fault.KindConflict):
		return err
	}
	// Answered, now or before, by them or by somebody faster: the page says so.
	return web.Redirect(w, r, web.Path(ctx, "/mediation/answer/"+secret))
}

// unable is why somebody can't have what is still open, and "" when it is not: then the page says how it stands.
func unable(err error) string {
	if fault.Is(err, fault.KindConflict) {
		if key := fault.All(err)[0].Message.Key; key == "mediation.engaged" || key == "mediation.cap_there" {
			return key
		}
	}
	return ""
}

// startOf reads another beginning.
func startOf(r *http.Request) (time.Time, error) {
	at, err := time.ParseInLocation(typedMoment, strings.TrimSpace(r.FormValue("start")), calendar.Rome())
	if err != nil {
		return at, fault.Invalid("start", "mediation.proposal.when")
	}
	return at, nil
}

// tooMany says whether somebody has proposed too often: that is said where they did.
func tooMany(err error) bool {
	return fault.Is(err, fault.KindConflict) && fault.All(err)[0].Message.Key == "mediation.proposals"
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
