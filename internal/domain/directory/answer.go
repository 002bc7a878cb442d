// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
)

// Answer is a search result as the JSON API and the command line give it.
type Answer struct {
	Query      string             `json:"query"`
	Language   string             `json:"language"`
	Total      int                `json:"total"`
	Page       int                `json:"page"`
	Limit      int                `json:"limit"`
	Items      []AnswerItem       `json:"items"`
	Facets     map[string][]Tally `json:"facets,omitempty"`
	DidYouMean string             `json:"did_you_mean,omitempty"`
	// Needs are those the question seems to be about, surest first.
	Needs     []AnswerNeed     `json:"needs,omitempty"`
	Territory *AnswerTerritory `json:"territory,omitempty"`
	Helplines []AnswerHelpline `json:"helplines,omitempty"`
	// Discreet: the question is about violence or exploitation. Leave it nowhere on the phone.
	Discreet bool `json:"discreet,omitempty"`
}

// AnswerItem is one service found.
type AnswerItem struct {
	ID           string         `json:"id"`
	Name         string         `json:"name"`
	Language     string         `json:"language"` // of the name and summary
	Summary      string         `json:"summary,omitempty"`
	Needs        []string       `json:"needs"`
	Organization string         `json:"organization"`
	Territory    string         `json:"territory"`
	Open         AnswerOpening  `json:"open"`
	DistanceKM   *float64       `json:"distance_km,omitempty"`
	Phones       []string       `json:"phones,omitempty"`
	Verified     string         `json:"verified,omitempty"` // day of the last confirmation
	Overdue      bool           `json:"overdue"`
	Reserved     bool           `json:"reserved,omitempty"`
	Example      bool           `json:"example,omitempty"`
	Why          []AnswerReason `json:"why"`
}

// AnswerOpening is one of the four answers to "is it open now?".
type AnswerOpening struct {
	State string `json:"state"` // open, closed, appointment, unknown
	Until string `json:"until,omitempty"`
	Next  string `json:"next,omitempty"`
}

// AnswerReason is one reason why a service was found where it is.
type AnswerReason struct {
	Kind string `json:"kind"`
	Text string `json:"text,omitempty"`
}

// Tally counts the services found that share a value.
type Tally struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// AnswerNeed is a need that the question may be about.
type AnswerNeed struct {
	Code  string  `json:"code"`
	Name  string  `json:"name"`
	Score float64 `json:"score"`
}

// AnswerTerritory is the territory in force.
type AnswerTerritory struct {
	Ref     string `json:"ref"`
	Name    string `json:"name"`
	Widened bool   `json:"widened,omitempty"`
}

// AnswerHelpline is a national line to call first.
type AnswerHelpline struct {
	Number  string `json:"number"`
	Name    string `json:"name"`
	About   string `json:"about"`
	Source  string `json:"source"`
	Checked string `json:"checked"`
}

// Answer searches and puts the result into words for programs.
func (f *Finder) Answer(ctx context.Context, q Query) (Answer, error) {
	found, err := f.Find(ctx, q)
	if err != nil {
		return Answer{}, err
	}
	a := Answer{Discreet: found.Discreet(q), Query: q.Text, Language: q.Language, Total: found.Total, Page: max(q.Page, 1), Limit: q.limit(), DidYouMean: found.DidYouMean, Items: []AnswerItem{}, Facets: map[string][]Tally{}}
	for _, item := range found.Items {
		a.Items = append(a.Items, answerItem(item, q.Language))
	}
	for class, counts := range found.Facets {
		for _, c := range counts {
			a.Facets[class] = append(a.Facets[class], Tally{strings.TrimPrefix(c.Tag, class+":"), c.Count})
		}
	}
	for _, r := range found.Needs {
		if n, ok := need.ByCode(r.Code); ok {
			a.Needs = append(a.Needs, AnswerNeed{r.Code, n.Name(q.Language), math.Round(r.Score*100) / 100})
		}
	}
	if found.Territory != "" {
		a.Territory = &AnswerTerritory{string(found.Territory), network.Territories().RefName(found.Territory), found.Widened}
	}
	for _, h := range found.Helplines {
		a.Helplines = append(a.Helplines, AnswerHelpline{h.Number, h.In(h.Name, q.Language), h.In(h.About, q.Language), h.Source, h.Checked})
	}
	return a, nil
}

func answerItem(item Item, language string) AnswerItem {
	e, shown := item.Entry.In(language)
	a := AnswerItem{
		ID: e.ID, Name: e.Name, Language: shown[GroupTitle].Language, Summary: e.Card.Summary, Needs: e.Card.Needs,
		Organization: e.Organization.Name, Territory: e.TerritoryName(), Open: answerOpening(item.Opening),
		Verified: e.AssuredDate, Overdue: item.Overdue, Reserved: e.Reserved(), Example: e.Card.Example, Why: []AnswerReason{},
	}
	if a.Needs == nil {
		a.Needs = []string{}
	}
	for _, p := range e.Phones {
		a.Phones = append(a.Phones, p.Number)
	}
	if !math.IsNaN(item.Distance) {
		km := math.Round(item.Distance/100) / 10
		a.DistanceKM = &km
	}
	for _, w := range item.Why {
		a.Why = append(a.Why, AnswerReason(w))
	}
	return a
}

func answerOpening(o Opening) AnswerOpening {
	stamp := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339) // in the time zone of the service
	}
	return AnswerOpening{State: o.State, Until: stamp(o.Until), Next: stamp(o.Next)}
}

// TerritoryName says where an entry is, in a few words: its comuni, the province of a reserved one,
// and for one without a place the area that it serves ("" for the whole of Italy).
func (e Entry) TerritoryName() string {
	t := network.Territories()
	if e.Reserved() {
		if p, ok := t.Province(e.Province); ok {
			return p.Name
		}
		return e.Province
	}
	var names []string
	if len(e.Sites) == 0 {
		for _, kind := range []string{"c:", "p:", "r:"} {
			if name := t.RefName(network.Ref(kind + e.Card.Territory)); name != "" {
				return name
			}
		}
	}
	for _, s := range e.Sites {
		name := ""
		if c, ok := t.Comune(s.Location.Comune); ok {
			name = c.Label()
		} else if len(s.Location.Addresses) > 0 {
			name = s.Location.Addresses[0].City
		}
		if name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}
