// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package exchange_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// shared finds the folder of files from public sources: APPRODO_SHARED, or ../shared/data beside the
// repository.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	root := os.Getenv("APPRODO_SHARED")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for dir != filepath.Dir(dir) {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			dir = filepath.Dir(dir)
		}
		root = filepath.Join(filepath.Dir(dir), "shared", "data")
	}
	at := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(at); err != nil {
		t.Fatalf("the shared data are missing (%v): put them into ../shared/data beside the repository, or name their folder in APPRODO_SHARED", err)
	}
	return at
}

func read(t *testing.T, path string, o exchange.Options) (directory.Batch, exchange.Report) {
	t.Helper()
	batch, report, err := exchange.Read(t.Context(), exchange.Source{Path: path}, o)
	if err != nil {
		t.Fatalf("%s: %v\n%s", path, err, lines(report))
	}
	return batch, report
}

var clock = func() time.Time { return time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC) }

// examples are the data sets that nobody here wrote and that are good: how many records they hold.
var examples = []struct {
	path   string
	format string
	read   map[string]int
}{
	{"hsds/examples/service_full.json", "hsds-json", map[string]int{"service": 1, "organization": 1, "location": 1, "program": 1, "taxonomy": 1, "taxonomy_term": 1}},
	{"hsds/examples/service_list.json", "hsds-page", map[string]int{"service": 1, "organization": 1, "program": 1}},
	{"hsds/examples/organization_full.json", "hsds-json", map[string]int{"service": 1, "organization": 1, "location": 1, "program": 1, "taxonomy": 1, "taxonomy_term": 1}},
	{"hsds/examples/service_at_location_full.json", "hsds-json", map[string]int{"service": 1, "organization": 1, "location": 1, "program": 1, "taxonomy": 1, "taxonomy_term": 1}},
	{"hsds/examples/taxonomy_term_list.json", "hsds-page", map[string]int{"taxonomy": 1, "taxonomy_term": 1}},
	{"hsds/examples/taxonomy.json", "hsds-json", map[string]int{"taxonomy": 1}},
	{"hsds/examples/tabular.json", "hsds-tabular-json", map[string]int{"service": 1, "organization": 1, "location": 1, "program": 1, "taxonomy": 1, "taxonomy_term": 1}},
	{"hsds/examples/csv", "hsds-csv", map[string]int{"service": 1, "organization": 1, "location": 1, "program": 1, "taxonomy": 1, "taxonomy_term": 1}},
	{"hsds/examples", "hsds-json", map[string]int{"service": 1, "organization": 1, "location": 1, "program": 1, "taxonomy": 1, "taxonomy_term": 1}},
	{"hsds/oruk/mocks/V3.0-UK-Default", "hsds-json", map[string]int{"service": 1, "organization": 10, "location": 1, "taxonomy": 1, "taxonomy_term": 1}},
	{"hsds/oruk/mocks/V3.0-UK-Test", "hsds-json", map[string]int{"service": 1, "organization": 1, "location": 1, "taxonomy": 1, "taxonomy_term": 1}},
	{"hsds/oruk/mocks/V3.0-UK-Warn", "hsds-json", map[string]int{"service": 1, "organization": 1, "location": 1, "taxonomy": 1, "taxonomy_term": 2}},
	{"ohana", "ohana-csv", map[string]int{"service": 23, "organization": 8, "location": 22, "program": 1, "taxonomy_term": 290}},
}

// Every example is read whole, saved, read again without a change, exported, and imported again
// without a difference.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, x := range examples {
		t.Run(x.path, func(t *testing.T) {
			t.Parallel()
			batch, report := read(t, shared(t, x.path), exchange.Options{Source: "example"})
			if diff := cmp.Diff(x.read, report.Read); diff != "" {
				t.Errorf("records (-want +read):\n%s", diff)
			}
			if !slices.Contains(report.Formats, x.format) {
				t.Errorf("formats %v, want %s among them", report.Formats, x.format)
			}
			dbtest.Each(t, func(t *testing.T, d *db.DB) { comesBack(t, d, x.path, batch, report) })
		})
	}
}

