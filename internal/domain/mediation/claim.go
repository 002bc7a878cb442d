// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

const (
	// settled is how far from a change claims can still change: a day's work, with the way there and back.
	settled = 36 * time.Hour
	// around is how far one has to look to lay those claims out.
	around = settled + MaxLength
)

// Taken is the fault of whoever comes second.
func Taken() error { return fault.Conflict("mediation.taken") }

// arrange makes the claims of a mediator near a slot those of the bookings as they are now in tx: call
// it after each change of a booking, with the slot it had and the slot it has. It fails with Taken when
// two of them clash, and so does the primary key when somebody else was faster.
func arrange(ctx context.Context, tx *db.Tx, m Mediator, s Slot) error {
	bookings, err := held(ctx, tx, m.ID, s.Start.Add(-around), s.End.Add(around))
	if err != nil {
		return err
	}
	wanted, clashes := Layout(m.Home, engagements(bookings))
	if clashes != nil {
		return Taken()
	}
	from, to := quantum(s.Start.Add(-settled)), quantum(s.End.Add(settled))
	want := map[int64]Claim{}
	for _, c := range wanted {
		if c.Quantum >= from && c.Quantum < to {
			want[c.Quantum] = c
		}
	}
	var gone []any
	if err := db.Walk(ctx, tx, func(row db.Scanner) error {
		var c Claim
		if err := row.Scan(&c.Quantum, &c.Booking, &c.Travel); err != nil {
			return err
		}
		if want[c.Quantum] == c {
			delete(want, c.Quantum)
		} else {
			gone = append(gone, c.Quantum)
		}
		return nil
	}, `SELECT five_minutes, booking, travel FROM mediation_claim WHERE mediator = $1 AND five_minutes >= $2 AND five_minutes < $3`, m.ID, from, to); err != nil {
		return err
	}
	if len(gone) > 0 {
		if _, err := db.Exec(ctx, tx, `DELETE FROM mediation_claim WHERE mediator = $1 AND five_minutes IN (`+db.Placeholders(2, len(gone))+`)`, append([]any{m.ID}, gone...)...); err != nil {
			return err
		}
	}
	var rows [][]any
	for _, c := range wanted { // in order, so that two who want the same wait for one another and never in a ring
		if _, ok := want[c.Quantum]; ok {
			rows = append(rows, []any{m.ID, c.Quantum, c.Booking, c.Travel})
		}
	}
	if _, err := db.Insert(ctx, tx, "mediation_claim (mediator, five_minutes, booking, travel)", "", rows); db.IsUnique(err) {
		return Taken()
	} else if err != nil {
		return err
	}
	return nil
}

// engagements are bookings as time and place alone.
func engagements(bookings []Booking) []Engagement {
	list := make([]Engagement, len(bookings))
	for i, b := range bookings {
		list[i] = b.Engagement()
	}
	return list
}
