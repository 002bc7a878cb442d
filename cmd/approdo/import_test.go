// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"approdo/internal/domain/directory/exchange"
)

// write makes a file in a folder of its own.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const twoServices = `{"services":[
 {"id":"00000000-0000-4000-8000-000000000001","name":"Uno","status":"active","organization":{"id":"00000000-0000-4000-9000-000000000001","name":"Ente","description":"esempio"}},
 {"id":"00000000-0000-4000-8000-000000000002","name":"Due","status":"active","organization_id":"00000000-0000-4000-9000-000000000001"}]}`

// A dry run writes nothing, an import again changes nothing, a whole dataset takes away what it has no more.
func TestImportCommand(t *testing.T) {
	t.Parallel()
	where := []string{"--data", t.TempDir()}
	file := write(t, "servizi.json", twoServices)
	for _, step := range []struct {
		args []string
		says string
	}{
		{[]string{"--dry-run"}, "service             2 new      0 changed      0 as before"},
		{nil, "service             2 new      0 changed      0 as before"},
		{nil, "service             0 new      0 changed      2 as before"},
	} {
		if r := here(t, where, append([]string{"import", "directory", file}, step.args...)...); r.code != 0 || !strings.Contains(r.out, step.says) {
			t.Fatalf("%v: %+v", step.args, r)
		}
	}
	one := write(t, "servizi.json", strings.Replace(twoServices, strings.SplitN(twoServices, "\n", 3)[2], "]}", 1))
	one = write(t, "servizi.json", strings.Replace(readAll(t, one), "}},", "}}", 1))
	r := here(t, where, "import", "directory", one, "--complete", "--json")
	var answer importAnswer
	if err := json.Unmarshal([]byte(r.out), &answer); err != nil || r.code != 0 || answer.Outcome["service"].Removed != 1 {
		t.Fatalf("a whole dataset: %v %+v", err, r)
	}
}

func readAll(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What belongs to another dataset stays, is said, and is taken over when somebody says so.
func TestImportSaysWhatItLeaves(t *testing.T) {
	t.Parallel()
	where := []string{"--data", t.TempDir()}
	file := write(t, "servizi.json", twoServices)
	if r := here(t, where, "import", "directory", file, "--source", "uno"); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	other := write(t, "servizi.json", strings.Replace(twoServices, `"Uno"`, `"Altro"`, 1))
	if r := here(t, where, "import", "directory", other, "--source", "due"); r.code != 0 || !strings.Contains(r.out, "Altro (00000000-0000-4000-8000-000000000001): It belongs to the dataset “uno”") {
		t.Errorf("held: %+v", r)
	}
	if r := here(t, where, "import", "directory", other, "--source", "due", "--takes-over", "uno"); r.code != 0 || !strings.Contains(r.out, "1 changed") || strings.Contains(r.out, "belongs") {
		t.Errorf("taken over: %+v", r)
	}
}

// Errors are explained in the language of the machine, nothing is written, and the exit code says so.
func TestImportErrors(t *testing.T) {
	where := []string{"--data", t.TempDir()}
	bad := write(t, "organizations.csv", "id,name,description\n1,,x\n2,Buono,x\n")
	for language, says := range map[string]string{"it_IT.UTF-8": "Manca un valore obbligatorio", "en_GB.UTF-8": "A required value is missing"} {
		t.Setenv("LC_ALL", language)
		if r := here(t, where, "import", "directory", bad); r.code != exitInput || !strings.Contains(r.out, says) || !strings.Contains(r.out, "organizations.csv") {
			t.Errorf("%s: %+v", language, r)
		}
	}
	if r := here(t, where, "import", "directory", bad, "--partial", "--json"); r.code != exitInput || !strings.Contains(r.out, `"created": 1`) {
		t.Errorf("partial: %+v", r)
	}
	if r := here(t, where, "import", "directory", filepath.Join(t.TempDir(), "nothing.csv")); r.code != 1 || !strings.Contains(r.err, "no such file") {
		t.Errorf("a file that is not there: %+v", r)
	}
	if r := here(t, where, "export", "directory", "--format", "pdf"); r.code != exitUsage {
		t.Errorf("an unknown format: %+v", r)
	}
}

// What stops the good rows of a bad source is said, and not only what is wrong with the bad ones.
func TestImportOfGoodRowsSaysWhatStopsIt(t *testing.T) {
	t.Parallel()
	where := []string{"--data", t.TempDir()}
	at := `"service_at_locations":[{"id":"00000000-0000-4000-8000-00000000000a","location":{"id":"00000000-0000-4000-8000-00000000000b","location_type":"physical"}}],`
	one := `{"id":"00000000-0000-4000-8000-00000000000%","name":"Uno",` + at + `"status":"active","organization":{"id":"00000000-0000-4000-9000-000000000001","name":"Ente","description":"esempio"}}`
	if r := here(t, where, "import", "directory", write(t, "uno.json", "["+strings.Replace(one, "%", "1", 1)+"]")); r.code != 0 {
		t.Fatalf("%+v", r)
	}
	bad := write(t, "due.json", "["+strings.Replace(one, "%", "2", 1)+`,{"id":"00000000-0000-4000-8000-000000000003","status":"active"}]`)
	r := here(t, where, "import", "directory", bad, "--partial")
	if r.code != exitInput || !strings.Contains(r.err, "00000000-0000-4000-8000-00000000000a") {
		t.Errorf("%+v", r)
	}
}

// Every format can be written to a file, and those that promise it come back without a difference.
func TestExportCommand(t *testing.T) {
	t.Parallel()
	where := []string{"--data", t.TempDir()}
	if r := here(t, where, "import", "directory", write(t, "servizi.json", twoServices), "--source", "prova"); r.code != 0 {
		t.Fatalf("import: %+v", r)
	}
	folder := t.TempDir()
	for _, format := range exchange.Formats {
		out := filepath.Join(folder, "services-"+strings.NewReplacer(".", "-").Replace(string(format))+format.Extension())
		if r := here(t, where, "export", "directory", "--format", string(format), "--out", out); r.code != 0 {
			t.Fatalf("%s: %+v", format, r)
		}
		if info, err := os.Stat(out); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", format, err)
		}
		switch format {
		case exchange.HSDSJSON, exchange.HSDSPages, exchange.HSDSCSV, exchange.NDJSON, exchange.XLSX:
			if r := here(t, where, "import", "directory", out, "--source", "prova"); r.code != 0 || !strings.Contains(r.out, "service             0 new      0 changed      2 as before") {
				t.Errorf("%s comes back otherwise: %+v", format, r)
			}
		}
	}
	pages := filepath.Join(folder, "pages")
	if r := here(t, where, "export", "directory", "--format", "hsds-pages", "--out", pages); r.code != 0 {
		t.Fatalf("pages: %+v", r)
	}
	if r := here(t, where, "import", "directory", pages, "--source", "prova"); r.code != 0 || !strings.Contains(r.out, "2 as before") {
		t.Errorf("pages: %+v", r)
	}
	sheet := filepath.Join(folder, "modello.xlsx")
	if r := here(t, where, "import", "template", "--out", sheet); r.code != 0 {
		t.Errorf("template: %+v", r)
	}
}
