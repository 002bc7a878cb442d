// SPDX-License-Identifier: EUPL-1.2

package agenda_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/agenda"
	"approdo/internal/kit/calendar/ical"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// Who takes part in a meeting of another body has it in the calendar of their own, without a way to the request.
func TestFeedOfWhoTakesPart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		asked, clashes, err := o.Mediation.Ask(t.Context(), desk, mediation.AskRequest{Request: mediation.Request{
			Kind: mediation.Scheduled, Language: "ar", Mode: mediation.Phone, Code: "SEGRETO-17", Bodies: []string{"asp"}, Slot: mediation.Slot{Start: at(10, 0), End: at(11, 0)},
		}})
		if err != nil {
			t.Fatalf("%v %v", err, clashes)
		}
		o.book(at(14, 0)) // in which they don't
		there := desk
		there.Account, there.Member = "sportello-asp", "asp"
		secret, err := o.MakeKey(t.Context(), there, agenda.BodyFeed, "sportello", "it")
		if err != nil {
			t.Fatal(err)
		}
		s, err := o.Subscribe(t.Context(), secret, voice.Origin)
		if err != nil {
			t.Fatal(err)
		}
		unfolded := strings.ReplaceAll(s.Text, "\r\n ", "")
		if strings.Count(unfolded, "BEGIN:VEVENT") != 1 || !strings.Contains(unfolded, "UID:"+agenda.UID(asked.Bookings[0])) || !strings.Contains(unfolded, "/it/office/mediation/meetings\r\n") {
			t.Errorf("%s", s.Text)
		}
		if strings.Contains(unfolded, "SEGRETO") || strings.Contains(unfolded, asked.Requests[0]) {
			t.Errorf("it tells too much: %s", s.Text)
		}
	})
}

// What leaves the house says when and in which language, and nothing of the person.
func TestFeeds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		request, booking := o.book(at(10, 0))
		own, err := o.MakeKey(t.Context(), mediator, agenda.Feed, "agenda di casa", "en")
		if err != nil {
			t.Fatal(err)
		}
		body, err := o.MakeKey(t.Context(), desk, agenda.BodyFeed, "sportello", "it")
		if err != nil {
			t.Fatal(err)
		}
		tags := map[string]string{}
		for secret, link := range map[string]string{own: "/en/mediation\r\n", body: "/it/office/mediation/requests/" + request} {
			s, err := o.Subscribe(t.Context(), secret, voice.Origin)
			if err != nil {
				t.Fatal(err)
			}
			file, dropped, err := ical.Read([]byte(s.Text), ical.File)
			if err != nil || dropped > 0 || len(file.Children) != 2 {
				t.Fatalf("%v, %d dropped: %s", err, dropped, s.Text)
			}
			unfolded := strings.ReplaceAll(s.Text, "\r\n ", "")
			for _, want := range []string{"UID:" + agenda.UID(booking), "DTSTART;TZID=Europe/Rome:20270303T100000", "SEQUENCE:0", "STATUS:CONFIRMED", "TZID:Europe/Rome", link} {
				if !strings.Contains(unfolded, want) {
					t.Errorf("no %q in %s", want, s.Text)
				}
			}
			for _, secret := range []string{"SEGRETO", "Amal"} {
				if strings.Contains(unfolded, secret) {
					t.Errorf("%s is told: %s", secret, s.Text)
				}
			}
			tags[secret] = s.Tag
		}
		if err := o.Mediation.Move(t.Context(), desk, request, mediation.Slot{Start: at(11, 0), End: at(12, 0)}); err != nil {
			t.Fatal(err)
		}
		s, err := o.Subscribe(t.Context(), own, voice.Origin)
		if err != nil || s.Tag == tags[own] || !strings.Contains(s.Text, "SEQUENCE:1") {
			t.Errorf("%v: moved, and the feed says %s", err, s.Text)
		}

		if _, _, err := o.Enter(t.Context(), own); !missing(err) {
			t.Errorf("the secret of a feed is a password: %v", err)
		}
		keys, err := o.Keys(t.Context(), mediator, agenda.Feed)
		if err != nil || len(keys) != 1 || keys[0].Used.IsZero() {
			t.Fatalf("%v %v", keys, err)
		}
		if err := o.Revoke(t.Context(), desk, keys[0].ID); !missing(err) {
			t.Errorf("somebody else revokes: %v", err)
		}
		if err := o.Revoke(t.Context(), mediator, keys[0].ID); err != nil {
			t.Fatal(err)
		}
		if _, err := o.Subscribe(t.Context(), own, voice.Origin); !missing(err) {
			t.Errorf("revoked, and still: %v", err)
		}
	})
}

