// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"slices"
	"time"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// FromResidency is the source of times that a residency makes.
const FromResidency = "residency"

// ResidencyFile is what is kept of a residency besides whose it is and when. Package roster keeps them.
type ResidencyFile struct {
	Office   Place    `json:"office"`
	Hours    []Weekly `json:"hours"`
	Project  string   `json:"project,omitempty"`
	Activity string   `json:"activity,omitempty"`
	Notes    string   `json:"notes,omitempty"` // where the room is, whom to ask for
}

// OfficeHours are the hours of a residency within [from, to), without the times off of the mediator, and
// what of them is booked.
func (u *UseCases) OfficeHours(ctx context.Context, q db.Querier, mediator string, f ResidencyFile, from, to time.Time) (taken, hours []calendar.Interval, err error) {
	exceptions, err := exceptionsOf(ctx, q, mediator, from, to)
	if err != nil {
		return nil, nil, err
	}
	exceptions = slices.DeleteFunc(exceptions, func(e Exception) bool { return e.Free })
	hours = Working(Mediator{Hours: f.Hours}, exceptions, InPerson, from, to)
	bookings, err := held(ctx, q, mediator, from, to)
	for _, b := range bookings {
		for _, h := range hours {
			if i, some := b.Slot.Interval().Intersect(h); some {
				taken = append(taken, i)
			}
		}
	}
	return calendar.Merge(taken), hours, err
}

// readResidencies makes of the hours that mediators spend in an office times on for the bodies that may
// use them, and times off for all others.
func readResidencies(ctx context.Context, q db.Querier, byID map[string]*Candidate, ids []any, r Request, s Slot, _ time.Time) error {
	rome := calendar.Rome()
	first, last := calendar.DayOf(s.Start, rome)-1, calendar.DayOf(s.End, rome)
	args := append([]any{last.String(), first.String(), r.Member}, ids...)
	return db.Walk(ctx, q, func(row db.Scanner) error {
		var mediator, from, until string
		var f ResidencyFile
		var ours bool
		if err := row.Scan(&mediator, &from, &until, db.JSON(&f), &ours); err != nil {
			return err
		}
		c := byID[mediator]
		for i := range f.Hours {
			since, errFrom := calendar.ParseDay(from)
			to, errTo := calendar.ParseDay(until)
			if errFrom != nil || errTo != nil {
				return nil
			}
			f.Hours[i].Since, f.Hours[i].Until = since, to
		}
		for _, h := range Working(Mediator{Hours: f.Hours}, nil, InPerson, s.Start, s.End) {
			c.Exceptions = append(c.Exceptions, Exception{Mediator: mediator, Slot: Slot{Start: h.From, End: h.To}, Free: ours, Source: FromResidency})
		}
		return nil
	}, `SELECT e.mediator, e.from_day, e.last_day, e.record, CASE WHEN e.member = $3 OR EXISTS (SELECT 1 FROM mediation_neighbour n WHERE n.residency = e.id AND n.member = $3) THEN TRUE ELSE FALSE END
		FROM mediation_residency e WHERE e.from_day <= $1 AND e.last_day >= $2 AND e.mediator IN (`+db.Placeholders(4, len(ids))+`) ORDER BY e.id`, args...)
}
