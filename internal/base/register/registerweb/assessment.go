// SPDX-License-Identifier: EUPL-1.2

package registerweb

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/kit/web/ui"
)

// assessment are the parts of an impact assessment (art. 35(7) GDPR; WP 248 rev. 01, annex 2), with
// what of the register belongs to each and how many questions it asks.
var assessment = []struct {
	key       string
	facts     []string
	questions int
}{
	{"description", []string{"purpose", "persons", "data", "recipients", "transfers", "kept", "processor"}, 3},
	{"necessity", []string{"basis"}, 4},
	{"rights", nil, 4},
	{"risks", nil, 3},
	{"measures", []string{"measures"}, 3},
	{"opinion", nil, 3},
}

func question(part string, n int) string { return "register.dpia." + part + "." + strconv.Itoa(n+1) }

func partID(i int) string { return "part-" + strconv.Itoa(i+1) }

// needed are the fields without which there is no entry (art. 30(1) GDPR).
var needed = map[string]bool{"purpose": true, "basis": true, "persons": true, "data": true, "kept": true, "measures": true}

func entryFacts(ctx context.Context, e entry) []ui.Definition {
	var names []string
	for _, f := range e.Facts {
		names = append(names, f[0])
	}
	list := chosenFacts(ctx, e, names)
	if e.EndedOn != "" {
		list = append(list, ui.Definition{Term: ui.T(ctx, "register.field.ended_on"), Text: e.EndedOn})
	}
	return list
}

func chosenFacts(ctx context.Context, e entry, names []string) []ui.Definition {
	var list []ui.Definition
	for _, f := range e.Facts {
		if f[1] != "" && slices.Contains(names, f[0]) {
			list = append(list, ui.Definition{Term: ui.T(ctx, "register.field."+f[0]), Text: f[1]})
		}
	}
	return list
}

func joined(list []string) string { return strings.Join(list, ", ") }
