// SPDX-License-Identifier: EUPL-1.2

package census_test

import (
	"strings"
	"testing"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

func TestAReportIsFollowedByALinkOfItsOwn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		link := o.say(mistake("s1", "chiude prima"), reporter)
		other := o.say(mistake("s1", "anche il sabato"), "")
		r, err := o.Follow(ctx, link, "it")
		if err != nil || r.Status != census.StatusNew || r.Word != "chiude prima" || r.Service != "Mensa" || r.Settled != "" {
			t.Fatalf("it waits: %+v, %v", r, err)
		}
		list, _, _, err := o.Inbox(ctx, editor("comune"), census.FeedbackSelection{Size: 10})
		o.must(err)
		for _, f := range list {
			read, err := o.ReadFeedback(ctx, editor("comune"), f.ID)
			if err != nil || !read.Followed {
				t.Errorf("the office does not know that it is followed: %+v, %v", read, err)
			}
			o.must(o.AnswerFeedback(ctx, editor("comune"), census.AnswerRequest{ID: f.ID, Version: f.Version, Answer: "Detto alla collega.", Reply: "Abbiamo corretto: " + f.Word}))
		}
		for address, word := range map[string]string{link: "chiude prima", other: "anche il sabato"} {
			if r, err = o.Follow(ctx, address, "it"); err != nil || r.Status != census.StatusAnswered || r.Reply != "Abbiamo corretto: "+word || r.Settled != "2026-11-24" {
				t.Errorf("answered: %+v, %v", r, err)
			}
		}
		if len(o.replies) != 1 || o.replies[0].Link != census.ReportPath+link {
			t.Errorf("the letter leads to %+v", o.replies)
		}
		id, _, _ := strings.Cut(link, ".")
		_, mac, _ := strings.Cut(other, ".")
		for _, wrong := range []string{"", ".", id, id + ".", id + "." + mac, link + "x"} {
			_, err := o.Follow(ctx, wrong, "it")
			o.missing(wrong, err)
		}
		o.now = o.now.AddDate(1, 0, 2)
		_, err = o.Follow(ctx, link, "it")
		o.missing("after a year", err)
	})
}

func TestNothingToFollowGivesNoLink(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		shelter := service("s4", "coop", "Casa")
		shelter.Card.Needs = []string{"gender-violence"}
		_, err := o.Directory.Save(t.Context(), directory.Batch{Source: "more", Services: []directory.Service{shelter}})
		o.must(err)
		for what, f := range map[string]directory.Feedback{
			"what is clear":                  {Entry: "s1", Kind: directory.FeedbackClear, Language: "it"},
			"one tap":                        {Entry: "s1", Kind: directory.FeedbackUnclear, Language: "it", Word: "  "},
			"what must leave nothing behind": {Entry: "s4", Kind: directory.MistakeHours, Language: "it", Word: "chiude prima"},
		} {
			if link := o.say(f, ""); link != "" {
				t.Errorf("%s: link %q", what, link)
			}
		}
		if link := o.say(directory.Feedback{Entry: "s1", Kind: directory.FeedbackUnclear, Language: "it", Word: "che cosa porto?"}, ""); link == "" {
			t.Error("a question has no link")
		}
	})
}
