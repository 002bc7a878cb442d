// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
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
	for n := len(ids); n&(n-1) != 0; n++ { // few lengths are few statements, which the engines remember
		ids = append(ids, ids[0])
	}
	for _, read := range readers {
		if err := read(ctx, q, byID, ids, r, within, now); err != nil {
			return err
		}
	}
	return nil
}

// acquainted are the mediators who work in the language of a request, with all that Rank has to know for
// any slot within [from, to) but what they have to do then.
func acquainted(ctx context.Context, q db.Querier, r Request, now, from, to time.Time) ([]Candidate, error) {
	list, err := speakers(ctx, q, r.Language)
	if err != nil {
		return nil, err
	}
	found := make([]Candidate, len(list))
	for i, m := range list {
		found[i] = Candidate{Mediator: m, Evaluation: -1}
	}
	if err := fillIn(ctx, q, found, r, Slot{Start: from, End: to}, now, readExceptions, readResidencies, readGiven, readBefore, readEvaluated); err != nil {
		return nil, err
	}
	shareOut(found, calendar.Interval{From: now.Add(-fairOver), To: now})
	return found, nil
}

// candidates are the acquainted with what they have to do within [from, to).
func candidates(ctx context.Context, q db.Querier, r Request, now, from, to time.Time) ([]Candidate, error) {
	found, err := acquainted(ctx, q, r, now, from, to)
	if err != nil {
		return nil, err
	}
	return found, fillIn(ctx, q, found, r, Slot{Start: from, End: to}, now, readEngagements, readWorked)
}

// one is the only candidate of a booking by name, with what the hard limits ask.
func one(ctx context.Context, q db.Querier, r Request, now time.Time, m Mediator) (Candidate, error) {
	list := []Candidate{{Mediator: m, Evaluation: -1}}
	err := fillIn(ctx, q, list, r, r.Slot, now, readExceptions, readResidencies, readEngagements, readWorked)
	return list[0], err
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

// readWorked counts the minutes of the day, the week and the contract in which a request begins.
func readWorked(ctx context.Context, q db.Querier, byID map[string]*Candidate, ids []any, r Request, _ Slot, _ time.Time) error {
	rome := calendar.Rome()
	day := calendar.DayOf(r.Slot.Start, rome)
	monday := weekOf(day)
	span := func(from, to calendar.Day) (int64, int64) { // [from, to] as instants
		return db.Millis(calendar.Earliest(from, 0, rome)), db.Millis(calendar.Earliest(to+1, 0, rome))
	}
	count := func(from, to int64, ids []any, add func(c *Candidate, minutes int)) error {
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
			append([]any{from, to}, ids...)...)
	}
	from, to := span(day, day)
	if err := count(from, to, ids, func(c *Candidate, n int) { c.Worked.Day = n }); err != nil {
		return err
	}
	from, to = span(monday, monday+6)
	if err := count(from, to, ids, func(c *Candidate, n int) { c.Worked.Week = n }); err != nil {
		return err
	}
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
		from, to := span(of[0], of[1])
		if err := count(from, to, ids, func(c *Candidate, n int) { c.Worked.Contract = n }); err != nil {
			return err
		}
	}
	return nil
}

// readGiven counts the minutes that each mediator was given lately.
func readGiven(ctx context.Context, q db.Querier, byID map[string]*Candidate, ids []any, _ Request, _ Slot, now time.Time) error {
	return db.Walk(ctx, q, func(row db.Scanner) error {
		var mediator string
		var ms int64
		if err := row.Scan(&mediator, &ms); err != nil {
			return err
		}
		byID[mediator].Given = int(ms / 60_000)
		return nil
	}, `SELECT mediator, CAST(SUM(finish - start) AS BIGINT) FROM mediation_booking
		WHERE start >= $1 AND state IN ('proposed', 'confirmed', 'done', 'user_absent') AND mediator IN (`+db.Placeholders(2, len(ids))+`) GROUP BY mediator`,
		append([]any{db.Millis(now.Add(-fairOver))}, ids...)...)
}

// readBefore finds who was there before, for the same person or case of the same body.
func readBefore(ctx context.Context, q db.Querier, byID map[string]*Candidate, _ []any, r Request, _ Slot, _ time.Time) error {
	was := func(where, code string) error {
		return db.Walk(ctx, q, func(row db.Scanner) error {
			var mediator string
			if err := row.Scan(&mediator); err != nil {
				return err
			}
			if c, ok := byID[mediator]; ok {
				c.Before = true
			}
			return nil
		}, `SELECT DISTINCT b.mediator FROM mediation_request r JOIN mediation_booking b ON b.request = r.id
			WHERE r.member = $1 AND `+where+` AND r.id <> $3 AND b.state IN ('proposed', 'confirmed', 'done', 'user_absent') AND b.state IN ('confirmed', 'done')`, r.Member, code, r.ID)
	}
	if err := was(`r.code = $2`, r.Code); err != nil || r.CaseCode == "" {
		return err
	}
	return was(`r.case_code = $2 AND r.case_code <> ''`, r.CaseCode)
}
