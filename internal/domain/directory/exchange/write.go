// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
)

// Format is a form in which the directory goes out.
type Format string

// The formats.
const (
	HSDSJSON  Format = "hsds-json"  // one page of the HSDS API with every service in its full form
	HSDSPages Format = "hsds-pages" // a folder (here a zip) of such pages, as the API gives them
	HSDSCSV   Format = "hsds-csv"   // a zip: HSDS tabular data package
	NDJSON    Format = "ndjson"     // a service a line
	XLSX      Format = "xlsx"       // our own sheet, filled
	CSV       Format = "csv"        // the same as text
	CPSV      Format = "cpsv-ap_it" // CPSV-AP_IT as JSON-LD
	SchemaLD  Format = "schema.org" // schema.org as JSON-LD
	DCAT      Format = "dcat-ap_it" // the entry of the data set in an open data catalogue, as JSON-LD
	GeoJSON   Format = "geojson"    // places on a map
)

// Formats lists them all.
var Formats = []Format{HSDSJSON, HSDSPages, HSDSCSV, NDJSON, XLSX, CSV, CPSV, SchemaLD, DCAT, GeoJSON}

// Extension is how a file in the format is called.
func (f Format) Extension() string {
	switch f {
	case HSDSPages, HSDSCSV:
		return ".zip"
	case NDJSON, XLSX, CSV, GeoJSON:
		return "." + string(f)
	case CPSV, SchemaLD, DCAT:
		return ".jsonld"
	}
	return ".json"
}

// ExportOptions say how the directory goes out.
type ExportOptions struct {
	// Language is that of one-language formats (schema.org, GeoJSON); "" is Italian.
	Language string
	// Base is the public address of the installation, "https://…" without a slash at the end; linked
	// data needs it to name things.
	Base string
	// Network is the name of who publishes.
	Network string
	// Modified is the day of the last change, for the catalogue.
	Modified time.Time
	// Taxonomies, Terms and Locations are public records that hang on no entry: terms that nobody uses
	// yet, open places of bodies without a service.
	Taxonomies []hsds.Taxonomy
	Terms      []hsds.TaxonomyTerm
	Locations  []directory.Location
	// Distributions are where the data can be had, for the catalogue; nil: the API alone.
	Distributions []Distribution
	// Datasets are what else the catalogue holds, of other parts of the program.
	Datasets []Dataset
}

// Dataset is an entry of the catalogue beside the census.
type Dataset struct {
	Name               string // its address: /id/dataset/name
	Title, Description string // in Italian, as the catalogue is
	Frequency          string // code in the European authority table: DAILY, MONTHLY …
	Keywords           []string
	Distributions      []Distribution
}

// Distribution is one way to have the data.
type Distribution struct {
	Title string // "CPSV-AP_IT"
	Path  string // "/open-data/services.jsonld"
	Type  string // media type
	// FileType is the code in the European authority table of file types: JSON, CSV, XLSX, JSON_LD …
	FileType string
}

func (o ExportOptions) language() string {
	if o.Language == "" {
		return "it"
	}
	return o.Language
}

func (o ExportOptions) base() string {
	if o.Base == "" {
		return "https://approdo.example"
	}
	return strings.TrimSuffix(o.Base, "/")
}

// Entries is what goes out: entries, in the order of their identifiers. Only entries: what they do
// not know cannot leak.
type Entries = iter.Seq2[directory.Entry, error]

