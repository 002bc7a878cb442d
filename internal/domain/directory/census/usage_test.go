// SPDX-License-Identifier: EUPL-1.2

package census_test

import (
	"fmt"
	"testing"

	places "approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

const browser = "Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile Safari/537.36"

func TestUseIsCountedWithoutMachinesAndSmallNumbers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		c := o.Counter(nil)
		view := func(id string, times int, agent string) {
			for range times {
				c.Viewed(agent, id)
			}
		}
		view("s1", 40, browser)
		view("s2", 7, browser)
		view("s3", 3, browser)
		view("s1", 9, "Mozilla/5.0 (compatible; Googlebot/2.1)")
		view("s1", 9, "")
		for range 6 {
			c.Searched(browser, "ar", []string{"food-and-meals"}, "PA")
		}
		o.must(c.Flush(ctx))
		view("s1", 2, browser) // the same day again
		o.must(c.Flush(ctx))
		day := calendar.DayOf(o.now, calendar.Rome())
		if today, err := o.UsePublic(ctx, day, day); err != nil || len(today) != 0 {
			t.Errorf("the day is not over: %v, %v", today, err)
		}
		o.now = o.now.AddDate(0, 0, 1)
		list, err := o.UsePublic(ctx, day, day)
		o.must(err)
		got := map[string]int{}
		for _, use := range list {
			got[use.Dimension+" "+use.Subject] = use.Count
		}
		// s3 is small; s2 is left out with it, or the sum would tell.
		want := map[string]int{"views ": 52, "service s1": 42, "searches ": 6, "language ar": 6, "need food-and-meals": 6, "province PA": 6}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("published %v, want %v", got, want)
		}
		totals, err := o.UseTotals(ctx, day-30, day)
		if err != nil || len(totals[census.UseService]) != 1 || totals[census.UseService][0].Count != 42 {
			t.Errorf("totals: %v, %v", totals, err)
		}
	})
}

func TestSearchesInVainAreRanked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		missed := directory.NewMissed(o.Directory, []byte("key"))
		ask := func(language, text, place string, visits int) {
			for i := range visits {
				o.must(missed.Note(ctx, language, text, fmt.Sprint(text, i), places.Ref(place)))
			}
		}
		ask("it", "corso di vela", "c:082053", 6) // Palermo
		ask("ar", "noleggio tandem", "p:TP", 9)
		ask("it", "scuola di volo", "", 4) // too few
		list, err := o.Lacks(ctx, editor("coop"), census.LackSelection{Most: 10})
		if err != nil || len(list) != 2 || list[0].Words != "noleggio tandem" || list[1].Places[0] != (census.Place{Province: "PA", Visits: 6}) {
			t.Fatalf("%+v, %v", list, err)
		}
		if list, err := o.Lacks(ctx, editor("coop"), census.LackSelection{Province: "PA", Most: 10}); err != nil || len(list) != 1 || list[0].Words != "corso di vela" {
			t.Errorf("in Palermo: %+v, %v", list, err)
		}
		if list, err := o.Lacks(ctx, editor("coop"), census.LackSelection{Language: "it", Most: 10}); err != nil || len(list) != 1 {
			t.Errorf("in Italian: %+v, %v", list, err)
		}
		o.must(o.DecideLack(ctx, editor("coop"), list[0].ID, census.DecisionService, "c'è a Trapani"))
		if left, err := o.Lacks(ctx, editor("coop"), census.LackSelection{Most: 10}); err != nil || len(left) != 1 {
			t.Errorf("decided: %+v, %v", left, err)
		}
		mediator := editor("coop")
		mediator.Roles = nil
		_, err = o.Lacks(ctx, mediator, census.LackSelection{Most: 10})
		o.missing("without a role", err)
		o.missing("without a role", o.DecideLack(ctx, mediator, list[0].ID, census.DecisionNo, ""))
	})
}
