// SPDX-License-Identifier: EUPL-1.2

package roster_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"testing"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// window is open for ten days.
func (o *office) window() roster.Window {
	o.t.Helper()
	w, err := o.KeepWindow(o.t.Context(), first, roster.Window{
		Section: mediation.MediatorSection, From: today, Until: today + 10, Title: "Avviso", Notice: "Chi può candidarsi", Act: "D.D. 1/2027", Pass: 12, Years: 2,
		Criteria: []roster.Criterion{{Name: "Lingue", Most: 10}, {Name: "Esperienza", Most: 10}},
	})
	o.must(err)
	return w
}

func applying(w roster.Window) roster.Applying {
	return roster.Applying{
		Window: w.ID, Language: "ar", Informed: true, Statement: roster.Statement{Experience: "dieci anni in ospedale"},
		Entry: mediation.Mediator{
			Name: "Amal Esempio", Languages: []mediation.Language{{Code: "ar", Level: "native"}}, Modes: []mediation.Mode{mediation.Phone}, Shown: mediation.ShownName,
			Contact: mediation.Contact{Mail: "amal@rete.example", Phone: "000"},
		},
		Papers: []roster.Sent{{Field: "paper-0", Kind: "curriculum", Source: pdf("curriculum")}},
	}
}

// applied is the entry of the only application.
func (o *office) applied() roster.Applicant {
	o.t.Helper()
	list, n, err := o.Applicants(o.t.Context(), first, "", 1, 10)
	o.must(err)
	if n != 1 || len(list) != 1 {
		o.t.Fatalf("%d %+v", n, list)
	}
	return list[0]
}

func (o *office) decide(id string, d roster.Decision) error {
	return o.Decide(o.t.Context(), first, id, o.entry(id).Version, d)
}

func TestFromApplicationToAppeal(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx := t.Context()
		w := o.window()
		o.must(o.Apply(ctx, applying(w)))
		secret := o.linkOf("roster.applied")
		if o.letters[0].Language != "ar" || o.letters[0].Mail != "amal@rete.example" || o.letters[0].Args["body"] != "Ente coop" {
			t.Errorf("%+v", o.letters[0])
		}
		o.must(o.Confirm(ctx, secret))
		o.must(o.Complete(ctx, secret, "anche due anni a scuola", nil))
		id := o.applied().Entry.ID
		if !o.applied().Confirmed {
			t.Error("the address is not confirmed")
		}
		if err := o.decide(id, roster.Decision{Kind: roster.List, Number: "2/2027"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("listed unjudged: %v", err)
		}
		o.must(o.Judge(ctx, first, id, []int{4, 5}, "parla bene"))
		if f, err := o.UseCases.Open(ctx, second, id); err != nil || len(f.Points) != 0 || f.Judged != 1 || f.Statement.Added[0] != "anche due anni a scuola" || len(f.Papers) != 1 {
			t.Errorf("before judging one sees what others gave: %+v, %v", f, err)
		}
		if err := o.decide(id, roster.Decision{Kind: roster.List, Number: "2/2027"}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("listed with too few points: %v", err)
		}
		o.must(o.Judge(ctx, second, id, []int{10, 9}, ""))
		if err := o.Judge(ctx, actor("coop", "third", "mediation-coordinator"), id, []int{1, 1}, ""); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a third evaluator: %v", err)
		}
		o.must(o.decide(id, roster.Decision{Kind: roster.List, Number: "2/2027"}))
		if m := o.entry(id); m.Standing != mediation.Listed || m.Act.Number != "2/2027" || m.Expires.String() != "2029-03-01" {
			t.Errorf("%+v", m)
		}
		if err := o.Complete(ctx, secret, "x", nil); !fault.Is(err, fault.KindConflict) {
			t.Errorf("completed after the decision: %v", err)
		}
		o.must(o.decide(id, roster.Decision{Kind: roster.Suspend, Reason: "due assenze", Until: today + 90}))
		follow := o.linkOf("roster.news")
		f, err := o.Follow(ctx, follow)
		o.must(err)
		if !f.Appeals || f.Decisions[1].Reason != "due assenze" || f.Decisions[1].Due != today+30 || f.Entry.Standing != mediation.Suspended {
			t.Errorf("%+v", f)
		}
		o.must(o.AppealBy(ctx, follow, "ero in ospedale"))
		if n, err := o.Waits(ctx, first); err != nil || n.Appeals != 1 || n.Due.IsZero() {
			t.Errorf("%+v %v", n, err)
		}
		if err := o.AppealBy(ctx, follow, "di nuovo"); !fault.Is(err, fault.KindConflict) {
			t.Errorf("appealed twice: %v", err)
		}
		o.must(o.decide(id, roster.Decision{Kind: roster.Uphold, Number: "9/2027", Reason: "documentato"}))
		if m := o.entry(id); m.Standing != mediation.Listed {
			t.Errorf("%+v", m)
		}
		if n, err := o.Waits(ctx, first); err != nil || n != (roster.Waiting{}) {
			t.Errorf("%+v %v", n, err)
		}
	})
}

