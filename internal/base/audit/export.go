// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"approdo/internal/kit/db"
)

// Files of an export. docs/proof.md says how to check them with nothing of ours.
const (
	EventsFile      = "events.ndjson"   // the numbered entries, one line each, in order
	TailFile        = "tail.ndjson"     // those not numbered yet
	CheckpointsFile = "checkpoints.txt" // every checkpoint in the database
	KeysFile        = "keys.txt"        // public keys, one a line
)

// Export writes the whole log into a new folder, as of one moment, and gives how many entries it
// has. Rows go out as they are, also when they contradict the tree: the reader of the export judges.
func Export(ctx context.Context, d *db.DB, keys *Keys, dir string) (int64, error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return 0, fmt.Errorf("audit: export: %w", err)
	}
	var n int64
	err := d.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var err error
		if n, err = exportRows(ctx, tx, filepath.Join(dir, EventsFile), `seq IS NOT NULL ORDER BY seq, id`); err != nil {
			return err
		}
		if _, err = exportRows(ctx, tx, filepath.Join(dir, TailFile), `seq IS NULL ORDER BY id`); err != nil {
			return err
		}
		notes, err := db.Rows(ctx, tx, scanCheckpoint, `SELECT size, note FROM audit_checkpoint ORDER BY size`)
		if err != nil {
			return err
		}
		var b strings.Builder
		for _, c := range notes {
			b.WriteString(c.note + "\n")
		}
		return writeNew(filepath.Join(dir, CheckpointsFile), b.String())
	})
	if err != nil {
		return 0, fmt.Errorf("audit: export: %w", err)
	}
	if err := writeNew(filepath.Join(dir, KeysFile), strings.Join(keys.Public, "\n")+"\n"); err != nil {
		return 0, fmt.Errorf("audit: export: %w", err)
	}
	return n, nil
}

func exportRows(ctx context.Context, tx *db.Tx, path, where string) (int64, error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- in the folder just made
	if err != nil {
		return 0, err
	}
	out := bufio.NewWriter(file)
	var n int64
	err = db.Walk(ctx, tx, func(s db.Scanner) error {
		r, err := scanRow(s)
		if err != nil {
			return err
		}
		line, err := r.line()
		if err != nil {
			return err
		}
		n++
		_, err = out.Write(append(line, '\n'))
		return err
	}, `SELECT `+columns+` FROM audit_event WHERE `+where)
	return n, errors.Join(err, out.Flush(), file.Sync(), file.Close())
}
