// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"slices"
	"strings"
	"unicode"

	"approdo/internal/kit/lang"
	"approdo/internal/kit/sheet"
)

// Fields are what a column of a file can hold, in the order in which people are shown them. Words for them
// stand in the catalogue under roster.field.
var Fields = []string{
	"name", "given", "family", "key", "section", "gender", "language", "level", "dialect", "written", "skills", "modes", "comune", "areas", "range",
	"phone", "mail", "tax_code", "rate", "employer", "act", "act_day", "expires", "informed", "remarks",
}

// titles are what offices write above their columns, folded; what stands first is tried first.
var titles = []struct {
	field string
	words []string
}{
	{"name", []string{"nome e cognome", "cognome e nome", "nominativo", "cognome nome", "nome cognome", "mediatore", "mediatrice", "operatore", "full name", "name"}},
	{"given", []string{"nome", "first name", "given name"}},
	{"family", []string{"cognome", "last name", "surname", "family name"}},
	{"key", []string{"codice", "matricola", "id", "numero iscrizione", "n iscrizione", "code", "external id"}},
	{"section", []string{"sezione", "profilo", "qualifica", "ruolo", "section"}},
	{"gender", []string{"genere", "sesso", "gender", "sex", "m f", "f m"}},
	{"level", []string{"livello", "livello linguistico", "livello di conoscenza", "conoscenza", "level"}},
	{"dialect", []string{"dialetto", "dialetti", "varieta", "dialect"}},
	{"written", []string{"scritto", "anche scritto", "traduzione scritta", "written"}},
	{"language", []string{"lingua", "lingue", "lingue parlate", "lingua veicolare", "lingue veicolari", "lingua madre", "altre lingue", "lingua 1", "language", "languages"}},
	{"skills", []string{"competenze", "ambiti", "ambito", "ambiti di intervento", "specializzazione", "specializzazioni", "settore", "settori", "skills"}},
	{"modes", []string{"modalita", "come lavora", "modalita di lavoro", "disponibilita modalita", "modes"}},
	{"comune", []string{"comune", "comune di residenza", "residenza", "citta", "comune di partenza", "domicilio", "luogo", "town", "city"}},
	{"areas", []string{"territori", "territorio", "aree", "zona", "zone", "province", "provincia", "distretto", "areas", "area"}},
	{"range", []string{"raggio", "raggio km", "km", "distanza massima", "range"}},
	{"phone", []string{"telefono", "tel", "cellulare", "cell", "recapito telefonico", "numero di telefono", "n telefono", "telefono cellulare", "phone", "mobile"}},
	{"mail", []string{"email", "e mail", "mail", "posta elettronica", "indirizzo e mail", "indirizzo email"}},
	{"tax_code", []string{"codice fiscale", "cod fiscale", "cf", "c f", "tax code"}},
	{"rate", []string{"tariffa", "tariffa oraria", "costo orario", "compenso", "compenso orario", "euro ora", "rate"}},
	{"employer", []string{"datore di lavoro", "cooperativa", "ente di appartenenza", "ente", "associazione", "organizzazione", "employer"}},
	{"act_day", []string{"data atto", "data determina", "data iscrizione", "data decreto", "iscritto dal", "data di iscrizione"}},
	{"act", []string{"atto", "determina", "numero atto", "n atto", "numero determina", "decreto", "determinazione"}},
	{"expires", []string{"scadenza", "valido fino al", "data scadenza", "scadenza iscrizione", "fino al", "expires"}},
	{"informed", []string{"informativa", "consenso", "data consenso", "data informativa", "privacy", "consenso privacy"}},
	{"remarks", []string{"note", "osservazioni", "annotazioni", "altro", "notes"}},
}

// plainTitle is a title without case, accents and signs.
func plainTitle(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return ' '
	}, lang.Fold(text))
	return strings.Join(strings.Fields(text), " ")
}

// fieldOf is what a column with a title most likely holds; "" when nobody can tell.
func fieldOf(title string) string {
	plain := plainTitle(title)
	if plain == "" {
		return ""
	}
	for _, exact := range []bool{true, false} {
		for _, t := range titles {
			for _, w := range t.words {
				if plain == w || !exact && (strings.HasPrefix(plain, w+" ") || strings.HasSuffix(plain, " "+w)) && !contradicted(t.field, plain) {
					return t.field
				}
			}
		}
	}
	return ""
}

// contradicted tells a title of which a part says one thing and the whole another: "comune di nascita".
func contradicted(field, plain string) bool {
	for _, w := range []string{"nascita", "nato", "nata", "birth", "cittadinanza", "rilascio"} {
		if slices.Contains(strings.Fields(plain), w) {
			return true
		}
	}
	return field == "given" && strings.Contains(plain, "cognome") || field == "key" && strings.Contains(plain, "fiscale")
}

// header is where the titles of a table are.
type header struct {
	row    int // index of the last row of titles; rows behind it hold entries
	titles []string
	fields []string
}

// headerWithin is how many rows above the entries are looked at: titles of the paper, who made it, and when.
const headerWithin = 20

// headerOf finds the row of titles: the one of which most are known, together with the row above it where
// titles stand on two.
func headerOf(t sheet.Table) header {
	best, most := header{}, 0
	for i := range t.Rows[:min(len(t.Rows), headerWithin)] {
		h := header{row: i}
		width := len(t.Rows[i].Cells)
		if i > 0 {
			width = max(width, len(t.Rows[i-1].Cells))
		}
		taken := map[string]bool{}
		for c := range width {
			title := t.Rows[i].Cell(c)
			if title == "" && i > 0 {
				title = t.Rows[i-1].Cell(c)
			}
			field := fieldOf(title)
			if taken[field] && field != "language" { // a second telephone is left to a person
				field = ""
			}
			taken[field] = true
			h.titles, h.fields = append(h.titles, title), append(h.fields, field)
		}
		known := 0
		for _, f := range h.fields {
			if f != "" {
				known++
			}
		}
		if known > most {
			best, most = h, known
		}
	}
	return best
}
