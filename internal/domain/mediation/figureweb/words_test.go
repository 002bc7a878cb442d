// SPDX-License-Identifier: EUPL-1.2

package figureweb_test

import (
	"testing"

	"approdo/internal/domain/mediation/figureweb"
	"approdo/internal/kit/lang"
)

func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	for _, problem := range lang.CheckCatalogue(figureweb.Locales()) {
		t.Error(problem)
	}
}
