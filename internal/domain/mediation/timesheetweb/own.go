// SPDX-License-Identifier: EUPL-1.2

package timesheetweb

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/upload"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// receipts are PDFs and photographs of tickets.
var receipts = upload.Accept{Bytes: 10 << 20, Pixels: 50_000_000, Papers: true}

// spentRows is how many expenses the form has rows for.
const spentRows = 3

// workView is what a mediator has to report, and what came of it.
type workView struct {
	words  lang.Words
	Due    []mediation.Engaged
	Recent []timesheet.Listed
	Months []string
}

func (p *Pages) getWork(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	v := workView{words: web.Words(ctx), Months: p.Timesheet.Months()[:4]}
	var err error
	if v.Due, err = p.Timesheet.Due(ctx, actor); err != nil {
		return err
	}
	if v.Recent, _, err = p.Timesheet.Sessions(ctx, actor, timesheet.Query{Own: actor.Account, Size: 20}); err != nil {
		return err
	}
	v.Recent = slices.DeleteFunc(v.Recent, func(l timesheet.Listed) bool { // these are due
		return l.State == timesheet.Expected || l.State == timesheet.Begun || l.State == timesheet.Ended
	})
	return p.own(w, r, http.StatusOK, said(r, "session.work.title"), workPage(v))
}

// ownView is one session as its mediator sees it.
type ownView struct {
	timesheet.File
	words    lang.Words
	now      time.Time
	Action   string // where the forms go
	ByLink   bool
	Typed    url.Values
	Mistakes ui.Mistakes
}

// attends says whether one can check in, or out.
func (v ownView) attends() bool {
	return v.Booking.State == mediation.Confirmed && (v.Session.State == timesheet.Expected || v.Session.State == timesheet.Begun)
}

// soon says whether it is early to check in.
func (v ownView) soon() bool { return v.now.Before(v.Booking.Slot.Start.Add(-2 * time.Hour)) }

// reports says whether the form of the report has a place on the page; past whether it is what is next.
func (v ownView) reports() bool {
	return v.Session.Editable() && !v.soon() && slices.Contains([]mediation.BookingState{mediation.Confirmed, mediation.Finished, mediation.UserAbsent}, v.Booking.State)
}

func (v ownView) past() bool {
	return v.Session.State == timesheet.Ended || v.Session.State == timesheet.Expected && v.now.After(v.Booking.Slot.End) || v.Typed.Get("do") == "report"
}

// spends says whether expenses are open: some were typed, or are wrong.
func (v ownView) spends() bool {
	return v.Mistakes.Of("spent") != "" || v.Typed.Get("kind.0") != "" || v.Typed.Get("euros.0") != ""
}

// evaluates says whether the mediator can say how the desk was.
func (v ownView) evaluates() bool {
	return v.Rules.Evaluations && !v.Evaluated[timesheet.MediatorSide] && v.Session.Outcome == timesheet.Held && (v.Session.State == timesheet.Reported || v.Session.State.Final())
}

func doorOf(r *http.Request) (timesheet.Door, string) {
	if secret := r.PathValue("secret"); secret != "" {
		return timesheet.Door{Secret: secret}, "/mediation/link/" + secret
	}
	return timesheet.Door{Booking: r.PathValue("id")}, "/mediation/sessions/" + r.PathValue("id")
}

func (p *Pages) getOwnSession(w http.ResponseWriter, r *http.Request) error {
	return p.showOwnSession(w, r, http.StatusOK, ownView{})
}

func (p *Pages) showOwnSession(w http.ResponseWriter, r *http.Request, status int, v ownView) (err error) {
	ctx := r.Context()
	door, action := doorOf(r)
	if v.File, err = p.Timesheet.OwnFile(ctx, access.From(ctx), door); err != nil {
		return err
	}
	v.words, v.now, v.Action, v.ByLink = web.Words(ctx), p.Clock(), action, door.Secret != ""
	if kept := v.kept(); v.Typed == nil {
		v.Typed = kept
	} else if v.Typed.Get("do") != "report" { // another form was sent: this one is as it was
		for name, values := range kept {
			v.Typed[name] = values
		}
	}
	return p.own(w, r, status, said(r, "session.title"), ownSessionPage(v))
}

// kept is the form as it would be sent: with what was reported, or what is known.
func (v ownView) kept() url.Values {
	s := v.Session
	t := url.Values{"done": s.Done, "topics": s.Topics, "began": {typedAt(s.Began)}, "ended": {typedAt(s.Ended)}}
	if s.Began.IsZero() {
		t.Set("began", typedAt(v.Booking.Slot.Start))
	}
	if s.Ended.IsZero() {
		t.Set("ended", typedAt(v.Booking.Slot.End))
	}
	travel := s.Travel
	if s.State != timesheet.Reported && v.Booking.Mode == mediation.InPerson {
		travel = 2 * int(mediation.Way(v.Mediator.Home, v.Booking.Place).Minutes())
	}
	t.Set("travel", strconv.Itoa(travel))
	for i, e := range s.Spent {
		n := strconv.Itoa(i)
		t.Set("kind."+n, e.Kind)
		t.Set("euros."+n, strings.TrimSuffix(eurosText(v.words, e.Cents), " €"))
	}
	return t
}

