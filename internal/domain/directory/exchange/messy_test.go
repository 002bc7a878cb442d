// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package exchange_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/fault"
)

// archive makes a zip of files.
func archive(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readData(t testing.TB, name string, data []byte, o exchange.Options) (directory.Batch, exchange.Report, error) {
	t.Helper()
	return exchange.Read(context.Background(), exchange.Source{Name: name, Data: data}, o)
}

func has(r exchange.Report, severity, key string) bool {
	for _, p := range r.Problems {
		if p.Severity == severity && p.Key == key {
			return true
		}
	}
	return false
}

// legacy is a data package with the headers of HSDS 2.x and the mess of real ones.
var legacy = map[string]string{
	"organizations.csv":                  "id,name,description,url\n1,Ente di prova,Un ente,www.ente.example\n",
	"services.csv":                       "id,organization_id,name,status,description,last_modified,colour\ns1,1,Sportello,1,<p>Testo <b>ricco</b> &amp; altro</p>,2026-01-02,rosso\n",
	"locations.csv":                      "id,organization_id,name,latitude,longitude\nl1,1,Sede uno,\"37,8015\",12.4347\nl2,1,Sede due,0,0\n",
	"services_at_location.csv":           "id,service_id,location_id\nx1,s1,\"l1,l2\"\n",
	"physical_addresses.csv":             "id,location_id,address_1,city,state_province,postal_code,country\n1,l1,Via Prova 1,Marsala,TP,91025,Italia\n",
	"postal_addresses.csv":               "id,location_id,address_1,city,state_province,postal_code,country\n1,l1,Casella 9,Marsala,TP,91025,IT\n",
	"phones.csv":                         "id,service_id,location_id,number,department,language\np1,s1,l1,000 111,Accoglienza,\"italiano, arabo\"\n",
	"regular_schedules.csv":              "id,service_id,weekday,opens_at,closes_at\nr1,s1,lun-ven,9am,noon\nr2,s1,6,0.375,13.30\n",
	"holiday_schedules.csv":              "id,service_id,closed,start_date,end_date,opens_at,closes_at\nh1,s1,TRUE,2026-12-25,2026-12-26,,\nh2,s1,false,24/12/2026,2026-12-24,9:00,12:00\n",
	"eligibility.csv":                    "id,service_id,eligibility\ne1,s1,Chi abita in provincia\n",
	"payments_accepted.csv":              "id,service_id,payment\n1,s1,contanti\n",
	"taxonomy.csv":                       "id,name,parent_id,vocabulary\nt1,Free Meals,,211\n",
	"service_taxonomy.csv":               "id,service_id,taxonomy_id\n1,s1,t1\n",
	"accessibility_for_disabilities.csv": "id,location_id,accessibility,details\na1,l1,rampa,\n",
	"languages.csv":                      "id,service_id,language\ng1,s1,bengalese\n",
	"service_areas.csv":                  "id,service_id,service_area\n1,s1,Trapani\n",
	"required_documents.csv":             "id,service_id,document\n1,s1,Un documento\n",
}

func TestLegacyPackage(t *testing.T) {
	t.Parallel()
	batch, report, err := readData(t, "pacchetto.zip", archive(t, legacy), exchange.Options{Source: "vecchio"})
	if err != nil {
		t.Fatalf("%v\n%s", err, lines(report))
	}
	if len(batch.Services) != 1 {
		t.Fatalf("%d services", len(batch.Services))
	}
	s := batch.Services[0]
	want := map[string]bool{
		"status":              s.Status == "active",
		"plain text":          s.Description == "Testo ricco & altro",
		"instant":             s.LastModified == "2026-01-02T00:00:00Z",
		"two places":          len(s.Sites) == 2,
		"comma in a number":   len(s.Sites) == 2 && s.Sites[0].Location.Latitude != nil && *s.Sites[0].Location.Latitude == 37.8015,
		"0,0 is nowhere":      len(s.Sites) == 2 && s.Sites[1].Location.Latitude == nil,
		"comune":              len(s.Sites) == 2 && s.Sites[0].Location.Comune == "081011",
		"two addresses":       len(s.Sites) == 2 && len(s.Sites[0].Location.Addresses) == 2 && s.Sites[0].Location.Addresses[1].AddressType == "postal",
		"accessibility":       len(s.Sites) == 2 && len(s.Sites[0].Location.Accessibility) == 1,
		"phone":               len(s.Phones) == 1 && s.Phones[0].Description == "Accoglienza" && len(s.Phones[0].Languages) == 2 && s.Phones[0].Languages[1].Code == "ar",
		"weekday range":       len(s.Schedules) == 2 && s.Schedules[0].ByDay == "MO,TU,WE,TH,FR" && s.Schedules[0].OpensAt == "09:00" && s.Schedules[0].ClosesAt == "12:00",
		"weekday as number":   len(s.Schedules) == 2 && s.Schedules[1].ByDay == "SA" && s.Schedules[1].OpensAt == "09:00" && s.Schedules[1].ClosesAt == "13:30",
		"closure":             len(s.Card.Hours.Closures) == 1 && s.Card.Hours.Closures[0].To == "2026-12-26",
		"exception":           len(s.Card.Hours.Exceptions) == 1 && s.Card.Hours.Exceptions[0].OpensAt == "09:00",
		"eligibility":         s.EligibilityDescription == "Chi abita in provincia",
		"need by likeness":    len(s.Card.Needs) == 1 && s.Card.Needs[0] == "food-and-meals",
		"language":            len(s.Languages) == 1 && s.Languages[0].Code == "bn",
		"area and document":   len(s.ServiceAreas) == 1 && len(s.RequiredDocuments) == 1,
		"website":             batch.Organizations[0].Website == "https://www.ente.example",
		"original identifier": strings.Contains(asJSON(t, s.Attributes), `"s1"`) && strings.Contains(asJSON(t, batch.Organizations[0]), `"identifier": "1"`),
		"unknown column":      strings.Contains(asJSON(t, s.Attributes), "rosso"),
		"payment":             strings.Contains(asJSON(t, s.Attributes), "contanti"),
		"term is stored":      len(batch.Terms) == 1 && batch.Terms[0].Code == "t1",
	}
	for what, ok := range want {
		if !ok {
			t.Errorf("%s: not as it should be", what)
		}
	}
	if t.Failed() {
		t.Logf("%s\n%s", asJSON(t, s), lines(report))
	}
	for _, key := range []string{"value.html", "value.status-read", "key.several", "value.days-read", "value.time-read", "location.point", "column.kept-aside", "need.alike", "value.url-read"} {
		if !has(report, exchange.Note, key) && !has(report, exchange.Warning, key) {
			t.Errorf("the report does not say %s", key)
		}
	}
}

func utf16le(s string) []byte {
	out := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(s)) {
		out = append(out, byte(u), byte(u>>8))
	}
	return out
}

