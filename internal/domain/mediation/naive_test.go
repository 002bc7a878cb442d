// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"context"
	"sync"
	"testing"

	"github.com/anishathalye/porcupine"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
)

// naive books as many programs do: it looks whether the hour is free, and then writes the booking.
func naive(ctx context.Context, d *db.DB, a act) (answer, error) {
	s := a.slots[0]
	taken, err := db.Row(ctx, d, db.Column[int], `SELECT count(*) FROM mediation_booking WHERE mediator = $1 AND start < $2 AND finish > $3 AND state = 'confirmed'`,
		a.mediator, db.Millis(s.End), db.Millis(s.Start))
	if err != nil || taken > 0 {
		return answer{}, err
	}
	id := db.NewID()
	return answer{yes: true, mediator: a.mediator, requests: []string{id}}, d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, record, created)
			VALUES ($1, 1, 'scheduled', 'comune', 'desk', 'ar', 'phone', $2, $3, 'booked', '', 'A-1', '', '', '', '{}', $2)`, id, db.Millis(s.Start), db.Millis(s.End)); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, `INSERT INTO mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, ended, created, changed)
			VALUES ($1, 1, $1, 0, $2, 'comune', 'phone', $3, $4, 'confirmed', '{}', '{}', '', $3, $3)`, id, a.mediator, db.Millis(s.Start), db.Millis(s.End))
		return err
	})
}

// What looks first and writes then books twice, and the history shows it: the test of the real thing can fail.
func TestLookingFirstBooksTwice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, nodes []*db.DB) {
		o := open(t, nodes[0])
		amal := o.enlist("Amal", nil)
		illegal := 0
		for round := range 5 {
			day := workday(round)
			var h history
			var all sync.WaitGroup
			for client := range 12 {
				all.Go(func() {
					a := act{do: "book", mediator: amal.ID, slots: []mediation.Slot{hour(day, 10, 5*(client%6))}}
					h.record(t, client, a, func() (answer, error) { return naive(t.Context(), nodes[client%len(nodes)], a) })
				})
			}
			all.Wait()
			if !porcupine.CheckOperations(sequential([]string{amal.ID}), h.operations) {
				illegal++
			}
		}
		twice, err := db.Row(t.Context(), nodes[0], db.Column[int], `SELECT count(*) FROM mediation_booking a JOIN mediation_booking b ON b.mediator = a.mediator AND b.id > a.id AND b.start < a.finish AND b.finish > a.start`)
		if err != nil || twice == 0 || illegal == 0 {
			t.Errorf("%d booked twice, %d histories found out, %v", twice, illegal, err)
		}
	})
}
