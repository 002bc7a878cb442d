// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
)

// Our own template is a sheet in Italian that an operator fills: one row for each service, and one
// more row for each further place of it. Every column can be read from a service and written into
// one, so the same list serves the empty template, exports and imports. When a workbook that was
// exported comes back, only the cells that somebody changed are taken from the sheet; the rest is
// in the sheet "Scheda completa", whole.

// draft is a service while the columns work on it.
type draft struct {
	service hsds.Service
	extra   serviceExtra
	// at is the place of the row, nil when it has none.
	at *hsds.ServiceAtLocation
	// place is our own part of the place of the row.
	place locationExtra
	// first: the row carries the service itself, not only a further place.
	first bool
	made  int // places made so far, for their identifiers
	// province is what the row says of a hidden place without address.
	province string
	source   string
}

// errCell is what a column answers to a cell that it cannot read: the key of a problem, and what
// is allowed.
type errCell struct{ key, allowed string }

func (e errCell) Error() string { return e.key }

// sheetColumn is one column of the template.
type sheetColumn struct {
	title string
	help  string
	width float64
	get   func(*draft) string
	put   func(*draft, string) error
	// values names a list of the sheet of values, "" for free text.
	values string
	// site: the column is about a place, so every row of a service has it.
	site bool
}

const (
	titleCode = "Codice"
	titleName = "Nome del servizio"
	titleBody = "Ente"
)

// isTemplate recognises the header of the template.
func isTemplate(header []string) bool {
	found, name, body := 0, lang.Fold(titleName), lang.Fold(titleBody)
	for _, h := range header {
		switch lang.Fold(h) {
		case name, body, "bisogno", "comune":
			found++
		}
	}
	return found >= 3
}

// textColumn makes a column of one text of the service.
func textColumn(title, help string, width float64, at func(*draft) *string) sheetColumn {
	return sheetColumn{title: title, help: help, width: width,
		get: func(d *draft) string { return *at(d) },
		put: func(d *draft, cell string) error { *at(d) = cell; return nil }}
}

func yesNo(title, help string, at func(*draft) *bool) sheetColumn {
	return sheetColumn{title: title, help: help, width: 12, values: "Sì/No",
		get: func(d *draft) string {
			if *at(d) {
				return "sì"
			}
			return ""
		},
		put: func(d *draft, cell string) error {
			v, ok := readBool(cell)
			if !ok && cell != "" {
				return errCell{"value.yes-no", ""}
			}
			*at(d) = v
			return nil
		}}
}

// coded makes a column whose values are words for codes.
func coded(title, help, values string, words [][2]string, at func(*draft) *string) sheetColumn {
	return sheetColumn{title: title, help: help, width: 18, values: values,
		get: func(d *draft) string {
			for _, w := range words {
				if w[0] == *at(d) {
					return w[1]
				}
			}
			return *at(d)
		},
		put: func(d *draft, cell string) error {
			if cell == "" {
				*at(d) = ""
				return nil
			}
			var allowed []string
			for _, w := range words {
				if lang.Fold(w[1]) == lang.Fold(cell) || w[0] == cell {
					*at(d) = w[0]
					return nil
				}
				allowed = append(allowed, w[1])
			}
			return errCell{"value.code", strings.Join(allowed, ", ")}
		}}
}

var (
	statusNames  = [][2]string{{directory.StatusActive, "attivo"}, {directory.StatusInactive, "inattivo"}, {directory.StatusTemporarilyClosed, "chiuso temporaneamente"}, {directory.StatusDefunct, "cessato"}}
	sexNames     = [][2]string{{"female", "donne"}, {"male", "uomini"}}
	familyNames  = [][2]string{{"with-children", "famiglie con figli"}, {"single-parent", "genitori soli"}, {"couple", "coppie"}, {"alone", "persone sole"}}
	holidayNames = [][2]string{{"closed", "chiuso"}, {"open", "aperto"}}
)

func ageColumn(title string, at func(*draft) **float64) sheetColumn {
	return sheetColumn{title: title, help: "Un numero di anni.", width: 10, values: "età",
		get: func(d *draft) string {
			if *at(d) == nil {
				return ""
			}
			return strconv.FormatFloat(**at(d), 'f', -1, 64)
		},
		put: func(d *draft, cell string) error { return putNumber(at(d), cell, 0, 130) }}
}

func putNumber(at **float64, cell string, least, most float64) error {
	if cell == "" {
		*at = nil
		return nil
	}
	n, err := strconv.ParseFloat(strings.Replace(cell, ",", ".", 1), 64)
	if err != nil || n != n || n < least || n > most {
		return errCell{"value.number-between", strconv.FormatFloat(least, 'f', -1, 64) + "–" + strconv.FormatFloat(most, 'f', -1, 64)}
	}
	*at = &n
	return nil
}

func getNeeds(d *draft) string {
	names := make([]string, len(d.extra.Needs))
	for i, code := range d.extra.Needs {
		names[i] = code
		if n, ok := need.ByCode(code); ok {
			names[i] = n.Name("it")
		}
	}
	return strings.Join(names, "; ")
}

func putNeeds(d *draft, cell string) error {
	var codes, unknown []string
	for one := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == ';' || r == '\n' }) {
		code := needNamed(strings.TrimSpace(one))
		if code == "" {
			unknown = append(unknown, strings.TrimSpace(one))
		} else if !slices.Contains(codes, code) {
			codes = append(codes, code)
		}
	}
	if len(unknown) > 0 {
		return errCell{"need.unknown-name", strings.Join(unknown, "; ")}
	}
	d.extra.Needs = codes
	return nil
}

