// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web/ui"
)

func zone() *time.Location { return calendar.Rome() }

// label names a field of a record, given its path in HSDS: "phones/<id>/number" is "Telefoni, numero".
func label(w lang.Words, path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "card/"), "/")
	first, last := parts[0], parts[len(parts)-1]
	if first == "translations" && len(parts) > 1 {
		language, group, _ := strings.Cut(parts[1], ".")
		return w.Text("census.path.translation", "language", lang.Name(w.Lang(), language), "group", w.Text("census.group."+group))
	}
	name := first
	for _, key := range []string{"census.f." + first, "census.path." + first} {
		if w.Has(key) {
			name = w.Text(key)
			break
		}
	}
	if len(parts) == 1 {
		return name
	}
	for _, key := range []string{"census.path." + first + "." + last, "census.path." + last, "census.f." + last} {
		if w.Has(key) {
			return name + ", " + w.Text(key)
		}
	}
	return name + ", " + strings.ReplaceAll(last, "_", " ")
}

// silent are fields that say nothing to people: identifiers and what follows from other fields.
func silent(path string) bool {
	last := path[strings.LastIndex(path, "/")+1:]
	return last == "id" || strings.HasSuffix(last, "_id") || last == "digest" || last == "source" || last == "last_modified"
}

// comparing sets two versions of a card side by side, the fields that differ.
func comparing(w lang.Words, before, after directory.Service, left, right string) *ui.CompareView {
	view := &ui.CompareView{Before: left, After: right}
	before.Card.Translations, after.Card.Translations = nil, nil
	for _, c := range directory.Difference(before, after) {
		if !silent(c.Path) {
			view.Fields = append(view.Fields, ui.Compared{Name: c.Path, Label: label(w, c.Path), Before: c.Before, After: c.After, Lang: "it"})
		}
	}
	return view
}

// changed lists what differs between two versions, for a history.
func changed(w lang.Words, before, after directory.Service) []ui.Changed {
	var list []ui.Changed
	for _, c := range directory.Difference(before, after) {
		if !silent(c.Path) {
			list = append(list, ui.Changed{Label: label(w, c.Path), Before: c.Before, After: c.After})
		}
	}
	return list
}

// draftBadge says how the working copy stands, or that there is none.
func draftBadge(w lang.Words, working directory.Working) templ.Component {
	if working.Version == 0 {
		return ui.Status(ui.Success, w.Text("census.state.published"))
	}
	return ui.Status(stateLevel(working.State), w.Text("census.state."+working.State))
}

func stateLevel(state string) ui.Level {
	switch state {
	case directory.DraftReview:
		return ui.Warning
	case directory.DraftScheduled:
		return ui.Info
	}
	return ui.Neutral
}

// stateBadge says how a service of the list stands.
func stateBadge(w lang.Words, m directory.Summary) templ.Component {
	switch {
	case m.State != "":
		return ui.Status(stateLevel(m.State), w.Text("census.state."+m.State))
	case m.Status != "" && m.Status != directory.StatusActive:
		return ui.Status(ui.Neutral, w.Text("census.status."+strings.ReplaceAll(m.Status, " ", "_")))
	}
	return ui.Status(ui.Success, w.Text("census.state.published"))
}

// day writes an ISO day as people read it; "" for none.
func day(w lang.Words, iso string) string {
	d, err := calendar.ParseDay(iso)
	if err != nil || d == 0 {
		return ""
	}
	year, month, date := d.Date()
	return w.Date(time.Date(year, month, date, 12, 0, 0, 0, time.UTC), lang.Short)
}
