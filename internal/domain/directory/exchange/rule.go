// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"html"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
)

// kinds says how the values of a property are checked; what is not here is text.
var kinds = map[string]func(*pool, *record, string, value) string{
	"valid_from": (*pool).checkDay, "valid_to": (*pool).checkDay, "dtstart": (*pool).checkDay, "until": (*pool).checkDay,
	"assured_date": (*pool).checkDay, "last_action_date": (*pool).checkDay,
	"last_modified": (*pool).checkInstant, "updated": (*pool).checkInstant,
	"opens_at": (*pool).checkClock, "closes_at": (*pool).checkClock,
	"url": (*pool).checkURL, "website": (*pool).checkURL, "uri": (*pool).checkURL, "term_uri": (*pool).checkURL,
	"schedule_link": (*pool).checkURL, "logo": (*pool).checkURL,
	"email": (*pool).checkEmail, "assurer_email": (*pool).checkEmail,
	"status": (*pool).checkStatus, "location_type": (*pool).checkPlaceType, "address_type": (*pool).checkPlaceType,
	"country": (*pool).checkCountry,
}

// needed are properties without which a record says nothing.
var needed = map[string]string{
	"organization": "name", "service": "name", "program": "name", "phone": "number", "taxonomy": "name", "taxonomy_term": "name",
	"organization_identifier": "identifier", "url": "url",
}

// check puts the values of a record in order and reports what is wrong with them.
func (s *pool) check(r *record) {
	f := forms()[r.entity]
	for _, p := range f.values {
		v, has := r.values[p.name]
		if !has {
			continue
		}
		v.text = s.clean(r, v)
		switch check := kinds[p.name]; {
		case v.text == "":
		case p.number:
			v.text = s.checkNumber(r, v)
		case check != nil:
			v.text = check(s, r, p.name, v)
		}
		r.values[p.name] = v
	}
	if name := needed[r.entity]; name != "" && r.get(name) == "" && !r.bad {
		r.bad = true
		s.report.add(r.problem(Error, r.columnOf(name), "value.missing", ""))
	}
	switch r.entity {
	case "service":
		if r.get("status") == "" && !r.bad {
			r.set("status", directory.StatusActive, "")
			s.report.add(r.problem(Note, "status", "service.no-status", ""))
		}
	case "schedule":
		s.checkSchedule(r)
	case "location":
		s.checkPoint(r)
	case "language":
		s.checkLanguage(r)
	}
}

func (r *record) columnOf(name string) string {
	if c := r.values[name].column; c != "" {
		return c
	}
	return name
}

var (
	tags     = regexp.MustCompile(`</?[a-zA-Z][^<>]*>|<!--`)
	charRefs = regexp.MustCompile(`&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});`)
	breaks   = regexp.MustCompile(`(?i)<br\s*/?>|</(?:p|div|li|h\d|tr)>`)
	strict   = sync.OnceValue(bluemonday.StrictPolicy)
)

// stripHTML makes plain text of what was written with tags.
func stripHTML(s string) (text string, changed bool) {
	if tags.MatchString(s) {
		s, changed = strict().Sanitize(breaks.ReplaceAllString(s, "\n")), true
	}
	if charRefs.MatchString(s) {
		s, changed = html.UnescapeString(s), true
	}
	if !changed {
		return s, false
	}
	return strings.TrimSpace(s), true
}

// clean takes out of a text what no text should hold: tags, control characters, spaces around it.
func (s *pool) clean(r *record, v value) string {
	text := strings.Map(func(c rune) rune {
		if c == '\n' || c == '\t' || !unicode.IsControl(c) {
			return c
		}
		if c == '\r' {
			return -1
		}
		return 0
	}, v.text)
	if strings.ContainsRune(text, 0) {
		text = strings.ReplaceAll(text, "\x00", "")
		s.report.add(r.problem(Warning, v.column, "value.control", v.text))
	}
	if plain, changed := stripHTML(text); changed {
		s.report.add(r.problem(Warning, v.column, "value.html", text))
		text = plain
	}
	return strings.TrimSpace(text)
}

func (s *pool) fault(r *record, v value, key string, args ...string) string {
	r.bad = true
	s.report.add(r.problem(Error, v.column, key, v.text, args...))
	return ""
}

