// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"context"
	"time"

	"approdo/internal/kit/db"
)

// SaveOrganizations writes bodies, new or changed, as they are.
func SaveOrganizations(ctx context.Context, tx *db.Tx, now time.Time, list []Organization) error {
	rows := make([][]any, len(list))
	for i, o := range list {
		rows[i] = []any{o.ID, o.Name, db.NullText(o.ParentOrganizationID), o.Source, db.JSON(o), db.Millis(now)}
	}
	_, err := db.Insert(ctx, tx, `network_organization (id, name, parent_id, source, record, modified_at)`,
		`ON CONFLICT (id) DO UPDATE SET name = excluded.name, parent_id = excluded.parent_id, source = excluded.source,
		 record = excluded.record, modified_at = excluded.modified_at, version = network_organization.version + 1`, rows)
	return err
}

// OrganizationByID fails with NotFound.
func OrganizationByID(ctx context.Context, q db.Querier, id string) (Organization, error) {
	return db.Row(ctx, q, scanOrganization, `SELECT record FROM network_organization WHERE id = $1`, id)
}

// OrganizationsByID gives the bodies among ids that exist, by id.
func OrganizationsByID(ctx context.Context, q db.Querier, ids []string) (map[string]Organization, error) {
	found := make(map[string]Organization, len(ids))
	for len(ids) > 0 {
		n := min(len(ids), 500)
		args := make([]any, n)
		for i, id := range ids[:n] {
			args[i] = id
		}
		list, err := db.Rows(ctx, q, scanOrganization,
			`SELECT record FROM network_organization WHERE id IN (`+db.Placeholders(1, n)+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, o := range list {
			found[o.ID] = o
		}
		ids = ids[n:]
	}
	return found, nil
}

// Organizations lists every body by name, then id.
func Organizations(ctx context.Context, q db.Querier) ([]Organization, error) {
	return db.Rows(ctx, q, scanOrganization, `SELECT record FROM network_organization ORDER BY name, id`)
}

func scanOrganization(s db.Scanner) (Organization, error) {
	var o Organization
	return o, s.Scan(db.JSON(&o))
}
