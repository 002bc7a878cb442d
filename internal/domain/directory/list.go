// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/geo"
)

// Selection says which entries, or which of their places, a list holds. Conditions add up; the zero
// Selection is everything.
type Selection struct {
	Organization string
	// Term is the id of a taxonomy term; what stands under it counts as well.
	Term          string
	Taxonomy      string    // id of a taxonomy any term of which the entry has
	ModifiedAfter time.Time // on or after
	Text          string    // searched like a question on the pages, and in that order
	Language      string    // of the person who asks
	// Postcode keeps what serves a postal code: entries whose area holds it, and places in it when
	// the entry names no area.
	Postcode string
	// Near, or the middle of Postcode, and Metres keep places within a distance, nearest first.
	Near   *geo.Point
	Metres float64
	among  []string // ids of entries; nil: any
}

// Key names one row of a list: an entry, or one of its places.
type Key struct {
	Entry    string
	Site     string // "" in a list of entries
	Modified time.Time
	point    *geo.Point
	postcode string
}

// Place is one place of an entry, as a list of places gives it.
type Place struct {
	Entry Entry
	Site  Site
}

// ListEntries gives the keys of a page of entries (from 1; size 0: all of them), and how many there
// are in all. It fails with Invalid for a postcode where nothing known stands.
func (f *Finder) ListEntries(ctx context.Context, s Selection, page, size int) ([]Key, int, error) {
	return f.list(ctx, s, false, page, size)
}

// ListPlaces is ListEntries for places (HSDS service_at_location).
func (f *Finder) ListPlaces(ctx context.Context, s Selection, page, size int) ([]Key, int, error) {
	return f.list(ctx, s, true, page, size)
}

func (f *Finder) list(ctx context.Context, s Selection, places bool, page, size int) (keys []Key, total int, err error) {
	if s.Text == "" && s.Near == nil && s.Postcode == "" && size > 0 {
		err = f.directory.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			keys, total, err = pageOfKeys(ctx, tx, s, places, page, size)
			return err
		})
		return keys, total, err
	}
	var ids []string
	if s.Text != "" {
		if ids = f.IDs(Query{Text: s.Text, Language: s.Language}); len(ids) == 0 {
			return nil, 0, nil
		}
		if len(ids) <= maxAmong {
			s.among = ids
		}
	}
	err = f.directory.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if keys, err = allKeys(ctx, tx, s, places || s.local(), ""); err != nil {
			return err
		}
		keys, err = f.narrow(ctx, tx, s, keys)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	if s.Text != "" {
		keys = inOrderOf(keys, ids)
	}
	if !places {
		keys = withoutSites(keys)
	}
	total = len(keys)
	if size > 0 {
		from := min(max(page-1, 0)*size, total)
		keys = keys[from:min(from+size, total)]
	}
	return keys, total, nil
}

// maxAmong is how many ids a question may find for them to be named in SQL; beyond it every key is
// read and sifted here.
const maxAmong = 5000

// local: the selection asks for places, whatever the list is of.
func (s Selection) local() bool { return s.Near != nil || s.Postcode != "" && s.Metres > 0 }

const (
	entryKeys = `SELECT e.id, '', e.modified_at, NULL, NULL, '' FROM directory_entry e`
	siteKeys  = `SELECT e.id, s.id, e.modified_at, s.latitude, s.longitude, s.postal_code FROM directory_entry_site s JOIN directory_entry e ON e.id = s.entry_id`
)

func allKeys(ctx context.Context, tx *db.Tx, s Selection, places bool, rest string) ([]Key, error) {
	where, args, err := s.where(ctx, tx)
	if err != nil {
		return nil, err
	}
	text := entryKeys + where + ` ORDER BY e.id` + rest
	if places {
		text = siteKeys + where + ` ORDER BY s.id` + rest
	}
	return db.Rows(ctx, tx, scanKey, text, args...)
}

