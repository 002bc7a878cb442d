// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	// ErrNewer means that a newer version of the program has changed the database.
	ErrNewer = errors.New("the database belongs to a newer version of the program")
	// ErrEdited means that a migration is not what it was when it was applied.
	ErrEdited = errors.New("an applied migration has been edited")
)

// migrationLock is the number under which nodes queue on PostgreSQL; any number
// nobody else uses in this database ("appr" in ASCII).
const migrationLock = 0x61707072

type migration struct {
	number int
	name   string // 0001_directory
	text   string
}

// contracts finds what a migration says of older programs.
var contracts = regexp.MustCompile(`(?m)^-- contracts: (\d{4}_[a-z0-9_]+)\s*$`)

// contracted is the migration that a program has to know to go on beside this one; "" when every
// program can.
func (m migration) contracted() string {
	if found := contracts.FindStringSubmatch(m.text); found != nil {
		return found[1]
	}
	return ""
}

func (m migration) checksum() string {
	sum := sha256.Sum256([]byte(m.text))
	return hex.EncodeToString(sum[:])
}

var migrationName = regexp.MustCompile(`^((\d{4})_[a-z0-9_]+)(\.sqlite|\.postgres)?\.sql$`)

// Migrate applies what is missing of the numbered files in fsys, 0001_name.sql, or
// a pair 0001_name.sqlite.sql and 0001_name.postgres.sql where the engines must
// differ. Each runs in a transaction of its own. It gives the names applied.
//
// Programs of neighbouring versions run on one database: a migration that this program does not know
// is passed over, since migrations expand. One that contracts, by taking away what older programs
// use, says in a line "-- contracts: 0060_name" which migration a program has to know to go on; others
// get ErrNewer.
func (d *DB) Migrate(ctx context.Context, fsys fs.FS) ([]string, error) {
	list, err := migrationList(fsys, d.engine)
	if err != nil {
		return nil, err
	}
	pool, err := d.migrations()
	if err != nil {
		return nil, fmt.Errorf("db: migrate: %w", err)
	}
	defer pool.Close()
	var applied []string
	for {
		name, err := d.migrateOne(ctx, pool, list)
		if err != nil {
			return applied, err
		}
		if name == "" {
			return applied, nil
		}
		applied = append(applied, name)
	}
}

