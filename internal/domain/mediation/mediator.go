// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"

	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
)

// Section is the part of the roster that somebody is in. Its values are stored.
type Section string

// The sections.
const (
	MediatorSection    Section = "mediator"
	FacilitatorSection Section = "facilitator"
)

// Sections are all sections.
var Sections = []Section{MediatorSection, FacilitatorSection}

// Standing is where a mediator stands with the roster. Its values are stored.
type Standing string

// The standings.
const (
	Applied   Standing = "applied"   // asks to be on it
	Listed    Standing = "listed"    // can be booked
	Refused   Standing = "refused"   // the evaluation said no
	Suspended Standing = "suspended" // was listed, and cannot be booked for now
	Left      Standing = "left"      // is on it no more
)

// Standings are all standings.
var Standings = []Standing{Applied, Listed, Refused, Suspended, Left}

// Levels are how well somebody speaks a language, the best first: the levels of the Common European
// Framework, and above them the tongue somebody grew up in.
var Levels = []string{"native", "C2", "C1", "B2", "B1"}

// Language is one that a mediator works in, beside Italian.
type Language struct {
	Code      string    `json:"code"`                // ISO 639
	Dialect   string    `json:"dialect,omitempty"`   // in free words: "dariya", "sylheti"
	Level     string    `json:"level"`               // one of Levels
	Written   bool      `json:"written,omitempty"`   // reads and writes it too
	Direction Direction `json:"direction,omitempty"` // "" for both
}

// Direction is the way in which somebody works between a language and Italian. Its values are stored.
type Direction string

// The directions.
const (
	BothWays    Direction = ""
	ToItalian   Direction = "to_italian"
	FromItalian Direction = "from_italian"
)

// Directions are all directions.
var Directions = []Direction{BothWays, ToItalian, FromItalian}

// Skill is what a mediator is trained for. Code is one of Skills.
type Skill struct {
	Code     string       `json:"code"`
	Evidence string       `json:"evidence,omitempty"` // what shows it: a course, years in a service
	Until    calendar.Day `json:"until,omitempty"`    // last day on which the evidence holds; zero for no end
}

// Skills are the fields in which mediators are trained.
var Skills = []string{"health", "mental_health", "legal", "asylum", "school", "minors", "violence", "trafficking", "addiction", "work", "housing", "prison", "disability"}

// Shown is what of an entry stands on the public list. Its values are stored.
type Shown string

// Without consent nothing of an entry is public.
const (
	ShownNot  Shown = ""
	ShownCode Shown = "code"
	ShownName Shown = "name"
)

// ShownWays are all of them.
var ShownWays = []Shown{ShownNot, ShownCode, ShownName}

// Act is the act of a body by which something was decided.
type Act struct {
	Number string       `json:"number,omitempty"`
	Day    calendar.Day `json:"day,omitempty"`
}

// Genders are what a request may ask for, and a mediator may say of themselves.
var Genders = []string{"f", "m", "x"}

// Rate is what an hour costs in one mode.
type Rate struct {
	Mode  Mode  `json:"mode"`
	Cents int64 `json:"cents"` // of a euro, an hour
}

// Limits are how much a mediator works at most. Zero is no limit.
type Limits struct {
	DayMinutes      int           `json:"day,omitempty"`
	WeekMinutes     int           `json:"week,omitempty"`
	ContractMinutes int           `json:"contract,omitempty"` // from ContractFrom to ContractUntil
	ContractFrom    calendar.Day  `json:"contract_from,omitempty"`
	ContractUntil   calendar.Day  `json:"contract_until,omitempty"`
	Notice          time.Duration `json:"notice,omitempty"` // shortest time before an engagement that is not on call
	Pause           time.Duration `json:"pause,omitempty"`  // between two engagements
}

// Weekly is one stretch of the week in which a mediator works.
type Weekly struct {
	Weekday  time.Weekday   `json:"weekday"`
	From     calendar.Clock `json:"from"`
	To       calendar.Clock `json:"to"` // at or before From: the next day
	Remote   bool           `json:"remote,omitempty"`
	Since    calendar.Day   `json:"since,omitempty"`
	Until    calendar.Day   `json:"until,omitempty"`
	Holidays bool           `json:"holidays,omitempty"` // also on public holidays
}

// Mediator is somebody of the roster.
type Mediator struct {
	ID        string    `json:"-"`
	Version   int64     `json:"-"`
	Account   string    `json:"-"` // that they log in with; "" when they have none
	Member    string    `json:"-"` // the body that answers for the entry: it employs them, or keeps the list
	Section   Section   `json:"-"`
	Standing  Standing  `json:"-"`
	Name      string    `json:"-"`
	Available time.Time `json:"-"` // available now, until this moment
	Contact   Contact   `json:"-"` // only where a use case says that it gives it

	Gender    string        `json:"gender,omitempty"`
	Languages []Language    `json:"languages"`
	Skills    []Skill       `json:"skills,omitempty"`
	Modes     []Mode        `json:"modes"`
	Rates     []Rate        `json:"rates,omitempty"`
	Home      Place         `json:"home,omitzero"`   // where they set out from: a comune, no address
	Areas     []network.Ref `json:"areas,omitempty"` // territories where they go; none for everywhere
	Range     int           `json:"range,omitempty"` // farthest way, in kilometres; 0 for no limit
	Hours     []Weekly      `json:"hours,omitempty"`
	Limits    Limits        `json:"limits,omitzero"`
	Asks      bool          `json:"asks,omitempty"`      // wants to say yes before a booking holds
	Conflicts []string      `json:"conflicts,omitempty"` // bodies they must not work for
	Since     time.Time     `json:"since,omitzero"`      // listed since, for the share of the hours
	Remarks   string        `json:"remarks,omitempty"`

	Own      bool         `json:"own,omitempty"`      // works on their own account
	Employer string       `json:"employer,omitempty"` // who employs them otherwise
	Informed calendar.Day `json:"informed,omitempty"` // was given the notice on data (arts 13 and 14 GDPR)
	Shown    Shown        `json:"shown,omitempty"`    // what they agreed to have on the public list,
	Agreed   calendar.Day `json:"agreed,omitempty"`   // and when
	Act      Act          `json:"act,omitzero"`       // by which they were listed
	Expires  calendar.Day `json:"expires,omitempty"`  // last day on the roster; zero for no end
}

