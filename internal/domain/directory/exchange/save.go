// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
)

// Directory is what saving an import needs of the directory.
type Directory interface {
	Known
	Plan(context.Context, directory.Batch) (directory.Outcome, error)
	Save(context.Context, directory.Batch) (directory.Outcome, error)
}

// Known is what the directory knows already.
type Known interface {
	Entries(ctx context.Context, ids []string) ([]directory.Entry, error)
	Organization(ctx context.Context, id string) (network.Organization, error)
	Programs(context.Context) ([]hsds.Program, error)
}

// Save writes what was read, in one transaction; with dryRun it only tells what it would do.
//
// A record that says no more than what the public knows already is left alone: what comes back from
// an export of our own must not take away what exports do not show (a hidden address, who assured
// an entry, the history). kept counts such records.
func Save(ctx context.Context, d Directory, b directory.Batch, r Report, dryRun bool) (outcome directory.Outcome, kept int, err error) {
	left, counts, err := Settle(ctx, d, b, r)
	if err != nil {
		return nil, 0, err
	}
	if dryRun {
		outcome, err = d.Plan(ctx, left)
	} else {
		outcome, err = d.Save(ctx, left)
	}
	if outcome == nil {
		outcome = directory.Outcome{}
	}
	for kind, n := range counts {
		c := outcome[kind]
		c.Unchanged += n
		outcome[kind] = c
		kept += n
	}
	return outcome, kept, err
}

// Settle takes out of a batch what the directory shows already, word for word, and counts it by kind.
// Save does it; so must whoever gives the batch to the directory by themselves.
func Settle(ctx context.Context, d Known, b directory.Batch, r Report) (directory.Batch, map[string]int, error) {
	counts := map[string]int{}
	bodies := map[string]network.Organization{}
	cut := map[string]bool{}
	for _, id := range r.reserved {
		cut[id] = true
	}
	var organizations []network.Organization
	for _, o := range b.Organizations {
		bodies[o.ID] = o
		if cut[o.ID] {
			stored, err := d.Organization(ctx, o.ID)
			if err == nil {
				// Only the public part of the body was read: what is here says more.
				bodies[o.ID] = stored
				counts["organization"]++
				continue
			}
			if !fault.Is(err, fault.KindNotFound) {
				return b, nil, err
			}
		}
		organizations = append(organizations, o)
	}
	b.Organizations = organizations
	programs, err := programsOf(ctx, d, b)
	if err != nil {
		return b, nil, err
	}
	var services []directory.Service
	for chunk := range slices.Chunk(b.Services, atOnce) {
		stored, err := storedOf(ctx, d, chunk, bodies)
		if err != nil {
			return b, nil, err
		}
		for _, s := range chunk {
			if shows(s, stored[s.ID], bodies[s.OrganizationID], programs) {
				counts["service"]++
				b.Kept = append(b.Kept, s.ID)
			} else {
				services = append(services, s)
			}
		}
	}
	b.Services = services
	return b, counts, nil
}

// atOnce is how many entries are read by one question to the database.
const atOnce = 500

// storedOf reads the entries of services that may be known already, and the bodies of those services
// that the batch only names.
func storedOf(ctx context.Context, d Known, list []directory.Service, bodies map[string]network.Organization) (map[string]*directory.Entry, error) {
	var ids []string
	for _, s := range list {
		if public(s) {
			ids = append(ids, s.ID)
		}
	}
	entries, err := d.Entries(ctx, ids)
	if err != nil {
		return nil, err
	}
	stored := make(map[string]*directory.Entry, len(entries))
	for _, e := range entries {
		stored[e.ID] = &e
	}
	for _, s := range list {
		if _, known := bodies[s.OrganizationID]; known || stored[s.ID] == nil {
			continue
		}
		body, err := d.Organization(ctx, s.OrganizationID)
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return nil, err
		}
		bodies[s.OrganizationID] = body
	}
	return stored, nil
}

func programsOf(ctx context.Context, d Known, b directory.Batch) (map[string]*hsds.Program, error) {
	stored, err := d.Programs(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]*hsds.Program{}
	for _, p := range append(stored, b.Programs...) {
		all[p.ID] = &p
	}
	return all, nil
}

// shows tells whether the directory shows exactly what a service would make public, and the service
// holds nothing beyond that. A service that is reserved here is never opened or emptied by a record
// that only knows its public side.
func shows(s directory.Service, stored *directory.Entry, body network.Organization, programs map[string]*hsds.Program) bool {
	switch {
	case stored == nil:
		return false
	case stored.Reserved() && len(s.Confidential) > 0:
		return true
	}
	s.RefreshTranslations()
	entry, err := directory.Publish(s, body, programs[s.ProgramID])
	if err != nil {
		return false // saving will say what is wrong with it
	}
	before := *stored
	entry.LastModified, before.LastModified = "", ""
	a, err1 := json.Marshal(entry)
	c, err2 := json.Marshal(before)
	return err1 == nil && err2 == nil && bytes.Equal(a, c)
}

// public tells whether a service holds nothing that Publish would take away.
func public(s directory.Service) bool {
	if s.Metadata != nil || s.AssurerEmail != "" {
		return false
	}
	for _, c := range s.Confidential {
		if c.Place.ID != "" {
			return false
		}
	}
	return true
}
