// SPDX-License-Identifier: EUPL-1.2

package roster_test

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"testing"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// rows is how many lines a table has.
func (o *office) rows(table string) int {
	o.t.Helper()
	n, err := db.Row(o.t.Context(), o.db, db.Column[int], `SELECT count(*) FROM `+table)
	o.must(err)
	return n
}

// Whoever fills in the form with somebody else's address keeps nobody from applying.
func TestNobodyIsKeptFromApplying(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx, w := t.Context(), o.window()
		joker := applying(w)
		joker.Entry.Name = "Scherzo Esempio"
		o.must(o.Apply(ctx, joker))
		theirs, made := o.linkOf("roster.applied"), o.applied().Entry.ID
		o.must(o.Apply(ctx, applying(w)))
		if got := o.applied().Entry; got.Name != "Amal Esempio" || o.keys[made] || o.rows("mediation_document") != 1 || o.rows("mediation_mediator") != 1 {
			t.Errorf("%+v, %d papers, key kept: %v", got, o.rows("mediation_document"), o.keys[made])
		}
		if _, err := o.Follow(ctx, theirs); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the link of the former leads somewhere: %v", err)
		}
		own := o.linkOf("roster.applied")
		o.must(o.Confirm(ctx, own))
		o.must(o.Apply(ctx, func() roster.Applying { a := applying(w); a.Entry.Name = "Scherzo Esempio"; return a }()))
		if got := o.applied().Entry.Name; got != "Amal Esempio" {
			t.Errorf("a confirmed application was replaced by %s", got)
		}
		o.must(o.Withdraw(ctx, own))
		again := applying(w)
		again.Entry.Name = "Amal Esempio Due"
		o.must(o.Apply(ctx, again))
		if _, err := o.Follow(ctx, own); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the link of what was withdrawn leads somewhere: %v", err)
		}
		if f, err := o.Follow(ctx, o.linkOf("roster.applied")); err != nil || f.Entry.Name != "Amal Esempio Due" || f.Confirmed {
			t.Errorf("%+v, %v", f, err)
		}
		if len(o.letters) != 4 || slices.ContainsFunc(o.letters, func(l roster.Letter) bool { return l.Template != "roster.applied" }) {
			t.Errorf("the answers differ: %+v", o.letters)
		}
	})
}

// Who is not confirmed is not listed, and goes after two days with the papers; who is confirmed stays.
func TestWhoIsNotConfirmedGoes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx, w := t.Context(), o.window()
		o.must(o.Apply(ctx, applying(w)))
		id := o.applied().Entry.ID
		o.must(o.Judge(ctx, first, id, []int{10, 10}, ""))
		err := o.decide(id, roster.Decision{Kind: roster.List, Number: "2/2027"})
		if all := fault.All(err); len(all) != 1 || all[0].Message.Key != "roster.decide.unconfirmed" {
			t.Errorf("listed without being confirmed: %v", err)
		}
		other := applying(w)
		other.Entry.Contact.Mail = "bilal@rete.example"
		o.must(o.Apply(ctx, other))
		o.must(o.Complete(ctx, o.linkOf("roster.applied"), "ecco", nil)) // who uses the link has the address
		if n, err := o.Waits(ctx, first); err != nil || n.Applications != 1 {
			t.Errorf("%+v wait, %v: who is not confirmed is no work yet", n, err)
		}
		if list, _, err := o.Applicants(ctx, first, "", 1, 10); err != nil || len(list) != 2 || !list[0].Confirmed || list[1].Confirmed {
			t.Errorf("%+v, %v: who is not confirmed stands last", list, err)
		}
		o.later(2)
		o.must(o.Daily(ctx))
		if n := o.rows("mediation_application"); n != 2 {
			t.Errorf("%d applications after two days", n)
		}
		o.later(1)
		o.must(o.Daily(ctx))
		o.must(o.Daily(ctx))
		if got := o.applied(); !got.Confirmed || got.Entry.ID == id || o.keys[id] {
			t.Errorf("%+v", got)
		}
		for _, table := range []string{"mediation_application", "mediation_mediator", "mediation_document", "mediation_origin", "mediation_follow"} {
			if n := o.rows(table); n != 1 {
				t.Errorf("%d lines in %s", n, table)
			}
		}
		if n := o.rows("mediation_points"); n != 0 {
			t.Errorf("%d points are left", n)
		}
	})
}

