// SPDX-License-Identifier: EUPL-1.2

package registerweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/register"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

var breachLevels = map[register.State]ui.Level{
	register.Running: ui.Warning, register.Overdue: ui.Danger, register.Notified: ui.Info, register.NoNeed: ui.Neutral, register.Closed: ui.Success,
}

func (p *pages) getBreaches(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := p.Register.Breaches(ctx, actorOf(r))
	if err != nil {
		return err
	}
	t := ui.TableView{Caption: ui.T(ctx, "register.breaches"), Plain: true, Columns: []ui.Column{
		{Title: ui.T(ctx, "register.field.title")}, {Title: ui.T(ctx, "register.field.state")}, {Title: ui.T(ctx, "register.field.known_at")}, {Title: ui.T(ctx, "register.deadline")},
	}, Empty: ui.Empty("check-circle", ui.T(ctx, "register.no_breaches"))}
	now := p.Register.Clock()
	for _, b := range list {
		row := ui.Row{Cells: []ui.Cell{
			{Text: b.Title, Href: web.Path(ctx, "/office/breaches/"+b.ID)}, {Body: breachMark(b.StateAt(now))}, {Text: moment(ctx, b.KnownAt)},
			{Text: moment(ctx, b.Deadline()), Small: left(ctx, b, now)},
		}}
		if b.StateAt(now) == register.Overdue {
			row.Level = ui.Danger
		}
		t.Rows = append(t.Rows, row)
	}
	head := ui.OfficeHead{
		Title: ui.T(ctx, "register.breaches"), Help: "register.help.breaches", Crumbs: []ui.Link{{Text: ui.T(ctx, "register.breaches")}},
		Actions: breachesActions(),
	}
	return p.office(w, r, http.StatusOK, head, ui.Table(t))
}

// left is how much of the 72 hours is left, "" when the clock does not run.
func left(ctx context.Context, b register.Breach, now time.Time) string {
	switch b.StateAt(now) {
	case register.Running:
		return ui.N(ctx, "register.hours_left", int(b.Deadline().Sub(now)/time.Hour))
	case register.Overdue:
		return ui.N(ctx, "register.hours_over", int(now.Sub(b.Deadline())/time.Hour))
	}
	return ""
}

func breachValues(b register.Breach) url.Values {
	v := url.Values{"nature": slices.Clone(b.Nature), "version": {strconv.FormatInt(b.Version, 10)}}
	for name, text := range map[string]string{
		"title": b.Title, "known_at": writtenTime(b.KnownAt), "happened_on": b.HappenedOn, "what": b.What, "persons": b.Persons, "data": b.Data,
		"effects": b.Effects, "measures": b.Measures, "risk": b.Risk, "risk_why": b.RiskWhy, "notified_at": writtenTime(b.NotifiedAt),
		"protocol": b.Protocol, "late": b.Late, "told_on": b.ToldOn, "told_how": b.ToldHow,
	} {
		v.Set(name, text)
	}
	if !b.ClosedAt.IsZero() {
		v.Set("closed", "yes")
	}
	return v
}

// breachFrom reads a form over what is there: the form knows minutes, and must not shift the clock
// by the seconds that it leaves out.
func breachFrom(v url.Values, before register.Breach) register.Breach {
	b := register.Breach{
		ID: before.ID, Title: v.Get("title"), KnownAt: readTime(v.Get("known_at")), HappenedOn: v.Get("happened_on"), Nature: v["nature"], What: v.Get("what"),
		Persons: v.Get("persons"), Data: v.Get("data"), Effects: v.Get("effects"), Measures: v.Get("measures"), Risk: v.Get("risk"), RiskWhy: v.Get("risk_why"),
		NotifiedAt: readTime(v.Get("notified_at")), Protocol: v.Get("protocol"), Late: v.Get("late"), ToldOn: v.Get("told_on"), ToldHow: v.Get("told_how"),
		Version: versionIn(v),
	}
	if v.Get("known_at") == writtenTime(before.KnownAt) {
		b.KnownAt = before.KnownAt
	}
	if v.Get("notified_at") == writtenTime(before.NotifiedAt) {
		b.NotifiedAt = before.NotifiedAt
	}
	return b
}

func (p *pages) breachHead(ctx context.Context, title string) ui.OfficeHead {
	list := ui.Link{Text: ui.T(ctx, "register.breaches"), Href: web.Path(ctx, "/office/breaches")}
	if !p.Register.Guard.May(access.From(ctx), "register.breach.read") {
		list.Href = "" // everybody may report, and few read the reports
	}
	return ui.OfficeHead{Title: title, Narrow: true, Crumbs: []ui.Link{list, {Text: title}}}
}