func comesBack(t *testing.T, d *db.DB, path string, batch directory.Batch, report exchange.Report) {
	uses := directory.New(d, clock)
	if outcome, _, err := exchange.Save(t.Context(), uses, batch, report, false); err != nil || len(batch.Services) > 0 && outcome["service"].Created != len(batch.Services) {
		t.Fatalf("first import: %v %v", outcome, err)
	}
	again, report := read(t, shared(t, path), exchange.Options{Source: "example"})
	if outcome, _, err := exchange.Save(t.Context(), uses, again, report, false); err != nil || outcome.Changed() {
		t.Fatalf("the second import of the same files changed something: %v %v", outcome, err)
	}
	if len(batch.Services) == 0 {
		return
	}
	formats := fileNames
	if d.Engine() == db.Postgres { // what is in a file does not hang on the engine that it came out of
		formats = map[exchange.Format]string{exchange.HSDSJSON: fileNames[exchange.HSDSJSON]}
	}
	for format, name := range formats {
		data := export(t, uses, format)
		b, r, err := exchange.Read(t.Context(), exchange.Source{Name: name, Data: data}, exchange.Options{Source: "example"})
		if err != nil {
			t.Fatalf("%s: %v\n%s", format, err, lines(r))
		}
		outcome, _, err := exchange.Save(t.Context(), uses, b, r, true)
		if err != nil || outcome.Changed() {
			t.Errorf("%s: what went out is not what is there: %v %v", format, outcome, err)
		}
	}
}

func export(t *testing.T, uses *directory.UseCases, format exchange.Format) []byte {
	t.Helper()
	var o exchange.ExportOptions
	var err error
	if o.Taxonomies, err = uses.Taxonomies(t.Context()); err != nil {
		t.Fatal(err)
	}
	if o.Terms, err = uses.Terms(t.Context()); err != nil {
		t.Fatal(err)
	}
	if o.Locations, err = uses.BodyLocations(t.Context()); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := exchange.Write(t.Context(), &out, format, exchange.Walk(t.Context(), uses.Walk), o); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// badRows says what the report of every file of Ohana's own collection of bad rows must name: row
// and column with the key of the problem; "" when the file is good by itself.
var badRows = map[string]string{
	"contact_with_no_parent.csv":          "2 part.alone",
	"existing_category.csv":               "",
	"holiday_schedule_with_no_parent.csv": "2 part.alone",
	"hs_with_2_digit_year.csv":            "2 location_id key.not-found",
	"hs_with_invalid_date.csv":            "2 end_date value.date",
	"hs_with_spelled_out_date.csv":        "2 location_id key.not-found",
	"invalid_address.csv":                 "2 city value.missing; 2 location_id key.not-found; 3 location_id key.not-found",
	"invalid_category.csv":                "2 name value.missing",
	"invalid_contact.csv":                 "2 location_id key.not-found; 2 name value.missing; 3 organization_id key.not-found",
	"invalid_holiday_schedule.csv":        "2 closed value.yes-no; 3 location_id key.not-found",
	"invalid_location.csv":                "2 name value.missing; 2 organization_id key.not-found; 3 organization_id key.not-found",
	"invalid_location_org.csv":            "2 organization_id key.not-found",
	"invalid_mail_address.csv":            "2 address_1 value.missing; 2 location_id key.not-found; 3 location_id key.not-found",
	"invalid_mail_address_location.csv":   "2 location_id key.not-found",
	"invalid_org.csv":                     "2 name value.missing",
	"invalid_parent_category.csv":         "2 parent_id key.not-found",
	"invalid_phone.csv":                   "2 location_id key.not-found; 2 number_type value.missing; 3 location_id key.not-found",
	"invalid_program.csv":                 "2 name value.missing; 2 organization_id key.not-found; 3 organization_id key.not-found",
	"invalid_program_headers.csv":         "2 organization_id key.not-found",
	"invalid_regular_schedule.csv":        "2 closes_at value.missing; 2 location_id key.not-found; 3 location_id key.not-found; 4 location_id key.not-found; 5 location_id key.not-found; 6 location_id key.not-found",
	"invalid_service.csv":                 "2 location_id key.not-found; 2 name value.missing",
	"invalid_service_location.csv":        "2 location_id key.not-found",
	"locations.csv":                       "2 organization_id key.not-found; 3 organization_id key.not-found; 4 organization_id key.not-found",
	"missing_address.csv":                 "2 city value.missing; 2 location_id key.not-found",
	"org_with_2_digit_year.csv":           "",
	"org_with_invalid_date.csv":           "2 date_incorporated value.date-month-first",
	"org_with_spelled_out_date.csv":       "",
	"phone_with_no_parent.csv":            "2 part.alone",
	"program_with_no_parent.csv":          "2 organization_id value.missing",
	"programs.csv":                        "2 organization_id key.not-found",
	"regular_schedule_with_no_parent.csv": "2 part.alone",
	"services.csv":                        "nothing",
	"taxonomy.csv":                        "nothing",
	"valid_address.csv":                   "2 location_id key.not-found; 3 location_id key.not-found; 4 location_id key.not-found",
	"valid_category.csv":                  "",
	"valid_contact_phone.csv":             "2 contact_id key.not-found",
	"valid_location.csv":                  "2 organization_id key.not-found",
	"valid_location_contact.csv":          "2 location_id key.not-found",
	"valid_location_holiday_schedule.csv": "2 location_id key.not-found",
	"valid_location_phone.csv":            "2 location_id key.not-found",
	"valid_location_regular_schedule.csv": "2 location_id key.not-found",
	"valid_mail_address.csv":              "2 location_id key.not-found",
	"valid_org.csv":                       "",
	"valid_org_contact.csv":               "2 organization_id key.not-found",
	"valid_org_phone.csv":                 "2 organization_id key.not-found",
	"valid_program.csv":                   "2 organization_id key.not-found",
	"valid_service.csv":                   "2 location_id key.not-found; 2 program_id key.not-found; 2 taxonomy_ids key.not-found; 2 taxonomy_ids key.not-found",
	"valid_service_contact.csv":           "2 service_id key.not-found",
	"valid_service_holiday_schedule.csv":  "2 service_id key.not-found",
	"valid_service_phone.csv":             "2 service_id key.not-found",
	"valid_service_regular_schedule.csv":  "2 service_id key.not-found",
}

func TestBadRows(t *testing.T) {
	t.Parallel()
	folder := shared(t, "ohana", "bad-rows")
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		t.Run(f.Name(), func(t *testing.T) {
			t.Parallel()
			want, known := badRows[f.Name()]
			if !known {
				t.Fatal("no expected report for this file")
			}
			batch, report, err := exchange.Read(t.Context(), exchange.Source{Path: filepath.Join(folder, f.Name())}, exchange.Options{})
			var got []string
			for _, p := range report.Problems {
				if p.Severity == exchange.Error {
					got = append(got, strings.Join(strings.Fields(strconv.Itoa(p.Row)+" "+p.Column+" "+p.Key), " "))
					explained(t, p)
				}
			}
			if err != nil && len(got) == 0 {
				got = []string{"nothing"}
			}
			if diff := cmp.Diff(want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("errors (-want +reported):\n%s", diff)
			}
			if err != nil && (len(batch.Services)+len(batch.Organizations)+len(batch.Terms) > 0) {
				t.Error("a file with errors gave records")
			}
			if (err == nil) != (want == "") {
				t.Errorf("error %v, report %q", err, want)
			}
		})
	}
}

