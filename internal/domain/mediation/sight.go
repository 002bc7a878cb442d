// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// A name tells that somebody works as a mediator, for whom and in which languages. A body knows those whom it
// may call, and those who came to it: nobody needs the others to find somebody.

// engaged are the states of bookings of those who are to come, came, or would have.
const engaged = `('proposed', 'confirmed', 'done', 'user_absent')`

// lenders are the bodies whose mediators another may call today; all says that the list is common.
func (u *UseCases) lenders(ctx context.Context, q db.Querier, member string) (list []string, all bool, err error) {
	if member == "" {
		return nil, false, nil
	}
	rules, err := rulesOfEach(ctx, q, member, "")
	switch {
	case err != nil || rules[member].Others == OthersNever:
		return nil, false, err
	case rules[""].Common:
		return nil, true, nil
	}
	under, err := u.Partners(ctx, q, member, u.today())
	return slices.Sorted(maps.Keys(under)), false, err
}

func (u *UseCases) today() calendar.Day { return calendar.DayOf(u.Clock(), calendar.Rome()) }

// sightTable is mediatorTable with who knows them, as far as it concerns one body.
func (u *UseCases) sightTable(ctx context.Context, q db.Querier, member string) (access.Table, error) {
	list, all, err := u.lenders(ctx, q, member)
	if err != nil {
		return access.Table{}, err
	}
	lent, args := `CAST(%s AS TEXT) = CAST(? AS TEXT)`, []any{member}
	if !all {
		of := []any{""} // a list is never empty
		for _, body := range list {
			of = append(of, body)
		}
		of = padded(of)
		lent += ` AND m.member IN (` + strings.Repeat("?, ", len(of)-1) + `?)`
		args = append(args, of...)
	}
	t := access.Table{Type: mediatorTable.Type, ID: mediatorTable.ID, Columns: maps.Clone(mediatorTable.Columns)}
	t.Columns["known"] = access.Column{Kind: access.Many, Args: append(args, u.today().String()), SQL: `(` + lent + `
		OR m.id IN (SELECT e.mediator FROM mediation_residency e WHERE e.last_day >= ? AND (e.member = %s OR EXISTS (SELECT 1 FROM mediation_neighbour n WHERE n.residency = e.id AND n.member = %s)))
		OR m.id IN (SELECT b.mediator FROM mediation_booking b WHERE b.member = %s AND b.state IN ` + engaged + `))`}
	return t, nil
}

// known is the condition of the mediators, as m, whose names the actor may know, with its arguments.
func (u *UseCases) known(ctx context.Context, q db.Querier, actor access.Actor) (string, []any, error) {
	t, err := u.sightTable(ctx, q, actor.Member)
	if err != nil {
		return "", nil, err
	}
	return u.Guard.Scope(actor, "mediation.roster.read", t, 1)
}

// knownOf are the mediators of a language whose names the actor may know.
func (u *UseCases) knownOf(ctx context.Context, q db.Querier, actor access.Actor, language string) (map[string]bool, error) {
	scope, args, err := u.known(ctx, q, actor)
	if err != nil {
		return nil, err
	}
	found := map[string]bool{}
	return found, db.Walk(ctx, q, func(s db.Scanner) error {
		var id string
		err := s.Scan(&id)
		found[id] = true
		return err
	}, `SELECT m.id FROM mediation_mediator m WHERE (`+scope+`) AND m.id IN (SELECT l.mediator FROM mediation_language l WHERE l.code = $`+strconv.Itoa(len(args)+1)+`)`, append(args, language)...)
}

// ResourceFor is an entry as policies ask about it, with who knows the mediator as far as it concerns the body of
// the actor.
func (u *UseCases) ResourceFor(ctx context.Context, q db.Querier, actor access.Actor, m Mediator) (access.Resource, error) {
	r := m.resource()
	list, all, err := u.lenders(ctx, q, actor.Member)
	if err != nil {
		return r, err
	}
	there, err := db.Row(ctx, q, db.Column[int], `SELECT (SELECT count(*) FROM mediation_residency e WHERE e.mediator = $1 AND e.last_day >= $2
			AND (e.member = $3 OR EXISTS (SELECT 1 FROM mediation_neighbour n WHERE n.residency = e.id AND n.member = $3)))
		+ (SELECT count(*) FROM mediation_booking b WHERE b.mediator = $1 AND b.member = $3 AND b.state IN `+engaged+`)`, m.ID, u.today().String(), actor.Member)
	known := []string{}
	if all || there > 0 || slices.Contains(list, m.Member) {
		known = append(known, actor.Member)
	}
	r.Attributes["known"] = known
	return r, err
}
