// SPDX-License-Identifier: EUPL-1.2

package auditweb

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/audit/inquiry"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/sheet"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

type logView struct {
	Filter   ui.FilterView
	Actions  []ui.Option
	Only     []ui.Option
	From, To string
	Hidden   []ui.Pair // filters that have no field
	Table    ui.TableView
	Export   string
	Log      []ui.Figure
}

// filter reads the address of a list. A day that is none asks for nothing.
func (p *pages) filter(r *http.Request, list ui.List) (inquiry.Filter, error) {
	f := inquiry.Filter{
		Text: list.Text, Member: list.Filter("member"), Action: list.Filter("action"), Account: list.Filter("account"), Record: list.Filter("record"),
		Only: list.Filter("only"), Skip: list.Offset(), N: list.Size,
	}
	if from, err := time.ParseInLocation(time.DateOnly, list.Filter("from"), calendar.Rome()); err == nil {
		f.From = from
	}
	if to, err := time.ParseInLocation(time.DateOnly, list.Filter("to"), calendar.Rome()); err == nil {
		f.To = to.AddDate(0, 0, 1) // the day belongs to it
	}
	if f.Text == "" {
		return f, nil
	}
	var err error
	f.Accounts, err = p.FindAccounts(r.Context(), f.Text)
	return f, err
}

func (p *pages) getLog(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	actor := access.From(ctx)
	list := ui.ReadList(r)
	f, err := p.filter(r, list)
	if err != nil {
		return err
	}
	found, err := p.Inquiry.Search(ctx, actor, f)
	if err != nil {
		return err
	}
	names, err := p.names(ctx, found.List)
	if err != nil {
		return err
	}
	actions, err := p.Inquiry.Actions(ctx, actor)
	if err != nil {
		return err
	}
	v := logView{Filter: ui.FilterView{List: list, Label: ui.T(ctx, "audit.log.text"), Open: len(list.Query) > 0}, From: list.Filter("from"), To: list.Filter("to")}
	v.filters(ctx, list, f, actions, names)
	v.Table = p.table(ctx, found.List, names)
	v.Table.List, v.Table.Total, v.Table.Caption = list, found.Total, ui.T(ctx, "audit.log.title")
	if p.Inquiry.Guard.May(actor, inquiry.ActionExport) {
		v.Export = web.Path(ctx, exportPath)
		if query := list.Query.Encode(); query != "" {
			v.Export += "?" + query
		}
	}
	if err := p.state(ctx, &v); err != nil {
		return err
	}
	places := ""
	if p.Inquiry.Guard.May(actor, "audit.place.read") {
		places = web.Path(ctx, placesPath)
	}
	title := ui.T(ctx, "audit.log.title")
	return p.show(w, r, ui.OfficeHead{
		Title: title, Lead: ui.T(ctx, "audit.log.lead"), Help: "audit.log.help", Crumbs: []ui.Link{{Text: title}}, Actions: logActions(places, v.Export),
	}, logPage(v))
}

// state says how far the log is signed.
func (p *pages) state(ctx context.Context, v *logView) error {
	c, ok, err := p.Keys.Latest(ctx, p.Inquiry.DB)
	if err != nil {
		v.Log = []ui.Figure{{Value: "!", Label: ui.T(ctx, "audit.log.signed"), Text: ui.T(ctx, "audit.log.contradiction"), Level: ui.Danger}}
		return nil //nolint:nilerr // said on the page
	}
	if ok {
		v.Log = []ui.Figure{{Value: web.Words(ctx).Number(int(c.Size)), Label: ui.T(ctx, "audit.log.signed"), Text: moment(ctx, c.At), Level: ui.Success}}
	}
	return nil
}

// filters fill the fields above the list and say which are set.
func (v *logView) filters(ctx context.Context, list ui.List, f inquiry.Filter, actions []string, names names) {
	all := ui.Option{Text: ui.T(ctx, "audit.log.all")}
	v.Actions, v.Only = []ui.Option{all}, []ui.Option{all}
	active := func(name, text string) {
		v.Filter.Active = append(v.Filter.Active, ui.ActiveFilter{Text: text, Href: list.With(name, "")})
	}
	for _, a := range actions {
		v.Actions = append(v.Actions, ui.Option{Value: a, Text: deed(ctx, a), Selected: a == f.Action})
		if a == f.Action {
			active("action", deed(ctx, a))
		}
	}
	for _, only := range []string{inquiry.OnlyChanges, inquiry.OnlyReads} {
		text := ui.T(ctx, "audit.log.only_"+only)
		v.Only = append(v.Only, ui.Option{Value: only, Text: text, Selected: only == f.Only})
		if only == f.Only {
			active("only", text)
		}
	}
	// These are set by links of the list and have no field; the form passes them on.
	for name, text := range map[string]string{
		"account": names.who(ctx, audit.Actor{Account: f.Account}), "member": names.body(f.Member), "record": f.Record,
	} {
		if value := list.Filter(name); value != "" {
			active(name, text)
			v.Hidden = append(v.Hidden, ui.Pair{Name: name, Value: value})
		}
	}
}