// needNamed finds a need by its code or its name in Italian or English.
func needNamed(name string) string {
	if need.Known(name) {
		return name
	}
	folded := lang.Fold(name)
	for _, n := range need.All() {
		if lang.Fold(n.Name("it")) == folded || lang.Fold(n.Name("en")) == folded {
			return n.Code
		}
	}
	return ""
}

func getTerritory(d *draft) string { return d.extra.Territory }

func putTerritory(d *draft, cell string) error {
	if cell == "" || lang.Fold(cell) == "italia" || cell == "IT" {
		d.extra.Territory = map[bool]string{true: "IT"}[cell != ""]
		return nil
	}
	ref, err := network.ParseTerritory(cell)
	kind, code, _ := strings.Cut(string(ref), ":")
	if err != nil || kind != "c" && kind != "p" {
		return errCell{"value.territory", ""}
	}
	d.extra.Territory = code
	return nil
}

// putBody names the body that offers the service. Another name is another body.
func putBody(d *draft, cell string) error {
	if cell == "" {
		return errCell{"value.missing", ""}
	}
	id := derive(d.source, "organization", lang.Fold(cell))
	d.service.Organization = &hsds.Organization{OrganizationFields: hsds.OrganizationFields{ID: id, Name: cell}}
	d.service.OrganizationID = id
	d.service.Program, d.service.ProgramID = nil, ""
	return nil
}

func getBody(d *draft) string {
	if d.service.Organization == nil {
		return ""
	}
	return d.service.Organization.Name
}

// getList and putList write a list of parts in one cell, "; " between them.
func getList[T any](list []T, text func(T) string) string {
	all := make([]string, 0, len(list))
	for _, one := range list {
		if s := text(one); s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, "; ")
}

// putList makes the parts that a cell lists, keeping those that were there under the same text.
func putList[T any](old []T, cell string, text func(T) string, build func(i int, s string) T) []T {
	var list []T
	i := 0
	for s := range strings.FieldsFuncSeq(cell, func(r rune) bool { return r == ';' || r == '\n' }) {
		s = strings.TrimSpace(s)
		if s == "" {
			continue
		}
		at := slices.IndexFunc(old, func(o T) bool { return text(o) == s })
		if at >= 0 {
			list = append(list, old[at])
		} else {
			list = append(list, build(i, s))
		}
		i++
	}
	return list
}

func phoneText(p hsds.Phone) string {
	if p.Description == "" {
		return p.Number
	}
	return p.Number + " (" + p.Description + ")"
}

func putPhones(d *draft, cell string) error {
	d.service.Phones = putList(d.service.Phones, cell, phoneText, func(i int, s string) hsds.Phone {
		p := hsds.Phone{ID: derive(d.service.ID, "phone", s), Number: s}
		if open := strings.Index(s, "("); open > 0 && strings.HasSuffix(s, ")") {
			p.Number, p.Description = strings.TrimSpace(s[:open]), s[open+1:len(s)-1]
		}
		return p
	})
	return nil
}

func languageText(l hsds.Language) string {
	if l.Name == "" {
		return l.Code
	}
	return l.Name
}

func putLanguages(d *draft, cell string) error {
	d.service.Languages = putList(d.service.Languages, strings.ReplaceAll(cell, ",", ";"), languageText, func(i int, s string) hsds.Language {
		return hsds.Language{ID: derive(d.service.ID, "language", lang.Fold(s)), Name: s, Code: spokenCodes()[lang.Fold(s)]}
	})
	return nil
}

func documentText(r hsds.RequiredDocument) string { return r.Document }

func putDocuments(d *draft, cell string) error {
	d.service.RequiredDocuments = putList(d.service.RequiredDocuments, cell, documentText, func(i int, s string) hsds.RequiredDocument {
		return hsds.RequiredDocument{ID: derive(d.service.ID, "document", lang.Fold(s)), Document: s}
	})
	return nil
}

func costText(c hsds.CostOption) string {
	text := c.Option
	if c.Amount != nil {
		text = strings.TrimSpace(text + " " + strconv.FormatFloat(*c.Amount, 'f', -1, 64) + " €")
	}
	return strings.TrimSpace(text + " " + c.AmountDescription)
}

func putCosts(d *draft, cell string) error {
	d.service.CostOptions = putList(d.service.CostOptions, cell, costText, func(i int, s string) hsds.CostOption {
		return hsds.CostOption{ID: derive(d.service.ID, "cost", lang.Fold(s)), Option: s, Currency: "EUR"}
	})
	return nil
}

func putAssured(d *draft, cell string) error {
	if cell == "" {
		d.service.AssuredDate = ""
		return nil
	}
	day, every, ok := readDay(cell, false)
	if !ok || every {
		return errCell{"value.date-italian", ""}
	}
	d.service.AssuredDate = day
	return nil
}

// explainCell makes a problem of what a column answered.
func explainCell(t *table, row int, column, cell string, err error) Problem {
	p := Problem{File: t.file, Row: row, Column: column, Severity: Error, Key: "value.unreadable", Value: cell}
	var c errCell
	if errors.As(err, &c) {
		p.Key = c.key
		if c.allowed != "" {
			p.Args = map[string]string{"codes": c.allowed}
		}
	}
	return p
}

// newDraft makes a draft of a service, and takes our own part out of it.
func newDraft(s hsds.Service, source string) *draft {
	d := &draft{service: s, source: source, first: true}
	if len(s.Approdo) > 0 {
		// What cannot be read is reported when the service is read as a record.
		_ = json.Unmarshal(s.Approdo, &d.extra)
	}
	d.service.Approdo = nil
	return d
}
