// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/identity"
	"approdo/internal/base/network"
	"approdo/internal/base/notice"
	"approdo/internal/base/register"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/domain/directory/demo"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/agenda"
	"approdo/internal/domain/mediation/figure"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/db"
	"approdo/internal/kit/vault"
	"approdo/migrations"
)

// Config is what every command is told.
type Config struct {
	Data     string // folder of everything that this node keeps
	Database string // postgres://…; "" keeps the data in the folder
	Keys     string // folder of the keys, outside the database; "" is keys in the data folder
	Clock    func() time.Time
	// Providers is a JSON file of those who vouch for people by OpenID Connect (docs/login.md); "" for none.
	Providers string
	// Migrations are the schema of this version; nil is that of the program.
	Migrations fs.FS
}

// App is the program with its database open and migrated.
type App struct {
	Config    Config
	DB        *db.DB
	Guard     *access.Guard
	Directory *directory.UseCases
	desk      office // what rooms show to operators; filled while the routes are registered
	Network   *network.UseCases
	Register  *register.UseCases
	Vault     *vault.Vault
	Identity  *identity.UseCases
	Notice    *notice.UseCases
	Census    *census.UseCases
	counter   *census.Counter
	Mediation *mediation.UseCases
	Figure    *figure.UseCases
	Roster    *roster.UseCases
	Timesheet *timesheet.UseCases
	Agenda    *agenda.UseCases
	naming    *naming
	refusals  *audit.Refusals
}

// Open opens the database, brings its schema up to date and builds the use cases.
func Open(ctx context.Context, c Config) (*App, error) {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	guard, err := access.New(c.Clock, Policies()...)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("the data folder can't be made: %w", err)
	}
	d, err := db.Open(ctx, db.Config{Dir: c.Data, URL: c.Database, Now: c.Clock})
	if err != nil {
		return nil, err
	}
	if c.Migrations == nil {
		c.Migrations = migrations.FS
	}
	if _, err := d.Migrate(ctx, c.Migrations); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	v, err := openVault(ctx, c, d)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	a := &App{Config: c, DB: d, Vault: v, Guard: guard, Directory: directory.New(d, c.Clock).Guarded(guard), refusals: audit.NewRefusals(d, c.Clock)}
	if err := a.openIdentity(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if err := a.openNotice(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if err := a.openCensus(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	if err := a.openNetwork(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	a.openRegister()
	a.openMediation()
	a.Figure = &figure.UseCases{DB: a.DB, Clock: c.Clock, Guard: guard}
	a.openRoster()
	if err := a.openTimesheet(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	a.openAgenda()
	return a, nil
}

// Close closes the database.
func (a *App) Close() error { return a.DB.Close() }

// Demo fills the installation with the demo network: the twelve real projects with their bodies,
// and the example census. Doing it again changes nothing.
func (a *App) Demo(ctx context.Context) (directory.Outcome, error) {
	bodies, projects, funds, err := network.Demo()
	if err != nil {
		return nil, err
	}
	example, err := demo.Census(a.Config.Clock())
	if err != nil {
		return nil, err
	}
	if err := a.demoProjects(ctx, projects, funds); err != nil {
		return nil, err
	}
	example.Organizations = append(example.Organizations, bodies...)
	outcome, err := a.Directory.Save(ctx, example)
	if err != nil {
		return nil, err
	}
	return outcome, a.demoMembers(ctx)
}

// Finder gives a search index over the directory as it is now.
func (a *App) Finder(ctx context.Context) (*directory.Finder, error) {
	f := directory.NewFinder(a.Directory)
	_, err := f.Start(ctx, a.snapshot())
	return f, err
}

// snapshot is the file in which this node keeps its index between two runs.
func (a *App) snapshot() string { return filepath.Join(a.Config.Data, "search.snapshot") }
