// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"math"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/sheet"
)

// Problem is something about a row of a file, in a key of the catalogue.
type Problem struct {
	Line  int
	Field string // one of Fields; "" for the row
	Key   string
	Args  map[string]string
	Wrong bool // the row can't be taken; otherwise it is taken without this
}

// candidate is one row, or the rows of one person, as an entry.
type candidate struct {
	line    int
	key     string // what tells the person from others in this file and the next
	entry   mediation.Mediator
	says    map[string]bool // fields in which something stands
	wrong   bool
	matched string // entry that it is
	old     mediation.Mediator
}

// rowReader makes an entry of a row.
type rowReader struct {
	o        Options
	since04  bool
	line     int
	problems *[]Problem
	wrong    bool
}

func (r *rowReader) problem(wrong bool, field, key string, pairs ...string) {
	p := Problem{Line: r.line, Field: field, Key: key, Wrong: wrong, Args: map[string]string{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		p.Args[pairs[i]] = pairs[i+1]
	}
	*r.problems = append(*r.problems, p)
	r.wrong = r.wrong || wrong
}

// read makes an entry of the cells of a row, by field; those of several columns are joined.
func (r *rowReader) read(cells map[string][]string) candidate {
	one := func(field string) string { return strings.Join(cells[field], " ") }
	c := candidate{line: r.line, says: map[string]bool{}}
	for field, values := range cells {
		c.says[field] = strings.Join(values, "") != ""
	}
	m := &c.entry
	m.Name = strings.Join(strings.Fields(one("name")), " ")
	if m.Name == "" {
		m.Name = strings.Join(strings.Fields(one("given")+" "+one("family")), " ")
	}
	if m.Name == "" {
		r.problem(true, "name", "roster.row.name")
	}
	m.Section, m.Gender = r.section(one("section")), r.gender(one("gender"))
	m.Languages = r.languages(cells["language"], one("level"), one("dialect"), one("written"))
	m.Skills, m.Modes = r.skills(one("skills")), r.modes(one("modes"))
	m.Home = r.comune(one("comune"))
	m.Areas = r.areas(one("areas"))
	m.Range = r.number("range", one("range"), 2000)
	m.Contact = mediation.Contact{Phone: r.phone(one("phone")), Mail: r.mail(one("mail")), TaxCode: r.taxCode(one("tax_code"))}
	if cents := r.cents(one("rate")); cents > 0 {
		for _, mode := range m.Modes {
			m.Rates = append(m.Rates, mediation.Rate{Mode: mode, Cents: cents})
		}
	}
	m.Employer = one("employer")
	m.Act = mediation.Act{Number: one("act"), Day: r.day("act_day", one("act_day"))}
	m.Expires, m.Informed = r.day("expires", one("expires")), r.day("informed", one("informed"))
	m.Remarks = one("remarks")
	c.key = keyOf(one("key"), m)
	c.wrong = r.wrong
	return c
}

// keyOf is what tells a person from others, the surest first.
func keyOf(own string, m *mediation.Mediator) string {
	switch {
	case own != "":
		return "key/" + lang.Fold(own)
	case m.Contact.TaxCode != "":
		return "tax/" + m.Contact.TaxCode
	case m.Contact.Mail != "":
		return "mail/" + strings.ToLower(m.Contact.Mail)
	}
	return "name/" + lang.Fold(m.Name) + "/" + m.Contact.Phone
}

func (r *rowReader) section(text string) mediation.Section {
	switch plain := plainTitle(text); {
	case plain == "":
		return r.o.Section
	case strings.HasPrefix(plain, "mediat"):
		return mediation.MediatorSection
	case strings.HasPrefix(plain, "facilitat"):
		return mediation.FacilitatorSection
	}
	r.problem(false, "section", "roster.row.section", "value", text)
	return r.o.Section
}

func (r *rowReader) gender(text string) string {
	switch plainTitle(text) {
	case "":
	case "f", "femmina", "donna", "femminile", "female", "woman":
		return "f"
	case "m", "maschio", "uomo", "maschile", "male", "man":
		return "m"
	case "x", "altro", "other", "non binario":
		return "x"
	default:
		r.problem(false, "gender", "roster.row.gender", "value", text)
	}
	return ""
}

// between are the signs that stand between the parts of a list in one cell.
var between = regexp.MustCompile(`\s*[,;/\n+|]\s*|\s+(?:e|ed|and|&)\s+`)

func parts(text string) []string {
	return slices.DeleteFunc(between.Split(strings.TrimSpace(text), -1), func(part string) bool { return strings.TrimSpace(part) == "" })
}

var (
	inBrackets = regexp.MustCompile(`\(([^)]*)\)`)
	levelWord  = regexp.MustCompile(`(?i)\b(madrelingua|lingua madre|native|nativo|nativa|[abc][12])\b`)
)

// languages reads "arabo (marocchino), francese C1": names of languages, with level and dialect.
func (r *rowReader) languages(cells []string, level, dialect, written string) (list []mediation.Language) {
	reads := saysYes(written)
	for i, part := range slices.Concat(apart(cells)...) {
		l := mediation.Language{Level: r.level(level), Written: reads}
		if i == 0 {
			l.Dialect = dialect
		}
		rest := part
		for _, found := range inBrackets.FindAllStringSubmatch(part, -1) {
			rest = strings.Replace(rest, found[0], " ", 1)
			switch inside := strings.TrimSpace(found[1]); {
			case levelWord.MatchString(inside):
				l.Level = r.level(levelWord.FindString(inside))
			case strings.Contains(lang.Fold(inside), "scritt"):
				l.Written = true
			case l.Dialect == "":
				l.Dialect = inside
			}
		}
		if found := levelWord.FindString(rest); found != "" {
			l.Level = r.level(found)
			rest = strings.Replace(rest, found, " ", 1)
		}
		name := strings.Trim(strings.TrimSpace(rest), "-–:. ")
		code, ok := lang.Meant(name)
		switch {
		case ok && code == lang.Default: // everybody here works with Italian
			continue
		case !ok || !mediation.KnownTongue(code):
			r.problem(true, "language", "roster.row.language", "value", name)
			continue
		case slices.ContainsFunc(list, func(o mediation.Language) bool { return o.Code == code }):
			continue
		}
		l.Code = code
		if l.Level == "" {
			r.problem(true, "level", "roster.row.level_missing", "value", name)
		}
		list = append(list, l)
	}
	return list
}

// apart are the languages of each cell; a comma within brackets separates nothing.
func apart(cells []string) (list [][]string) {
	for _, cell := range cells {
		depth := 0
		cell = strings.Map(func(c rune) rune {
			switch c {
			case '(':
				depth++
			case ')':
				depth--
			case ',', ';', '/', '+', '|':
				if depth > 0 {
					return ' '
				}
			}
			return c
		}, cell)
		list = append(list, parts(cell))
	}
	return list
}

func (r *rowReader) level(text string) string {
	switch plain := plainTitle(text); plain {
	case "":
		return r.o.Level
	case "madrelingua", "lingua madre", "native", "nativo", "nativa":
		return "native"
	case "b1", "b2", "c1", "c2":
		return strings.ToUpper(plain)
	case "a1", "a2":
		r.problem(true, "level", "roster.row.level_low", "value", strings.ToUpper(plain))
		return "B1"
	}
	r.problem(r.o.Level == "", "level", "roster.row.level", "value", text)
	return r.o.Level
}

func saysYes(text string) bool {
	return slices.Contains([]string{"si", "s", "x", "yes", "y", "1", "vero", "true", "anche scritto", "scritto"}, plainTitle(text))
}

// skillWords are what offices call the fields in which mediators are trained.
var skillWords = map[string][]string{
	"health": {"sanit", "salute", "ospedal", "health"}, "mental_health": {"salute mentale", "psichiatr", "psicolog", "mental"}, "legal": {"legal", "giuridic", "giudiziar", "tribunal"},
	"asylum": {"asilo", "protezione internazionale", "asylum"}, "school": {"scuol", "scolastic", "educativ", "school"}, "minors": {"minor", "msna", "infanzia"},
	"violence": {"violenza", "antiviolenza", "violence"}, "trafficking": {"tratta", "trafficking"}, "addiction": {"dipendenz", "serd", "addiction"},
	"work": {"lavoro", "work", "occupazion"}, "housing": {"casa", "abitare", "abitativ", "alloggi", "housing"}, "prison": {"carcer", "penitenziar", "prison"}, "disability": {"disabil", "disabilit"},
}

func (r *rowReader) skills(text string) (list []mediation.Skill) {
	for _, part := range parts(text) {
		found := ""
		for _, code := range mediation.Skills {
			if slices.ContainsFunc(skillWords[code], func(w string) bool { return strings.Contains(lang.Fold(part), w) }) && (found == "" || code == "mental_health") {
				found = code
			}
		}
		if found == "" {
			r.problem(false, "skills", "roster.row.skill", "value", part)
		} else if !slices.ContainsFunc(list, func(s mediation.Skill) bool { return s.Code == found }) {
			list = append(list, mediation.Skill{Code: found})
		}
	}
	return list
}

func (r *rowReader) modes(text string) (list []mediation.Mode) {
	for _, part := range parts(text) {
		mode := mediation.Mode("")
		switch folded := lang.Fold(part); {
		case strings.Contains(folded, "presenza") || strings.Contains(folded, "person"):
			mode = mediation.InPerson
		case strings.Contains(folded, "video") || strings.Contains(folded, "remoto") || strings.Contains(folded, "online"):
			mode = mediation.Video
		case strings.Contains(folded, "telefon") || strings.Contains(folded, "phone"):
			mode = mediation.Phone
		case strings.Contains(folded, "scritt") || strings.Contains(folded, "traduz"):
			mode = mediation.Written
		default:
			r.problem(false, "modes", "roster.row.mode", "value", part)
			continue
		}
		if !slices.Contains(list, mode) {
			list = append(list, mode)
		}
	}
	if len(list) == 0 {
		return slices.Clone(r.o.Modes)
	}
	return list
}

func (r *rowReader) comune(text string) mediation.Place {
	text = strings.TrimSpace(text)
	if text == "" {
		return mediation.Place{}
	}
	found := network.Territories().Meant(text)
	if len(found) != 1 {
		key := "roster.row.comune"
		if len(found) > 1 {
			key = "roster.row.comune_which"
		}
		r.problem(true, "comune", key, "value", text)
		return mediation.Place{}
	}
	point, _, _ := network.Territories().PointOf(found[0])
	return mediation.Place{Comune: found[0].ISTAT, Point: point}
}

func (r *rowReader) areas(text string) (list []network.Ref) {
	for _, part := range parts(text) {
		ref, err := network.ParseRef(string(network.RefNamed(strings.TrimSpace(part))))
		if err != nil || ref == "" {
			r.problem(true, "areas", "roster.row.area", "value", part)
			continue
		}
		list = append(list, ref)
	}
	return list
}

func (r *rowReader) number(field, text string, most int) int {
	text = strings.TrimSuffix(strings.TrimSpace(strings.ToLower(text)), "km")
	if strings.TrimSpace(text) == "" {
		return 0
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 || n > most {
		r.problem(false, field, "roster.row.number", "value", text)
		return 0
	}
	return n
}

func (r *rowReader) phone(text string) string {
	digits := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c == '+' {
			return c
		}
		if strings.ContainsRune(" ./-()\u00a0", c) {
			return -1
		}
		return 'x'
	}, strings.TrimSpace(text))
	if digits == "" {
		return ""
	}
	if len(digits) < 6 || len(digits) > 16 || strings.Contains(digits, "x") || strings.LastIndex(digits, "+") > 0 {
		r.problem(false, "phone", "roster.row.phone")
		return ""
	}
	return digits
}

