// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"path/filepath"

	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/upload"
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
		Followers: []network.Follower{a.Directory},
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