// A password opens the calendar for as long as its owner is a mediator.
func TestPasswords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		secret, err := o.MakeKey(t.Context(), mediator, agenda.App, " il  mio telefono ", "it")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := o.Subscribe(t.Context(), secret, voice.Origin); !missing(err) {
			t.Errorf("a password is the address of a feed: %v", err)
		}
		for _, wrong := range []string{"", "x", secret[1:] + "x", strings.ToLower(secret)} {
			if _, _, err := o.Enter(t.Context(), wrong); !missing(err) {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		o.roles = nil
		if _, _, err := o.Enter(t.Context(), secret); !missing(err) {
			t.Errorf("no mediator any more: %v", err)
		}
		o.roles = []access.Role{access.Mediator}
		if _, k, err := o.Enter(t.Context(), secret); err != nil || k.Name != "il mio telefono" {
			t.Errorf("%v %v", k, err)
		}
		for range 9 {
			if _, err := o.MakeKey(t.Context(), mediator, agenda.App, "altro", "it"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := o.MakeKey(t.Context(), mediator, agenda.App, "uno di troppo", "it"); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("an eleventh: %v", err)
		}
		if _, err := o.MakeKey(t.Context(), desk, agenda.App, "x", "it"); !missing(err) {
			t.Errorf("a desk has the calendar of a mediator: %v", err)
		}
		if _, err := o.MakeKey(t.Context(), mediator, agenda.BodyFeed, "x", "it"); !missing(err) {
			t.Errorf("a mediator has the calendar of a body: %v", err)
		}
		if err := o.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return o.Erased(ctx, tx, mediator.Account) }); err != nil {
			t.Fatal(err)
		}
		if _, _, err := o.Enter(t.Context(), secret); !missing(err) {
			t.Errorf("erased, and still: %v", err)
		}
	})
}

