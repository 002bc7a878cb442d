// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// postgresEngine is full text search in a cluster of its own, thrown away
// afterwards, reachable through a socket only. Each row is a service in one
// language with a weighted tsvector of that language's configuration; a
// misspelt word is looked up in a table of all words with a trigram index.
type postgresEngine struct {
	dir  string
	bin  string
	run  *syscall.SysProcAttr // who runs the server: it refuses to be root
	conn *pgx.Conn
}

var configurations = [3]string{"italian", "english", "arabic"}

const postgresPort = "5471" // only names the socket

func (p *postgresEngine) build(c *corpus) error {
	ctx := context.Background()
	if err := p.start(); err != nil {
		return err
	}
	var err error
	if p.conn, err = pgx.Connect(ctx, "host="+p.dir+" port="+postgresPort+" user=bench dbname=postgres"); err != nil {
		return err
	}
	if _, err := p.conn.Exec(ctx, `CREATE EXTENSION pg_trgm;
		CREATE UNLOGGED TABLE texts (service int NOT NULL, language text NOT NULL, province text NOT NULL, body tsvector NOT NULL);
		CREATE UNLOGGED TABLE tags (service int NOT NULL, class int NOT NULL, tag text NOT NULL);
		CREATE UNLOGGED TABLE raw (service int, l int, province text, name text, summary text, description text);`); err != nil {
		return err
	}
	if err := p.copy(ctx, c); err != nil {
		return err
	}
	_, err = p.conn.Exec(ctx, `
		INSERT INTO texts SELECT service, l::text, province,
			setweight(to_tsvector(cfg, name), 'A') || setweight(to_tsvector(cfg, summary), 'B') || setweight(to_tsvector(cfg, description), 'C')
			FROM raw, LATERAL (SELECT (ARRAY['italian','english','arabic'])[l+1]::regconfig AS cfg) x;
		CREATE UNLOGGED TABLE words AS SELECT word, ndoc FROM ts_stat('SELECT to_tsvector(''simple'', name || '' '' || summary || '' '' || description) FROM raw');
		DROP TABLE raw;
		CREATE INDEX ON texts USING gin (body) WITH (fastupdate = off);
		CREATE INDEX ON texts (province);
		CREATE INDEX ON tags (service);
		CREATE INDEX ON words USING gin (word gin_trgm_ops);
		SET pg_trgm.similarity_threshold = 0.4;
		SET jit = off`)
	if err != nil {
		return err
	}
	_, err = p.conn.Exec(ctx, `VACUUM (ANALYZE)`)
	return err
}

// start makes and starts a cluster under an ordinary account.
func (p *postgresEngine) start() error {
	var err error
	if p.bin, err = binaries(); err != nil {
		return err
	}
	if p.dir, err = os.MkdirTemp("", "bench-pg"); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		if err := p.become("postgres"); err != nil {
			return err
		}
	}
	data := filepath.Join(p.dir, "data")
	if err := p.command("initdb", "-N", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"); err != nil {
		return err
	}
	options := fmt.Sprintf("-c listen_addresses='' -k %s -p %s -c shared_buffers=512MB -c work_mem=64MB -c maintenance_work_mem=512MB -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_parallel_workers_per_gather=0", p.dir, postgresPort)
	return p.command("pg_ctl", "-D", data, "-w", "-l", filepath.Join(p.dir, "log"), "-o", options, "start")
}

// binaries finds initdb and pg_ctl: where pg_config says, or where Debian puts
// the newest.
func binaries() (string, error) {
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dir := strings.TrimSpace(string(out))
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err == nil {
			return dir, nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("no PostgreSQL server found: install it or leave postgres_fts out of -engines")
	}
	return filepath.Dir(found[len(found)-1]), nil
}

func (p *postgresEngine) become(name string) error {
	u, err := user.Lookup(name)
	if err != nil {
		return err
	}
	uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
	if err := firstError(err1, err2, os.Chown(p.dir, int(uid), int(gid))); err != nil {
		return err
	}
	p.run = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	return nil
}

func (p *postgresEngine) command(name string, args ...string) error {
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.SysProcAttr, cmd.Dir = p.run, p.dir
	log, err := os.Create(filepath.Join(p.dir, name+".out")) // a file: a pipe would stay open with the server
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(log.Name())
		return fmt.Errorf("%s: %w: %s", name, err, text)
	}
	return nil
}

