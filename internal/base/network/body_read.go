// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"context"
	"encoding/json"
	"fmt"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
)

// Body is MemberByID for whoever works in the network. Faults: Missing.
func (u *UseCases) Body(ctx context.Context, actor access.Actor, id string) (Member, error) {
	if err := u.check(ctx, actor, "network.body.read", bodyResource(id)); err != nil {
		return Member{}, err
	}
	m, err := MemberByID(ctx, u.DB, id)
	if err != nil {
		return m, access.Missing()
	}
	return u.shown(ctx, actor, m), nil
}

// Bodies lists every body for whoever works in the network.
func (u *UseCases) Bodies(ctx context.Context, actor access.Actor) ([]Member, error) {
	if err := u.check(ctx, actor, "network.body.read", bodyResource("")); err != nil {
		return nil, err
	}
	list, err := Bodies(ctx, u.DB)
	for i := range list {
		list[i] = u.shown(ctx, actor, list[i])
	}
	return list, err
}

// MayEditBody says whether somebody may change the entry of a body.
func (u *UseCases) MayEditBody(ctx context.Context, actor access.Actor, id string) bool {
	return u.Guard.Allows(ctx, actor, "network.body.edit", bodyResource(id))
}

// MayEditProject says whether somebody may change a project.
func (u *UseCases) MayEditProject(ctx context.Context, actor access.Actor, p Project) bool {
	return u.Guard.Allows(ctx, actor, "network.project.write", projectResource(p))
}

// shown leaves out the referent where the actor may not see who it is.
func (u *UseCases) shown(ctx context.Context, actor access.Actor, m Member) Member {
	if !u.Guard.Allows(ctx, actor, "network.body.referent", bodyResource(m.ID)) {
		m.Referent = Person{}
	}
	return m
}

// Current follows an entry that was merged to the one that stands for the body now. Without a merge
// it is the body itself. Fails with NotFound.
func Current(ctx context.Context, q db.Querier, id string) (Member, error) {
	for range 20 { // merges never make a ring, but a damaged database must not hang the page
		m, err := MemberByID(ctx, q, id)
		if err != nil || m.MergedInto == "" {
			return m, err
		}
		id = m.MergedInto
	}
	return Member{}, fmt.Errorf("network: the merges of %s never end", id)
}

// Merged tells of entries that were merged which entry stands for the body now: an import that
// still names the old one means the new.
func Merged(ctx context.Context, q db.Querier) (map[string]string, error) {
	into := map[string]string{}
	err := db.Walk(ctx, q, func(s db.Scanner) error {
		var from, to string
		if err := s.Scan(&from, &to); err != nil {
			return err
		}
		into[from] = to
		return nil
	}, `SELECT organization_id, merged_into FROM network_profile WHERE merged_into <> ''`)
	for from := range into {
		to := into[from]
		for range len(into) {
			next, more := into[to]
			if !more {
				break
			}
			to = next
		}
		into[from] = to
	}
	return into, err
}

// stateOf reads what a record was after one change. Fails with NotFound.
func stateOf(ctx context.Context, q db.Querier, kind, record string, number int64, state any) error {
	v, err := versionOf(ctx, q, kind, record, number)
	if err != nil {
		return err
	}
	return json.Unmarshal(v.Content, state)
}
