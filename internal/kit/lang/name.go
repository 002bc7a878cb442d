// SPDX-License-Identifier: EUPL-1.2

package lang

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"approdo/data"
)

// names are the languages that people here speak: code → language of a page, or "native" → name.
var names = sync.OnceValue(func() map[string]map[string]string {
	text, err := data.FS.ReadFile("languages.json")
	var raw map[string]map[string]any // beside names the table holds other facts
	if err == nil {
		err = json.Unmarshal(text, &raw)
	}
	if err != nil {
		panic("lang: languages.json: " + err.Error()) // embedded; tests of package data check it
	}
	all := map[string]map[string]string{}
	for code, facts := range raw {
		all[code] = map[string]string{}
		for key, fact := range facts {
			if name, ok := fact.(string); ok {
				all[code][key] = name
			}
		}
	}
	return all
})

// Name is what a language is called in the language of a page, as it stands in a sentence: "arabo". A
// language that our table lacks has the name that CLDR gives it there, and otherwise its code.
func Name(page, code string) string {
	if name := names()[code][page]; name != "" {
		return name
	}
	if tag, err := language.Parse(code); err == nil {
		if namer := display.Languages(language.Make(page)); namer != nil {
			if name := namer.Name(tag); name != "" {
				return name
			}
		}
	}
	if name := names()[code][Default]; name != "" {
		return name
	}
	return code
}

// Named are the codes of the languages of our table, by their names on a page.
func Named(page string) []string {
	return slices.SortedFunc(maps.Keys(names()), func(a, b string) int {
		if order := strings.Compare(Fold(Name(page, a)), Fold(Name(page, b))); order != 0 {
			return order
		}
		return strings.Compare(a, b)
	})
}

// otherNames are what people here call languages besides the names of the table. They are folded.
var otherNames = map[string]string{
	"bengali": "bn", "bangla": "bn", "bangladese": "bn", "mandarino": "zh", "cinese mandarino": "zh", "cinese semplificato": "zh",
	"persiano": "fa", "farsi": "fa", "dari": "prs", "pashtu": "ps", "pashto": "ps", "pashtun": "ps", "singalese": "si", "cingalese": "si",
	"srilankese": "si", "filippino": "tl", "tagalog": "tl", "moldavo": "ro", "rumeno": "ro", "romeno": "ro", "punjabi": "pa", "panjabi": "pa",
	"tigrino": "ti", "tigrigna": "ti", "tigrinya": "ti", "amharico": "am", "curdo": "ku", "kurmanji": "ku", "sorani": "ckb", "mandinga": "mnk",
	"mandinka": "mnk", "mandingo": "mnk", "bambara": "bm", "pulaar": "ff", "peul": "ff", "fula": "ff", "fulani": "ff", "fulfulde": "ff", "pular": "ff",
	"soninke": "snk", "sarahule": "snk", "hausa": "ha", "haussa": "ha", "ibo": "ig", "igbo": "ig", "edo": "bin", "benin": "bin", "bini": "bin",
	"pidgin": "pcm", "pidgin english": "pcm", "pidgin nigeriano": "pcm", "broken english": "pcm", "lis": "ise", "lingua dei segni": "ise",
	"ucraino": "uk", "castigliano": "es", "brasiliano": "pt", "oromo": "om", "twi": "tw", "akan": "tw", "swahili": "sw", "lingala": "ln", "serbo": "sr", "serbo-croato": "sr",
}

// codes are the languages of our table by every folded name.
var codes = sync.OnceValue(func() map[string]string {
	all := maps.Clone(otherNames)
	for code, named := range names() {
		for _, name := range named {
			all[Fold(name)] = code
		}
		all[code] = code
	}
	for code, name := range nativeNames {
		all[Fold(name)] = code
	}
	return all
})

// Meant reads what somebody wrote for a language: its name in any language of the interface, as Italians
// write it in lists ("lingua araba" too), in itself, or its code of ISO 639.
func Meant(text string) (code string, ok bool) {
	text = strings.TrimSpace(Fold(text))
	for _, word := range []string{"lingua ", "la lingua ", "l'"} {
		text = strings.TrimSpace(strings.TrimPrefix(text, word))
	}
	if code, ok := codes()[text]; ok {
		return code, true
	}
	if masculine, is := strings.CutSuffix(text, "a"); is { // "lingua araba"
		if code, ok := codes()[masculine+"o"]; ok {
			return code, true
		}
	}
	if base, err := language.ParseBase(text); err == nil && len(text) <= 3 {
		return base.String(), true
	}
	return "", false
}
