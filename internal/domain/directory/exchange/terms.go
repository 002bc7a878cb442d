// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"encoding/json"
	"slices"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/hsds"
)

// withoutHiddenTerms leaves out the terms that only services with hidden places bear: a term is
// public, and what somebody wrote into one of these may lead to the door. The service keeps it.
func withoutHiddenTerms(terms []hsds.TaxonomyTerm, services []directory.Service) []hsds.TaxonomyTerm {
	hidden, open := map[string]bool{}, map[string]bool{}
	for _, s := range services {
		if len(s.Confidential) > 0 {
			termsIn(s, hidden)
		}
	}
	if len(hidden) == 0 || len(terms) == 0 {
		return terms
	}
	for _, s := range services {
		if len(s.Confidential) == 0 {
			termsIn(s, open)
		}
	}
	return slices.DeleteFunc(terms, func(t hsds.TaxonomyTerm) bool { return hidden[t.ID] && !open[t.ID] })
}

// termsIn adds the identifiers of the terms anywhere in a service, its places and their parts.
func termsIn(s directory.Service, found map[string]bool) {
	text, err := json.Marshal(s)
	if err != nil {
		return // a service is always JSON: it was read from there
	}
	var tree any
	if json.Unmarshal(text, &tree) == nil {
		termsUnder(tree, found)
	}
}

func termsUnder(node any, found map[string]bool) {
	switch n := node.(type) {
	case []any:
		for _, item := range n {
			termsUnder(item, found)
		}
	case map[string]any:
		if id, ok := n["taxonomy_term_id"].(string); ok {
			found[id] = true
		}
		if term, ok := n["taxonomy_term"].(map[string]any); ok {
			if id, ok := term["id"].(string); ok {
				found[id] = true
			}
		}
		for _, item := range n {
			termsUnder(item, found)
		}
	}
}
