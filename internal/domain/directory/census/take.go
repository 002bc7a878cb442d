// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/db"
)

// TakeRequest is what somebody at the machine takes in.
type TakeRequest struct {
	Path     string // a file, a folder, a zip or an address
	Dataset  string // "" takes the name of the file, folder or host
	Options  Options
	DryRun   bool // look only
	Progress func(file string, files int)
}

// Take does by a command what Upload and Apply do in the browser, for whoever has the machine: whether
// they may is not asked. What it writes stands among the imports of the browser and is undone there; what
// can't be read or is only looked at is written down nowhere. The Import has the whole report, also beside an
// error. It fails with Invalid("dataset"), as exchange.Read and as directory.Save.
func (u *UseCases) Take(ctx context.Context, r TakeRequest) (Import, error) {
	src := source{Source: exchange.Source{Path: r.Path}, progress: r.Progress}
	if r.Dataset == "" {
		r.Dataset = src.Dataset()
	}
	actor := access.Actor{Via: audit.ViaCommand}
	i := Import{ID: db.NewID(), Dataset: r.Dataset, Via: actor.Via, Name: r.Path, State: ImportQueued, Options: r.Options, StartedAt: u.Clock()}
	if err := checkName(r.Dataset); err != nil {
		return i, err
	}
	if r.DryRun {
		u.look(ctx, &i, src)
		return i, i.failed
	}
	batch, ok := u.read(ctx, &i, src)
	if !ok {
		return i, i.failed
	}
	if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `INSERT INTO directory_dataset (name, changed_at) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, i.Dataset, db.Millis(i.StartedAt)); err != nil {
			return err
		}
		return insertImport(ctx, tx, i, nil)
	}); err != nil {
		return i, err
	}
	i, err := u.apply(ctx, actor, i, "", batch, src)
	if err == nil {
		err = i.failed
	}
	return i, err
}
