// SPDX-License-Identifier: EUPL-1.2

package register_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/register"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

var start = time.Date(2026, 11, 20, 8, 0, 0, 0, time.UTC)

// desk is the registers with a clock that can be set and a teller that notes what it is to tell.
type desk struct {
	*register.UseCases
	mu   sync.Mutex
	now  time.Time
	told map[string]register.Reminder
}

func eachDesk(t *testing.T, fn func(t *testing.T, d *desk)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := &desk{now: start, told: map[string]register.Reminder{}}
		clock := func() time.Time {
			d.mu.Lock()
			defer d.mu.Unlock()
			return d.now
		}
		guard, err := access.New(clock, access.Base(), register.Policy())
		if err != nil {
			t.Fatal(err)
		}
		d.UseCases = register.New(register.Deps{DB: database, Clock: clock, Guard: guard, Tell: func(_ context.Context, _ *db.Tx, r register.Reminder) error {
			d.told[r.Key] = r
			return nil
		}})
		fn(t, d)
	})
}

func (d *desk) at(after time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = start.Add(after)
}

func as(member string, roles ...access.Role) access.Actor {
	return access.Actor{Account: "x", Member: member, Roles: roles, Strong: true, Via: "page"}
}

var officer = as("asp", access.DataProtectionOfficer)

func missing(err error) bool { return fault.Is(err, fault.KindNotFound) }

func keys(err error) (list []string) {
	for _, f := range fault.All(err) {
		list = append(list, f.Message.Key)
	}
	return list
}

func TestTheClockOfABreach(t *testing.T) {
	t.Parallel()
	b := register.Breach{KnownAt: start}
	for after, want := range map[time.Duration]register.Stage{
		0: register.StageNew, 23 * time.Hour: register.StageNew, 24 * time.Hour: register.StageDay, 48 * time.Hour: register.StageTwoDays,
		65 * time.Hour: register.StageTwoDays, 66 * time.Hour: register.StageLast, 72*time.Hour - 1: register.StageLast, 72 * time.Hour: register.StageOver,
		1000 * time.Hour: register.StageOver,
	} {
		if got := b.StageAt(start.Add(after)); got != want {
			t.Errorf("after %s: %q, want %q", after, got, want)
		}
	}
	if b.StateAt(start.Add(register.Clock-1)) != register.Running || b.StateAt(start.Add(register.Clock)) != register.Overdue {
		t.Error("the clock does not run out after 72 hours")
	}
	for name, stopped := range map[string]register.Breach{
		"notified": {KnownAt: start, NotifiedAt: start.Add(time.Hour)}, "no risk": {KnownAt: start, Risk: register.RiskUnlikely}, "closed": {KnownAt: start, ClosedAt: start},
	} {
		if stage := stopped.StageAt(start.Add(1000 * time.Hour)); stage != "" {
			t.Errorf("%s: the clock still runs: %s", name, stage)
		}
	}
}

