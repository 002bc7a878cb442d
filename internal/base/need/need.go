// SPDX-License-Identifier: EUPL-1.2

package need

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"github.com/google/uuid"

	"approdo/data"
	"approdo/internal/kit/lang"
)

// Need is one term of the taxonomy.
type Need struct {
	Code   string
	Parent string // "" for a top category
	words  map[string]Words
}

// Words is a need in one language.
type Words struct {
	Name  string   `json:"name"`
	About string   `json:"about"`
	Terms []string `json:"terms"`
}

// In gives the words of the need in a language, in Italian when it has none.
func (n Need) In(language string) Words {
	if w, ok := n.words[language]; ok {
		return w
	}
	return n.words["it"]
}

// Name is the short label of the need in a language.
func (n Need) Name(language string) string { return n.In(language).Name }

// Top tells whether the need is a top category.
func (n Need) Top() bool { return n.Parent == "" }

// namespace is the UUID under which the identifiers of terms are derived (version 5), so that they
// are the same in every installation.
var namespace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://approdo.example/needs"))

// TaxonomyID is the HSDS identifier of the needs taxonomy.
var TaxonomyID = namespace.String()

// TermID is the HSDS identifier of a need.
func TermID(code string) string { return uuid.NewSHA1(namespace, []byte(code)).String() }

// urgent needs show the national helplines before anything else.
var urgent = []string{"gender-violence", "trafficking", "emergency-numbers", "suicide-crisis", "emergency-room", "child-protection", "labour-exploitation", "fgm"}

// Urgent tells whether somebody with this need may be in danger.
func Urgent(code string) bool { return slices.Contains(urgent, code) }

// discreet needs leave nothing on a phone: their services are never kept offline.
var discreet = []string{"gender-violence", "trafficking", "fgm"}

// Discreet tells whether services for this need must leave no trace on a phone.
func Discreet(code string) bool { return slices.Contains(discreet, code) }

// All lists every need, each top category followed by its needs, in the order of the spine.
func All() []Need { return loaded().list }

// ByCode finds a need.
func ByCode(code string) (Need, bool) {
	i, ok := loaded().at[code]
	if !ok {
		return Need{}, false
	}
	return loaded().list[i], true
}

// Known tells whether there is a need with this code.
func Known(code string) bool { _, ok := loaded().at[code]; return ok }

// Under lists the needs of a top category.
func Under(parent string) []Need {
	var list []Need
	for _, n := range loaded().list {
		if n.Parent == parent {
			list = append(list, n)
		}
	}
	return list
}

// ByTermID finds a need by its HSDS identifier.
func ByTermID(id string) (Need, bool) {
	i, ok := loaded().byID[id]
	if !ok {
		return Need{}, false
	}
	return loaded().list[i], true
}

type table struct {
	list []Need
	at   map[string]int
	byID map[string]int
}

// loaded reads the embedded taxonomy once. The files are checked by tests, so a mistake in them is
// a mistake of ours and stops the program.
var loaded = sync.OnceValue(func() table {
	t, err := load()
	if err != nil {
		panic("need: " + err.Error())
	}
	return t
})

func load() (table, error) {
	t := table{at: map[string]int{}, byID: map[string]int{}}
	file, err := data.FS.Open("needs/needs.csv")
	if err != nil {
		return t, err
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return t, err
	}
	for _, row := range rows[1:] {
		t.at[row[0]] = len(t.list)
		t.byID[TermID(row[0])] = len(t.list)
		t.list = append(t.list, Need{Code: row[0], Parent: row[1], words: map[string]Words{"it": {Name: row[2]}, "en": {Name: row[3]}}})
	}
	for _, language := range lang.All {
		text, err := data.FS.ReadFile("needs/" + language + ".json")
		if err != nil {
			return t, err
		}
		words := map[string]Words{}
		if err := json.Unmarshal(text, &words); err != nil {
			return t, fmt.Errorf("needs/%s.json: %w", language, err)
		}
		for code, w := range words {
			i, ok := t.at[code]
			if !ok {
				return t, fmt.Errorf("needs/%s.json: %q is not in needs.csv", language, code)
			}
			t.list[i].words[language] = w
		}
	}
	return t, nil
}
