// SPDX-License-Identifier: EUPL-1.2

package agendaweb_test

import (
	"testing"

	"approdo/internal/domain/mediation/agenda"
	"approdo/internal/domain/mediation/agendaweb"
	"approdo/internal/kit/lang"
)

func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	for _, problem := range lang.CheckCatalogue(agendaweb.Locales()) {
		t.Error(problem)
	}
}

// Every way in which a calendar elsewhere can fail is told in every language.
func TestTroublesHaveWords(t *testing.T) {
	t.Parallel()
	c, err := lang.Open(agendaweb.Locales())
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range lang.All {
		for _, trouble := range agenda.Troubles {
			if !c.Words(code).Has("agenda.trouble." + string(trouble)) {
				t.Errorf("%s has no words for %s", code, trouble)
			}
		}
	}
}
