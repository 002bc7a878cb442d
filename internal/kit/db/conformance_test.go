// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// shop is a small schema with every column type that the rules allow.
var shop = fstest.MapFS{"0001_shop.sql": {Data: []byte(`
CREATE TABLE shop_section (id TEXT PRIMARY KEY, parent_id TEXT REFERENCES shop_section (id), name TEXT NOT NULL);
CREATE TABLE shop_item (
	id         BIGINT PRIMARY KEY,
	section_id TEXT NOT NULL REFERENCES shop_section (id),
	name       TEXT NOT NULL,
	price      BIGINT CHECK (price >= 0),
	weight     DOUBLE PRECISION,
	active     BOOLEAN NOT NULL DEFAULT TRUE,
	photo      BYTEA,
	made_at    BIGINT
);
CREATE UNIQUE INDEX shop_item_name ON shop_item (name) WHERE active;
INSERT INTO shop_section (id, parent_id, name) VALUES ('r', NULL, 'root'), ('f', 'r', 'fruit'), ('c', 'f', 'citrus');
INSERT INTO shop_item (id, section_id, name, price, weight, active) VALUES
	(1, 'c', 'lemon', 30, 0.1, TRUE), (2, 'c', 'orange', 40, 0.2, TRUE),
	(3, 'f', 'apple', 20, 0.15, FALSE), (4, 'f', 'pear', NULL, 0.2, TRUE);
`)}}

// TestOneTextWorksOnBothEngines is the list of what the rules allow: each text gives the
// same answer on SQLite and PostgreSQL.
func TestOneTextWorksOnBothEngines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		args       []any
		want       string // rows joined by a blank, columns by a comma
	}{
		{"RETURNING", `INSERT INTO shop_item (id, section_id, name) VALUES ($1, $2, $3) RETURNING id, name`, []any{9, "f", "fig"}, "9,fig"},
		{"ON CONFLICT DO NOTHING", `INSERT INTO shop_section (id, name) VALUES ('f', 'other') ON CONFLICT (id) DO NOTHING RETURNING id`, nil, ""},
		{
			"ON CONFLICT DO UPDATE", `INSERT INTO shop_section (id, name) VALUES ($1, $2)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name RETURNING id, name`, []any{"f", "frutta"}, "f,frutta",
		},
		{"window function", `SELECT name, rank() OVER (PARTITION BY section_id ORDER BY weight DESC) AS place FROM shop_item ORDER BY id`, nil, "lemon,2 orange,1 apple,2 pear,1"},
		{"window count", `SELECT id, count(*) OVER () FROM shop_item ORDER BY id LIMIT 1`, nil, "1,4"},
		{"FILTER", `SELECT count(*) FILTER (WHERE active), count(*) FILTER (WHERE NOT active) FROM shop_item`, nil, "3,1"},
		{
			"UPDATE FROM", `UPDATE shop_item SET price = price + 1 FROM shop_section AS s
			WHERE s.id = shop_item.section_id AND s.name = 'citrus' RETURNING shop_item.id, price`, nil, "1,31 2,41",
		},
		{
			"recursive query", `WITH RECURSIVE up (id, parent_id, depth) AS (
				SELECT id, parent_id, 0 FROM shop_section WHERE id = $1
				UNION ALL SELECT s.id, s.parent_id, up.depth + 1 FROM shop_section AS s JOIN up ON s.id = up.parent_id)
			SELECT id, depth FROM up ORDER BY depth`, []any{"c"}, "c,0 f,1 r,2",
		},
		{"row value paging", `SELECT id FROM shop_item WHERE (weight, id) > ($1, $2) ORDER BY weight, id`, []any{0.15, 3}, "2 4"},
		{"NULLS LAST", `SELECT id FROM shop_item ORDER BY price NULLS LAST, id`, nil, "3 1 2 4"},
		{"DESC NULLS LAST", `SELECT id FROM shop_item ORDER BY price DESC NULLS LAST, id`, nil, "2 1 3 4"},
		{"boolean argument", `SELECT id FROM shop_item WHERE active = $1`, []any{false}, "3"},
		{"boolean as condition", `SELECT count(*) FROM shop_item WHERE NOT active`, nil, "1"},
		{"partial unique index lets a second inactive one in", `INSERT INTO shop_item (id, section_id, name, active) VALUES (5, 'f', 'lemon', FALSE) RETURNING id`, nil, "5"},
		{
			"ON CONFLICT with a partial index", `INSERT INTO shop_item (id, section_id, name) VALUES (5, 'f', 'lemon')
			ON CONFLICT (name) WHERE active DO NOTHING RETURNING id`, nil, "",
		},
		{"LIMIT and OFFSET arguments", `SELECT id FROM shop_item ORDER BY id LIMIT $1 OFFSET $2`, []any{2, 1}, "2 3"},
		{"an argument used twice", `SELECT id FROM shop_item WHERE name = $1 OR section_id = $1 ORDER BY id`, []any{"f"}, "3 4"},
		{"order follows code points", `WITH v (name) AS (VALUES ('b'), ('B'), ('a'), ('é'), ('z'), ('_')) SELECT name FROM v ORDER BY name`, nil, "B _ a b z é"},
		{"sum of BIGINT", `SELECT CAST(sum(price) AS BIGINT), CAST(avg(weight) AS DOUBLE PRECISION) > 0.1 FROM shop_item`, nil, "90,*"},
		{"coalesce and NULL argument", `SELECT coalesce(CAST($1 AS TEXT), 'none')`, []any{nil}, "none"},
		{"DELETE RETURNING", `DELETE FROM shop_item WHERE id = 4 RETURNING name`, nil, "pear"},
		{"INSERT from SELECT with a common table", `WITH s AS (SELECT id + 100 AS id, section_id, name FROM shop_item WHERE id = 2)
			INSERT INTO shop_item (id, section_id, name, active) SELECT id, section_id, name, FALSE FROM s RETURNING id`, nil, "102"},
		{"IS NOT DISTINCT FROM", `SELECT id FROM shop_item WHERE price IS NOT DISTINCT FROM $1`, []any{nil}, "4"},
		{"concatenation", `SELECT name || '/' || CAST(price AS TEXT) FROM shop_item WHERE id = 1`, nil, "lemon/30"},
		{"substring and length", `SELECT substr(name, 1, 3), length(name) FROM shop_item WHERE id = 2`, nil, "ora,6"},
		{"EXISTS", `SELECT id FROM shop_section AS s WHERE EXISTS (SELECT 1 FROM shop_item WHERE section_id = s.id) ORDER BY id`, nil, "c f"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
				var got []string
				err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
					got, err = table(ctx, tx, c.text, c.args...)
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				if want := c.want; !same(strings.Join(got, " "), want) {
					t.Errorf("got %q, want %q", strings.Join(got, " "), want)
				}
			})
		})
	}
}