// table shows events with the names of who acted.
func (p *pages) table(ctx context.Context, list []audit.Entry, names names) ui.TableView {
	t := ui.TableView{
		ID: "events", Empty: ui.Empty("list", ui.T(ctx, "audit.log.none")),
		Columns: []ui.Column{
			{Title: ui.T(ctx, "audit.what")}, {Title: ui.T(ctx, "audit.when")}, {Title: ui.T(ctx, "audit.who")},
			{Title: ui.T(ctx, "audit.body")}, {Title: ui.T(ctx, "audit.record"), Spare: true}, {Title: ui.T(ctx, "audit.reason"), Spare: true},
		},
	}
	for _, e := range list {
		row := ui.Row{Cells: []ui.Cell{
			{Text: deed(ctx, e.Action), Href: web.Path(ctx, Path+"/"+e.ID), Small: number(ctx, e)},
			{Text: moment(ctx, e.At)},
			{Text: names.who(ctx, e.Actor), Small: p.roles(ctx, e.Actor.Roles)},
			{Text: names.body(e.Actor.Member)}, {Text: short(e.Record)}, {Text: e.Reason},
		}}
		if e.Reason != "" {
			row.Level = ui.Warning
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// number is that of an event in the log, or that it has none yet.
func number(ctx context.Context, e audit.Entry) string {
	if e.Seq == 0 {
		return ui.T(ctx, "audit.waiting")
	}
	return ui.T(ctx, "audit.number", "number", strconv.FormatInt(e.Seq, 10))
}

// short is an identifier as far as one recognizes it by in a list.
func short(id string) string {
	const enough = 24
	if runes := []rune(id); len(runes) > enough {
		return string(runes[:enough]) + "…"
	}
	return id
}

// getExport gives what the list shows as a file.
func (p *pages) getExport(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := p.filter(r, ui.ReadList(r))
	if err != nil {
		return err
	}
	list, err := p.Inquiry.Export(ctx, access.From(ctx), f)
	if err != nil {
		return err
	}
	names, err := p.names(ctx, list)
	if err != nil {
		return err
	}
	rows := [][]string{{
		ui.T(ctx, "audit.column.number"), ui.T(ctx, "audit.when"), ui.T(ctx, "audit.what"), ui.T(ctx, "audit.column.action"), ui.T(ctx, "audit.who"), ui.T(ctx, "audit.column.account"),
		ui.T(ctx, "audit.roles"), ui.T(ctx, "audit.body"), ui.T(ctx, "audit.column.body"), ui.T(ctx, "audit.kind"), ui.T(ctx, "audit.record"), ui.T(ctx, "audit.subject"),
		ui.T(ctx, "audit.basis"), ui.T(ctx, "audit.purpose"), ui.T(ctx, "audit.reason"), ui.T(ctx, "audit.via"), ui.T(ctx, "audit.column.id"),
	}}
	for _, e := range list {
		seq := ""
		if e.Seq > 0 {
			seq = strconv.FormatInt(e.Seq, 10)
		}
		rows = append(rows, []string{
			seq, e.At.In(calendar.Rome()).Format("2006-01-02 15:04:05"), deed(ctx, e.Action), e.Action, names.who(ctx, e.Actor), e.Actor.Account,
			p.roles(ctx, e.Actor.Roles), names.body(e.Actor.Member), e.Actor.Member, e.Kind, e.Record, e.Subject,
			e.Basis, e.Purpose, e.Reason, via(ctx, e.Actor.Via), e.ID,
		})
	}
	h := w.Header()
	h.Set("Content-Type", sheet.CSVType)
	h.Set("Content-Disposition", `attachment; filename="log.csv"`)
	return sheet.CSV(w, rows)
}
