// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// mostKept is how many services fit on a list.
const mostKept = 30

// sheetView is the list of services in two languages side by side, made to be printed.
type sheetView struct {
	IDs       []string
	With      string // second language
	Languages []ui.Option
	Items     []sheetItem
	Left      int // asked for and not shown: gone, or never to be listed
	Code      string
	Link      string
	PDF       string // address of the PDF, "" where none can be made
}

// sheetItem is one service: its facts once, its texts twice.
type sheetItem struct {
	Address, Href string
	Body          string
	Phones        []hsds.Phone
	Mail          string
	Sides         [2]sheetSide
	Rows          []sheetRow
}

// sheetSide is a title in one language.
type sheetSide struct{ Lang, Title, TitleLang string }

// sheetRow is one part of the card, left and right.
type sheetRow struct {
	Label [2]string
	Text  [2][]string
	Lang  [2]string // of the text, which may be another than that of the side
}

// readIDs reads "ids=a,b", each once, at most mostKept.
func readIDs(r *http.Request) []string {
	var ids []string
	for id := range strings.SplitSeq(r.URL.Query().Get("ids"), ",") {
		if id = strings.TrimSpace(id); id != "" && len(id) <= 64 && !slices.Contains(ids, id) && len(ids) < mostKept {
			ids = append(ids, id)
		}
	}
	return ids
}

// readWith is the second language: the one asked for, else Italian, else (beside Italian) English.
func readWith(r *http.Request) string {
	mine, with := web.Lang(r.Context()), r.URL.Query().Get("with")
	switch {
	case with == "none":
		return ""
	case lang.Known(with) && with != mine:
		return with
	case mine != "it":
		return "it"
	}
	return "en"
}

func (p *pages) getShortlist(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v, err := p.sheetOf(ctx, readIDs(r), readWith(r))
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	return p.show(w, r, ui.Head{Title: words.Text("shortlist.title"), NoIndex: true, Active: "/shortlist", Crumbs: []ui.Link{{Text: words.Text("menu.shortlist")}}}, shortlistPage(v))
}

// sheetOf reads the services of a list. Those that must leave no trace are left out, whoever put
// them on it.
func (p *pages) sheetOf(ctx context.Context, ids []string, with string) (sheetView, error) {
	entries, err := p.Directory.Entries(ctx, ids)
	if err != nil {
		return sheetView{}, err
	}
	mine := web.Lang(ctx)
	v := sheetView{IDs: ids, With: with}
	for _, code := range lang.All {
		if code != mine {
			v.Languages = append(v.Languages, ui.Option{Value: code, Text: lang.NativeName(code), Lang: code, Selected: code == with})
		}
	}
	v.Languages = append(v.Languages, ui.Option{Value: "none", Text: ui.T(ctx, "shortlist.one_language"), Selected: with == ""})
	var shown []string
	for _, e := range entries {
		if discreet(&e) {
			continue
		}
		shown = append(shown, e.ID)
		v.Items = append(v.Items, p.sheetItemOf(ctx, e, with))
	}
	v.Left = len(ids) - len(shown)
	query := url.Values{"ids": {strings.Join(shown, ",")}, "with": {v.with()}}.Encode()
	v.Link = web.Absolute(ctx, web.Path(ctx, "/shortlist")+"?"+query)
	v.Code = web.Path(ctx, "/shortlist/qr.svg") + "?" + query
	if p.PDF != nil {
		v.PDF = web.Path(ctx, "/shortlist.pdf") + "?" + query
	}
	return v, nil
}

func (v sheetView) with() string {
	if v.With == "" {
		return "none"
	}
	return v.With
}

func (p *pages) sheetItemOf(ctx context.Context, e directory.Entry, with string) sheetItem {
	mine := web.Words(ctx)
	words := []lang.Words{mine}
	if with != "" {
		words = append(words, p.words.Words(with))
	}
	item := sheetItem{Body: e.Organization.Name, Phones: serviceView{Entry: e}.phones(), Mail: e.Email, Href: web.Path(ctx, "/services/"+e.ID)}
	if len(e.Sites) > 0 {
		item.Address = siteAddress(e.Sites[0])
	}
	rows := make([][]sheetCell, len(words))
	for i, w := range words {
		in, shown := e.In(w.Lang())
		item.Sides[i] = sheetSide{Lang: w.Lang(), Title: in.Name, TitleLang: shown[directory.GroupTitle].Language}
		rows[i] = p.sheetCells(w, in, shown)
	}
	for i, cell := range rows[0] {
		row := sheetRow{}
		for side := range words {
			other := rows[side][i]
			row.Label[side], row.Text[side], row.Lang[side] = other.label, other.text, other.lang
		}
		if len(cell.text) > 0 || len(row.Text[1]) > 0 {
			item.Rows = append(item.Rows, row)
		}
	}
	return item
}