// What stands on the list without a confirmed address is not published.
func TestWhoIsNotConfirmedIsNotPublished(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx, w := t.Context(), o.window()
		m := o.enlist("Amal Esempio", func(m *mediation.Mediator) { m.Shown, m.Agreed = mediation.ShownName, today })
		o.must(o.Publish(ctx, first, roster.Publication{On: true, Rule: "D.G.R. di prova n. 1"}))
		for _, c := range []struct {
			text string
			want int
		}{
			{`INSERT INTO mediation_application (id, time_window, language, sent) VALUES ('` + m.ID + `', '` + w.ID + `', 'it', 0)`, 0},
			{`UPDATE mediation_application SET confirmed = 1`, 1},
		} {
			if _, err := db.Exec(ctx, d, c.text); err != nil {
				t.Fatal(err)
			}
			if lists, err := o.Published(ctx); err != nil || len(lists) != 1 || len(lists[0].List) != c.want {
				t.Errorf("%s: %+v, %v", c.text, lists, err)
			}
		}
	})
}

// An application weighs so much, and a window holds so many that nobody confirmed.
func TestStrangersFillNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx, w := t.Context(), o.window()
		large := func() roster.Sent {
			return roster.Sent{Field: "paper0", Kind: "other", Source: bytes.NewReader([]byte("%PDF-1.7\n" + strings.Repeat("x", 4<<20)))}
		}
		a := applying(w)
		a.Papers = []roster.Sent{large(), large(), large()}
		if err := o.Apply(ctx, a); !fault.Is(err, fault.KindTooLarge) || o.rows("mediation_mediator") != 0 || o.rows("mediation_document") != 0 {
			t.Errorf("twelve megabytes: %v", err)
		}
		a.Papers = []roster.Sent{large(), large()}
		o.must(o.Apply(ctx, a))
		secret := o.linkOf("roster.applied")
		if err := o.Complete(ctx, secret, "", []roster.Sent{large()}); !fault.Is(err, fault.KindTooLarge) {
			t.Errorf("twelve megabytes in two turns: %v", err)
		}
		id := o.applied().Entry.ID
		if err := o.AddPapers(ctx, first, id, []roster.Sent{large()}); err != nil {
			t.Errorf("the office adds a paper: %v", err)
		}
		for i := range roster.MostUnconfirmed - 1 {
			n := strconv.Itoa(i)
			for _, text := range []string{
				`INSERT INTO mediation_mediator (id, version, account, member, section, state, name, sort_name, record, created, changed) VALUES ('m` + n + `', 1, '', 'coop', 'mediator', 'applied', 'M', 'm', '{}', 0, 0)`,
				`INSERT INTO mediation_application (id, time_window, language, sent) VALUES ('m` + n + `', '` + w.ID + `', 'it', 0)`,
			} {
				if _, err := db.Exec(ctx, d, text); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, mail := range []string{"amal@rete.example", "bilal@rete.example"} { // one known, one not: the same answer
			again := applying(w)
			again.Entry.Contact.Mail = mail
			err := o.Apply(ctx, again)
			if all := fault.All(err); len(all) != 1 || all[0].Field != "papers" || all[0].Message.Key != "roster.apply.full" {
				t.Errorf("%s with papers while many wait: %v", mail, err)
			}
		}
		for _, mail := range []string{"amal@rete.example", "bilal@rete.example"} { // nobody is kept out
			again := applying(w)
			again.Entry.Contact.Mail, again.Papers = mail, nil
			o.must(o.Apply(ctx, again))
			o.must(o.Complete(ctx, o.linkOf("roster.applied"), "", []roster.Sent{{Field: "paper-0", Kind: "curriculum", Source: pdf("curriculum")}}))
		}
		if n := o.rows("mediation_document"); n != 2 {
			t.Errorf("%d papers of two who confirmed their address", n)
		}
	})
}

// An address gets so many letters in an hour, whoever writes it into the form.
func TestAnAddressGetsFewLetters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx, w := t.Context(), o.window()
		taken := 0
		for i := range 9 {
			a := applying(w)
			a.Papers = nil
			if i%2 > 0 {
				a.Entry.Contact.Mail = "AMAL@rete.example"
			}
			err := o.Apply(ctx, a)
			if err == nil {
				taken++
			} else if all := fault.All(err); len(all) != 1 || all[0].Field != "mail" || all[0].Message.Key != "roster.apply.often" {
				t.Errorf("%v", err)
			}
		}
		if taken != 5 || len(o.letters) != 5 || o.rows("mediation_application") != 1 {
			t.Errorf("%d forms, %d letters, %d applications", taken, len(o.letters), o.rows("mediation_application"))
		}
		other := applying(w)
		other.Entry.Contact.Mail = "bilal@rete.example"
		o.must(o.Apply(ctx, other))
		o.later(1)
		o.must(o.Apply(ctx, applying(w)))
	})
}
