// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package exchange_test

import (
	"archive/zip"
	"bytes"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/xuri/excelize/v2"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/exchange"
)

// zipped gives the files of a zip, none when it is not one.
func zipped(t testing.TB, data []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// emptySheet is the template as it is given out; it holds every comune, so it is made once.
var emptySheet = sync.OnceValue(func() []byte {
	var empty bytes.Buffer
	if err := exchange.Template(&empty, exchange.XLSX); err != nil {
		panic(err)
	}
	return empty.Bytes()
})

// filled writes rows into the empty template, under the titles of its columns.
func filled(t *testing.T, rows ...map[string]string) []byte {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(emptySheet()))
	if err != nil {
		t.Fatal(err)
	}
	header, err := book.GetRows("Servizi")
	if err != nil || len(header) == 0 {
		t.Fatal(err)
	}
	at := map[string]int{}
	for i, title := range header[0] {
		at[title] = i + 1
	}
	for n, row := range rows {
		for title, text := range row {
			i, ok := at[title]
			if !ok {
				t.Fatalf("the template has no column %q", title)
			}
			cell, err := excelize.CoordinatesToCellName(i, n+2)
			if err != nil {
				t.Fatal(err)
			}
			if err := book.SetCellStr("Servizi", cell, text); err != nil {
				t.Fatal(err)
			}
		}
	}
	out, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var course = map[string]string{
	"Nome del servizio": "Corso di italiano", "Ente": "Ente di prova", "Bisogno": "Corso di italiano; school-support", "In breve": "Si impara l'italiano.",
	"Indirizzo": "Via Prova 1", "Comune": "Marsala", "CAP": "91025", "Orario lunedì": "9-13; 15-17:30", "Orario martedì": "9-13", "Su appuntamento": "Sì",
	"Lingue parlate": "italiano; arabo", "Documenti": "Un documento; Una foto", "Telefono": "000 111 (segreteria); 000 222", "Costo": "gratuito", "Età minima": "16",
	"Chiusure": "10/08-20/08; 24/12/2026-06/01/2027 (festività)", "Ultima verifica": "31/12/2025", "Territorio servito": "Trapani", "Solo per": "donne", "Festivi": "chiuso",
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	batch, report, err := readData(t, "modello.xlsx", filled(t, course, map[string]string{"Sede": "Seconda sede", "Comune": "Palermo", "Orario venerdì": "24 ore"}), exchange.Options{})
	if err != nil || len(batch.Services) != 1 {
		t.Fatalf("%v, %d services\n%s", err, len(batch.Services), lines(report))
	}
	s := batch.Services[0]
	ok := map[string]bool{
		"needs":        strings.Join(s.Card.Needs, " ") == "italian-course school-support",
		"places":       len(s.Sites) == 2 && s.Sites[0].Location.Comune == "081011" && s.Sites[1].Location.Comune == "082053",
		"hours":        len(s.Sites) == 2 && len(s.Sites[0].Schedules) == 2 && s.Sites[0].Schedules[0].ByDay == "MO,TU" && s.Sites[0].Schedules[1].OpensAt == "15:00",
		"whole day":    len(s.Sites) == 2 && len(s.Sites[1].Schedules) == 1 && s.Sites[1].Schedules[0].ClosesAt == "24:00",
		"appointment":  s.Card.Hours.ByAppointment,
		"languages":    len(s.Languages) == 2 && s.Languages[1].Code == "ar",
		"documents":    len(s.RequiredDocuments) == 2,
		"phones":       len(s.Phones) == 2 && s.Phones[0].Description == "segreteria",
		"age":          s.MinimumAge != nil && *s.MinimumAge == 16,
		"closures":     len(s.Card.Hours.Closures) == 2 && s.Card.Hours.Closures[0] == directory.Closure{From: "08-10", To: "08-20"} && s.Card.Hours.Closures[1].Note == "festività",
		"assured":      s.AssuredDate == "2025-12-31",
		"territory":    s.Card.Territory == "081021" || s.Card.Territory == "TP",
		"sex, holiday": s.Card.Eligibility.Sex == "female" && s.Card.Hours.Holidays == "closed",
		"status":       s.Status == "active",
	}
	for what, good := range ok {
		if !good {
			t.Errorf("%s: not as written", what)
		}
	}
	if t.Failed() {
		t.Log(asJSON(t, s))
	}
}

// Every cell that cannot be read is named by its row and its title.
func TestTemplateProblems(t *testing.T) {
	t.Parallel()
	wrong := []struct{ column, text, key string }{
		{"Bisogno", "Ballo", "need.unknown-name"}, {"Stato", "forse", "value.code"}, {"Età minima", "sedici", "value.number-between"}, {"Riservato", "boh", "value.yes-no"},
		{"Orario lunedì", "di mattina", "hours.unreadable"}, {"Orario martedì", "45360", "hours.became-date"}, {"Chiusure", "in agosto", "hours.closure"},
		{"Ultima verifica", "ieri", "value.date-italian"}, {"Comune", "Atlantide", "comune.unknown"}, {"Territorio servito", "Atlantide", "value.territory"}, {"Latitudine", "91", "value.number-between"},
		{"Ente", "", "value.missing"},
	}
	// One sheet for all: each row has one mistake of its own.
	rows := make([]map[string]string, len(wrong))
	for i, c := range wrong {
		rows[i] = maps.Clone(course)
		rows[i]["Codice"], rows[i]["Nome del servizio"] = strconv.Itoa(i), "Corso "+strconv.Itoa(i)
		rows[i][c.column] = c.text
	}
	batch, report, err := readData(t, "modello.xlsx", filled(t, rows...), exchange.Options{})
	if err == nil || len(batch.Services) > 0 {
		t.Fatalf("taken: %d services", len(batch.Services))
	}
	for i, c := range wrong {
		at := slices.IndexFunc(report.Problems, func(p exchange.Problem) bool { return p.Key == c.key && p.Column == c.column && p.Row == i+2 })
		if at < 0 {
			t.Errorf("row %d: no %s of %s in:\n%s", i+2, c.key, c.column, lines(report))
			continue
		}
		explained(t, report.Problems[at])
	}
}

// A cell changed in an exported workbook changes that one thing and nothing else.
func TestEditedExport(t *testing.T) {
	t.Parallel()
	var before directory.Entry
	for _, e := range fixed(20) {
		if len(e.Sites) > 0 && len(e.Card.Translations) > 0 {
			before = e
			break
		}
	}
	var out bytes.Buffer
	if err := exchange.Write(t.Context(), &out, exchange.XLSX, entries(before), exchange.ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	book, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	if err := book.SetCellStr("Servizi", "B2", "Un altro nome"); err != nil {
		t.Fatal(err)
	}
	edited, err := book.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	batch, report, err := readData(t, "e.xlsx", edited.Bytes(), exchange.Options{})
	if err != nil {
		t.Fatalf("%v\n%s", err, lines(report))
	}
	after := published(t, batch)[0]
	if after.Name != "Un altro nome" {
		t.Fatalf("the name is %q", after.Name)
	}
	after.Name = before.Name
	for i, tr := range after.Card.Translations { // a translation of another name is outdated
		after.Card.Translations[i].State, after.Card.Translations[i].Digest = before.Card.Translations[i].State, before.Card.Translations[i].Digest
		_ = tr
	}
	if a, b := asJSON(t, before), asJSON(t, after); a != b {
		t.Errorf("more than the name changed:\n%s\n---\n%s", a, b)
	}
}

// The empty template has its sheets, lists to choose from, and takes no formula from a text.
func TestTemplateFile(t *testing.T) {
	t.Parallel()
	book, err := excelize.OpenReader(bytes.NewReader(emptySheet()))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(book.GetSheetList(), " "); got != "Istruzioni Servizi Valori" {
		t.Errorf("sheets: %s", got)
	}
	lists, err := book.GetDataValidations("Servizi")
	if err != nil || len(lists) < 8 {
		t.Errorf("%d lists to choose from, %v", len(lists), err)
	}
	var csv bytes.Buffer
	if err := exchange.Template(&csv, exchange.CSV); err != nil || !strings.Contains(csv.String(), "Nome del servizio;Ente;Bisogno") {
		t.Errorf("%v %q", err, csv.String())
	}
}

// Cells that a spreadsheet would take for formulas are neutralised in every table that goes out.
func TestNoFormulas(t *testing.T) {
	t.Parallel()
	list := fixed(20)
	for _, format := range []exchange.Format{exchange.CSV, exchange.HSDSCSV, exchange.XLSX} {
		var out bytes.Buffer
		if err := exchange.Write(t.Context(), &out, format, entries(list...), exchange.ExportOptions{}); err != nil {
			t.Fatal(err)
		}
		texts := zipped(t, out.Bytes())
		if texts == nil {
			texts = map[string][]byte{"a.csv": out.Bytes()}
		}
		seen := 0
		for name, text := range texts {
			if strings.HasSuffix(name, ".csv") {
				seen += bytes.Count(text, []byte("'=1+1"))
				for _, bad := range []string{",=1", ";=1", "\n=1", ",\"=1", ";\"=1", ",@", ";@", "<f>"} {
					if bytes.Contains(text, []byte(bad)) {
						t.Errorf("%s %s: %q begins a cell", format, name, bad)
					}
				}
			} else {
				seen += bytes.Count(text, []byte("=1+1"))
				if bytes.Contains(text, []byte("<f>")) || bytes.Contains(text, []byte(">=1+1<")) {
					t.Errorf("%s %s: a formula", format, name)
				}
			}
		}
		if seen == 0 {
			t.Errorf("%s: the drawn texts have no formula: nothing was tested", format)
		}
	}
}