func TestWhatApplyingRefuses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx := t.Context()
		w := o.window()
		for name, c := range map[string]struct {
			field  string
			change func(*roster.Applying)
		}{
			"without a name":             {"name", func(a *roster.Applying) { a.Entry.Name = " " }},
			"without a mail":             {"mail", func(a *roster.Applying) { a.Entry.Contact.Mail = "amal" }},
			"without a language":         {"languages", func(a *roster.Applying) { a.Entry.Languages = nil }},
			"with a language unheard of": {"languages", func(a *roster.Applying) { a.Entry.Languages[0].Code = "zz" }},
			"in person from nowhere":     {"comune", func(a *roster.Applying) { a.Entry.Modes = []mediation.Mode{mediation.InPerson} }},
			"without the notice":         {"informed", func(a *roster.Applying) { a.Informed = false }},
			"with a page as a paper":     {"paper-0", func(a *roster.Applying) { a.Papers[0].Source = strings.NewReader("<html>") }},
			"with a paper too large":     {"paper-0", func(a *roster.Applying) { a.Papers[0].Source = io.LimitReader(neverEnding{}, 6<<20) }},
		} {
			a := applying(w)
			c.change(&a)
			err := o.Apply(ctx, a)
			if all := fault.All(err); len(all) != 1 || all[0].Field != c.field {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, n, err := o.Applicants(ctx, first, "", 1, 10); err != nil || n != 0 || len(o.letters) != 0 {
			t.Errorf("what was refused is kept: %d, %v, %v", n, o.letters, err)
		}
		o.later(11)
		if err := o.Apply(ctx, applying(w)); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("applied when it is closed: %v", err)
		}
	})
}

type neverEnding struct{}

func (neverEnding) Read(b []byte) (int, error) {
	return copy(b, strings.Repeat("%PDF-1.7 ", 4096)), nil
}

// Who applies again with the same address gets another letter, and nobody learns that they had.
func TestApplyingTwiceIsOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		w := o.window()
		o.must(o.Apply(t.Context(), applying(w)))
		o.must(o.Confirm(t.Context(), o.linkOf("roster.applied")))
		again := applying(w)
		again.Entry.Name, again.Entry.Contact.Mail = "Qualcun Altro", "AMAL@rete.example"
		o.must(o.Apply(t.Context(), again))
		if a := o.applied(); a.Entry.Name != "Amal Esempio" || len(o.letters) != 2 || o.letters[1].Mail != "amal@rete.example" {
			t.Errorf("%+v %+v", a, o.letters)
		}
		o.must(o.Withdraw(t.Context(), o.linkOf("roster.applied")))
		if m := o.entry(o.applied().Entry.ID); m.Standing != mediation.Left {
			t.Errorf("%+v", m)
		}
	})
}

