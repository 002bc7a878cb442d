// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"maps"
	"slices"

	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/hsds"
)

// Entry reads one entry; NotFound when there is none or it is gone.
func (u *UseCases) Entry(ctx context.Context, id string) (Entry, error) {
	return db.Row(ctx, u.db, scanEntry, `SELECT seq, record FROM directory_entry WHERE id = $1 AND NOT gone`, id)
}

// Entries reads the entries among ids that exist, in the order of ids.
func (u *UseCases) Entries(ctx context.Context, ids []string) ([]Entry, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	list, err := db.Rows(ctx, u.db, scanEntry,
		`SELECT seq, record FROM directory_entry WHERE NOT gone AND id IN (`+db.Placeholders(1, len(ids))+`)`, args...)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]Entry, len(list))
	for _, e := range list {
		byID[e.ID] = e
	}
	ordered := make([]Entry, 0, len(list))
	for _, id := range ids {
		if e, ok := byID[id]; ok {
			ordered = append(ordered, e)
		}
	}
	return ordered, nil
}

// EntriesOf lists the entries of a body, by name.
func (u *UseCases) EntriesOf(ctx context.Context, organization string) ([]Entry, error) {
	return db.Rows(ctx, u.db, scanEntry, `SELECT seq, record FROM directory_entry WHERE organization_id = $1 AND NOT gone ORDER BY id`, organization)
}

// Walk gives every entry to yield, by id, in one consistent read.
func (u *UseCases) Walk(ctx context.Context, yield func(Entry) error) error {
	return db.Walk(ctx, u.db, func(s db.Scanner) error {
		e, err := scanEntry(s)
		if err != nil {
			return err
		}
		return yield(e)
	}, `SELECT seq, record FROM directory_entry WHERE NOT gone ORDER BY id`)
}

// Empty tells whether the directory has no service at all.
func (u *UseCases) Empty(ctx context.Context) (bool, error) {
	n, err := db.Row(ctx, u.db, db.Column[int64], `SELECT count(*) FROM directory_service`)
	return n == 0, err
}

// From tells whether any service comes from a source.
func (u *UseCases) From(ctx context.Context, source string) (bool, error) {
	n, err := db.Row(ctx, u.db, db.Column[int64], `SELECT count(*) FROM directory_service WHERE source = $1`, source)
	return n > 0, err
}

// Change is one step of the feed: an entry that is new or differs, or one that is gone.
type Change struct {
	ID    string
	Gone  bool
	Entry Entry
}

// Changes reads what changed after a place of the feed, and the place reached.
func (u *UseCases) Changes(ctx context.Context, after int64) (list []Change, reached int64, err error) {
	err = u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list = nil
		reached, err = db.Row(ctx, tx, db.Column[int64], `SELECT seq FROM directory_feed WHERE id = 1`)
		if err != nil || reached == after {
			return err
		}
		list, err = db.Rows(ctx, tx, scanChange, `SELECT id, gone, seq, record FROM directory_entry WHERE seq > $1 AND seq <= $2 ORDER BY seq, id`, after, reached)
		return err
	})
	return list, reached, err
}

// Organization reads one body; NotFound when there is none.
func (u *UseCases) Organization(ctx context.Context, id string) (network.Organization, error) {
	return network.OrganizationByID(ctx, u.db, id)
}

// Organizations lists every body by name.
func (u *UseCases) Organizations(ctx context.Context) ([]network.Organization, error) {
	return network.Organizations(ctx, u.db)
}

// Programs lists every program.
func (u *UseCases) Programs(ctx context.Context) ([]hsds.Program, error) { return Programs(ctx, u.db) }

// Taxonomies lists the taxonomies that imports brought, by id; the needs taxonomy is not among them.
func (u *UseCases) Taxonomies(ctx context.Context) ([]hsds.Taxonomy, error) {
	return db.Rows(ctx, u.db, scanRecord[hsds.Taxonomy], `SELECT record FROM directory_taxonomy ORDER BY id`)
}

// Terms lists the taxonomy terms that imports brought, by id.
func (u *UseCases) Terms(ctx context.Context) ([]hsds.TaxonomyTerm, error) {
	return db.Rows(ctx, u.db, scanRecord[hsds.TaxonomyTerm], `SELECT record FROM directory_taxonomy_term ORDER BY id`)
}

// BodyLocations lists the open places of bodies that no service stands at, by id; none of a body
// that the public knows by its name alone.
func (u *UseCases) BodyLocations(ctx context.Context) (list []Location, err error) {
	err = u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if list, err = db.Rows(ctx, tx, scanRecord[Location], `SELECT record FROM directory_location WHERE NOT confidential ORDER BY id`); err != nil {
			return err
		}
		ids := map[string]bool{}
		for _, l := range list {
			ids[l.OrganizationID] = true
		}
		found, err := network.OrganizationsByID(ctx, tx, slices.Sorted(maps.Keys(ids)))
		if err != nil {
			return err
		}
		bodies, err := publicBodies(ctx, tx, slices.Collect(maps.Values(found)))
		reserved := map[string]bool{}
		for _, b := range bodies {
			reserved[b.Organization.ID] = b.Reserved
		}
		list = slices.DeleteFunc(list, func(l Location) bool { return reserved[l.OrganizationID] })
		return err
	})
	return list, err
}

func scanEntry(s db.Scanner) (Entry, error) {
	var e Entry
	var seq int64
	err := s.Scan(&seq, db.JSON(&e))
	e.Seq = seq
	return e, err
}

func scanChange(s db.Scanner) (Change, error) {
	var c Change
	var seq int64
	err := s.Scan(&c.ID, &c.Gone, &seq, db.JSON(&c.Entry))
	c.Entry.Seq = seq
	return c, err
}
