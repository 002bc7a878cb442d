// SPDX-License-Identifier: EUPL-1.2

package roster_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/sheet"
)

// western is a list as an office keeps it: a title, semicolons, Windows-1252, Italian words.
const western = `Elenco dei mediatori - aggiornato;;;;;;;
Cognome e nome;Lingue;Livello;Comune di residenza;Cellulare;E-mail;Codice fiscale;Tariffa oraria
ESEMPIO Amal;arabo (marocchino), francese C1;madrelingua;Palermo;+39 333 0000001;amal@rete.example;SMPMLA80A41G273X;25,00 €
ESEMPIO Joël;Wolof / Bambara;madrelingua;Forlì;333-0000002;joel@rete.example;;€ 22
ESEMPIO Mei;cinese;C1;Nessundove;;mei@rete.example;;
ESEMPIO Senza lingua;;C1;Palermo;;;;
`

func bytesOf(t *testing.T, text string) []byte {
	t.Helper()
	b, err := charmap.Windows1252.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (o *office) upload(name string, data []byte) roster.Import {
	o.t.Helper()
	i, err := o.Upload(o.t.Context(), first, name, data)
	o.must(err)
	return i
}

func (o *office) look(id string) (roster.Import, roster.Look) {
	o.t.Helper()
	i, l, err := o.ReadImport(o.t.Context(), first, id)
	o.must(err)
	return i, l
}

func (o *office) listed() map[string]mediation.Mediator {
	o.t.Helper()
	list, err := o.Mediation.Entries(o.t.Context(), o.db, `m.member = 'coop' ORDER BY m.sort_name`)
	o.must(err)
	found := map[string]mediation.Mediator{}
	for _, m := range list {
		found[m.Name] = o.entry(m.ID)
	}
	return found
}

func told(l roster.Look) []string {
	var list []string
	for _, p := range l.Problems {
		list = append(list, fmt.Sprint(p.Line, " ", p.Field, " ", p.Key, " ", p.Wrong))
	}
	return list
}

func TestImportOfAnOffice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		i := o.upload(`C:\elenco.csv`, bytesOf(t, western))
		i, l := o.look(i.ID)
		if i.Name != "elenco.csv" || l.Outcome != (roster.Outcome{Made: 2, Wrong: 2}) || len(o.listed()) != 0 {
			t.Fatalf("%+v %+v", i, l.Outcome)
		}
		want := []string{"5 comune roster.row.comune true", "6 language mediation.mediator.languages true"}
		if got := told(l); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		if _, err := o.ApplyImport(t.Context(), first, i.ID, i.Version); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("rows with mistakes were passed over in silence: %v", err)
		}
		if _, err := o.ApplyImport(t.Context(), stranger, i.ID, i.Version); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("another body applies it: %v", err)
		}
		options := i.Options
		options.Partial = true
		o.must(o.ChooseOptions(t.Context(), first, i.ID, i.Version, options))
		done, err := o.ApplyImport(t.Context(), first, i.ID, i.Version+1)
		o.must(err)
		amal := o.listed()["ESEMPIO Amal"]
		if len(o.listed()) != 2 || amal.Home.Comune != "082053" || amal.Contact.Phone != "+393330000001" || amal.Rate(mediation.Phone) != 25_00 || amal.Contact.TaxCode != "SMPMLA80A41G273X" {
			t.Errorf("%+v", amal)
		}
		if !slices.Equal(amal.Languages, []mediation.Language{{Code: "ar", Dialect: "marocchino", Level: "native"}, {Code: "fr", Level: "C1"}}) {
			t.Errorf("%+v", amal.Languages)
		}
		again := o.upload("elenco.csv", bytesOf(t, western))
		if _, l := o.look(again.ID); l.Outcome != (roster.Outcome{Same: 2, Wrong: 2}) {
			t.Errorf("the same file again: %+v", l.Outcome)
		}
		undone, err := o.UndoImport(t.Context(), first, i.ID, done.Version)
		o.must(err)
		if len(o.listed()) != 0 || undone.Outcome.Kept != 0 {
			t.Errorf("%+v %+v", undone, o.listed())
		}
		if _, err := o.UndoImport(t.Context(), first, i.ID, undone.Version); !fault.Is(err, fault.KindConflict) {
			t.Errorf("undone twice: %v", err)
		}
	})
}

