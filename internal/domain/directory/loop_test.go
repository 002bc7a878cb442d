// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

func TestScheduledCopiesArePublishedOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		k := openDesk(t, d)
		w := k.change(editor, "meals", func(s *directory.Service) { s.Card.Summary = "Da domani." })
		if err := k.Schedule(ctx, editor, "meals", w.Version, k.now.Add(-time.Minute)); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a time that has passed: %v", err)
		}
		if err := k.Schedule(ctx, editor, "meals", w.Version, k.now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if n, err := k.PublishDue(ctx); n != 0 || err != nil {
			t.Fatalf("too early: %d, %v", n, err)
		}
		k.now = k.now.Add(2 * time.Hour)
		counts := make(chan int, 4)
		for range 4 { // nodes
			go func() {
				n, err := k.PublishDue(ctx)
				if err != nil {
					t.Error(err)
				}
				counts <- n
			}()
		}
		total := 0
		for range 4 {
			total += <-counts
		}
		if _, list, err := k.History(ctx, editor, "meals"); err != nil || len(list) != 2 || total != 1 {
			t.Errorf("%d versions, %d times, %v", len(list), total, err)
		}
		if k.published("meals").Card.Summary != "Da domani." {
			t.Error("not published")
		}
		// One that can't be published goes back with the reason.
		w = k.change(editor, "meals", func(s *directory.Service) { s.Card.Summary = "Ancora." })
		if err := k.Schedule(ctx, editor, "meals", w.Version, k.now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		b := deskBatch()
		b.Services = b.Services[:1]
		b.Services[0].Description, b.OverEdits = "Testo della raccolta.", true
		mustSave(t, k.UseCases, b)
		k.now = k.now.Add(2 * time.Hour)
		if n, err := k.PublishDue(ctx); n != 0 || err != nil {
			t.Fatal(n, err)
		}
		if w := k.edit(editor, "meals"); w.State != directory.DraftOpen || w.Note != directory.ReasonPrefix+"edit.behind" || !w.Behind() {
			t.Errorf("%s %q", w.State, w.Note)
		}
	})
}

func TestTranslatingStandsInNobodysWay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		k := openDesk(t, d)
		mine := k.edit(editor, "meals") // an editor has the card open
		sheet, err := k.Sheet(ctx, translator, "meals", "ar")
		if err != nil || sheet.Groups[0].State != directory.TranslationUpToDate || sheet.Groups[1].State != directory.TranslationMissing {
			t.Fatalf("%+v, %v", sheet, err)
		}
		body := sheet.Groups[1]
		request := directory.TranslationRequest{ID: "meals", Language: "ar", Group: body.Group, Digest: body.Digest, Fields: map[string]string{"description": "نأكل في الثامنة.", "name": "سرقة"}}
		sheet, err = k.SaveTranslation(ctx, translator, request)
		if err != nil || sheet.Groups[1].State != directory.TranslationDraft {
			t.Fatal(err)
		}
		if e := k.published("meals"); len(e.Card.Translations) != 1 {
			t.Error("the public reads a draft")
		}
		if _, err := k.SaveTranslation(ctx, translator, request); !fault.Is(err, fault.KindConflict) {
			t.Errorf("another draft was written over: %v", err)
		}
		request.Version, request.Publish = 1, true
		if _, err = k.SaveTranslation(ctx, translator, request); err != nil {
			t.Fatal(err)
		}
		e, _ := k.published("meals").In("ar")
		if e.Description != "نأكل في الثامنة." || e.Name != "مطعم مسائي" {
			t.Errorf("%q %q: only fields of the group are taken", e.Description, e.Name)
		}
		// The editor saves and publishes what was opened before; the translation stays, out of date.
		s := mine.Service
		s.Description = "Si mangia alle sette."
		w, err := k.SaveDraft(ctx, editor, directory.EditRequest{Service: s, Version: mine.Version, Base: mine.Current, Opens: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := k.PublishDraft(ctx, editor, "meals", w.Version, ""); err != nil {
			t.Fatal(err)
		}
		sheet, err = k.Sheet(ctx, translator, "meals", "ar")
		if err != nil || sheet.Groups[1].State != directory.TranslationOutdated || sheet.Groups[1].Fields[0].Was != "Si mangia alle otto." {
			t.Errorf("%+v, %v", sheet.Groups[1], err)
		}
		// Whoever translates while the original changes sees what changed, and keeps what was typed.
		late := directory.TranslationRequest{ID: "meals", Language: "ar", Group: body.Group, Digest: body.Digest, Fields: map[string]string{"description": "بعد"}}
		if sheet, err = k.SaveTranslation(ctx, translator, late); !fault.Is(err, fault.KindConflict) || sheet.Groups[1].Fields[0].Was != "Si mangia alle otto." {
			t.Errorf("%+v, %v", sheet.Groups[1], err)
		}
		for _, who := range []access.Actor{clerk, other, {}} {
			if _, err := k.Sheet(ctx, who, "meals", "ar"); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%+v: %v", who, err)
			}
		}
	})
}