// explained: a problem says what is wrong, in both languages, with no hole in the sentence.
func explained(t *testing.T, p exchange.Problem) {
	t.Helper()
	for _, language := range exchange.Languages {
		text := p.Text(language)
		if text == p.Key || strings.ContainsAny(text, "{}") || len(text) < 15 {
			t.Errorf("%s: %q explains nothing", p.Key, text)
		}
	}
}

// A whole folder of bad rows ends with a report that names files, and takes nothing; with Partial it
// takes what stands on its own.
func TestBadFolder(t *testing.T) {
	t.Parallel()
	folder := shared(t, "ohana", "bad-rows")
	batch, report, err := exchange.Read(t.Context(), exchange.Source{Path: folder}, exchange.Options{})
	if err == nil || report.Errors() == 0 || len(batch.Organizations) > 0 {
		t.Fatalf("the folder was taken: %v, %d errors", err, report.Errors())
	}
	batch, _, err = exchange.Read(t.Context(), exchange.Source{Path: folder}, exchange.Options{Partial: true})
	if err != nil || len(batch.Organizations) == 0 {
		t.Fatalf("partial: %v, %d organizations", err, len(batch.Organizations))
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		if _, _, err := exchange.Save(t.Context(), directory.New(d, clock), batch, report, false); err != nil {
			t.Fatalf("the good rows cannot be saved: %v", err)
		}
	})
}

// The failing mock of the UK validator is refused, and says why.
func TestFailingMock(t *testing.T) {
	t.Parallel()
	_, report, err := exchange.Read(t.Context(), exchange.Source{Path: shared(t, "hsds/oruk/mocks/V3.0-UK-Fail")}, exchange.Options{})
	if err == nil {
		t.Fatal("the failing mock was taken")
	}
	keys := map[string]bool{}
	for _, p := range report.Problems {
		keys[p.Key] = true
	}
	for _, key := range []string{"value.missing", "value.url", "value.email"} {
		if !keys[key] {
			t.Errorf("no problem %s in:\n%s", key, lines(report))
		}
	}
}
