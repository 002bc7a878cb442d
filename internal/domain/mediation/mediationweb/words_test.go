// SPDX-License-Identifier: EUPL-1.2

package mediationweb_test

import (
	"testing"

	"approdo/internal/domain/mediation/mediationweb"
	"approdo/internal/kit/lang"
)

func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	for _, problem := range lang.CheckCatalogue(mediationweb.Locales()) {
		t.Error(problem)
	}
}
