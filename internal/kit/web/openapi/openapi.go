// SPDX-License-Identifier: EUPL-1.2

package openapi

import (
	"encoding/json"
	"net/http"
	"path"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"approdo/internal/kit/web"
)

// MediaType is the type of the document.
const MediaType = "application/vnd.oai.openapi+json;version=3.1"

// Info presents a document.
type Info struct {
	Title, Version, Summary, Description string
	License, LicenseURL                  string
}

// Operation is one way to ask.
type Operation struct {
	Method, Path         string // the path is below the root of the document
	ID, Summary, Details string
	Tag                  string
	Params               []Param
	Answer               any  // a value of the type that is answered as JSON
	Lines                bool // the answer may also be NDJSON
	Refusals             []int
	Try                  string // path and query of an example that works, below the root; "" for none
}

// Param is one parameter. The zero Type is a string.
type Param struct {
	Name, In, Type, Format, Text string
	Example                      any
	Enum                         []string
	Many                         bool // may be repeated
	Required                     bool
}

// Document is a group of routes and their description.
type Document struct {
	root       string
	routes     *web.API
	api        *huma.OpenAPI
	operations []Operation
	text       func() ([]byte, error)
}

// New begins a document of routes below root ("/hsds"). Register everything before it is served.
func New(routes *web.API, root string, info Info) *Document {
	d := &Document{root: root, routes: routes, api: &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info: &huma.Info{
			Title: info.Title, Version: info.Version, Description: info.Description,
			License: &huma.License{Name: info.License, URL: info.LicenseURL},
		},
		JSONSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
		Servers:           []*huma.Server{{URL: root}},
		Components:        &huma.Components{Schemas: huma.NewMapRegistry("#/components/schemas/", namer())},
	}}
	if info.Summary != "" {
		d.api.Info.Extensions = map[string]any{"summary": info.Summary}
	}
	d.text = sync.OnceValues(func() ([]byte, error) { return json.Marshal(d.api) })
	return d
}

// namer names schemas after their types; a second type of the same name gets that of its package too.
func namer() func(reflect.Type, string) string {
	taken := map[string]reflect.Type{}
	return func(t reflect.Type, hint string) string {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		name := huma.DefaultSchemaNamer(t, hint)
		if other, ok := taken[name]; ok && other != t && t.Kind() == reflect.Struct {
			pkg := path.Base(t.PkgPath())
			name = strings.ToUpper(pkg[:1]) + pkg[1:] + name
		}
		taken[name] = t
		return name
	}
}

// Add describes an operation and registers its route.
func (d *Document) Add(op Operation, h web.Handler) {
	d.routes.Handle(op.Method+" "+d.root+pattern(op.Path), h)
	d.Describe(op)
}

// pattern is a path as http.ServeMux wants it: what ends with a slash is that address alone.
func pattern(path string) string {
	if strings.HasSuffix(path, "/") {
		return path + "{$}"
	}
	return path
}

// Describe adds an operation whose route is registered elsewhere.
func (d *Document) Describe(op Operation) {
	d.operations = append(d.operations, op)
	out := &huma.Operation{
		Method: op.Method, Path: op.Path, OperationID: op.ID, Summary: op.Summary, Description: op.Details, Responses: map[string]*huma.Response{},
	}
	if op.Tag != "" {
		out.Tags = []string{op.Tag}
	}
	for _, p := range op.Params {
		out.Parameters = append(out.Parameters, p.describe())
	}
	content := map[string]*huma.MediaType{"application/json": {Schema: d.schema(op.Answer)}}
	if op.Lines {
		content["application/x-ndjson"] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Description: "One JSON record a line."}}
	}
	out.Responses["200"] = &huma.Response{Description: op.Summary, Content: content}
	if op.Method == http.MethodGet {
		out.Responses["304"] = &huma.Response{Description: "Nothing has changed since the ETag given in If-None-Match."}
	}
	problem := map[string]*huma.MediaType{"application/problem+json": {Schema: d.schema(web.Problem{})}}
	for _, status := range op.Refusals {
		out.Responses[statusText(status)] = &huma.Response{Description: http.StatusText(status), Content: problem}
	}
	out.Responses["default"] = &huma.Response{Description: "Problem details (RFC 9457), in the reader's language.", Content: problem}
	d.api.AddOperation(out)
}

func statusText(status int) string {
	return string([]byte{byte('0' + status/100), byte('0' + status/10%10), byte('0' + status%10)})
}

func (d *Document) schema(v any) *huma.Schema {
	if v == nil {
		return &huma.Schema{Type: huma.TypeObject}
	}
	return d.api.Components.Schemas.Schema(reflect.TypeOf(v), true, "")
}

func (p Param) describe() *huma.Param {
	kind := p.Type
	if kind == "" {
		kind = huma.TypeString
	}
	schema := &huma.Schema{Type: kind, Format: p.Format}
	for _, v := range p.Enum {
		schema.Enum = append(schema.Enum, v)
	}
	out := &huma.Param{Name: p.Name, In: p.In, Description: p.Text, Required: p.Required || p.In == "path", Example: p.Example, Schema: schema}
	if out.In == "" {
		out.In = "query"
	}
	if p.Many {
		explode := true
		out.Explode, out.Schema = &explode, &huma.Schema{Type: huma.TypeArray, Items: schema}
	}
	return out
}

// Root is the path under which the routes are.
func (d *Document) Root() string { return d.root }

// Title, Description and Operations are what a page about the document shows.
func (d *Document) Title() string           { return d.api.Info.Title }
func (d *Document) Description() string     { return d.api.Info.Description }
func (d *Document) Operations() []Operation { return d.operations }

// JSON is the document.
func (d *Document) JSON() ([]byte, error) { return d.text() }

// Serve answers with the document.
func (d *Document) Serve(w http.ResponseWriter, r *http.Request) error {
	text, err := d.text()
	if err != nil {
		return err
	}
	return web.JSON(w, r, http.StatusOK, json.RawMessage(text))
}