func (p *pages) getReport(w http.ResponseWriter, r *http.Request) error {
	return p.showReport(w, r, http.StatusOK, formView{Values: url.Values{"known_at": {writtenTime(p.Register.Clock())}}})
}

func (p *pages) showReport(w http.ResponseWriter, r *http.Request, status int, v formView) error {
	ctx := r.Context()
	v.Action, v.Cancel, v.Submit = ui.Href(ctx, "/office/breaches/new"), ui.Href(ctx, ui.HomePath), ui.T(ctx, "register.report")
	head := p.breachHead(ctx, ui.T(ctx, "register.report"))
	head.Lead = ui.T(ctx, "register.report_lead")
	return p.office(w, r, status, head, reportPage(v))
}

func (p *pages) postReport(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	b := breachFrom(values, register.Breach{})
	now := p.Register.Clock()
	if b.KnownAt.After(now) && values.Get("known_at") == writtenTime(now) {
		b.KnownAt = now
	}
	saved, err := p.Register.Report(r.Context(), actorOf(r), b)
	if err != nil {
		v := formView{Values: values}
		status, failed := v.again(r, err, nil, nil)
		if failed != nil {
			return failed
		}
		return p.showReport(w, r, status, v)
	}
	ui.Flash(w, r, ui.Success, "register.said.reported", 1)
	if _, err := p.Register.Breach(r.Context(), actorOf(r), saved.ID); err != nil {
		return web.Redirect(w, r, web.Path(r.Context(), ui.HomePath)) // who reports need not read on
	}
	return web.Redirect(w, r, web.Path(r.Context(), "/office/breaches/"+saved.ID))
}

func (p *pages) getBreach(w http.ResponseWriter, r *http.Request) error {
	b, err := p.Register.Breach(r.Context(), actorOf(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	if !p.Register.Handles(r.Context(), actorOf(r), b) {
		return web.Redirect(w, r, web.Path(r.Context(), breachPath(b.ID)+"/notice")) // auditors read, and change nothing
	}
	return p.showBreach(w, r, http.StatusOK, b, formView{Values: breachValues(b)})
}

func (p *pages) showBreach(w http.ResponseWriter, r *http.Request, status int, b register.Breach, v formView) error {
	ctx := r.Context()
	now := p.Register.Clock()
	v.Action, v.Cancel = ui.Href(ctx, "/office/breaches/"+b.ID), ui.Href(ctx, "/office/breaches")
	v.Hidden = []ui.Pair{{Name: "version", Value: v.Values.Get("version")}}
	head := p.breachHead(ctx, b.Title)
	head.Badge, head.Help, head.Tabs = breachMark(b.StateAt(now)), "register.help.breaches", tabs(ctx, breachPath(b.ID), "")
	head.Actions = ui.ButtonLink(ui.Secondary, ui.Href(ctx, breachPath(b.ID)+"/notice"), ui.T(ctx, "register.notice"), "document")
	return p.office(w, r, status, head, breachPage(b, left(ctx, b, now), v))
}

func (p *pages) postBreach(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	before, err := p.Register.Breach(r.Context(), actorOf(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	if _, err = p.Register.Handle(r.Context(), actorOf(r), breachFrom(values, before), values.Get("closed") != ""); err != nil {
		v := formView{Values: values}
		status, failed := v.again(r, err, breachValues(before), breachFields)
		if failed != nil {
			return failed
		}
		return p.showBreach(w, r, status, before, v)
	}
	ui.Flash(w, r, ui.Success, "register.said.saved", 1)
	return web.Redirect(w, r, web.Path(r.Context(), "/office/breaches/"+before.ID))
}

// Waiting are the breaches of the own body whose clock runs: the most urgent thing there is.
func Waiting(u *register.UseCases) func(ctx context.Context, actor access.Actor) ([]ui.Waiting, error) {
	return func(ctx context.Context, actor access.Actor) ([]ui.Waiting, error) {
		list, err := u.Breaches(ctx, actor)
		if err != nil {
			return nil, err
		}
		now := u.Clock()
		var waiting []ui.Waiting
		for _, b := range list {
			if s := b.StateAt(now); b.Member == actor.Member && (s == register.Running || s == register.Overdue) {
				waiting = append(waiting, ui.Waiting{
					Text: ui.T(ctx, "register.waits", "title", b.Title), Href: web.Path(ctx, "/office/breaches/"+b.ID), Since: b.KnownAt.In(calendar.Rome()),
					Due: b.Deadline().In(calendar.Rome()), Level: breachLevels[s], Icon: "warning",
				})
			}
		}
		return waiting, nil
	}
}
