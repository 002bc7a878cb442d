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

// Batch is a set of records that becomes public together or not at all.
type Batch struct {
	// Source names the dataset. Saving a batch again changes nothing.
	Source        string
	Organizations []network.Organization
	Programs      []hsds.Program
	Taxonomies    []hsds.Taxonomy
	Terms         []hsds.TaxonomyTerm
	// Locations are places of bodies that no service stands at.
	Locations []BodyLocation
	Services  []Service
}

// BodyLocation is a place of a body.
type BodyLocation struct {
	Location
	Confidential bool `json:"confidential,omitempty"`
}

// Count is what happened to the records of one kind.
type Count struct {
	Created   int `json:"created"`
	Updated   int `json:"updated"`
	Unchanged int `json:"unchanged"`
}

// Outcome is what saving a batch did, or would do, by kind of record.
type Outcome map[string]Count

// Changed tells whether anything was created or updated.
func (o Outcome) Changed() bool {
	for _, c := range o {
		if c.Created+c.Updated > 0 {
			return true
		}
	}
	return false
}

// Plan tells what Save would do, and fails as it would.
func (u *UseCases) Plan(ctx context.Context, b Batch) (Outcome, error) {
	var outcome Outcome
	err := u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.difference(ctx, tx, b)
		outcome = d.outcome
		return err
	})
	return outcome, err
}

// Save writes the batch in one transaction: every record that is new or differs, and the entries
// that follow from it. It fails with Invalid (several, joined) when a service has no organization
// or a public text names a hidden address; then nothing is written.
func (u *UseCases) Save(ctx context.Context, b Batch) (Outcome, error) {
	var outcome Outcome
	err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.difference(ctx, tx, b)
		if err != nil {
			return err
		}
		outcome = d.outcome
		if !outcome.Changed() {
			return nil
		}
		return u.write(ctx, tx, d)
	})
	return outcome, err
}

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
	source        string
}

func (u *UseCases) difference(ctx context.Context, tx *db.Tx, b Batch) (difference, error) {
	d := difference{outcome: Outcome{}, source: b.Source}
	var err error
	if d.organizations, err = changed(ctx, tx, d.outcome, "organization", "network_organization", b.Organizations,
		func(o network.Organization) string { return o.ID }); err != nil {
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
	if d.locations, err = changed(ctx, tx, d.outcome, "location", "directory_location", b.Locations,
		func(l BodyLocation) string { return l.ID }); err != nil {
		return d, err
	}
	if d.services, err = changedServices(ctx, tx, d.outcome, b.Services); err != nil {
		return d, err
	}
	return d, d.publish(ctx, tx)
}

// changed keeps the records of list that differ from what the table holds.
func changed[T any](ctx context.Context, tx *db.Tx, outcome Outcome, kind, table string, list []T, id func(T) string) ([]T, error) {
	if len(list) == 0 {
		return nil, nil
	}
	stored, err := storedText(ctx, tx, table, "record")
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

func storedText(ctx context.Context, tx *db.Tx, table, column string) (map[string]string, error) {
	stored := map[string]string{}
	err := db.Walk(ctx, tx, func(s db.Scanner) error {
		var id, text string
		if err := s.Scan(&id, &text); err != nil {
			return err
		}
		stored[id] = text
		return nil
	}, `SELECT id, `+column+` FROM `+table)
	return stored, err
}

func changedServices(ctx context.Context, tx *db.Tx, outcome Outcome, list []Service) ([]Service, error) {
	if len(list) == 0 {
		return nil, nil
	}
	stored, err := storedText(ctx, tx, "directory_service", "fingerprint")
	if err != nil {
		return nil, err
	}
	var count Count
	out := make([]Service, 0, len(list))
	for _, s := range list {
		s.RefreshTranslations()
		now, err := s.fingerprint()
		if err != nil {
			return nil, err
		}
		before, known := stored[s.ID]
		if tally(&count, known, before == now) {
			out = append(out, s)
		}
	}
	outcome["service"] = count
	return out, nil
}

// fingerprint identifies everything in the record but the time of its last change.
func (s Service) fingerprint() (string, error) {
	s.LastModified = ""
	text, err := json.Marshal(s)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), err
}

// publish makes the entries that follow from the difference: of the services in it, and of the
// stored services of every body that changed.
func (d *difference) publish(ctx context.Context, tx *db.Tx) error {
	services := slices.Clone(d.services)
	more, err := servicesOf(ctx, tx, d.organizations)
	if err != nil {
		return err
	}
	mine := map[string]bool{}
	for _, s := range services {
		mine[s.ID] = true
	}
	for _, s := range more {
		if !mine[s.ID] {
			services = append(services, s)
		}
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
	for _, s := range services {
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
		d.entries = append(d.entries, entry)
	}
	return errors.Join(faults...)
}

func (d *difference) bodies(ctx context.Context, tx *db.Tx, services []Service) (map[string]network.Organization, error) {
	ids := map[string]bool{}
	for _, s := range services {
		ids[s.OrganizationID] = true
	}
	bodies, err := network.OrganizationsByID(ctx, tx, slices.Sorted(maps.Keys(ids)))
	for _, o := range d.organizations {
		if bodies != nil {
			bodies[o.ID] = o
		}
	}
	return bodies, err
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
