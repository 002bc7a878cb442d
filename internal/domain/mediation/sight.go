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

// sightTable is mediatorTable with who may call them, as far as it concerns one body.
func (u *UseCases) sightTable(ctx context.Context, q db.Querier, member string) (access.Table, error) {
	list, all, err := u.lenders(ctx, q, member)
	if err != nil {
		return access.Table{}, err
	}
	lent := access.Column{SQL: `CAST(%s AS TEXT) = CAST(? AS TEXT)`, Kind: access.Many, Args: []any{member}}
	if !all {
		of := []any{member} // its own are lent to nobody, and a list is never empty
		for _, body := range list {
			of = append(of, body)
		}
		of = padded(of)
		lent.SQL += ` AND m.member <> CAST(? AS TEXT) AND m.member IN (` + strings.Repeat("?, ", len(of)-1) + `?)`
		lent.Args = append(append(lent.Args, member), of...)
	}
	t := access.Table{Type: mediatorTable.Type, ID: mediatorTable.ID, Columns: maps.Clone(mediatorTable.Columns)}
	t.Columns["lent"] = lent
	t.Columns["resident"] = access.Column{Kind: access.Many, Args: []any{u.today().String()}, SQL: `m.id IN (SELECT e.mediator FROM mediation_residency e
		WHERE e.last_day >= ? AND %s IN (SELECT n.member FROM mediation_neighbour n WHERE n.residency = e.id UNION ALL SELECT e.member))`}
	t.Columns["served"] = access.Column{Kind: access.Many, SQL: `m.id IN (SELECT b.mediator FROM mediation_booking b WHERE b.member = %s AND b.state IN ` + engaged + `)`}
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

// ResourceFor is an entry as policies ask about it, with who may call the mediator as far as it concerns the
// body of the actor.
func (u *UseCases) ResourceFor(ctx context.Context, q db.Querier, actor access.Actor, m Mediator) (access.Resource, error) {
	r := m.resource()
	list, all, err := u.lenders(ctx, q, actor.Member)
	if err != nil {
		return r, err
	}
	of := func(may bool) []string {
		if may {
			return []string{actor.Member}
		}
		return []string{}
	}
	count := func(text string, args ...any) (bool, error) {
		n, err := db.Row(ctx, q, db.Column[int], `SELECT count(*) FROM `+text, args...)
		return n > 0, err
	}
	resident, err := count(`mediation_residency e WHERE e.mediator = $1 AND e.last_day >= $2
		AND (e.member = $3 OR EXISTS (SELECT 1 FROM mediation_neighbour n WHERE n.residency = e.id AND n.member = $3))`, m.ID, u.today().String(), actor.Member)
	if err != nil {
		return r, err
	}
	served, err := count(`mediation_booking b WHERE b.mediator = $1 AND b.member = $2 AND b.state IN `+engaged, m.ID, actor.Member)
	r.Attributes["lent"], r.Attributes["resident"], r.Attributes["served"] = of(all || slices.Contains(list, m.Member)), of(resident), of(served)
	return r, err
}