// same compares; a star stands for a truth value of an expression, which SQLite has
// as 1 and PostgreSQL as true until it is scanned into a bool.
func same(got, want string) bool {
	if prefix, ok := strings.CutSuffix(want, "*"); ok {
		return got == prefix+"true" || got == prefix+"1"
	}
	return got == want
}

// table reads any answer as text.
func table(ctx context.Context, tx *db.Tx, text string, args ...any) ([]string, error) {
	return db.Rows(ctx, tx, func(s db.Scanner) (string, error) {
		columns, err := s.(interface{ Columns() ([]string, error) }).Columns()
		if err != nil {
			return "", err
		}
		values, dest := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			dest[i] = &values[i]
		}
		if err := s.Scan(dest...); err != nil {
			return "", err
		}
		shown := make([]string, len(values))
		for i, v := range values {
			shown[i] = fmt.Sprint(v)
		}
		return strings.Join(shown, ","), nil
	}, text, args...)
}

func TestViolationsHaveOneName(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		for _, c := range []struct {
			name, text string
			is         func(error) bool
		}{
			{"primary key", `INSERT INTO shop_section (id, name) VALUES ('f', 'x')`, db.IsUnique},
			{"unique index", `INSERT INTO shop_item (id, section_id, name) VALUES (7, 'f', 'lemon')`, db.IsUnique},
			{"foreign key", `INSERT INTO shop_item (id, section_id, name) VALUES (7, 'nowhere', 'fig')`, db.IsForeignKey},
			{"foreign key on delete", `DELETE FROM shop_section WHERE id = 'c'`, db.IsForeignKey},
			{"check", `UPDATE shop_item SET price = -1 WHERE id = 1`, db.IsCheck},
			{"not null", `UPDATE shop_item SET name = NULL WHERE id = 1`, db.IsNotNull},
		} {
			_, err := db.Exec(t.Context(), d, c.text)
			if err == nil {
				t.Errorf("%s: allowed", c.name)
				continue
			}
			for kind, is := range map[string]func(error) bool{
				"unique": db.IsUnique, "foreign key": db.IsForeignKey, "check": db.IsCheck, "not null": db.IsNotNull,
			} {
				if is(err) != (is(err) && c.is(err)) {
					t.Errorf("%s is taken for %s: %v", c.name, kind, err)
				}
			}
			if !c.is(err) {
				t.Errorf("%s is not recognised: %v", c.name, err)
			}
		}
	})
}

func TestTruthValuesAreReadAsBool(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		for _, text := range []string{
			`SELECT active FROM shop_item ORDER BY id`,
			`SELECT id <> 3 FROM shop_item ORDER BY id`,
			`SELECT active AND TRUE FROM shop_item ORDER BY id`,
		} {
			got, err := db.Rows(t.Context(), d, db.Column[bool], text)
			if err != nil || fmt.Sprint(got) != "[true true false true]" {
				t.Errorf("%s: %v, %v", text, got, err)
			}
		}
	})
}

func TestMisspeltColumnIsAnErrorAndNotText(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		if _, err := db.Rows(t.Context(), d, db.Column[string], `SELECT "nane" FROM shop_item`); err == nil {
			t.Error(`"nane" was read as text`)
		}
	})
}
