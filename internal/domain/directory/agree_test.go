// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// The list of services that editors and translators work with, of which its export, the lists of
// translations and of what is stale are parts, holds what the policies say of each.
func TestListsAgreeWithPolicies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		uses := directory.New(d, clock)
		mustSave(t, uses, directory.Batch{Source: "agree", Organizations: family()})
		accesstest.Agree(t, d, clock(), []access.Policy{access.Base(), directory.Policy()}, accesstest.List{
			Action: "directory.service.list", Type: "Service", Make: makeServices,
			Ways: func(g *access.Guard) map[string]accesstest.Way {
				u := uses.Guarded(g)
				return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
					list, total, err := u.Summaries(ctx, a, directory.SummaryFilter{Size: 100})
					if total != len(list) {
						t.Errorf("%d counted, %d listed", total, len(list))
					}
					for _, one := range list {
						ids = append(ids, one.ID)
					}
					return ids, err
				}}
			},
		})
		accesstest.Agree(t, d, clock(), []access.Policy{access.Base(), directory.Policy()}, accesstest.List{
			Action: "directory.service.publish", Type: "Service", Make: makeConflicts,
			Ways: func(g *access.Guard) map[string]accesstest.Way {
				u := uses.Guarded(g)
				return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
					list, total, err := u.Conflicts(ctx, a, 1, 100)
					if total != len(list) {
						t.Errorf("%d counted, %d listed", total, len(list))
					}
					for _, one := range list {
						ids = append(ids, one.Service.ID)
					}
					return ids, err
				}}
			},
		})
	})
}

// family is the bodies of random worlds: the second is an office of the first.
func family() []network.Organization {
	var list []network.Organization
	for i, id := range accesstest.Members {
		o := network.Organization{Kind: "municipality"}
		o.ID, o.Name = id, id
		if i == 1 {
			o.ParentOrganizationID = accesstest.Members[0]
		}
		list = append(list, o)
	}
	return list
}

func above(member string) []string {
	if member == accesstest.Members[1] {
		return []string{member, accesstest.Members[0]}
	}
	return []string{member}
}

func makeServices(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
	if _, err := db.Exec(ctx, tx, `DELETE FROM directory_summary`); err != nil {
		return nil, err
	}
	var world []access.Resource
	for range rapid.IntRange(1, 3).Draw(t, "services") {
		id, member := db.NewID(), rapid.SampledFrom(accesstest.Members).Draw(t, "member")
		published, reserved := rapid.Bool().Draw(t, "published"), rapid.Bool().Draw(t, "reserved")
		if _, err := db.Exec(ctx, tx, `INSERT INTO directory_summary (id, organization_id, published, confidential, state, status, name, sort_key, folded, needs, languages, outdated, due, modified_at)
			VALUES ($1, $2, $3, $4, '', 'active', 'x', 'x', 'x', '', '', '', '', 0)`, id, member, published, reserved); err != nil {
			return nil, err
		}
		world = append(world, access.Resource{Type: "Service", ID: id, Attributes: access.Attributes{
			"member": member, "bodies": above(member), "published": published, "reserved": reserved,
		}})
	}
	return world, nil
}

// makeConflicts makes services that a dataset and an editor have both changed.
func makeConflicts(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
	for _, text := range []string{`DELETE FROM directory_conflict`, `DELETE FROM directory_service`} {
		if _, err := db.Exec(ctx, tx, text); err != nil {
			return nil, err
		}
	}
	world, err := makeServices(t, ctx, tx)
	for _, one := range world {
		s := directory.Service{}
		s.ID, s.Name = one.ID, "x"
		if _, err := db.Exec(ctx, tx, `INSERT INTO directory_service (id, organization_id, source, fingerprint, record, modified_at) VALUES ($1, $2, 'agree', '', $3, 0)`, one.ID, one.Attributes["member"], db.JSON(s)); err != nil {
			return nil, err
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO directory_conflict (service_id, dataset, parts, record, at) VALUES ($1, 'agree', '[]', $2, 0)`, one.ID, db.JSON(s)); err != nil {
			return nil, err
		}
	}
	return world, err
}