// One organization, in every dress that a text file comes in.
func TestEncodings(t *testing.T) {
	t.Parallel()
	text := "id,name,description\n7,Perché così,\"due\nrighe\"\n"
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"UTF-8":           {[]byte(text), ""},
		"with a mark":     {append([]byte{0xEF, 0xBB, 0xBF}, text...), ""},
		"UTF-16":          {utf16le(text), "file.encoding"},
		"UTF-16, no mark": {utf16le(text)[2:], "file.encoding"},
		"Windows-1252":    {[]byte(strings.NewReplacer("é", "\xe9", "ì", "\xec").Replace(text)), "file.encoding"},
		"semicolons":      {[]byte(strings.ReplaceAll(text, ",", ";")), "table.separator"},
		"tabs":            {[]byte(strings.ReplaceAll(text, ",", "\t")), "table.separator"},
		"NUL bytes":       {[]byte(strings.ReplaceAll(text, "7", "7\x00")), "file.nul"},
		"Windows lines":   {[]byte(strings.ReplaceAll(text, "\n", "\r\n")), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			batch, report, err := readData(t, "organizations.csv", c.data, exchange.Options{})
			if err != nil || len(batch.Organizations) != 1 || batch.Organizations[0].Name != "Perché così" || batch.Organizations[0].Description != "due\nrighe" {
				t.Fatalf("%v %+v\n%s", err, batch.Organizations, lines(report))
			}
			if c.key != "" && !has(report, exchange.Note, c.key) && !has(report, exchange.Warning, c.key) {
				t.Errorf("the report does not say %s", c.key)
			}
		})
	}
}

