// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"errors"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
)

// Outcome is what became of a booking. Its values are stored.
type Outcome string

// The outcomes.
const (
	Held           Outcome = "held"
	UserAbsent     Outcome = "user_absent"     // the mediator came for nobody
	MediatorAbsent Outcome = "mediator_absent" // nobody came
	CancelledLate  Outcome = "cancelled_late"  // by the desk, too late to cost nothing
)

// Outcomes are all outcomes.
var Outcomes = []Outcome{Held, UserAbsent, MediatorAbsent, CancelledLate}

// State is where a session stands. Its values are stored.
type State string

// The states.
const (
	Expected  State = "expected" // the desk has shown a code, nobody has come
	Begun     State = "begun"
	Ended     State = "ended"
	Reported  State = "reported"  // the desk has to countersign
	Confirmed State = "confirmed" // countersigned, or owed by rule
	Disputed  State = "disputed"
	Settled   State = "settled" // decided by a coordinator
)

// States are all states.
var States = []State{Expected, Begun, Ended, Reported, Confirmed, Disputed, Settled}

// Final says whether a session can stand on a timesheet.
func (s State) Final() bool { return s == Confirmed || s == Settled }

// How somebody came in or went out. "" stands for hours written afterwards.
const (
	ByPage = "page"
	ByLink = "link"
	ByCode = "code" // that the desk showed: both say so
)

// Activities are the kinds of what mediators do.
var Activities = []string{"interpreting", "orientation", "accompaniment", "translation", "conflict", "advice", "outreach", "training"}

// Topics are what it was about.
var Topics = []string{"health", "mental_health", "legal", "asylum", "residence", "registry", "school", "minors", "violence", "trafficking", "addiction", "work", "housing", "benefits", "disability", "prison"}

// ExpenseKinds are what money is spent on.
var ExpenseKinds = []string{"train", "bus", "car", "parking", "other"}

// Expense is money that a mediator has spent.
type Expense struct {
	Kind    string      `json:"kind"`
	Cents   int64       `json:"cents"`
	Receipt upload.Kept `json:"receipt,omitzero"`
}

// Reasons are why a desk does not countersign.
var Reasons = []string{"hours", "way", "expenses", "activity", ReasonAbsent}

// ReasonAbsent says that the mediator did not come.
const ReasonAbsent = "absent"

// Dispute is what the desk found wrong, and what came of it. The texts are sealed.
type Dispute struct {
	Reason   string    `json:"reason"`
	Minutes  int       `json:"minutes"` // that the desk would countersign
	By       string    `json:"by"`      // account
	At       time.Time `json:"at"`
	Answered time.Time `json:"answered,omitzero"`
	Agreed   bool      `json:"agreed,omitempty"` // the mediator agreed with the desk
}

// Notes are what people wrote in a dispute.
type Notes struct {
	Desk        string `json:"desk,omitempty"`
	Mediator    string `json:"mediator,omitempty"`
	Coordinator string `json:"coordinator,omitempty"`
}

// Session is a booking as it took place.
type Session struct {
	Booking   string    `json:"-"`
	Version   int64     `json:"-"`
	Mediator  string    `json:"-"`
	Member    string    `json:"-"` // the body that asked
	Keeper    string    `json:"-"` // the body that answers for the mediator
	Outcome   Outcome   `json:"-"`
	State     State     `json:"-"`
	Day       string    `json:"-"` // ISO, in Italy
	Began     time.Time `json:"-"`
	Ended     time.Time `json:"-"`
	Minutes   int       `json:"-"` // owed
	Travel    int       `json:"-"` // minutes
	Expenses  int64     `json:"-"` // cents
	Rate      int64     `json:"-"` // cents an hour
	Project   string    `json:"-"`
	Activity  string    `json:"-"`
	Timesheet string    `json:"-"`
	Changed   time.Time `json:"-"`
	Topics    []string  `json:"-"` // only where a use case says that it gives them

	InBy      string    `json:"in_by,omitempty"`
	OutBy     string    `json:"out_by,omitempty"`
	Done      []string  `json:"done,omitempty"`
	Spent     []Expense `json:"spent,omitempty"`
	Code      string    `json:"code,omitempty"` // that the desk shows
	CodeUntil time.Time `json:"code_until,omitzero"`
	CodeTries int       `json:"code_tries,omitempty"`
	Dispute   *Dispute  `json:"dispute,omitempty"`
	SignedBy  string    `json:"signed_by,omitempty"` // account of who countersigned
	// Fee is the share behind Minutes where not the time itself is owed; nil when it is, or somebody decided.
	Fee      *mediation.Fee `json:"fee,omitempty"`
	SignedAt time.Time      `json:"signed_at,omitzero"`
}

