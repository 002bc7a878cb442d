// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package exchange_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"approdo/internal/domain/directory/exchange"
)

// Every key that the code names has words in both languages, with the same places to fill.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	words := map[string]map[string]string{}
	for _, language := range exchange.Languages {
		text, err := os.ReadFile(filepath.Join("locales", language+".json"))
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]string{}
		if err := json.Unmarshal(text, &m); err != nil {
			t.Fatal(err)
		}
		words[language] = m
	}
	places := regexp.MustCompile(`\{[a-z]+\}`)
	for key, it := range words["it"] {
		a, b := places.FindAllString(it, -1), places.FindAllString(words["en"][key], -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) || words["en"][key] == "" {
			t.Errorf("%s: %v in Italian, %v in English", key, a, b)
		}
	}
	if len(words["it"]) != len(words["en"]) {
		t.Errorf("%d Italian texts, %d English ones", len(words["it"]), len(words["en"]))
	}
	keys := regexp.MustCompile(`(?:Key: |problem\([A-Za-z]+, [^,]+, |fault\([^"]*|fail\([^,]+, |note\([A-Za-z]+, [^,]+, |noteOnce\([^,]+, [^,]+, |errCell\{|lost\([^"]*|fault\.[A-Z][A-Za-z]+\((?:"[a-z]+", )?)"([a-z]+\.[a-z0-9-]+)"`)
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range keys.FindAllStringSubmatch(string(source), -1) {
			found++
			if !exchange.Knows(m[1]) {
				t.Errorf("%s: no words for %s", name, m[1])
			}
		}
	}
	if found < 60 {
		t.Errorf("only %d keys found in the code: the pattern has grown old", found)
	}
}

func TestReportText(t *testing.T) {
	t.Parallel()
	_, report, err := readData(t, "organizations.csv", []byte("id,name,description\n1,,x\n"), exchange.Options{})
	if err == nil {
		t.Fatal("taken")
	}
	it, en := report.Write("it"), report.Write("en")
	for text, parts := range map[string][]string{
		it: {"ERRORE", "organizations.csv, riga 2, colonna «name»", "Manca un valore obbligatorio", "1 errori"},
		en: {"ERROR", "organizations.csv, row 2, column “name”", "A required value is missing", "1 errors"},
	} {
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%q is not in:\n%s", part, text)
			}
		}
	}
}
