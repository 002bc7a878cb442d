// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
)

// exampleProject is the code of the made-up project that pays for mediation in the demo.
const exampleProject = "ESEMPIO"

// demoMediators puts example mediators on the roster of an example body, with weeks of work, a project that
// pays for a part of it, a window in which one may apply, and a resident.
func (a *App) demoMediators(ctx context.Context, member string) error {
	accounts, err := a.Identity.Holders(ctx, a.DB, member, access.Mediator)
	if err != nil || len(accounts) == 0 {
		return err
	}
	if err := a.Mediation.Demo(ctx, member, accounts[0]); err != nil {
		return err
	}
	bodies, err := a.exampleBodies(ctx)
	if err != nil {
		return err
	}
	bodies = bodies[:min(len(bodies), 3)]
	charge, err := a.demoCharge(ctx, member, bodies)
	if err != nil {
		return err
	}
	if err := a.Mediation.DemoTraffic(ctx, bodies, map[string]mediation.DemoCharge{member: charge}); err != nil {
		return err
	}
	if err := a.Timesheet.Demo(ctx, member, exampleProject); err != nil {
		return err
	}
	return a.Roster.Demo(ctx, member, bodies[len(bodies)-1:])
}

// demoCharge puts in a project that says itself that it is made up: no real one has the example bodies among its
// partners.
func (a *App) demoCharge(ctx context.Context, member string, bodies []string) (mediation.DemoCharge, error) {
	p := network.Project{
		Code: exampleProject, Title: "ESEMPIO: mediazione agli sportelli", Start: "2026-01-01", End: "2028-12-31", Lead: member, Partners: bodies[1:],
		Context: "Progetto inventato: mostra ore e budget della mediazione.",
		Activities: []network.Activity{
			{Kind: "mediation", What: "Mediatori su chiamata e su appuntamento (esempio)", Body: member, Hours: network.Hours{"mediatori": 120}},
			{Kind: "mediation", What: "Mediatori residenti negli sportelli (esempio)", Body: member, Hours: network.Hours{"mediatori": 160}},
		},
	}
	var charge mediation.DemoCharge
	err := a.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := network.AddProjects(ctx, tx, []network.Project{p}); err != nil {
			return err
		}
		kept, err := network.ProjectByCode(ctx, tx, exampleProject)
		if err == nil && len(kept.Activities) > 0 {
			charge = mediation.DemoCharge{Project: exampleProject, Activity: kept.Activities[0].ID}
		}
		return err
	})
	return charge, err
}
