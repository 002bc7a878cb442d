// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"path"
	"strconv"
	"strings"
)

// readJSON takes every record of a JSON file into the set: single records, arrays, pages of an API,
// files with a record a line, "tabular.json", packages. It returns what the file was.
func (s *pool) readJSON(file string, data []byte) (string, error) {
	trees, err := readTrees(data)
	if err != nil {
		return "", err
	}
	j := &jsonReader{pool: s, file: file, data: data}
	for i := range trees {
		j.document(&trees[i])
	}
	if j.over != nil {
		return "", j.over
	}
	if j.format == "" {
		j.format = "json"
	}
	return j.format, nil
}

type jsonReader struct {
	*pool
	file   string
	data   []byte
	format string
	over   error // a limit that ended the reading
	// row and titles: the records come from a row of a sheet, whose columns have other names.
	row    int
	titles map[string]string
}

func (j *jsonReader) origin(t *tree) origin {
	if j.row > 0 {
		return origin{j.file, j.row}
	}
	return origin{j.file, t.line}
}

// pageLists are the names under which pages of APIs keep their records.
var pageLists = []string{"contents", "content", "items", "results"}

func (j *jsonReader) document(t *tree) {
	if j.over != nil {
		return
	}
	switch t.kind {
	case '[':
		for i := range t.items {
			j.document(&t.items[i])
		}
		return
	case '{':
	default:
		j.report.add(Problem{File: j.file, Row: t.line, Severity: Warning, Key: "json.no-record", Value: t.text})
		return
	}
	if list, ok := j.page(t); ok {
		j.document(list)
		j.format = "hsds-page"
		if more, ok := t.get("approdo"); ok && more.kind == '{' {
			j.packaged(more)
		}
		return
	}
	switch {
	case j.descriptor(t), j.tabular(t), j.packaged(t):
		return
	}
	entity := guessEntity(t, j.file)
	if entity == "" {
		j.report.add(Problem{File: j.file, Row: t.line, Severity: Error, Key: "json.unknown-record", Value: strings.Join(t.keys, ", ")})
		return
	}
	j.format = "hsds-json"
	j.take(t, entity, "")
}

// page finds the records of one page of an API.
func (j *jsonReader) page(t *tree) (*tree, bool) {
	if _, isRecord := t.get("id"); isRecord {
		return nil, false
	}
	for _, name := range pageLists {
		if list, ok := t.get(name); ok && list.kind == '[' {
			return list, true
		}
	}
	return nil, false
}

// descriptor knows files that describe data and hold none.
func (j *jsonReader) descriptor(t *tree) bool {
	_, base := t.get("openapi_url")
	_, resources := t.get("resources")
	_, id := t.get("id")
	if id || !base && !resources {
		return false
	}
	j.format = "descriptor"
	j.report.add(Problem{File: j.file, Severity: Note, Key: "json.descriptor"})
	return true
}

// tabular reads a tabular data package in one JSON object: file name → rows.
func (j *jsonReader) tabular(t *tree) bool {
	if len(t.keys) == 0 {
		return false
	}
	for i, k := range t.keys {
		if !strings.HasSuffix(k, ".csv") || t.items[i].kind != '[' {
			return false
		}
	}
	j.format = "hsds-tabular-json"
	for i, name := range t.keys {
		table := &table{file: j.file + "#" + name, name: name}
		for _, row := range t.items[i].items {
			if j.over = table.addObject(j, &row); j.over != nil {
				return true
			}
		}
		j.readTable(table, dialectHSDS)
	}
	return true
}

// packaged reads an object that holds lists of whole records by entity: ours, among others.
func (j *jsonReader) packaged(t *tree) bool {
	if _, ok := t.get("id"); ok {
		return false
	}
	found := false
	for i, k := range t.keys {
		entity := entityOfFile(k)
		if entity == "" || t.items[i].kind != '[' {
			continue
		}
		found = true
		for n := range t.items[i].items {
			if item := &t.items[i].items[n]; item.kind == '{' {
				j.take(item, entity, "")
			}
		}
	}
	if found {
		if j.format == "" {
			j.format = "hsds-package"
		}
		for i, k := range t.keys {
			if entityOfFile(k) == "" && t.items[i].kind != '"' && t.items[i].kind != '0' {
				j.lost(&record{origin: origin{j.file, t.items[i].line}}, k, &t.items[i], "column.unknown")
			}
		}
	}
	return found
}

// guessEntity says which record an object is, by its properties and by the name of the file.
func guessEntity(t *tree, file string) string {
	hint := entityOfFile(strings.TrimSuffix(path.Base(file), path.Ext(file)))
	best, most := "", 0
	for _, e := range entities {
		f, score := forms()[e.name], 0
		for _, k := range t.keys {
			if _, ok := f.at[k]; ok {
				score += 2
			} else if more[e.name][k] != "" {
				score += 3
			}
		}
		if e.name == hint {
			score++
		}
		if score > most {
			best, most = e.name, score
		}
	}
	if most < 4 { // an identifier and one more property
		return ""
	}
	return best
}

