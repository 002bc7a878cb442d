// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"

	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/hsds"
)

// Batch is a set of records that becomes public together or not at all.
type Batch struct {
	// Source names the dataset, of which the services are from then on. Saving a batch again changes
	// nothing.
	Source        string
	Organizations []network.Organization
	Programs      []hsds.Program
	Taxonomies    []hsds.Taxonomy
	Terms         []hsds.TaxonomyTerm
	// Locations are places of bodies that no service stands at.
	Locations []BodyLocation
	Services  []Service
	// Complete: the batch is the whole dataset. What came from the same source before and is in the
	// batch no more (services, and places that no service stands at) goes. Never set it for a batch
	// from which rows were left out.
	Complete bool
	// Kept are ids of services that the dataset has but the batch does not, since nothing about them
	// is to be written.
	Kept []string
	// Opens are services of which the dataset itself says that their places are open. Without that
	// word a service that had a confidential place is not opened.
	Opens map[string]bool
	// TakesOver are datasets whose entries the batch may write over, and owns from then on; "" stands
	// for what was entered here. Without that word they are held: an entry belongs to its dataset.
	TakesOver []string
	// OverEdits: write also over what was edited here since the dataset brought it.
	OverEdits bool
	// edit marks what people write here, in the office: no dataset, so nothing is held against it, and
	// what the dataset of the service brought stays known, so that the edit is seen as one.
	edit bool
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
	Removed   int `json:"removed,omitempty"`
	Held      int `json:"held,omitempty"` // left as they are, since they belong to somebody else (Held)
}

// Outcome is what saving a batch did, or would do, by kind of record.
type Outcome map[string]Count

// Changed tells whether anything was created, updated or removed.
func (o Outcome) Changed() bool {
	for _, c := range o {
		if c.Created+c.Updated+c.Removed > 0 {
			return true
		}
	}
	return false
}

// Plan tells what Save would do, and fails as it would.
func (u *UseCases) Plan(ctx context.Context, b Batch) (Outcome, error) {
	applied, err := u.Foresee(ctx, b)
	return applied.Outcome, err
}

// Save writes the batch in one transaction: every record that is new or differs, and the entries
// that follow from it. What belongs to another dataset, or was edited here since, is held and counted
// (Batch.TakesOver, Batch.OverEdits). It fails with Invalid (several, joined), and then nothing is
// written, when an identifier is there twice or belongs to another service, a service has no
// organization, a public text names a hidden address, a place is open for one service and hidden for
// another, or a service that had a confidential place would be opened by silence or by another dataset.
func (u *UseCases) Save(ctx context.Context, b Batch) (Outcome, error) {
	applied, err := u.Apply(ctx, b, nil)
	return applied.Outcome, err
}

// save writes what somebody edits here, within a transaction of the caller. Batch.Source is the
// dataset that the services are of; that it does not say this itself is seen from what it brought last.
func (u *UseCases) save(ctx context.Context, tx *db.Tx, b Batch) (Outcome, error) {
	b.edit = true
	d, err := u.difference(ctx, tx, b)
	if err != nil || !d.outcome.Changed() {
		return d.outcome, err
	}
	return d.outcome, u.write(ctx, tx, d)
}
