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

// PublishBodies writes bodies that somebody edits here, with the entries of their services, within
// a transaction of the caller. It fails as Save does: a body that shelters can't show its address.
func (u *UseCases) PublishBodies(ctx context.Context, tx *db.Tx, list []network.Organization) error {
	_, err := u.save(ctx, tx, Batch{Organizations: list})
	return err
}

// Name is under which name package network keeps what Move has moved.
func (u *UseCases) Name() string { return "directory" }

// owned is a record of a body with the dataset it is of.
type owned[T any] struct {
	source string
	record T
}

// Move gives services, programs and places of one body to another, when two entries of one body are
// made one (network.Follower). Each stays of the dataset it is of.
func (u *UseCases) Move(ctx context.Context, tx *db.Tx, from, into string, only []string) ([]string, error) {
	batches := map[string]*Batch{}
	of := func(source string) *Batch {
		if batches[source] == nil {
			batches[source] = &Batch{Source: source}
		}
		return batches[source]
	}
	var moved []string
	wanted := func(id string) bool {
		if only != nil && !slices.Contains(only, id) {
			return false
		}
		moved = append(moved, id)
		return true
	}
	services, err := ownedBy[Service](ctx, tx, `SELECT source, record FROM directory_service WHERE organization_id = $1 ORDER BY id`, from)
	if err != nil {
		return nil, err
	}
	for _, s := range services {
		if wanted(s.record.ID) {
			s.record.OrganizationID = into
			of(s.source).Services = append(of(s.source).Services, s.record)
		}
	}
	programs, err := ownedBy[hsds.Program](ctx, tx, `SELECT source, record FROM directory_program WHERE organization_id = $1 ORDER BY id`, from)
	if err != nil {
		return nil, err
	}
	for _, p := range programs {
		if wanted(p.record.ID) {
			p.record.OrganizationID = into
			of(p.source).Programs = append(of(p.source).Programs, p.record)
		}
	}
	places, err := ownedBy[BodyLocation](ctx, tx, `SELECT source, record FROM directory_location WHERE organization_id = $1 ORDER BY id`, from)
	if err != nil {
		return nil, err
	}
	for _, l := range places {
		if wanted(l.record.ID) {
			l.record.OrganizationID = into
			of(l.source).Locations = append(of(l.source).Locations, l.record)
		}
	}
	for _, source := range slices.Sorted(maps.Keys(batches)) {
		if _, err := u.save(ctx, tx, *batches[source]); err != nil {
			return nil, err
		}
	}
	return moved, nil
}

func ownedBy[T any](ctx context.Context, tx *db.Tx, text, body string) ([]owned[T], error) {
	return db.Rows(ctx, tx, func(s db.Scanner) (owned[T], error) {
		var o owned[T]
		return o, s.Scan(&o.source, db.JSON(&o.record))
	}, text, body)
}

// followMerged puts the entry that stands for a body now in the place of one that was merged: a
// dataset that still knows the old one does not split the body again.
func (b *Batch) followMerged(ctx context.Context, tx *db.Tx) error {
	into, err := network.Merged(ctx, tx)
	if err != nil || len(into) == 0 {
		return err
	}
	b.Services, b.Programs, b.Locations = slices.Clone(b.Services), slices.Clone(b.Programs), slices.Clone(b.Locations)
	change := func(id *string) {
		if to, merged := into[*id]; merged {
			*id = to
		}
	}
	for i := range b.Services {
		change(&b.Services[i].OrganizationID)
	}
	for i := range b.Programs {
		change(&b.Programs[i].OrganizationID)
	}
	for i := range b.Locations {
		change(&b.Locations[i].OrganizationID)
	}
	return nil
}
