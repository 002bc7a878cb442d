// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"strings"

	"github.com/blevesearch/vellum"
	"github.com/blevesearch/vellum/levenshtein"
	_ "modernc.org/sqlite"
)

// sqliteEngine is FTS5 with one row for each service and language, through
// the driver that the project itself uses. A misspelt word is looked up in an
// FST of the vocabulary with a Levenshtein automaton, and the words found are
// asked for instead. Trimmed, it has no descriptions and detail=column.
type sqliteEngine struct {
	trimmed bool
	db      *sql.DB
	dir     string
	words   *vellum.FST
	near    *levenshtein.LevenshteinAutomatonBuilder
	ready   map[string]*sql.Stmt
}

func (s *sqliteEngine) schema() string {
	columns, detail := "name, summary, description", "full"
	if s.trimmed {
		columns, detail = "name, summary", "column"
	}
	return fmt.Sprintf(`
		CREATE VIRTUAL TABLE texts USING fts5(%s, content='', detail=%s, prefix='2 3', tokenize='unicode61 remove_diacritics 2');
		CREATE VIRTUAL TABLE words USING fts5vocab(texts, row);
		CREATE TABLE rows (id INTEGER PRIMARY KEY, service INTEGER NOT NULL, province TEXT NOT NULL);
		CREATE TABLE tags (service INTEGER NOT NULL, class INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (service, class, tag)) WITHOUT ROWID;`, columns, detail)
}

func (s *sqliteEngine) build(c *corpus) error {
	var err error
	if s.dir, err = os.MkdirTemp("", "bench-sqlite"); err != nil {
		return err
	}
	if s.db, err = sql.Open("sqlite", s.dir+"/x.db?_pragma=journal_mode(wal)&_pragma=synchronous(off)&_pragma=cache_size(-65536)&_pragma=temp_store(memory)"); err != nil {
		return err
	}
	s.db.SetMaxOpenConns(1)
	if _, err := s.db.Exec(s.schema()); err != nil {
		return err
	}
	if err := s.fill(c); err != nil {
		return err
	}
	if _, err := s.db.Exec(`INSERT INTO texts(texts) VALUES ('optimize'); INSERT INTO texts(texts, rank) VALUES ('rank', 'bm25(8.0, 3.0, 1.5)'); ANALYZE`); err != nil {
		return err
	}
	return s.vocabulary()
}

func (s *sqliteEngine) fill(c *corpus) error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it does nothing
	insert := `INSERT INTO texts(rowid, name, summary, description) VALUES (?, ?, ?, ?)`
	if s.trimmed {
		insert = `INSERT INTO texts(rowid, name, summary) VALUES (?, ?, ?)`
	}
	text, err1 := tx.Prepare(insert)
	row, err2 := tx.Prepare(`INSERT INTO rows VALUES (?, ?, ?)`)
	tag, err3 := tx.Prepare(`INSERT INTO tags VALUES (?, ?, ?)`)
	if err := firstError(err1, err2, err3); err != nil {
		return err
	}
	for i := range c.services {
		v := &c.services[i]
		for l, t := range v.texts {
			id := 3*v.id + l + 1
			args := []any{id, t.name, t.summary, t.description}
			if s.trimmed {
				args = args[:3]
			}
			_, err1 := text.Exec(args...)
			_, err2 := row.Exec(id, v.id, v.province)
			if err := firstError(err1, err2); err != nil {
				return err
			}
		}
		for class, list := range [][]string{v.needs, v.spoken} {
			for _, x := range list {
				if _, err := tag.Exec(v.id, class, x); err != nil {
					return err
				}
			}
		}
	}
	return tx.Commit()
}

// vocabulary makes the FST of all words and prepares the statements.
func (s *sqliteEngine) vocabulary() error {
	rows, err := s.db.Query(`SELECT term, doc FROM words ORDER BY term`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var out bytes.Buffer
	b, err := vellum.New(&out, nil)
	if err != nil {
		return err
	}
	for rows.Next() {
		var term string
		var docs uint64
		if err := firstError(rows.Scan(&term, &docs), b.Insert([]byte(term), docs)); err != nil {
			return err
		}
	}
	if err := firstError(rows.Err(), b.Close()); err != nil {
		return err
	}
	if s.words, err = vellum.Load(out.Bytes()); err != nil {
		return err
	}
	if s.near, err = levenshtein.NewLevenshteinAutomatonBuilder(1, true); err != nil {
		return err
	}
	s.ready = map[string]*sql.Stmt{}
	for name, text := range map[string]string{
		"top":   `SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 10`,
		"count": `SELECT count(*) FROM texts WHERE texts MATCH ?`,
		"matches": `SELECT r.service, t.rank FROM texts t JOIN rows r ON r.id = t.rowid
			WHERE texts MATCH ? AND r.province = ? ORDER BY t.rank`,
		"facets": `SELECT g.class, g.tag, count(DISTINCT g.service) FROM texts t JOIN rows r ON r.id = t.rowid JOIN tags g ON g.service = r.service
			WHERE texts MATCH ? AND r.province = ? GROUP BY g.class, g.tag`,
	} {
		if s.ready[name], err = s.db.Prepare(text); err != nil {
			return err
		}
	}
	return nil
}

// corrections are the words within one mistake, quoted for MATCH.
func (s *sqliteEngine) corrections(word string) (string, error) {
	dfa, err := s.near.BuildDfa(word, 1)
	if err != nil {
		return "", err
	}
	var list []string
	found, err := s.words.Search(dfa, nil, nil)
	for err == nil && len(list) < 12 {
		key, _ := found.Current()
		list = append(list, `"`+string(key)+`"`)
		err = found.Next()
	}
	if len(list) == 0 {
		return `"` + word + `"`, nil
	}
	return "(" + strings.Join(list, " OR ") + ")", nil
}

func (s *sqliteEngine) ask(q *query) (int, error) {
	var parts [2]string
	for i, w := range q.words {
		parts[i] = `"` + w + `"`
		if q.wrong == i {
			var err error
			if parts[i], err = s.corrections(w); err != nil {
				return 0, err
			}
		}
	}
	if q.prefix {
		parts[1] += "*"
	}
	match := parts[0] + " AND " + parts[1]
	if q.prefix {
		return s.askFacets(match, q.province)
	}
	if _, err := eachRow(s.ready["top"], match); err != nil {
		return 0, err
	}
	var total int
	err := s.ready["count"].QueryRow(match).Scan(&total)
	return total, err
}

// askFacets reads the matches of a province, whose number is the total, and
// the counts of their tags.
func (s *sqliteEngine) askFacets(match, province string) (int, error) {
	total, err := eachRow(s.ready["matches"], match, province)
	if err != nil {
		return 0, err
	}
	_, err = eachRow(s.ready["facets"], match, province)
	return total, err
}

// eachRow reads all rows of a statement and counts them.
func eachRow(stmt *sql.Stmt, args ...any) (int, error) {
	rows, err := stmt.Query(args...)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
	}
	return n, rows.Err()
}

func (s *sqliteEngine) extraMB() float64 { return 0 }

func (s *sqliteEngine) close() error { return firstError(s.db.Close(), os.RemoveAll(s.dir)) }
