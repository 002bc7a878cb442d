// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package exchange_test

import (
	"strings"
	"testing"

	"approdo/internal/base/need"
	"approdo/internal/domain/directory/exchange"
)

const foreignSheet = "Denominazione;Gestore;Tel.;Via;Città;Colore\n" +
	"Doposcuola;Parrocchia di esempio;000 1234567;Via Esempio 1;Palermo;verde\n" +
	"Mensa;;000 7654321;Via Esempio 2;Palermo;\n"

func TestAForeignSheetIsMapped(t *testing.T) {
	t.Parallel()
	source := exchange.Source{Name: "elenco.csv", Data: []byte(foreignSheet)}
	if _, _, err := exchange.Read(t.Context(), source, exchange.Options{Source: "elenco"}); err == nil {
		t.Fatal("it was read without a mapping")
	}
	sheets, err := exchange.Sheets(t.Context(), source, exchange.Options{})
	if err != nil || len(sheets) != 1 || sheets[0].Known || sheets[0].Rows != 2 || len(sheets[0].Sample) != 2 {
		t.Fatalf("%+v, %v", sheets, err)
	}
	want := map[string]string{"Denominazione": "Nome del servizio", "Gestore": "Ente", "Tel.": "Telefono", "Via": "Indirizzo", "Città": "Comune"}
	for column, title := range want {
		if sheets[0].Guessed[column] != title {
			t.Errorf("%s is guessed to be %q", column, sheets[0].Guessed[column])
		}
	}
	meals, _ := need.ByCode("food-and-meals")
	batch, report, err := exchange.Read(t.Context(), source, exchange.Options{Source: "elenco", Mapping: &exchange.Mapping{
		Columns: sheets[0].Guessed, Fixed: map[string]string{"Ente": "Ente di esempio", "Bisogno": meals.Name("it")},
	}})
	if err != nil || len(batch.Services) != 2 {
		t.Fatalf("%d services, %v\n%s", len(batch.Services), err, report.Write("it"))
	}
	names := map[string]string{}
	for _, o := range batch.Organizations {
		names[o.ID] = o.Name
	}
	for i, want := range []string{"Doposcuola of Parrocchia di esempio", "Mensa of Ente di esempio"} {
		if got := batch.Services[i].Name + " of " + names[batch.Services[i].OrganizationID]; got != want {
			t.Errorf("service %d: %s, want %s", i, got, want)
		}
	}
	if s := batch.Services[0]; len(s.Phones) != 1 || len(s.Sites) != 1 || s.Sites[0].Location.Comune != "082053" {
		t.Errorf("read as %+v", s)
	}
	if text := report.Write("it"); !strings.Contains(text, "Colore") {
		t.Errorf("what was not mapped is not in the report: %s", text)
	}
}

func TestAMappingLeavesKnownSheetsAlone(t *testing.T) {
	t.Parallel()
	source := exchange.Source{Name: "services.csv", Data: []byte("id,organization_id,name,status\n")}
	sheets, err := exchange.Sheets(t.Context(), source, exchange.Options{})
	if err != nil || len(sheets) != 1 || !sheets[0].Known {
		t.Errorf("%+v, %v", sheets, err)
	}
	if titles := exchange.Titles(); len(titles) < 40 || !titles[1].Required {
		t.Errorf("titles: %v", titles)
	}
}
