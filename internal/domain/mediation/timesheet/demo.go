// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
)

// Demo gives an example body budgets for the activities of an example project. Done again it changes nothing.
func (u *UseCases) Demo(ctx context.Context, member, project string) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, err := charges(ctx, tx, member)
		if err != nil {
			return err
		}
		made := int64(0)
		for _, b := range list {
			if b.Project != project || b.Minutes == 0 {
				continue
			}
			n, err := db.Exec(ctx, tx, `INSERT INTO mediation_budget (member, project, activity, version, minutes, cents) VALUES ($1, $2, $3, 1, $4, $5) ON CONFLICT DO NOTHING`,
				member, b.Project, b.Activity, b.Minutes, int64(b.Minutes)*28_00/60)
			if err != nil {
				return err
			}
			made += n
		}
		if made == 0 {
			return nil
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: access.Actor{Via: audit.ViaCommand}.Audited(), Action: "mediation.budget.edit", Kind: "mediation-budget", Record: project})
	})
}
