// SPDX-License-Identifier: EUPL-1.2

package network_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/base/network"
	"approdo/internal/kit/db"
)

// The list of agreements, and what is exported of it, hold what the policies say of each.
func TestListsAgreeWithPolicies(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		if err := r.DB.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			var list []network.Organization
			for _, id := range accesstest.Members {
				list = append(list, organization(id, id))
			}
			return network.SaveOrganizations(ctx, tx, clock(), list)
		}); err != nil {
			t.Fatal(err)
		}
		for action, list := range map[string]func(*network.UseCases, context.Context, access.Actor) ([]network.Agreement, error){
			"network.agreement.read": (*network.UseCases).Agreements, "network.agreement.export": (*network.UseCases).ExportAgreements,
		} {
			accesstest.Agree(t, r.DB, clock(), []access.Policy{access.Base(), network.Policy()}, accesstest.List{
				Action: action, Type: "Agreement", Make: makeAgreements,
				Ways: func(g *access.Guard) map[string]accesstest.Way {
					deps := r.Deps
					deps.Guard = g
					u := network.New(deps)
					return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
						all, err := list(u, ctx, a)
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

func makeAgreements(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
	var world []access.Resource
	for range rapid.IntRange(1, 3).Draw(t, "agreements") {
		a := network.Agreement{ID: db.NewID(), Kind: network.JointControllers, From: "2026-01-01"}
		for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom(accesstest.Members), 1, 2, rapid.ID[string]).Draw(t, "parties") {
			a.Parties = append(a.Parties, party(id, network.RoleJointController))
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO network_agreement (id, version, from_day, last_day, record) VALUES ($1, 1, $2, '', $3)`, a.ID, a.From, db.JSON(a)); err != nil {
			return nil, err
		}
		for _, p := range a.Parties {
			if _, err := db.Exec(ctx, tx, `INSERT INTO network_agreement_party (agreement_id, organization_id, role) VALUES ($1, $2, $3)`, a.ID, p.Body, p.Role); err != nil {
				return nil, err
			}
		}
		world = append(world, access.Resource{Type: "Agreement", ID: a.ID, Attributes: access.Attributes{"parties": a.Bodies()}})
	}
	return world, nil
}
