// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"net/http"
	"path/filepath"

	"approdo/internal/base/network"
	"approdo/internal/base/network/networkweb"
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
		Followers: []network.Follower{a.Directory, a.Identity},
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
	return a.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return network.AdmitExamples(ctx, tx, "2026-01-01") })
}

// registerNetwork adds the pages of the network; the directory says what a body offers, and what of
// it may be shown.
func (a *App) registerNetwork(rs *web.Routes, site *ui.Site, deps directoryweb.Deps) {
	offers := directoryweb.Offers(deps)
	networkweb.Register(rs, networkweb.Deps{
		Network: a.Network, Site: site, Log: deps.Log, Names: a.accountNames,
		Offer: func(r *http.Request, body network.Organization) (networkweb.Offered, error) {
			o, err := offers(r, body)
			return networkweb.Offered(o), err
		},
	})
	a.desk.add(networkweb.OfficeMenu(), nil)
}