// What is wrong with one row, and where the report says so.
func TestRowProblems(t *testing.T) {
	t.Parallel()
	const body = "id,name,description\n1,Ente,x\n"
	for _, c := range []struct {
		name, services, column, key string
		row                         int
		more                        map[string]string
	}{
		{"a name that is missing", "id,organization_id,name,status\ns,1,,active\n", "name", "value.missing", 2, nil},
		{"no body", "id,organization_id,name,status\ns,9,A,active\n", "organization_id", "key.not-found", 2, nil},
		{"two bodies", "id,organization_id,name,status\ns,\"1,2\",A,active\n", "organization_id", "key.one-only", 2, nil},
		{"an unknown status", "id,organization_id,name,status\ns,1,A,boh\n", "status", "value.status", 2, nil},
		{"words for a number", "id,organization_id,name,status,minimum_age\ns,1,A,active,molti\n", "minimum_age", "value.number", 2, nil},
		{"a date of two readings", "id,organization_id,name,status,assured_date\ns,1,A,active,02/03/2026\n", "assured_date", "value.date-ambiguous", 2, nil},
		{"a date that is none", "id,organization_id,name,status,assured_date\ns,1,A,active,2026-02-30\n", "assured_date", "value.date", 2, nil},
		{"the same identifier twice", "id,organization_id,name,status\ns,1,A,active\ns,1,B,active\n", "id", "row.twice", 3, nil},
		{"more cells than columns", "id,organization_id,name,status\ns,1,A,active,oops\n", "", "table.long-row", 2, nil},
		{"the same column twice", "id,organization_id,name,name,status\ns,1,A,B,active\n", "name", "table.column-twice", 0, nil},
		{"an hour that is none", "id,organization_id,name,status\ns,1,A,active\n", "opens_at", "value.time", 2, map[string]string{"schedules.csv": "id,service_id,opens_at\n1,s,presto\n"}},
		{"a place that is not there", "id,organization_id,name,status\ns,1,A,active\n", "location_id", "key.not-found", 2, map[string]string{"service_at_location.csv": "id,service_id,location_id\n1,s,l9\n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"organizations.csv": body, "services.csv": c.services}
			for name, text := range c.more {
				files[name] = text
			}
			batch, report, err := readData(t, "a.zip", archive(t, files), exchange.Options{})
			if !fault.Is(err, fault.KindInvalid) || len(batch.Services) > 0 {
				t.Fatalf("taken: %v", err)
			}
			for _, p := range report.Problems {
				if p.Key == c.key && p.Row == c.row && p.Column == c.column && p.Severity == exchange.Error {
					explained(t, p)
					return
				}
			}
			t.Errorf("no %s at row %d, column %q in:\n%s", c.key, c.row, c.column, lines(report))
		})
	}
}

// With Partial good rows are taken, and a row that depends on a bad one is not, and says so.
func TestPartial(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"organizations.csv": "id,name,description\n1,Buono,x\n2,,senza nome\n",
		"services.csv":      "id,organization_id,name,status\na,1,Bene,active\nb,2,Di un ente senza nome,active\n",
		"phones.csv":        "id,service_id,number\np,a,000\nq,b,111\n",
	}
	batch, report, err := readData(t, "a.zip", archive(t, files), exchange.Options{Partial: true})
	if err != nil || len(batch.Services) != 1 || len(batch.Services[0].Phones) != 1 || len(batch.Organizations) != 1 {
		t.Fatalf("%v, %d services\n%s", err, len(batch.Services), lines(report))
	}
	depends := 0
	for _, p := range report.Problems {
		if p.Key == "row.depends" {
			depends++
		}
	}
	if depends != 2 || report.Skipped["service"] != 1 || report.Skipped["phone"] != 1 {
		t.Errorf("%d rows say that they depend on a bad one, %v skipped", depends, report.Skipped)
	}
}

