// SPDX-License-Identifier: EUPL-1.2

package timesheetweb_test

import (
	"testing"

	"approdo/internal/domain/mediation/timesheetweb"
	"approdo/internal/kit/lang"
)

func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	for _, problem := range lang.CheckCatalogue(timesheetweb.Locales()) {
		t.Error(problem)
	}
}
