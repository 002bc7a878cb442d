// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"cmp"
	"context"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// OwnLine is how much was done of something: of a month, a language, a mode.
type OwnLine struct {
	Of               string // "2027-03", "ar", "phone"
	Bookings, Absent int    // Absent of them the mediator came for nobody
	Minutes          int
}

// OwnFigures is what a mediator did in the last twelve months, and their share of the hours of the last
// FairDays.
type OwnFigures struct {
	Share                    FairShare
	Months, Languages, Modes []OwnLine // months in order, the others by their hours
	Total                    OwnLine
}

// ownMonths is how many months a mediator looks back.
const ownMonths = 12

// OwnFigures gives the figures of the mediator who is logged in; access.Missing for whoever is none.
func (u *UseCases) OwnFigures(ctx context.Context, actor access.Actor) (f OwnFigures, err error) {
	m, err := u.OwnEntry(ctx, actor)
	if err != nil {
		return f, err
	}
	now, rome := u.Clock(), calendar.Rome()
	today := now.In(rome)
	first := time.Date(today.Year(), today.Month()-ownMonths+1, 1, 0, 0, 0, 0, rome)
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		f = OwnFigures{Share: FairShare{Mediator: m}}
		all, err := fair(ctx, tx, calendar.Interval{From: now.Add(-fairOver), To: now}, looking{func(id string) bool { return id == m.ID }, fewestForMediator})
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(all.List, func(s FairShare) bool { return s.Mediator.ID == m.ID }); i >= 0 {
			f.Share = all.List[i]
		}
		months, languages, modes := map[string]OwnLine{}, map[string]OwnLine{}, map[string]OwnLine{}
		for at := first; !at.After(today); at = at.AddDate(0, 1, 0) {
			months[at.Format("2006-01")] = OwnLine{Of: at.Format("2006-01")}
		}
		err = db.Walk(ctx, tx, func(row db.Scanner) error {
			var start, end time.Time
			var state BookingState
			var language, mode string
			if err := row.Scan(db.ScanTime(&start), db.ScanTime(&end), &state, &mode, &language); err != nil {
				return err
			}
			minutes := Slot{start, end}.Minutes()
			for of, into := range map[string]map[string]OwnLine{start.In(rome).Format("2006-01"): months, language: languages, mode: modes} {
				into[of] = into[of].with(of, state, minutes)
			}
			f.Total = f.Total.with("", state, minutes)
			return nil
		}, `SELECT b.start, b.finish, b.state, b.mode, r.language FROM mediation_booking b JOIN mediation_request r ON r.id = b.request
			WHERE b.mediator = $1 AND b.start >= $2 AND b.finish <= $3 AND b.state IN ('confirmed', 'done', 'user_absent')`, m.ID, db.Millis(first), db.Millis(now))
		f.Months, f.Languages, f.Modes = sorted(months), sorted(languages), sorted(modes)
		slices.SortFunc(f.Months, func(a, b OwnLine) int { return cmp.Compare(a.Of, b.Of) })
		return err
	})
	return f, err
}

func (d OwnLine) with(of string, state BookingState, minutes int) OwnLine {
	d.Of = of
	d.Bookings++
	d.Minutes += minutes
	if state == UserAbsent {
		d.Absent++
	}
	return d
}

// sorted puts the most hours first.
func sorted(done map[string]OwnLine) []OwnLine {
	list := make([]OwnLine, 0, len(done))
	for _, d := range done {
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b OwnLine) int { return cmp.Or(cmp.Compare(b.Minutes, a.Minutes), cmp.Compare(a.Of, b.Of)) })
	return list
}
