// SPDX-License-Identifier: EUPL-1.2

package apiweb

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
	"approdo/internal/kit/web/ui"
)

// documentView is one API on the page.
type documentView struct {
	ID, Title, Description, Href string
	Operations                   []operationView
}

// operationView is one address to ask.
type operationView struct {
	ID, Path, Summary, Details string
	Params                     []paramView
	Try                        string // address of an example; "" for none
	Action                     string // where the form leads; "" when the path has parts to fill in
	Post, Lines                bool
}

// paramView is one parameter.
type paramView struct {
	ID, Name, Type, Text, Example string
	Enum                          []string
	InPath                        bool
}

func (d *doors) getPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	examples, err := d.examples(ctx)
	if err != nil {
		return err
	}
	views := []documentView{view("v1", DocumentPath, d.document, examples)}
	for _, other := range d.Others {
		views = append(views, view(strings.Trim(other.Root(), "/"), other.Root()+"/openapi.json", other, examples))
	}
	title := ui.T(ctx, "api.title")
	return web.Render(w, r, http.StatusOK, d.Site.Page(r, ui.Head{
		Title: title, Description: ui.T(ctx, "api.lead"), Crumbs: []ui.Link{{Text: title}},
	}, apiPage(views)))
}

// examples are the identifiers of records that exist, by path, so that every address can be tried.
func (d *doors) examples(ctx context.Context) (map[string]string, error) {
	found, err := d.Finder.Find(ctx, directory.Query{Language: web.Lang(ctx), Limit: 20})
	if err != nil {
		return nil, err
	}
	ids := map[string]string{}
	for _, item := range found.Items {
		if e := item.Entry; len(e.Sites) > 0 && !e.Discreet() {
			ids["/services/{id}"], ids["/organizations/{id}"], ids["/service_at_locations/{id}"] = e.ID, e.OrganizationID, e.Sites[0].ID
			break
		}
	}
	return ids, nil
}

func view(id, href string, d *openapi.Document, examples map[string]string) documentView {
	out := documentView{ID: id, Title: d.Title(), Description: d.Description(), Href: href}
	for _, op := range d.Operations() {
		if op.Method == http.MethodPost {
			// Told beside the GET of the same address.
			if n := len(out.Operations); n > 0 {
				out.Operations[n-1].Post = true
			}
			continue
		}
		v := operationView{ID: id + "-" + op.ID, Path: d.Root() + op.Path, Summary: op.Summary, Details: op.Details, Lines: op.Lines}
		if op.Try != "" {
			v.Try = d.Root() + op.Try
		}
		if example := examples[op.Path]; example != "" {
			v.Try = d.Root() + strings.Replace(op.Path, "{id}", url.PathEscape(example), 1)
		}
		for _, p := range op.Params {
			v.Params = append(v.Params, viewParam(v.ID, p))
		}
		if !strings.Contains(op.Path, "{") && len(op.Params) > 0 {
			v.Action = d.Root() + op.Path
		}
		out.Operations = append(out.Operations, v)
	}
	return out
}

func viewParam(operation string, p openapi.Param) paramView {
	v := paramView{ID: operation + "-" + p.Name, Name: p.Name, Type: p.Type, Text: p.Text, Enum: p.Enum, InPath: p.In == "path"}
	if v.Type == "" {
		v.Type = "string"
	}
	if p.Format != "" {
		v.Type = p.Format
	}
	if p.Example != nil {
		v.Example = fmt.Sprint(p.Example)
	}
	return v
}

// choices are the values of a parameter, with none chosen.
func (p paramView) choices() []ui.Option {
	options := []ui.Option{{Value: "", Text: "–"}}
	for _, value := range p.Enum {
		options = append(options, ui.Option{Value: value, Text: value})
	}
	return options
}

// command asks an address from the command line.
func command(ctx context.Context, path string) string {
	return `curl "` + web.Absolute(ctx, path) + `"`
}

func local(path string) templ.SafeURL { return templ.SafeURL(path) }
