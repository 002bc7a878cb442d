// SPDX-License-Identifier: EUPL-1.2

package backup

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing/fstest"

	"filippo.io/age"

	"approdo/internal/kit/db"
)

// Result says what was put back.
type Result struct {
	Manifest Manifest
	Rows     int64
	Files    int
	LeftOut  map[string]int64 // rows of tables that only the other engine knows
}

// Target is where a backup goes.
type Target struct {
	DB     *db.DB // empty
	Schema fs.FS  // migrations of this program, which must know all those of the backup
	Files  string // folder
	Keys   string // folder, for keys that are in the backup
}

// Restore puts a backup back.
func Restore(ctx context.Context, path string, to Target, identities ...age.Identity) (result Result, err error) {
	m, end, err := Inspect(path, identities...)
	if err != nil {
		return result, err
	}
	result = Result{Manifest: m, LeftOut: map[string]int64{}}
	d := to.DB
	then, err := schemaOf(m, to.Schema)
	if err != nil {
		return result, err
	}
	if pending, err := d.Pending(ctx, then); err != nil || len(pending) != len(m.Migrations) {
		return result, errors.Join(err, errors.New("backup: the database is not empty"))
	}
	if _, err := d.Migrate(ctx, then); err != nil {
		return result, err
	}
	var r *reader
	defer func() {
		if r != nil {
			err = errors.Join(err, r.close())
		}
	}()
	// Nobody else uses the database, so this runs once; should it run again, it begins anew.
	err = d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if r != nil {
			if err := r.close(); err != nil {
				return err
			}
		}
		if r, err = openReader(path, identities); err != nil {
			return err
		}
		result.Rows = 0
		return (&loader{tx: tx, manifest: m, result: &result, end: end}).load(ctx, r)
	})
	if err != nil {
		return result, err
	}
	files, err := openReader(path, identities)
	if err != nil {
		return result, err
	}
	result.Files, err = files.extract(to.Files, to.Keys)
	if err = errors.Join(err, files.close()); err != nil {
		return result, err
	}
	_, err = d.Migrate(ctx, to.Schema)
	return result, err
}

// schemaOf gives the migrations that the backup had, out of those of the program.
func schemaOf(m Manifest, schema fs.FS) (fs.FS, error) {
	then := fstest.MapFS{}
	names, err := fs.Glob(schema, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("backup: %w", err)
	}
	for _, one := range m.Migrations {
		found := false
		for _, name := range names {
			stem := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, ".sql"), ".sqlite"), ".postgres")
			if stem != one.Name {
				continue
			}
			text, err := fs.ReadFile(schema, name)
			if err != nil {
				return nil, fmt.Errorf("backup: %w", err)
			}
			then[name] = &fstest.MapFile{Data: text}
			found = true
		}
		if !found {
			return nil, fmt.Errorf("backup: it has migration %s, which this program does not know: use a newer version", one.Name)
		}
	}
	return then, nil
}

type loader struct {
	tx       *db.Tx
	manifest Manifest
	result   *Result
	end      End
}

// load empties all tables, which migrations may have filled, and puts the rows in. References are
// checked when all is in.
func (l *loader) load(ctx context.Context, r *reader) error {
	here, err := describe(ctx, l.tx)
	if err != nil {
		return err
	}
	restoreReferences, err := l.suspendReferences(ctx)
	if err != nil {
		return err
	}
	known := map[string]Table{}
	for _, t := range here {
		known[t.Name] = t
		name, err := quote(t.Name)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, l.tx, `DELETE FROM `+name); err != nil {
			return err
		}
	}
	wanted := map[string]Table{}
	for _, t := range l.manifest.Tables {
		switch {
		case t.Portable() || l.manifest.Engine == l.tx.Engine():
			if !fits(t, known[t.Name]) {
				return fmt.Errorf("backup: the table %s is another one here", t.Name)
			}
			wanted[t.Name] = t
		case l.end.Rows[t.Name] > 0:
			l.result.LeftOut[t.Name] = l.end.Rows[t.Name]
		}
	}
	if _, err := r.manifest(); err != nil {
		return err
	}
	for {
		header, err := r.tar.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("backup: %w", err)
		}
		if t, ok := wanted[tableOf(header.Name)]; ok {
			if err := l.rows(ctx, t, r.tar); err != nil {
				return fmt.Errorf("backup: table %s: %w", t.Name, err)
			}
		}
	}
	if err := l.moveSequences(ctx); err != nil {
		return err
	}
	return restoreReferences()
}

// fits says whether every column of a table in the backup is in the table here, of the same kind: what
// becomes SQL is never taken from the backup alone, which anybody can write who knows the recipient.
func fits(t, here Table) bool {
	for _, c := range t.Columns {
		if !slices.Contains(here.Columns, c) {
			return false
		}
	}
	return len(t.Columns) > 0
}

// rows puts one part of a table in.
func (l *loader) rows(ctx context.Context, t Table, content io.Reader) error {
	var rows [][]any
	err := eachLine(content, func(line []byte) error {
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.UseNumber()
		var row []any
		if err := decoder.Decode(&row); err != nil {
			return err
		}
		if len(row) != len(t.Columns) {
			return fmt.Errorf("a row of %d values", len(row))
		}
		for i, c := range t.Columns {
			var err error
			if row[i], err = decode(row[i], c.Kind); err != nil {
				return fmt.Errorf("column %s: %w", c.Name, err)
			}
		}
		rows = append(rows, row)
		return nil
	})
	if err != nil {
		return err
	}
	return l.insert(ctx, t, rows)
}