// A new entry is a time off; one onto a booking is refused, and nothing of its text is kept.
func TestTimesOff(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		actor, k := o.program()
		put := func(name string, data []byte, c agenda.Condition) (bool, error) {
			return o.Put(t.Context(), actor, k, voice, name, data, c)
		}
		fresh := agenda.Condition{New: true}
		if created, err := put("a.ics", event("a", at(10, 0), at(12, 0)), fresh); err != nil || !created {
			t.Fatalf("%v %v", created, err)
		}
		a := o.entries(k)["a.ics"]
		if a.UID != "a" || strings.Contains(a.Text, "dentista") || !strings.Contains(a.Text, "DTSTART;TZID=Europe/Rome:20270303T100000") {
			t.Errorf("%s", a.Text)
		}
		off, err := o.Mediation.Agenda(t.Context(), mediator, o.amal.ID, at(0, 0), at(24, 0))
		if err != nil || len(off.Exceptions) != 1 || len(off.Working) != 2 {
			t.Errorf("the rules do not know of it: %+v %v", off, err)
		}
		_, booking := o.book(at(14, 0))
		for name, one := range map[string]struct {
			name string
			data []byte
			c    agenda.Condition
			want agenda.Refusal
		}{
			"onto a booking":          {"b.ics", event("b", at(14, 30), at(16, 0)), fresh, agenda.RefusedTaken},
			"again as new":            {"a.ics", event("a", at(10, 0), at(12, 0)), fresh, agenda.RefusedStale},
			"over another state":      {"a.ics", event("a", at(10, 0), at(12, 0)), agenda.Condition{Tag: "x"}, agenda.RefusedStale},
			"the same elsewhere":      {"c.ics", event("a", at(10, 0), at(12, 0)), fresh, agenda.RefusedSame},
			"a booking elsewhere":     {"c.ics", event(agenda.UID(booking), at(14, 0), at(15, 0)), fresh, agenda.RefusedSame},
			"another identifier":      {"a.ics", event("z", at(10, 0), at(12, 0)), agenda.Condition{}, agenda.RefusedSame},
			"free time":               {"d.ics", event("d", at(10, 0), at(12, 0), "TRANSP:TRANSPARENT"), fresh, agenda.RefusedData},
			"without end":             {"d.ics", event("d", at(7, 0), at(8, 0), "RRULE:FREQ=DAILY"), fresh, agenda.RefusedData},
			"a rule without sense":    {"d.ics", event("d", at(7, 0), at(8, 0), "RRULE:FREQ=HOURLY"), fresh, agenda.RefusedData},
			"no calendar":             {"d.ics", []byte("ciao"), fresh, agenda.RefusedText},
			"a name that is no entry": {"d", event("d", at(10, 0), at(12, 0)), fresh, agenda.RefusedData},
		} {
			if _, err := put(one.name, one.data, one.c); why(t, err) != one.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if created, err := put("a.ics", event("a", at(9, 0), at(10, 0)), agenda.Condition{Tag: a.Tag}); err != nil || created {
			t.Errorf("%v %v", created, err)
		}
		if created, err := put("w.ics", event("w", at(16, 0), at(17, 0), "RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE:20270310T150000Z"), fresh); err != nil || !created {
			t.Errorf("%v %v", created, err)
		}
		if w := o.entries(k)["w.ics"]; len(w.Times) != 3 || !strings.Contains(w.Text, "RDATE;TZID=Europe/Rome:20270317T160000,20270324T160000") {
			t.Errorf("%s", w.Text)
		}
		for _, name := range []string{"w.ics", "a.ics"} {
			if err := o.Delete(t.Context(), actor, k, voice, name, agenda.Condition{}); err != nil {
				t.Error(err)
			}
		}
		if err := o.Delete(t.Context(), actor, k, voice, "a.ics", agenda.Condition{}); why(t, err) != agenda.RefusedMissing {
			t.Errorf("deleted twice: %v", err)
		}
		if left := o.entries(k); len(left) != 1 {
			t.Errorf("%v", left)
		}
		// One that was entered on the page is there too, and can be taken away.
		if _, err := o.Mediation.AddException(t.Context(), mediator, mediation.Exception{Mediator: o.amal.ID, Slot: mediation.Slot{Start: at(9, 0), End: at(10, 0)}}); err != nil {
			t.Fatal(err)
		}
		for name, i := range o.entries(k) {
			if i.UID != agenda.UID(booking) {
				if err := o.Delete(t.Context(), actor, k, voice, name, agenda.Condition{Tag: i.Tag}); err != nil {
					t.Error(err)
				}
			}
		}
		if left := o.entries(k); len(left) != 1 {
			t.Errorf("%v", left)
		}
	})
}