func (r *rowReader) mail(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	if address, err := mail.ParseAddress(text); err != nil || address.Address != text {
		r.problem(false, "mail", "roster.row.mail")
		return ""
	}
	return text
}

// taxCode is a fiscal code of sixteen characters; digits may be letters where two persons would have the
// same (d.m. 12 March 1974).
var taxCode = regexp.MustCompile(`^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$`)

func (r *rowReader) taxCode(text string) string {
	text = strings.ToUpper(strings.Join(strings.Fields(text), ""))
	if text != "" && !taxCode.MatchString(text) {
		r.problem(false, "tax_code", "roster.row.tax_code")
		return ""
	}
	return text
}

func (r *rowReader) cents(text string) int64 {
	text = strings.NewReplacer("€", "", "euro", "", "eur", "", "/h", "", "/ora", "", "all'ora", "", "\u00a0", "", " ", "", "lordi", "").Replace(strings.ToLower(text))
	if text == "" {
		return 0
	}
	if strings.Contains(text, ",") { // 1.025,50
		text = strings.ReplaceAll(strings.ReplaceAll(text, ".", ""), ",", ".")
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || n <= 0 || n > 1000 {
		r.problem(false, "rate", "roster.row.rate", "value", text)
		return 0
	}
	return int64(math.Round(n * 100))
}

func (r *rowReader) day(field, text string) calendar.Day {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0
	}
	at, ok := sheet.Day(text, r.since04)
	if !ok {
		r.problem(false, field, "roster.row.day", "value", text)
		return 0
	}
	return calendar.DayOf(at, time.UTC)
}

// refusals are what the roster itself finds wrong with an entry.
func (r *rowReader) refusals(m mediation.Mediator) {
	for _, f := range fault.All(mediation.CheckEntry(m)) {
		field := map[string]string{"home": "comune", "languages": "language"}[f.Field]
		r.problem(true, field, f.Message.Key)
	}
}
