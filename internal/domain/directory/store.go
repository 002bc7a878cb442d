// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"slices"
	"strconv"
	"time"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/hsds"
)

// write stores a difference; the caller holds the transaction.
func (u *UseCases) write(ctx context.Context, tx *db.Tx, d difference) error {
	now := u.clock()
	if err := network.SaveOrganizations(ctx, tx, now, d.organizations); err != nil {
		return err
	}
	if err := writeTerms(ctx, tx, d); err != nil {
		return err
	}
	if err := d.writeBodyOrigins(ctx, tx); err != nil {
		return err
	}
	if err := writeServices(ctx, tx, now, d.services, d.origins); err != nil {
		return err
	}
	if err := deleteRows(ctx, tx, "directory_location", d.lostLocations()); err != nil {
		return err
	}
	if err := hideStored(ctx, tx, d.hide); err != nil {
		return err
	}
	seq, err := nextSeq(ctx, tx)
	if err != nil {
		return err
	}
	if err := retire(ctx, tx, now, seq, d.goneServices); err != nil {
		return err
	}
	if err := summarizeServices(ctx, tx, now, d.services); err != nil {
		return err
	}
	if err := summarize(ctx, tx, d.goneServices); err != nil {
		return err
	}
	if err := u.writeConflicts(ctx, tx, d); err != nil {
		return err
	}
	return writeEntries(ctx, tx, now, seq, d.entries)
}

// lostLocations are the places that are no body's own any more: gone from their dataset, or a
// service stands there now.
func (d difference) lostLocations() []string {
	lost := slices.Clone(d.goneLocations)
	for _, s := range d.services {
		for _, site := range s.Sites {
			lost = append(lost, site.Location.ID)
		}
		for _, c := range s.Confidential {
			lost = append(lost, c.Place.Location.ID)
		}
	}
	return lost
}

// retire takes services away. Their entries keep an empty row, from which followers of the feed
// learn that they are gone.
func retire(ctx context.Context, tx *db.Tx, now time.Time, seq int64, ids []string) error {
	if err := clearEntries(ctx, tx, ids); err != nil {
		return err
	}
	if err := deleteRows(ctx, tx, "directory_service", ids); err != nil {
		return err
	}
	return eachChunk(ids, func(in string, args []any) error {
		n := strconv.Itoa(len(args) + 1)
		m := strconv.Itoa(len(args) + 2)
		_, err := db.Exec(ctx, tx, `UPDATE directory_entry SET gone = TRUE, record = '{}', seq = $`+n+`, modified_at = $`+m+` WHERE id IN (`+in+`)`,
			append(args, seq, db.Millis(now))...)
		return err
	})
}

