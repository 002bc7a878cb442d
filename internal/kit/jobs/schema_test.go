// SPDX-License-Identifier: EUPL-1.2

package jobs_test

import (
	"context"
	"database/sql"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/migrations"
)

// Our migration makes what River's own tool makes: the day a newer River wants another schema, this
// test says so.
func TestTheTablesAreThoseThatTheLibraryWants(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		ours, theirs := dbtest.SQLite(t, migrations.FS), dbtest.SQLite(t, fstest.MapFS{})
		compare(t, ours, theirs, riversqlite.New(theirs.Writer()), riversqlite.New(ours.Writer()))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		ours, theirs := dbtest.Postgres(t, migrations.FS), dbtest.Postgres(t, fstest.MapFS{})
		compare(t, ours, theirs, riverdatabasesql.New(theirs.Writer()), riverdatabasesql.New(ours.Writer()))
	})
}

func compare(t *testing.T, ours, theirs *db.DB, empty, full riverdriver.Driver[*sql.Tx]) {
	t.Helper()
	migrator, err := rivermigrate.New(empty, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := migrator.Migrate(context.Background(), rivermigrate.DirectionUp, nil); err != nil {
		t.Fatal(err)
	}
	checker, err := rivermigrate.New(full, nil)
	if err != nil {
		t.Fatal(err)
	}
	if result, err := checker.Validate(context.Background()); err != nil || !result.OK {
		t.Errorf("the library finds: %+v %v", result, err)
	}
	a, b := schema(t, ours), schema(t, theirs)
	if len(b) < 8 {
		t.Fatalf("only %d things were found: %v", len(b), b)
	}
	for _, one := range a {
		if !slices.Contains(b, one) {
			t.Errorf("only ours: %s", one)
		}
	}
	for _, one := range b {
		if !slices.Contains(a, one) {
			t.Errorf("only theirs: %s", one)
		}
	}
}

// schemas say what there is of the tables, in the words of each engine.
var schemas = map[db.Engine]string{
	db.SQLite: `SELECT sql FROM sqlite_schema WHERE name LIKE 'river%' AND sql IS NOT NULL`,
	db.Postgres: `SELECT concat_ws(' ', 'column', table_name, column_name, data_type, udt_name, character_maximum_length, is_nullable, column_default)
			FROM information_schema.columns WHERE table_name LIKE 'river%'
		UNION ALL SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'river%'
		UNION ALL SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid::regclass::text LIKE 'river%'
		UNION ALL SELECT concat_ws(' ', 'state', enumlabel, row_number() OVER (ORDER BY enumsortorder)) FROM pg_enum
		UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname LIKE 'river%'
		UNION ALL SELECT concat_ws(' ', 'kept', relname, relpersistence) FROM pg_class WHERE relname LIKE 'river%' AND relkind = 'r'
		UNION ALL SELECT concat_ws(' ', 'trigger', tgname) FROM pg_trigger WHERE tgname LIKE 'river%'`,
}

var (
	sqlComment = regexp.MustCompile(`--[^\n]*`)
	blank      = regexp.MustCompile(`\s+`)
)

func schema(t *testing.T, d *db.DB) []string {
	t.Helper()
	list, err := db.Rows(t.Context(), d, db.Column[string], schemas[d.Engine()])
	if err != nil {
		t.Fatal(err)
	}
	for i, one := range list {
		one = sqlComment.ReplaceAllString(one, " ")
		// The tool made this table twice, which shows in the name of its key.
		one = strings.ReplaceAll(one, "river_migration_pkey1", "river_migration_pkey")
		list[i] = strings.ToLower(strings.TrimSpace(blank.ReplaceAllString(one, " ")))
	}
	slices.Sort(list)
	return list
}
