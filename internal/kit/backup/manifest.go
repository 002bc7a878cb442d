// SPDX-License-Identifier: EUPL-1.2

package backup

import (
	"context"
	"fmt"
	"strings"
	"time"

	"approdo/internal/kit/db"
)

// format is the version of what is written.
const format = 1

// Manifest says what a backup holds.
type Manifest struct {
	Format     int         `json:"format"`
	Program    string      `json:"program"` // version that wrote it
	Made       time.Time   `json:"made"`
	Engine     db.Engine   `json:"engine"`
	Migrations []Migration `json:"migrations"`
	Tables     []Table     `json:"tables"`
}

// Migration is one that the database had.
type Migration struct {
	Number   int    `json:"number"`
	Name     string `json:"name"`
	Checksum string `json:"checksum"`
}

// Table is one table with its columns, in the order of the values in a row.
type Table struct {
	Name    string   `json:"name"`
	Columns []Column `json:"columns"`
}

// Column is one column. Kind is one of the five that both engines share, or the type of its engine.
type Column struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// The kinds that both engines share.
const (
	kindText    = "text"
	kindBigint  = "bigint"
	kindBoolean = "boolean"
	kindDouble  = "double precision"
	kindBytes   = "bytea"
)

// Portable says whether the table can go to the other engine.
func (t Table) Portable() bool {
	for _, c := range t.Columns {
		switch c.Kind {
		case kindText, kindBigint, kindBoolean, kindDouble, kindBytes:
		default:
			return false
		}
	}
	return true
}

// End is the last word of a backup.
type End struct {
	Rows  map[string]int64 `json:"rows"` // by table
	Files int              `json:"files"`
}

// migrationTable is written by kit/db itself and goes into the manifest.
const migrationTable = "db_migration"

// describe reads which tables there are. Tables that PostgreSQL does not log are of the moment alone.
func describe(ctx context.Context, tx *db.Tx) ([]Table, error) {
	text := `SELECT t.name, c.name, lower(c.type) FROM sqlite_schema AS t JOIN pragma_table_xinfo(t.name) AS c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND c.hidden = 0 ORDER BY t.name, c.cid`
	if tx.Engine() == db.Postgres {
		text = `SELECT t.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_class AS t
			JOIN pg_namespace AS n ON n.oid = t.relnamespace JOIN pg_attribute AS a ON a.attrelid = t.oid
			WHERE n.nspname = current_schema() AND t.relkind = 'r' AND t.relpersistence = 'p'
			  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY t.relname, a.attnum`
	}
	var tables []Table
	err := db.Walk(ctx, tx, func(s db.Scanner) error {
		var table string
		var c Column
		if err := s.Scan(&table, &c.Name, &c.Kind); err != nil {
			return err
		}
		if table == migrationTable {
			return nil
		}
		if n := len(tables); n == 0 || tables[n-1].Name != table {
			tables = append(tables, Table{Name: table})
		}
		last := &tables[len(tables)-1]
		last.Columns = append(last.Columns, c)
		return nil
	}, text)
	return tables, err
}

func migrationsOf(ctx context.Context, tx *db.Tx) ([]Migration, error) {
	return db.Rows(ctx, tx, func(s db.Scanner) (m Migration, err error) {
		err = s.Scan(&m.Number, &m.Name, &m.Checksum)
		return m, err
	}, `SELECT number, name, checksum FROM db_migration ORDER BY number`)
}

// quote writes a name for SQL. Names come from the schema or from a backup, so they are checked.
func quote(name string) (string, error) {
	if name == "" || strings.ContainsAny(name, "\"\x00") {
		return "", fmt.Errorf("backup: %q is no name of a table or column", name)
	}
	return `"` + name + `"`, nil
}
