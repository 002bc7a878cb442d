// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"context"

	"approdo/internal/kit/db"
)

const relationColumns = `id, kind, account, member, type, object, since, until, giver, givermember, reason, ender`

func scanRelation(s db.Scanner) (r Relation, err error) {
	err = s.Scan(&r.ID, &r.Kind, &r.Account, &r.Member, &r.Type, &r.Object, db.ScanTime(&r.Since), db.ScanTime(&r.Until),
		&r.Giver, &r.GiverMember, &r.Reason, &r.Ender)
	return r, err
}

func insertRelation(ctx context.Context, tx *db.Tx, r Relation) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO access_relation (`+relationColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		r.ID, string(r.Kind), r.Account, r.Member, r.Type, r.Object, db.Millis(r.Since), db.NullMillis(r.Until),
		r.Giver, r.GiverMember, r.Reason, r.Ender)
	return err
}

const glassColumns = `id, relation, account, name, member, type, object, reason, at, until, closed, verdict, remark, reviewer, reviewed`

func scanGlass(s db.Scanner) (g Glass, err error) {
	err = s.Scan(&g.ID, &g.Relation, &g.Account, &g.Name, &g.Member, &g.Type, &g.Object, &g.Reason, db.ScanTime(&g.At), db.ScanTime(&g.Until),
		db.ScanTime(&g.Closed), &g.Verdict, &g.Remark, &g.Reviewer, db.ScanTime(&g.Reviewed))
	return g, err
}

func insertGlass(ctx context.Context, tx *db.Tx, g Glass) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO access_glass (id, relation, account, name, member, type, object, reason, at, until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		g.ID, g.Relation, g.Account, g.Name, g.Member, g.Type, g.Object, g.Reason, db.Millis(g.At), db.Millis(g.Until))
	return err
}

func readGlass(ctx context.Context, q db.Querier, id string) (Glass, error) {
	return db.Row(ctx, q, scanGlass, `SELECT `+glassColumns+` FROM access_glass WHERE id = $1`, id)
}

func readRelation(ctx context.Context, q db.Querier, id string) (Relation, error) {
	return db.Row(ctx, q, scanRelation, `SELECT `+relationColumns+` FROM access_relation WHERE id = $1`, id)
}
