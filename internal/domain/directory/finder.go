// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/geo"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/search"
)

// Weight classes of the texts in the index.
const (
	fieldName = iota
	fieldSummary
	fieldBody
	fieldRest
)

// Finder answers searches from memory. It is built from entries alone and follows the change feed,
// so every node finds what any node saved, within a second.
type Finder struct {
	directory *UseCases
	index     *search.Index
	refresh   sync.Mutex // one at a time: an older state must not be put over a newer one
	mu        sync.RWMutex
	facts     map[string]*facts
	reached   int64
	kept      kept
}

// facts is what the filters and the ranking need to know of an entry.
type facts struct {
	source  factSource
	fits    Record // only the fields that Fits reads
	plans   func() []plan
	points  []geo.Point
	due     calendar.Day
	active  bool
	texts   []string // languages of its title, the original first
	reserve string   // province of a service that says no more
}

// NewFinder gives an empty finder; call Load, then Follow.
func NewFinder(u *UseCases) *Finder {
	return &Finder{directory: u, index: search.New(search.Options{}), facts: map[string]*facts{}}
}

// Load reads the whole directory into the index.
func (f *Finder) Load(ctx context.Context) error {
	reached, err := f.directory.Seq(ctx) // before the walk: what it has seen beyond this comes again
	if err != nil {
		return err
	}
	known := map[string]*facts{}
	var failed error
	f.index.Build(func(yield func(search.Document) bool) {
		failed = f.directory.Walk(ctx, func(e Entry) error {
			known[e.ID] = factsOf(&e)
			yield(document(&e))
			return nil
		})
	})
	if failed != nil {
		return failed
	}
	f.mu.Lock()
	f.facts, f.reached = known, reached
	f.mu.Unlock()
	return nil
}

// Refresh brings in what changed since the last time. The index changes first, so that it never
// lags behind the place in the feed that a snapshot says it has reached.
func (f *Finder) Refresh(ctx context.Context) error {
	f.refresh.Lock()
	defer f.refresh.Unlock()
	f.mu.RLock()
	after := f.reached
	f.mu.RUnlock()
	changes, reached, err := f.directory.Changes(ctx, after)
	if err != nil || reached == after {
		return err
	}
	var put []search.Document
	var gone []string
	fresh := map[string]*facts{}
	for _, c := range changes {
		if c.Gone {
			gone = append(gone, c.ID)
			continue
		}
		put = append(put, document(&c.Entry))
		fresh[c.ID] = factsOf(&c.Entry)
	}
	f.index.Delete(gone...)
	f.index.Put(put...)
	f.kept.forget(changes)
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, id := range gone {
		delete(f.facts, id)
	}
	maps.Copy(f.facts, fresh)
	f.reached = reached
	return nil
}

// Follow calls Refresh twice a second until the context ends, and keeps the snapshot in path fresh;
// report hears of what failed.
func (f *Finder) Follow(ctx context.Context, path string, report func(error)) {
	tick, save := time.NewTicker(500*time.Millisecond), time.NewTicker(10*time.Minute)
	defer tick.Stop()
	defer save.Stop()
	saved := int64(-1)
	keep := func(ctx context.Context) {
		f.mu.RLock()
		reached := f.reached
		f.mu.RUnlock()
		if reached == saved {
			return
		}
		if err := f.SaveSnapshot(ctx, path); err != nil {
			report(err)
			return
		}
		saved = reached
	}
	keep(ctx)
	for {
		select {
		case <-ctx.Done():
			keep(context.WithoutCancel(ctx))
			return
		case <-save.C:
			keep(ctx)
		case <-tick.C:
			if err := f.Refresh(ctx); err != nil && ctx.Err() == nil {
				report(err)
			}
		}
	}
}

// Warm builds the tables that the first question would otherwise wait for.
func (f *Finder) Warm() { f.read(Query{Text: "Palermo", Language: "it"}) }

// Len is the number of entries that can be found.
func (f *Finder) Len() int { return f.index.Len() }

func (f *Finder) fact(id string) *facts {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.facts[id]
}

// factSource is what facts are made from, and what a snapshot keeps of an entry.
type factSource struct {
	Seq                               int64
	ID, Province, Status, AssuredDate string
	Territory                         string // the widest area served, as the card says it
	Needs, Texts                      []string
	MinimumAge, MaximumAge            *float64
	Eligibility                       Eligibility
	Hours                             Hours
	Schedules                         []hsds.Schedule
	Sites                             []factSite
}

type factSite struct {
	Comune              string
	Latitude, Longitude *float64
	Schedules           []hsds.Schedule // of the service there, else of the place
}

func factsOf(e *Entry) *facts {
	s := factSource{
		Seq: e.Seq, ID: e.ID, Province: e.Province, Status: e.Status, AssuredDate: e.AssuredDate, Needs: e.Card.Needs, Texts: e.TextLanguages(),
		Territory: e.Card.Territory, MinimumAge: e.MinimumAge, MaximumAge: e.MaximumAge, Eligibility: e.Card.Eligibility, Hours: e.Card.Hours, Schedules: timesOnly(e.Schedules),
	}
	for _, site := range e.Sites {
		times := site.Schedules
		if len(times) == 0 && len(e.Schedules) == 0 {
			times = site.Location.Schedules
		}
		s.Sites = append(s.Sites, factSite{site.Location.Comune, site.Location.Latitude, site.Location.Longitude, timesOnly(times)})
	}
	return s.facts()
}

