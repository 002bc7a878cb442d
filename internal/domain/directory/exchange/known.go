// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"encoding/csv"
	"strings"
	"sync"

	"approdo/data"
	"approdo/internal/base/need"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
)

// knownTerm tells whether a term is one of the needs.
func knownTerm(id string) bool {
	_, ok := need.ByTermID(strings.ToLower(id))
	return ok
}

// alike maps the terms of other taxonomies to needs (data/needs/openeligibility.csv). Only terms
// that mean the same are there: what is only near stays an attribute.
var alike = sync.OnceValue(func() map[string]string {
	file, err := data.FS.Open("needs/openeligibility.csv")
	if err != nil {
		panic("exchange: " + err.Error())
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		panic("exchange: needs/openeligibility.csv: " + err.Error())
	}
	all := map[string]string{}
	for _, row := range rows[1:] {
		if !need.Known(row[1]) {
			panic("exchange: needs/openeligibility.csv: no need " + row[1])
		}
		all[lang.Fold(row[0])] = row[1]
	}
	return all
})

// needOf finds the need that an attribute names: a term of ours, or one that means the same.
func needOf(a hsds.Attribute) (code string, ours bool) {
	id := a.TaxonomyTermID
	if id == "" && a.TaxonomyTerm != nil {
		id = a.TaxonomyTerm.ID
	}
	if n, ok := need.ByTermID(strings.ToLower(id)); ok {
		return n.Code, true
	}
	if a.TaxonomyTerm == nil {
		return "", false
	}
	return alike()[lang.Fold(a.TaxonomyTerm.Name)], false
}
