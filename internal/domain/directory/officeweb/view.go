// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"approdo/data"
	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web/ui"
)

// parts are the parts of the card in their order: thirteen, with the hours on their own since they
// are long.
var parts = []string{"needs", "title", "state", "summary", "whom", "how", "documents", "outcome", "times", "hours", "access", "conditions", "contacts", "topics"}

func (v editorView) on(name string) bool { return v.form.Get(name) != "" }

// help is the text of a help, "" when there is none.
func (v editorView) help(name string) string {
	if key := "census.h." + name; v.words.Has(key) {
		return v.words.Text(key)
	}
	return ""
}

// keep is the name under which the browser keeps what was typed until the server has it; "" for a
// service with a hidden place, of which nothing stays in a browser.
func (v editorView) keep() string {
	if v.working.Reserved || v.on("hidden") {
		return ""
	}
	return "card/" + v.id()
}

// line is a field of one line.
func (v editorView) line(name string, most int) ui.FieldView {
	return ui.FieldView{ID: name, Name: name, Label: v.words.Text("census.f." + name), Help: v.help(name), Error: v.mistakes.Of(name), Value: v.form.Get(name), MaxLength: most}
}

func (v editorView) typed(name, kind string) ui.FieldView {
	f := v.line(name, 500)
	f.Type = kind
	return f
}

func (v editorView) number(name string) ui.FieldView {
	f := v.line(name, 12)
	f.InputMode = "decimal"
	return f
}

// area is a field of several lines.
func (v editorView) area(name string, lines int) ui.FieldView {
	f := v.line(name, 6000)
	f.Rows = lines
	return f
}

func (v editorView) short(name string) ui.FieldView {
	f := v.line(name, directory.LongestSummary)
	f.Rows = 2
	return f
}

// comuni is a field for names of territories.
func (v editorView) comuni(name string) ui.FieldView {
	f := v.line(name, 2000)
	f.Autocomplete = "off"
	return f
}

func (v editorView) moment(name string) ui.FieldView {
	f := v.line(name, 30)
	f.Type = "datetime-local"
	if at := v.working.PublishAt; f.Value == "" && !at.IsZero() {
		f.Value = at.In(zone()).Format("2006-01-02T15:04")
	}
	return f
}

// cell is a field of a row.
func (v editorView) cell(at, name, kind string) ui.FieldView {
	id := at + "." + name
	f := ui.FieldView{ID: id, Name: id, Label: v.words.Text("census.f." + cellKey(at, name)), Error: v.mistakes.Of(id), Value: v.form.Get(id), Type: kind}
	if kind == "text" && v.words.Has("census.h."+cellKey(at, name)) {
		f.Help = v.words.Text("census.h." + cellKey(at, name))
	}
	if name == "lat" || name == "lon" || name == "amount" || name == "postal" {
		f.InputMode = "decimal"
	}
	return f
}

// cellKey is the name of a field of a row in the catalogue: "phones.number".
func cellKey(at, name string) string {
	list, _, _ := strings.Cut(at[strings.LastIndex(at[:max(strings.LastIndex(at, "."), 0)], ".")+1:], ".")
	return list + "." + name
}

func (v editorView) comune(at string) ui.FieldView {
	f := v.cell(at, "comune", "text")
	f.Autocomplete = "off"
	if id := v.form.Get(at + ".id"); f.Error == "" && v.form.Get(at+".comune") == "" && id != "" {
		f.Error = v.mistakeOfPlace(id)
	}
	return f
}

// mistakeOfPlace is what Complete says of the comune of a site.
func (v editorView) mistakeOfPlace(id string) string {
	for _, s := range v.working.Service.Sites {
		if s.ID == id {
			return v.mistakes.Of("locations/" + s.Location.ID + "/comune")
		}
	}
	return ""
}

// rowButton is a button of a row: up, down, drop.
type rowButton struct{ Do, Label, Icon string }

// rowButtons are the buttons of a row.
func (v editorView) rowButtons(at, list string) []rowButton {
	name := v.rowName(at, list)
	var buttons []rowButton
	if slices.Contains(ordered, list) {
		prefix := at[:strings.LastIndex(at, ".")]
		all := rows(v.form, prefix)
		if at != all[0] {
			buttons = append(buttons, rowButton{"up:" + at, v.words.Text("census.row_up", "row", name), "up"})
		}
		if at != all[len(all)-1] {
			buttons = append(buttons, rowButton{"down:" + at, v.words.Text("census.row_down", "row", name), "down"})
		}
	}
	return append(buttons, rowButton{"drop:" + at, v.words.Text("census.row_drop", "row", name), "close"})
}

