// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package exchange_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"approdo/internal/domain/directory/exchange"
)

// small keeps the fuzzers from spending their time on size alone.
var small = exchange.Limits{File: 1 << 20, Total: 4 << 20, Files: 50, Ratio: 50}

// taken reads whatever it is given; what it takes must go out again.
func taken(t *testing.T, name string, data []byte) {
	batch, report, err := exchange.Read(context.Background(), exchange.Source{Name: name, Data: data}, exchange.Options{Source: "fuzz", Limits: small, Partial: true})
	for _, p := range report.Problems {
		if !exchange.Knows(p.Key) {
			t.Errorf("no words for %s", p.Key)
		}
	}
	if err != nil {
		return
	}
	again, _, err := exchange.Read(context.Background(), exchange.Source{Name: name, Data: data}, exchange.Options{Source: "fuzz", Limits: small, Partial: true})
	if err != nil || asJSON(t, batch) != asJSON(t, again) {
		t.Errorf("the second reading differs (%v)", err)
	}
	for _, s := range batch.Services {
		if s.Name == "" || s.ID == "" || s.OrganizationID == "" {
			t.Errorf("a service without name, identifier or body: %+v", s.ServiceFields)
		}
	}
}

// seeds adds the files of a folder of testdata.
func seeds(f *testing.F, folder string) {
	files, err := os.ReadDir(filepath.Join("testdata", folder))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join("testdata", folder, file.Name()))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
}

func FuzzJSON(f *testing.F) {
	seeds(f, "json")
	f.Add([]byte(shelter("", "")))
	f.Fuzz(func(t *testing.T, data []byte) { taken(t, "services.json", data) })
}

func FuzzCSV(f *testing.F) {
	seeds(f, "csv")
	for _, name := range []string{"services.csv", "regular_schedules.csv", "holiday_schedules.csv", "phones.csv"} {
		f.Add([]byte(legacy[name]))
	}
	f.Fuzz(func(t *testing.T, data []byte) { taken(t, "data.csv", data) })
}

func FuzzZip(f *testing.F) {
	f.Add(archive(f, legacy))
	f.Add(archive(f, map[string]string{"a/b/organizations.csv": "id,name\n1,A\n"}))
	f.Fuzz(func(t *testing.T, data []byte) { taken(t, "data.zip", data) })
}

func FuzzWorkbook(f *testing.F) {
	f.Add(emptySheet())
	f.Fuzz(func(t *testing.T, data []byte) { taken(t, "data.xlsx", data) })
}

// FuzzTemplate: one row of the template, as text.
func FuzzTemplate(f *testing.F) {
	f.Add("Corso", "Ente", "italian-course", "9-13; 15-17:30", "10/08-20/08", "Marsala", "sì")
	f.Add("=1+1", "@x", "", "24 ore", "", "Roma (RM)", "no")
	f.Fuzz(func(t *testing.T, name, body, need, hours, closures, comune, hidden string) {
		var out bytes.Buffer
		for _, row := range [][]string{{"Nome del servizio", "Ente", "Bisogno", "Orario lunedì", "Chiusure", "Comune", "Riservato"}, {name, body, need, hours, closures, comune, hidden}} {
			for i, cell := range row {
				if i > 0 {
					out.WriteByte(';')
				}
				out.WriteString(`"` + string(bytes.ReplaceAll([]byte(cell), []byte(`"`), []byte(`""`))) + `"`)
			}
			out.WriteByte('\n')
		}
		taken(t, "modello.csv", out.Bytes())
	})
}