func (p *Pages) postOwnSession(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	door, action := doorOf(r)
	// Whoever may not is told before anything of the form is kept.
	before, err := p.Timesheet.OwnFile(ctx, actor, door)
	if err != nil {
		return err
	}
	if err := r.ParseMultipartForm(1 << 20); err != nil && r.Form == nil { // #nosec G120 -- the route bounds every body
		return fault.Invalid("", "mediation.form").Because(err)
	}
	done := "session.said.saved"
	switch r.FormValue("do") {
	case "in", "out":
		err = p.Timesheet.Attend(ctx, actor, door, r.FormValue("do") == "out", strings.ReplaceAll(r.FormValue("code"), " ", ""))
	case "report", "absent":
		var report timesheet.Report
		if report, err = p.reportIn(r, before); err == nil {
			err = p.Timesheet.Report(ctx, actor, door, report)
		}
		if err != nil {
			p.discard(report, before)
		}
	case "agree":
		err = p.Timesheet.Answer(ctx, actor, door, true, "")
	case "answer":
		err = p.Timesheet.Answer(ctx, actor, door, false, strings.TrimSpace(r.FormValue("text")))
	case "evaluate":
		err = p.Timesheet.EvaluateDesk(ctx, actor, door, marksIn(r, timesheet.MediatorSide))
		done = "session.said.thanks"
	default:
		return fault.Invalid("", "mediation.form")
	}
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showOwnSession(w, r, http.StatusUnprocessableEntity, ownView{Typed: maps.Clone(r.Form), Mistakes: m})
	}
	return after(w, r, err, done, action)
}

// ReadReport reads the fields of a report; receipts that were sent before stay. rows are the rows of the form in which
// the expenses stand.
func ReadReport(f url.Values, before []timesheet.Expense) (report timesheet.Report, rows []int) {
	report = timesheet.Report{
		Began: momentIn(f.Get("began")), Ended: momentIn(f.Get("ended")), UserAbsent: f.Get("do") == "absent",
		Done: f["done"], Topics: f["topics"], Travel: numberIn(f, "travel"),
	}
	for i := range spentRows {
		n := strconv.Itoa(i)
		kind := f.Get("kind." + n)
		cents, ok := centsIn(f.Get("euros." + n))
		if kind == "" && cents == 0 && ok {
			continue
		}
		if !ok {
			cents = -1
		}
		e := timesheet.Expense{Kind: kind, Cents: cents}
		if i < len(before) {
			e.Receipt = before[i].Receipt
		}
		report.Spent, rows = append(report.Spent, e), append(rows, i)
	}
	return report, rows
}

// reportIn reads the form with its receipts.
func (p *Pages) reportIn(r *http.Request, before timesheet.File) (timesheet.Report, error) {
	report, rows := ReadReport(r.Form, before.Session.Spent)
	if r.MultipartForm == nil {
		return report, nil
	}
	for n, row := range rows {
		files := r.MultipartForm.File["receipt."+strconv.Itoa(row)]
		if len(files) == 0 {
			continue
		}
		file, err := files[0].Open()
		if err != nil {
			return report, err
		}
		kept, err := p.Timesheet.Receipts.Keep("spent", file, receipts)
		_ = file.Close() // it was only read
		if err != nil {
			return report, err
		}
		report.Spent[n].Receipt = kept
	}
	return report, nil
}

// discard takes away the receipts of a report that was refused.
func (p *Pages) discard(report timesheet.Report, before timesheet.File) {
	for _, e := range report.Spent {
		kept := slices.ContainsFunc(before.Session.Spent, func(old timesheet.Expense) bool { return old.Receipt == e.Receipt })
		if !kept && !e.Receipt.None() {
			_ = p.Timesheet.Receipts.Remove(e.Receipt) // a file that nothing names harms nobody
		}
	}
}

// marksIn reads the marks that one side gives.
func marksIn(r *http.Request, side string) []int {
	var marks []int
	for _, q := range timesheet.Questions[side] {
		n, err := strconv.Atoi(r.FormValue("mark." + q))
		if err != nil {
			n = 0 // none: the rule refuses it
		}
		marks = append(marks, n)
	}
	return marks
}

func (p *Pages) getReceipt(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return access.Missing()
	}
	kept, content, err := p.Timesheet.Receipt(r.Context(), access.From(r.Context()), r.PathValue("id"), n)
	if err != nil {
		return err
	}
	return web.Attachment(w, kept.Type, kept.Name, content)
}
