// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
)

// difference is what of a batch is not in the database yet, with the entries to write for it.
type difference struct {
	outcome       Outcome
	organizations []network.Organization
	programs      []hsds.Program
	taxonomies    []hsds.Taxonomy
	terms         []hsds.TaxonomyTerm
	locations     []BodyLocation
	services      []Service
	entries       []Entry
	goneServices  []string // ids
	goneLocations []string
	concealed     concealed
	hide          []BodyLocation // stored places that have become confidential
	source        string
	held          []Held
	origins       map[string]origin // of the services that a dataset brings
	edit          bool              // by somebody here (Batch.edit)
	conflicts     []conflict        // between what was changed here and what the dataset changed
	settled       []string          // services about which there is no conflict any more
	renewed       map[string]origin // of services that were brought together with what was changed here
}

func (u *UseCases) difference(ctx context.Context, tx *db.Tx, b Batch) (difference, error) {
	d := difference{outcome: Outcome{}, source: b.Source, origins: map[string]origin{}, renewed: map[string]origin{}, edit: b.edit}
	if b.Complete && b.Source == "" {
		return d, fault.Invalid("source", "save.complete-without-source")
	}
	if !b.edit {
		if err := b.followMerged(ctx, tx); err != nil {
			return d, err
		}
	}
	var err error
	if d.organizations, err = changed(ctx, tx, d.outcome, "organization", "network_organization", b.Organizations,
		func(o network.Organization) string { return o.ID }); err != nil {
		return d, err
	}
	if err := d.holdBodies(ctx, tx, b); err != nil {
		return d, err
	}
	if d.programs, err = changed(ctx, tx, d.outcome, "program", "directory_program", b.Programs,
		func(p hsds.Program) string { return p.ID }); err != nil {
		return d, err
	}
	if d.taxonomies, err = changed(ctx, tx, d.outcome, "taxonomy", "directory_taxonomy", b.Taxonomies,
		func(t hsds.Taxonomy) string { return t.ID }); err != nil {
		return d, err
	}
	if d.terms, err = changed(ctx, tx, d.outcome, "taxonomy_term", "directory_taxonomy_term", b.Terms,
		func(t hsds.TaxonomyTerm) string { return t.ID }); err != nil {
		return d, err
	}
	if err := d.holdParts(ctx, tx, b); err != nil {
		return d, err
	}
	if err := d.changedServices(ctx, tx, b); err != nil {
		return d, err
	}
	if b.Complete {
		if err := d.missing(ctx, tx, b); err != nil {
			return d, err
		}
	}
	if err := d.findSettled(ctx, tx, b); err != nil {
		return d, err
	}
	if err := d.conceal(ctx, tx, b); err != nil {
		return d, err
	}
	if err := d.places(ctx, tx, b); err != nil {
		return d, err
	}
	return d, d.publish(ctx, tx)
}

// changed keeps the records of list that differ from what the table holds.
func changed[T any](ctx context.Context, tx *db.Tx, outcome Outcome, kind, table string, list []T, id func(T) string) ([]T, error) {
	if len(list) == 0 {
		return nil, nil
	}
	stored, err := storedText(ctx, tx, table, "record", kind, list, id)
	if err != nil {
		return nil, err
	}
	var count Count
	out := make([]T, 0, len(list))
	for _, item := range list {
		now, err := json.Marshal(item)
		if err != nil {
			return nil, err
		}
		before, known := stored[id(item)]
		if tally(&count, known, before == string(now)) {
			out = append(out, item)
		}
	}
	count.Removed = outcome[kind].Removed
	outcome[kind] = count
	return out, nil
}

// tally counts one record and tells whether it has to be written.
func tally(c *Count, known, same bool) bool {
	switch {
	case !known:
		c.Created++
	case same:
		c.Unchanged++
	default:
		c.Updated++
	}
	return !known || !same
}