// take makes a record of an object and of every record inside it. path names a record without an
// identifier by where it stands.
func (j *jsonReader) take(t *tree, entity, where string) *record {
	key := ""
	if id, ok := t.get("id"); ok && (id.kind == '"' || id.kind == '0') {
		key = strings.TrimSpace(id.text)
	}
	r := j.newRecord(entity, key, j.origin(t))
	if key == "" {
		if where == "" {
			where = j.file + "#" + strconv.Itoa(t.line)
		}
		r.id = derive(j.source, entity, where)
	}
	if len(t.keys) > MaxColumns {
		j.over = errColumns()
		return j.add(r)
	}
	seen := map[string]bool{}
	for i, name := range t.keys {
		if seen[name] {
			j.lost(r, name, &t.items[i], "json.twice")
			continue
		}
		seen[name] = true
		j.property(r, name, &t.items[i])
	}
	return j.add(r)
}

func (j *jsonReader) property(r *record, name string, item *tree) {
	f := forms()[r.entity]
	p, known := f.at[name]
	switch {
	case name == "id" || item.kind == 'n':
	case name == "approdo" && f.extra != nil && item.kind == '{':
		r.extra = append([]byte(nil), j.data[item.from:item.to]...)
	case known && p.entity == "" && item.kind != '{' && item.kind != '[':
		r.set(name, item.text, j.titles[r.entity+"."+name])
	case known && p.entity != "" && f.isList(name):
		j.list(r, p, item)
	case known && p.entity != "" && item.kind == '{':
		child := j.take(item, p.entity, r.id+"/"+name)
		r.set(p.key(), child.id, name)
	case !known && more[r.entity][name] != "":
		j.related(r, name, more[r.entity][name], item)
	default:
		j.unknown(r, name, item)
	}
}

func (f *form) isList(name string) bool {
	for _, p := range f.lists {
		if p.name == name {
			return true
		}
	}
	return false
}

func (j *jsonReader) list(r *record, p property, item *tree) {
	items := item.items
	if item.kind == '{' {
		items = []tree{*item} // one record where the standard has a list
	} else if item.kind != '[' {
		j.lost(r, p.name, item, "json.no-list")
		return
	}
	for i := range items {
		if items[i].kind != '{' {
			j.lost(r, p.name, &items[i], "json.no-record")
			continue
		}
		child := j.take(&items[i], p.entity, r.id+"/"+p.name+"/"+strconv.Itoa(i))
		r.hold(p.name, child.id)
	}
}

// related reads records that stand inside another although the standard links them the other way.
func (j *jsonReader) related(r *record, name, entity string, item *tree) {
	items := item.items
	if item.kind == '{' {
		items = []tree{*item}
	}
	for i := range items {
		if items[i].kind != '{' {
			j.lost(r, name, &items[i], "json.no-record")
			continue
		}
		child := j.take(&items[i], entity, r.id+"/"+name+"/"+strconv.Itoa(i))
		if item.kind == '{' { // the one that this record belongs to
			r.set(entity+"_id", child.id, name)
			continue
		}
		if v := child.values[r.entity+"_id"]; v.text == "" {
			child.set(r.entity+"_id", r.id, "")
		}
	}
}

// unknown keeps a value that HSDS has no place for as an attribute, and reports what it cannot keep.
func (j *jsonReader) unknown(r *record, name string, item *tree) {
	if item.kind == '{' || item.kind == '[' {
		j.lost(r, name, item, "column.unknown")
		return
	}
	j.keepAside(r, name, item.text)
}

// lost reports a value that is not kept.
func (j *jsonReader) lost(r *record, name string, item *tree, key string) {
	text := item.text
	if item.kind == '{' || item.kind == '[' {
		text = string(j.data[item.from:min(item.to, item.from+400)])
	}
	if strings.TrimSpace(text) == "" {
		return
	}
	j.report.add(Problem{File: j.file, Row: j.origin(item).row, Column: name, Severity: Warning, Key: key, Value: text})
}

// keepAside stores a value that has no place in the standard as an attribute of its record.
func (s *pool) keepAside(r *record, name, text string) {
	text = strings.TrimSpace(text)
	if text == "" || s.says(r, text) {
		return
	}
	if !forms()[r.entity].isList("attributes") {
		s.report.add(r.problem(Warning, name, "column.unknown", text))
		return
	}
	a := s.newRecord("attribute", "", r.origin)
	a.id = derive("aside", r.entity, r.id, name, text)
	a.set("label", name, name)
	a.set("value", text, name)
	a.set("link_type", asideLink, name)
	s.add(a)
	r.hold("attributes", a.id)
	s.noteOnce(r.file, name, "column.kept-aside", text)
}

// asideLink marks attributes that keep what a source had and the standard has not.
const asideLink = "source-column"

// says tells whether a record has the text already under another name, as UK feeds repeat a name.
func (s *pool) says(r *record, text string) bool {
	for _, v := range r.values {
		if v.text == text {
			return true
		}
	}
	return false
}

// noteOnce adds a note about a column once for each file.
func (s *pool) noteOnce(file, column, key, text string) {
	s.reportOnce(file+"\x00"+column+"\x00"+key, Problem{File: file, Column: column, Severity: Note, Key: key, Value: text})
}
