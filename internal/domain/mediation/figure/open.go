// SPDX-License-Identifier: EUPL-1.2

package figure

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/tally"
)

// Measures of the published data, each a table of one dimension.
const (
	ByOutcome       = "requests_by_outcome" // met, unmet, cancelled
	ByLanguage      = "requests_by_language"
	ByProvince      = "requests_by_province" // remote for those without one
	ByMode          = "requests_by_mode"
	ByBody          = "requests_by_body" // identifier of the body in the directory
	ByWeekday       = "requests_by_weekday"
	ByHour          = "requests_by_hour"
	UnmetByLanguage = "unmet_by_language"
	UnmetByProvince = "unmet_by_province"
	UnmetByWeekday  = "unmet_by_weekday"
	UnmetByHour     = "unmet_by_hour"
	HoursByMode     = "hours_by_mode"
	AnswerSeconds   = "answer_seconds" // on_call_median, on_call_p95, scheduled_…
)

// Open is one number of the published data.
type Open struct {
	Month   string `json:"month"`
	Measure string `json:"measure"`
	Subject string `json:"subject"`
	Value   int    `json:"value"`
	of      int    // requests behind it
}

const (
	openMonths = 36
	// settling is how long after its end a month is published: what a desk came back for counts as met by then.
	settling = mediation.LackDays
	// enoughAnswers is from how many on a median tells of nobody.
	enoughAnswers = 4 * tally.Fewest
)

// Remote is the province of what took place nowhere in particular.
const Remote = "remote"

// Open gives what anybody may read: the months that are over, of all bodies, counted once a day.
func (u *UseCases) Open(ctx context.Context) ([]Open, error) {
	u.published.Lock()
	defer u.published.Unlock()
	if today := calendar.DayOf(u.Clock(), calendar.Rome()); u.published.day != today {
		list, err := u.count(ctx)
		if err != nil {
			return nil, err
		}
		u.published.day, u.published.list = today, list
	}
	return slices.Clone(u.published.list), nil
}

// count counts what is published.
func (u *UseCases) count(ctx context.Context) (list []Open, err error) {
	rome := calendar.Rome()
	now := u.Clock().In(rome)
	settled := now.AddDate(0, 0, -settling)
	end := time.Date(settled.Year(), settled.Month(), 1, 0, 0, 0, 0, rome)
	months := map[string]*sums{}
	if err := u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		clear(months)
		return u.walk(ctx, tx, calendar.Interval{From: end.AddDate(0, -openMonths, 0), To: end}, "TRUE", nil, func(f fact) {
			if months[f.month] == nil {
				months[f.month] = newSums()
			}
			months[f.month].add(f)
		})
	}); err != nil {
		return nil, err
	}
	for month, s := range months {
		list = append(list, s.publishable(month)...)
	}
	slices.SortFunc(list, func(a, b Open) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Subject, b.Subject))
	})
	return list, nil
}

// part is a table that counts one outcome of what another table counts whole.
type part struct{ measure, whole, outcome string }

var parts = []part{
	{UnmetByLanguage, ByLanguage, "unmet"}, {UnmetByProvince, ByProvince, "unmet"}, {UnmetByWeekday, ByWeekday, "unmet"}, {UnmetByHour, ByHour, "unmet"},
	{HoursByMode, ByMode, "met"}, // most meetings take an hour: hours are nearly a count
}

// publishable are the numbers of a month that may be published. Every table goes through package tally by
// itself. Tables of one outcome can be held against others, too, so of them it is asked in addition that:
//
//   - their outcome is published: their sum would give it back, and with it what was hidden beside it;
//   - no subject is in them whose requests are hidden, or of which fewer than tally.Fewest requests had
//     another outcome: the difference would tell of those;
//   - of all subjects that are not in them together, the requests with another outcome are none or at
//     least tally.Fewest; or else the table is left out.
func (s *sums) publishable(month string) []Open {
	type cell struct{ measure, subject string }
	var plain []Open
	byPart, all := map[string][]Open{}, map[cell]int{}
	for _, o := range s.open(month) {
		all[cell{o.Measure, o.Subject}] = o.of
		if slices.ContainsFunc(parts, func(p part) bool { return p.measure == o.Measure }) {
			byPart[o.Measure] = append(byPart[o.Measure], o)
		} else {
			plain = append(plain, o)
		}
	}
	list := tally.Publishable(plain, func(o Open) string { return o.Measure }, func(o Open) int { return o.of })
	shown := map[cell]int{}
	for _, o := range list {
		shown[cell{o.Measure, o.Subject}] = o.of
	}
	for _, p := range parts {
		sum := shown[cell{ByOutcome, p.outcome}]
		if sum == 0 {
			continue
		}
		others := func(o Open) int { return all[cell{p.whole, o.Subject}] - o.of }
		some := tally.Publishable(byPart[p.measure], func(Open) string { return "" }, func(o Open) int {
			switch rest := others(o); {
			case shown[cell{p.whole, o.Subject}] == 0:
				return 1 // small, whatever it is
			case rest > 0:
				return min(o.of, rest)
			}
			return o.of
		})
		left := s.total.Requests - sum
		for _, o := range some {
			left -= others(o)
		}
		if left == 0 || left >= tally.Fewest {
			list = append(list, some...)
		}
	}
	return list
}

// open are the numbers of a month, small ones too. A nothing is no line: it tells of nobody.
func (s *sums) open(month string) (list []Open) {
	add := func(measure, subject string, value, of int) {
		if of > 0 {
			list = append(list, Open{month, measure, subject, value, of})
		}
	}
	add(ByOutcome, "met", s.total.Met(), s.total.Met())
	add(ByOutcome, "unmet", s.total.Unmet, s.total.Unmet)
	add(ByOutcome, "cancelled", s.total.Cancelled, s.total.Cancelled)
	for measure, counted := range map[string]map[string]Count{ByLanguage: s.languages, ByProvince: s.provinces, ByMode: s.modes, ByBody: s.bodies} {
		for subject, n := range counted {
			if measure == ByProvince {
				subject = cmp.Or(subject, Remote)
			}
			add(measure, subject, n.Requests, n.Requests)
			switch measure {
			case ByLanguage:
				add(UnmetByLanguage, subject, n.Unmet, n.Unmet)
			case ByProvince:
				add(UnmetByProvince, subject, n.Unmet, n.Unmet)
			case ByMode:
				add(HoursByMode, subject, n.Minutes/60, n.Met())
			}
		}
	}
	var hours [24]Cell
	for day, row := range s.grid {
		var whole Cell
		for hour, cell := range row {
			whole, hours[hour] = whole.plus(cell), hours[hour].plus(cell)
		}
		add(ByWeekday, strconv.Itoa(day+1), whole.Requests, whole.Requests)
		add(UnmetByWeekday, strconv.Itoa(day+1), whole.Unmet, whole.Unmet)
	}
	for hour, cell := range hours {
		add(ByHour, fmt.Sprintf("%02d", hour), cell.Requests, cell.Requests)
		add(UnmetByHour, fmt.Sprintf("%02d", hour), cell.Unmet, cell.Unmet)
	}
	for kind, all := range s.waits {
		if w := waitOf(all); w.Answers >= enoughAnswers {
			add(AnswerSeconds, string(kind)+"_median", int(w.Median.Seconds()), w.Answers)
			add(AnswerSeconds, string(kind)+"_p95", int(w.P95.Seconds()), w.Answers)
		}
	}
	return list
}

func (c Cell) plus(o Cell) Cell {
	return Cell{c.Requests + o.Requests, c.Unmet + o.Unmet}
}
