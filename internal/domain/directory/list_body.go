// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
)

// Body is what the public may know of a body: a body that offers nothing but services with
// confidential places is known by its name alone, since where it sits may be where they are.
type Body struct {
	Organization network.Organization
	Reserved     bool
	// Locations are its open places that no service stands at. Programs and Locations are empty
	// for a reserved body, and in lists.
	Locations []Location
	Programs  []hsds.Program
}

// BodySelection says which bodies a list holds. Conditions add up.
type BodySelection struct {
	Term     string // of one of its entries; what stands under the term counts as well
	Taxonomy string
	Text     string // words that its names or its description hold
}

// ListBodies gives a page of bodies (from 1; size 0: all of them), by id, and how many there are.
func (u *UseCases) ListBodies(ctx context.Context, s BodySelection, page, size int) (list []Body, total int, err error) {
	err = u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		where, args, err := s.where(ctx, tx)
		if err != nil {
			return err
		}
		bodies, n, err := pageOfBodies(ctx, tx, s, where, args, page, size)
		if err != nil {
			return err
		}
		total = n
		list, err = publicBodies(ctx, tx, bodies)
		return err
	})
	return list, total, err
}

// Body reads one body with its places and programs; NotFound when there is none.
func (u *UseCases) Body(ctx context.Context, id string) (body Body, err error) {
	err = u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		organization, err := network.OrganizationByID(ctx, tx, id)
		if err != nil {
			return err
		}
		list, err := publicBodies(ctx, tx, []network.Organization{organization})
		if err != nil {
			return err
		}
		body = list[0]
		if body.Reserved {
			return nil
		}
		if body.Locations, err = db.Rows(ctx, tx, scanRecord[Location],
			`SELECT record FROM directory_location WHERE organization_id = $1 AND NOT confidential ORDER BY id`, id); err != nil {
			return err
		}
		body.Programs, err = db.Rows(ctx, tx, scanRecord[hsds.Program], `SELECT record FROM directory_program WHERE organization_id = $1 ORDER BY id`, id)
		return err
	})
	return body, err
}

func (s BodySelection) where(ctx context.Context, tx *db.Tx) (string, []any, error) {
	if s.Term == "" && s.Taxonomy == "" {
		return "", nil, nil
	}
	where, args, err := Selection{Term: s.Term, Taxonomy: s.Taxonomy}.where(ctx, tx)
	return ` WHERE o.id IN (SELECT e.organization_id FROM directory_entry e` + where + `)`, args, err
}

func pageOfBodies(ctx context.Context, tx *db.Tx, s BodySelection, where string, args []any, page, size int) ([]network.Organization, int, error) {
	const from = ` FROM network_organization o`
	if s.Text != "" || size <= 0 {
		all, err := db.Rows(ctx, tx, scanRecord[network.Organization], `SELECT o.record`+from+where+` ORDER BY o.id`, args...)
		if err == nil && s.Text != "" {
			all, err = bodiesWith(ctx, tx, all, s.Text)
		}
		total := len(all)
		if size > 0 {
			start := min(max(page-1, 0)*size, total)
			all = all[start:min(start+size, total)]
		}
		return all, total, err
	}
	total, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*)`+from+where, args...)
	if err != nil {
		return nil, 0, err
	}
	offset := min(int64(max(page-1, 0))*int64(size), int64(total))
	list, err := db.Rows(ctx, tx, scanRecord[network.Organization],
		`SELECT o.record`+from+where+` ORDER BY o.id LIMIT `+strconv.Itoa(size)+` OFFSET `+strconv.FormatInt(offset, 10), args...)
	return list, total, err
}

// bodiesWith keeps the bodies that have the words in what the public may know of them: a search
// that found hidden words would tell them one by one.
func bodiesWith(ctx context.Context, tx *db.Tx, all []network.Organization, text string) ([]network.Organization, error) {
	public, err := publicBodies(ctx, tx, all)
	list := make([]network.Organization, 0, len(all))
	for i, b := range public {
		if bodyHas(b.Organization, text) {
			list = append(list, all[i])
		}
	}
	return list, err
}

// bodyHas tells whether a body's texts hold every word, whatever the accents and the case.
func bodyHas(o network.Organization, text string) bool {
	in := lang.Fold(strings.Join(append([]string{o.Name, o.AlternateName, o.Description}, o.Aliases...), " "))
	for word := range strings.FieldsSeq(lang.Fold(text)) {
		if !strings.Contains(in, word) {
			return false
		}
	}
	return true
}

// publicBodies takes from bodies what must not be known. A body that has an open place for any of
// its services is open itself; of the others the entries say what may be shown.
func publicBodies(ctx context.Context, tx *db.Tx, bodies []network.Organization) ([]Body, error) {
	list := make([]Body, len(bodies))
	at := make(map[string]int, len(bodies))
	for i, o := range bodies {
		list[i], at[o.ID] = Body{Organization: o}, i
	}
	for chunk := range slices.Chunk(bodies, 500) {
		ids := make([]any, len(chunk))
		for i, o := range chunk {
			ids[i] = o.ID
		}
		in := db.Placeholders(1, len(ids))
		entries, err := db.Rows(ctx, tx, scanEntry, `SELECT e.seq, e.record FROM directory_entry e WHERE NOT e.gone AND e.organization_id IN (`+in+`)
			AND e.organization_id NOT IN (SELECT p.organization_id FROM directory_entry p JOIN directory_entry_site s ON s.entry_id = p.id WHERE NOT p.gone)
			ORDER BY e.id`, ids...)
		if err != nil {
			return nil, err
		}
		open := map[string]bool{}
		for _, e := range entries {
			open[e.OrganizationID] = open[e.OrganizationID] || !e.Reserved()
		}
		for _, e := range entries {
			if !open[e.OrganizationID] {
				list[at[e.OrganizationID]] = Body{Organization: e.Organization, Reserved: true}
			}
		}
	}
	return list, nil
}
