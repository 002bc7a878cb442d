// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"approdo/internal/base/audit"
)

// FieldChange is one field of a record before and after. Path is the name in HSDS, parts of lists by
// their identifier: "phones/<id>/number".
type FieldChange struct{ Path, Before, After string }

// Difference lists the fields in which two records differ, in the order of their names. Translations
// are among them, and times of the last change are not.
func Difference(before, after Service) []FieldChange {
	before.LastModified, after.LastModified = "", ""
	a, b := map[string]string{}, map[string]string{}
	flatten("", tree(before), a)
	flatten("", tree(after), b)
	paths := slices.Sorted(maps.Keys(a))
	for path := range b {
		if _, known := a[path]; !known {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	var list []FieldChange
	for _, path := range paths {
		if a[path] != b[path] {
			list = append(list, FieldChange{path, a[path], b[path]})
		}
	}
	return list
}

// flatten writes the texts of a tree under their paths. Lists of plain values are one text.
func flatten(path string, v any, into map[string]string) {
	switch v := v.(type) {
	case map[string]any:
		for name, item := range v {
			flatten(strings.TrimPrefix(path+"/"+name, "/"), item, into)
		}
	case []any:
		var plain []string
		for i, item := range v {
			part, ok := item.(map[string]any)
			if !ok {
				plain = append(plain, fmt.Sprint(item))
				continue
			}
			flatten(path+"/"+nameOf(part, i), part, into)
		}
		if len(plain) > 0 {
			into[path] = strings.Join(plain, ", ")
		}
	case nil:
	default:
		into[path] = fmt.Sprint(v)
	}
}

// nameOf finds what tells a part of a list from the others.
func nameOf(part map[string]any, i int) string {
	if id, ok := part["id"].(string); ok && id != "" {
		return id
	}
	if language, ok := part["language"].(string); ok {
		return language + "." + fmt.Sprint(part["group"])
	}
	return fmt.Sprintf("%03d", i+1)
}

// mostChanges and longestChange bound what the log keeps of one change: the whole record is in its
// history.
const (
	mostChanges   = 100
	longestChange = 300
)

// changesOf is Difference for the log. It hides what is about a person, and every value of a service
// with a hidden place: the log is read by people who must not know where that is.
func changesOf(before, after Service, reserved bool) []audit.Change {
	var list []audit.Change
	for _, c := range Difference(before, after) {
		if len(list) == mostChanges {
			break
		}
		if reserved || aboutPerson(c.Path) {
			list = append(list, audit.Change{Field: fieldOf(c.Path, reserved), Hidden: true})
			continue
		}
		list = append(list, audit.Change{Field: c.Path, Before: short(c.Before), After: short(c.After)})
	}
	if reserved {
		slices.SortFunc(list, func(a, b audit.Change) int { return strings.Compare(a.Field, b.Field) })
		list = slices.CompactFunc(list, func(a, b audit.Change) bool { return a.Field == b.Field })
	}
	return list
}

func aboutPerson(path string) bool {
	return strings.Contains(path, "contacts/") || path == "assurer_email"
}

// fieldOf is the path of a change, for a reserved service only its first part.
func fieldOf(path string, reserved bool) string {
	if reserved {
		path, _, _ = strings.Cut(path, "/")
	}
	return path
}

func short(text string) string {
	if utf8.RuneCountInString(text) <= longestChange {
		return text
	}
	return string([]rune(text)[:longestChange]) + "…"
}
