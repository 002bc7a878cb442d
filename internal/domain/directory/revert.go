// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"approdo/internal/kit/db"
)

// Reasons why Revert leaves a record as it is.
const (
	HeldChanged = "changed-since" // it was changed after the batch wrote it
	HeldHidden  = "would-open"    // its place has become confidential: undoing does not open it
)

// Revert puts back what was there before a batch (Applied.Written): what it changed becomes what it
// was, what it brought goes, what it took away returns. What somebody changed since stays and is
// held. Bodies that the batch brought go only when nothing refers to them. It holds to the rules of
// Save and fails as Save does; the companion is as in Apply.
func (u *UseCases) Revert(ctx context.Context, list []Written, companion func(context.Context, *db.Tx, Applied) error) (applied Applied, err error) {
	var bodies []string
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r := reversal{difference: difference{outcome: Outcome{}, origins: map[string]origin{}}, bySource: map[string]*difference{}}
		if err := r.sort(ctx, tx, list); err != nil {
			return err
		}
		if err := r.conceal(ctx, tx, Batch{}); err != nil {
			return err
		}
		if err := r.places(ctx, tx, Batch{}); err != nil {
			return err
		}
		if err := r.publish(ctx, tx); err != nil {
			return err
		}
		if err := r.parts(ctx, tx); err != nil {
			return err
		}
		if err := u.write(ctx, tx, r.difference); err != nil {
			return err
		}
		applied, bodies = Applied{Outcome: r.outcome, Held: r.held}, r.bodies
		if companion != nil {
			return companion(ctx, tx, applied)
		}
		return nil
	})
	if err != nil {
		return applied, err
	}
	return applied, u.dropBodies(ctx, bodies)
}

// reversal is a difference that leads back.
type reversal struct {
	difference
	bySource map[string]*difference // programs, taxonomies, terms and places, by the dataset they were of
	gone     map[string][]string    // ids to delete, by kind
	origin   []Written              // of bodies that become what they were
	bodies   []string               // that the batch brought
}

// sort decides about every record.
func (r *reversal) sort(ctx context.Context, tx *db.Tx, list []Written) error {
	r.gone = map[string][]string{}
	byKind := map[string][]Written{}
	for _, w := range list {
		byKind[w.Kind] = append(byKind[w.Kind], w)
	}
	for _, kind := range []string{KindOrganization, KindProgram, KindTaxonomy, KindTerm, KindLocation, KindService} {
		now, err := recordsOf(ctx, tx, kind, idsOf(byKind[kind], func(w Written) string { return w.ID }))
		if err != nil {
			return err
		}
		count := Count{}
		for _, w := range byKind[kind] {
			current, there := now[w.ID]
			if there != (w.After != "") || there && current.After != w.After {
				r.held = append(r.held, Held{Kind: kind, ID: w.ID, Name: nameIn(current.Before, w.Before), Reason: HeldChanged})
				count.Held++
				continue
			}
			if err := r.one(w, current.Before, &count); err != nil {
				return err
			}
		}
		if count != (Count{}) {
			r.outcome[kind] = count
		}
	}
	return nil
}

// one takes a record back.
func (r *reversal) one(w Written, current string, count *Count) error {
	switch {
	case w.Before == "":
		count.Removed++
		switch w.Kind {
		case KindService:
			r.goneServices = append(r.goneServices, w.ID)
		case KindOrganization:
			r.bodies = append(r.bodies, w.ID)
		default:
			r.gone[w.Kind] = append(r.gone[w.Kind], w.ID)
		}
		return nil
	case w.After == "":
		count.Created++
	default:
		count.Updated++
	}
	source := r.bySource[w.Source]
	if source == nil {
		source = &difference{source: w.Source}
		r.bySource[w.Source] = source
	}
	switch w.Kind {
	case KindOrganization:
		r.origin = append(r.origin, w)
		return take(w.Before, &r.organizations)
	case KindProgram:
		return errors.Join(take(w.Before, &source.programs), take(w.Before, &r.programs))
	case KindTaxonomy:
		return take(w.Before, &source.taxonomies)
	case KindTerm:
		return take(w.Before, &source.terms)
	case KindLocation:
		return take(w.Before, &source.locations)
	}
	return r.service(w, current, count)
}

func (r *reversal) service(w Written, current string, count *Count) error {
	var before, now Service
	if err := json.Unmarshal([]byte(w.Before), &before); err != nil {
		return err
	}
	if current != "" {
		if err := json.Unmarshal([]byte(current), &now); err != nil {
			return err
		}
	}
	if len(now.Confidential) > 0 && len(before.Confidential) == 0 {
		r.held = append(r.held, Held{Kind: w.Kind, ID: w.ID, Name: now.Name, Reason: HeldHidden})
		count.Updated--
		count.Held++
		return nil
	}
	var from origin
	if w.Origin != "" {
		if err := json.Unmarshal([]byte(w.Origin), &from); err != nil {
			return err
		}
	}
	r.origins[before.ID] = from
	r.services = append(r.services, before)
	return nil
}

func take[T any](text string, into *[]T) error {
	var one T
	err := json.Unmarshal([]byte(text), &one)
	*into = append(*into, one)
	return err
}

// parts writes what is neither body nor service. Programs are in the difference itself only so that
// their entries follow; they are written here, with their dataset.
func (r *reversal) parts(ctx context.Context, tx *db.Tx) error {
	for _, one := range r.bySource {
		if err := writeTerms(ctx, tx, *one); err != nil {
			return err
		}
	}
	r.programs = nil
	for _, kind := range []string{KindTerm, KindTaxonomy, KindProgram, KindLocation} {
		if err := deleteRows(ctx, tx, tableOf[kind], r.gone[kind]); err != nil {
			return err
		}
	}
	for _, w := range r.origin {
		at := strings.LastIndex(w.Origin, "/") // a dataset may have the sign in its name, a digest has not
		if _, err := db.Exec(ctx, tx, `DELETE FROM directory_body_origin WHERE organization_id = $1`, w.ID); err != nil {
			return err
		}
		if at < 0 {
			continue
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO directory_body_origin (organization_id, dataset, digest) VALUES ($1, $2, $3)`, w.ID, w.Origin[:at], w.Origin[at+1:]); err != nil {
			return err
		}
	}
	return nil
}

// dropBodies takes away bodies that were brought, each by itself: one that has got services, projects
// or people of its own since then stays.
func (u *UseCases) dropBodies(ctx context.Context, ids []string) error {
	for _, id := range ids {
		_, err := db.Exec(ctx, u.db, `DELETE FROM network_organization WHERE id = $1
			AND NOT EXISTS (SELECT 1 FROM directory_service WHERE organization_id = $2)
			AND NOT EXISTS (SELECT 1 FROM directory_program WHERE organization_id = $3)
			AND NOT EXISTS (SELECT 1 FROM directory_location WHERE organization_id = $4)`, id, id, id, id)
		if err != nil && !db.IsForeignKey(err) {
			return err
		}
	}
	return nil
}

func nameIn(texts ...string) string {
	for _, text := range texts {
		var named struct{ Name string }
		if json.Unmarshal([]byte(text), &named) == nil && named.Name != "" {
			return named.Name
		}
	}
	return ""
}