// Limits and traps end with a fault that says which.
func TestLimits(t *testing.T) {
	t.Parallel()
	bomb := archive(t, map[string]string{"a.csv": strings.Repeat("0", 3_000_000)})
	slip := archive(t, map[string]string{"../../etc/organizations.csv": "id,name\n1,A\n"})
	two := archive(t, map[string]string{"a.csv": "id\n12345678", "b.csv": "id\n12345678"})
	deep := strings.Repeat(`[`, 100) + strings.Repeat(`]`, 100)
	for _, c := range []struct {
		name, file string
		data       []byte
		limits     exchange.Limits
		kind       fault.Kind
		key        string
	}{
		{"a bomb", "b.zip", bomb, exchange.Limits{}, fault.KindTooLarge, "limit.ratio"},
		{"a path out of the zip", "s.zip", slip, exchange.Limits{}, fault.KindInvalid, "zip.path"},
		{"a large file", "a.csv", make([]byte, 100), exchange.Limits{File: 99}, fault.KindTooLarge, "limit.file"},
		{"large files together", "b.zip", two, exchange.Limits{Total: int64(len(two)) + 15}, fault.KindTooLarge, "limit.total"},
		{"too many files", "b.zip", archive(t, map[string]string{"a.csv": "id", "b.csv": "id", "c.csv": "id"}), exchange.Limits{Files: 2}, fault.KindTooLarge, "limit.files"},
		{"deep JSON", "d.json", []byte(deep), exchange.Limits{}, fault.KindTooLarge, "limit.depth"},
		{"no zip", "z.zip", []byte("PK\x03\x04nothing"), exchange.Limits{}, fault.KindInvalid, "zip.broken"},
		{"a wide table", "w.csv", []byte(strings.Repeat("a;", 500_000) + "\n"), exchange.Limits{}, fault.KindTooLarge, "limit.columns"},
		{"a wide sheet", "w.xlsx", workbook(t, exchange.MaxColumns+1), exchange.Limits{}, fault.KindTooLarge, "limit.columns"},
		{"wide rows of JSON", "w.json", []byte(`{"services.csv": [{` + names(exchange.MaxColumns) + `}, {"one-more": ""}]}`), exchange.Limits{}, fault.KindTooLarge, "limit.columns"},
		{"a wide record of JSON", "r.json", []byte(`{"id": "1", "name": "Mensa", "status": "active", ` + names(80_000) + `}`), exchange.Limits{}, fault.KindTooLarge, "limit.columns"},
		{"nothing in it", "e.zip", archive(t, map[string]string{"readme.txt": "ciao"}), exchange.Limits{}, fault.KindUnsupported, "import.no-data-file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, _, err := readData(t, c.file, c.data, exchange.Options{Limits: c.limits})
			if !fault.Is(err, c.kind) || !strings.Contains(err.Error(), c.key) || !exchange.Knows(c.key) {
				t.Errorf("%v, want %s", err, c.key)
			}
		})
	}
}

// names are properties n0, n1, … of a JSON object.
func names(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf(`"n%d": ""`, i)
	}
	return strings.Join(list, ",")
}

// workbook is a sheet with so many columns and one row.
func workbook(t *testing.T, columns int) []byte {
	t.Helper()
	book := excelize.NewFile()
	row := make([]any, columns)
	for i := range row {
		row[i] = "n" + strconv.Itoa(i)
	}
	if err := book.SetSheetRow("Sheet1", "A1", &row); err != nil {
		t.Fatal(err)
	}
	data, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return data.Bytes()
}

// What a spreadsheet leaves behind the last column is none.
func TestEmptyColumnsBehindTheLast(t *testing.T) {
	t.Parallel()
	rest := strings.Repeat(";", 16_000)
	batch, report, err := readData(t, "a.csv", []byte("Nome del servizio;Ente;Bisogno;Comune"+rest+"\nMensa;Ente di esempio;;Palermo"+rest+"\n"), exchange.Options{})
	if err != nil || len(batch.Services) != 1 {
		t.Errorf("%d services, %v\n%s", len(batch.Services), err, report.Write("en"))
	}
	if sheets, err := exchange.Sheets(t.Context(), exchange.Source{Name: "w.xlsx", Data: workbook(t, exchange.MaxColumns)}, exchange.Options{}); err != nil || len(sheets) != 1 || len(sheets[0].Header) != exchange.MaxColumns {
		t.Errorf("as many columns as may be: %d sheets, %v", len(sheets), err)
	}
}

// A zip within a zip is not opened.
func TestZipInZip(t *testing.T) {
	t.Parallel()
	inner := string(archive(t, map[string]string{"services.csv": "id\n1\n"}))
	batch, _, err := readData(t, "a.zip", archive(t, map[string]string{"organizations.csv": "id,name,description\n1,A,x\n", "inner.zip": inner}), exchange.Options{})
	if err != nil || len(batch.Organizations) != 1 || len(batch.Services) != 0 {
		t.Errorf("%v, %d organizations, %d services", err, len(batch.Organizations), len(batch.Services))
	}
}

// Broken JSON names its line and does not stop the other files.
func TestBrokenJSON(t *testing.T) {
	t.Parallel()
	_, report, err := readData(t, "a.json", []byte("{\n\"id\": \"1\",\n\"name\" \"x\"\n}"), exchange.Options{})
	if err == nil || len(report.Problems) != 1 || report.Problems[0].Key != "file.json" || report.Problems[0].Row != 3 {
		t.Errorf("%v %+v", err, report.Problems)
	}
}
