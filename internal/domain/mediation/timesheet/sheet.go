// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// SheetState is where a timesheet stands. Its values are stored.
type SheetState string

// The states of a timesheet.
const (
	Sent     SheetState = "sent" // signed by the mediator
	Signed   SheetState = "signed"
	Returned SheetState = "returned" // not signed by the coordinator
	Replaced SheetState = "replaced" // by a correction
)

// Corrections are why a timesheet is returned or corrected.
var Corrections = []string{"missing", "hours", "expenses", "activity", "other"}

// Line is one session on a timesheet.
type Line struct {
	Booking  string         `json:"booking"`
	Day      string         `json:"day"`
	From     string         `json:"from"` // "15:04", in Italy
	To       string         `json:"to"`
	Member   string         `json:"member"`
	Outcome  Outcome        `json:"outcome"`
	Mode     mediation.Mode `json:"mode"`
	Done     []string       `json:"done,omitempty"`
	Minutes  int            `json:"minutes"`
	Travel   int            `json:"travel"`
	Rate     int64          `json:"rate"`
	Expenses int64          `json:"expenses"`
	Amount   int64          `json:"amount"`
	Project  string         `json:"project,omitempty"`
	Activity string         `json:"activity,omitempty"`
	Fee      *mediation.Fee `json:"fee,omitempty"` // the share that is owed, where it is no whole time
}

// under is the agreement that says what is owed; "" for none.
func (l Line) under() string {
	if l.Fee == nil {
		return ""
	}
	return l.Fee.Under
}

// Content is what is signed.
type Content struct {
	Mediator string `json:"mediator"`
	Member   string `json:"member"`
	Month    string `json:"month"`
	Number   int    `json:"number"`
	Lines    []Line `json:"lines"`
	Minutes  int    `json:"minutes"`
	Travel   int    `json:"travel"`
	Expenses int64  `json:"expenses"`
	Amount   int64  `json:"amount"`
}

// add puts a session at the end.
func (c *Content) add(l Listed) {
	s := l.Session
	from, to := s.Began, s.Ended
	if s.Outcome != Held || from.IsZero() || to.IsZero() {
		from, to = l.Slot.Start, l.Slot.End
	}
	clock := func(t time.Time) string { return t.In(calendar.Rome()).Format("15:04") }
	c.Lines = append(c.Lines, Line{
		Booking: s.Booking, Day: s.Day, From: clock(from), To: clock(to), Member: s.Member, Outcome: s.Outcome, Mode: l.Mode, Done: s.Done,
		Minutes: s.Minutes, Travel: s.Travel, Rate: s.Rate, Expenses: s.Expenses, Amount: s.Amount(), Project: s.Project, Activity: s.Activity, Fee: s.Fee,
	})
	c.Minutes, c.Travel = c.Minutes+s.Minutes, c.Travel+s.Travel
	c.Expenses, c.Amount = c.Expenses+s.Expenses, c.Amount+s.Amount()
}

// text is the content as it is kept, whose hash is signed.
func (c Content) text() string {
	raw, err := json.Marshal(c)
	if err != nil {
		panic(err) // plain texts and numbers
	}
	return string(raw)
}

// Hash is the SHA-256 of the content.
func (c Content) Hash() string { return hashOf(c.text()) }

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// ByActivity are the minutes and cents of the lines by what pays for them, in the order in which they come.
func (c Content) ByActivity() []Used {
	var list []Used
	at := map[Charge]int{}
	for _, l := range c.Lines {
		k := Charge{l.Project, l.Activity}
		i, ok := at[k]
		if !ok {
			i, at[k] = len(list), len(list)
			list = append(list, Used{Charge: k})
		}
		list[i].Minutes += l.Minutes
		list[i].Cents += l.Amount
	}
	return list
}

// Signature says who signed, and when.
type Signature struct {
	Account string
	Name    string // "–" once they are erased
	At      time.Time
}

// Sheet is a timesheet that was signed at least once.
type Sheet struct {
	ID          string
	Mediator    string
	Member      string
	Month       string
	Number      int
	State       SheetState
	Content     Content
	Hash        string
	Seal        string // binds both signatures to the hash; "" before the second
	Reason      string // one of Corrections
	OnPaper     bool
	First       Signature // the mediator's; on paper, Account is of whoever recorded it
	Second      Signature // the coordinator's
	contentText string
}

// Intact says whether the content is what was signed, by whom and when it says.
func (s Sheet) Intact() bool {
	return hashOf(s.contentText) == s.Hash && (s.Seal == "" || s.seal() == s.Seal)
}

// RecordedBy says whether an account gave the first signature for a mediator who signed a print.
func (s Sheet) RecordedBy(account string) bool {
	return s.OnPaper && account != "" && s.First.Account == account
}

func (s Sheet) seal() string {
	ms := func(t time.Time) string { return strconv.FormatInt(db.Millis(t), 10) }
	return hashOf(s.Hash + "\n" + s.First.Account + "\n" + ms(s.First.At) + "\n" + s.Second.Account + "\n" + ms(s.Second.At))
}

const sheetColumns = `t.id, t.mediator, t.member, t.month, t.number, t.state, t.content, t.hash, t.seal, t.reason, t.on_paper, t.mediator_account, t.mediator_name, t.mediator_at, t.coordinator_account, t.coordinator_name, t.coordinator_at`

func scanSheet(row db.Scanner) (Sheet, error) {
	var s Sheet
	if err := row.Scan(&s.ID, &s.Mediator, &s.Member, &s.Month, &s.Number, &s.State, &s.contentText, &s.Hash, &s.Seal, &s.Reason, &s.OnPaper,
		&s.First.Account, &s.First.Name, db.ScanTime(&s.First.At), &s.Second.Account, &s.Second.Name, db.ScanTime(&s.Second.At)); err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(s.contentText), &s.Content)
}

// sheetsOf are the timesheets of a month, the latest number first.
func sheetsOf(ctx context.Context, q db.Querier, mediator, month string) ([]Sheet, error) {
	return db.Rows(ctx, q, scanSheet, `SELECT `+sheetColumns+` FROM mediation_timesheet t WHERE t.mediator = $1 AND t.month = $2 ORDER BY t.number DESC`, mediator, month)
}

// writeSheet writes what a timesheet has become.
func writeSheet(ctx context.Context, tx *db.Tx, s Sheet) error {
	_, err := db.Exec(ctx, tx, `UPDATE mediation_timesheet SET state = $2, seal = $3, reason = $4, coordinator_account = $5, coordinator_name = $6, coordinator_at = $7 WHERE id = $1`,
		s.ID, s.State, s.Seal, s.Reason, s.Second.Account, s.Second.Name, db.NullMillis(s.Second.At))
	return err
}

func sheetResource(m mediation.Mediator) access.Resource {
	return access.Resource{Type: "MediationTimesheet", ID: m.ID, Attributes: access.Attributes{"member": m.Member, "account": m.Account}}
}