func deleteRows(ctx context.Context, tx *db.Tx, table string, ids []string) error {
	return eachChunk(ids, func(in string, args []any) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM `+table+` WHERE id IN (`+in+`)`, args...)
		return err
	})
}

// clearEntries takes away what hangs on entries.
func clearEntries(ctx context.Context, tx *db.Tx, ids []string) error {
	return eachChunk(ids, func(in string, args []any) error {
		for _, table := range []string{"directory_entry_site", "directory_entry_term"} {
			if _, err := db.Exec(ctx, tx, `DELETE FROM `+table+` WHERE entry_id IN (`+in+`)`, args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// nextSeq takes the next number of the change feed. The row makes writers wait for one another, so
// a follower that has seen n has seen everything below n.
func nextSeq(ctx context.Context, tx *db.Tx) (int64, error) {
	return db.Row(ctx, tx, db.Column[int64], `UPDATE directory_feed SET seq = seq + 1 WHERE id = 1 RETURNING seq`)
}

func writeTerms(ctx context.Context, tx *db.Tx, d difference) error {
	var taxonomies, terms, programs, locations [][]any
	for _, t := range d.taxonomies {
		taxonomies = append(taxonomies, []any{t.ID, d.source, db.JSON(t)})
	}
	for _, t := range d.terms {
		terms = append(terms, []any{t.ID, db.NullText(t.TaxonomyID), db.NullText(t.ParentID), t.Code, d.source, db.JSON(t)})
	}
	for _, p := range d.programs {
		programs = append(programs, []any{p.ID, db.NullText(p.OrganizationID), d.source, db.JSON(p)})
	}
	for _, l := range d.locations {
		locations = append(locations, []any{l.ID, db.NullText(l.OrganizationID), l.Confidential, d.source, db.JSON(l)})
	}
	for _, w := range []struct {
		into, conflict string
		rows           [][]any
	}{
		{`directory_taxonomy (id, source, record)`, `ON CONFLICT (id) DO UPDATE SET source = excluded.source, record = excluded.record`, taxonomies},
		{`directory_taxonomy_term (id, taxonomy_id, parent_id, code, source, record)`, `ON CONFLICT (id) DO UPDATE SET taxonomy_id = excluded.taxonomy_id,
			parent_id = excluded.parent_id, code = excluded.code, source = excluded.source, record = excluded.record`, terms},
		{`directory_program (id, organization_id, source, record)`, `ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id,
			source = excluded.source, record = excluded.record`, programs},
		{`directory_location (id, organization_id, confidential, source, record)`, `ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id,
			confidential = excluded.confidential, source = excluded.source, record = excluded.record`, locations},
	} {
		if _, err := db.Insert(ctx, tx, w.into, w.conflict, w.rows); err != nil {
			return err
		}
	}
	return nil
}

// writeServices writes services. origins are those of services that a dataset brings; what is written
// without keeps the origin it has, from which one sees that it was edited here.
func writeServices(ctx context.Context, tx *db.Tx, now time.Time, list []Service, origins map[string]origin) error {
	var brought, edited [][]any
	for _, s := range list {
		fingerprint, err := s.fingerprint()
		if err != nil {
			return err
		}
		row := []any{s.ID, s.OrganizationID, s.Source, len(s.Confidential) > 0, fingerprint, db.Millis(now), db.JSON(s)}
		if o, ok := origins[s.ID]; ok {
			brought = append(brought, append(row, db.JSON(o)))
		} else {
			edited = append(edited, row)
		}
	}
	const update = `ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id, source = excluded.source, confidential = excluded.confidential,
		 fingerprint = excluded.fingerprint, modified_at = excluded.modified_at, record = excluded.record`
	if _, err := db.Insert(ctx, tx, `directory_service (id, organization_id, source, confidential, fingerprint, modified_at, record, origin)`,
		update+`, origin = excluded.origin`, brought); err != nil {
		return err
	}
	_, err := db.Insert(ctx, tx, `directory_service (id, organization_id, source, confidential, fingerprint, modified_at, record)`, update, edited)
	return err
}

func writeEntries(ctx context.Context, tx *db.Tx, now time.Time, seq int64, list []Entry) error {
	list, err := withoutSilent(ctx, tx, list)
	if err != nil {
		return err
	}
	var entries, sites, terms [][]any
	for _, e := range list {
		e.LastModified = now.UTC().Format("2006-01-02T15:04:05.000Z")
		entries = append(entries, []any{e.ID, seq, e.OrganizationID, db.NullText(e.ProgramID), e.Status, false, e.MinimumAge, e.MaximumAge, db.Millis(now), db.JSON(e)})
		for _, s := range e.Sites {
			sites = append(sites, []any{s.ID, e.ID, s.Location.ID, s.Location.Latitude, s.Location.Longitude, s.Location.postalCode()})
		}
		for _, t := range e.termIDs() {
			terms = append(terms, []any{e.ID, t.term, t.taxonomy})
		}
	}
	if err := clearEntries(ctx, tx, idsOf(list, func(e Entry) string { return e.ID })); err != nil {
		return err
	}
	if _, err := db.Insert(ctx, tx, `directory_entry (id, seq, organization_id, program_id, status, gone, minimum_age, maximum_age, modified_at, record)`,
		`ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, organization_id = excluded.organization_id, program_id = excluded.program_id,
		 status = excluded.status, gone = excluded.gone, minimum_age = excluded.minimum_age, maximum_age = excluded.maximum_age,
		 modified_at = excluded.modified_at, record = excluded.record`, entries); err != nil {
		return err
	}
	if _, err := db.Insert(ctx, tx, `directory_entry_site (id, entry_id, location_id, latitude, longitude, postal_code)`, ``, sites); err != nil {
		return err
	}
	_, err = db.Insert(ctx, tx, `directory_entry_term (entry_id, term_id, taxonomy_id)`, ``, terms)
	return err
}

func scanRecord[T any](s db.Scanner) (T, error) {
	var record T
	return record, s.Scan(db.JSON(&record))
}

// Programs lists every program.
func Programs(ctx context.Context, q db.Querier) ([]hsds.Program, error) {
	return db.Rows(ctx, q, scanRecord[hsds.Program], `SELECT record FROM directory_program ORDER BY id`)
}

type termID struct{ term, taxonomy string }

// termIDs lists the taxonomy terms of an entry: its needs, and those of its attributes.
func (e Entry) termIDs() []termID {
	var list []termID
	seen := map[string]bool{}
	add := func(term, taxonomy string) {
		if term != "" && !seen[term] {
			seen[term] = true
			list = append(list, termID{term, taxonomy})
		}
	}
	for _, code := range e.Card.Needs {
		add(need.TermID(code), need.TaxonomyID)
	}
	for _, a := range e.Attributes {
		id, taxonomy := a.TaxonomyTermID, ""
		if a.TaxonomyTerm != nil {
			id, taxonomy = a.TaxonomyTerm.ID, a.TaxonomyTerm.TaxonomyID
		}
		add(id, taxonomy)
	}
	return list
}
