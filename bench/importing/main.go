// SPDX-License-Identifier: EUPL-1.2

// Command importing measures imports: 10,000 services with translations as HSDS JSON, read and saved
// into an empty directory, then the same file again (nothing changes), on SQLite and, when
// APPRODO_TEST_POSTGRES names a server, on PostgreSQL. It ends with one line of JSON.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/demo"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/db"
	"approdo/migrations"
)

// figures of one engine, in seconds.
type figures struct {
	Read  float64 `json:"read_s"`
	Save  float64 `json:"save_s"`
	Again float64 `json:"again_s"`
}

func main() {
	services := flag.Int("services", 10_000, "how many services to import")
	flag.Parse()
	if err := run(context.Background(), *services); err != nil {
		fmt.Fprintln(os.Stderr, "importing:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, services int) error {
	file, err := dataset(ctx, services)
	if err != nil {
		return err
	}
	fmt.Printf("%d services, %d MB of HSDS JSON\n", services, len(file)>>20)
	engines := map[string]figures{}
	if engines["sqlite"], err = onSQLite(ctx, file); err != nil {
		return err
	}
	if server := os.Getenv("APPRODO_TEST_POSTGRES"); server != "" {
		if engines["postgres"], err = onPostgres(ctx, server, file); err != nil {
			return err
		}
	}
	fmt.Printf("%-10s %8s %8s %8s\n", "", "read s", "save s", "again s")
	for name, f := range engines {
		fmt.Printf("%-10s %8.2f %8.2f %8.2f\n", name, f.Read, f.Save, f.Again)
	}
	line, err := json.Marshal(map[string]any{"bench": "importing", "services": services, "bytes": len(file), "engines": engines})
	if err != nil {
		return err
	}
	fmt.Println(string(line))
	return nil
}

// dataset writes the example census over and over, under new identifiers, until it is large enough.
func dataset(ctx context.Context, services int) ([]byte, error) {
	dir, err := os.MkdirTemp("", "approdo-importing-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	u, done, err := open(ctx, db.Config{Dir: dir})
	if err != nil {
		return nil, err
	}
	defer done()
	census, err := demo.Census(time.Now())
	if err != nil {
		return nil, err
	}
	if _, err := u.Save(ctx, census); err != nil {
		return nil, err
	}
	entries := func(yield func(directory.Entry, error) bool) {
		for n := 0; n < services; {
			round := fmt.Sprint(n)
			for e, err := range exchange.Walk(ctx, u.Walk) {
				if e.ID != "" {
					e = renamed(e, round)
				}
				if n == services || !yield(e, err) {
					return
				}
				n++
			}
		}
	}
	var file bytes.Buffer
	err = exchange.Write(ctx, &file, exchange.HSDSJSON, entries, exchange.ExportOptions{})
	return file.Bytes(), err
}

// renamed gives a copy of an entry that is another service in other places.
func renamed(e directory.Entry, round string) directory.Entry {
	again := func(id string) string { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(id+round)).String() }
	e.ID = again(e.ID)
	sites := e.Sites
	e.Sites = nil
	for _, s := range sites {
		s.ID, s.Location.ID = again(s.ID), again(s.Location.ID)
		e.Sites = append(e.Sites, s)
	}
	return e
}

func open(ctx context.Context, c db.Config) (*directory.UseCases, func(), error) {
	d, err := db.Open(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	if _, err := d.Migrate(ctx, migrations.FS); err != nil {
		return nil, nil, err
	}
	return directory.New(d, time.Now), func() { _ = d.Close() }, nil
}

func onSQLite(ctx context.Context, file []byte) (figures, error) {
	dir, err := os.MkdirTemp("", "approdo-importing-")
	if err != nil {
		return figures{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	return measure(ctx, db.Config{Dir: dir}, file)
}

// onPostgres works in a database of its own, which it drops.
func onPostgres(ctx context.Context, server string, file []byte) (figures, error) {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return figures{}, err
	}
	defer func() { _ = conn.Close(ctx) }()
	const name = "approdo_importing"
	for _, sql := range []string{`DROP DATABASE IF EXISTS ` + name, `CREATE DATABASE ` + name + ` TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'`} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return figures{}, err
		}
	}
	u, err := url.Parse(server)
	if err != nil {
		return figures{}, err
	}
	u.Path = "/" + name
	f, err := measure(ctx, db.Config{URL: u.String()}, file)
	if err != nil {
		return f, err
	}
	_, err = conn.Exec(ctx, `DROP DATABASE `+name)
	return f, err
}

func measure(ctx context.Context, c db.Config, file []byte) (figures, error) {
	u, done, err := open(ctx, c)
	if err != nil {
		return figures{}, err
	}
	defer done()
	var f figures
	began := time.Now()
	batch, report, err := exchange.Read(ctx, exchange.Source{Name: "services.json", Data: file}, exchange.Options{Source: "importing"})
	if err != nil {
		return f, err
	}
	f.Read = time.Since(began).Seconds()
	for _, took := range []*float64{&f.Save, &f.Again} {
		began = time.Now()
		if _, _, err := exchange.Save(ctx, u, batch, report, false); err != nil {
			return f, err
		}
		*took = time.Since(began).Seconds()
	}
	return f, nil
}
