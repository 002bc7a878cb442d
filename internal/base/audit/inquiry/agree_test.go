// SPDX-License-Identifier: EUPL-1.2

package inquiry_test

import (
	"context"
	"testing"
	"time"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/base/audit"
	"approdo/internal/base/audit/inquiry"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// somebody is who the events of these worlds are about.
const somebody = "person1"

// Search, export and "who has seen somebody's data" hold what the policies say of each event.
func TestListsAgreeWithPolicies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for action, list := range map[string]func(*inquiry.UseCases) accesstest.Way{
			inquiry.ActionRead: func(u *inquiry.UseCases) accesstest.Way {
				return func(ctx context.Context, a access.Actor) ([]string, error) {
					page, err := u.Search(ctx, a, inquiry.Filter{N: 10_000})
					if page.Total != len(page.List) {
						t.Errorf("%d counted, %d listed", page.Total, len(page.List))
					}
					return idsOf(page.List), err
				}
			},
			inquiry.ActionExport: func(u *inquiry.UseCases) accesstest.Way {
				return func(ctx context.Context, a access.Actor) ([]string, error) {
					list, err := u.Export(ctx, a, inquiry.Filter{})
					return idsOf(list), err
				}
			},
			inquiry.ActionSubject: func(u *inquiry.UseCases) accesstest.Way {
				return func(ctx context.Context, a access.Actor) ([]string, error) {
					page, err := u.SeenOf(ctx, a, somebody, 0, 10_000)
					return idsOf(page.List), err
				}
			},
		} {
			accesstest.Agree(t, d, now, []access.Policy{access.Base(), inquiry.Policy()}, accesstest.List{
				Action: action, Type: "Event",
				Make: func(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
					return makeEvents(t, ctx, tx, action == inquiry.ActionSubject)
				},
				Ways: func(g *access.Guard) map[string]accesstest.Way {
					u := &inquiry.UseCases{DB: d, Guard: g, Clock: func() time.Time { return now }}
					return map[string]accesstest.Way{"list": list(u)}
				},
			})
		}
	})
}

func idsOf(list []audit.Entry) (ids []string) {
	for _, e := range list {
		ids = append(ids, e.ID)
	}
	return ids
}

func makeEvents(t *rapid.T, ctx context.Context, tx *db.Tx, about bool) ([]access.Resource, error) {
	if _, err := db.Exec(ctx, tx, `DELETE FROM audit_event`); err != nil {
		return nil, err
	}
	attributes := map[string]access.Attributes{} // by record
	for range rapid.IntRange(1, 3).Draw(t, "events") {
		e := audit.Event{
			Actor:  audit.Actor{Account: rapid.SampledFrom(accesstest.Accounts).Draw(t, "account"), Member: rapid.SampledFrom(append([]string{""}, accesstest.Members...)).Draw(t, "member")},
			Action: rapid.SampledFrom([]string{"directory.service.edit", "access.relation.give"}).Draw(t, "action"), Record: db.NewID(), Read: true,
		}
		if about || rapid.Bool().Draw(t, "about somebody") {
			e.Subject = somebody
		}
		attributes[e.Record] = access.Attributes{"member": e.Actor.Member, "account": e.Actor.Account, "personal": e.Subject != "" || e.Action == "access.relation.give"}
		if err := audit.Record(ctx, tx, now, e); err != nil {
			return nil, err
		}
	}
	var world []access.Resource
	list, err := audit.Select(ctx, tx, `e.record <> '' ORDER BY e.id`)
	for _, e := range list {
		world = append(world, access.Resource{Type: "Event", ID: e.ID, Attributes: attributes[e.Record]})
	}
	return world, err
}
