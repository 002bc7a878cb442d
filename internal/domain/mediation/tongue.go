// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"approdo/data"
)

// tongues are the names of the languages that people here speak most; others go by their code.
var tongues = sync.OnceValue(func() map[string]map[string]json.RawMessage {
	text, err := data.FS.ReadFile("languages.json")
	if err != nil {
		panic("mediation: " + err.Error()) // embedded
	}
	var table map[string]map[string]json.RawMessage
	if err := json.Unmarshal(text, &table); err != nil {
		panic("mediation: " + err.Error())
	}
	return table
})

// TongueName is the name of a language in the language of a page; the code when it is not known.
func TongueName(page, code string) string {
	var name string
	if raw, ok := tongues()[code][page]; ok && json.Unmarshal(raw, &name) == nil {
		return name
	}
	return code
}

// Tongues are the codes of the languages that have names, in the order of their names on a page, without
// Italian: it is what one mediates to.
func Tongues(page string) []string {
	var codes []string
	for code := range tongues() {
		if code != "it" {
			codes = append(codes, code)
		}
	}
	slices.SortFunc(codes, func(a, b string) int {
		return cmp.Or(strings.Compare(folded(TongueName(page, a)), folded(TongueName(page, b))), strings.Compare(a, b))
	})
	return codes
}