// storedText reads a column of the rows that a list of records is about. It refuses a list that
// holds an id twice: which of the two is meant?
func storedText[T any](ctx context.Context, tx *db.Tx, table, column, kind string, list []T, id func(T) string) (map[string]string, error) {
	stored := map[string]string{}
	ids := make(map[string]bool, len(list))
	var faults []error
	for _, item := range list {
		if ids[id(item)] {
			faults = append(faults, fault.Invalid(kind+"/"+id(item), "save.twice", "kind", kind, "id", id(item)))
		}
		ids[id(item)] = true
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	err := eachChunk(slices.Sorted(maps.Keys(ids)), func(in string, args []any) error {
		return db.Walk(ctx, tx, func(s db.Scanner) error {
			var id, text string
			if err := s.Scan(&id, &text); err != nil {
				return err
			}
			stored[id] = text
			return nil
		}, `SELECT id, `+column+` FROM `+table+` WHERE id IN (`+in+`)`, args...)
	})
	return stored, err
}

// eachChunk gives the ids in portions that fit one statement, with their placeholders.
func eachChunk(ids []string, do func(in string, args []any) error) error {
	for chunk := range slices.Chunk(ids, 500) {
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = id
		}
		if err := do(db.Placeholders(1, len(args)), args); err != nil {
			return err
		}
	}
	return nil
}

// changedServices finds the services that are new or differ, and holds those that the batch may not
// write over.
func (d *difference) changedServices(ctx context.Context, tx *db.Tx, b Batch) error {
	if len(b.Services) == 0 {
		return nil
	}
	fingerprints, err := storedText(ctx, tx, "directory_service", "fingerprint", "service", b.Services, func(s Service) string { return s.ID })
	if err != nil {
		return err
	}
	var count Count
	differing := make([]Service, 0, len(b.Services))
	for _, s := range b.Services {
		s.Source = b.Source
		read := s // settle gives digests to translations that came without
		before, known := fingerprints[s.ID]
		now, err := s.settle()
		if err != nil {
			return err
		}
		if known && before == now {
			count.Unchanged++
			continue
		}
		differing = append(differing, read)
	}
	stored, err := storedServices(ctx, tx, idsOf(differing, func(s Service) string { return s.ID }))
	if err != nil {
		return err
	}
	if differing, err = d.holdDrafts(ctx, tx, stored, b, differing); err != nil {
		return err
	}
	kept, err := d.holdServices(stored, b, differing)
	if err != nil {
		return err
	}
	for _, s := range kept {
		before, known := stored[s.ID]
		if known {
			// Translations that have not changed with their source go out of date.
			s.keepDigests(before.Service)
		}
		now, err := s.settle()
		if err != nil {
			return err
		}
		same := known && fingerprints[s.ID] == now
		if !same {
			delete(d.renewed, s.ID) // it is written with the service
		}
		if same && d.inConflict(s.ID) {
			continue // counted as held
		}
		if tally(&count, known, same) {
			d.services = append(d.services, s)
		}
	}
	count.Held = d.outcome["service"].Held
	d.outcome["service"] = count
	return nil
}

// settle brings the states of the translations up to date and gives the fingerprint.
func (s *Service) settle() (string, error) {
	s.RefreshTranslations()
	return s.fingerprint()
}

// fingerprint identifies everything in the record but the time of its last change.
func (s Service) fingerprint() (string, error) {
	s.LastModified = ""
	text, err := json.Marshal(s)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), err
}

// missing finds what the dataset had when it was saved before, and has no more. What was edited here
// since stays and is held.
func (d *difference) missing(ctx context.Context, tx *db.Tx, b Batch) (err error) {
	gone, err := d.notIn(ctx, tx, `SELECT id FROM directory_service WHERE source = $1 ORDER BY id`,
		append(idsOf(b.Services, func(s Service) string { return s.ID }), b.Kept...))
	if err != nil {
		return err
	}
	stored, err := storedServices(ctx, tx, gone)
	if err != nil {
		return err
	}
	for _, id := range gone {
		edited, err := stored[id].edited()
		if err != nil {
			return err
		}
		if edited && !b.OverEdits {
			d.hold(Held{Kind: "service", ID: id, Name: stored[id].Name, Reason: HeldRemoval, Owner: b.Source})
			d.conflicts = append(d.conflicts, conflict{service: id})
			continue
		}
		d.goneServices = append(d.goneServices, id)
	}
	d.removed("service", len(d.goneServices))
	d.goneLocations, err = d.notIn(ctx, tx, `SELECT id FROM directory_location WHERE source = $1 ORDER BY id`,
		idsOf(b.Locations, func(l BodyLocation) string { return l.ID }))
	d.removed("location", len(d.goneLocations))
	return err
}

