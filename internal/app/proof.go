// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/send"
	"approdo/internal/kit/vault"
	"approdo/migrations"
)

// KeysDir is the folder of the keys, which is never part of the database nor of a backup.
func (c Config) KeysDir() string {
	if c.Keys != "" {
		return c.Keys
	}
	return filepath.Join(c.Data, "keys")
}

// checkpointFile is where every node keeps checkpoints by itself.
func (c Config) checkpointFile() string { return filepath.Join(c.KeysDir(), "checkpoints.txt") }

// Ledger is the list of erasures, kept with the keys: outside database and backups.
func (c Config) Ledger() *vault.Ledger {
	return vault.NewLedger(filepath.Join(c.KeysDir(), "erasures.jsonl"))
}

// openVault opens what is sealed. Without its keys the program does not start: it could neither read
// nor write anything about anybody.
func openVault(ctx context.Context, c Config, d *db.DB) (*vault.Vault, error) {
	folder, err := vault.OpenFolder(c.KeysDir())
	if err != nil {
		return nil, err
	}
	return vault.New(ctx, d, folder, c.Clock)
}

// backgroundProof is what goes on behind the pages: numbering and signing events, sending
// checkpoints, keeping the ledger of erasures, moving data keys under the newest key. The function it
// gives ends when ctx has and everything is put away.
func (a *App) backgroundProof(c ServeConfig, mailer send.Mailer) (func(context.Context), error) {
	keys, err := audit.OpenKeys(a.Config.KeysDir())
	if err != nil {
		return nil, err
	}
	others, err := c.Proof.sinks(c.Messages, mailer, a.Config.Clock)
	if err != nil {
		return nil, err
	}
	sinks := append([]audit.Sink{audit.FileSink{Path: a.Config.checkpointFile()}}, others...)
	known, err := a.Config.knownCheckpoint(keys, c.Proof.Files)
	if err != nil {
		return nil, err
	}
	sequencer := audit.NewSequencer(a.DB, keys, a.Config.Clock, known)
	publisher := &audit.Publisher{
		DB: a.DB, Keys: keys, Clock: a.Config.Clock, Sinks: sinks, Every: max(c.Proof.Every, time.Second), Mine: sequencer.Leads,
	}
	ledger := a.Config.Ledger()
	say := func(what string) func(error) {
		return func(err error) { c.Log.Error(what, "error", err) }
	}
	return func(ctx context.Context) {
		var all sync.WaitGroup
		all.Go(func() {
			sequencer.Run(ctx, func(err error) {
				if fault.Is(err, fault.KindUnavailable) { // a full disk, a database that is away: it is made up for
					say("what is done waits to be signed")(err)
					return
				}
				say("the log of what was done can't be signed: run approdo audit verify")(err)
			})
			// What was done until the end is numbered too, and another node need not wait.
			last, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer stop()
			_, err := sequencer.Step(last)
			if err = errors.Join(err, publisher.Publish(last), sequencer.Release(last)); err != nil {
				say("the log of what was done was not put away")(err)
			}
		})
		all.Go(func() { a.refusals.Run(ctx, say("what was refused can't be recorded")) })
		all.Go(func() { publisher.Run(ctx, say("a checkpoint was not sent")) })
		all.Go(func() { ledger.Follow(ctx, a.DB, time.Second, say("the ledger of erasures can't be kept")) })
		all.Go(func() { a.Vault.KeepWrapped(ctx, 30*time.Second, say("data keys can't be moved under the newest key")) })
		all.Wait()
	}, nil
}

// knownCheckpoint is the latest that is kept outside the database.
func (c Config) knownCheckpoint(keys *audit.Keys, files []string) (audit.Checkpoint, error) {
	var known audit.Checkpoint
	for _, path := range append([]string{c.checkpointFile()}, files...) {
		last, err := keys.LastCheckpoint(path)
		if err != nil {
			return known, err
		}
		if last.Size > known.Size {
			known = last
		}
	}
	return known, nil
}

// SealLog numbers and signs what waits, for installations that are not served at the moment.
func (a *App) SealLog(ctx context.Context) (int, error) {
	keys, err := audit.OpenKeys(a.Config.KeysDir())
	if err != nil {
		return 0, err
	}
	known, err := a.Config.knownCheckpoint(keys, nil)
	if err != nil {
		return 0, err
	}
	sequencer := audit.NewSequencer(a.DB, keys, a.Config.Clock, known)
	for total := 0; ; {
		n, err := sequencer.Step(ctx)
		total += n
		if err != nil || n == 0 {
			publisher := &audit.Publisher{
				DB: a.DB, Keys: keys, Clock: a.Config.Clock, Sinks: []audit.Sink{audit.FileSink{Path: a.Config.checkpointFile()}}, Mine: sequencer.Leads,
			}
			if total > 0 {
				err = errors.Join(err, publisher.Publish(ctx), sequencer.Release(ctx))
			}
			return total, err
		}
	}
}

// openLog opens what checking the log needs and nothing else: it has to work when the rest doesn't.
func openLog(ctx context.Context, c Config) (*db.DB, *audit.Keys, error) {
	keys, err := audit.ReadKeys(c.KeysDir())
	if err != nil {
		return nil, nil, err
	}
	d, err := db.Open(ctx, db.Config{Dir: c.Data, URL: c.Database, Now: c.Clock})
	if err != nil {
		return nil, nil, err
	}
	if pending, err := d.Pending(ctx, migrations.FS); err != nil || len(pending) > 0 {
		if err == nil {
			err = fmt.Errorf("the database lacks %d migrations: start the program once", len(pending))
		}
		return nil, nil, errors.Join(err, d.Close())
	}
	return d, keys, nil
}

// VerifyLog holds the log against its checkpoints: those in the database, the file that this node
// keeps, and those kept elsewhere: files, saved letters, other installations (https://…). Addresses in
// the house are asked only when inside names them.
func VerifyLog(ctx context.Context, c Config, elsewhere []string, inside string) (report *audit.Report, err error) {
	d, keys, err := openLog(ctx, c)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	var outside []audit.Checkpoint
	for _, place := range elsewhere {
		text, err := readKept(ctx, place, keys.Origin, inside)
		if err != nil {
			return nil, err
		}
		list, err := keys.Checkpoints(place, text)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			return nil, fmt.Errorf("%s holds no checkpoint", place)
		}
		outside = append(outside, list...)
	}
	own, err := keys.ReadCheckpoints(c.checkpointFile())
	if err != nil {
		return nil, err
	}
	return audit.Verify(ctx, d, keys, append(outside, own...))
}

// ExportLog writes the log into a new folder, for an auditor and their own verifier.
func ExportLog(ctx context.Context, c Config, dir string) (n int64, err error) {
	d, keys, err := openLog(ctx, c)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return audit.Export(ctx, d, keys, dir)
}