func TestBreachFromTheFirstWordToTheEnd(t *testing.T) {
	t.Parallel()
	eachDesk(t, func(t *testing.T, d *desk) {
		ctx := t.Context()
		worker := as("asp", access.CaseWorker)
		b, err := d.Report(ctx, worker, register.Breach{Title: "Mail al destinatario sbagliato", What: "Un allegato è andato a un altro ente.", Risk: register.RiskUnlikely, RiskWhy: "x"})
		if err != nil || b.Risk != "" || !b.KnownAt.Equal(start) || len(d.told) != 1 {
			t.Fatalf("%+v, %v, told %v", b, err, d.told)
		}
		if _, err := d.Breach(ctx, worker, b.ID); !missing(err) {
			t.Errorf("whoever reported reads on: %v", err)
		}
		if _, err := d.Breach(ctx, as("asl", access.DataProtectionOfficer), b.ID); !missing(err) {
			t.Errorf("another body's officer: %v", err)
		}
		weak := officer
		weak.Strong = false
		if _, err := d.Breach(ctx, weak, b.ID); !missing(err) {
			t.Errorf("without a second factor: %v", err)
		}
		for _, hours := range []time.Duration{1, 24, 25, 48, 66, 72, 90} {
			d.at(hours * time.Hour)
			if err := d.Remind(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if len(d.told) != 5 || d.told["register.breach/"+b.ID+"/over"].Member != "asp" {
			t.Errorf("told: %v", d.told)
		}
		// Notified after the 72 hours, and incomplete: both have to be mended.
		b.Risk, b.RiskWhy, b.NotifiedAt = register.RiskHigh, "dati sanitari", start.Add(80*time.Hour)
		if got := keys(second(d.Handle(ctx, officer, b, false))); !slices.Contains(got, "register.late_without_reason") || !slices.Contains(got, "register.notice_incomplete") {
			t.Errorf("%v", got)
		}
		b.Late, b.Persons, b.Data, b.Effects, b.Measures = "scoperta nel fine settimana", "circa 12 utenti", "contatti", "disagio", "richiamo del messaggio"
		kept, err := d.Handle(ctx, officer, b, false)
		if err != nil || kept.StateAt(d.Clock()) != register.Notified {
			t.Fatalf("%+v, %v", kept, err)
		}
		if _, err := d.Handle(ctx, officer, b, false); !fault.Is(err, fault.KindConflict) {
			t.Errorf("an edit of what was read before: %v", err)
		}
		// What the authority was told is not changed afterwards.
		moved := kept
		moved.KnownAt, moved.NotifiedAt = start.Add(20*time.Hour), start.Add(21*time.Hour)
		if kept, err = d.Handle(ctx, officer, moved, false); err != nil || !kept.KnownAt.Equal(start) || !kept.NotifiedAt.Equal(start.Add(80*time.Hour)) {
			t.Errorf("%+v, %v", kept, err)
		}
		if got := keys(second(d.Handle(ctx, officer, kept, true))); !slices.Equal(got, []string{"register.close_without_telling"}) {
			t.Errorf("%v", got)
		}
		kept.ToldHow, kept.ToldOn = "lettera nella loro lingua", "2026-11-24"
		if kept, err = d.Handle(ctx, officer, kept, true); err != nil || kept.StateAt(d.Clock()) != register.Closed {
			t.Errorf("%+v, %v", kept, err)
		}
		told := len(d.told)
		d.at(200 * time.Hour)
		if err := d.Remind(ctx); err != nil || len(d.told) != told {
			t.Errorf("reminded of what is closed: %v, %v", d.told, err)
		}
		steps, err := d.BreachHistory(ctx, officer, b.ID)
		if err != nil || len(steps) != 4 || steps[0].Action != "register.breach.handle" || steps[3].Action != "register.breach.report" {
			t.Errorf("%+v, %v", steps, err)
		}
		if d.Handles(ctx, as("else", access.Auditor), kept) || !d.Handles(ctx, officer, kept) {
			t.Error("auditors handle, or officers don't")
		}
		list, err := d.Breaches(ctx, as("else", access.Auditor))
		if err != nil || len(list) != 1 {
			t.Errorf("auditors: %d, %v", len(list), err)
		}
		n, err := db.Row(ctx, d.DB, db.Column[int], `SELECT COUNT(*) FROM audit_event WHERE record = $1`, b.ID)
		if err != nil || n != 4 {
			t.Errorf("%d events, %v", n, err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestReportOnlyForTheOwnBody(t *testing.T) {
	t.Parallel()
	eachDesk(t, func(t *testing.T, d *desk) {
		b, err := d.Report(t.Context(), as("asp", access.Trainer), register.Breach{Member: "asl", Title: "x", What: "y"})
		if err != nil || b.Member != "asp" {
			t.Errorf("%+v, %v", b, err)
		}
		if _, err := d.Report(t.Context(), access.Actor{}, register.Breach{Title: "x", What: "y"}); !missing(err) {
			t.Errorf("a stranger: %v", err)
		}
		if _, err := d.Report(t.Context(), officer, register.Breach{Title: "x", What: "y", KnownAt: start.Add(time.Hour)}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("known tomorrow: %v", err)
		}
	})
}

func TestOwnProcessings(t *testing.T) {
	t.Parallel()
	eachDesk(t, func(t *testing.T, d *desk) {
		ctx := t.Context()
		p := register.Processing{Name: "Liste cartacee", Purpose: "turni", Basis: "art. 6.1.e", Persons: "operatori", Data: "nomi", Kept: "un anno", Measures: "armadio chiuso"}
		if got := keys(second(d.SaveProcessing(ctx, officer, register.Processing{Name: "x", EndedOn: "domani"}))); len(got) != 7 {
			t.Errorf("%v", got)
		}
		saved, err := d.SaveProcessing(ctx, officer, p)
		if err != nil || saved.Member != "asp" || saved.Version != 1 {
			t.Fatalf("%+v, %v", saved, err)
		}
		saved.EndedOn = "2026-11-20"
		if saved, err = d.SaveProcessing(ctx, officer, saved); err != nil || saved.Version != 2 {
			t.Fatalf("%+v, %v", saved, err)
		}
		saved.Version = 1
		if _, err := d.SaveProcessing(ctx, officer, saved); !fault.Is(err, fault.KindConflict) {
			t.Errorf("%v", err)
		}
		for name, c := range map[string]struct {
			who  access.Actor
			want int
		}{
			"own": {officer, 1}, "another body": {as("asl", access.DataProtectionOfficer), 0}, "auditor": {as("asl", access.Auditor), 1}, "case worker": {as("asp", access.CaseWorker), 0},
		} {
			if list, err := d.Processings(ctx, c.who); err != nil || len(list) != c.want {
				t.Errorf("%s: %d, %v", name, len(list), err)
			}
		}
		steps, err := d.ProcessingHistory(ctx, officer, saved.ID)
		if err != nil || len(steps) != 2 || len(steps[0].Changes) != 1 || steps[0].Changes[0].Field != "ended_on" {
			t.Errorf("%+v, %v", steps, err)
		}
		if _, err := d.ProcessingHistory(ctx, as("asl", access.DataProtectionOfficer), saved.ID); !missing(err) {
			t.Errorf("another body's officer reads the history: %v", err)
		}
		if _, err := d.RestoreProcessing(ctx, as("asl", access.DataProtectionOfficer), saved.ID, 2, 1); !missing(err) {
			t.Errorf("another body's officer restores: %v", err)
		}
		if _, err := d.RestoreProcessing(ctx, officer, saved.ID, 1, 1); !fault.Is(err, fault.KindConflict) {
			t.Errorf("over what others have done since: %v", err)
		}
		back, err := d.RestoreProcessing(ctx, officer, saved.ID, 2, 1)
		if err != nil || back.EndedOn != "" || back.Version != 3 {
			t.Errorf("%+v, %v", back, err)
		}
		stolen := saved
		stolen.Version, stolen.Member = 3, "asl"
		if _, err := d.SaveProcessing(ctx, as("asl", access.DataProtectionOfficer), stolen); !missing(err) {
			t.Errorf("another body's officer takes it over: %v", err)
		}
	})
}

func TestRemarksOnAccessibility(t *testing.T) {
	t.Parallel()
	eachDesk(t, func(t *testing.T, d *desk) {
		ctx := t.Context()
		if got := keys(d.Say(ctx, register.Remark{Mail: "x", Page: strings.Repeat("p", 501)})); len(got) != 3 {
			t.Errorf("%v", got)
		}
		if err := d.Say(ctx, register.Remark{Text: "Il menu non si apre con la tastiera.", Mail: "io@posta.example", Language: "ar"}); err != nil {
			t.Fatal(err)
		}
		admin := as("asp", access.NetworkAdministrator)
		list, err := d.Remarks(ctx, admin)
		if err != nil || len(list) != 1 || list[0].Overdue(d.Clock()) || !list[0].Overdue(d.Clock().Add(31*24*time.Hour)) {
			t.Fatalf("%+v, %v", list, err)
		}
		if _, err := d.Remarks(ctx, officer); !missing(err) {
			t.Errorf("%v", err)
		}
		if err := d.Answer(ctx, admin, list[0].ID, "Corretto."); err != nil {
			t.Fatal(err)
		}
		if list, err = d.Remarks(ctx, admin); err != nil || list[0].Mail != "" || list[0].Answer != "Corretto." || list[0].AnsweredAt.IsZero() {
			t.Errorf("%+v, %v", list, err)
		}
		if err := d.Answer(ctx, admin, "none", "x"); !missing(err) {
			t.Errorf("%v", err)
		}
	})
}
