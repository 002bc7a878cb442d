// SPDX-License-Identifier: EUPL-1.2

package migrations_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/migrations"
)

func TestTheWholeListAppliesOnceOnBothEngines(t *testing.T) {
	t.Parallel()
	dbtest.EachEmpty(t, func(t *testing.T, d *db.DB) {
		applied, err := d.Migrate(t.Context(), migrations.FS)
		if err != nil {
			t.Fatal(err)
		}
		if len(applied) == 0 {
			t.Fatal("nothing was applied to an empty database")
		}
		again, err := d.Migrate(t.Context(), migrations.FS)
		if err != nil {
			t.Fatal(err)
		}
		if len(again) != 0 {
			t.Errorf("applied a second time: %v", again)
		}
	})
}

// takesAway are statements after which an older program may not work.
var takesAway = regexp.MustCompile(`(?i)\b(DROP\s+(TABLE|COLUMN|VIEW)|RENAME|SET\s+NOT\s+NULL|ALTER\s+COLUMN|ADD\s+CONSTRAINT)\b`)

// addsColumn is a new column, which an older program does not fill.
var addsColumn = regexp.MustCompile(`(?i)ADD\s+COLUMN\s+[^,;]*`)

// Neighbouring versions run on one database while nodes are upgraded one after the other: migrations
// expand, and one that contracts says which migration a program has to know to go on.
func TestMigrationsExpandBeforeTheyContract(t *testing.T) {
	t.Parallel()
	before := map[string]bool{"0003_complete_datasets.sql": true} // written when there was one version
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, name := range names {
		data, err := fs.ReadFile(migrations.FS, name)
		if err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`(?m)--.*$`).ReplaceAllString(string(data), "")
		said := regexp.MustCompile(`(?m)^-- contracts: (\S+)\s*$`).FindStringSubmatch(string(data))
		if said == nil && !before[name] && takesAway.MatchString(text) {
			t.Errorf("%s takes something away and does not say which migration a program has to know: -- contracts: 0000_name", name)
		}
		if said != nil && !known[said[1]] {
			t.Errorf("%s contracts what %q expanded, which is not before it", name, said[1])
		}
		for _, column := range addsColumn.FindAllString(text, -1) {
			if upper := strings.ToUpper(column); strings.Contains(upper, "NOT NULL") && !strings.Contains(upper, "DEFAULT") {
				t.Errorf("%s: an older program can't fill the new column: %s", name, column)
			}
		}
		known[regexp.MustCompile(`(\.sqlite|\.postgres)?\.sql$`).ReplaceAllString(name, "")] = true
	}
}
