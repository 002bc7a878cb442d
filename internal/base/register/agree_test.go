// SPDX-License-Identifier: EUPL-1.2

package register_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/base/register"
	"approdo/internal/kit/db"
)

// The registers show what the policies say of each entry.
func TestListsAgreeWithPolicies(t *testing.T) {
	t.Parallel()
	eachDesk(t, func(t *testing.T, d *desk) {
		with := func(g *access.Guard) *register.UseCases {
			deps := d.Deps
			deps.Guard = g
			return register.New(deps)
		}
		files := []access.Policy{access.Base(), register.Policy()}
		for action, list := range map[string]func(*register.UseCases, context.Context, access.Actor) ([]register.Breach, error){
			"register.breach.read": (*register.UseCases).Breaches, "register.breach.export": (*register.UseCases).ExportBreaches,
		} {
			accesstest.Agree(t, d.DB, start, files, accesstest.List{
				Action: action, Type: "Breach",
				Make: made("Breach", func(id, member string) (string, []any) {
					return `INSERT INTO register_breach (id, member, version, known_at, record) VALUES ($1, $2, 1, 0, $3)`, []any{id, member, db.JSON(register.Breach{ID: id, Member: member})}
				}),
				Ways: func(g *access.Guard) map[string]accesstest.Way {
					return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
						all, err := list(with(g), ctx, a)
						for _, one := range all {
							ids = append(ids, one.ID)
						}
						return ids, err
					}}
				},
			})
		}
		for action, list := range map[string]func(*register.UseCases, context.Context, access.Actor) ([]register.Processing, error){
			"register.processing.read": (*register.UseCases).Processings, "register.processing.export": (*register.UseCases).ExportProcessings,
		} {
			accesstest.Agree(t, d.DB, start, files, accesstest.List{
				Action: action, Type: "Processing",
				Make: made("Processing", func(id, member string) (string, []any) {
					return `INSERT INTO register_processing (id, member, version, record) VALUES ($1, $2, 1, $3)`, []any{id, member, db.JSON(register.Processing{ID: id, Member: member})}
				}),
				Ways: func(g *access.Guard) map[string]accesstest.Way {
					return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
						all, err := list(with(g), ctx, a)
						for _, one := range all {
							ids = append(ids, one.ID)
						}
						return ids, err
					}}
				},
			})
		}
	})
}

// made makes a few records that belong to a body.
func made(kind string, insert func(id, member string) (string, []any)) func(*rapid.T, context.Context, *db.Tx) ([]access.Resource, error) {
	return func(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
		var world []access.Resource
		for range rapid.IntRange(1, 3).Draw(t, "records") {
			id, member := db.NewID(), rapid.SampledFrom(accesstest.Members).Draw(t, "member")
			text, args := insert(id, member)
			if _, err := db.Exec(ctx, tx, text, args...); err != nil {
				return nil, err
			}
			world = append(world, access.Resource{Type: kind, ID: id, Attributes: access.Attributes{"member": member}})
		}
		return world, nil
	}
}
