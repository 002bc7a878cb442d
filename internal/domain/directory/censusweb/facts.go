// SPDX-License-Identifier: EUPL-1.2

package censusweb

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"approdo/internal/base/need"
	"approdo/internal/domain/directory/census"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// contactWord names the state of the way back in keys of the catalogue.
func contactWord(state string) string {
	if state == census.ContactNone {
		return "none"
	}
	return state
}

// replyHelp names what is said of how the reply reaches whoever wrote.
func replyHelp(v feedbackView) string {
	if v.Contact == census.ContactKept {
		return "inbox.reply_help"
	}
	return "inbox.reply_followed"
}

// doneFacts is what was done about a feedback.
func doneFacts(ctx context.Context, v feedbackView) []ui.Definition {
	var list []ui.Definition
	add := func(key, text string) {
		if text != "" {
			list = append(list, ui.Definition{Term: ui.T(ctx, key), Text: text})
		}
	}
	add("inbox.handler", v.Handler)
	add("inbox.answer", v.Answer)
	add("inbox.reply", v.Reply)
	return list
}

// datasetHelp says what the name of a dataset is for, with those there are.
func datasetHelp(ctx context.Context, known []string) string {
	if len(known) == 0 {
		return ui.T(ctx, "intake.dataset_help")
	}
	return ui.T(ctx, "intake.dataset_known", "list", strings.Join(known[:min(len(known), 12)], ", "))
}

func outcomeTitle(ctx context.Context, v importView) string {
	if v.waiting() {
		return ui.T(ctx, "intake.would")
	}
	return ui.T(ctx, "intake.outcome")
}

func sampleTable(ctx context.Context, list []census.Sampled) ui.TableView {
	v := ui.TableView{ID: "sample-table", Caption: ui.T(ctx, "intake.table", "title", ui.T(ctx, "intake.sample")), Plain: true, Columns: []ui.Column{
		{Title: ui.T(ctx, "inbox.service")}, {Title: ui.T(ctx, "intake.needs")}, {Title: ui.T(ctx, "intake.place")}, {Title: ui.T(ctx, "intake.phone")},
	}}
	for _, s := range list {
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{{Text: s.Name, Lang: "it", Small: s.Body}, {Text: s.Needs, Lang: "it"}, {Text: s.Place}, {Text: s.Phone}}})
	}
	return v
}

// optionsHidden keeps a mapping while other options are changed.
func optionsHidden(i census.Import) []ui.Pair {
	list := []ui.Pair{{Name: "version", Value: numberText(i.Version)}}
	if i.Options.Mapping == nil {
		return list
	}
	n := 0
	for _, name := range slices.Sorted(maps.Keys(i.Options.Mapping.Columns)) {
		at := strconv.Itoa(n)
		list = append(list, ui.Pair{Name: "column-" + at, Value: name}, ui.Pair{Name: "title-" + at, Value: i.Options.Mapping.Columns[name]})
		n++
	}
	return append(list, ui.Pair{Name: "fixed_body", Value: fixedOf(i.Options, "Ente")}, ui.Pair{Name: "fixed_need", Value: fixedOf(i.Options, "Bisogno")})
}

func fixedOf(o census.Options, title string) string {
	if o.Mapping == nil {
		return ""
	}
	return o.Mapping.Fixed[title]
}

func withoutHere(list []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == "" })
}

// foreignColumn is a column of a sheet nobody knows.
type foreignColumn struct {
	Number   int
	Name     string
	Examples []string
	Title    string // what it becomes
}

// columnsOf lists the columns of the unknown sheets of an import, each name once, as many as readOptions reads.
func columnsOf(i census.Import) []foreignColumn {
	var list []foreignColumn
	seen := map[string]bool{}
	for _, s := range i.Look.Sheets {
		for n, name := range s.Header {
			if name == "" || seen[name] || len(list) == exchange.MaxColumns {
				continue
			}
			seen[name] = true
			c := foreignColumn{Number: len(list), Name: name, Title: s.Guessed[name]}
			if i.Options.Mapping != nil {
				c.Title = i.Options.Mapping.Columns[name]
			}
			for _, row := range s.Sample {
				if n < len(row) && row[n] != "" && len(c.Examples) < 3 {
					c.Examples = append(c.Examples, row[n])
				}
			}
			list = append(list, c)
		}
	}
	return list
}

// needOptions are the needs as our sheet names them.
func needOptions(ctx context.Context, now string) []ui.Option {
	list := []ui.Option{{Value: "", Text: ui.T(ctx, "intake.no_need")}}
	for _, n := range need.All() {
		if !n.Top() {
			list = append(list, ui.Option{Value: n.Name("it"), Text: n.Name(web.Lang(ctx))})
		}
	}
	return chosen(list, now)
}

func datasetQuery(name string) string { return url.Values{"name": {name}}.Encode() }

func datasetHidden(v datasetView) []ui.Pair {
	if v.Fresh {
		return []ui.Pair{{Name: "fresh", Value: "1"}}
	}
	return []ui.Pair{{Name: "dataset", Value: v.Name}}
}

func templURL(address string) templ.SafeURL { return templ.SafeURL(address) }

// sheet is the style sheet for the direction in which the page is read.
func sheet(ctx context.Context) string {
	if web.Words(ctx).Dir() == "rtl" {
		return web.Asset("site.rtl.css")
	}
	return web.Asset("site.css")
}
