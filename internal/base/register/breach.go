// SPDX-License-Identifier: EUPL-1.2

package register

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/kit/fault"
)

// Clock is how long a body has for the notification to the authority, from when it knew of the
// breach (art. 33(1) GDPR).
const Clock = 72 * time.Hour

// Natures of a breach (art. 4(12) GDPR; EDPB guidelines 9/2022).
var Natures = []string{"confidentiality", "integrity", "availability"}

// Risks for the rights and freedoms of persons.
const (
	RiskUnknown  = ""         // nobody has judged it yet: the clock runs
	RiskUnlikely = "unlikely" // no notification (art. 33(1))
	RiskLikely   = "risk"     // notification
	RiskHigh     = "high"     // notification, and the persons are told (art. 34)
)

// Risks are the judgements to choose from.
var Risks = []string{RiskUnlikely, RiskLikely, RiskHigh}

// Breach is a breach of data about persons. Its texts name categories and numbers, never persons.
type Breach struct {
	ID     string `json:"id"`
	Member string `json:"member"`
	Title  string `json:"title"`
	// KnownAt is when the body knew of it: the clock runs from here. HappenedOn is as far as known.
	KnownAt    time.Time `json:"known_at"`
	HappenedOn string    `json:"happened_on,omitempty"`
	Nature     []string  `json:"nature,omitempty"`
	What       string    `json:"what"`
	Persons    string    `json:"persons,omitempty"` // categories, and about how many
	Data       string    `json:"data,omitempty"`    // categories, and about how many records
	Effects    string    `json:"effects,omitempty"` // likely consequences
	Measures   string    `json:"measures,omitempty"`
	Risk       string    `json:"risk,omitempty"`
	RiskWhy    string    `json:"risk_why,omitempty"`
	// NotifiedAt is when the authority was told, Protocol under which number, Late why so late.
	NotifiedAt time.Time `json:"notified_at,omitzero"`
	Protocol   string    `json:"protocol,omitempty"`
	Late       string    `json:"late,omitempty"`
	// ToldOn is the day on which the persons were told, ToldHow in what way, or why they were not
	// (art. 34(3)).
	ToldOn   string    `json:"told_on,omitempty"`
	ToldHow  string    `json:"told_how,omitempty"`
	ClosedAt time.Time `json:"closed_at,omitzero"`
	Version  int64     `json:"-"`
}

// Deadline is when the 72 hours are over.
func (b Breach) Deadline() time.Time { return b.KnownAt.Add(Clock) }

// State is where a breach stands.
type State string

// States of a breach.
const (
	Running  State = "running" // the clock runs
	Overdue  State = "overdue" // it has run out
	Notified State = "notified"
	NoNeed   State = "no-need" // a risk is unlikely
	Closed   State = "closed"
)

// StateAt says where the breach stands at a moment.
func (b Breach) StateAt(now time.Time) State {
	switch {
	case !b.ClosedAt.IsZero():
		return Closed
	case !b.NotifiedAt.IsZero():
		return Notified
	case b.Risk == RiskUnlikely:
		return NoNeed
	case !now.Before(b.Deadline()):
		return Overdue
	}
	return Running
}

// Stage is a moment of the clock at which the officer is told.
type Stage string

// The stages.
const (
	StageNew     Stage = "new"
	StageDay     Stage = "day"      // 24 hours
	StageTwoDays Stage = "two-days" // 48 hours
	StageLast    Stage = "last"     // six hours before the end
	StageOver    Stage = "over"
)

var stages = []struct {
	stage Stage
	after time.Duration
}{{StageOver, Clock}, {StageLast, Clock - 6*time.Hour}, {StageTwoDays, 48 * time.Hour}, {StageDay, 24 * time.Hour}, {StageNew, 0}}

// StageAt is the last stage that the clock has passed; "" when it does not run.
func (b Breach) StageAt(now time.Time) Stage {
	if s := b.StateAt(now); s != Running && s != Overdue {
		return ""
	}
	for _, s := range stages {
		if now.Sub(b.KnownAt) >= s.after {
			return s.stage
		}
	}
	return ""
}

// valid says everything that is wrong with a breach as it would be kept.
func (b Breach) valid(now time.Time) error {
	var faults []error
	add := func(bad bool, f *fault.Error) {
		if bad {
			faults = append(faults, f)
		}
	}
	add(strings.TrimSpace(b.Title) == "", fault.Invalid("title", "register.field_missing"))
	add(strings.TrimSpace(b.What) == "", fault.Invalid("what", "register.field_missing"))
	add(b.KnownAt.IsZero() || b.KnownAt.After(now), fault.Invalid("known_at", "register.known_in_future"))
	add(!isDay(b.HappenedOn), fault.Invalid("happened_on", "register.day_unreadable"))
	add(!isDay(b.ToldOn), fault.Invalid("told_on", "register.day_unreadable"))
	for _, n := range b.Nature {
		add(!slices.Contains(Natures, n), fault.Invalid("nature", "register.choice_unknown"))
	}
	add(b.Risk != RiskUnknown && !slices.Contains(Risks, b.Risk), fault.Invalid("risk", "register.choice_unknown"))
	add(b.Risk != RiskUnknown && strings.TrimSpace(b.RiskWhy) == "", fault.Invalid("risk_why", "register.risk_without_reason"))
	if !b.NotifiedAt.IsZero() {
		add(b.NotifiedAt.After(now) || b.NotifiedAt.Before(b.KnownAt), fault.Invalid("notified_at", "register.notified_wrong"))
		add(b.NotifiedAt.After(b.Deadline()) && strings.TrimSpace(b.Late) == "", fault.Invalid("late", "register.late_without_reason"))
		for _, f := range [][2]string{{"persons", b.Persons}, {"data", b.Data}, {"effects", b.Effects}, {"measures", b.Measures}} {
			add(strings.TrimSpace(f[1]) == "", fault.Invalid(f[0], "register.notice_incomplete")) // art. 33(3)
		}
	}
	if !b.ClosedAt.IsZero() {
		add(b.Risk == RiskUnknown, fault.Invalid("risk", "register.close_without_risk"))
		add(b.Risk != RiskUnlikely && b.NotifiedAt.IsZero(), fault.Invalid("notified_at", "register.close_without_notice"))
		add(b.Risk == RiskHigh && strings.TrimSpace(b.ToldHow) == "", fault.Invalid("told_how", "register.close_without_telling"))
	}
	return errors.Join(faults...)
}

func (b Breach) fields() [][2]string {
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return strconv.FormatInt(t.UnixMilli(), 10)
	}
	return [][2]string{
		{"title", b.Title}, {"known_at", at(b.KnownAt)}, {"happened_on", b.HappenedOn}, {"nature", strings.Join(b.Nature, " ")}, {"what", b.What},
		{"persons", b.Persons}, {"data", b.Data}, {"effects", b.Effects}, {"measures", b.Measures}, {"risk", b.Risk}, {"risk_why", b.RiskWhy},
		{"notified_at", at(b.NotifiedAt)}, {"protocol", b.Protocol}, {"late", b.Late}, {"told_on", b.ToldOn}, {"told_how", b.ToldHow}, {"closed_at", at(b.ClosedAt)},
	}
}
