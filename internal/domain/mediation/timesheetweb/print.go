// SPDX-License-Identifier: EUPL-1.2

package timesheetweb

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/lang"
)

// Print is a month on paper or in a sheet: what was signed, or a draft of what would be.
type Print struct {
	words   lang.Words
	month   timesheet.Month
	content timesheet.Content
	signed  *timesheet.Sheet // nil for a draft
}

// NewPrint gives a month to be printed in some words.
func NewPrint(words lang.Words, m timesheet.Month) Print {
	p := Print{words: words, month: m, content: m.Draft}
	if s, ok := m.Current(); ok {
		p.content, p.signed = s.Content, &s
	}
	return p
}

// column is one column of the table of a timesheet.
type column struct {
	key    string
	width  float64 // millimetres; together they are the width of the page
	number bool
}

var columns = []column{
	{"session.day", 21, false}, {"session.hours", 24, false}, {"session.body", 50, false}, {"session.what", 54, false}, {"session.charge", 56, false},
	{"session.owed.short", 17, true}, {"session.travel.title", 17, true}, {"session.expenses", 18, true}, {"session.amount", 20, true},
}

func (p Print) line(l timesheet.Line) []string {
	w := p.words
	what := w.Text("session.outcome." + string(l.Outcome))
	if len(l.Done) > 0 {
		what += ": " + listed(w, "session.done.", l.Done)
	}
	if fee := lineFee(w, p.month.Names, l); fee != "" {
		what += ": " + fee
	}
	return []string{
		dayText(w, l.Day), l.From + "–" + l.To, p.month.Names.Of(l.Member), what, p.month.Names.Charged(timesheet.Charge{Project: l.Project, Activity: l.Activity}),
		hoursText(l.Minutes), hoursText(l.Travel), eurosText(w, l.Expenses), eurosText(w, l.Amount),
	}
}

func (p Print) total() []string {
	c, w := p.content, p.words
	return []string{w.Text("session.total"), "", "", "", "", hoursText(c.Minutes), hoursText(c.Travel), eurosText(w, c.Expenses), eurosText(w, c.Amount)}
}

// heading says whose month it is.
func (p Print) heading() []string {
	w, m := p.words, p.month
	list := []string{
		w.Text("session.mediator") + ": " + m.Mediator.Name,
		w.Text("session.keeper") + ": " + m.Names.Of(p.content.Member),
		w.Text("session.month") + ": " + monthText(w, m.Month) + " · " + w.Text("session.number", "n", p.content.Number),
	}
	if p.signed != nil {
		list[0] = w.Text("session.mediator") + ": " + p.signed.First.Name
	}
	return list
}

// signatures say who signed under what; a draft has lines to sign on.
func (p Print) signatures() []string {
	w := p.words
	if p.signed == nil {
		return []string{w.Text("session.draft"), w.Text("session.hash") + ": " + p.content.Hash(), "", w.Text("session.signed.first") + ": ______________________________", "", w.Text("session.signed.second") + ": ______________________________"}
	}
	s := *p.signed
	first := w.Text("session.signed.first") + ": " + s.First.Name + ", " + momentText(w, s.First.At)
	if s.OnPaper {
		first += " (" + w.Text("session.on_paper") + ")"
	}
	second := w.Text("session.signed.second") + ": " + w.Text("session.signed.waits")
	if !s.Second.At.IsZero() {
		second = w.Text("session.signed.second") + ": " + s.Second.Name + ", " + momentText(w, s.Second.At)
	}
	list := []string{first, second, w.Text("session.hash") + ": " + s.Hash}
	if s.Seal != "" {
		list = append(list, w.Text("session.seal")+": "+s.Seal)
	}
	if !s.Intact() {
		list = append(list, w.Text("session.broken"))
	}
	return list
}

// Table is the month as a sheet, hours and sums as numbers.
func (p Print) Table() [][]any {
	var titles []any
	for _, c := range columns {
		titles = append(titles, p.words.Text(c.key))
	}
	rows := [][]any{titles}
	number := func(texts []string, minutes, travel int, expenses, amount int64) {
		row := make([]any, 0, len(columns))
		for _, text := range texts[:5] {
			row = append(row, text)
		}
		rows = append(rows, append(row, hours(minutes), hours(travel), float64(expenses)/100, float64(amount)/100))
	}
	for _, l := range p.content.Lines {
		number(p.line(l), l.Minutes, l.Travel, l.Expenses, l.Amount)
	}
	c := p.content
	number(p.total(), c.Minutes, c.Travel, c.Expenses, c.Amount)
	rows = append(rows, []any{})
	for _, text := range append(p.heading(), p.signatures()...) {
		rows = append(rows, []any{text})
	}
	return rows
}

// hours are minutes as a number of hours with two digits, as sheets calculate.
func hours(minutes int) float64 { return float64((minutes*100+30)/60) / 100 }

