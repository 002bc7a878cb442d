// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"context"
	"slices"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/upload"
)

// Profile is what the network itself knows of a body, beside what bodies exchange (Organization).
// No import writes it.
type Profile struct {
	// MemberSince and MemberUntil are ISO days, both included; "" for not (yet) and for no end.
	MemberSince string `json:"member_since,omitempty"`
	MemberUntil string `json:"member_until,omitempty"`
	// ClosedOn is the first day on which the body does not exist any more, "" while it does.
	ClosedOn string `json:"closed_on,omitempty"`
	// MergedInto is the entry of the same body that this one was merged into.
	MergedInto string `json:"merged_into,omitempty"`
	// IPA is the code in the index of public administrations (art. 6-ter d.lgs. 82/2005).
	IPA string `json:"ipa,omitempty"`
	// Territories are where the body works.
	Territories []Ref `json:"territories,omitempty"`
	// DPO is the data-protection officer (art. 37 GDPR), whose contacts are public.
	DPO Person `json:"dpo,omitzero"`
	// Referent is whom the network writes to; known to members alone.
	Referent Person `json:"referent,omitzero"`
	// Emblem is its logo, EmblemText what it shows, for those who don't see it.
	Emblem     upload.Kept `json:"emblem,omitzero"`
	EmblemText string      `json:"emblem_text,omitempty"`
}

// Person is somebody who speaks for a body.
type Person struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// Member is a body as the network sees it. One that has never taken part has an empty MemberSince.
type Member struct {
	Organization
	Profile
	Version int64 `json:"-"`
}

// MemberOn says whether the body takes part on a day.
func (p Profile) MemberOn(day calendar.Day) bool {
	on := day.String()
	return p.MemberSince != "" && p.MemberSince <= on && (p.MemberUntil == "" || on <= p.MemberUntil) && !p.ClosedBy(day)
}

// ClosedBy says whether the body exists no more on a day, or not under this entry.
func (p Profile) ClosedBy(day calendar.Day) bool {
	return p.MergedInto != "" || p.ClosedOn != "" && p.ClosedOn <= day.String()
}

const memberColumns = `SELECT o.record, o.version, p.record FROM network_organization o LEFT JOIN network_profile p ON p.organization_id = o.id`

func scanMember(s db.Scanner) (Member, error) {
	var m Member
	return m, s.Scan(db.JSON(&m.Organization), &m.Version, db.JSON(&m.Profile))
}

// Members are the bodies that take part on a day, by name, then id.
func Members(ctx context.Context, q db.Querier, day calendar.Day) ([]Member, error) {
	return db.Rows(ctx, q, scanMember, memberColumns+`
		WHERE p.member_since <> '' AND p.member_since <= $1 AND (p.member_until = '' OR p.member_until >= $1)
		AND p.merged_into = '' AND (p.closed_on = '' OR p.closed_on > $1) ORDER BY o.name, o.id`, day.String())
}

// IsMember says whether a body takes part on a day: what each request of its people asks.
func IsMember(ctx context.Context, q db.Querier, id string, day calendar.Day) (bool, error) {
	list, err := db.Rows(ctx, q, scanMember, memberColumns+` WHERE o.id = $1`, id)
	return len(list) == 1 && list[0].MemberOn(day), err
}

// MemberByID gives any body, also one that has never taken part. It fails with NotFound.
func MemberByID(ctx context.Context, q db.Querier, id string) (Member, error) {
	return db.Row(ctx, q, scanMember, memberColumns+` WHERE o.id = $1`, id)
}

// MembersByID gives the bodies among ids that exist, by id.
func MembersByID(ctx context.Context, q db.Querier, ids []string) (map[string]Member, error) {
	found := make(map[string]Member, len(ids))
	for chunk := range slices.Chunk(ids, 500) {
		args := make([]any, len(chunk))
		for i, id := range chunk {
			args[i] = id
		}
		list, err := db.Rows(ctx, q, scanMember, memberColumns+` WHERE o.id IN (`+db.Placeholders(1, len(args))+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			found[m.ID] = m
		}
	}
	return found, nil
}

// Children are the bodies right below one, by name.
func Children(ctx context.Context, q db.Querier, id string) ([]Member, error) {
	return db.Rows(ctx, q, scanMember, memberColumns+` WHERE o.parent_id = $1 ORDER BY o.name, o.id`, id)
}

// Bodies lists all bodies as the network sees them, by name, then id.
func Bodies(ctx context.Context, q db.Querier) ([]Member, error) {
	return db.Rows(ctx, q, scanMember, memberColumns+` ORDER BY o.name, o.id`)
}

// SaveProfile writes what the network knows of a body that is there already.
func SaveProfile(ctx context.Context, tx *db.Tx, id string, p Profile) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO network_profile (organization_id, member_since, member_until, closed_on, merged_into, record)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (organization_id) DO UPDATE SET member_since = excluded.member_since, member_until = excluded.member_until,
		closed_on = excluded.closed_on, merged_into = excluded.merged_into, record = excluded.record`,
		id, p.MemberSince, p.MemberUntil, p.ClosedOn, p.MergedInto, db.JSON(p))
	return err
}

// AdmitExamples makes the made-up bodies of the demo network members from a day on. Those of which
// the network knows something already stay as they are.
func AdmitExamples(ctx context.Context, tx *db.Tx, since string) error {
	bodies, err := Bodies(ctx, tx)
	if err != nil {
		return err
	}
	p := Profile{MemberSince: since}
	var rows [][]any
	for _, m := range bodies {
		if m.Example {
			rows = append(rows, []any{m.ID, p.MemberSince, db.JSON(p)})
		}
	}
	_, err = db.Insert(ctx, tx, `network_profile (organization_id, member_since, record)`, `ON CONFLICT (organization_id) DO NOTHING`, rows)
	return err
}