// letters gathers what a verifier tells.
type letters struct {
	list []directory.VerificationLetter
}

func (l *letters) tell(_ context.Context, _ *db.Tx, one directory.VerificationLetter) error {
	l.list = append(l.list, one)
	return nil
}

func TestTheLoopAsksRemindsAndEscalates(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		k := openDesk(t, d)
		var sent letters
		v := directory.NewVerifier(k.UseCases, []byte("key"), sent.tell)
		run := func(days int, want directory.Rounds) {
			t.Helper()
			k.now = k.now.AddDate(0, 0, days)
			got, err := v.Run(ctx)
			if err != nil || got != want {
				t.Errorf("%s: %+v, want %+v, %v", k.now.Format(time.DateOnly), got, want, err)
			}
		}
		if err := k.SetContact(ctx, editor, "meals", directory.Contact{Email: "chi@ente.example", Language: "uk"}); err != nil {
			t.Fatal(err)
		}
		// Meals were confirmed on 10 September and are to be again after 90 days: on 9 December.
		run(-30, directory.Rounds{}) // 25 October
		run(25, directory.Rounds{Asked: 1})
		run(0, directory.Rounds{})
		first := sent.list[0]
		if first.Email != "chi@ente.example" || first.Language != "uk" || first.Service != "meals" || first.Token == "" || first.Due.String() != "2026-12-09" {
			t.Errorf("%+v", first)
		}
		run(20, directory.Rounds{Reminded: 1}) // 9 December
		run(0, directory.Rounds{})
		run(14, directory.Rounds{Escalated: 1})
		run(1, directory.Rounds{})
		if last := sent.list[2]; last.Kind != directory.LetterEscalate || last.Email != "comune@ente.example" || last.Token != first.Token || strings.Join(last.Bodies, " ") != "comune" {
			t.Errorf("%+v", last)
		}
		if err := v.Confirm(ctx, first.Token); err != nil {
			t.Fatal(err)
		}
		if e := k.published("meals"); e.AssuredDate != "2026-12-24" {
			t.Errorf("confirmed on %s", e.AssuredDate)
		}
		if err := v.Confirm(ctx, first.Token); !fault.Is(err, fault.KindConflict) {
			t.Errorf("answered twice: %v", err)
		}
		n, err := db.Row(ctx, d, db.Column[int64], `SELECT count(*) FROM audit_event WHERE action = $1 AND via = $2`, "directory.verification.confirm", audit.ViaLink)
		if err != nil || n != 1 {
			t.Errorf("%d events, %v", n, err)
		}
	})
}

func TestALinkOpensOneEntryAndNothingElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		k := openDesk(t, d)
		var sent letters
		v := directory.NewVerifier(k.UseCases, []byte("key"), sent.tell)
		meals, err := v.Ask(ctx, editor, "meals")
		if err != nil {
			t.Fatal(err)
		}
		permit, err := v.Ask(ctx, editor, "permit")
		if err != nil {
			t.Fatal(err)
		}
		id, signature, _ := strings.Cut(meals, ".")
		other, _, _ := strings.Cut(permit, ".")
		stranger := directory.NewVerifier(k.UseCases, []byte("another key"), sent.tell)
		for name, token := range map[string]string{"empty": "", "no signature": id, "of another": other + "." + signature, "cut": meals[:len(meals)-2], "long": meals + strings.Repeat("A", 300)} {
			if _, err := v.Open(ctx, token); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := stranger.Open(ctx, meals); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("another key: %v", err)
		}
		a, err := v.Open(ctx, meals)
		if err != nil || a.Entry.ID != "meals" {
			t.Fatal(err)
		}
		// A new question takes the place of the one before.
		if _, err := v.Ask(ctx, editor, "meals"); err != nil {
			t.Fatal(err)
		}
		if _, err := v.Open(ctx, meals); !directory.LinkLapsed(err) {
			t.Errorf("withdrawn: %v", err)
		}
		k.now = k.now.AddDate(0, 0, 61)
		if _, err := v.Open(ctx, permit); !fault.Is(err, fault.KindNotFound) || !directory.LinkLapsed(err) {
			t.Errorf("expired: %v", err)
		}
		// Whoever holds a link that was ours gets another to the known address, once a day.
		for _, token := range []string{meals, meals, other + "." + signature} {
			if err := v.Renew(ctx, token); err != nil && token == meals {
				t.Fatal(err)
			} else if err == nil && token != meals {
				t.Error("a foreign link was renewed")
			}
		}
		if last := sent.list[len(sent.list)-1]; len(sent.list) != 4 || last.Kind != directory.LetterAsk || last.Email != "cucina@ente.example" {
			t.Errorf("%d letters, %+v", len(sent.list), last)
		} else if _, err := v.Open(ctx, last.Token); err != nil {
			t.Error(err)
		}
		// What the contact of a hidden service sees is what the public reads.
		k.now = clock()
		if err := k.SetContact(ctx, refugeEdit, "house", directory.Contact{Email: "casa@ente.example", Language: "it"}); err != nil {
			t.Fatal(err)
		}
		hidden, err := v.Ask(ctx, networkAdm, "house")
		if err != nil {
			t.Fatal(err)
		}
		if a, err := v.Open(ctx, hidden); err != nil || len(a.Entry.Sites) != 0 || a.Entry.Email != "" {
			t.Errorf("%+v, %v", a.Entry, err)
		}
		if err := v.Correct(ctx, hidden, directory.Correction{Note: "Ora siamo in Via Segreta 9"}); err != nil {
			t.Fatal(err)
		}
		n, err := db.Row(ctx, d, db.Column[int64], `SELECT count(*) FROM audit_event WHERE reason LIKE '%Segreta%' OR changes LIKE '%Segreta%' OR changes LIKE '%CANARINO%'`)
		if err != nil || n != 0 {
			t.Errorf("the log tells where: %d, %v", n, err)
		}
	})
}

func TestBulkIsAllOrNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		k := openDesk(t, d)
		ids := []string{"meals", "permit"}
		k.change(editor, "meals", func(s *directory.Service) { s.Description = "Sto scrivendo." })
		change := directory.BulkChange{Kind: directory.BulkPhone, Value: "0923000111", Other: "0923 000999"}
		plan, err := k.PlanBulk(ctx, editor, ids, change)
		if err != nil || plan.Change != 2 {
			t.Fatalf("%+v, %v", plan, err)
		}
		if _, err := k.ApplyBulk(ctx, editor, ids, change, plan.Digest); err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			if k.published(id).Phones[0].Number != "0923 000999" {
				t.Errorf("%s was not changed", id)
			}
		}
		if w := k.edit(editor, "meals"); w.Behind() || w.Service.Description != "Sto scrivendo." || w.Service.Phones[0].Number != "0923 000999" {
			t.Errorf("the open draft did not follow: %+v", w.Service)
		}
		now, err := k.ApplyBulk(ctx, editor, ids, change, plan.Digest)
		if !fault.Is(err, fault.KindConflict) || len(now.Lines) != 2 || len(now.Lines[0].Since) != 1 || now.Lines[0].Since[0].Before != "0923 000111" {
			t.Errorf("an old preview: %+v, %v", now, err)
		}
		plan, err = k.PlanBulk(ctx, editor, []string{"meals", "house"}, directory.BulkChange{Kind: directory.BulkConfirmed})
		if err != nil || plan.Change != 1 || plan.Lines[0].Refused == nil {
			t.Errorf("%+v, %v", plan, err)
		}
		for name, c := range map[string]directory.BulkChange{
			"no kind": {}, "no reason": {Kind: directory.BulkStatus, Value: directory.StatusDefunct}, "backwards": {Kind: directory.BulkClosure, Value: "2026-12-26", Other: "2026-12-24"},
			"unknown need": {Kind: directory.BulkAddNeed, Value: "nothing"}, "no address": {Kind: directory.BulkEmail, Value: "nobody"},
		} {
			if _, err := k.PlanBulk(ctx, editor, ids, c); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestCompleteCards(t *testing.T) {
	t.Parallel()
	good := deskBatch().Services[0]
	if err := directory.Complete(good, false); err != nil {
		t.Fatal(err)
	}
	for field, spoil := range map[string]func(*directory.Service){
		"name":         func(s *directory.Service) { s.Name = strings.Repeat("x", 161) },
		"summary":      func(s *directory.Service) { s.Card.Summary = " " },
		"needs":        func(s *directory.Service) { s.Card.Needs = nil },
		"status":       func(s *directory.Service) { s.Status = "open" },
		"state_reason": func(s *directory.Service) { s.Status = directory.StatusInactive },
		"phones":       func(s *directory.Service) { s.Phones = nil },
		"closures": func(s *directory.Service) {
			s.Card.Hours.Closures = []directory.Closure{{From: "2026-08-10", To: "08-12"}}
		},
		"exceptions": func(s *directory.Service) {
			s.Card.Hours.Exceptions = []directory.Exception{{Date: "2026-08-10", OpensAt: "9"}}
		},
		"opens": func(s *directory.Service) {
			s.Card.Needs = []string{"gender-violence"}
			site := directory.Site{ID: "x"}
			site.Location.ID, site.Location.Comune = "x", "081011"
			s.Sites = []directory.Site{site}
		},
		"locations/x/latitude": func(s *directory.Service) {
			lat, lon := 12.43, 37.8
			site := directory.Site{ID: "x"}
			site.Location.ID, site.Location.Comune, site.Location.Latitude, site.Location.Longitude = "x", "081011", &lat, &lon
			s.Sites = []directory.Site{site}
		},
	} {
		s := deskBatch().Services[0]
		spoil(&s)
		all := fault.All(directory.Complete(s, false))
		if len(all) != 1 || all[0].Field != field {
			t.Errorf("%s: %v", field, all)
		}
	}
}
