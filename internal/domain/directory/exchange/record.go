// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"approdo/internal/base/need"
	"approdo/internal/domain/directory"
)

// origin is where something stood.
type origin struct {
	file string
	row  int
}

// value is one value of a record, and the column it stood in.
type value struct {
	text   string
	column string
}

// record is one record of an entity as it was read, before it is built.
type record struct {
	origin
	entity string
	id     string // a UUID
	key    string // the identifier as it stood; "" when the record had none
	values map[string]value
	lists  map[string][]string        // property → identifiers of the records held
	long   map[string]map[string]bool // the same of lists that are long, to find one in them
	extra  json.RawMessage
	// hours are closures and exceptions that 2.x and Ohana files keep in rows of their own.
	hours          directory.Hours
	bad            bool
	strict         bool // a part that hangs on nothing is an error (Ohana)
	partial        bool // only a row that adds to it was read
	dropped        bool // not kept, and reported
	lost           bool // what it hangs on is not there, and that is reported
	needs, parents []*record
	table          bool // read from a row of a table
}

func (r *record) get(name string) string { return r.values[name].text }

func (r *record) set(name, text, column string) {
	if column == "" {
		column = name
	}
	r.values[name] = value{text, column}
}

// problem makes a line of the report about a column of the record.
func (r *record) problem(severity, column, key, text string, args ...string) Problem {
	p := Problem{File: r.file, Row: r.row, Column: column, Severity: severity, Key: key, Value: text}
	if len(args) > 0 {
		p.Args = map[string]string{}
		for i := 0; i+1 < len(args); i += 2 {
			p.Args[args[i]] = args[i+1]
		}
	}
	return p
}

// pool holds every record read, by entity and identifier.
type pool struct {
	source string
	report *Report
	all    map[string]map[string]*record
	order  map[string][]*record
	noted  map[string]bool
	// tables wait until all are there: what a table is may follow from the others.
	tables []*table
	// waiting are rows whose hours are for others; badRows are bad rows that are no records.
	waiting, badRows []*record
	reserved         []string        // bodies of which only the public part was read
	held             map[string]bool // records that another holds
	opens            map[string]bool // services that say themselves that their places are open
	mapping          *Mapping
	peek             bool // only the tables are wanted
}

func newPool(source string, report *Report) *pool {
	return &pool{source: source, report: report, all: map[string]map[string]*record{}, order: map[string][]*record{}}
}

// exchangeSpace is the UUID under which identifiers of imported records are derived (version 5).
var exchangeSpace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://approdo.example/exchange"))

// identify gives the UUID of a record: the identifier itself when it is one, otherwise one derived
// from source, entity and identifier, the same at every import.
func (s *pool) identify(entity, key string) string {
	if id, err := uuid.Parse(key); err == nil && len(key) == 36 {
		return id.String()
	}
	return derive(s.source, entity, key)
}

func derive(parts ...string) string {
	return uuid.NewSHA1(exchangeSpace, []byte(strings.Join(parts, "\x00"))).String()
}

// needAttributeID is the identifier of the attribute by which a service shows a need.
func needAttributeID(service, code string) string { return derive("need", service, code) }

// add takes a record into the set. One that is there already is completed: what both have and
// differs is reported, and the first stays.
func (s *pool) add(r *record) *record {
	if s.all[r.entity] == nil {
		s.all[r.entity] = map[string]*record{}
	}
	before, known := s.all[r.entity][r.id]
	if !known {
		s.all[r.entity][r.id] = r
		s.order[r.entity] = append(s.order[r.entity], r)
		return r
	}
	s.complete(before, r)
	return before
}

// complete adds to a record what another version of it has more. A body beside a reserved service
// is cut down: its whole record, when there is one, wins without a word.
func (s *pool) complete(before, r *record) {
	if before.partial && !r.partial {
		before.partial, before.origin, before.table = false, r.origin, r.table
	}
	cutBefore, cutNow := isReservedBody(before.extra), isReservedBody(r.extra)
	for _, name := range sortedKeys(r.values) {
		v := r.values[name]
		old := before.values[name]
		switch {
		case v.text == "" || sameText(name, v.text, old.text):
		case old.text == "" || cutBefore && !cutNow:
			before.values[name] = v
		case cutBefore == cutNow && !ownTerm(r):
			s.reportOnce(r.id+name+v.text, r.problem(Warning, v.column, "record.differs", v.text, "entity", r.entity, "id", s.known(r), "kept", shorten(old.text)))
		}
	}
	for _, list := range sortedKeys(r.lists) {
		for _, id := range r.lists[list] {
			before.hold(list, id)
		}
	}
	if r.extra != nil && (before.extra == nil || cutBefore && !cutNow) {
		before.extra = r.extra
	}
	before.bad = before.bad || r.bad
}

// sameText compares two versions of a value: "18:00" and "18:00:00" are the same hour.
func sameText(name, a, b string) bool {
	if a == b || strings.TrimSpace(a) == strings.TrimSpace(b) {
		return true
	}
	if name != "opens_at" && name != "closes_at" {
		return false
	}
	x, ok1 := readClock(a)
	y, ok2 := readClock(b)
	return ok1 && ok2 && x == y
}

// reportOnce reports a problem once for each mark: the same record may be nested in many others.
func (s *pool) reportOnce(mark string, p Problem) {
	if s.noted == nil {
		s.noted = map[string]bool{}
	}
	if !s.noted[mark] {
		s.noted[mark] = true
		s.report.add(p)
	}
}

// ownTerm: our own taxonomy comes in as many languages as records do, and is not stored.
func ownTerm(r *record) bool {
	return r.entity == "taxonomy" && r.id == need.TaxonomyID || r.entity == "taxonomy_term" && knownTerm(r.id)
}

func isReservedBody(extra json.RawMessage) bool {
	var o organizationExtra
	return len(extra) > 0 && json.Unmarshal(extra, &o) == nil && o.Reserved
}

// hold adds a record to a list of r, once.
func (r *record) hold(list, id string) {
	have := r.lists[list]
	switch {
	case len(have) < few:
		if slices.Contains(have, id) {
			return
		}
	case r.long[list] == nil:
		if r.long == nil {
			r.long = map[string]map[string]bool{}
		}
		set := make(map[string]bool, 2*len(have))
		for _, one := range have {
			set[one] = true
		}
		r.long[list] = set
		fallthrough
	default:
		if r.long[list][id] {
			return
		}
		r.long[list][id] = true
	}
	r.lists[list] = append(have, id)
}

// few is how many identifiers of a list are looked through one by one.
const few = 64

// known is how a record is called in a report: the identifier that its publisher knows.
func (s *pool) known(r *record) string {
	if r.key != "" {
		return r.key
	}
	return r.id
}

// find looks a record up by the identifier as it stands in a file.
func (s *pool) find(entity, key string) *record {
	return s.all[entity][s.identify(entity, key)]
}

func (s *pool) newRecord(entity, key string, at origin) *record {
	return &record{origin: at, entity: entity, key: key, id: s.identify(entity, key), values: map[string]value{}, lists: map[string][]string{}}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
