// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"encoding/json"
	"slices"
	"sync"

	"approdo/data"
	"approdo/internal/base/need"
)

// Helpline is a national telephone line that is shown before any result when somebody may be in
// danger. Every one has a source and the day it was checked (data/helplines.json).
type Helpline struct {
	Number  string            `json:"number"`
	Name    map[string]string `json:"name"`  // by language
	About   map[string]string `json:"about"` // by language
	Needs   []string          `json:"needs"` // codes of the needs it serves
	Hours   string            `json:"hours"` // "24/7" or a note
	Spoken  []string          `json:"spoken"`
	Source  string            `json:"source"`
	Checked string            `json:"checked"`
}

// In gives a text of the helpline in a language, else in English, else in Italian.
func (h Helpline) In(texts map[string]string, language string) string {
	for _, l := range []string{language, "en", "it"} {
		if texts[l] != "" {
			return texts[l]
		}
	}
	return ""
}

// Helplines lists them all, in the order of the file.
var Helplines = sync.OnceValue(func() []Helpline {
	var list []Helpline
	text, err := data.FS.ReadFile("helplines.json")
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	if err != nil {
		panic("directory: helplines.json: " + err.Error())
	}
	return list
})

// helplinesFor are the lines for the urgent needs among those read in the question or chosen.
func helplinesFor(read []need.Reading, chosen []string) []Helpline {
	var codes []string
	for _, r := range read {
		if r.Likely() && need.Urgent(r.Code) {
			codes = append(codes, r.Code)
		}
	}
	for _, code := range chosen {
		if need.Urgent(code) {
			codes = append(codes, code)
		}
	}
	return HelplinesFor(codes...)
}

// HelplinesFor are the lines that serve any of the needs.
func HelplinesFor(codes ...string) []Helpline {
	var list []Helpline
	for _, h := range Helplines() {
		if slices.ContainsFunc(codes, func(code string) bool { return slices.Contains(h.Needs, code) }) {
			list = append(list, h)
		}
	}
	return list
}
