// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"context"
	"slices"
	"strings"

	"approdo/internal/kit/lang"
)

// Mapping reads a sheet with columns of its own as if it were ours.
type Mapping struct {
	// Columns: name of a column in the sheet → title of our column (Titles).
	Columns map[string]string `json:"columns,omitempty"`
	// Fixed: title of our column → what stands in it in every row where the sheet says nothing.
	Fixed map[string]string `json:"fixed,omitempty"`
}

func (m *Mapping) none() bool { return m == nil || len(m.Columns) == 0 && len(m.Fixed) == 0 }

// apply renames the columns of a table, adds what is fixed, and tells whether it is read as our sheet
// from then on. A table that is ours already stays as it is, and so does one without a name of services.
func (m *Mapping) apply(t *table) bool {
	if t.header == nil || isTemplate(t.header) {
		return t.header != nil
	}
	if m.none() || !slices.ContainsFunc(t.header, func(h string) bool { return m.Columns[h] == titleName }) {
		return false
	}
	for i, name := range t.header {
		if title := m.Columns[name]; title != "" {
			t.header[i] = title
		}
	}
	for _, title := range sortedKeys(m.Fixed) {
		value := m.Fixed[title]
		if value == "" {
			continue
		}
		at := t.column(title)
		if at < 0 {
			at = len(t.header)
			t.header = append(t.header, title)
		}
		for i := range t.rows {
			cells := t.rows[i].cells
			for len(cells) <= at {
				cells = append(cells, "")
			}
			if strings.TrimSpace(cells[at]) == "" {
				cells[at] = value
			}
			t.rows[i].cells = cells
		}
	}
	return true
}

// Title is one column of our sheet.
type Title struct {
	Name     string
	Help     string
	Required bool
}

// Titles lists the columns of our sheet, in its order.
func Titles() []Title {
	list := make([]Title, 0, len(sheetColumns()))
	for _, c := range sheetColumns() {
		list = append(list, Title{c.title, c.help, c.title == titleName || c.title == titleBody})
	}
	return list
}

// Sheet is a table as it stands in a file, to be mapped.
type Sheet struct {
	Name    string
	Header  []string
	Sample  [][]string // the first rows
	Rows    int
	Known   bool              // it can be read without a mapping
	Guessed map[string]string // what its columns may be, by their names
}

// sampled is how many rows of a sheet are shown to whoever maps it.
const sampled = 5

// Sheets reads the tables of a source without understanding them. Files that are no tables are left out.
func Sheets(ctx context.Context, src Source, opt Options) ([]Sheet, error) {
	opt.Limits = opt.Limits.orUsual()
	report := Report{}
	files, err := openSource(ctx, src, opt, &report)
	if err != nil {
		return nil, err
	}
	p := newPool("sheets", &report)
	p.peek = true
	for _, f := range files {
		if err := p.readFile(f); err != nil {
			return nil, err
		}
	}
	list := make([]Sheet, 0, len(p.tables))
	for _, t := range p.tables {
		s := Sheet{Name: t.file, Header: t.header, Rows: len(t.rows), Known: isTemplate(t.header) || dialectFor(t, "") != nil, Guessed: guess(t.header)}
		for _, row := range t.rows[:min(len(t.rows), sampled)] {
			cells := make([]string, len(t.header))
			for i := range cells {
				cells[i] = shorten(row.cell(i))
			}
			s.Sample = append(s.Sample, cells)
		}
		list = append(list, s)
	}
	return list, nil
}

// alsoCalled are names that people give to the columns of our sheet, folded.
var alsoCalled = map[string][]string{
	titleName:         {"nome servizio", "servizio", "denominazione", "denominazione servizio", "titolo", "name", "service", "service name", "title"},
	titleBody:         {"organizzazione", "ente gestore", "gestore", "ente titolare", "organization", "organisation", "agency", "associazione"},
	titleCode:         {"id", "codice", "codice servizio", "code"},
	"Bisogno":         {"categoria", "bisogni", "tipologia", "tipo servizio", "category", "need"},
	"In breve":        {"sintesi", "descrizione breve", "abstract", "summary"},
	"Descrizione":     {"description", "descrizione servizio", "note"},
	"A chi è rivolto": {"destinatari", "target", "utenza", "beneficiari", "eligibility"},
	"Come si accede":  {"accesso", "modalita di accesso", "modalita accesso", "how to access"},
	"Documenti":       {"documenti necessari", "documentazione", "documents"},
	"Costo":           {"costi", "tariffa", "prezzo", "cost", "fees"},
	"Lingue parlate":  {"lingue", "lingua", "languages"},
	"Telefono":        {"tel", "telefoni", "recapito telefonico", "cellulare", "numero di telefono", "phone", "telephone"},
	"Email":           {"e mail", "mail", "posta elettronica", "indirizzo email"},
	"Sito web":        {"sito", "web", "url", "website", "sito internet", "link"},
	"Sede":            {"nome sede", "luogo", "location"},
	"Indirizzo":       {"via", "indirizzo sede", "address", "street"},
	"CAP":             {"codice postale", "postal code", "zip", "postcode"},
	"Comune":          {"citta", "localita", "city", "town"},
	"Provincia":       {"prov", "sigla", "province"},
	"Latitudine":      {"lat", "latitude", "y"},
	"Longitudine":     {"lon", "lng", "long", "longitude", "x"},
	"Come arrivare":   {"mezzi", "trasporti", "autobus", "transport"},
}

// guess proposes what the columns of a foreign sheet are.
func guess(header []string) map[string]string {
	found := map[string]string{}
	folded := make([]string, len(header))
	for i, h := range header {
		folded[i] = lang.Fold(h)
	}
	for _, c := range sheetColumns() {
		title := lang.Fold(c.title)
		for i, h := range header {
			if found[h] == "" && h != "" && (folded[i] == title || slices.Contains(alsoCalled[c.title], folded[i])) {
				found[h] = c.title
				break
			}
		}
	}
	return found
}