// Amount is what is owed, in cents: time by the rate, and expenses.
func (s Session) Amount() int64 { return (int64(s.Minutes)*s.Rate+30)/60 + s.Expenses }

// Editable says whether the mediator may still say what took place.
func (s Session) Editable() bool {
	return s.State != Disputed && !s.State.Final()
}

// Report is what a mediator says of a session.
type Report struct {
	Began, Ended time.Time // of what was held; the times of the booking do for who came for nobody
	UserAbsent   bool
	Done         []string
	Topics       []string
	Travel       int // minutes, there and back
	Spent        []Expense
}

const (
	maxTravel  = 12 * 60
	maxExpense = 500_00
	maxSpent   = 5
	// far is how far from its time the hours that are written may lie.
	far = 12 * time.Hour
	// grace is how long one waits for a mediator before they count as absent.
	grace = 15 * time.Minute
)

// check says what is wrong with a report on a booking, field by field.
func (r Report) check(b mediation.Booking, now time.Time) error {
	var wrong []error
	add := func(bad bool, mistake error) {
		if bad {
			wrong = append(wrong, mistake)
		}
	}
	if !r.UserAbsent {
		add(r.Began.IsZero(), fault.Invalid("began", "timesheet.hours_missing"))
		add(r.Ended.IsZero(), fault.Invalid("ended", "timesheet.hours_missing"))
		if !r.Began.IsZero() && !r.Ended.IsZero() {
			add(!r.Ended.After(r.Began) || r.Ended.Sub(r.Began) > mediation.MaxLength, fault.Invalid("ended", "timesheet.hours_backward"))
			add(r.Began.Before(b.Slot.Start.Add(-mediation.Early)) || r.Began.After(b.Slot.End.Add(far)), fault.Invalid("began", "timesheet.hours_far"))
			add(r.Ended.After(now.Add(5*time.Minute)), fault.Invalid("ended", "timesheet.hours_future"))
		}
		add(len(r.Done) == 0, fault.Invalid("done", "timesheet.done_missing"))
	}
	for _, d := range r.Done {
		add(!slices.Contains(Activities, d), fault.Invalid("done", "timesheet.choice"))
	}
	for _, t := range r.Topics {
		add(!slices.Contains(Topics, t), fault.Invalid("topics", "timesheet.choice"))
	}
	add(r.Travel < 0 || r.Travel > maxTravel, fault.Invalid("travel", "timesheet.travel", "most", maxTravel))
	add(len(r.Spent) > maxSpent, fault.Invalid("spent", "timesheet.spent_many", "most", maxSpent))
	for _, e := range r.Spent {
		add(!slices.Contains(ExpenseKinds, e.Kind), fault.Invalid("spent", "timesheet.choice"))
		add(e.Cents <= 0 || e.Cents > maxExpense, fault.Invalid("spent", "timesheet.spent", "most", maxExpense/100))
	}
	return errors.Join(wrong...)
}

// Worked is the length of a stretch in whole five minutes, begun ones in full.
func Worked(began, ended time.Time) int {
	if !ended.After(began) {
		return 0
	}
	q := mediation.Quantum
	return int((ended.Sub(began) + q - 1).Truncate(q) / time.Minute)
}

// resource is the session as policies ask about it.
func (s Session) resource(account string) access.Resource {
	return access.Resource{Type: "MediationSession", ID: s.Booking, Attributes: access.Attributes{"member": s.Member, "keeper": s.Keeper, "account": account}}
}
