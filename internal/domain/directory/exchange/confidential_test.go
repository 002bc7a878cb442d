// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package exchange_test

import (
	"bytes"
	"strings"
	"testing"

	"approdo/internal/base/need"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// shelter is a service that shelters people, at a place that must never come out. secret words are
// in everything that could say where it is.
func shelter(approdo, place string) string {
	return `{"id":"11111111-1111-4111-8111-111111111111","name":"Casa rifugio","status":"active","organization_id":"22222222-2222-4222-8222-222222222222",
 "phones":[{"id":"33333333-3333-4333-8333-333333333333","number":"000 1522"}],
 "organization":{"id":"22222222-2222-4222-8222-222222222222","name":"Associazione","description":"Aiuta","website":"https://segretissimo.example"},
 "attributes":[{"id":"44444444-4444-4444-8444-444444444444","taxonomy_term_id":"` + need.TermID("gender-violence") + `"}],` + approdo + `
 "service_at_locations":[{"id":"55555555-5555-4555-8555-555555555555","phones":[{"id":"66666666-6666-4666-8666-666666666666","number":"000 222"}],
  "location":{"id":"77777777-7777-4777-8777-777777777777","location_type":"physical","name":"Segretissimo","latitude":37.8015,"longitude":12.4347,` + place + `
   "addresses":[{"id":"88888888-8888-4888-8888-888888888888","address_1":"Via Segretissima 1","city":"Marsala","state_province":"TP","postal_code":"91025","country":"IT","address_type":"physical"}]}}]}`
}

func TestConfidentialPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, approdo, place string
		hidden, noted        bool
	}{
		{"nobody said", "", "", true, true},
		{"the place says so", "", `"approdo":{"confidential":true},`, true, false},
		{"the service says so", `"approdo":{"confidential":true},`, "", true, false},
		{"open by decision", "", `"approdo":{"confidential":false},`, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			batch, report, err := readData(t, "s.json", []byte(shelter(c.approdo, c.place)), exchange.Options{})
			if err != nil {
				t.Fatalf("%v\n%s", err, lines(report))
			}
			s := batch.Services[0]
			if (len(s.Confidential) == 1) != c.hidden || (len(s.Sites) == 1) == c.hidden {
				t.Fatalf("%d open and %d confidential places", len(s.Sites), len(s.Confidential))
			}
			if has(report, exchange.Note, "service.hidden-by-default") != c.noted {
				t.Errorf("the report notes the default: %t", !c.noted)
			}
			if c.hidden && (s.Confidential[0].Province != "TP" || len(s.Confidential[0].Phones) != 1) {
				t.Errorf("province %q, %d telephones", s.Confidential[0].Province, len(s.Confidential[0].Phones))
			}
		})
	}
}

// A place hidden for one service is hidden for every other that stands there.
func TestSharedPlaceStaysHidden(t *testing.T) {
	t.Parallel()
	open := strings.NewReplacer("11111111-1111-4111-8111", "99999999-1111-4111-8111", "55555555-5555-4555-8555", "99999999-5555-4555-8555",
		"33333333-3333-4333-8333", "99999999-3333-4333-8333", "66666666-6666-4666-8666", "99999999-6666-4666-8666",
		"44444444-4444-4444-8444", "99999999-4444-4444-8444", need.TermID("gender-violence"), need.TermID("italian-course")).Replace(shelter("", ""))
	batch, _, err := readData(t, "s.json", []byte("["+open+","+shelter("", "")+"]"), exchange.Options{})
	if err != nil || len(batch.Services) != 2 {
		t.Fatal(err, len(batch.Services))
	}
	for _, s := range batch.Services {
		if len(s.Sites) > 0 {
			t.Errorf("%s shows the hidden place", s.ID)
		}
	}
}

// No format lets a hidden address out; and bringing a public export in again neither opens the
// service nor loses its hidden place.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		uses := directory.New(d, clock)
		batch, report, err := readData(t, "s.json", []byte(shelter("", "")), exchange.Options{Source: "uno"})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := exchange.Save(t.Context(), uses, batch, report, false); err != nil {
			t.Fatal(err)
		}
		for _, format := range exchange.Formats {
			data := unpacked(t, export(t, uses, format))
			for _, secret := range []string{"egretissim", "91025", "37.8", "12.43", "Marsala", "81011"} {
				if bytes.Contains(data, []byte(secret)) {
					t.Errorf("%s tells %q", format, secret)
				}
			}
			if name := fileNames[format]; name != "" {
				again, report, err := readData(t, name, export(t, uses, format), exchange.Options{Source: "due"})
				if err != nil {
					t.Fatalf("%s: %v", format, err)
				}
				outcome, kept, err := exchange.Save(t.Context(), uses, again, report, false)
				if err != nil || outcome.Changed() || kept == 0 {
					t.Errorf("%s: the public record replaced the whole one: %v %v", format, outcome, err)
				}
			}
		}
	})
}

// unpacked gives the bytes of a file, and of what is in it when it is a zip.
func unpacked(t *testing.T, data []byte) []byte {
	t.Helper()
	out := bytes.Clone(data)
	for _, text := range zipped(t, data) {
		out = append(out, text...)
	}
	return out
}

// What hid a place once is not opened by data that have no word for it, in any later import.
func TestImportsDoNotOpenBySilence(t *testing.T) {
	t.Parallel()
	plain := func(approdo, place string) string { // not known as a shelter by its needs, terms or name
		text := strings.ReplaceAll(shelter(approdo, place), need.TermID("gender-violence"), need.TermID("italian-course"))
		return strings.ReplaceAll(text, "Casa rifugio", "Accoglienza")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		uses := directory.New(d, clock)
		save := func(source, text string) error {
			batch, report, err := readData(t, "s.json", []byte(text), exchange.Options{Source: source})
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = exchange.Save(t.Context(), uses, batch, report, false)
			return err
		}
		if err := save("uno", plain(`"approdo":{"confidential":true},`, "")); err != nil {
			t.Fatal(err)
		}
		for name, bad := range map[string][2]string{
			"silence": {"uno", plain("", "")}, "another dataset": {"due", plain("", `"approdo":{"confidential":false},`)},
		} {
			// Silence is refused; what belongs to another dataset is not even touched.
			if err := save(bad[0], bad[1]); name == "silence" && !fault.Is(err, fault.KindInvalid) || name != "silence" && err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if e, err := uses.Entry(t.Context(), "11111111-1111-4111-8111-111111111111"); err != nil || !e.Reserved() {
				t.Errorf("%s opened the service: %v", name, err)
			}
		}
		if err := save("uno", plain("", `"approdo":{"confidential":false},`)); err != nil {
			t.Errorf("its own dataset says that it is open: %v", err)
		}
	})
}
