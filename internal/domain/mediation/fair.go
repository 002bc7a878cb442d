// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"cmp"
	"context"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// fairOver is the time over which hours are shared out fairly.
const fairOver = 90 * 24 * time.Hour

// FairDays is how long fairOver is, for pages that show what the choice looks at.
const FairDays = int(fairOver / (24 * time.Hour))

// FairShare is what was given to one mediator in a time, beside what would have been fair.
type FairShare struct {
	Mediator       Mediator
	Planned, Given int     // minutes
	Bookings       int     // behind Given
	Present        float64 // of the time, in which they could have been called: from 0 to 1
	// Few says that the hours of others could be worked out from Planned, which is left out then: too few others
	// whom whoever looks may not see share one of the languages.
	Few bool
}

// How many others at least stand behind a number that is told: more for a body than for a mediator, as it knows what
// its own were given and may have asked for the others itself.
const (
	fewestForMediator = 2
	fewestForBody     = 3
)

// looking is who looks at shares of hours.
type looking struct {
	sees   func(mediator string) bool // listed, or not any more
	fewest int
}

// tells says whether a number behind which so many others stand gives away what somebody was given.
func (l looking) tells(others int) bool { return others > 0 && others < l.fewest }

// Fair is how the hours of a time were shared out.
type Fair struct {
	List   []FairShare // those whom the actor may see, the one who is owed most first
	Others int         // minutes of those of them who are on the list no more
}

// maxFairDays is the longest time that is looked at.
const maxFairDays = 366

// Fairness says how the hours of [from, to] were shared out. In every language the hours are shared by
// those who speak it, by the time in which they were there: nobody is owed what they missed. That
// somebody looked is recorded: it is about people at work. Faults: Invalid by field; access.Missing.
func (u *UseCases) Fairness(ctx context.Context, actor access.Actor, from, to calendar.Day) (f Fair, err error) {
	over, err := fairTime(from, to)
	if err != nil {
		return f, err
	}
	scope, args, err := u.Guard.Scope(actor, "mediation.fairness.read", mediatorTable, 1)
	if err != nil {
		return f, err
	}
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		seen, err := db.Rows(ctx, tx, db.Column[string], `SELECT m.id FROM mediation_mediator m WHERE `+scope, args...)
		if err != nil {
			return err
		}
		own := make(map[string]bool, len(seen))
		for _, id := range seen {
			own[id] = true
		}
		if f, err = fair(ctx, tx, over, looking{func(id string) bool { return own[id] }, fewestForBody}); err != nil || len(f.List) == 0 {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.fairness.read", Kind: "mediation-fairness", Record: actor.Member, Read: true})
	})
	return f, err
}

// fairTime is the time of some days, which begin in order and are not too many.
func fairTime(from, to calendar.Day) (calendar.Interval, error) {
	switch {
	case !from.Valid() || !to.Valid() || from > to:
		return calendar.Interval{}, fault.Invalid("to", "mediation.figure.order")
	case int(to-from) > maxFairDays:
		return calendar.Interval{}, fault.Invalid("from", "mediation.figure.long", "days", maxFairDays)
	}
	return calendar.Interval{From: calendar.Earliest(from, 0, calendar.Rome()), To: calendar.Earliest(to+1, 0, calendar.Rome())}, nil
}

// worked is what one mediator was given in one language.
type worked struct{ minutes, bookings int }

// fair shares out the hours of a time among all who are listed, for those whom somebody may see.
func fair(ctx context.Context, q db.Querier, over calendar.Interval, who looking) (Fair, error) {
	listed, err := db.Rows(ctx, q, scanMediator, `SELECT `+mediatorColumns+` FROM mediation_mediator m WHERE m.state = 'listed' ORDER BY m.id`)
	if err != nil {
		return Fair{}, err
	}
	off := map[string][]Exception{}
	if err := db.Walk(ctx, q, func(row db.Scanner) error {
		var e Exception
		if err := row.Scan(&e.Mediator, db.ScanTime(&e.Slot.Start), db.ScanTime(&e.Slot.End)); err != nil {
			return err
		}
		off[e.Mediator] = append(off[e.Mediator], e)
		return nil
	}, `SELECT mediator, start, finish FROM mediation_exception WHERE finish > $1 AND start < $2 AND NOT free`, db.Millis(over.From), db.Millis(over.To)); err != nil {
		return Fair{}, err
	}
	given := map[string]map[string]worked{} // by language and mediator
	if err := db.Walk(ctx, q, func(row db.Scanner) error {
		var language, mediator string
		var ms int64
		var n int
		if err := row.Scan(&language, &mediator, &ms, &n); err != nil {
			return err
		}
		if given[language] == nil {
			given[language] = map[string]worked{}
		}
		given[language][mediator] = worked{int(ms / 60_000), n}
		return nil
	}, `SELECT r.language, b.mediator, CAST(SUM(b.finish - b.start) AS BIGINT), count(*) FROM mediation_booking b JOIN mediation_request r ON r.id = b.request
		WHERE b.start >= $1 AND b.start < $2 AND b.state IN ('proposed', 'confirmed', 'done', 'user_absent') GROUP BY r.language, b.mediator`, db.Millis(over.From), db.Millis(over.To)); err != nil {
		return Fair{}, err
	}
	return shares(listed, off, given, over, who), nil
}

