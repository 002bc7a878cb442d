// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/domain/directory"
)

func writePagesZip(ctx context.Context, w io.Writer, entries Entries, o ExportOptions) error {
	archive := zip.NewWriter(w)
	err := Pages(ctx, entries, o, func(name string, content []byte) error {
		to, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		_, err = to.Write(content)
		return err
	})
	if err != nil {
		return err
	}
	return archive.Close()
}

// tables are the tables of a data package while they are filled.
type tables struct {
	rows map[string]map[string]*tableRecord
	all  map[string][]*tableRecord
}

type tableRecord struct {
	cells    map[string]string
	reserved bool
}

// writeTables writes a tabular data package (Frictionless Data) of the standard's tables. A part
// that several records share has all their keys in its column, joined by commas.
func writeTables(ctx context.Context, w io.Writer, entries Entries, o ExportOptions) error {
	t := &tables{rows: map[string]map[string]*tableRecord{}, all: map[string][]*tableRecord{}}
	if err := each(ctx, entries, func(e directory.Entry) error {
		t.put("service", reflect.ValueOf(ToHSDS(e, Shape{})), "", "")
		return nil
	}); err != nil {
		return err
	}
	for _, v := range o.Taxonomies {
		t.put("taxonomy", reflect.ValueOf(v), "", "")
	}
	for _, v := range o.Terms {
		t.put("taxonomy_term", reflect.ValueOf(v), "", "")
	}
	for _, v := range o.Locations {
		t.put("location", reflect.ValueOf(Location(v, Shape{})), "", "")
	}
	archive := zip.NewWriter(w)
	if err := t.write(archive); err != nil {
		return err
	}
	return archive.Close()
}

// put takes a record and all it holds into the tables, and returns its identifier.
func (t *tables) put(entity string, v reflect.Value, parent, parentID string) string {
	f := forms()[entity]
	cells := map[string]string{}
	for _, p := range f.values {
		if text := cellText(v.FieldByIndex(p.index)); text != "" {
			cells[p.name] = text
		}
	}
	id := cells["id"]
	switch entity {
	case "attribute":
		cells["link_id"], cells["link_entity"] = or(parentID, cells["link_id"]), or(parent, cells["link_entity"])
	case "metadata":
		cells["resource_id"], cells["resource_type"] = or(parentID, cells["resource_id"]), or(parent, cells["resource_type"])
	default:
		if _, ok := f.at[parent+"_id"]; ok {
			cells[parent+"_id"] = parentID
		}
	}
	var extra json.RawMessage
	if f.extra != nil {
		extra = v.FieldByIndex(f.extra).Bytes()
		cells["approdo"] = string(extra)
	}
	for _, p := range f.ones {
		if one := v.FieldByIndex(p.index); !one.IsNil() {
			cells[p.key()] = t.put(p.entity, one.Elem(), "", "")
		}
	}
	t.add(entity, id, cells, isReservedBody(extra))
	for _, p := range f.lists {
		items := v.FieldByIndex(p.index)
		for i := range items.Len() {
			t.put(p.entity, items.Index(i), entity, id)
		}
	}
	return id
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// cellText writes a value as a cell.
func cellText(v reflect.Value) string {
	if v.Kind() == reflect.String {
		return v.String()
	}
	if v.IsNil() {
		return ""
	}
	return strconv.FormatFloat(v.Elem().Float(), 'f', -1, 64)
}

// add stores a row, or adds to one that is there the keys of another record that it hangs on.
func (t *tables) add(entity, id string, cells map[string]string, reserved bool) {
	if t.rows[entity] == nil {
		t.rows[entity] = map[string]*tableRecord{}
	}
	row, known := t.rows[entity][id]
	if !known {
		row = &tableRecord{cells: cells, reserved: reserved}
		t.rows[entity][id] = row
		t.all[entity] = append(t.all[entity], row)
		return
	}
	if row.reserved && !reserved { // the whole record of a body wins over the part that may be said of it
		row.cells, row.reserved = cells, false
		return
	}
	columns := []string{"link_id", "link_entity", "resource_id", "resource_type"}
	for _, k := range parentKeys()[entity] {
		columns = append(columns, k.column)
	}
	for _, c := range columns {
		old, now := row.cells[c], cells[c]
		switch {
		case now == "" || slices.Contains(strings.Split(old, ","), now):
		case old == "":
			row.cells[c] = now
		default:
			row.cells[c] = old + "," + now
		}
	}
}

// tableColumns are the columns of a table: those of the standard, then our own.
func tableColumns(entity string) []string {
	f := forms()[entity]
	var list []string
	for _, p := range f.values {
		list = append(list, p.name)
	}
	if f.extra != nil {
		list = append(list, "approdo")
	}
	return list
}

func (t *tables) write(archive *zip.Writer) error {
	var resources []map[string]any
	for _, e := range entities {
		if len(t.all[e.name]) == 0 {
			continue
		}
		to, err := archive.CreateHeader(&zip.FileHeader{Name: fileOf(e.name), Method: zip.Deflate})
		if err != nil {
			return err
		}
		columns := tableColumns(e.name)
		out := csv.NewWriter(to)
		if err := out.Write(columns); err != nil {
			return err
		}
		for _, row := range t.all[e.name] {
			cells := make([]string, len(columns))
			for i, c := range columns {
				cells[i] = guard(row.cells[c])
			}
			if err := out.Write(cells); err != nil {
				return err
			}
		}
		if out.Flush(); out.Error() != nil {
			return out.Error()
		}
		resources = append(resources, t.resource(e.name, columns))
	}
	to, err := archive.CreateHeader(&zip.FileHeader{Name: "datapackage.json", Method: zip.Deflate})
	if err != nil {
		return err
	}
	return encode(to, map[string]any{
		"name": "human_services_data", "title": "Human Services Data Specification", "profile": "tabular-data-package",
		"version": "3.1.3", "homepage": "https://docs.openreferral.org", "resources": resources,
	}, "\n")
}

// resource describes one table: its columns, its key, what its columns point at.
func (t *tables) resource(entity string, columns []string) map[string]any {
	f := forms()[entity]
	var fields, foreign []map[string]any
	for _, c := range columns {
		kind := "string"
		if f.at[c].number {
			kind = "number"
		}
		fields = append(fields, map[string]any{"name": c, "type": kind})
		target := strings.TrimSuffix(c, "_id")
		if c != target && len(t.all[target]) > 0 && forms()[target] != nil {
			foreign = append(foreign, map[string]any{"fields": c, "reference": map[string]any{"resource": target, "fields": "id"}})
		}
	}
	schema := map[string]any{"fields": fields, "primaryKey": "id"}
	if len(foreign) > 0 {
		schema["foreignKeys"] = foreign
	}
	return map[string]any{
		"name": entity, "path": fileOf(entity), "profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "schema": schema,
	}
}
