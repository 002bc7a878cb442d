// SPDX-License-Identifier: EUPL-1.2

package rosterweb_test

import (
	"testing"

	"approdo/internal/domain/mediation/rosterweb"
	"approdo/internal/kit/lang"
)

func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	for _, problem := range lang.CheckCatalogue(rosterweb.Locales()) {
		t.Error(problem)
	}
}