// sheetCell is one part of the card in one language; text is empty when the card does not have it.
type sheetCell struct {
	label, lang string
	text        []string
}

// sheetCells are the parts that go on paper, the same parts in every language.
func (p *pages) sheetCells(w lang.Words, e directory.Entry, shown map[string]directory.Shown) []sheetCell {
	title, body, paper := shown[directory.GroupTitle].Language, shown[directory.GroupBody].Language, shown[directory.GroupPractice].Language
	var documents, costs []string
	for _, d := range e.RequiredDocuments {
		documents = append(documents, d.Document)
	}
	for _, c := range pricesShown(w, &e, paper) {
		costs = append(costs, strings.TrimSpace(c.Amount+" "+c.Text))
	}
	return []sheetCell{
		{w.Text("shortlist.summary"), title, paragraphs(e.Card.Summary)},
		{w.Text("service.hours"), w.Lang(), p.weekLines(w, &e)},
		{w.Text("service.bring"), paper, documents},
		{w.Text("service.cost"), paper, costs},
		{w.Text("service.how"), body, paragraphs(e.ApplicationProcess)},
		{w.Text("service.spoken"), w.Lang(), spokenLine(w, e)},
	}
}

func spokenLine(w lang.Words, e directory.Entry) []string {
	var names []string
	for _, l := range (serviceView{Entry: e}).spoken() {
		names = append(names, isolated(lang.NativeName(l.Code)))
	}
	if len(names) == 0 {
		return nil
	}
	return []string{w.List(names)}
}

// weekLines is the timetable in lines for paper; days without hours are left out.
func (p *pages) weekLines(w lang.Words, e *directory.Entry) []string {
	now := p.now().In(zoneOf(e))
	var lines []string
	for _, d := range weekOf(w, e, 0, now) {
		var slots []string
		for _, s := range d.Slots {
			slots = append(slots, s.Hours)
		}
		if len(slots) > 0 {
			lines = append(lines, d.Name+" "+strings.Join(slots, ", "))
		}
	}
	if e.Card.Hours.ByAppointment {
		lines = append([]string{w.Text("opening.appointment")}, lines...)
	}
	if len(lines) == 0 {
		lines = []string{w.Text("opening.unknown")}
	}
	return lines
}

// getShortlistPDF prints the list with the printer of the server.
func (p *pages) getShortlistPDF(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	ids := readIDs(r)
	if p.PDF == nil {
		return fault.Unavailable("shortlist.no_pdf")
	}
	if len(ids) == 0 {
		return lost()
	}
	if err := p.large.Allow(w, r); err != nil {
		return err
	}
	with := readWith(r)
	query := url.Values{"ids": {strings.Join(ids, ",")}, "with": {(sheetView{With: with}).with()}}
	pdf, err := p.PDF.Print(ctx, web.Path(ctx, "/shortlist")+"?"+query.Encode())
	if err != nil {
		return fault.Unavailable("shortlist.no_pdf").Because(err)
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `inline; filename="approdo.pdf"`)
	h.Set("Cache-Control", "private, no-store")
	_, _ = w.Write(pdf) // the reader has gone: nothing to be done
	return nil
}

// sides is how many languages stand side by side.
func sides(v sheetView) int {
	if v.With == "" {
		return 1
	}
	return 2
}

// shortLink is the address as it is read from paper.
func shortLink(link string) string {
	before, _, _ := strings.Cut(link, "?")
	return strings.TrimPrefix(strings.TrimPrefix(before, "https://"), "http://")
}

func withoutItem(ctx context.Context, v sheetView, item sheetItem) templ.SafeURL {
	id := item.Href[strings.LastIndex(item.Href, "/")+1:]
	ids := slices.DeleteFunc(slices.Clone(v.IDs), func(one string) bool { return one == id })
	return templ.SafeURL(web.Path(ctx, "/shortlist") + "?" + url.Values{"ids": {strings.Join(ids, ",")}, "with": {v.with()}}.Encode())
}