func TestWhatIsPublic(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx := t.Context()
		act, ids := mediation.Act{Number: "12/2027", Day: today}, map[string]string{}
		for name, change := range map[string]func(*mediation.Mediator){
			"Nome Esempio":     func(m *mediation.Mediator) { m.Shown, m.Agreed = mediation.ShownName, today },
			"Codice Esempio":   func(m *mediation.Mediator) { m.Shown, m.Agreed = mediation.ShownCode, today },
			"Tace Esempio":     nil,
			"Scaduto Esempio":  func(m *mediation.Mediator) { m.Shown, m.Agreed, m.Expires = mediation.ShownName, today, today-1 },
			"Senzatto Esempio": func(m *mediation.Mediator) { m.Shown, m.Agreed, m.Act = mediation.ShownName, today, mediation.Act{} },
		} {
			ids[name] = o.enlist(name, change).ID
		}
		if lists, err := o.Published(ctx); err != nil || len(lists) != 0 {
			t.Errorf("published without a rule: %+v, %v", lists, err)
		}
		if err := o.Publish(ctx, first, roster.Publication{On: true}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("no rule is named: %v", err)
		}
		o.must(o.Publish(ctx, first, roster.Publication{On: true, Rule: "D.G.R. di prova n. 1"}))
		lists, err := o.Published(ctx)
		o.must(err)
		if len(lists) != 1 || lists[0].Rule != "D.G.R. di prova n. 1" || len(lists[0].List) != 2 {
			t.Fatalf("%+v", lists)
		}
		if one, two := lists[0].List[0], lists[0].List[1]; one.Name != "Nome Esempio" || one.Act != act || !strings.HasPrefix(two.Name, "M-") || two.Named {
			t.Errorf("%+v", lists[0].List)
		} else if id := ids["Codice Esempio"]; two.Name != "M-"+strings.ToUpper(hex.EncodeToString(o.Index("mediation.code", id)[:4])) || two.Name == "M-"+unkeyed("mediator/"+id) || two.Name == "M-"+unkeyed(id) {
			t.Errorf("the code %s is not made with the key", two.Name)
		}
	})
}

// unkeyed is what anybody can make of a text.
func unkeyed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return strings.ToUpper(hex.EncodeToString(sum[:4]))
}

// Time ends suspensions and listings, and tells once of what runs out soon.
func TestDaily(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx := t.Context()
		m := o.enlist("Amal Esempio", func(m *mediation.Mediator) {
			m.Expires, m.Skills = today+100, []mediation.Skill{{Code: "health", Evidence: "corso", Until: today + 20}}
		})
		o.must(o.decide(m.ID, roster.Decision{Kind: roster.Suspend, Reason: "x", Until: today + 5}))
		letters := func(template string) int {
			n := 0
			for _, l := range o.letters {
				if l.Template == template {
					n++
				}
			}
			return n
		}
		for day, want := range map[int]mediation.Standing{0: mediation.Suspended} {
			_ = day
			o.must(o.Daily(ctx))
			if got := o.entry(m.ID).Standing; got != want {
				t.Errorf("%s", got)
			}
		}
		o.later(6)
		o.must(o.Daily(ctx))
		o.must(o.Daily(ctx))
		o.must(o.Daily(ctx))
		if got := o.entry(m.ID).Standing; got != mediation.Listed || letters("roster.expiring") != 1 {
			t.Errorf("%s, %d reminders", got, letters("roster.expiring"))
		}
		o.later(100)
		o.must(o.Daily(ctx))
		if got := o.entry(m.ID).Standing; got != mediation.Left {
			t.Errorf("%s after the last day", got)
		}
	})
}

// Somebody takes their data along, and is then gone for good.
func TestExportAndErase(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx := t.Context()
		o.must(o.Apply(ctx, applying(o.window())))
		id := o.applied().Entry.ID
		if _, err := o.Export(ctx, stranger, id); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("another body takes the data: %v", err)
		}
		file, err := o.Export(ctx, first, id)
		o.must(err)
		z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
		o.must(err)
		held := map[string]string{}
		for _, f := range z.File {
			r, err := f.Open()
			o.must(err)
			content, err := io.ReadAll(r)
			o.must(err)
			held[f.Name] = string(content)
		}
		if len(held) != 2 || !strings.Contains(held["dati.json"], "amal@rete.example") || !strings.Contains(held["dati.json"], "dieci anni in ospedale") {
			t.Errorf("%v", held)
		}
		secret := o.linkOf("roster.applied")
		if err := o.UseCases.Erase(ctx, first, id, " "); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("erased without a reason: %v", err)
		}
		o.must(o.UseCases.Erase(ctx, first, id, "lo chiede"))
		if _, err := o.Follow(ctx, secret); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the link still leads somewhere: %v", err)
		}
		left, err := o.Mediation.Entries(ctx, d, `m.id = $1`, id)
		o.must(err)
		if len(left) != 1 || left[0].Name == "Amal Esempio" || left[0].Standing != mediation.Left || o.keys[id] {
			t.Errorf("%+v", left)
		}
		for _, table := range []string{"mediation_document", "mediation_origin", "mediation_follow"} {
			n, err := db.Row(ctx, d, db.Column[int], `SELECT count(*) FROM `+table)
			if err != nil || n != 0 {
				t.Errorf("%s: %d, %v", table, n, err)
			}
		}
	})
}