func (d *difference) removed(kind string, n int) {
	if n > 0 {
		count := d.outcome[kind]
		count.Removed = n
		d.outcome[kind] = count
	}
}

func (d *difference) notIn(ctx context.Context, tx *db.Tx, stored string, ids []string) ([]string, error) {
	there := make(map[string]bool, len(ids))
	for _, id := range ids {
		there[id] = true
	}
	list, err := db.Rows(ctx, tx, db.Column[string], stored, d.source)
	return slices.DeleteFunc(list, func(id string) bool { return there[id] }), err
}

func idsOf[T any](list []T, id func(T) string) []string {
	ids := make([]string, len(list))
	for i, item := range list {
		ids[i] = id(item)
	}
	return ids
}

// publish makes the entries that follow from the difference: of the services in it, and of the
// stored services of every body and program that changed.
func (d *difference) publish(ctx context.Context, tx *db.Tx) error {
	services, err := d.followers(ctx, tx)
	if err != nil {
		return err
	}
	bodies, err := d.bodies(ctx, tx, services)
	if err != nil {
		return err
	}
	programs, err := d.programsOf(ctx, tx, services)
	if err != nil {
		return err
	}
	var faults []error
	written := map[string]bool{}
	for _, s := range services {
		written[s.ID] = true
		body, ok := bodies[s.OrganizationID]
		if !ok {
			faults = append(faults, fault.Invalid("services/"+s.ID, "service.no-organization", "id", s.ID, "organization", s.OrganizationID))
			continue
		}
		entry, err := Publish(s, body, programs[s.ProgramID])
		if err != nil {
			faults = append(faults, err)
			continue
		}
		faults = append(faults, d.concealed.shown(entry))
		d.entries = append(d.entries, entry)
	}
	others, err := d.neighbours(ctx, tx, written)
	if err != nil {
		return err
	}
	return errors.Join(append(faults, others...)...)
}

// followers are the services whose entries have to be written again.
func (d *difference) followers(ctx context.Context, tx *db.Tx) ([]Service, error) {
	services := slices.Clone(d.services)
	known := d.mine()
	add := func(from string, ids []string) error {
		return eachChunk(ids, func(in string, args []any) error {
			list, err := db.Rows(ctx, tx, scanRecord[Service], `SELECT s.record FROM directory_service s `+from+` IN (`+in+`) ORDER BY s.id`, args...)
			for _, s := range list {
				if !known[s.ID] {
					known[s.ID] = true
					services = append(services, s)
				}
			}
			return err
		})
	}
	err := add(`WHERE s.organization_id`, idsOf(d.organizations, func(o network.Organization) string { return o.ID }))
	if err == nil {
		err = add(`JOIN directory_entry e ON e.id = s.id WHERE e.program_id`, idsOf(d.programs, func(p hsds.Program) string { return p.ID }))
	}
	return services, err
}

func (d *difference) bodies(ctx context.Context, tx *db.Tx, services []Service) (map[string]network.Organization, error) {
	ids := map[string]bool{}
	for _, s := range services {
		ids[s.OrganizationID] = true
	}
	bodies, err := network.OrganizationsByID(ctx, tx, slices.Sorted(maps.Keys(ids)))
	if err != nil {
		return nil, err
	}
	for _, o := range d.organizations {
		bodies[o.ID] = o
	}
	return bodies, nil
}

func (d *difference) programsOf(ctx context.Context, tx *db.Tx, services []Service) (map[string]*hsds.Program, error) {
	programs := map[string]*hsds.Program{}
	if !slices.ContainsFunc(services, func(s Service) bool { return s.ProgramID != "" }) {
		return programs, nil
	}
	list, err := Programs(ctx, tx)
	for _, p := range append(list, d.programs...) {
		programs[p.ID] = &p
	}
	return programs, err
}
