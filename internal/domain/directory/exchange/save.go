// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"bytes"
	"context"
	"encoding/json"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
)

// Directory is what saving an import needs of the directory.
type Directory interface {
	Plan(context.Context, directory.Batch) (directory.Outcome, error)
	Save(context.Context, directory.Batch) (directory.Outcome, error)
	Entry(ctx context.Context, id string) (directory.Entry, error)
	Organization(ctx context.Context, id string) (network.Organization, error)
	Programs(context.Context) ([]hsds.Program, error)
}

// Save writes what was read, in one transaction; with dryRun it only tells what it would do.
//
// A record that says no more than what the public knows already is left alone: what comes back from
// an export of our own must not take away what exports do not show (a hidden address, who assured
// an entry, the history). kept counts such records.
func Save(ctx context.Context, d Directory, b directory.Batch, r Report, dryRun bool) (outcome directory.Outcome, kept int, err error) {
	left, counts, err := settleKnown(ctx, d, b, r)
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

// settleKnown takes out of a batch what the directory shows already, word for word.
func settleKnown(ctx context.Context, d Directory, b directory.Batch, r Report) (directory.Batch, map[string]int, error) {
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
	for _, s := range b.Services {
		known, err := shows(ctx, d, s, bodies, programs)
		if err != nil {
			return b, nil, err
		}
		if known {
			counts["service"]++
			b.Kept = append(b.Kept, s.ID)
		} else {
			services = append(services, s)
		}
	}
	b.Services = services
	return b, counts, nil
}

func programsOf(ctx context.Context, d Directory, b directory.Batch) (map[string]*hsds.Program, error) {
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
func shows(ctx context.Context, d Directory, s directory.Service, bodies map[string]network.Organization, programs map[string]*hsds.Program) (bool, error) {
	if !public(s) {
		return false, nil
	}
	stored, err := d.Entry(ctx, s.ID)
	if fault.Is(err, fault.KindNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if stored.Reserved() && len(s.Confidential) > 0 {
		return true, nil
	}
	body, ok := bodies[s.OrganizationID]
	if !ok {
		if body, err = d.Organization(ctx, s.OrganizationID); err != nil && !fault.Is(err, fault.KindNotFound) {
			return false, err
		}
	}
	s.RefreshTranslations()
	entry, err := directory.Publish(s, body, programs[s.ProgramID])
	if err != nil {
		return false, nil //nolint:nilerr // saving will say what is wrong with it
	}
	entry.LastModified, stored.LastModified = "", ""
	a, err1 := json.Marshal(entry)
	c, err2 := json.Marshal(stored)
	return err1 == nil && err2 == nil && bytes.Equal(a, c), nil
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
