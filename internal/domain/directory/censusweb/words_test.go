// SPDX-License-Identifier: EUPL-1.2

package censusweb_test

import (
	"testing"

	"approdo/internal/domain/directory/censusweb"
	"approdo/internal/kit/lang"
)

func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	for _, problem := range lang.CheckCatalogue(censusweb.Locales()) {
		t.Error(problem)
	}
}
