// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"slices"
	"time"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// reader reads something of candidates, who are given by identifier, for any slot within a stretch of time.
type reader func(ctx context.Context, q db.Querier, byID map[string]*Candidate, ids []any, r Request, within Slot, now time.Time) error

// fillIn reads what is said of candidates.
func fillIn(ctx context.Context, q db.Querier, list []Candidate, r Request, within Slot, now time.Time, readers ...reader) error {
	if len(list) == 0 {
		return nil
	}
	byID, ids := make(map[string]*Candidate, len(list)), make([]any, len(list))
	for i := range list {
		byID[list[i].Mediator.ID], ids[i] = &list[i], list[i].Mediator.ID
	}
	ids = padded(ids)
	for _, read := range readers {
		if err := read(ctx, q, byID, ids, r, within, now); err != nil {
			return err
		}
	}
	return nil
}

// padded are as many as a power of two, the first again and again: few lengths are few statements, which the
// engines remember.
func padded(list []any) []any {
	list = slices.Clone(list)
	for n := len(list); n > 0 && n&(n-1) != 0; n++ {
		list = append(list, list[0])
	}
	return list
}

func readExceptions(ctx context.Context, q db.Querier, byID map[string]*Candidate, ids []any, _ Request, s Slot, now time.Time) error {
	return db.Walk(ctx, q, func(row db.Scanner) error {
		var e Exception
		if err := row.Scan(&e.Mediator, db.ScanTime(&e.Slot.Start), db.ScanTime(&e.Slot.End), &e.Free); err != nil {
			return err
		}
		c := byID[e.Mediator]
		c.Exceptions = append(c.Exceptions, e)
		return nil
	}, `SELECT mediator, start, finish, free FROM mediation_exception WHERE finish > $1 AND start < $2 AND mediator IN (`+db.Placeholders(3, len(ids))+`)`,
		append([]any{db.Millis(earlier(s.Start, now.Add(-fairOver))), db.Millis(s.End)}, ids...)...)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func readEngagements(ctx context.Context, q db.Querier, byID map[string]*Candidate, ids []any, _ Request, s Slot, _ time.Time) error {
	return db.Walk(ctx, q, func(row db.Scanner) error {
		var e Engagement
		var mediator string
		if err := row.Scan(&mediator, &e.Booking, db.ScanTime(&e.Slot.Start), db.ScanTime(&e.Slot.End), &e.Mode, db.JSON(&e.Place)); err != nil {
			return err
		}
		c := byID[mediator]
		c.Engagements = append(c.Engagements, e)
		return nil
	}, `SELECT mediator, id, start, finish, mode, place FROM mediation_booking
		WHERE finish > $1 AND start < $2 AND state IN ('proposed', 'confirmed', 'done', 'user_absent') AND mediator IN (`+db.Placeholders(3, len(ids))+`)`,
		append([]any{db.Millis(s.Start.Add(-around)), db.Millis(s.End.Add(around))}, ids...)...)
}

// readContract counts the minutes of the contracts of those who have one.
func readContract(ctx context.Context, q db.Querier, byID map[string]*Candidate, _ []any, _ Request, _ Slot, _ time.Time) error {
	contracts := map[[2]calendar.Day][]any{} // few of different length
	for id, c := range byID {
		if l := c.Mediator.Limits; l.ContractMinutes > 0 {
			until := calendar.MaxDay - 1
			if l.ContractUntil > 0 {
				until = min(max(l.ContractUntil, l.ContractFrom), until)
			}
			of := [2]calendar.Day{max(l.ContractFrom, 1), until}
			contracts[of] = append(contracts[of], id)
		}
	}
	for of, ids := range contracts {
		if err := minutes(ctx, q, byID, ids, of[0], of[1], func(c *Candidate, n int) { c.Worked.Contract = n }); err != nil {
			return err
		}
	}
	return nil
}

// minutes counts what is booked of candidates from one day to the other, both included.
func minutes(ctx context.Context, q db.Querier, byID map[string]*Candidate, ids []any, from, to calendar.Day, add func(c *Candidate, minutes int)) error {
	rome := calendar.Rome()
	return db.Walk(ctx, q, func(row db.Scanner) error {
		var mediator string
		var ms int64
		if err := row.Scan(&mediator, &ms); err != nil {
			return err
		}
		add(byID[mediator], int(ms/60_000))
		return nil
	}, `SELECT mediator, CAST(SUM(finish - start) AS BIGINT) FROM mediation_booking
		WHERE start >= $1 AND start < $2 AND state IN ('proposed', 'confirmed', 'done', 'user_absent') AND mediator IN (`+db.Placeholders(3, len(ids))+`) GROUP BY mediator`,
		append([]any{db.Millis(calendar.Earliest(from, 0, rome)), db.Millis(calendar.Earliest(to+1, 0, rome))}, ids...)...)
}