// arrangeTo is where a button of a list leads: the same form, and on its page the list.
func (v editorView) arrangeTo(ctx context.Context, prefix string) string {
	top, _, _ := strings.Cut(prefix, ".")
	return string(ui.Href(ctx, "/office/services/"+v.id())) + "#rows-" + top
}

// rowName says which row it is, for readers of screens.
func (v editorView) rowName(at, list string) string {
	i, err := strconv.Atoi(at[strings.LastIndex(at, ".")+1:])
	if err != nil {
		i = 0
	}
	return v.words.Text("census.row."+list, "n", i+1)
}

// rowID is where the summary of mistakes leads: use cases name rows of hours by their identifier.
func (v editorView) rowID(at, list string) string {
	switch id := v.form.Get(at + ".id"); {
	case id != "" && list == "hours":
		return "schedules/" + id
	case id != "" && list == "places":
		for _, s := range v.working.Service.Sites {
			if s.ID == id && v.mistakes.Of("locations/"+s.Location.ID+"/latitude") != "" {
				return "locations/" + s.Location.ID + "/latitude"
			}
		}
	}
	return at
}

// rowFault is what is wrong with a row as a whole.
func (v editorView) rowFault(at, list string) string {
	id := v.form.Get(at + ".id")
	switch list {
	case "hours":
		if id != "" && v.mistakes.Of("schedules/"+id) != "" {
			return v.mistakes.Of("schedules/" + id)
		}
	case "places":
		for _, s := range v.working.Service.Sites {
			if s.ID == id {
				return v.mistakes.Of("locations/" + s.Location.ID + "/latitude")
			}
		}
		return v.mistakes.Of("confidential/" + id + "/province")
	}
	return ""
}

// choice is a list to choose one from.
func (v editorView) choice(name string, options []ui.Option) ui.SelectView {
	return v.choiceAt(name, "census.f."+name, options)
}

func (v editorView) choiceAt(name, label string, options []ui.Option) ui.SelectView {
	for i := range options {
		options[i].Selected = options[i].Value == v.form.Get(name)
	}
	return ui.SelectView{ID: name, Name: name, Label: v.words.Text(label), Help: v.help(strings.TrimPrefix(label, "census.f.")), Error: v.mistakes.Of(name), Options: options}
}

func (v editorView) options(key string, values ...string) []ui.Option {
	list := make([]ui.Option, len(values))
	for i, value := range values {
		name := strings.ReplaceAll(value, " ", "_")
		if name == "" {
			name = "none"
		}
		list[i] = ui.Option{Value: value, Text: v.words.Text(key + name)}
	}
	return list
}

func (v editorView) statuses() []ui.Option { return v.options("census.status.", directory.Statuses...) }
func (v editorView) sexes() []ui.Option    { return v.options("census.sex.", "", "female", "male") }
func (v editorView) families() []ui.Option {
	return v.options("census.family.", append([]string{""}, directory.Families...)...)
}
func (v editorView) holidays() []ui.Option {
	return v.options("census.holidays.", "", "closed", "open")
}

func (v editorView) hoursKind(at string) ui.SelectView {
	if !v.form.Has(at + ".kind") {
		v.form.Set(at+".kind", hoursWeekly)
	}
	s := v.choiceAt(at+".kind", "census.f.hours.kind", v.options("census.hours.", hoursWeekly, hoursMonthly, hoursMonthDay))
	return s
}

func (v editorView) nth(at string) ui.SelectView {
	return v.choiceAt(at+".nth", "census.f.hours.nth", v.options("census.nth.", nths...))
}

// days are the days of the week of a row of hours.
func (v editorView) days(at string) ui.ChecksView {
	c := ui.ChecksView{ID: at + ".days", Name: at + ".days", Legend: v.words.Text("census.f.hours.days")}
	for i, code := range weekCodes {
		day := time.Weekday((i + 1) % 7)
		c.Options = append(c.Options, ui.Option{Value: code, Text: v.words.Weekday(day, lang.Short), Selected: slices.Contains(v.form[at+".days"], code)})
	}
	return c
}

// rowIsOdd: the row says more than days and hours.
func (v editorView) rowIsOdd(at string) bool {
	for _, name := range []string{"monthdays", "from", "to", "start", "note", "fortnight", "appointment"} {
		if v.on(at + "." + name) {
			return true
		}
	}
	return v.form.Get(at+".kind") == hoursMonthly
}

