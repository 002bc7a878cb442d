// SPDX-License-Identifier: EUPL-1.2

package networkweb_test

import (
	"testing"

	"approdo/internal/base/network/networkweb"
	"approdo/internal/kit/lang"
)

func TestCatalogue(t *testing.T) {
	t.Parallel()
	for _, p := range lang.CheckCatalogue(networkweb.Locales()) {
		t.Error(p)
	}
}
