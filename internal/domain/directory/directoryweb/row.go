// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"approdo/internal/base/need"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// row is one service in a list.
type row struct {
	ID, Path       string
	Top            string // category, for the pictogram
	Title, Summary string
	Lang           string // of title and summary
	Body           string
	Place          string
	State          ui.State
	Opening        string
	Distance       string
	Spoken         []string
	Free           bool
	Verified       string
	Overdue        bool
	Machine        bool
	Why            []string
	Reserved       bool
	Quiet          bool // leaves no trace: no button to keep it
	Phone          string
	places         []place
}

// rowOf makes the row of a search result for the language of the page.
func (p *pages) rowOf(ctx context.Context, item directory.Item) row {
	w := web.Words(ctx)
	e, shown := item.Entry.In(w.Lang())
	title := shown[directory.GroupTitle]
	r := row{
		ID: e.ID, Path: "/services/" + e.ID, Top: topOf(e.Card.Needs), Title: e.Name, Summary: e.Card.Summary, Lang: title.Language,
		Body: e.Organization.Name, Place: e.TerritoryName(), Overdue: item.Overdue, Machine: title.State == directory.TranslationMachine,
		Reserved: e.Reserved(), Quiet: discreet(&e), Free: free(&e),
	}
	r.State, r.Opening = openingSaid(w, item.Opening, p.now().In(zoneOf(&e)))
	if e.Reserved() {
		r.Place = w.Text("place.province", "province", r.Place)
	}
	if !math.IsNaN(item.Distance) {
		r.Distance = w.Distance(item.Distance / 1000)
	}
	if v := e.Verification(); v.On != 0 {
		r.Verified = dateSaid(w, v.On)
	}
	if len(e.Phones) > 0 {
		r.Phone = e.Phones[0].Number
	}
	for _, l := range e.Languages {
		r.Spoken = append(r.Spoken, l.Code)
	}
	r.Why = whySaid(w, item.Why)
	r.places = placesOf(&e, e.Name, web.Path(ctx, r.Path))
	return r
}

// free: every price that the entry names is zero.
func free(e *directory.Entry) bool {
	return len(e.CostOptions) > 0 && !slices.ContainsFunc(e.CostOptions, func(c hsds.CostOption) bool { return c.Amount == nil || *c.Amount != 0 })
}

// mostReasons keeps the rows short.
const mostReasons = 2

// whySaid explains a result: what matched. That it is open, near or verified stands in the row anyway.
func whySaid(w lang.Words, list []directory.Why) []string {
	var said []string
	add := func(text string) {
		if len(said) < mostReasons && !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	for _, one := range list {
		switch one.Kind {
		case "need":
			if hasUnder(list, one.Text) {
				continue // the need itself says more than its category
			}
			add(w.Text("why.need", "need", needName(w.Lang(), one.Text)))
		case "word", "stem", "prefix":
			add(w.Text("why.word", "word", one.Text))
		case "typo", "sound":
			add(w.Text("why.like", "word", one.Text))
		}
	}
	return said
}

// hasUnder: one of the reasons is a need under this category.
func hasUnder(list []directory.Why, category string) bool {
	return slices.ContainsFunc(list, func(one directory.Why) bool {
		n, ok := need.ByCode(one.Text)
		return one.Kind == "need" && ok && n.Parent == category
	})
}

func langOf(ctx context.Context) string { return web.Lang(ctx) }

// spokenNames lists languages by the names that their speakers use.
func spokenNames(ctx context.Context, codes []string) string {
	names := make([]string, len(codes))
	for i, code := range codes {
		names[i] = isolated(lang.NativeName(code))
	}
	return web.Words(ctx).List(names)
}

// isolated keeps a name of another direction from turning the words around it (Unicode FSI, PDI).
func isolated(name string) string { return "\u2068" + name + "\u2069" }

// helplineName is the name without the number that stands before it anyway.
func helplineName(ctx context.Context, h directory.Helpline) string {
	return strings.TrimSpace(strings.TrimPrefix(h.In(h.Name, langOf(ctx)), h.Number))
}

// helplineLang is the language in which Helpline.In answers.
func helplineLang(ctx context.Context, texts map[string]string) string {
	for _, code := range []string{langOf(ctx), "en", "it"} {
		if texts[code] != "" {
			return code
		}
	}
	return ""
}

// foreign is the language of a text when it is not that of the page, else "".
func foreign(ctx context.Context, code string) string {
	if code == langOf(ctx) {
		return ""
	}
	return code
}

// helplineHours puts "Mo-Fr 09:30-17:30" into words; what it can't read it shows as it is.
func helplineHours(ctx context.Context, hours string) string {
	w := web.Words(ctx)
	parts := strings.FieldsFunc(hours, func(r rune) bool { return r == '-' || r == ' ' })
	if len(parts) != 4 {
		return hours
	}
	first, last := slices.Index(shortDays, parts[0]), slices.Index(shortDays, parts[1])
	if first < 0 || last < 0 {
		return hours
	}
	span := w.Weekday(time.Weekday((first+1)%7), lang.Short) + "–" + w.Weekday(time.Weekday((last+1)%7), lang.Short)
	return span + " " + parts[2] + "–" + parts[3]
}

var shortDays = []string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}
