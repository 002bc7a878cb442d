// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"testing"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/hsds"
)

func translated() directory.Service {
	var s directory.Service
	s.Name, s.Description, s.Card.Language = "Mensa", "Pasti caldi", "it"
	s.RequiredDocuments = []hsds.RequiredDocument{{ID: "d1", Document: "Nessuno"}}
	s.Card.Translations = []directory.Translation{
		{Language: "en", Group: directory.GroupBody, State: directory.TranslationUpToDate, Fields: map[string]string{"description": "Hot meals"}},
		{Language: "en", Group: directory.GroupTitle, State: directory.TranslationUpToDate, Fields: map[string]string{"name": "Canteen"}},
		{Language: "ar", Group: directory.GroupTitle, State: directory.TranslationMachine, Fields: map[string]string{"name": "مطعم"}},
		{Language: "fr", Group: directory.GroupTitle, State: directory.TranslationDraft, Fields: map[string]string{"name": "Cantine"}},
	}
	s.RefreshTranslations()
	return s
}

func stateOf(s directory.Service, language, group string) string {
	for _, t := range s.Card.Translations {
		if t.Language == language && t.Group == group {
			return t.State
		}
	}
	return ""
}

func TestTranslationsGoOutOfDateByGroup(t *testing.T) {
	t.Parallel()
	s := translated()
	s.Description = "Pasti caldi ogni giorno"
	s.RefreshTranslations()
	if got := stateOf(s, "en", directory.GroupBody); got != directory.TranslationOutdated {
		t.Errorf("the group that changed is %q", got)
	}
	if got := stateOf(s, "en", directory.GroupTitle); got != directory.TranslationUpToDate {
		t.Errorf("the group that did not change is %q", got)
	}
	s.Description = "Pasti caldi"
	s.RefreshTranslations()
	if got := stateOf(s, "en", directory.GroupBody); got != directory.TranslationUpToDate {
		t.Errorf("back as it was, it is %q", got)
	}
}

func TestIn(t *testing.T) {
	t.Parallel()
	s := translated()
	e, err := directory.Publish(s, network.Organization{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		wanted, name, description string
		title                     directory.Shown
	}{
		{"it", "Mensa", "Pasti caldi", directory.Shown{Language: "it", State: directory.TranslationUpToDate}},
		{"en", "Canteen", "Hot meals", directory.Shown{Language: "en", State: directory.TranslationUpToDate}},
		{"ar", "مطعم", "Pasti caldi", directory.Shown{Language: "ar", State: directory.TranslationMachine}},
		{"fr", "Mensa", "Pasti caldi", directory.Shown{Language: "it", State: directory.TranslationMissing}},
	}
	for _, tc := range tests {
		got, shown := e.In(tc.wanted)
		if got.Name != tc.name || got.Description != tc.description || shown[directory.GroupTitle] != tc.title {
			t.Errorf("%s: %q %q %+v", tc.wanted, got.Name, got.Description, shown[directory.GroupTitle])
		}
	}
	if e.Name != "Mensa" || e.RequiredDocuments[0].Document != "Nessuno" {
		t.Error("the entry itself has changed")
	}
}

// A file that carries no digests, imported again with another source text, leaves the translations
// behind as much as an edit does.
func TestImportedTranslationsGoOutOfDate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		save := func(description, translation string, changed bool) string {
			t.Helper()
			b := smallBatch()
			s := &b.Services[0]
			s.Description = description
			s.Card.Translations = []directory.Translation{{Language: "en", Group: directory.GroupBody, State: directory.TranslationUpToDate, Fields: map[string]string{"description": translation}}}
			outcome, err := u.Save(t.Context(), b)
			if err != nil || outcome.Changed() != changed {
				t.Fatalf("%+v, %v, want changed %v", outcome, err, changed)
			}
			e, err := u.Entry(t.Context(), s.ID)
			if err != nil {
				t.Fatal(err)
			}
			return e.Card.Translations[0].State
		}
		for _, step := range []struct {
			description, translation string
			changed                  bool
			want                     string
		}{
			{"Pasti", "Meals", true, directory.TranslationUpToDate},
			{"Pasti caldi", "Meals", true, directory.TranslationOutdated},
			{"Pasti caldi", "Meals", false, directory.TranslationOutdated},
			{"Pasti caldi", "Hot meals", true, directory.TranslationUpToDate},
			{"Pasti caldi", "Hot meals", false, directory.TranslationUpToDate},
		} {
			if got := save(step.description, step.translation, step.changed); got != step.want {
				t.Errorf("%+v: %q", step, got)
			}
		}
	})
}

// A record that does not name its language is in Italian, and is found.
func TestRecordsWithoutALanguageAreFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := smallBatch()
		b.Services[0].Name, b.Services[0].Card.Language = "Rosticceria", ""
		_, f := finderOver(t, d, b)
		found, err := f.Find(t.Context(), directory.Query{Text: "rosticceria", Language: "it"})
		if err != nil || ids(found) != "s1" || found.Items[0].Entry.TextLanguages()[0] != "it" {
			t.Errorf("%q, %v", ids(found), err)
		}
	})
}