func (l *loader) insert(ctx context.Context, t Table, rows [][]any) error {
	name, err := quote(t.Name)
	if err != nil {
		return err
	}
	columns := make([]string, len(t.Columns))
	casts := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		if columns[i], err = quote(c.Name); err != nil {
			return err
		}
		casts[i] = fmt.Sprintf("$%d", i+1)
		if l.tx.Engine() == db.Postgres && !t.Portable() {
			casts[i] = fmt.Sprintf("CAST(CAST($%d AS TEXT) AS %s)", i+1, c.Kind)
			if c.Kind == kindBytes {
				casts[i] = fmt.Sprintf("CAST($%d AS BYTEA)", i+1)
			}
		}
	}
	into := name + ` (` + strings.Join(columns, ", ") + `)`
	l.result.Rows += int64(len(rows))
	if t.Portable() {
		_, err := db.Insert(ctx, l.tx, into, "", rows)
		return err
	}
	for _, row := range rows {
		if l.tx.Engine() == db.Postgres {
			for i := range row {
				row[i] = asText(row[i])
			}
		}
		if _, err := db.Exec(ctx, l.tx, `INSERT INTO `+into+` VALUES (`+strings.Join(casts, ", ")+`)`, row...); err != nil {
			return err
		}
	}
	return nil
}

// asText writes a value for a cast.
func asText(v any) any {
	switch v.(type) {
	case int64, float64, bool:
		return fmt.Sprint(v)
	}
	return v
}

// decode is the way back from encode.
func decode(value any, kind string) (any, error) {
	switch v := value.(type) {
	case string:
		if kind == kindBytes {
			return base64.StdEncoding.DecodeString(v)
		}
	case json.Number:
		if kind == kindDouble {
			return v.Float64()
		}
		if n, err := v.Int64(); err == nil {
			return n, nil
		}
		return v.Float64()
	case map[string]any:
		text, ok := v["bytes"].(string)
		if !ok {
			return nil, errors.New("a value that can't be read")
		}
		return base64.StdEncoding.DecodeString(text)
	}
	return value, nil
}

// suspendReferences lets rows come in any order; the function it gives lets references hold again,
// and fails when one leads nowhere.
func (l *loader) suspendReferences(ctx context.Context) (func() error, error) {
	if l.tx.Engine() == db.SQLite {
		_, err := db.Exec(ctx, l.tx, `PRAGMA defer_foreign_keys = ON`) // until the commit, which checks them
		return func() error { return nil }, err
	}
	type reference struct{ table, name, definition string }
	list, err := db.Rows(ctx, l.tx, func(s db.Scanner) (r reference, err error) {
		err = s.Scan(&r.table, &r.name, &r.definition)
		return r, err
	}, `SELECT t.relname, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid
		JOIN pg_namespace AS n ON n.oid = t.relnamespace WHERE c.contype = 'f' AND n.nspname = current_schema() ORDER BY c.oid`)
	if err != nil {
		return nil, err
	}
	change := func(verb func(name, definition string) string) error {
		for _, r := range list {
			table, err := quote(r.table)
			if err != nil {
				return err
			}
			name, err := quote(r.name)
			if err != nil {
				return err
			}
			if _, err := db.Exec(ctx, l.tx, `ALTER TABLE `+table+verb(name, r.definition)); err != nil {
				return err
			}
		}
		return nil
	}
	err = change(func(name, _ string) string { return ` DROP CONSTRAINT ` + name })
	return func() error {
		return change(func(name, definition string) string { return ` ADD CONSTRAINT ` + name + ` ` + definition })
	}, err
}

// moveSequences lets counters of PostgreSQL go on after the highest number that came in.
func (l *loader) moveSequences(ctx context.Context) error {
	if l.tx.Engine() == db.SQLite {
		return nil
	}
	type counter struct{ table, column, sequence string }
	list, err := db.Rows(ctx, l.tx, func(s db.Scanner) (c counter, err error) {
		err = s.Scan(&c.table, &c.column, &c.sequence)
		return c, err
	}, `SELECT t.relname, a.attname, pg_get_serial_sequence(quote_ident(t.relname), a.attname) FROM pg_class AS t
		JOIN pg_namespace AS n ON n.oid = t.relnamespace JOIN pg_attribute AS a ON a.attrelid = t.oid
		WHERE n.nspname = current_schema() AND t.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
		  AND pg_get_serial_sequence(quote_ident(t.relname), a.attname) IS NOT NULL`)
	if err != nil {
		return err
	}
	for _, c := range list {
		table, err := quote(c.table)
		if err != nil {
			return err
		}
		column, err := quote(c.column)
		if err != nil {
			return err
		}
		_, err = db.Row(ctx, l.tx, db.Column[int64], `SELECT setval(CAST($1 AS regclass), COALESCE((SELECT max(`+column+`) FROM `+table+`), 0) + 1, false)`, c.sequence)
		if err != nil {
			return err
		}
	}
	return nil
}
