// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"encoding/json"

	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/hsds"
)

// Applied is what a batch did, or would do.
type Applied struct {
	Outcome Outcome
	Held    []Held
	// Written is what was there before, for Revert; only Apply with a companion fills it.
	Written []Written
}

// Kinds of records that a batch writes, as Outcome counts them.
const (
	KindOrganization = "organization"
	KindProgram      = "program"
	KindTaxonomy     = "taxonomy"
	KindTerm         = "taxonomy_term"
	KindLocation     = "location"
	KindService      = "service"
)

// tableOf is where the records of a kind are.
var tableOf = map[string]string{
	KindOrganization: "network_organization", KindProgram: "directory_program", KindTaxonomy: "directory_taxonomy",
	KindTerm: "directory_taxonomy_term", KindLocation: "directory_location", KindService: "directory_service",
}

// Written is one record that a batch wrote or took away.
type Written struct {
	Kind, ID string
	Before   string // the record as JSON; "" when there was none
	Source   string // of the record before
	Origin   string // of a service or body before, as stored
	After    string // fingerprint of what was written; "" when it was taken away
}

// Foresee tells what Apply would do, and fails as it would.
func (u *UseCases) Foresee(ctx context.Context, b Batch) (applied Applied, err error) {
	err = u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.difference(ctx, tx, b)
		applied = Applied{Outcome: d.outcome, Held: d.held}
		return err
	})
	return applied, err
}

// Apply is Save with more to tell. A companion, when there is one, runs in the same transaction, after
// the writing and also when nothing had to be written; its error undoes all. It may run twice.
func (u *UseCases) Apply(ctx context.Context, b Batch, companion func(context.Context, *db.Tx, Applied) error) (applied Applied, err error) {
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.difference(ctx, tx, b)
		if err != nil {
			return err
		}
		applied = Applied{Outcome: d.outcome, Held: d.held}
		if companion != nil {
			if applied.Written, err = d.written(ctx, tx); err != nil {
				return err
			}
		}
		if d.outcome.Changed() {
			if err := u.write(ctx, tx, d); err != nil {
				return err
			}
		} else if err := u.writeConflicts(ctx, tx, d); err != nil {
			return err
		}
		if companion != nil {
			return companion(ctx, tx, applied)
		}
		return nil
	})
	return applied, err
}

// written reads what is there before the difference is.
func (d *difference) written(ctx context.Context, tx *db.Tx) ([]Written, error) {
	var all []Written
	for _, w := range []func() ([]Written, error){
		func() ([]Written, error) {
			return writtenOf(ctx, tx, KindOrganization, d.organizations, func(o network.Organization) string { return o.ID }, nil)
		},
		func() ([]Written, error) {
			return writtenOf(ctx, tx, KindProgram, d.programs, func(p hsds.Program) string { return p.ID }, nil)
		},
		func() ([]Written, error) {
			return writtenOf(ctx, tx, KindTaxonomy, d.taxonomies, func(t hsds.Taxonomy) string { return t.ID }, nil)
		},
		func() ([]Written, error) {
			return writtenOf(ctx, tx, KindTerm, d.terms, func(t hsds.TaxonomyTerm) string { return t.ID }, nil)
		},
		func() ([]Written, error) {
			return writtenOf(ctx, tx, KindLocation, d.locations, func(l BodyLocation) string { return l.ID }, d.goneLocations)
		},
		func() ([]Written, error) {
			return writtenOf(ctx, tx, KindService, d.services, func(s Service) string { return s.ID }, d.goneServices)
		},
	} {
		list, err := w()
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// writtenOf reads the records of one kind that are written or go.
func writtenOf[T any](ctx context.Context, tx *db.Tx, kind string, list []T, id func(T) string, gone []string) ([]Written, error) {
	before, err := recordsOf(ctx, tx, kind, append(idsOf(list, id), gone...))
	if err != nil {
		return nil, err
	}
	out := make([]Written, 0, len(list)+len(gone))
	for _, item := range list {
		w := before[id(item)]
		w.Kind, w.ID = kind, id(item)
		if w.After, err = afterOf(item); err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	for _, one := range gone {
		w := before[one]
		w.Kind, w.ID, w.After = kind, one, ""
		out = append(out, w)
	}
	return out, nil
}

// afterOf is the fingerprint of a record as it is written.
func afterOf(item any) (string, error) {
	if s, ok := item.(Service); ok {
		return s.fingerprint()
	}
	text, err := json.Marshal(item)
	return textDigest(string(text)), err
}

// recordsOf reads stored records, with After as they are now.
func recordsOf(ctx context.Context, tx *db.Tx, kind string, ids []string) (map[string]Written, error) {
	found := make(map[string]Written, len(ids))
	from := `SELECT id, source, '', record, '' FROM ` + tableOf[kind] + ` WHERE id IN (`
	switch kind {
	case KindService:
		from = `SELECT id, source, origin, record, fingerprint FROM directory_service WHERE id IN (`
	case KindOrganization:
		from = `SELECT o.id, o.source, COALESCE(b.dataset || '/' || b.digest, ''), o.record, '' FROM network_organization o
			LEFT JOIN directory_body_origin b ON b.organization_id = o.id WHERE o.id IN (`
	}
	err := eachChunk(ids, func(in string, args []any) error {
		return db.Walk(ctx, tx, func(s db.Scanner) error {
			w := Written{Kind: kind}
			if err := s.Scan(&w.ID, &w.Source, &w.Origin, &w.Before, &w.After); err != nil {
				return err
			}
			if kind != KindService {
				w.After = textDigest(w.Before)
			}
			found[w.ID] = w
			return nil
		}, from+in+`)`, args...)
	})
	return found, err
}