func TestResidencies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx := t.Context()
		m := o.enlist("Amal Esempio", nil)
		monday := []mediation.Weekly{{Weekday: 1, From: 9 * 60, To: 13 * 60}}
		r := roster.Residency{Mediator: m.ID, From: today, Until: today + 55, Neighbours: []string{"comune"}, ResidencyFile: mediation.ResidencyFile{Office: mediation.Place{Name: "Casa di quartiere"}, Hours: monday}}
		if _, err := o.KeepResidency(ctx, stranger, roster.Residency{Mediator: m.ID, From: today, Until: today + 7, ResidencyFile: r.ResidencyFile}); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("somebody whom the body may not call, in its office: %v", err)
		}
		r, err := o.KeepResidency(ctx, first, r)
		o.must(err)
		if _, err := o.KeepResidency(ctx, first, roster.Residency{Mediator: m.ID, From: today, Until: today + 7, ResidencyFile: r.ResidencyFile}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("in two offices at once: %v", err)
		}
		here, err := o.HereToday(ctx, desk)
		o.must(err)
		if len(here) != 1 || !here[0].Now || here[0].Name != "Amal Esempio" || here[0].Edits {
			t.Fatalf("%+v", here)
		}
		if list, err := o.HereToday(ctx, actor("scuola", "far", "desk-operator")); err != nil || len(list) != 0 {
			t.Errorf("a body that is no neighbour: %+v, %v", list, err)
		}
		if err := o.EndResidency(ctx, stranger, r.ID, r.Version); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a neighbour ends it: %v", err)
		}
		o.later(7)
		o.must(o.EndResidency(ctx, first, r.ID, r.Version))
		if list, err := o.HereToday(ctx, desk); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
		if list, err := o.Residencies(ctx, first, today); err != nil || len(list) != 1 || list[0].Until != today+6 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestPostings(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx := t.Context()
		p := roster.Posting{Host: "comune", From: today, Name: "Operatore Esempio", Office: mediation.Place{Name: "Anagrafe"}, Hours: []mediation.Weekly{{Weekday: 2, From: 540, To: 780}}}
		p, err := o.KeepPosting(ctx, first, p)
		o.must(err)
		list, err := o.Postings(ctx, desk, today)
		o.must(err)
		if len(list) != 1 || list[0].Edits || list[0].Name != "Operatore Esempio" {
			t.Errorf("%+v", list)
		}
		p.Host = "nessuno"
		if _, err := o.KeepPosting(ctx, first, p); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("posted with nobody: %v", err)
		}
		p.Host, p.Until = "comune", today+1
		_, err = o.KeepPosting(ctx, first, p)
		o.must(err)
		if list, err := o.Postings(ctx, desk, calendar.Day(today+2)); err != nil || len(list) != 0 {
			t.Errorf("%+v %v", list, err)
		}
		o.must(d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			if _, err := db.Exec(ctx, tx, `UPDATE mediation_posting SET account = 'gone'`); err != nil {
				return err
			}
			return o.Erased(ctx, tx, "gone")
		}))
		if list, err := o.Postings(ctx, first, today); err != nil || len(list) != 1 || slices.Contains([]string{list[0].Name, list[0].Account}, "Operatore Esempio") {
			t.Errorf("%+v %v", list, err)
		}
	})
}