// timesOnly drops the texts of schedules, which no filter reads.
func timesOnly(list []hsds.Schedule) []hsds.Schedule {
	out := slices.Clone(list)
	for i := range out {
		out[i].Description, out[i].Notes, out[i].Attributes, out[i].Metadata = "", "", nil, nil
	}
	return out
}

func (s factSource) facts() *facts {
	var r Record
	r.MinimumAge, r.MaximumAge, r.AssuredDate, r.Card.Needs, r.Card.Eligibility = s.MinimumAge, s.MaximumAge, s.AssuredDate, s.Needs, s.Eligibility
	k := &facts{source: s, fits: r, due: r.Verification().Due, active: s.Status == StatusActive || s.Status == "", texts: s.Texts, reserve: s.Province}
	for _, at := range s.Sites {
		if at.Latitude != nil && at.Longitude != nil {
			k.points = append(k.points, geo.Point{Lat: *at.Latitude, Lon: *at.Longitude})
		} else if c, ok := network.Territories().Comune(at.Comune); ok && c.HasPoint {
			k.points = append(k.points, geo.Point{Lat: c.Lat, Lon: c.Lon})
		}
	}
	k.plans = sync.OnceValue(s.plans)
	return k
}

// plans compiles the hours; done when first asked, since reading rules takes most of a start.
func (s factSource) plans() []plan {
	var r Record
	r.Schedules, r.Card.Hours = s.Schedules, s.Hours
	if len(s.Sites) == 0 {
		return []plan{planFor(&r, nil)}
	}
	list := make([]plan, len(s.Sites))
	for i, at := range s.Sites {
		site := Site{Schedules: at.Schedules}
		site.Location.Comune = at.Comune
		list[i] = planFor(&r, &site)
	}
	return list
}

func (k *facts) openNow(now time.Time) bool {
	return k.active && slices.ContainsFunc(k.plans(), func(p plan) bool { return p.openNow(now) })
}

// distance is that of the nearest open place, in metres; ok is false when there is none.
func (k *facts) distance(from geo.Point) (metres float64, ok bool) {
	for _, p := range k.points {
		if d := geo.Distance(from, p); !ok || d < metres {
			metres, ok = d, true
		}
	}
	return metres, ok
}

// document is what the index holds of an entry.
func document(e *Entry) search.Document {
	d := search.Document{Key: e.ID, Tags: tags(e)}
	add := func(field uint8, language, text string) {
		if text != "" {
			d.Texts = append(d.Texts, search.Text{Field: field, Lang: language, Text: text})
		}
	}
	add(fieldName, e.Card.Language, e.Organization.Name)
	add(fieldSummary, e.Card.Language, e.Organization.AlternateName)
	for _, language := range e.TextLanguages() {
		in, shown := e.In(language)
		if shown[GroupTitle].State != TranslationMissing {
			add(fieldName, language, in.Name)
			add(fieldName, language, in.AlternateName)
			add(fieldSummary, language, in.Card.Summary)
		}
		if shown[GroupBody].State != TranslationMissing {
			for _, text := range []string{in.Description, in.EligibilityDescription, in.Card.Outcome} {
				add(fieldBody, language, text)
			}
			add(fieldRest, language, in.ApplicationProcess)
		}
	}
	for _, s := range e.Sites {
		add(fieldRest, "it", s.Location.Name)
	}
	for _, a := range e.Attributes {
		if a.TaxonomyTerm != nil {
			add(fieldBody, a.TaxonomyTerm.Language, a.TaxonomyTerm.Name)
		}
	}
	return d
}

// tags are the classes by which an entry is filtered and counted.
func tags(e *Entry) []string {
	var list []string
	add := func(class, value string) {
		if tag := class + ":" + value; value != "" && !slices.Contains(list, tag) {
			list = append(list, tag)
		}
	}
	for i, code := range e.Card.Needs {
		if n, ok := need.ByCode(code); ok {
			if i == 0 {
				add("main", code)
			}
			add("need", code)
			add("top", n.Parent)
		}
	}
	for _, code := range e.standsIn() {
		t := network.Territories()
		c, ok := t.Comune(code)
		if ok {
			add("comune", code)
			code = c.Province
		}
		p, ok := t.Province(code)
		if ok {
			add("province", code)
			code = p.Region
		}
		if _, ok := t.Region(code); ok {
			add("region", code)
		}
	}
	add("area", e.Card.Territory)
	for _, l := range e.Languages {
		add("spoken", l.Code)
	}
	for _, language := range e.TextLanguages() {
		add("text", language)
	}
	add("body", e.OrganizationID)
	add("kind", e.Organization.Kind)
	add("status", e.Status)
	if e.Card.Eligibility.Sex != "" {
		add("sex", e.Card.Eligibility.Sex)
	}
	if e.Card.Example {
		list = append(list, "example")
	}
	return list
}

// standsIn are the comuni of its sites; without any, the area that it serves stands for them: a
// comune, a province or a region by code.
func (e *Entry) standsIn() []string {
	switch {
	case e.Reserved():
		return []string{e.Province}
	case len(e.Sites) == 0:
		return []string{e.Card.Territory}
	}
	codes := make([]string, len(e.Sites))
	for i, s := range e.Sites {
		codes[i] = s.Location.Comune
	}
	return codes
}
