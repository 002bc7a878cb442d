// SPDX-License-Identifier: EUPL-1.2

package qr_test

import (
	"strings"
	"testing"

	"approdo/internal/kit/qr"
)

func TestACodeIsDrawn(t *testing.T) {
	t.Parallel()
	code, err := qr.SVG("https://approdo.example/it/services/1")
	if err != nil || !strings.HasPrefix(string(code), "<svg ") || strings.Count(string(code), "<path") != 2 {
		t.Errorf("%s, %v", code, err)
	}
	if _, err := qr.SVG(strings.Repeat("x", 5000)); err == nil {
		t.Error("more than a code can hold was drawn")
	}
}
