// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"context"
	"strings"
	"testing"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

func TestFeedbackIsKeptWithoutWhoSaidIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		u := directory.New(d, clock)
		if _, err := u.Save(ctx, smallBatch()); err != nil {
			t.Fatal(err)
		}
		for _, f := range []directory.Feedback{
			{Entry: "s1", Kind: directory.FeedbackClear, Language: "ar"},
			{Entry: "s1", Kind: directory.MistakeHours, Language: "it", Word: "  il giovedì è chiuso "},
		} {
			if err := u.TakeFeedback(ctx, f); err != nil {
				t.Fatal(err)
			}
		}
		list, err := u.FeedbackOn(ctx, "s1")
		if err != nil || len(list) != 2 {
			t.Fatalf("%v, %v", list, err)
		}
		if list[1].Word != "il giovedì è chiuso" || list[1].Day != "2026-11-24" || list[0].Language != "ar" {
			t.Errorf("kept %+v", list)
		}
	})
}

func TestFeedbackRefuses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		u := directory.New(d, clock)
		if _, err := u.Save(ctx, smallBatch()); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			feedback directory.Feedback
			want     fault.Kind
		}{
			"no entry":   {directory.Feedback{Entry: "none", Kind: directory.FeedbackClear}, fault.KindNotFound},
			"no kind":    {directory.Feedback{Entry: "s1", Kind: "praise"}, fault.KindInvalid},
			"empty word": {directory.Feedback{Entry: "s1", Kind: directory.MistakeOther, Word: " "}, fault.KindInvalid},
			"long word":  {directory.Feedback{Entry: "s1", Kind: directory.MistakeOther, Word: strings.Repeat("ع", 501)}, fault.KindInvalid},
		} {
			if err := u.TakeFeedback(ctx, c.feedback); fault.KindOf(err) != c.want {
				t.Errorf("%s: %v, want %s", name, err, c.want)
			}
		}
		if list, err := u.FeedbackOn(ctx, "s1"); err != nil || len(list) != 0 {
			t.Errorf("refused and kept: %v, %v", list, err)
		}
	})
}
