// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/geo"
	"approdo/internal/kit/search"
)

// Query is a search of the directory. The zero value finds everything.
type Query struct {
	Text      string
	Language  string // of the person who asks: texts, reasons and ranking
	Typing    bool   // the last word may be unfinished
	Territory network.Ref
	Needs     []string // any of these needs or top categories
	Spoken    []string // any of these languages is spoken there
	Profile   *Profile // leave out what is certainly not for them
	OpenNow   bool
	Near      *geo.Point
	RadiusKM  float64 // 0: no limit
	Body      string  // id of an organization
	Page      int     // from 1
	Limit     int     // 1 to MaxLimit; 0: 20
}

// Limits of a page of results, and how many of the best matches are put in order when that is enough.
const (
	DefaultLimit = 20
	MaxLimit     = 100
	window       = 1000
)

// Found is the answer to a Query.
type Found struct {
	Total  int
	Items  []Item
	Facets map[string][]search.Count
	// DidYouMean is the text with its unknown words corrected, "" when it needs no correction.
	DidYouMean string
	// Needs is what the question is about, surest first: to offer when little was found.
	Needs []need.Reading
	// Territory is the filter in force: the query's own, or a name found in its text.
	Territory network.Ref
	// Widened: nothing was found in the territory that the text names, so it is a wider one.
	Widened bool
	// Helplines to show before everything else.
	Helplines []Helpline
}

// Item is one result.
type Item struct {
	Entry    Entry
	Distance float64 // metres; NaN when not known
	Opening  Opening
	Overdue  bool
	Why      []Why
}

// Why is one reason why a result is where it is.
type Why struct {
	Kind string // need, word, stem, prefix, typo, sound, territory, verified, open, near, language
	Text string // the word or the code of the need
}

// Discreet tells whether what was asked is about a need that must leave no trace on a phone.
func (f Found) Discreet(q Query) bool {
	return slices.ContainsFunc(q.Needs, need.Discreet) ||
		slices.ContainsFunc(f.Needs, func(n need.Reading) bool { return n.Likely() && need.Discreet(n.Code) })
}

// Find searches the directory.
func (f *Finder) Find(ctx context.Context, q Query) (Found, error) {
	found, result := f.match(q, window)
	limit := q.limit()
	from := max(q.Page-1, 0) * limit
	if mayLack(found, result, from+limit) {
		found, result = f.match(q, result.Total)
	}
	ranked := spread(f.rank(q, result.Hits), found.Needs)
	from = min(from, len(ranked))
	var err error
	found.Items, err = f.items(ctx, q, ranked[from:min(from+limit, len(ranked))])
	return found, err
}

// mayLack tells whether the best matches that were asked for may not hold the first n results: the
// last of them match as well as others that were left out, which may be verified, open or nearer; and
// the turns of several readings reach far down the list.
func mayLack(found Found, r search.Result, n int) bool {
	if r.Total <= len(r.Hits) || len(r.Hits) == 0 {
		return false
	}
	if leads(found.Needs) != nil {
		return true
	}
	least := levelOf(r.Hits[len(r.Hits)-1])
	sure := slices.IndexFunc(r.Hits, func(h search.Hit) bool { return levelOf(h) == least })
	return sure < min(n, r.Total)
}

// IDs are the ids of everything that Find finds, in the same order and without an end. It reads
// nothing but the index.
func (f *Finder) IDs(q Query) []string {
	found, result := f.match(q, f.index.Len())
	ranked := spread(f.rank(q, result.Hits), found.Needs)
	ids := make([]string, len(ranked))
	for i, r := range ranked {
		ids[i] = r.hit.Key
	}
	return ids
}

