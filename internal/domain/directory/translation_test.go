// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"testing"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
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

func TestTranslationsGoOutOfDateByGroup(t *testing.T) {
	t.Parallel()
	s := translated()
	s.Description = "Pasti caldi ogni giorno"
	s.RefreshTranslations()
	if got := s.TranslationState("en", directory.GroupBody); got != directory.TranslationOutdated {
		t.Errorf("the group that changed is %q", got)
	}
	if got := s.TranslationState("en", directory.GroupTitle); got != directory.TranslationUpToDate {
		t.Errorf("the group that did not change is %q", got)
	}
	s.Description = "Pasti caldi"
	s.RefreshTranslations()
	if got := s.TranslationState("en", directory.GroupBody); got != directory.TranslationUpToDate {
		t.Errorf("back as it was, it is %q", got)
	}
	if got := s.TranslationState("uk", directory.GroupTitle); got != directory.TranslationMissing {
		t.Errorf("a language nobody wrote is %q", got)
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
