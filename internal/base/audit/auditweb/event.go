// SPDX-License-Identifier: EUPL-1.2

package auditweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/audit/inquiry"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

type eventView struct {
	Sentence string
	Facts    []ui.Definition
	Changes  []ui.Changed
	Read     bool
	More     []ui.Link // the same record, the same person
}

func (p *pages) getEvent(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	actor := access.From(ctx)
	e, err := p.Inquiry.Event(ctx, actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	names, err := p.names(ctx, []audit.Entry{e})
	if err != nil {
		return err
	}
	titles, err := p.Titles(ctx, actor, e.Kind, []string{e.Record})
	if err != nil {
		return err
	}
	v := eventView{Read: e.Read, Sentence: p.sentence(ctx, e, names)}
	v.Facts = p.facts(ctx, e, names, titles[e.Record])
	if e.Action != audit.ActionRefuse { // nothing was changed, and the sentence says what was asked for
		for _, c := range e.Changes {
			if c.Field == "roles" {
				c.Before, c.After = p.roles(ctx, c.Before), p.roles(ctx, c.After)
			}
			v.Changes = append(v.Changes, ui.Changed{Label: fieldName(ctx, c.Field), Before: c.Before, After: c.After, Hidden: c.Hidden})
		}
	}
	v.More = append(v.More, ui.Link{Text: ui.T(ctx, "audit.event.same_record"), Href: web.Path(ctx, Path+"?record="+url.QueryEscape(e.Record))})
	if e.Actor.Account != "" {
		v.More = append(v.More, ui.Link{Text: ui.T(ctx, "audit.event.same_account"), Href: web.Path(ctx, Path+"?account="+url.QueryEscape(e.Actor.Account))})
	}
	if e.Subject != "" && p.Inquiry.Guard.May(actor, inquiry.ActionSubject) {
		v.More = append(v.More, ui.Link{Text: ui.T(ctx, "audit.event.same_subject"), Href: web.Path(ctx, subjectPath+"?q="+url.QueryEscape(e.Subject))})
	}
	title := deed(ctx, e.Action)
	return p.show(w, r, ui.OfficeHead{
		Title: title, Lead: number(ctx, e), Narrow: true,
		Crumbs: []ui.Link{{Text: ui.T(ctx, "audit.log.title"), Href: web.Path(ctx, Path)}, {Text: title}},
	}, eventPage(v))
}

// fieldName is what a field is called, where the words have it.
func fieldName(ctx context.Context, field string) string {
	if key := "audit.field." + field; web.Words(ctx).Has(key) {
		return ui.T(ctx, key)
	}
	return field
}

// longMoment is moment with the month in full, as a sentence has it.
func longMoment(ctx context.Context, at time.Time) string {
	at = at.In(calendar.Rome())
	words := web.Words(ctx)
	return words.Date(at, lang.Long) + ", " + words.Time(at)
}

// sentence is what an event means.
func (p *pages) sentence(ctx context.Context, e audit.Entry, names names) string {
	if e.Action == audit.ActionRefuse {
		asked := ui.T(ctx, "audit.refused.many")
		if action := said(e, audit.FieldAsked); action != "" {
			asked = deed(ctx, action)
		}
		times, _ := strconv.Atoi(said(e, audit.FieldTimes)) // written by the program itself
		return ui.N(ctx, "audit.event.refused", times, "who", names.who(ctx, e.Actor), "when", longMoment(ctx, e.At), "what", asked)
	}
	key := "audit.event.changed"
	if e.Read {
		key = "audit.event.read"
	}
	return ui.T(ctx, key, "who", names.who(ctx, e.Actor), "when", longMoment(ctx, e.At), "what", deed(ctx, e.Action))
}

// said is what an event about a refusal holds in a field.
func said(e audit.Entry, field string) string {
	if e.Action == audit.ActionRefuse {
		for _, c := range e.Changes {
			if c.Field == field {
				return c.After
			}
		}
	}
	return ""
}

// facts are the parts of an event that say something.
func (p *pages) facts(ctx context.Context, e audit.Entry, names names, record ui.Link) []ui.Definition {
	recordText := e.Record
	if record.Text != "" {
		recordText = record.Text + " (" + e.Record + ")"
	}
	var list []ui.Definition
	for _, f := range []struct{ key, text string }{
		{"audit.when", moment(ctx, e.At)}, {"audit.who", names.who(ctx, e.Actor)}, {"audit.roles", p.roles(ctx, e.Actor.Roles)}, {"audit.body", names.body(e.Actor.Member)},
		{"audit.record", recordText}, {"audit.kind", e.Kind}, {"audit.subject", e.Subject}, {"audit.basis", e.Basis}, {"audit.purpose", e.Purpose},
		{"audit.reason", e.Reason}, {"audit.refused.asked", said(e, audit.FieldAsked)}, {"audit.refused.route", said(e, audit.FieldRoute)}, {"audit.via", via(ctx, e.Actor.Via)}, {"audit.address", e.Actor.Address}, {"audit.session", e.Actor.Session},
		{"audit.column.action", e.Action}, {"audit.column.id", e.ID},
	} {
		if f.text != "" {
			list = append(list, ui.Definition{Term: ui.T(ctx, f.key), Text: f.text})
		}
	}
	return list
}