// Contact is how a mediator is reached; kept sealed.
type Contact struct {
	Phone   string `json:"phone,omitempty"`
	Mail    string `json:"mail,omitempty"`
	TaxCode string `json:"tax_code,omitempty"`
}

// Listed says whether an entry can be booked for a day.
func (m Mediator) Listed(day calendar.Day) bool {
	return m.Standing == Listed && (m.Expires == 0 || m.Expires >= day)
}

// Speaks gives the language with a code, if the mediator works in it.
func (m Mediator) Speaks(code string) (Language, bool) {
	i := slices.IndexFunc(m.Languages, func(l Language) bool { return l.Code == code })
	if i < 0 {
		return Language{}, false
	}
	return m.Languages[i], true
}

// Trained says whether the mediator has a skill whose evidence holds on a day.
func (m Mediator) Trained(code string, day calendar.Day) bool {
	return slices.ContainsFunc(m.Skills, func(s Skill) bool { return s.Code == code && (s.Until == 0 || s.Until >= day) })
}

// Rate is what an hour costs in a mode, in cents; zero when it was not said.
func (m Mediator) Rate(mode Mode) int64 {
	for _, r := range m.Rates {
		if r.Mode == mode {
			return r.Cents
		}
	}
	return 0
}

// maxLine bounds what is typed on one line, in bytes.
const maxLine = 400

// check says what is wrong with an entry of the roster, field by field.
func (m Mediator) check() error {
	var wrong []error
	add := func(bad bool, mistake error) {
		if bad {
			wrong = append(wrong, mistake)
		}
	}
	add(strings.TrimSpace(m.Name) == "", fault.Invalid("name", "mediation.mediator.name"))
	add(!slices.Contains(Sections, m.Section), fault.Invalid("section", "mediation.mediator.section"))
	add(m.Gender != "" && !slices.Contains(Genders, m.Gender), fault.Invalid("gender", "mediation.mediator.gender"))
	add(len(m.Languages) == 0, fault.Invalid("languages", "mediation.mediator.languages"))
	add(len(m.Modes) == 0, fault.Invalid("modes", "mediation.mediator.modes"))
	add(slices.Contains(m.Modes, InPerson) && !m.Home.Known(), fault.Invalid("home", "mediation.mediator.home"))
	for _, l := range m.Languages {
		add(!slices.Contains(Levels, l.Level), fault.Invalid("languages", "mediation.mediator.level"))
		add(!KnownTongue(l.Code), fault.Invalid("languages", "mediation.mediator.language"))
		add(!slices.Contains(Directions, l.Direction), fault.Invalid("languages", "mediation.mediator.direction"))
	}
	for _, s := range m.Skills {
		add(!slices.Contains(Skills, s.Code) || len(s.Evidence) > maxLine, fault.Invalid("skills", "mediation.mediator.skill"))
	}
	for _, mode := range m.Modes {
		add(!slices.Contains(Modes, mode), fault.Invalid("modes", "mediation.mediator.modes"))
	}
	for _, h := range m.Hours {
		add(!h.From.Valid() || !h.To.Valid() || h.From == h.To, fault.Invalid("hours", "mediation.mediator.hours"))
		add(h.Since != 0 && h.Until != 0 && h.Until < h.Since, fault.Invalid("hours", "mediation.mediator.hours"))
	}
	for _, r := range m.Rates {
		add(r.Cents < 0 || r.Cents > 1_000_00, fault.Invalid("rates", "mediation.mediator.rate"))
	}
	for _, r := range m.Areas {
		_, err := network.Territories().ParseRef(string(r))
		add(err != nil, fault.Invalid("areas", "mediation.mediator.area"))
	}
	add(!slices.Contains(ShownWays, m.Shown) || m.Shown != ShownNot && m.Agreed == 0, fault.Invalid("shown", "mediation.mediator.shown"))
	add(len(m.Name) > maxLine || len(m.Employer) > maxLine || len(m.Act.Number) > maxLine, fault.Invalid("name", "mediation.mediator.long"))
	if l := m.Limits; l.DayMinutes < 0 || l.WeekMinutes < 0 || l.ContractMinutes < 0 || l.Notice < 0 || l.Pause < 0 {
		add(true, fault.Invalid("limits", "mediation.mediator.limits"))
	}
	return errors.Join(wrong...)
}

// KnownTongue says whether a code names a language (ISO 639-1 or 639-3), in its shortest form.
func KnownTongue(code string) bool {
	base, err := language.ParseBase(code)
	return err == nil && base.String() == code
}