// ruleSaid writes a rule that the form can't show.
func (v editorView) ruleSaid(at string) string {
	id := v.form.Get(at + ".id")
	all := slices.Clone(v.working.Service.Schedules)
	for _, s := range v.working.Service.Sites {
		all = append(all, s.Schedules...)
	}
	for _, s := range all {
		if s.ID == id {
			return strings.TrimSpace(strings.Join([]string{s.Freq, s.ByDay, s.ByMonthDay, s.ByWeekNo, s.DTStart, s.Until, s.OpensAt + "–" + s.ClosesAt}, " "))
		}
	}
	return ""
}

func (v editorView) titles() ui.ChecksView {
	c := ui.ChecksView{ID: "titles", Name: "titles", Legend: v.words.Text("census.f.titles"), Help: v.help("titles")}
	for _, code := range titlesOfStay().codes {
		c.Options = append(c.Options, ui.Option{Value: code, Text: titlesOfStay().name(v.words.Lang(), code), Selected: slices.Contains(v.form["titles"], code)})
	}
	return c
}

// needGroup is a category of needs with those below it.
type needGroup struct {
	Code, Title string
	Open        bool
	Options     []ui.Option
}

func (v editorView) needs() []needGroup {
	var list []needGroup
	for _, top := range need.All() {
		if !top.Top() {
			continue
		}
		g := needGroup{Code: top.Code, Title: top.Name(v.words.Lang())}
		for _, n := range append([]need.Need{top}, need.Under(top.Code)...) {
			chosen := slices.Contains(v.form["needs"], n.Code)
			g.Open = g.Open || chosen
			g.Options = append(g.Options, ui.Option{Value: n.Code, Text: n.Name(v.words.Lang()), Selected: chosen})
		}
		list = append(list, g)
	}
	return list
}

// mainNeeds are the needs that are chosen: one of them decides the category of the service.
func (v editorView) mainNeeds() []ui.Option {
	list := []ui.Option{{Value: "", Text: v.words.Text("census.main_need_none")}}
	for _, code := range v.form["needs"] {
		if n, ok := need.ByCode(code); ok {
			list = append(list, ui.Option{Value: code, Text: n.Name(v.words.Lang())})
		}
	}
	return list
}

func (v editorView) provinceOf(at string) ui.SelectView {
	list := []ui.Option{{Value: "", Text: v.words.Text("census.province_none")}}
	for _, p := range network.Territories().Provinces() {
		list = append(list, ui.Option{Value: p.Sigla, Text: p.Name})
	}
	slices.SortFunc(list[1:], func(a, b ui.Option) int { return strings.Compare(a.Text, b.Text) })
	return v.choiceAt(at+".province", "census.f.places.province", list)
}

// spokenCodes are the languages that services speak most: those of the interface and of the
// glossary's open list. Others that a service has are shown as well.
var spokenCodes = strings.Fields("it en fr es ar uk sq zh bn ur pa hi ru ro si ta tl wo ti am so fa prs ps ku ckb tr ka pt bm ff mnk snk ha ig yo bin pcm ise")

func (v editorView) spoken() ui.ChecksView {
	c := ui.ChecksView{ID: "spoken", Name: "spoken", Legend: v.words.Text("census.f.spoken"), HideLegend: true}
	codes := slices.Clone(spokenCodes)
	for _, code := range v.form["spoken"] {
		if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	for _, code := range codes {
		c.Options = append(c.Options, ui.Option{Value: code, Text: lang.Name(v.words.Lang(), code), Selected: slices.Contains(v.form["spoken"], code)})
	}
	return c
}

// named is a table of the reference data: code → language → name, in the order of the file.
type named struct {
	codes []string
	names map[string]map[string]string
}

func (n named) name(page, code string) string {
	if name := n.names[code][page]; name != "" {
		return name
	}
	return code
}

var titlesOfStay = sync.OnceValue(func() named {
	text, err := data.FS.ReadFile("italy/residence-titles.json")
	n := named{names: map[string]map[string]string{}}
	if err == nil {
		err = json.Unmarshal(text, &n.names)
	}
	if err != nil {
		panic("officeweb: residence-titles.json: " + err.Error()) // embedded
	}
	for code := range n.names {
		n.codes = append(n.codes, code)
	}
	// In the order of the file, which is that of a common sense and not of the alphabet.
	slices.SortFunc(n.codes, func(a, b string) int {
		return strings.Index(string(text), `"`+a+`"`) - strings.Index(string(text), `"`+b+`"`)
	})
	return n
})