// Pending gives the names of the migrations that Migrate would apply, and the same
// errors when the database does not fit fsys.
func (d *DB) Pending(ctx context.Context, fsys fs.FS) ([]string, error) {
	list, err := migrationList(fsys, d.engine)
	if err != nil {
		return nil, err
	}
	var done []appliedMigration
	err = d.InReadTx(ctx, func(ctx context.Context, tx *Tx) error {
		table := `SELECT count(*) FROM sqlite_schema WHERE name = 'db_migration'`
		if d.engine == Postgres {
			table = `SELECT count(*) FROM pg_class WHERE oid = to_regclass('db_migration')`
		}
		if n, err := Row(ctx, tx, Column[int64], table); err != nil || n == 0 {
			return err
		}
		// A database that an older program made has no list of contracts until Migrate makes it.
		text := appliedMigrations
		table = strings.ReplaceAll(table, "db_migration", "db_contract")
		if n, err := Row(ctx, tx, Column[int64], table); err != nil {
			return err
		} else if n == 0 {
			text = appliedBefore
		}
		done, err = Rows(ctx, tx, scanApplied, text)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := compare(list, done); err != nil {
		return nil, err
	}
	names := []string{}
	for _, m := range missing(list, done) {
		names = append(names, m.name)
	}
	return names, nil
}

// migrateOne applies the first migration that is missing and gives its name, "" at
// the end. Looking and applying share a transaction, so that of several nodes one
// does the work and the others find it done.
func (d *DB) migrateOne(ctx context.Context, pool *sql.DB, list []migration) (string, error) {
	raw, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return "", fmt.Errorf("db: migrate: %w", err)
	}
	defer raw.Rollback() //nolint:errcheck // after the commit there is nothing to undo
	tx := &Tx{db: d, tx: raw}
	if d.engine == Postgres {
		if _, err := Exec(ctx, tx, `SELECT pg_advisory_xact_lock($1)`, migrationLock); err != nil {
			return "", err
		}
	}
	done, err := readApplied(ctx, tx)
	if err != nil {
		return "", err
	}
	if err := compare(list, done); err != nil {
		return "", err
	}
	name := ""
	if rest := missing(list, done); len(rest) > 0 {
		name = rest[0].name
		if err := d.apply(ctx, tx, rest[0]); err != nil {
			return "", fmt.Errorf("db: migration %s: %w", name, err)
		}
	}
	if err := raw.Commit(); err != nil {
		return "", fmt.Errorf("db: migrate: %w", err)
	}
	return name, nil
}

func (d *DB) apply(ctx context.Context, tx *Tx, next migration) error {
	if _, err := tx.tx.ExecContext(ctx, next.text); err != nil {
		return err
	}
	if d.engine == SQLite { // they were off, so that tables could be rebuilt
		bad, err := Rows(ctx, tx, Column[string], `SELECT DISTINCT "table" FROM pragma_foreign_key_check`)
		if err != nil {
			return err
		}
		if len(bad) > 0 {
			return fmt.Errorf("rows of %s point to rows that do not exist", strings.Join(bad, ", "))
		}
	}
	_, err := Exec(ctx, tx, `INSERT INTO db_migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)`,
		next.number, next.name, next.checksum(), Millis(d.now()))
	if err == nil && next.contracted() != "" {
		_, err = Exec(ctx, tx, `INSERT INTO db_contract (number, needs) VALUES ($1, $2)`, next.number, next.contracted())
	}
	return err
}

type appliedMigration struct {
	number         int
	name, checksum string
	needs          string // migration that a program has to know to go on beside this one
}

const (
	appliedMigrations = `SELECT m.number, m.name, m.checksum, COALESCE(c.needs, '') FROM db_migration m LEFT JOIN db_contract c ON c.number = m.number ORDER BY m.number`
	appliedBefore     = `SELECT number, name, checksum, '' FROM db_migration ORDER BY number`
)

func scanApplied(s Scanner) (m appliedMigration, err error) {
	err = s.Scan(&m.number, &m.name, &m.checksum, &m.needs)
	return m, err
}

func readApplied(ctx context.Context, tx *Tx) ([]appliedMigration, error) {
	_, err := Exec(ctx, tx, `CREATE TABLE IF NOT EXISTS db_migration (
		number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)`)
	if err != nil {
		return nil, err
	}
	if _, err := Exec(ctx, tx, `CREATE TABLE IF NOT EXISTS db_contract (number BIGINT PRIMARY KEY, needs TEXT NOT NULL)`); err != nil {
		return nil, err
	}
	return Rows(ctx, tx, scanApplied, appliedMigrations)
}

// compare says whether the program can work with what was applied: what it knows is as it was, and
// what it does not know leaves it all that it uses.
func compare(list []migration, done []appliedMigration) error {
	known, names := make(map[int]migration, len(list)), make(map[string]bool, len(list))
	for _, m := range list {
		known[m.number], names[m.name] = m, true
	}
	for _, m := range done {
		switch want, ok := known[m.number]; {
		case !ok && (m.needs == "" || names[m.needs]):
			// It only adds, or takes away what this program uses no more.
		case !ok:
			return fmt.Errorf("db: %w: it has migration %s, which this program does not know; start the newer version", ErrNewer, m.name)
		case m.name != want.name || m.checksum != want.checksum():
			return fmt.Errorf("db: %w: %s; put it back as it was and write a new one", ErrEdited, m.name)
		}
	}
	return nil
}

// missing gives what of list is not done, in order. A lower number may come after a higher one:
// each part of the house has a range of its own, and its files touch its own tables alone.
func missing(list []migration, done []appliedMigration) []migration {
	applied := make(map[int]bool, len(done))
	for _, m := range done {
		applied[m.number] = true
	}
	return slices.DeleteFunc(slices.Clone(list), func(m migration) bool { return applied[m.number] })
}

// migrationList reads the files meant for engine, in order, each number once.
func migrationList(fsys fs.FS, engine Engine) ([]migration, error) {
	names, err := fs.Glob(fsys, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("db: migrations: %w", err)
	}
	slices.Sort(names)
	found := map[string][]string{} // name without ending → endings
	var list []migration
	for _, file := range names {
		parts := migrationName.FindStringSubmatch(file)
		if parts == nil {
			return nil, fmt.Errorf("db: migration %s: the name must be like 0001_directory.sql", file)
		}
		name, ending := parts[1], parts[3]
		found[name] = append(found[name], ending)
		if ending != "" && ending != "."+string(engine) {
			continue
		}
		text, err := fs.ReadFile(fsys, file)
		if err != nil {
			return nil, fmt.Errorf("db: migration %s: %w", file, err)
		}
		number, err := strconv.Atoi(parts[2])
		if err != nil {
			return nil, fmt.Errorf("db: migration %s: %w", file, err)
		}
		// A checkout on Windows may change line endings, which changes nothing.
		list = append(list, migration{number, name, strings.ReplaceAll(string(text), "\r\n", "\n")})
	}
	for name, endings := range found {
		slices.Sort(endings)
		if !slices.Equal(endings, []string{""}) && !slices.Equal(endings, []string{".postgres", ".sqlite"}) {
			return nil, fmt.Errorf("db: migration %s: either one file or a pair for both engines", name)
		}
	}
	for i, m := range list[min(1, len(list)):] {
		if m.number == list[i].number {
			return nil, fmt.Errorf("db: migration %s: its number belongs to %s already", m.name, list[i].name)
		}
	}
	return list, nil
}
