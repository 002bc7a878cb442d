// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

const rulesPath = "/office/mediation/rules"

// rulesForm is the form of the rules of a body.
type rulesForm struct {
	requestForm
	Own     bool             // the body has decided; otherwise these are those of the network, or the usual ones
	Network bool             // the rules are those of the network
	Bodies  []mediation.Body // that can be named
}

// waveRows is how many waves the form has rows for.
const waveRows = 4

// weightNames are the parts of the score, in the order of the form.
var weightNames = []string{"continuity", "distance", "fairness", "cost", "level", "evaluation"}

func weightOf(w *mediation.Weights, name string) *int {
	switch name {
	case "continuity":
		return &w.Continuity
	case "distance":
		return &w.Distance
	case "fairness":
		return &w.Fairness
	case "cost":
		return &w.Cost
	case "level":
		return &w.Level
	}
	return &w.Evaluation
}

// whose is the body whose rules somebody decides: one's own, or the network's for who runs it.
func (p *Pages) whose(actor access.Actor) string {
	if actor.Has(access.NetworkAdministrator) {
		return ""
	}
	return actor.Member
}

func (p *Pages) getRules(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	rules, own, err := p.Mediation.Rules(ctx, actor, p.whose(actor))
	if err != nil {
		return err
	}
	return p.showRules(w, r, http.StatusOK, rulesForm{requestForm: requestForm{words: web.Words(ctx), typed: typedRules(rules)}, Own: own, Network: p.whose(actor) == ""})
}

func (p *Pages) showRules(w http.ResponseWriter, r *http.Request, status int, f rulesForm) error {
	var err error
	actor := access.From(r.Context())
	if f.Bodies, err = p.Mediation.Planners(r.Context(), actor, p.whose(actor)); err != nil {
		return err
	}
	title := said(r, "mediation.rules.title")
	lead := said(r, "mediation.rules.own")
	if !f.Own {
		lead = said(r, "mediation.rules.usual")
	}
	return p.show(w, r, status, ui.OfficeHead{Title: title, Lead: lead, Narrow: true, Crumbs: []ui.Link{{Text: title}}}, rulesPage(f))
}

func (p *Pages) postRules(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	typed, err := formOf(r)
	if err != nil {
		return err
	}
	old, own, err := p.Mediation.Rules(ctx, actor, p.whose(actor))
	if err != nil {
		return err
	}
	f := rulesForm{requestForm: typed, Own: own, Network: p.whose(actor) == ""}
	rules, err := ReadRules(f.typed, f.Network, old)
	if err == nil {
		rules.Member = p.whose(actor)
		err = p.Mediation.Decide(ctx, actor, rules)
	}
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		f.Mistakes = m
		return p.showRules(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "mediation.rules.saved", 1)
	return web.Redirect(w, r, web.Path(ctx, rulesPath))
}

func typedRules(r mediation.Rules) url.Values {
	t := url.Values{
		"version": {strconv.FormatInt(r.Version, 10)}, "notice": {strconv.Itoa(int(r.Notice.Hours()))}, "cancel_free": {strconv.Itoa(int(r.CancelFree.Hours()))},
		"cancel_share": {strconv.Itoa(r.CancelShare)}, "absent_share": {strconv.Itoa(r.AbsentShare)}, "answer_in": {strconv.Itoa(int(r.AnswerIn.Hours()))},
		"remind_after": {strconv.Itoa(int(r.RemindAfter.Hours()))}, "month_hours": {blank(r.MonthHours)}, "line": {r.Line},
		"others": {r.Others}, "planner": {r.Planner}, "lend_hours": {blank(r.LendHours)}, "lend_mediator_hours": {blank(r.LendMediatorHours)},
	}
	if r.Evaluations {
		t.Set("evaluations", "1")
	}
	if r.Common {
		t.Set("common", "1")
	}
	for i, w := range r.Waves {
		n := strconv.Itoa(i)
		t.Set("to."+n, w.To)
		t.Set("size."+n, blank(w.Size))
		t.Set("wait."+n, strconv.Itoa(int(w.Wait.Seconds())))
	}
	for _, name := range weightNames {
		t.Set("weight."+name, strconv.Itoa(*weightOf(&r.Weights, name)))
	}
	for _, m := range r.Fallback {
		t.Add("fallback", string(m))
	}
	return t
}

// ReadRules reads the fields of the form over the rules that hold, what it does not ask for stays. network says
// whether they are those of the network.
func ReadRules(typed url.Values, network bool, r mediation.Rules) (mediation.Rules, error) {
	f := requestForm{typed: typed}
	var wrong []error
	number := func(name string, trouble error) int {
		n, bad := strconv.Atoi(f.text(name))
		if bad != nil || n < 0 || n > 100_000 {
			wrong = append(wrong, trouble)
		}
		return n
	}
	read := func(name, field string) int {
		if f.text(name) == "" {
			return 0
		}
		return number(name, fault.Invalid(field, "mediation.mediator.number", "most", 100_000))
	}
	// What is left empty is not decided: nobody means no notice at all by it.
	whole := func(name string) int {
		return number(name, fault.Invalid(name, "mediation.rule.number", "most", 100_000))
	}
	r.Version, _ = strconv.ParseInt(f.text("version"), 10, 64) // what is none is told apart from every version
	r.Waves, r.Fallback = nil, nil
	for i := range waveRows {
		n := strconv.Itoa(i)
		if to := f.text("to." + n); to != "" {
			r.Waves = append(r.Waves, mediation.Wave{To: to, Size: read("size."+n, "waves"), Wait: time.Duration(read("wait."+n, "waves")) * time.Second})
		}
	}
	for _, name := range weightNames {
		*weightOf(&r.Weights, name) = read("weight."+name, "weights")
	}
	for _, m := range f.typed["fallback"] {
		r.Fallback = append(r.Fallback, mediation.Mode(m))
	}
	hours := func(name string) time.Duration { return time.Duration(whole(name)) * time.Hour }
	r.Notice, r.CancelFree, r.AnswerIn, r.RemindAfter = hours("notice"), hours("cancel_free"), hours("answer_in"), hours("remind_after")
	r.Evaluations = f.text("evaluations") != ""
	r.CancelShare, r.AbsentShare, r.MonthHours = whole("cancel_share"), whole("absent_share"), read("month_hours", "month_hours")
	r.Planner = f.text("planner")
	r.Others, r.LendHours, r.LendMediatorHours = f.text("others"), read("lend_hours", "lend_hours"), read("lend_mediator_hours", "lend_mediator_hours")
	r.Common, r.Line = network && f.text("common") != "", f.text("line")
	return r, errors.Join(wrong...)
}
