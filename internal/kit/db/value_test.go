// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	type label string
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		noon := time.Date(2026, 3, 29, 12, 0, 0, 987_000_000, time.FixedZone("", 7200))
		for i, c := range []struct {
			name   string
			price  any
			weight any
			photo  any
			made   any
		}{
			{"plain", 5, 1.5, []byte{0, 1, 255}, db.Millis(noon)},
			{"empty photo", 0, -0.5, []byte{}, db.NullMillis(noon)},
			{"nothing", nil, nil, nil, db.NullMillis(time.Time{})},
			{"سوجورنو 路 соджорно 👋", int64(math.MaxInt64), math.SmallestNonzeroFloat64, []byte("x"), db.NullMillis(noon)},
		} {
			_, err := db.Exec(t.Context(), d, `INSERT INTO shop_item (id, section_id, name, price, weight, photo, made_at)
				VALUES ($1, $2, $3, $4, $5, $6, $7)`, 100+i, label("f"), c.name, c.price, c.weight, c.photo, c.made)
			if err != nil {
				t.Fatal(err)
			}
			_, err = db.Row(t.Context(), d, func(s db.Scanner) (struct{}, error) {
				var name, section string
				var price, weight any
				var photo []byte
				var made time.Time
				if err := s.Scan(&name, db.ScanText(&section), &price, &weight, &photo, db.ScanTime(&made)); err != nil {
					return struct{}{}, err
				}
				if name != c.name || section != "f" || !number(price, c.price) || !number(weight, c.weight) {
					t.Errorf("%s: read %q %q %v %v", c.name, name, section, price, weight)
				}
				if want, _ := c.photo.([]byte); !bytes.Equal(photo, want) {
					t.Errorf("%s: photo %v, want %v", c.name, photo, want)
				}
				if c.made == nil != made.IsZero() || c.made != nil && (!made.Equal(noon) || made.Location() != time.UTC) {
					t.Errorf("%s: made %v", c.name, made)
				}
				return struct{}{}, nil
			}, `SELECT name, section_id, price, weight, photo, made_at FROM shop_item WHERE id = $1`, 100+i)
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func number(got, want any) bool {
	if i, ok := want.(int); ok {
		want = int64(i)
	}
	return got == want
}

func TestJSONIsText(t *testing.T) {
	t.Parallel()
	type tags struct{ Colours []string }
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		written := tags{[]string{"giallo", "<&>"}}
		if _, err := db.Exec(t.Context(), d, `UPDATE shop_item SET name = $1 WHERE id = 1`, db.JSON(written)); err != nil {
			t.Fatal(err)
		}
		read, err := db.Row(t.Context(), d, func(s db.Scanner) (v tags, err error) { return v, s.Scan(db.JSON(&v)) },
			`SELECT name FROM shop_item WHERE id = 1`)
		if err != nil || len(read.Colours) != 2 || read.Colours[1] != "<&>" {
			t.Errorf("read %v, %v", read, err)
		}
		_, err = db.Row(t.Context(), d, func(s db.Scanner) (v tags, err error) { return v, s.Scan(db.JSON(&v)) },
			`SELECT name FROM shop_item WHERE id = 2`)
		if err == nil {
			t.Error("text that is not JSON was read")
		}
	})
}

func TestArgumentsThatTheEnginesWouldTreatDifferentlyAreRefused(t *testing.T) {
	t.Parallel()
	dbtest.EachOf(t, shop, func(t *testing.T, d *db.DB) {
		for name, arg := range map[string]any{
			"instant":       time.Now(),
			"not a number":  math.NaN(),
			"list":          []string{"a"},
			"NUL":           "a\x00b",
			"broken UTF-8":  "a\xffb",
			"pointer to it": ptr("a\x00b"),
		} {
			_, err := db.Exec(t.Context(), d, `UPDATE shop_item SET name = $1 WHERE id = 1`, arg)
			if err == nil {
				t.Errorf("%s was written", name)
			} else if _, text := arg.(string); text && !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: %v is not the fault of who typed it", name, err)
			}
			if _, err := db.Rows(t.Context(), d, db.Column[int64], `SELECT id FROM shop_item WHERE name = $1`, arg); err == nil {
				t.Errorf("%s was asked for", name)
			}
		}
	})
}

func ptr[T any](v T) *T { return &v }

func TestIdentifiersSortByTime(t *testing.T) {
	t.Parallel()
	last := ""
	for range 10_000 {
		id := db.NewID()
		if len(id) != 36 || id[14] != '7' {
			t.Fatalf("%q is no UUID version 7", id)
		}
		if id <= last {
			t.Fatalf("%q came after %q", id, last)
		}
		last = id
	}
}

func TestPlaceholders(t *testing.T) {
	t.Parallel()
	if got := db.Placeholders(3, 3); got != "$3, $4, $5" {
		t.Errorf("got %q", got)
	}
	if got := db.Placeholders(1, 0); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestNulls(t *testing.T) {
	t.Parallel()
	if db.NullText("") != nil || db.NullText("a") != "a" || db.NullMillis(time.Time{}) != nil {
		t.Error("NULL is for what is empty")
	}
	if got := db.FromMillis(db.Millis(time.Unix(0, 0))); !strings.HasPrefix(got.String(), "1970-01-01 00:00:00 +0000 UTC") {
		t.Errorf("read back %v", got)
	}
}
