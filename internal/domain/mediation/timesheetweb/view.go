// SPDX-License-Identifier: EUPL-1.2

package timesheetweb

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web/ui"
)

var levels = map[timesheet.State]ui.Level{
	timesheet.Expected: ui.Neutral, timesheet.Begun: ui.Info, timesheet.Ended: ui.Warning, timesheet.Reported: ui.Info,
	timesheet.Confirmed: ui.Success, timesheet.Disputed: ui.Danger, timesheet.Settled: ui.Success,
}

var sheetLevels = map[timesheet.SheetState]ui.Level{
	timesheet.Sent: ui.Info, timesheet.Signed: ui.Success, timesheet.Returned: ui.Warning, timesheet.Replaced: ui.Neutral,
}

// choices are check marks for codes whose words stand under a prefix.
func choices(ctx context.Context, name, key string, codes, typed []string, m ui.Mistakes) ui.ChecksView {
	v := ui.ChecksView{ID: name, Name: name, Legend: ui.T(ctx, key), Error: m.Of(name)}
	for _, c := range codes {
		v.Options = append(v.Options, ui.Option{Value: c, Text: ui.T(ctx, key+"."+c), Selected: slices.Contains(typed, c)})
	}
	return v
}

func expenseKinds(ctx context.Context, i int, typed string) ui.SelectView {
	name := "kind." + strconv.Itoa(i)
	v := ui.SelectView{ID: name, Name: name, Label: ui.T(ctx, "session.spent.kind"), Options: []ui.Option{{Text: ui.T(ctx, "session.spent.none")}}}
	for _, k := range timesheet.ExpenseKinds {
		v.Options = append(v.Options, ui.Option{Value: k, Text: ui.T(ctx, "session.spent."+k), Selected: k == typed})
	}
	return v
}

// receiptHelp says that a receipt is there already.
func (v ownView) receiptHelp(ctx context.Context, i int) string {
	if i < len(v.Session.Spent) && !v.Session.Spent[i].Receipt.None() {
		return ui.T(ctx, "session.receipt.kept")
	}
	return ""
}

// adder collects the definitions that have a text.
type adder struct {
	ctx  context.Context
	list []ui.Definition
}

func (a *adder) add(key, text string) {
	if text != "" {
		a.list = append(a.list, ui.Definition{Term: ui.T(a.ctx, key), Text: text})
	}
}

func ownDefinitions(ctx context.Context, v ownView) []ui.Definition {
	a := adder{ctx: ctx}
	a.add("session.when", slotText(v.words, v.Booking.Slot))
	a.add("session.language", lang.Name(v.words.Lang(), v.Request.Language))
	a.took(v.words, v.Session, v.Agreed.Agreement)
	return a.list
}

// took says what took place, as far as it is known.
func (a *adder) took(w lang.Words, s timesheet.Session, agreement string) {
	if s.State == timesheet.Expected || s.State == timesheet.Begun {
		return
	}
	a.add("session.outcome", joined(ui.T(a.ctx, "session.outcome."+string(s.Outcome)), feeText(w, s.Fee, agreement)))
	if s.Outcome == timesheet.Held {
		a.add("session.began", attended(a.ctx, momentText(w, s.Began), s.InBy))
		a.add("session.ended", attended(a.ctx, momentText(w, s.Ended), s.OutBy))
	}
	a.add("session.owed", hoursText(s.Minutes))
	if s.Travel > 0 {
		a.add("session.travel", strconv.Itoa(s.Travel))
	}
	if s.Expenses > 0 {
		a.add("session.expenses", eurosText(w, s.Expenses))
	}
	a.add("session.done", listed(w, "session.done.", s.Done))
	a.add("session.topic", listed(w, "session.topic.", s.Topics))
}

// feeText says which share is owed and what says so; "" where the time itself is.
func feeText(w lang.Words, fee *mediation.Fee, agreement string) string {
	switch {
	case fee == nil:
		return ""
	case fee.Under == "":
		return w.Text("session.fee.rules", "share", fee.Share)
	}
	return w.Text("session.fee.agreement", "share", fee.Share, "title", agreement)
}

// lineFee is the fee of a line of a month.
func lineFee(w lang.Words, names timesheet.Names, l timesheet.Line) string {
	if l.Fee == nil {
		return ""
	}
	return feeText(w, l.Fee, names.Of(l.Fee.Under))
}

// joined are texts on one line, without those that are empty.
func joined(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), " · ")
}

// attended says when, and how one knows it.
func attended(ctx context.Context, when, by string) string {
	if when == "" {
		return ""
	}
	if by == "" {
		by = "written"
	}
	return when + " · " + ui.T(ctx, "session.by."+by)
}

func disputeDefinitions(ctx context.Context, w lang.Words, f timesheet.File) []ui.Definition {
	a := adder{ctx: ctx}
	if d := f.Session.Dispute; d != nil {
		a.add("session.reason", ui.T(ctx, "session.reason."+d.Reason))
		a.add("session.reason.minutes", hoursText(d.Minutes))
		a.add("session.reason.at", momentText(w, d.At))
	}
	a.add("session.note.desk", f.Notes.Desk)
	a.add("session.note.mediator", f.Notes.Mediator)
	a.add("session.note.coordinator", f.Notes.Coordinator)
	return a.list
}
