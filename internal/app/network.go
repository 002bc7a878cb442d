// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"net/http"
	"path/filepath"
	"slices"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/base/network/networkweb"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/directoryweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/upload"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// openNetwork builds the use cases of the network. The directory writes bodies, since the entries
// of their services follow.
func (a *App) openNetwork() error {
	files, err := upload.Open(filepath.Join(a.Config.Data, "files", "network"))
	if err != nil {
		return err
	}
	a.Network = network.New(network.Deps{
		DB: a.DB, Clock: a.Config.Clock, Guard: a.Guard, Files: files, Publisher: a.Directory,
		Followers: []network.Follower{a.Directory, a.Identity}, Services: a.knownServices,
	})
	return nil
}

// demoProjects puts the twelve real projects in, with their funds.
func (a *App) demoProjects(ctx context.Context, projects []network.Project, funds []network.Fund) error {
	return a.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := network.AddFunds(ctx, tx, funds); err != nil {
			return err
		}
		return network.AddProjects(ctx, tx, projects)
	})
}

// demoMembers makes the example bodies members: only made-up bodies take part in the demo network,
// since no source says that a real one does.
func (a *App) demoMembers(ctx context.Context) error {
	if err := a.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return network.AdmitExamples(ctx, tx, "2026-01-01") }); err != nil {
		return err
	}
	examples, err := a.exampleBodies(ctx)
	if err != nil || len(examples) < 4 {
		return err
	}
	return a.Network.ExampleAgreements(ctx, Console, [4]string(examples[:4]))
}

// exampleBodies are the made-up members that are part of no other body, by name: the first two have
// the example accounts.
func (a *App) exampleBodies(ctx context.Context) ([]string, error) {
	all, err := network.Members(ctx, a.DB, a.Network.Today())
	var ids []string
	for _, m := range all {
		if m.Example && m.ParentOrganizationID == "" {
			ids = append(ids, m.ID)
		}
	}
	return ids, err
}

// registerNetwork adds the pages of the network; the directory says what a body offers, and what of
// it may be shown.
func (a *App) registerNetwork(rs *web.Routes, site *ui.Site, deps directoryweb.Deps) {
	offers := directoryweb.Offers(deps)
	networkweb.Register(rs, networkweb.Deps{
		Network: a.Network, Site: site, Log: deps.Log, Names: a.accountNames, Funded: a.fundedServices,
		Offer: func(r *http.Request, body network.Organization) (networkweb.Offered, error) {
			o, err := offers(r, body)
			return networkweb.Offered(o), err
		},
	})
	a.desk.add(networkweb.OfficeMenu(), waitingRecords{networkweb.Waiting(a.Network)})
}

// knownServices gives those of the identifiers that the census publishes.
func (a *App) knownServices(ctx context.Context, ids []string) ([]string, error) {
	entries, err := a.Directory.Entries(ctx, ids)
	known := make([]string, len(entries))
	for i, e := range entries {
		known[i] = e.ID
	}
	return known, err
}

// fundedServices are the services of a project as the public sees them now. Those that leave no trace
// on a phone are counted and not named: the page of a project does.
func (a *App) fundedServices(ctx context.Context, ids []string) (shown []networkweb.Service, total int, err error) {
	entries, err := a.Directory.Entries(ctx, ids)
	for _, e := range entries {
		if e.Reserved() || slices.ContainsFunc(e.Card.Needs, need.Discreet) {
			continue
		}
		in, said := e.In(web.Lang(ctx))
		shown = append(shown, networkweb.Service{ID: e.ID, Name: in.Name, Lang: said[directory.GroupTitle].Language, Body: in.Organization.Name})
	}
	return shown, len(entries), err
}