// match reads the question and searches, in a wider territory when the one that the text names has
// nothing for what is asked; when a wider one has neither, what the words found in the named one
// stays. It gives everything but the items.
func (f *Finder) match(q Query, limit int) (Found, search.Result) {
	read := f.read(q)
	found := Found{Needs: read.needs, Helplines: helplinesFor(read.needs, q.Needs)}
	named := read.territory
	result := f.search(q, read, limit)
	here := result
	for read.named && read.territory != "" && (result.Total == 0 || !answers(result, read.needs)) {
		read.territory = wider(read.territory)
		result = f.search(q, read, limit)
	}
	if here.Total > 0 && !answers(result, read.needs) {
		read.territory, result = named, here
	}
	found.Territory, found.Widened = read.territory, read.territory != named
	found.Total, found.Facets, found.DidYouMean = result.Total, result.Facets, result.DidYouMean
	if len(read.needs) > 0 && read.needs[0].Sure() {
		found.DidYouMean = ""
	}
	if found.DidYouMean != "" && read.named {
		found.DidYouMean += " " + network.Territories().RefName(named)
	}
	return found, result
}

func (q Query) limit() int {
	if q.Limit <= 0 {
		return DefaultLimit
	}
	return min(q.Limit, MaxLimit)
}

// reading is the question understood: what it is about, where, and the words that are left.
type reading struct {
	needs     []need.Reading
	territory network.Ref
	named     bool // the territory was named in the text, not chosen
	text      string
}

func (f *Finder) read(q Query) reading {
	r := reading{territory: q.Territory, text: q.Text}
	if q.Text == "" {
		return r
	}
	if q.Territory == "" {
		named := network.Territories().FindInText(q.Text)
		if ref := placeIn(named); ref != "" {
			r.territory, r.named, r.text = ref, true, named.Rest
		}
	}
	r.needs = need.Read(r.text, q.Language, q.Typing)
	return r
}

// Weights of the reasons to match, on the scale of the index, where a word found gives up to 1.
const (
	weightMain  = 3.0 // the main need of the service is what the question is about
	weightNeed  = 1.6 // another of its needs is
	weightTerr  = 0.2 // it stands in the territory rather than only serving it
	stepOfMatch = 0.25
)

func (f *Finder) search(q Query, r reading, limit int) search.Result {
	query := search.Query{
		Text: r.text, Lang: q.Language, Prefix: q.Typing,
		Facets: []string{"need", "top", "spoken", "text", "comune", "province", "kind"},
		Limit:  max(limit, 1), None: []string{"status:" + StatusDefunct, "status:" + StatusInactive},
	}
	for _, n := range r.needs {
		surely := n.Score * n.Score // so that a faint reading does not outweigh the words themselves
		query.Any = append(query.Any,
			search.Weight{Tag: "main:" + n.Code, Weight: float32(weightMain * surely)},
			search.Weight{Tag: "need:" + n.Code, Weight: float32(weightNeed * surely)},
			search.Weight{Tag: "top:" + n.Code, Weight: float32(weightNeed * surely)})
	}
	if r.territory != "" {
		query.All = append(query.All, territoryTags(r.territory))
		for _, tag := range ownTags(r.territory) {
			query.Prefer = append(query.Prefer, search.Weight{Tag: tag, Weight: weightTerr})
		}
	}
	group := func(class string, values []string) {
		if len(values) > 0 {
			tags := make([]string, len(values))
			for i, v := range values {
				tags[i] = class + ":" + v
			}
			query.All = append(query.All, tags)
		}
	}
	group("need", withChildren(q.Needs))
	group("spoken", q.Spoken)
	if q.Body != "" {
		group("body", []string{q.Body})
	}
	query.Filter = f.filter(q)
	return f.index.Search(query)
}

// withChildren adds to top categories the needs under them.
func withChildren(codes []string) []string {
	out := slices.Clone(codes)
	for _, code := range codes {
		for _, n := range need.Under(code) {
			out = append(out, n.Code)
		}
	}
	return out
}

