// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"sync"

	"approdo/data"
	"approdo/internal/base/network"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
)

// mostOutlines is how many regions a map without tiles draws.
const mostOutlines = 3

// outlines are the shapes of the regions, ready for the map, each made once.
var outlines sync.Map

func outlineOf(region string) json.RawMessage {
	if shape, ok := outlines.Load(region); ok {
		return shape.(json.RawMessage)
	}
	var collection struct {
		Features []json.RawMessage `json:"features"`
	}
	text, ok := network.OutlineJSON(region)
	if !ok || json.Unmarshal(text, &collection) != nil || len(collection.Features) == 0 {
		return nil
	}
	outlines.Store(region, collection.Features[0])
	return collection.Features[0]
}

// outlineAround is the shape of the regions in which the places lie: a map without tiles must show
// at once where one is. nil when none is known.
func outlineAround(places []place) any {
	var codes []string
	for _, at := range places {
		c, _, ok := network.Territories().Nearest(at.Lat, at.Lon)
		if ok && !slices.Contains(codes, c.Region) && len(codes) < mostOutlines {
			codes = append(codes, c.Region)
		}
	}
	collection := struct {
		Type     string            `json:"type"`
		Features []json.RawMessage `json:"features"`
	}{Type: "FeatureCollection"}
	for _, code := range codes {
		if shape := outlineOf(code); shape != nil {
			collection.Features = append(collection.Features, shape)
		}
	}
	if len(collection.Features) == 0 {
		return nil
	}
	return collection
}

// named is a table of the reference data: code → language → name, in the order of the file.
type named struct {
	codes []string
	names map[string]map[string]string
}

func (n named) name(language, code string) string {
	for _, l := range []string{language, lang.Default} {
		if name := n.names[code][l]; name != "" {
			return name
		}
	}
	return code
}

// table reads an embedded table once; tests of package data check it, so a fault is a bug.
func table(file string) func() named {
	return sync.OnceValue(func() named {
		n := named{names: map[string]map[string]string{}}
		text, err := data.FS.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, &n.names)
		}
		if err != nil {
			panic("directoryweb: " + file + ": " + err.Error())
		}
		n.codes = keysInOrder(text)
		return n
	})
}

// keysInOrder lists the keys of a JSON object as they stand in the file.
func keysInOrder(text []byte) []string {
	var keys []string
	decoder := json.NewDecoder(bytes.NewReader(text))
	depth, key := 0, true
	for token, err := decoder.Token(); err == nil; token, err = decoder.Token() {
		switch t := token.(type) {
		case json.Delim:
			if t == '{' {
				depth++
			} else if t == '}' {
				depth--
			}
			key = true
		case string:
			if depth == 1 && key {
				keys = append(keys, t)
			}
		}
	}
	return keys
}

var (
	titlesOfStay = table("italy/residence-titles.json")
	holidays     = table("italy/holidays.json")
	tongues      = table("languages.json")
)

// residenceTitle is a title in words; an unknown code, brought by an import, is shown as it is.
func residenceTitle(w lang.Words, code string) string { return titlesOfStay().name(w.Lang(), code) }

// holidayName is a holiday in words.
func holidayName(w lang.Words, code string) string {
	if code == "patron" {
		return w.Text("holiday.patron")
	}
	return holidays().name(w.Lang(), code)
}

// tongue is the name of a language in the language of the page, "" when it is the name that its
// speakers use, which stands beside it anyway.
func tongue(ctx context.Context, code string) string {
	if name := tongues().name(web.Lang(ctx), code); name != code && name != lang.NativeName(code) {
		return name
	}
	return ""
}

// nativeName is what speakers call their language; of one that the interface does not name, the
// name in the language of the page.
func nativeName(ctx context.Context, code string) string {
	if name := lang.NativeName(code); name != code {
		return name
	}
	if name := tongues().names[code]["native"]; name != "" {
		return name
	}
	return tongues().name(web.Lang(ctx), code)
}