// Walk makes Entries of a walk such as directory.UseCases.Walk.
func Walk(ctx context.Context, walk func(context.Context, func(directory.Entry) error) error) Entries {
	return func(yield func(directory.Entry, error) bool) {
		err := walk(ctx, func(e directory.Entry) error {
			if !yield(e, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStopped) {
			yield(directory.Entry{}, err)
		}
	}
}

// errStopped ends a walk whose reader has had enough.
var errStopped = errors.New("exchange: no more entries wanted")

// Write writes the entries in a format. The same entries give the same bytes.
func Write(ctx context.Context, w io.Writer, format Format, entries Entries, o ExportOptions) error {
	buffered := bufio.NewWriterSize(w, 1<<16)
	if err := writeForm(ctx, buffered, format, entries, o); err != nil {
		return err
	}
	return buffered.Flush()
}

func writeForm(ctx context.Context, w io.Writer, format Format, entries Entries, o ExportOptions) error {
	switch format {
	case HSDSJSON:
		return writePage(ctx, w, entries, o)
	case HSDSPages:
		return writePagesZip(ctx, w, entries, o)
	case HSDSCSV:
		return writeTables(ctx, w, entries, o)
	case NDJSON:
		return each(ctx, entries, func(e directory.Entry) error { return encode(w, ToHSDS(e, Shape{}), "\n") })
	case XLSX:
		return writeWorkbook(w, entries)
	case CSV:
		return writeSheetCSV(w, entries)
	case CPSV:
		return writeCPSV(ctx, w, entries, o)
	case SchemaLD:
		return writeSchemaOrg(ctx, w, entries, o)
	case DCAT:
		return writeDCAT(w, o)
	case GeoJSON:
		return writeGeoJSON(ctx, w, entries, o)
	}
	return fault.Unsupported("format", "export.format", "format", string(format))
}

func each(ctx context.Context, entries Entries, do func(directory.Entry) error) error {
	for e, err := range entries {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := do(e); err != nil {
			return err
		}
	}
	return nil
}

// encode writes one value as JSON, without the escapes that are only for HTML.
func encode(w io.Writer, v any, end string) error {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, strings.TrimSuffix(b.String(), "\n")+end)
	return err
}

// series writes a JSON list item by item.
type series struct {
	w io.Writer
	n int
}

func (l *series) add(v any) error {
	before := ",\n"
	if l.n == 0 {
		before = "\n"
	}
	l.n++
	if _, err := io.WriteString(l.w, before); err != nil {
		return err
	}
	return encode(l.w, v, "")
}

// writePage writes every service as one page of the HSDS API: the only wrapping of several records
// that the standard describes ("Serializing HSDS JSON for APIs").
func writePage(ctx context.Context, w io.Writer, entries Entries, o ExportOptions) error {
	if _, err := io.WriteString(w, `{"contents":[`); err != nil {
		return err
	}
	out := &series{w: w}
	if err := each(ctx, entries, func(e directory.Entry) error { return out.add(ToHSDS(e, Shape{})) }); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(w, "\n],\n\"total_items\":%d,\"total_pages\":1,\"page_number\":1,\"size\":%d,\"first_page\":true,\"last_page\":true,\"empty\":%t", out.n, out.n, out.n == 0); err != nil {
		return err
	}
	if more := besides(o); len(more) > 0 {
		if _, err := io.WriteString(w, ",\n\"approdo\":"); err != nil {
			return err
		}
		if err := encode(w, more, ""); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "}\n")
	return err
}

// besides are the public records that hang on no entry.
func besides(o ExportOptions) map[string]any {
	more := map[string]any{}
	if len(o.Taxonomies) > 0 {
		more["taxonomies"] = o.Taxonomies
	}
	if len(o.Terms) > 0 {
		more["taxonomy_terms"] = o.Terms
	}
	if len(o.Locations) > 0 {
		list := make([]hsds.Location, len(o.Locations))
		for i, l := range o.Locations {
			list[i] = Location(l, Shape{})
		}
		more["locations"] = list
	}
	return more
}

// pageSize is the number of services on a page of a folder of pages.
const pageSize = 100

// page is one page of the HSDS API, with its seven fields.
type page struct {
	TotalItems int
	TotalPages int
	PageNumber int
	Size       int
	FirstPage  bool
	LastPage   bool
	Empty      bool
	Contents   []any
}

// bytes puts every record on a line of its own, so that a report can name it.
func (p page) bytes() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"total_items":%d,"total_pages":%d,"page_number":%d,"size":%d,"first_page":%t,"last_page":%t,"empty":%t,"contents":[`,
		p.TotalItems, p.TotalPages, p.PageNumber, p.Size, p.FirstPage, p.LastPage, p.Empty)
	out := &series{w: &b}
	for _, item := range p.Contents {
		if err := out.add(item); err != nil {
			return nil, err
		}
	}
	b.WriteString("\n]}\n")
	return b.Bytes(), nil
}

// Pages gives the files of a folder of pages, by name: index.json, services-0001.json, and so on.
func Pages(ctx context.Context, entries Entries, o ExportOptions, write func(name string, content []byte) error) error {
	var services []any
	if err := each(ctx, entries, func(e directory.Entry) error {
		services = append(services, ToHSDS(e, Shape{}))
		return nil
	}); err != nil {
		return err
	}
	index := map[string]string{"version": "3.1.3", "profile": o.base() + "/docs/hsds-profile", "openapi_url": o.base() + "/hsds/openapi.json"}
	var text bytes.Buffer
	if err := encode(&text, index, "\n"); err != nil {
		return err
	}
	if err := write("index.json", text.Bytes()); err != nil {
		return err
	}
	if err := pagesOf("services", services, write); err != nil {
		return err
	}
	more := besides(o)
	for _, name := range sortedKeys(more) {
		var items []any
		switch records := more[name].(type) {
		case []hsds.Taxonomy:
			items = anys(records)
		case []hsds.TaxonomyTerm:
			items = anys(records)
		case []hsds.Location:
			items = anys(records)
		}
		if err := pagesOf(name, items, write); err != nil {
			return err
		}
	}
	return nil
}

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

func pagesOf(name string, items []any, write func(name string, content []byte) error) error {
	total := max(1, (len(items)+pageSize-1)/pageSize)
	for n := 1; n <= total; n++ {
		chunk := items[(n-1)*pageSize : min(n*pageSize, len(items))]
		p := page{TotalItems: len(items), TotalPages: total, PageNumber: n, Size: len(chunk), FirstPage: n == 1, LastPage: n == total, Empty: len(chunk) == 0, Contents: chunk}
		content, err := p.bytes()
		if err != nil {
			return err
		}
		if err := write(fmt.Sprintf("%s-%04d.json", name, n), content); err != nil {
			return err
		}
	}
	return nil
}
