// SPDX-License-Identifier: EUPL-1.2

package data_test

import (
	"encoding/csv"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"approdo/data"
	"approdo/internal/kit/calendar"
)

var languages = []string{"it", "en", "fr", "es", "ar", "uk", "sq", "zh", "bn", "ur"}

func file[T any](t *testing.T, name string) T {
	t.Helper()
	text, err := data.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var value T
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return value
}

func inTenLanguages(t *testing.T, what string, texts map[string]string) {
	t.Helper()
	for _, language := range languages {
		if texts[language] == "" || strings.TrimSpace(texts[language]) != texts[language] || !utf8.ValidString(texts[language]) {
			t.Errorf("%s in %s: %q", what, language, texts[language])
		}
	}
}

func TestHelplines(t *testing.T) {
	t.Parallel()
	needs := map[string]bool{}
	text, err := data.FS.ReadFile("needs/needs.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		needs[row[0]] = true
	}
	spoken := file[map[string]map[string]any](t, "languages.json")
	served := map[string]bool{}
	seen := map[string]bool{}
	for _, line := range file[[]struct {
		Number, Dial, Mobile, WhatsApp, Chat, Hours, Source, Checked string
		Name, About                                                  map[string]string
		Needs, Spoken                                                []string
	}](t, "helplines.json") {
		if !regexp.MustCompile(`^[0-9 ]{3,15}$`).MatchString(line.Number) || seen[line.Number] {
			t.Errorf("number %q", line.Number)
		}
		seen[line.Number] = true
		if strings.Contains(line.Number, " ") && line.Dial != strings.ReplaceAll(line.Number, " ", "") {
			t.Errorf("%s dials %q", line.Number, line.Dial)
		}
		inTenLanguages(t, line.Number+" name", line.Name)
		inTenLanguages(t, line.Number+" about", line.About)
		for _, code := range line.Needs {
			if !needs[code] {
				t.Errorf("%s serves an unknown need %s", line.Number, code)
			}
			served[code] = true
		}
		for _, code := range line.Spoken {
			if spoken[code] == nil {
				t.Errorf("%s speaks an unknown language %s", line.Number, code)
			}
		}
		if _, err := time.Parse(time.DateOnly, line.Checked); err != nil || !strings.HasPrefix(line.Source, "http") || len(line.Needs) == 0 {
			t.Errorf("%s: source %q checked %q", line.Number, line.Source, line.Checked)
		}
		if line.Hours != "" && line.Hours != "24/7" && !regexp.MustCompile(`^Mo-(Fr|Sa|Su) [0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$`).MatchString(line.Hours) {
			t.Errorf("%s: hours %q", line.Number, line.Hours)
		}
	}
	for _, code := range []string{"gender-violence", "trafficking", "emergency-numbers", "emergency-room", "suicide-crisis", "child-protection", "fgm", "labour-exploitation"} {
		if !served[code] {
			t.Errorf("no line for %s", code)
		}
	}
}

func TestEveryHolidayHasANameInTenLanguages(t *testing.T) {
	t.Parallel()
	names := file[map[string]map[string]string](t, "italy/holidays.json")
	for _, year := range []int{2011, 2026} {
		for _, h := range calendar.Holidays(year) {
			inTenLanguages(t, h.Code, names[h.Code])
		}
	}
}

func TestResidenceTitles(t *testing.T) {
	t.Parallel()
	titles := file[map[string]map[string]string](t, "italy/residence-titles.json")
	for code, names := range titles {
		inTenLanguages(t, code, names)
	}
	for _, code := range []string{"none", "asylum-seeker", "international-protection", "special-protection", "temporary-protection", "work", "seasonal-work", "self-employment", "family", "study", "minor-age", "medical-care", "long-term-eu", "eu-citizen", "italian-citizen", "social-protection", "job-seeking"} {
		if titles[code] == nil {
			t.Errorf("no title %s", code)
		}
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	all := file[map[string]map[string]any](t, "languages.json")
	for code, names := range all {
		if native, ok := names["native"].(string); !ok || native == "" {
			t.Errorf("%s has no name of its own", code)
		}
		texts := map[string]string{}
		for key, value := range names {
			if text, ok := value.(string); ok {
				texts[key] = text
			}
		}
		inTenLanguages(t, code, texts)
	}
	for _, code := range strings.Fields("it en fr es ar uk sq zh bn ur pa pnb hi ru ro si ta tl wo ti am so fa prs ps ku ckb tr ka pt bm ff mnk snk ha ig yo bin pcm ise") {
		if all[code] == nil {
			t.Errorf("no language %s", code)
		}
	}
	for _, code := range []string{"ar", "ur", "pnb", "ckb", "fa", "ps", "prs"} {
		if all[code]["rtl"] != true {
			t.Errorf("%s is written from right to left", code)
		}
	}
}
