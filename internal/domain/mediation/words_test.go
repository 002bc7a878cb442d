// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"testing"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/lang"
)

func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	for _, problem := range lang.CheckCatalogue(mediation.Locales()) {
		t.Error(problem)
	}
}