func pageOfKeys(ctx context.Context, tx *db.Tx, s Selection, places bool, page, size int) ([]Key, int, error) {
	where, args, err := s.where(ctx, tx)
	if err != nil {
		return nil, 0, err
	}
	from := ` FROM directory_entry e`
	if places {
		from = ` FROM directory_entry_site s JOIN directory_entry e ON e.id = s.entry_id`
	}
	total, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*)`+from+where, args...)
	if err != nil || total == 0 {
		return nil, 0, err
	}
	offset := min(int64(max(page-1, 0))*int64(size), int64(total))
	keys, err := allKeys(ctx, tx, s, places, ` LIMIT `+strconv.Itoa(size)+` OFFSET `+strconv.FormatInt(offset, 10))
	return keys, total, err
}

func scanKey(s db.Scanner) (Key, error) {
	var k Key
	var lat, lon *float64
	err := s.Scan(&k.Entry, &k.Site, db.ScanTime(&k.Modified), &lat, &lon, &k.postcode)
	if lat != nil && lon != nil {
		k.point = &geo.Point{Lat: *lat, Lon: *lon}
	}
	return k, err
}

// where writes the conditions that SQL can check.
func (s Selection) where(ctx context.Context, tx *db.Tx) (string, []any, error) {
	text, args := ` WHERE NOT e.gone`, []any{}
	add := func(condition string, values ...any) {
		args = append(args, values...)
		text += ` AND ` + condition
	}
	if s.Organization != "" {
		add(`e.organization_id = $`+strconv.Itoa(len(args)+1), s.Organization)
	}
	if !s.ModifiedAfter.IsZero() {
		add(`e.modified_at >= $`+strconv.Itoa(len(args)+1), db.Millis(s.ModifiedAfter))
	}
	if s.Term != "" {
		terms, err := termsUnder(ctx, tx, s.Term)
		if err != nil {
			return "", nil, err
		}
		add(`e.id IN (SELECT t.entry_id FROM directory_entry_term t WHERE t.term_id IN (`+db.Placeholders(len(args)+1, len(terms))+`))`, terms...)
	}
	if s.among != nil {
		ids := make([]any, len(s.among))
		for i, id := range s.among {
			ids[i] = id
		}
		add(`e.id IN (`+db.Placeholders(len(args)+1, len(ids))+`)`, ids...)
	}
	if s.Taxonomy != "" {
		// An attribute may name its term alone; then the table of terms knows the taxonomy.
		n := strconv.Itoa(len(args) + 1)
		add(`e.id IN (SELECT t.entry_id FROM directory_entry_term t LEFT JOIN directory_taxonomy_term d ON d.id = t.term_id
			WHERE t.taxonomy_id = $`+n+` OR d.taxonomy_id = $`+n+`)`, s.Taxonomy)
	}
	return text, args, nil
}

// termsUnder is a term with every term below it.
func termsUnder(ctx context.Context, tx *db.Tx, id string) ([]any, error) {
	if n, ok := need.ByTermID(id); ok {
		terms := []any{id}
		for _, child := range need.Under(n.Code) {
			terms = append(terms, need.TermID(child.Code))
		}
		return terms, nil
	}
	// UNION (not ALL) ends also where an imported tree bites its tail.
	list, err := db.Rows(ctx, tx, db.Column[string], `WITH RECURSIVE under(id) AS (
			SELECT CAST($1 AS TEXT) UNION SELECT d.id FROM directory_taxonomy_term d JOIN under u ON d.parent_id = u.id
		) SELECT id FROM under`, id)
	terms := make([]any, len(list))
	for i, t := range list {
		terms[i] = t
	}
	return terms, err
}

// narrow keeps what serves the postcode and lies within the distance.
func (f *Finder) narrow(ctx context.Context, tx *db.Tx, s Selection, keys []Key) ([]Key, error) {
	from := s.Near
	if s.Postcode != "" {
		area, err := areaOf(ctx, tx, s.Postcode)
		if err != nil {
			return nil, err
		}
		if keys, err = f.serving(ctx, tx, s, area, keys); err != nil {
			return nil, err
		}
		if from == nil {
			from = area.middle
		}
	}
	if from == nil || s.Metres <= 0 {
		return keys, nil
	}
	return within(*from, s.Metres, keys), nil
}

// within keeps the places in the circle, nearest first.
func within(from geo.Point, metres float64, keys []Key) []Key {
	distance := map[string]float64{} // by site
	box := geo.Around(from, metres)
	keys = slices.DeleteFunc(keys, func(k Key) bool {
		if k.point == nil || !box.Contains(*k.point) {
			return true
		}
		distance[k.Site] = math.Round(geo.Distance(from, *k.point)) // to the metre, so that equals keep their order
		return distance[k.Site] > metres
	})
	slices.SortStableFunc(keys, func(a, b Key) int { return cmp.Compare(distance[a.Site], distance[b.Site]) })
	return keys
}

// postArea is what the directory itself knows of a postal code: no free list of them says where
// they are, so it is the places that bear it.
type postArea struct {
	code   string
	comuni []string // ISTAT codes
	middle *geo.Point
}

func areaOf(ctx context.Context, tx *db.Tx, code string) (postArea, error) {
	area := postArea{code: code}
	entries, err := db.Rows(ctx, tx, scanEntry, `SELECT e.seq, e.record FROM directory_entry e
		WHERE NOT e.gone AND e.id IN (SELECT s.entry_id FROM directory_entry_site s WHERE s.postal_code = $1) ORDER BY e.id LIMIT 200`, code)
	if err != nil {
		return area, err
	}
	if len(entries) == 0 {
		return area, fault.Invalid("postcode", "query.postcode", "value", code)
	}
	var points []geo.Point
	for _, e := range entries {
		for _, site := range e.Sites {
			if site.Location.postalCode() != code {
				continue
			}
			if c := site.Location.Comune; c != "" && !slices.Contains(area.comuni, c) {
				area.comuni = append(area.comuni, c)
			}
			if l := site.Location; l.Latitude != nil && l.Longitude != nil {
				points = append(points, geo.Point{Lat: *l.Latitude, Lon: *l.Longitude})
			} else if c, ok := network.Territories().Comune(l.Comune); ok && c.HasPoint {
				points = append(points, geo.Point{Lat: c.Lat, Lon: c.Lon})
			}
		}
	}
	if middle, ok := geo.Center(points); ok {
		area.middle = &middle
	}
	return area, nil
}

// serving keeps the keys of entries whose area holds the postcode, and those that name no area when
// the place lies in it, or when a distance decides.
func (f *Finder) serving(ctx context.Context, tx *db.Tx, s Selection, area postArea, keys []Key) ([]Key, error) {
	standing := map[string]bool{}
	ids, err := db.Rows(ctx, tx, db.Column[string], `SELECT entry_id FROM directory_entry_site WHERE postal_code = $1`, area.code)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		standing[id] = true
	}
	return slices.DeleteFunc(keys, func(k Key) bool {
		territory := f.areaServed(k.Entry)
		switch {
		case territory != "":
			return !slices.ContainsFunc(area.comuni, func(c string) bool { return covers(territory, c) })
		case s.local():
			return false
		case k.Site != "":
			return k.postcode != area.code
		}
		return !standing[k.Entry]
	}), nil
}

// areaServed is the widest area that an entry names, "" when it names none.
func (f *Finder) areaServed(id string) string {
	if k := f.fact(id); k != nil {
		return k.source.Territory
	}
	return ""
}

// covers tells whether an area ("IT", a region, a province or a comune by code) holds a comune.
func covers(territory, comune string) bool {
	c, ok := network.Territories().Comune(comune)
	return ok && slices.Contains([]string{"IT", c.Region, c.Province, c.ISTAT}, territory)
}

// inOrderOf keeps the keys whose entry is among ids, in the order of ids.
func inOrderOf(keys []Key, ids []string) []Key {
	rank := make(map[string]int, len(ids))
	for i, id := range ids {
		rank[id] = i
	}
	keys = slices.DeleteFunc(keys, func(k Key) bool { _, ok := rank[k.Entry]; return !ok })
	slices.SortStableFunc(keys, func(a, b Key) int { return cmp.Compare(rank[a.Entry], rank[b.Entry]) })
	return keys
}

// withoutSites makes a list of entries of a list of places: each once, where it comes first.
func withoutSites(keys []Key) []Key {
	seen := map[string]bool{}
	out := make([]Key, 0, len(keys))
	for _, k := range keys {
		if !seen[k.Entry] {
			seen[k.Entry] = true
			out = append(out, Key{Entry: k.Entry, Modified: k.Modified})
		}
	}
	return out
}

// EntriesAt reads the entries of keys, in their order; one that has gone since is left out.
func (u *UseCases) EntriesAt(ctx context.Context, keys []Key) ([]Entry, error) {
	ids := make([]string, len(keys))
	for i, k := range keys {
		ids[i] = k.Entry
	}
	return u.Entries(ctx, ids)
}

// PlacesAt reads the places of keys, in their order.
func (u *UseCases) PlacesAt(ctx context.Context, keys []Key) ([]Place, error) {
	entries, err := u.EntriesAt(ctx, withoutSites(keys))
	if err != nil {
		return nil, err
	}
	sites := map[string]Place{}
	for _, e := range entries {
		for _, s := range e.Sites {
			sites[s.ID] = Place{e, s}
		}
	}
	list := make([]Place, 0, len(keys))
	for _, k := range keys {
		if p, ok := sites[k.Site]; ok {
			list = append(list, p)
		}
	}
	return list, nil
}

// Place reads one place by its id; NotFound when there is none that the public may know.
func (u *UseCases) Place(ctx context.Context, id string) (Place, error) {
	entry, err := db.Row(ctx, u.db, scanEntry, `SELECT e.seq, e.record FROM directory_entry_site s
		JOIN directory_entry e ON e.id = s.entry_id WHERE s.id = $1 AND NOT e.gone`, id)
	if err != nil {
		return Place{}, err
	}
	i := slices.IndexFunc(entry.Sites, func(s Site) bool { return s.ID == id })
	if i < 0 {
		return Place{}, fault.NotFound("error.not_found")
	}
	return Place{entry, entry.Sites[i]}, nil
}

// ParseDistance reads a number of metres. It fails with Invalid(field).
func ParseDistance(field, text string) (float64, error) {
	metres, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(metres) || metres <= 0 || metres > 2_000_000 {
		return 0, fault.Invalid(field, "query.distance", "value", text)
	}
	return metres, nil
}