func (p *postgresEngine) copy(ctx context.Context, c *corpus) error {
	var texts, tags [][]any
	for i := range c.services {
		s := &c.services[i]
		for l, t := range s.texts {
			texts = append(texts, []any{s.id, l, s.province, t.name, t.summary, t.description})
		}
		for class, list := range [][]string{s.needs, s.spoken} {
			for _, x := range list {
				tags = append(tags, []any{s.id, class, x})
			}
		}
	}
	_, err1 := p.conn.CopyFrom(ctx, pgx.Identifier{"raw"}, []string{"service", "l", "province", "name", "summary", "description"}, pgx.CopyFromRows(texts))
	_, err2 := p.conn.CopyFrom(ctx, pgx.Identifier{"tags"}, []string{"service", "class", "tag"}, pgx.CopyFromRows(tags))
	return firstError(err1, err2)
}

func (p *postgresEngine) ask(q *query) (int, error) {
	ctx := context.Background()
	cfg := configurations[q.language]
	var parts [2]string
	for i, w := range q.words {
		parts[i] = "plainto_tsquery('" + cfg + "', " + literal(w) + ")"
		if q.wrong == i {
			words, err := p.corrections(ctx, w)
			if err != nil {
				return 0, err
			}
			parts[i] = "to_tsquery('" + cfg + "', " + literal(words) + ")"
		}
	}
	if q.prefix {
		parts[1] = "to_tsquery('simple', " + literal(q.words[1]+":*") + ")"
	}
	match := parts[0] + " && " + parts[1]
	if !q.prefix {
		return p.rows(ctx, `SELECT service, ts_rank(body, q) AS rank, count(*) OVER () FROM texts, (SELECT `+match+` AS q) x
			WHERE body @@ q ORDER BY rank DESC LIMIT 10`, 2)
	}
	total, err := p.rows(ctx, `SELECT service, ts_rank(body, q) AS rank, count(*) OVER () FROM texts, (SELECT `+match+` AS q) x
		WHERE body @@ q AND province = `+literal(q.province)+` ORDER BY rank DESC LIMIT 10`, 2)
	if err != nil {
		return 0, err
	}
	_, err = p.rows(ctx, `SELECT class, tag, count(DISTINCT service) FROM texts JOIN tags USING (service), (SELECT `+match+` AS q) x
		WHERE body @@ q AND province = `+literal(q.province)+` GROUP BY class, tag`, 2)
	return total, err
}

// corrections are the most similar words, as alternatives for to_tsquery.
func (p *postgresEngine) corrections(ctx context.Context, word string) (string, error) {
	rows, err := p.conn.Query(ctx, `SELECT word FROM words WHERE word % $1 ORDER BY similarity(word, $1) DESC, ndoc DESC LIMIT 5`, word)
	if err != nil {
		return "", err
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if len(list) == 0 {
		list = []string{word}
	}
	return strings.Join(list, " | "), err
}

// rows reads all rows and returns the number in one column of the last.
func (p *postgresEngine) rows(ctx context.Context, text string, column int) (int, error) {
	rows, err := p.conn.Query(ctx, text, pgx.QueryExecModeSimpleProtocol)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	total := int64(0)
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return 0, err
		}
		total, _ = values[column].(int64)
	}
	return int(total), rows.Err()
}

// literal quotes a word; the words of the corpus have no backslashes.
func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// extraMB is the memory of the server's processes, shared pages counted once.
func (p *postgresEngine) extraMB() float64 {
	pid, err := os.ReadFile(filepath.Join(p.dir, "data", "postmaster.pid"))
	if err != nil {
		return 0
	}
	parent, _, _ := strings.Cut(string(pid), "\n")
	total := proportionalMB(parent)
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue
		}
		if _, rest, ok := strings.Cut(string(stat), ") "); ok && len(strings.Fields(rest)) > 1 && strings.Fields(rest)[1] == parent {
			total += proportionalMB(e.Name())
		}
	}
	return total
}

func proportionalMB(pid string) float64 {
	text, err := os.ReadFile("/proc/" + pid + "/smaps_rollup")
	if err != nil {
		return 0
	}
	return sizeMB(string(text), "Pss:")
}

func (p *postgresEngine) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var err error
	if p.conn != nil {
		err = p.conn.Close(ctx)
	}
	stop := p.command("pg_ctl", "-D", filepath.Join(p.dir, "data"), "-m", "immediate", "-w", "stop")
	return errors.Join(err, stop, os.RemoveAll(p.dir))
}
