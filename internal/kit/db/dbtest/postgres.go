// SPDX-License-Identifier: EUPL-1.2

package dbtest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"approdo/internal/kit/db"
)

// server gives the address of the PostgreSQL for tests, starting it when needed.
var server = sync.OnceValues(func() (string, error) {
	if address := os.Getenv("APPRODO_TEST_POSTGRES"); address != "" {
		return address, nil
	}
	script, err := findScript()
	if err != nil {
		return "", err
	}
	out, err := exec.Command(script, "start").Output() // #nosec G204 -- a script of this repository
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return "", fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
		}
		return "", err
	}
	return strings.TrimSpace(string(out)), nil
})

// findScript walks up from the folder of the package under test.
func findScript() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		script := filepath.Join(dir, "scripts", "postgres.sh")
		if _, err := os.Stat(script); err == nil {
			return script, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("APPRODO_TEST_POSTGRES is not set and scripts/postgres.sh is not found")
		}
		dir = up
	}
}

var templates once[string]

// clone makes a database from the template of schema.
func clone(ctx context.Context, server string, schema fs.FS) (address string, drop func(context.Context) error, err error) {
	key, err := fingerprint(schema)
	if err != nil {
		return "", nil, err
	}
	template, err := templates.get(server+" "+key, func() (string, error) {
		return postgresTemplate(ctx, server, key, schema)
	})
	if err != nil {
		return "", nil, err
	}
	name := "approdo_test_" + strings.ReplaceAll(db.NewID(), "-", "")
	// Copying files writes no log, in which nobody reads here.
	if err := run(ctx, server, "CREATE DATABASE "+name+" TEMPLATE "+template+" STRATEGY FILE_COPY"); err != nil {
		return "", nil, err
	}
	address, err = withDatabase(server, name)
	if err != nil {
		return "", nil, err
	}
	return address, func(ctx context.Context) error {
		return run(ctx, server, "DROP DATABASE "+name+" WITH (FORCE)")
	}, nil
}

// templateLock keeps test programs of several packages from building one template
// at the same time ("appt" in ASCII).
const templateLock = 0x61707074

// postgresTemplate builds the template unless another run has left it.
func postgresTemplate(ctx context.Context, server, key string, schema fs.FS) (string, error) {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx)) // which frees the lock
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return "", err
	}
	if err := sweep(ctx, conn); err != nil {
		return "", err
	}
	name := "approdo_template_" + key
	var there bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&there)
	if err != nil || there {
		return name, err
	}
	// Under another name until it is whole: a run that is killed leaves no half template.
	building := name + "_building"
	if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+building+" WITH (FORCE)"); err != nil {
		return "", err
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+building+" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"); err != nil {
		return "", err
	}
	if err := migrate(ctx, server, building, schema); err != nil {
		return "", err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+building+" RENAME TO "+name)
	return name, err
}

func migrate(ctx context.Context, server, name string, schema fs.FS) error {
	address, err := withDatabase(server, name)
	if err != nil {
		return err
	}
	d, err := db.Open(ctx, db.Config{URL: address})
	if err != nil {
		return err
	}
	_, err = d.Migrate(ctx, schema)
	return errors.Join(err, d.Close())
}

// sweep drops what runs that were killed have left: their names hold the time.
func sweep(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `SELECT datname FROM pg_database WHERE datname LIKE 'approdo\_test\_%'`)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		id, err := uuid.Parse(strings.TrimPrefix(name, "approdo_test_"))
		if err != nil {
			continue // not one of ours
		}
		seconds, nanos := id.Time().UnixTime()
		if time.Since(time.Unix(seconds, nanos)) < 2*time.Hour {
			continue
		}
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}

// run executes one statement outside any transaction.
func run(ctx context.Context, server, text string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, text)
	return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
}

func withDatabase(server, name string) (string, error) {
	address, err := url.Parse(server)
	if err != nil {
		return "", errors.New("APPRODO_TEST_POSTGRES is not an address like postgres://user@host/postgres")
	}
	address.Path = "/" + name
	return address.String(), nil
}
