// SPDX-License-Identifier: EUPL-1.2

package timesheetweb

import (
	"net/http"
	"slices"
	"strconv"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/sheet"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func (p *Pages) monthAsked(l ui.List) string {
	months := p.Timesheet.Months()
	if slices.Contains(months, l.Filter("month")) {
		return l.Filter("month")
	}
	return months[0]
}

func (p *Pages) monthField(r *http.Request, month string) ui.SelectView {
	v := ui.SelectView{ID: "filter-month", Name: "month", Label: said(r, "session.month")}
	for _, m := range p.Timesheet.Months() {
		v.Options = append(v.Options, ui.Option{Value: m, Text: monthText(web.Words(r.Context()), m), Selected: m == month})
	}
	return v
}

func (p *Pages) getSheets(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l := ui.ReadList(r)
	month := p.monthAsked(l)
	list, total, err := p.Timesheet.Timesheets(ctx, access.From(ctx), month, l.Page, l.Size)
	if err != nil {
		return err
	}
	v := ui.TableView{
		Caption: said(r, "session.sheets.title"), List: l, Total: total, Empty: ui.Empty("document", said(r, "session.sheets.none")),
		Columns: []ui.Column{{Title: said(r, "session.mediator")}, {Title: said(r, "session.owed"), Number: true}, {Title: said(r, "session.sheets.waiting"), Number: true}, {Title: said(r, "session.state")}},
	}
	for _, one := range list {
		state := ui.Status(ui.Neutral, said(r, "session.sheet.none"))
		if one.State != "" {
			state = ui.Status(sheetLevels[one.State], said(r, "session.sheet."+string(one.State)))
		}
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{
			{Text: one.Name, Href: web.Path(ctx, sheetsPath+"/"+one.Mediator+"/"+month)}, {Text: hoursText(one.Minutes)}, {Text: strconv.Itoa(one.Waiting)}, {Body: state},
		}})
	}
	title := said(r, "session.sheets.title")
	head := ui.OfficeHead{Title: title, Lead: said(r, "session.sheets.lead"), Crumbs: []ui.Link{{Text: title}}}
	return p.show(w, r, http.StatusOK, head, sessionsPage(ui.FilterView{List: l, Open: true}, []ui.SelectView{p.monthField(r, month)}, v, ticksView{}))
}

// sheetView is a month of a mediator.
type sheetView struct {
	timesheet.Month
	words lang.Words
	Own   bool
	Hand  bool // whoever looks at it recorded the first signature: the second is not theirs
}

// path is the address of the month.
func (v sheetView) path() string {
	if v.Own {
		return "/mediation/months/" + v.Month.Month
	}
	return sheetsPath + "/" + v.Mediator.ID + "/" + v.Month.Month
}

// content is what the page shows: what is signed, or what would be.
func (v sheetView) content() timesheet.Content {
	if s, ok := v.Current(); ok {
		return s.Content
	}
	return v.Draft
}

// late are the lines that came after a timesheet was signed.
func (v sheetView) late() int {
	if _, ok := v.Current(); ok {
		return len(v.Draft.Lines)
	}
	return 0
}

func (p *Pages) getSheet(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := p.Timesheet.Month(ctx, access.From(ctx), r.PathValue("id"), r.PathValue("month"))
	if err != nil {
		return err
	}
	v := sheetView{Month: m, words: web.Words(ctx)}
	title := m.Mediator.Name + ", " + monthText(v.words, m.Month)
	head := ui.OfficeHead{Title: title, Crumbs: []ui.Link{{Text: said(r, "session.menu.sheets"), Href: web.Path(ctx, sheetsPath+"?month="+m.Month)}, {Text: title}}}
	if s, ok := m.Current(); ok {
		v.Hand = s.RecordedBy(access.From(ctx).Account)
		head.Badge = ui.Status(sheetLevels[s.State], said(r, "session.sheet."+string(s.State)))
	}
	return p.show(w, r, http.StatusOK, head, sheetPage(v))
}

func (p *Pages) getOwnMonth(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := p.Timesheet.OwnMonth(ctx, access.From(ctx), r.PathValue("month"))
	if err != nil {
		return err
	}
	return p.own(w, r, http.StatusOK, said(r, "session.month.title"), ownMonthPage(sheetView{Month: m, words: web.Words(ctx), Own: true}))
}

func (p *Pages) postOwnMonth(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, month := r.Context(), access.From(r.Context()), r.PathValue("month")
	m, err := p.Timesheet.OwnMonth(ctx, actor, month)
	if err != nil {
		return err
	}
	err = p.Timesheet.Sign(ctx, actor, m.Mediator.ID, month, r.FormValue("hash"))
	return after(w, r, err, "session.said.signed", "/mediation/months/"+month)
}

func (p *Pages) postApprove(w http.ResponseWriter, r *http.Request) error {
	id, month := r.PathValue("id"), r.PathValue("month")
	err := p.Timesheet.Approve(r.Context(), access.From(r.Context()), id, month, r.FormValue("hash"))
	return after(w, r, err, "session.said.signed", sheetsPath+"/"+id+"/"+month)
}

func (p *Pages) postReopen(w http.ResponseWriter, r *http.Request) error {
	id, month := r.PathValue("id"), r.PathValue("month")
	err := p.Timesheet.Reopen(r.Context(), access.From(r.Context()), id, month, r.FormValue("hash"), r.FormValue("reason"))
	return after(w, r, err, "session.said.reopened", sheetsPath+"/"+id+"/"+month)
}

func (p *Pages) postPaper(w http.ResponseWriter, r *http.Request) error {
	id, month := r.PathValue("id"), r.PathValue("month")
	err := p.Timesheet.SignOnPaper(r.Context(), access.From(r.Context()), id, month, r.FormValue("hash"))
	return after(w, r, err, "session.said.signed", sheetsPath+"/"+id+"/"+month)
}

func (p *Pages) getPDF(w http.ResponseWriter, r *http.Request) error {
	m, err := p.Timesheet.Month(r.Context(), access.From(r.Context()), r.PathValue("id"), r.PathValue("month"))
	if err != nil {
		return err
	}
	return p.sendPDF(w, r, m)
}

func (p *Pages) getOwnPDF(w http.ResponseWriter, r *http.Request) error {
	m, err := p.Timesheet.OwnMonth(r.Context(), access.From(r.Context()), r.PathValue("month"))
	if err != nil {
		return err
	}
	return p.sendPDF(w, r, m)
}

func (p *Pages) sendPDF(w http.ResponseWriter, r *http.Request, m timesheet.Month) error {
	content, err := italian(r, m).PDF()
	if err != nil {
		return err
	}
	return web.Attachment(w, "application/pdf", "foglio-ore-"+m.Month+".pdf", content)
}

func (p *Pages) getXLSX(w http.ResponseWriter, r *http.Request) error {
	m, err := p.Timesheet.Month(r.Context(), access.From(r.Context()), r.PathValue("id"), r.PathValue("month"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", sheet.XLSXType)
	w.Header().Set("Content-Disposition", `attachment; filename="foglio-ore-`+m.Month+`.xlsx"`)
	return sheet.Cells(w, italian(r, m).Table())
}

// italian is a month to be printed, in Italian whatever the page is in.
func italian(r *http.Request, m timesheet.Month) Print {
	return NewPrint(web.Words(r.Context()).In(lang.Default), m)
}
