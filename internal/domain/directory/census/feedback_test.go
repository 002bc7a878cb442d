// SPDX-License-Identifier: EUPL-1.2

package census_test

import (
	"strings"
	"testing"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

const reporter = "chi.segnala@posta.example"

func mistake(entry, word string) directory.Feedback {
	return directory.Feedback{Entry: entry, Kind: directory.MistakeHours, Language: "ar", Word: word}
}

func TestFeedbackGoesToTheBodyThatOffersTheService(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		o.say(mistake("s2", "chiude alle 12"), "")
		o.say(mistake("s3", "sabato no"), "")
		o.say(directory.Feedback{Entry: "s3", Kind: directory.FeedbackClear, Language: "it"}, "")
		if len(o.news) != 2 || o.news[0].Member != "ufficio" || o.news[0].Args["service"] != "Sportello" || len(o.news[0].Accounts) != 1 || o.news[0].Accounts[0] != "editor-comune" {
			t.Errorf("told: %+v", o.news)
		}
		for name, want := range map[string]int{"comune": 1, "ufficio": 1, "coop": 1} {
			list, total, fresh, err := o.Inbox(ctx, editor(name), census.FeedbackSelection{Size: 10})
			if err != nil || len(list) != want || total != want || fresh != want {
				t.Errorf("%s sees %d of %d, %d new: %v", name, len(list), total, fresh, err)
			}
		}
		all, _, _, err := o.Inbox(ctx, network(), census.FeedbackSelection{Size: 10})
		if err != nil || len(all) != 2 {
			t.Fatalf("the network sees %v, %v", all, err)
		}
		for _, f := range all {
			stranger := editor("coop")
			if f.Entry == "s3" {
				stranger = editor("comune")
			}
			_, err := o.ReadFeedback(ctx, stranger, f.ID)
			o.missing("another body's", err)
			o.missing("another body's", o.TakeUp(ctx, stranger, f.ID, f.Version))
		}
		if list, _, _, err := o.Inbox(ctx, editor("coop"), census.FeedbackSelection{Kind: directory.FeedbackClear, Size: 10}); err != nil || len(list) != 1 {
			t.Errorf("what is clear, when asked for: %v, %v", list, err)
		}
	})
}

func TestAnAnswerGoesBackAndTheAddressIsDestroyed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		o.say(mistake("s1", "chiude prima"), " "+reporter+" ")
		list, _, _, err := o.Inbox(ctx, editor("comune"), census.FeedbackSelection{Size: 10})
		if err != nil || len(list) != 1 || list[0].Contact != census.ContactKept || len(o.keys) != 1 {
			t.Fatalf("%+v, keys %v, %v", list, o.keys, err)
		}
		if stored, err := db.Row(ctx, d, db.Column[[]byte], `SELECT contact FROM directory_feedback`); err != nil || strings.Contains(string(stored), reporter) {
			t.Errorf("the address is stored as %q, %v", stored, err)
		}
		f := list[0]
		o.must(o.TakeUp(ctx, editor("comune"), f.ID, f.Version))
		if err := o.TakeUp(ctx, editor("comune"), f.ID, f.Version); !fault.Is(err, fault.KindConflict) {
			t.Errorf("an old version: %v", err)
		}
		answer := census.AnswerRequest{ID: f.ID, Version: f.Version + 1, Answer: "Corretto.", Reply: "Abbiamo corretto gli orari."}
		o.must(o.AnswerFeedback(ctx, editor("comune"), answer))
		if len(o.replies) != 1 || o.replies[0].Mail != reporter || o.replies[0].Language != "ar" || o.replies[0].Text != answer.Reply {
			t.Errorf("sent: %+v", o.replies)
		}
		settled, err := o.ReadFeedback(ctx, editor("comune"), f.ID)
		if err != nil || settled.Status != census.StatusAnswered || settled.Contact != census.ContactDestroyed || len(o.keys) != 0 {
			t.Errorf("afterwards: %+v, keys %v, %v", settled, o.keys, err)
		}
		if left, err := db.Row(ctx, d, db.Column[int], `SELECT count(*) FROM directory_feedback WHERE contact IS NOT NULL`); err != nil || left != 0 {
			t.Errorf("%d addresses left, %v", left, err)
		}
		answer.Version = settled.Version
		if err := o.AnswerFeedback(ctx, editor("comune"), answer); !fault.Is(err, fault.KindConflict) {
			t.Errorf("twice: %v", err)
		}
		if n := o.events("directory.feedback.answer"); n != 2 {
			t.Errorf("%d events, want 2", n)
		}
		if leaked, err := db.Row(ctx, d, db.Column[int], `SELECT count(*) FROM audit_event WHERE changes LIKE '%orari%' OR changes LIKE '%posta.example%'`); err != nil || leaked != 0 {
			t.Errorf("%d events say what was written, %v", leaked, err)
		}
	})
}

func TestAddressesAreForgotten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		o.say(directory.Feedback{Entry: "s1", Kind: directory.FeedbackUnclear, Language: "ar"}, reporter)
		if n, err := o.ForgetContacts(ctx); err != nil || n != 0 {
			t.Errorf("on the first day: %d, %v", n, err)
		}
		o.now = o.now.AddDate(0, 0, 91)
		if n, err := o.ForgetContacts(ctx); err != nil || n != 1 || len(o.keys) != 0 {
			t.Errorf("after ninety days: %d, %v, keys %v", n, err, o.keys)
		}
		f, _, _, err := o.Inbox(ctx, editor("comune"), census.FeedbackSelection{Size: 1})
		o.must(err)
		if err := o.AnswerFeedback(ctx, editor("comune"), census.AnswerRequest{ID: f[0].ID, Version: f[0].Version, Answer: "Fatto.", Reply: "Grazie."}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a reply to nobody: %v", err)
		}
		o.must(o.AnswerFeedback(ctx, editor("comune"), census.AnswerRequest{ID: f[0].ID, Version: f[0].Version, Close: true}))
	})
}

func TestWhatIsNoAddressIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		for _, bad := range []string{"mario", "mario@localhost", "Mario <m@posta.example>", "a@b.example\r\nBcc: c@d.example", strings.Repeat("a", 250) + "@posta.example"} {
			if _, err := o.Say(t.Context(), mistake("s1", "x"), bad); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if n, err := db.Row(t.Context(), d, db.Column[int], `SELECT count(*) FROM directory_feedback`); err != nil || n != 0 {
			t.Errorf("%d written, %v", n, err)
		}
	})
}