// A file changes what it says and nothing else; what was changed since is not put back.
func TestImportOverEntries(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		ctx := t.Context()
		amal := o.enlist("Amal Esempio", func(m *mediation.Mediator) {
			m.Hours, m.Remarks = []mediation.Weekly{{Weekday: time.Monday, From: 540, To: 780}}, "sa di scuola"
			m.Languages = append(m.Languages, mediation.Language{Code: "fr", Level: "B2"})
		})
		nora := o.enlist("Nora Esempio", func(m *mediation.Mediator) { m.Contact.Mail = "nora@rete.example" })
		start := now.AddDate(0, 0, 1)
		_, err := db.Exec(ctx, d, `INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, record, created)
			VALUES ('r', 1, 'scheduled', 'comune', 'desk', 'ar', 'phone', $1, $2, 'booked', '', 'A-1', '', '', '', '{}', 0)`, db.Millis(start), db.Millis(start.Add(time.Hour)))
		o.must(err)
		_, err = db.Exec(ctx, d, `INSERT INTO mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, ended, created, changed)
			VALUES ('b', 1, 'r', 0, $1, 'comune', 'phone', $2, $3, 'confirmed', '{}', '{}', '', 0, 0)`, amal.ID, db.Millis(start), db.Millis(start.Add(time.Hour)))
		o.must(err)
		i := o.upload("b.csv", []byte("Nome\tCognome\tLingua\tLivello\tEmail\tModalità\tComune\nAmal\tEsempio\tinglese\tC2\tamal@rete.example\tvideo\tPalermo\nNora\tEsempio\tarabo\tmadrelingua\tnora@rete.example\tvideo\tPalermo\n"))
		i, l := o.look(i.ID)
		want := []string{"2 language roster.row.booked false", "2 language roster.row.booked false", "2 modes roster.row.booked false", "2 comune roster.row.booked false"}
		if l.Outcome != (roster.Outcome{Changed: 2}) || !slices.Equal(told(l), want) {
			t.Fatalf("%+v %q", l.Outcome, told(l))
		}
		done, err := o.ApplyImport(ctx, first, i.ID, i.Version)
		o.must(err)
		got := o.entry(amal.ID)
		if _, still := got.Speaks("ar"); !still || !slices.Contains(got.Modes, mediation.Phone) || got.Home.Comune != "" || got.Remarks != "sa di scuola" || len(got.Hours) != 1 {
			t.Errorf("somebody who is booked lost something: %+v", got)
		}
		if _, more := got.Speaks("en"); !more || len(got.Languages) != 3 {
			t.Errorf("%+v", got.Languages)
		}
		changed := o.entry(nora.ID)
		changed.Remarks = "dopo"
		_, err = o.Mediation.Enlist(ctx, first, changed)
		o.must(err)
		undone, err := o.UndoImport(ctx, first, i.ID, done.Version)
		o.must(err)
		if undone.Outcome.Kept != 2 { // one is booked, one was changed
			t.Errorf("%+v", undone.Outcome)
		}
	})
}

// A workbook that nobody here wrote: title, header on two merged rows, a person on two rows, days as numbers.
func messyWorkbook(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	name := f.GetSheetName(0)
	for cell, value := range map[string]any{
		"A1": "Regione – elenco", "A3": "Nominativo", "B3": "Lingue", "C3": "Contatti", "E3": "Atto", "C4": "Tel.", "D4": "Posta elettronica", "E4": "N. determina", "F4": "Data determina", "G3": "Scadenza",
		"A5": "Tesfay Esempio", "B5": "tigrino (madrelingua)", "B6": "Amharico B2", "C5": 393330000003, "D5": "tesfay@rete.example", "E5": "77", "F5": time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC), "G5": "31/12/2029",
		"A7": "Ise Esempio", "B7": "LIS (madrelingua)", "D7": "ise@rete.example",
	} {
		if err := f.SetCellValue(name, cell, value); err != nil {
			t.Fatal(err)
		}
	}
	for _, m := range [][2]string{{"A1", "G1"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "D3"}, {"E3", "F3"}, {"G3", "G4"}, {"A5", "A6"}, {"C5", "C6"}, {"D5", "D6"}} {
		if err := f.MergeCell(name, m[0], m[1]); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestUnderstandAWorkbook(t *testing.T) {
	t.Parallel()
	tables, err := sheet.Read("x.xlsx", messyWorkbook(t), sheet.Limits{Bytes: 1 << 20, Cells: 1000, Columns: 20})
	if err != nil {
		t.Fatal(err)
	}
	entries, problems := roster.Understand(tables[0], roster.Options{Section: mediation.FacilitatorSection, Modes: []mediation.Mode{mediation.Video}, Standing: mediation.Listed})
	if len(entries) != 2 || len(problems) > 0 {
		t.Fatalf("%+v %+v", entries, problems)
	}
	e := entries[0]
	day, _ := calendar.ParseDay("2027-02-01")
	until, _ := calendar.ParseDay("2029-12-31")
	if e.Name != "Tesfay Esempio" || e.Act != (mediation.Act{Number: "77", Day: day}) || e.Expires != until || e.Contact.Phone != "393330000003" || e.Section != mediation.FacilitatorSection {
		t.Errorf("%+v", e)
	}
	if !slices.Equal(e.Languages, []mediation.Language{{Code: "ti", Level: "native"}, {Code: "am", Level: "B2"}}) || entries[1].Languages[0].Code != "ise" {
		t.Errorf("%+v", e.Languages)
	}
}

// Whatever stands in a file becomes entries that the roster takes, or problems; nothing of it is an error.
func FuzzUnderstand(f *testing.F) {
	for _, seed := range []string{western, "Nome e cognome;Lingua\nA;arabo (", "nome\tlingua\tlivello\nA\t,,;/\tC1", "Lingua,Nome e cognome,Tariffa,Scadenza\nfr C1,A,1e400,99999999", "id;cognome;lingue;cf\n1;A;LIS (madrelingua) e arabo;x", "\"\n;"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tables, err := sheet.Read("x", data, sheet.Limits{Bytes: 1 << 20, Cells: 20_000, Columns: 100})
		if err != nil {
			return
		}
		for _, table := range tables {
			entries, problems := roster.Understand(table, roster.Options{Section: mediation.MediatorSection, Level: "C1", Modes: []mediation.Mode{mediation.Phone}, Standing: mediation.Listed})
			for _, e := range entries {
				e.Standing = mediation.Listed
				if err := mediation.CheckEntry(e); err != nil {
					t.Errorf("%+v: %v", e, err)
				}
			}
			for _, p := range problems {
				if p.Key == "" || !strings.Contains(p.Key, ".") || p.Line < 1 {
					t.Errorf("%+v", p)
				}
			}
		}
	})
}