// A booking is moved and given back by the rules, whoever moves it.
func TestBookingsByPrograms(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		actor, k := o.program()
		request, first := o.book(at(10, 0))
		_, second := o.book(at(14, 0))
		name := first + ".ics"
		tag := func() agenda.Condition { return agenda.Condition{Tag: o.entries(k)[name].Tag} }
		put := func(start, end time.Time, more ...string) error {
			_, err := o.Put(t.Context(), actor, k, voice, name, event(agenda.UID(first), start, end, more...), tag())
			return err
		}
		for _, one := range []struct {
			say        string
			start, end time.Time
			more       []string
			want       agenda.Refusal
		}{
			{"nothing but an alarm", at(10, 0), at(11, 0), nil, ""},
			{"onto another booking", at(14, 30), at(15, 30), nil, agenda.RefusedTaken},
			{"out of the hours", at(18, 0), at(19, 0), nil, agenda.RefusedTaken},
			{"longer", at(10, 0), at(11, 30), nil, agenda.RefusedRule},
			{"at short notice", at(10, 0).AddDate(0, 0, -1).Add(-5 * time.Hour), at(11, 0).AddDate(0, 0, -1).Add(-5 * time.Hour), nil, agenda.RefusedRule},
			{"off the five minutes", at(11, 2), at(12, 2), nil, agenda.RefusedRule},
			{"every week", at(11, 0), at(12, 0), []string{"RRULE:FREQ=WEEKLY;COUNT=3"}, agenda.RefusedRule},
			{"to a free hour", at(11, 0), at(12, 0), nil, ""},
		} {
			if err := put(one.start, one.end, one.more...); why(t, err) != one.want {
				t.Errorf("%s: %v", one.say, err)
			}
		}
		f, err := o.Mediation.File(t.Context(), desk, request)
		if err != nil || !f.Request.Slot.Start.Equal(at(11, 0)) || !f.Bookings[0].Slot.Start.Equal(at(11, 0)) {
			t.Errorf("%v %+v", err, f.Request.Slot)
		}
		if len(o.desk) != 1 || o.desk[0].Template != "mediation.desk_moved" || o.desk[0].Request.ID != request {
			t.Errorf("the desk was told %+v", o.desk)
		}
		if err := o.Delete(t.Context(), actor, k, voice, name, agenda.Condition{Tag: "old"}); why(t, err) != agenda.RefusedStale {
			t.Errorf("given back unseen: %v", err)
		}
		if err := o.Delete(t.Context(), actor, k, voice, name, tag()); err != nil {
			t.Fatal(err)
		}
		if f, err = o.Mediation.File(t.Context(), desk, request); err != nil || f.Request.State != mediation.Open || f.Bookings[0].State != mediation.Declined {
			t.Errorf("%v %+v", err, f.Request)
		}
		o.pass(72 * time.Hour)
		if err := o.Delete(t.Context(), actor, k, voice, second+".ics", agenda.Condition{}); why(t, err) != agenda.RefusedRule {
			t.Errorf("what has begun is given back: %v", err)
		}
	})
}

// Whatever changed, by whatever way, is told to who knows an earlier state.
func TestSince(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		_, k := o.program()
		state := func() (string, []agenda.Item) {
			list, err := o.Items(t.Context(), k, voice)
			if err != nil {
				t.Fatal(err)
			}
			token, err := o.Remember(t.Context(), k, list)
			if err != nil {
				t.Fatal(err)
			}
			return token, list
		}
		empty, _ := state()
		request, first := o.book(at(10, 0))
		one, list := state()
		if again, _ := state(); again != one || one == empty {
			t.Errorf("%s, %s, %s", empty, one, again)
		}
		since := func(token string) (names, gone []string) {
			changed, gone, err := o.Since(t.Context(), k, token, list)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range changed {
				names = append(names, i.Name)
			}
			return names, gone
		}
		if names, gone := since(empty); cmp.Diff([]string{first + ".ics"}, names) != "" || gone != nil {
			t.Errorf("%v %v", names, gone)
		}
		if names, gone := since(one); names != nil || gone != nil {
			t.Errorf("nothing has changed: %v %v", names, gone)
		}
		if err := o.Mediation.Cancel(t.Context(), desk, request); err != nil {
			t.Fatal(err)
		}
		_, second := o.book(at(14, 0))
		_, list = state()
		if names, gone := since(one); cmp.Diff([]string{second + ".ics"}, names) != "" || cmp.Diff([]string{first + ".ics"}, gone) != "" {
			t.Errorf("%v %v", names, gone)
		}
		if _, _, err := o.Since(t.Context(), k, "unheard-of", list); !missing(err) {
			t.Errorf("%v", err)
		}
		o.pass(91 * 24 * time.Hour)
		if err := o.Tidy(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, _, err := o.Since(t.Context(), k, one, list); !missing(err) {
			t.Errorf("a state is kept too long: %v", err)
		}
	})
}