// filter checks what tags can't say; nil when the query asks for none of it.
func (f *Finder) filter(q Query) func(string) bool {
	if q.Profile == nil && !q.OpenNow && (q.Near == nil || q.RadiusKM <= 0) {
		return nil
	}
	now := f.directory.Now()
	var nearby string
	if q.Near != nil {
		if c, _, ok := network.Territories().Nearest(q.Near.Lat, q.Near.Lon); ok {
			nearby = c.Province
		}
	}
	return func(id string) bool {
		k := f.fact(id)
		if k == nil {
			return false
		}
		if q.Profile != nil && k.fits.Fits(*q.Profile) == FitNo {
			return false
		}
		if q.Near != nil && q.RadiusKM > 0 {
			// A service that says only its province is near to all of that province.
			metres, ok := k.distance(*q.Near)
			if k.reserve != "" && k.reserve != "IT" && k.reserve != nearby || k.reserve == "" && (!ok || metres > q.RadiusKM*1000) {
				return false
			}
		}
		return !q.OpenNow || k.openNow(now)
	}
}

// ranked is a hit with everything that decides its place.
type ranked struct {
	hit      search.Hit
	facts    *facts
	level    int // of the match
	overdue  bool
	open     bool
	distance float64
	mine     bool
}

// rank puts hits in order: by match, then verified, open, near, in my language, then by id.
func (f *Finder) rank(q Query, hits []search.Hit) []ranked {
	now := f.directory.Now()
	today := calendar.DayOf(now, calendar.Rome())
	list := make([]ranked, 0, len(hits))
	for _, h := range hits {
		k := f.fact(h.Key)
		if k == nil {
			continue
		}
		one := ranked{hit: h, facts: k, level: levelOf(h), overdue: k.due == 0 || today > k.due, distance: math.NaN(), mine: q.Language != "" && slices.Contains(k.texts, q.Language)}
		one.open = k.openNow(now)
		if q.Near != nil {
			if d, ok := k.distance(*q.Near); ok {
				one.distance = d
			}
		}
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(b.level, a.level), yesFirst(!a.overdue, !b.overdue), yesFirst(a.open, b.open),
			cmp.Compare(band(a.distance), band(b.distance)), yesFirst(a.mine, b.mine), cmp.Compare(a.hit.Key, b.hit.Key))
	})
	return list
}

// levelOf puts scores in steps, so that small differences don't outweigh the rest.
func levelOf(h search.Hit) int { return int(math.Round(float64(h.Score) / stepOfMatch)) }

// band puts distances in steps that matter on foot and by bus; unknown ones come last.
func band(metres float64) int {
	if math.IsNaN(metres) {
		return math.MaxInt
	}
	return int(math.Round(2 * math.Log2(1+metres/250)))
}

func yesFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func (f *Finder) items(ctx context.Context, q Query, page []ranked) ([]Item, error) {
	ids := make([]string, len(page))
	byID := make(map[string]ranked, len(page))
	for i, r := range page {
		ids[i] = r.hit.Key
		byID[r.hit.Key] = r
	}
	entries, err := f.entries(ctx, ids)
	if err != nil {
		return nil, err
	}
	now := f.directory.Now()
	items := make([]Item, len(entries))
	for i, e := range entries {
		r := byID[e.ID]
		items[i] = Item{Entry: e, Distance: r.distance, Opening: e.BestOpening(now), Overdue: r.overdue, Why: why(q, r)}
	}
	return items, nil
}

func why(q Query, r ranked) []Why {
	var list []Why
	for _, m := range r.hit.Matched {
		kind, text := m.Kind.String(), m.Term
		if m.Kind == search.KindTag {
			class, code, _ := strings.Cut(m.Term, ":")
			if class != "main" && class != "need" && class != "top" {
				continue
			}
			kind, text = "need", code
		} else if m.Kind == search.KindExact {
			kind = "word"
		}
		if one := (Why{kind, text}); !slices.Contains(list, one) {
			list = append(list, one)
		}
	}
	if !r.overdue {
		list = append(list, Why{Kind: "verified"})
	}
	if r.open {
		list = append(list, Why{Kind: "open"})
	}
	if !math.IsNaN(r.distance) {
		list = append(list, Why{Kind: "near"})
	}
	if r.mine {
		list = append(list, Why{Kind: "language", Text: q.Language})
	}
	return list
}
