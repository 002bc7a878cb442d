// SPDX-License-Identifier: EUPL-1.2

package ui

import (
	"regexp"
	"sync"

	"approdo/internal/kit/web"
)

// sprite is the address of one symbol of icons.svg, or of office.svg, which holds what only operators
// see. web/icons.json lists them.
func sprite(name string) string {
	if officeIcons()[name] {
		return web.Asset("office.svg") + "#" + name
	}
	return web.Asset("icons.svg") + "#" + name
}

var symbolName = regexp.MustCompile(`<symbol id="([^"]+)"`)

// officeIcons are the names in office.svg.
var officeIcons = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, match := range symbolName.FindAllSubmatch(web.AssetBytes("office.svg"), -1) {
		names[string(match[1])] = true
	}
	return names
})

// mirrored are the icons that point along the line of reading and turn round in
// Arabic and Urdu. A clock, a phone or a tick does not.
var mirrored = map[string]bool{
	"next": true, "previous": true, "arrow": true, "back": true, "exit": true, "share": true, "external": true, "list": true, "speaker": true,
}

// Pictograms are the top categories of needs that have a drawing of their own.
var Pictograms = []string{
	"arrival", "documents", "legal-help", "health", "safety", "language-and-school", "work", "housing", "money", "community", "urgent",
}
