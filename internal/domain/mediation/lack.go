// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"time"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// LackDays is how long whoever found nobody may come back: a request for the same person and language
// within these days is counted instead.
const LackDays = 7

// lacked remembers that a desk looked for a mediator and found nobody, so that no request was made: what
// is missing would be seen nowhere otherwise. Once for each person, language and day, however often one
// tries.
func (u *UseCases) lacked(ctx context.Context, r Request) error {
	now := u.Clock()
	_, err := db.Exec(ctx, u.DB, `INSERT INTO mediation_lack (id, member, code, language, mode, kind, comune, start, day, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
		db.NewID(), r.Member, r.Code, r.Language, r.Mode, r.Kind, r.Place.Comune, db.Millis(r.Slot.Start), calendar.DayOf(now, calendar.Rome()).String(), db.Millis(now))
	return err
}

// settleLacks forgets for whom nobody was found, once nobody comes back for them any more: what was met
// after all goes, of the rest stay language, place and hour.
func (u *UseCases) settleLacks(ctx context.Context) error {
	until := db.Millis(u.Clock().Add(-(LackDays + 1) * 24 * time.Hour))
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM mediation_lack WHERE code <> '' AND at < $1 AND EXISTS (SELECT 1 FROM mediation_request r
			WHERE r.member = mediation_lack.member AND r.code = mediation_lack.code AND r.language = mediation_lack.language AND r.created >= mediation_lack.at AND r.created < mediation_lack.at + $2)`,
			until, (LackDays * 24 * time.Hour).Milliseconds()); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `UPDATE mediation_lack SET code = '' WHERE code <> '' AND at < $1`, until)
		return err
	})
}