func (s *pool) checkNumber(r *record, v value) string {
	text := v.text
	if r.entity == "phone" {
		text = strings.TrimFunc(text, func(c rune) bool { return !unicode.IsDigit(c) })
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil && strings.Count(text, ",") == 1 {
		f, err = strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	}
	if err != nil || f != f || f > 1e15 || f < -1e15 {
		return s.fault(r, v, "value.number")
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func (s *pool) checkDay(r *record, _ string, v value) string {
	if d, err := calendar.ParseDay(v.text); err == nil && len(v.text) == 10 {
		return d.String()
	}
	if _, err := time.Parse("15:04", v.text[:min(5, len(v.text))]); err == nil && strings.Contains(v.text, ":") && len(v.text) <= 12 {
		s.report.add(r.problem(Warning, v.column, "value.time-in-date", v.text))
		return ""
	}
	if ambiguousDay(v.text) && !r.strict {
		return s.fault(r, v, "value.date-ambiguous")
	}
	day, everyYear, ok := readDay(v.text, r.strict)
	if !ok || everyYear {
		day, everyYear, ok = readDay(v.text, !r.strict)
	}
	if !ok || everyYear {
		return s.fault(r, v, "value.date")
	}
	key, severity := "value.date-read", Note
	if twoDigitYear(v.text) {
		key, severity = "value.two-digit-year", Warning
	}
	s.report.add(r.problem(severity, v.column, key, v.text, "read", day))
	return day
}

func (s *pool) checkInstant(r *record, _ string, v value) string {
	if _, err := time.Parse(time.RFC3339, v.text); err == nil {
		return v.text
	}
	for _, layout := range []string{"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04", time.DateOnly, time.RFC1123, time.RFC1123Z} {
		if t, err := time.Parse(layout, v.text); err == nil {
			return t.UTC().Format("2006-01-02T15:04:05.999Z07:00")
		}
	}
	s.report.add(r.problem(Warning, v.column, "value.instant", v.text))
	return ""
}

var exactClock = regexp.MustCompile(`^\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:?\d\d)?$`)

func (s *pool) checkClock(r *record, _ string, v value) string {
	clock, ok := readClock(v.text)
	switch {
	case !ok:
		return s.fault(r, v, "value.time")
	case exactClock.MatchString(v.text):
		return v.text
	}
	s.report.add(r.problem(Note, v.column, "value.time-read", v.text, "read", clock))
	return clock
}

func (s *pool) checkURL(r *record, _ string, v value) string {
	text := v.text
	if strings.HasPrefix(strings.ToLower(text), "www.") {
		text = "https://" + text
		s.report.add(r.problem(Note, v.column, "value.url-read", v.text, "read", text))
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" || u.Host == "" && u.Opaque == "" || strings.ContainsAny(text, " \n\t<>\"{}|\\^`") || strings.EqualFold(u.Scheme, "javascript") {
		s.report.add(r.problem(Warning, v.column, "value.url", v.text))
		return ""
	}
	return text
}

func (s *pool) checkEmail(r *record, _ string, v value) string {
	text := strings.TrimPrefix(v.text, "mailto:")
	a, err := mail.ParseAddress(text)
	if err != nil || a.Name != "" || !strings.Contains(a.Address, "@") || a.Address != text {
		s.report.add(r.problem(Warning, v.column, "value.email", v.text))
		return ""
	}
	return text
}

var statusWords = map[string]string{
	"1": directory.StatusActive, "attivo": directory.StatusActive, "open": directory.StatusActive, "published": directory.StatusActive, "true": directory.StatusActive,
	"0": directory.StatusInactive, "inattivo": directory.StatusInactive, "sospeso": directory.StatusInactive, "suspended": directory.StatusInactive, "false": directory.StatusInactive,
	"chiuso": directory.StatusDefunct, "closed": directory.StatusDefunct, "cessato": directory.StatusDefunct,
	"temporarily_closed": directory.StatusTemporarilyClosed, "chiuso temporaneamente": directory.StatusTemporarilyClosed, "temporaneamente chiuso": directory.StatusTemporarilyClosed,
}

func (s *pool) checkStatus(r *record, _ string, v value) string {
	if slices.Contains(directory.Statuses, v.text) {
		return v.text
	}
	low := strings.ToLower(v.text)
	read := statusWords[low]
	if slices.Contains(directory.Statuses, low) {
		read = low
	}
	if read == "" {
		return s.fault(r, v, "value.status")
	}
	s.report.add(r.problem(Note, v.column, "value.status-read", v.text, "read", read))
	return read
}

func (s *pool) checkPlaceType(r *record, _ string, v value) string {
	low := strings.ToLower(v.text)
	if low != "physical" && low != "postal" && low != "virtual" {
		s.report.add(r.problem(Warning, v.column, "value.place-type", v.text))
		return "physical"
	}
	return low
}

func (s *pool) checkCountry(_ *record, _ string, v value) string {
	switch lang.Fold(v.text) {
	case "italia", "italy", "ita", "it":
		return "IT"
	}
	return v.text
}

// checkSchedule reads a recurrence; one that is written loosely is put in order, one that cannot be
// read is kept for people, who may understand it, and reported.
func (s *pool) checkSchedule(r *record) {
	if r.get("freq") == "" && r.get("byday") == "" {
		return
	}
	if days, ok := weekdays(r.get("byday")); ok && r.get("byday") != days {
		if _, err := strconv.Atoi(r.get("byday")); err == nil {
			v := r.values["byday"]
			s.report.add(r.problem(Note, v.column, "value.days-read", v.text, "read", days))
			r.set("byday", days, v.column)
		}
	}
	rule, notes, err := calendar.ParseRule(calendar.Fields{
		Freq: r.get("freq"), Interval: r.get("interval"), Count: r.get("count"), DTStart: r.get("dtstart"), Until: r.get("until"), WKST: r.get("wkst"),
		ByDay: r.get("byday"), ByMonthDay: r.get("bymonthday"), ByWeekNo: r.get("byweekno"), ByYearDay: r.get("byyearday"),
	})
	if err != nil {
		s.report.add(r.problem(Warning, r.columnOf("byday"), "schedule.unreadable", strings.Trim(r.get("freq")+" "+r.get("byday"), " "), "why", err.Error()))
		return
	}
	if len(notes) > 0 && len(rule.ByDay) > 0 && r.get("byday") != byDay(rule) {
		v := r.values["byday"]
		s.report.add(r.problem(Note, v.column, "value.days-read", v.text, "read", byDay(rule)))
		r.set("byday", byDay(rule), v.column)
	}
	if freq := string(rule.Freq); r.get("freq") != freq {
		r.set("freq", freq, r.columnOf("freq"))
	}
	if r.get("freq") == "DAILY" && r.get("byday") == "" && (r.get("interval") == "" || r.get("interval") == "1") && r.get("count") == "" {
		// The standard knows weeks and months only; every day is every weekday.
		r.set("freq", "WEEKLY", r.columnOf("freq"))
		r.set("byday", "MO,TU,WE,TH,FR,SA,SU", r.columnOf("byday"))
	}
	opens, ok1 := readClock(r.get("opens_at"))
	closes, ok2 := readClock(r.get("closes_at"))
	if ok1 && ok2 && closes <= opens && closes != "00:00" {
		s.report.add(r.problem(Note, r.columnOf("closes_at"), "schedule.past-midnight", r.get("closes_at"), "opens", opens, "closes", closes))
	}
}

// checkPoint drops co-ordinates that are nowhere on Earth, and 0,0, which means "not known".
func (s *pool) checkPoint(r *record) {
	lat, lon := r.get("latitude"), r.get("longitude")
	if lat == "" && lon == "" {
		return
	}
	a, err1 := strconv.ParseFloat(lat, 64)
	b, err2 := strconv.ParseFloat(lon, 64)
	if err1 != nil || err2 != nil || a < -90 || a > 90 || b < -180 || b > 180 || a == 0 && b == 0 {
		s.report.add(r.problem(Warning, r.columnOf("latitude"), "location.point", lat+" "+lon))
		delete(r.values, "latitude")
		delete(r.values, "longitude")
	}
}

// spokenCodes finds the code of a language by its name in Italian, English or itself.
var spokenCodes = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, code := range append(slices.Clone(lang.All), strings.Fields("de pt ru tl ro pl tr fa ps pa ti am so ha yo ig sw ln wo ff bm ta te ml hi gu ne si ko ja vi th id ms el bg sr hr bs mk sl hu cs sk lt lv et fi sv da nb nl ka hy az kk uz ku ckb mg rw rn sn zu xh af he yi ca eu gl mt sc")...) {
		tag := language.Make(code)
		for _, n := range []display.Namer{display.Tags(language.English), display.Tags(language.Italian)} {
			all[lang.Fold(n.Name(tag))] = code
		}
		all[lang.Fold(display.Self.Name(tag))] = code
	}
	all["tagalog"] = "tl"
	return all
})

// checkLanguage gives a language that has only a name its code.
func (s *pool) checkLanguage(r *record) {
	code := r.get("code")
	if code == "" {
		if found := spokenCodes()[lang.Fold(r.get("name"))]; found != "" {
			r.set("code", found, r.columnOf("name"))
		}
		return
	}
	if base, err := language.ParseBase(strings.ToLower(strings.SplitN(code, "-", 2)[0])); err == nil && len(code) == 3 {
		if short := base.String(); len(short) == 2 {
			r.set("code", short, r.columnOf("code"))
		}
	}
}
