// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"approdo/internal/base/network"
	"approdo/internal/kit/fault"
)

// Kind is how a request is met. Its values are stored.
type Kind string

// The kinds.
const (
	OnCall    Kind = "on_call"   // now: offers go out in waves, the first to accept has it
	Scheduled Kind = "scheduled" // at a time that was agreed
	Resident  Kind = "resident"  // by a mediator who sits in the office
)

// RequestState is where a request stands. Its values are stored.
type RequestState string

// The states of a request.
const (
	Open             RequestState = "open"
	Booked           RequestState = "booked"
	Done             RequestState = "done"
	Unmet            RequestState = "unmet" // nobody could come
	RequestCancelled RequestState = "cancelled"
)

// Request is what a desk needs.
type Request struct {
	ID       string       `json:"-"`
	Version  int64        `json:"-"`
	Kind     Kind         `json:"-"`
	Member   string       `json:"-"` // the body that asks
	Account  string       `json:"-"` // who asked for it
	Language string       `json:"-"`
	Mode     Mode         `json:"-"`
	Slot     Slot         `json:"-"`
	State    RequestState `json:"-"`
	Code     string       `json:"-"` // of the person in front of the desk: letters and digits, never a name
	CaseCode string       `json:"-"` // code of a case, for continuity; what it stands for is not known here
	Series   string       `json:"-"` // shared by the requests of a series; "" for none
	Project  string       `json:"-"` // that pays, with its activity
	Activity string       `json:"-"`
	Created  time.Time    `json:"-"`
	Settled  time.Time    `json:"-"`
	Wave     int          `json:"wave,omitempty"` // next wave on call
	Plan     bool         `json:"plan,omitempty"` // left to the coordinator's plan
	Private  Private      `json:"-"`              // only where a use case says that it gives it

	Seats   int      `json:"seats"` // how many mediators, from 1
	Place   Place    `json:"place,omitzero"`
	Link    string   `json:"link,omitempty"`   // video room or telephone bridge of the body
	Gender  string   `json:"gender,omitempty"` // asked for, because it matters to the person
	Skills  []string `json:"skills,omitempty"`
	Written bool     `json:"written,omitempty"` // must also read and write the language
	Prefer  []string `json:"prefer,omitempty"`  // mediators
	Exclude []string `json:"exclude,omitempty"`
	Contact string   `json:"contact,omitempty"` // operator to ask for, by name or extension
	Bodies  []string `json:"bodies,omitempty"`  // other bodies of the network that take part
	Present string   `json:"present,omitempty"` // role of who is in the session: "social worker"
}

// Private is what nobody but the desk, the coordinator and the mediator who comes may read.
type Private struct {
	Reason      string `json:"reason,omitempty"`
	Nationality string `json:"nationality,omitempty"`
	Notes       string `json:"notes,omitempty"`
}

const (
	maxText   = 2000
	maxSeats  = 5
	maxBodies = 20
	maxCode   = 24
)

// check says what is wrong with a request, field by field.
func (r Request) check(now time.Time) error {
	var wrong []error
	add := func(bad bool, mistake error) {
		if bad {
			wrong = append(wrong, mistake)
		}
	}
	if err := r.Slot.Check("start"); err != nil {
		wrong = append(wrong, err)
	} else {
		add(r.Slot.End.Before(now), fault.Invalid("start", "mediation.request.past"))
		add(r.Slot.Start.After(now.AddDate(1, 0, 0)), fault.Invalid("start", "mediation.request.far"))
	}
	add(!plainCode(r.Code), fault.Invalid("code", "mediation.request.code"))
	return errors.Join(append(wrong, r.checkNeed())...)
}

// checkNeed says what is wrong with a request besides its time and for whom it is: what one looks for.
func (r Request) checkNeed() error {
	var wrong []error
	add := func(bad bool, mistake error) {
		if bad {
			wrong = append(wrong, mistake)
		}
	}
	add(r.Kind != OnCall && r.Kind != Scheduled && r.Kind != Resident, fault.Invalid("kind", "mediation.request.kind"))
	add(!KnownTongue(r.Language), fault.Invalid("language", "mediation.request.language"))
	add(!slices.Contains(Modes, r.Mode), fault.Invalid("mode", "mediation.request.mode"))
	add(r.Mode == InPerson && !r.Place.Known(), fault.Invalid("place", "mediation.request.place"))
	_, there := network.Territories().Comune(r.Place.Comune)
	add(r.Place.Comune != "" && !there, fault.Invalid("place", "mediation.request.place"))
	add(r.Seats < 1 || r.Seats > maxSeats, fault.Invalid("seats", "mediation.request.seats"))
	add(r.CaseCode != "" && !plainCode(r.CaseCode), fault.Invalid("case", "mediation.request.code"))
	add(r.Gender != "" && !slices.Contains(Genders, r.Gender), fault.Invalid("gender", "mediation.mediator.gender"))
	for _, s := range r.Skills {
		add(!slices.Contains(Skills, s), fault.Invalid("skills", "mediation.mediator.skill"))
	}
	for field, text := range map[string]string{"reason": r.Private.Reason, "notes": r.Private.Notes, "contact": r.Contact, "present": r.Present, "link": r.Link} {
		add(utf8.RuneCountInString(text) > maxText, fault.Invalid(field, "mediation.request.long"))
	}
	add(len(r.Bodies) > maxBodies || len(r.Prefer) > maxBodies || len(r.Exclude) > maxBodies, fault.Invalid("bodies", "mediation.request.long"))
	add(r.Link != "" && !strings.HasPrefix(r.Link, "https://") && !strings.HasPrefix(r.Link, "tel:"), fault.Invalid("link", "mediation.request.link"))
	return errors.Join(wrong...)
}

// plainCode says whether a text can be a code: no spaces, so that nobody writes a name into it.
func plainCode(text string) bool {
	if text == "" || len(text) > maxCode {
		return false
	}
	return strings.IndexFunc(text, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '/'
	}) < 0 && strings.ContainsAny(text, "0123456789")
}
