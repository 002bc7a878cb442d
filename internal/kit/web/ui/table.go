// SPDX-License-Identifier: EUPL-1.2

package ui

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"approdo/internal/kit/web"
)

// List is what the address of a list asks for: ?q=…&sort=-name&page=2&state=draft.
type List struct {
	Path  string // with language
	Query url.Values
	Text  string // what is searched
	Sort  string // one of the columns that ReadList was given
	Desc  bool
	Page  int // from 1
	Size  int // rows on a page
}

// listSizes are the lengths of a page that one may ask for, the first unasked.
var listSizes = []int{25, 50, 100}

// deepest is the last page that is counted: beyond it one filters, as nobody turns a thousand pages.
const deepest = 2000

// ReadList reads the address of a list that can be sorted by these columns, the first unasked; one
// with a minus before it ("-changed") is unasked the other way round. What makes no sense is passed over.
func ReadList(r *http.Request, columns ...string) List {
	here := web.Here(r.Context())
	l := List{Path: web.Path(r.Context(), here.Path), Query: here.Query, Text: strings.TrimSpace(here.Query.Get("q")), Page: 1, Size: listSizes[0]}
	if len(columns) > 0 {
		l.Sort, l.Desc = strings.TrimPrefix(columns[0], "-"), strings.HasPrefix(columns[0], "-")
	}
	asked := here.Query.Get("sort")
	for _, column := range columns {
		if name := strings.TrimPrefix(column, "-"); strings.TrimPrefix(asked, "-") == name {
			l.Sort, l.Desc = name, strings.HasPrefix(asked, "-")
		}
	}
	if page, err := strconv.Atoi(here.Query.Get("page")); err == nil && page > 0 {
		l.Page = min(page, deepest)
	}
	if size, err := strconv.Atoi(here.Query.Get("size")); err == nil && slices.Contains(listSizes, size) {
		l.Size = size
	}
	return l
}

// Offset is how many rows stand before this page.
func (l List) Offset() int { return (max(l.Page, 1) - 1) * l.Size }

// Filter is the value of a filter; "" for all.
func (l List) Filter(name string) string { return l.Query.Get(name) }

// With is the address of this list with one parameter changed, from its first page; "" takes it away.
func (l List) With(name, value string) string {
	query := maps.Clone(l.Query)
	if query == nil {
		query = url.Values{}
	}
	query.Del("page")
	if value == "" {
		query.Del(name)
	} else {
		query.Set(name, value)
	}
	if len(query) == 0 {
		return l.Path
	}
	return l.Path + "?" + query.Encode()
}

// Pages describes the pager of a list with so many rows in all.
func (l List) Pages(total int) Pages {
	size := max(l.Size, 1) // a list that was not read from an address has none
	return Pages{Page: max(l.Page, 1), Last: max(1, (total+size-1)/size), Href: WithPage(l.Path, l.Query)}
}

// Back is a hidden field with the way back to this list as it is now, for forms that lead away from it.
func (l List) Back() Pair { return Pair{"back", l.With("page", "")} }

// Column is one column of a Table.
type Column struct {
	Name   string // by which ReadList knows it; "" can't be sorted by
	Title  string
	Number bool // set to the end of the cell, digits below one another
	Hide   bool // the title is for readers of screens alone: a column of buttons
	Spare  bool // left out where the window is narrow and the table not yet cards
}

// Cell is what stands in one place of a table: a text, or a Body.
type Cell struct {
	Text  string
	Lang  string // language of Text if not the page's
	Href  string // leads there
	Small string // a second line
	Body  templ.Component
}

// Row is one line of a Table. The first cell names it.
type Row struct {
	ID     string // value of its check mark; "" has none
	Name   string // what the check mark is called; default: the text of the first cell
	Marked bool   // the check mark is set
	Cells  []Cell
	Level  Level // Warning and Danger mark the whole line
}

func (r Row) name() string {
	if r.Name != "" || len(r.Cells) == 0 {
		return r.Name
	}
	return r.Cells[0].Text
}

// BulkAction is something done with all rows that are marked: a button of the form, which sends
// "do" with Name, and the marked rows as "id".
type BulkAction struct {
	Name, Text, Icon string
	Kind             Kind // default Secondary
}

func (b BulkAction) kind() Kind {
	if b.Kind == "" {
		return Secondary
	}
	return b.Kind
}

// TableView is a list of records. It works without script: sorting, pages and filters are links and
// a form, marks are check boxes of one form.
type TableView struct {
	ID      string // default "table"
	Caption string // what is listed; seen by readers of screens
	Columns []Column
	Rows    []Row
	List    List
	Total   int // rows in all, on every page
	Bulk    []BulkAction
	BulkTo  templ.SafeURL // where the form of the marked rows goes
	Empty   templ.Component
	Plain   bool // no count and no pager: a short list inside a page
}

func (v TableView) id() string {
	if v.ID == "" {
		return "table"
	}
	return v.ID
}

func (v TableView) sorted(c Column) string {
	switch {
	case c.Name == "" || c.Name != v.List.Sort:
		return ""
	case v.List.Desc:
		return "descending"
	}
	return "ascending"
}

// sortHref turns the order round where one sorts by this column already.
func (v TableView) sortHref(c Column) templ.SafeURL {
	value := c.Name
	if v.sorted(c) == "ascending" {
		value = "-" + c.Name
	}
	return templ.URL(v.List.With("sort", value))
}

// first and last number the rows of this page.
func (v TableView) first() int { return v.List.Offset() + 1 }
func (v TableView) last() int  { return v.List.Offset() + len(v.Rows) }

// FilterView is the form above a table. Its children are the fields, small ones beside each other.
type FilterView struct {
	List   List
	Label  string // of the text box; "" for no text box
	Active []ActiveFilter
	Open   bool // more than the box is shown at once
}

// ActiveFilter is a filter that is set, with the way to take it off.
type ActiveFilter struct{ Text, Href string }

// label tells this form from the search over everything.
func (v FilterView) label(ctx context.Context) string {
	if v.Label == "" {
		return T(ctx, "office.filter.more")
	}
	return v.Label
}

// kept are the parameters that a filter form passes on: how the list is sorted and how long a page is.
func (v FilterView) kept() []Pair {
	var list []Pair
	for _, name := range []string{"sort", "size"} {
		if value := v.List.Query.Get(name); value != "" {
			list = append(list, Pair{name, value})
		}
	}
	return list
}
