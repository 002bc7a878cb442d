// SPDX-License-Identifier: EUPL-1.2

package identityweb_test

import (
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/base/identity/identityweb"
	"approdo/internal/kit/lang"
)

func TestEveryLanguageHasEveryWord(t *testing.T) {
	t.Parallel()
	for _, p := range lang.CheckCatalogue(identityweb.Locales()) {
		t.Error(p)
	}
}

func TestEveryRoleHasAName(t *testing.T) {
	t.Parallel()
	words, err := lang.Open(identityweb.Locales())
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range lang.All {
		for _, role := range access.Roles {
			if !words.Words(code).Has("role." + string(role)) {
				t.Errorf("%s has no name in %s", role, code)
			}
		}
	}
}