// shares shares the hours of each language out among those who speak it, and adds them up. A planned number is left
// out of the whole line when one of its languages would give somebody away: what is left can't be subtracted.
func shares(listed []Mediator, off map[string][]Exception, given map[string]map[string]worked, over calendar.Interval, who looking) Fair {
	var f Fair
	at := map[string]int{} // mediator → place in the list
	for _, m := range listed {
		at[m.ID] = len(f.List)
		f.List = append(f.List, FairShare{Mediator: m, Present: presence(Candidate{Mediator: m, Exceptions: off[m.ID]}, over)})
	}
	for language, hours := range given {
		var among []Candidate
		for _, m := range listed {
			if _, speaks := m.Speaks(language); speaks || hours[m.ID].minutes > 0 {
				among = append(among, Candidate{Mediator: m, Exceptions: off[m.ID], Given: hours[m.ID].minutes})
			}
		}
		shareOut(among, over)
		others := 0
		for _, c := range among {
			if !who.sees(c.Mediator.ID) && (c.Given > 0 || presence(c, over) > 0) {
				others++
			}
		}
		for _, c := range among {
			s := &f.List[at[c.Mediator.ID]]
			s.Planned += c.Quota
			s.Given += c.Given
			s.Bookings += hours[c.Mediator.ID].bookings
			s.Few = s.Few || who.tells(others)
		}
		for id, w := range hours {
			if _, on := at[id]; !on && who.sees(id) {
				f.Others += w.minutes
			}
		}
	}
	f.List = slices.DeleteFunc(f.List, func(s FairShare) bool { return !who.sees(s.Mediator.ID) })
	for i := range f.List {
		if s := &f.List[i]; s.Few {
			s.Planned = 0
		}
	}
	slices.SortStableFunc(f.List, func(a, b FairShare) int {
		return cmp.Or(cmp.Compare(a.last(), b.last()), cmp.Compare(b.owed(), a.owed()), cmp.Compare(a.Mediator.Name, b.Mediator.Name))
	})
	return f
}

// owed are the minutes that are owed for a fair share; what is not told puts nobody before another.
func (s FairShare) owed() int {
	if s.Few {
		return 0
	}
	return s.Planned - s.Given
}

// last is 1 for those whose share is not told: they stand at the end.
func (s FairShare) last() int {
	if s.Few {
		return 1
	}
	return 0
}

// shareOut gives each candidate the part of all the hours that would be fair, for the share of the time
// in which they were there: somebody new or back from a long absence does not have to catch up.
func shareOut(list []Candidate, over calendar.Interval) {
	total, present := 0, make([]float64, len(list))
	sum := 0.0
	for i, c := range list {
		total += c.Given
		present[i] = presence(c, over)
		sum += present[i]
	}
	for i := range list {
		if sum > 0 {
			list[i].Quota = int(float64(total)*present[i]/sum + 0.5)
		}
	}
}

// presence is the share of a time in which a mediator could have been called, from 0 to 1.
func presence(c Candidate, over calendar.Interval) float64 {
	window := over
	if c.Mediator.Since.After(window.From) {
		window.From = c.Mediator.Since
	}
	if window.Empty() || over.Empty() {
		return 0
	}
	var off []calendar.Interval
	for _, e := range c.Exceptions {
		if i, some := e.Slot.Interval().Intersect(window); some && !e.Free && e.Source != FromResidency {
			off = append(off, i)
		}
	}
	there := time.Duration(0)
	for _, i := range calendar.Subtract([]calendar.Interval{window}, calendar.Merge(off)) {
		there += i.Duration()
	}
	return float64(there) / float64(over.Duration())
}
