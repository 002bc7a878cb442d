// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package exchange_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/hsds"
)

// TestMain lets drawn lists of ten stand for ten draws each, unless somebody asks for more.
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", "10"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func entries(list ...directory.Entry) exchange.Entries {
	return func(yield func(directory.Entry, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// fileNames are the names under which the formats are read again.
var fileNames = map[exchange.Format]string{
	exchange.HSDSJSON: "services.json", exchange.HSDSPages: "pages.zip", exchange.HSDSCSV: "tables.zip", exchange.NDJSON: "services.ndjson", exchange.XLSX: "services.xlsx",
}

// back writes entries in a format, reads them again, and publishes what was read.
func back(t interface {
	Helper()
	Fatalf(string, ...any)
}, format exchange.Format, list ...directory.Entry) []directory.Entry {
	t.Helper()
	var out bytes.Buffer
	if err := exchange.Write(context.Background(), &out, format, entries(list...), exchange.ExportOptions{}); err != nil {
		t.Fatalf("write %s: %v", format, err)
	}
	batch, report, err := exchange.Read(context.Background(), exchange.Source{Name: fileNames[format], Data: out.Bytes()}, exchange.Options{Source: "again"})
	if said := lines(report); err != nil || said != "" {
		t.Fatalf("read %s: %v\n%.3000s", format, err, said)
	}
	return published(t, batch)
}

func published(t interface {
	Helper()
	Fatalf(string, ...any)
}, batch directory.Batch) []directory.Entry {
	t.Helper()
	bodies, programs := map[string]network.Organization{}, map[string]*hsds.Program{}
	for _, o := range batch.Organizations {
		bodies[o.ID] = o
	}
	for _, p := range batch.Programs {
		programs[p.ID] = &p
	}
	var list []directory.Entry
	for _, s := range batch.Services {
		s.RefreshTranslations()
		e, err := directory.Publish(s, bodies[s.OrganizationID], programs[s.ProgramID])
		if err != nil {
			t.Fatalf("publish %s: %v", s.ID, err)
		}
		list = append(list, clean(t, e))
	}
	return list
}

// lines are the errors and warnings of a report, without those that a drawn service may well cause.
func lines(r exchange.Report) string {
	var b strings.Builder
	for _, p := range r.Problems {
		if p.Severity == exchange.Note || p.Key == "need.none" {
			continue
		}
		b.WriteString(p.Severity + " " + p.Place("en") + ": " + p.Text("en") + "\n")
	}
	return b.String()
}

// What goes out comes in again without loss, in every format that promises it, and through ToHSDS and
// FromHSDS, which are each other's way back. Every record is valid against the schemas of the standard.
// Ten entries are drawn at a time: what takes time is drawing, and making a workbook.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	schema := schemas(t, "service.json")
	rapid.Check(t, func(t *rapid.T) {
		var list []directory.Entry
		for i := range 10 {
			g := newGen(t)
			g.family = g.family*10 + uint64(i) // never the same identifier twice in one list
			list = append(list, g.entry())
		}
		for _, e := range list {
			mapped(t, e)
			valid(t, schema, e)
		}
		for format := range fileNames {
			if diff := cmp.Diff(list, back(t, format, list...)); diff != "" {
				t.Fatalf("%s: entries changed on their way (-out +in):\n%.6000s", format, diff)
			}
		}
	})
}

func mapped(t *rapid.T, e directory.Entry) {
	s, body, program, problems := exchange.FromHSDS(exchange.ToHSDS(e, exchange.Shape{}))
	if len(problems) > 0 {
		t.Fatalf("problems: %v", problems)
	}
	s.RefreshTranslations()
	again, err := directory.Publish(s, body, program)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if diff := cmp.Diff(e, clean(t, again)); diff != "" {
		t.Fatalf("-out +in:\n%s", diff)
	}
}

// Many entries together come back one by one, and the same entries give the same bytes.
func TestManyTogether(t *testing.T) {
	t.Parallel()
	list := fixed(20)
	for format := range fileNames {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			again := back(t, format, list...)
			if diff := cmp.Diff(list, again); diff != "" {
				t.Fatalf("-out +in:\n%.4000s", diff)
			}
		})
	}
	for _, format := range exchange.Formats {
		t.Run("same bytes "+string(format), func(t *testing.T) {
			t.Parallel()
			var a, b bytes.Buffer
			for _, w := range []*bytes.Buffer{&a, &b} {
				if err := exchange.Write(t.Context(), w, format, entries(list...), exchange.ExportOptions{Base: "https://rete.example"}); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(a.Bytes(), b.Bytes()) {
				t.Error("two exports of the same entries differ")
			}
		})
	}
}