const (
	margin     = 10.0
	lineHeight = 4.4
	cellPad    = 1.0
)

// PDF writes the month as A4 across, the titles of the table again on every page. The fonts are those of the
// Go project (BSD): Latin, Greek and Cyrillic; other letters have no names on a roster here.
func (p Print) PDF() ([]byte, error) {
	w := p.words
	doc := fpdf.New("L", "mm", "A4", "")
	doc.AddUTF8FontFromBytes("go", "", goregular.TTF)
	doc.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	doc.SetLang("it-IT")
	title := w.Text("session.sheet.title") + " · " + p.month.Mediator.Name + " · " + monthText(w, p.month.Month)
	doc.SetTitle(title, true)
	doc.SetCreator("Approdo", true)
	if p.signed != nil { // the same timesheet is the same file
		at := p.signed.First.At
		if !p.signed.Second.At.IsZero() {
			at = p.signed.Second.At
		}
		doc.SetCreationDate(at)
		doc.SetModificationDate(at)
	}
	doc.SetCatalogSort(true)
	doc.SetMargins(margin, margin, margin)
	doc.SetAutoPageBreak(false, margin)
	doc.AliasNbPages("{pages}")
	doc.SetFooterFunc(func() {
		doc.SetY(-8)
		doc.SetFont("go", "", 7)
		doc.CellFormat(0, 4, title+" · "+w.Text("session.page")+" "+strconv.Itoa(doc.PageNo())+"/{pages}", "", 0, "L", false, 0, "")
	})
	doc.AddPage()
	doc.Bookmark(w.Text("session.sheet.title"), 0, -1)
	doc.SetFont("go", "B", 14)
	doc.CellFormat(0, 8, w.Text("session.sheet.title"), "", 1, "L", false, 0, "")
	doc.SetFont("go", "", 10)
	for _, text := range p.heading() {
		doc.CellFormat(0, 5.5, text, "", 1, "L", false, 0, "")
	}
	doc.Ln(3)
	var titles []string
	for _, c := range columns {
		titles = append(titles, w.Text(c.key))
	}
	row(doc, titles, true, nil)
	again := func() {
		doc.AddPage()
		row(doc, titles, true, nil)
	}
	for _, l := range p.content.Lines {
		row(doc, p.line(l), false, again)
	}
	row(doc, p.total(), true, again)
	end(doc, p)
	var b bytes.Buffer
	if err := doc.Output(&b); err != nil {
		return nil, fmt.Errorf("timesheet: %w", err)
	}
	return b.Bytes(), nil
}

// row writes one row of the table, as high as its longest cell; what no longer fits goes on the next page.
func row(doc *fpdf.Fpdf, cells []string, bold bool, next func()) {
	style := ""
	if bold {
		style = "B"
	}
	doc.SetFont("go", style, 8)
	lines, most := make([][]string, len(cells)), 1
	for i, text := range cells {
		if text != "" {
			lines[i] = doc.SplitText(strings.ReplaceAll(text, "\n", " "), columns[i].width-2*cellPad-1)
		}
		most = max(most, len(lines[i]))
	}
	height := float64(most)*lineHeight + 2*cellPad
	if _, page := doc.GetPageSize(); next != nil && doc.GetY()+height > page-margin-4 {
		next()
		doc.SetFont("go", style, 8)
	}
	x, y := margin, doc.GetY()
	for i, c := range columns[:len(cells)] {
		doc.Rect(x, y, c.width, height, "D")
		align := "L"
		if c.number {
			align = "R"
		}
		for n, text := range lines[i] {
			doc.SetXY(x+cellPad, y+cellPad+float64(n)*lineHeight)
			doc.CellFormat(c.width-2*cellPad, lineHeight, text, "", 0, align, false, 0, "")
		}
		x += c.width
	}
	doc.SetXY(margin, y+height)
}

// end writes what pays for the month, and the signatures, together on a page.
func end(doc *fpdf.Fpdf, p Print) {
	w := p.words
	used, signatures := p.content.ByActivity(), p.signatures()
	if _, page := doc.GetPageSize(); doc.GetY()+float64(len(used)+len(signatures))*5.5+22 > page-margin {
		doc.AddPage()
	}
	heading := func(key string) {
		doc.Ln(4)
		doc.SetFont("go", "B", 10)
		doc.CellFormat(0, 6, w.Text(key), "", 1, "L", false, 0, "")
		doc.SetFont("go", "", 9)
	}
	heading("session.charges")
	for _, u := range used {
		name := p.month.Names.Charged(u.Charge)
		if name == "" {
			name = w.Text("session.charge.none")
		}
		doc.CellFormat(0, 5.5, name+": "+hoursText(u.Minutes)+", "+eurosText(w, u.Cents), "", 1, "L", false, 0, "")
	}
	heading("session.signatures")
	for _, text := range signatures {
		doc.CellFormat(0, 5.5, text, "", 1, "L", false, 0, "")
	}
}
