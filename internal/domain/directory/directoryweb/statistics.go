// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"sync"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// tally is the directory in numbers. It counts services, never people.
type tally struct {
	Total, Bodies      int
	Verified, Overdue  int
	Never              int
	Examples, Reserved int
	texts              map[string]int // language → services that can be read in it
	spoken             map[string]int
	needs              map[string]int // every need, first or not
	tops               map[string]int
	provinces          map[string]int
	Hours              int // with known opening hours
}

// tallies keeps the last tally until the directory or the day changes: counting reads every entry.
type tallies struct {
	directory *directory.UseCases
	mu        sync.Mutex
	reached   int64
	day       calendar.Day
	last      *tally
}

// get gives the numbers of now.
func (t *tallies) get(ctx context.Context) (*tally, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	day := calendar.DayOf(t.directory.Now(), calendar.Rome())
	_, reached, err := t.directory.Changes(ctx, 1<<62)
	if err != nil {
		return nil, err
	}
	if t.last != nil && t.reached == reached && t.day == day {
		return t.last, nil
	}
	fresh, err := count(ctx, t.directory, day)
	if err == nil {
		t.last, t.reached, t.day = fresh, reached, day
	}
	return fresh, err
}

func count(ctx context.Context, u *directory.UseCases, today calendar.Day) (*tally, error) {
	t := &tally{texts: map[string]int{}, spoken: map[string]int{}, needs: map[string]int{}, tops: map[string]int{}, provinces: map[string]int{}}
	bodies := map[string]bool{}
	err := u.Walk(ctx, func(e directory.Entry) error {
		if e.Status == directory.StatusDefunct || e.Status == directory.StatusInactive {
			return nil
		}
		bodies[e.OrganizationID] = true
		t.add(&e, today)
		return nil
	})
	t.Bodies = len(bodies)
	return t, err
}

func (t *tally) add(e *directory.Entry, today calendar.Day) {
	t.Total++
	switch v := e.Verification(); {
	case v.On == 0:
		t.Never++
	case v.Overdue(today):
		t.Overdue++
	default:
		t.Verified++
	}
	if e.Card.Example {
		t.Examples++
	}
	if e.Reserved() {
		t.Reserved++
	}
	if len(e.Schedules) > 0 || e.Card.Hours.AlwaysOpen || e.Card.Hours.ByAppointment {
		t.Hours++
	}
	for _, code := range e.TextLanguages() {
		t.texts[code]++
	}
	for _, l := range e.Languages {
		t.spoken[l.Code]++
	}
	tops := map[string]bool{}
	for _, code := range e.Card.Needs {
		t.needs[code]++
		if n, ok := need.ByCode(code); ok {
			tops[cmp.Or(n.Parent, n.Code)] = true
		}
	}
	for code := range tops {
		t.tops[code]++
	}
	for sigla := range provincesOf(e) {
		t.provinces[sigla]++
	}
}

// bar is one line of a table with its drawing.
type bar struct {
	Name, Lang string
	Count      int
	Share      float64 // of the total, 0 to 1
}

// statisticsView is the page of numbers.
type statisticsView struct {
	*tally
	Tops, Translated, Spoken, Provinces []bar
	Covered, AllNeeds                   int
	Uncovered                           []need.Need
	On                                  string
	Use                                 []useTable
	Views, Searches                     int
}

// mostSpoken is how many languages the table of spoken languages shows.
const mostSpoken = 15

func (p *pages) getStatistics(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	t, err := p.tallies.get(ctx)
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	language := words.Lang()
	v := statisticsView{tally: t, On: words.Date(p.now(), lang.Long)}
	for _, n := range need.All() {
		switch {
		case n.Top():
			v.Tops = append(v.Tops, t.bar(n.Name(language), "", t.tops[n.Code]))
		case t.needs[n.Code] > 0:
			v.AllNeeds++
			v.Covered++
		default:
			v.AllNeeds++
			v.Uncovered = append(v.Uncovered, n)
		}
	}
	for _, code := range lang.All {
		v.Translated = append(v.Translated, t.bar(lang.NativeName(code), code, t.texts[code]))
	}
	v.Spoken = t.bars(t.spoken, func(code string) (string, string) { return lang.NativeName(code), code })
	v.Spoken = v.Spoken[:min(len(v.Spoken), mostSpoken)]
	v.Provinces = t.bars(t.provinces, func(sigla string) (string, string) { return provinceName(sigla), "it" })
	if err := p.useOf(ctx, &v); err != nil {
		return err
	}
	return p.show(w, r, ui.Head{Title: words.Text("statistics.title"), Description: words.Text("statistics.lead"), Crumbs: []ui.Link{{Text: words.Text("menu.statistics")}}}, statisticsPage(v))
}

func (t *tally) bar(name, code string, n int) bar {
	b := bar{Name: name, Lang: code, Count: n}
	if t.Total > 0 {
		b.Share = float64(n) / float64(t.Total)
	}
	return b
}

// barsView is a table with a drawing.
func barsView(ctx context.Context, id, caption, head string, list []bar) ui.BarsView {
	words := web.Words(ctx)
	v := ui.BarsView{ID: id, Caption: caption, Head: head, Columns: []string{words.Text("statistics.services"), words.Text("statistics.share")}}
	for _, b := range list {
		v.Rows = append(v.Rows, ui.Bar{Name: b.Name, Lang: foreign(ctx, b.Lang), Values: []string{words.Number(b.Count), words.Percent(b.Share)}, Share: b.Share})
	}
	return v
}

// bars makes the lines of a table, the largest first.
func (t *tally) bars(counted map[string]int, name func(string) (text, code string)) []bar {
	list := make([]bar, 0, len(counted))
	for key, n := range counted {
		text, code := name(key)
		list = append(list, t.bar(text, code, n))
	}
	slices.SortFunc(list, func(a, b bar) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name)) })
	return list
}

// provincesOf are the provinces in which an entry is found.
func provincesOf(e *directory.Entry) map[string]bool {
	found := map[string]bool{}
	for _, s := range e.Sites {
		if c, ok := network.Territories().Comune(s.Location.Comune); ok {
			found[c.Province] = true
		}
	}
	if e.Reserved() {
		found[e.Province] = true
	}
	return found
}

func provinceName(sigla string) string {
	if p, ok := network.Territories().Province(sigla); ok {
		return p.Name
	}
	return sigla
}
