// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"context"
	"regexp"
	"slices"
	"strconv"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Month is a month of a mediator: what was signed, and what would be signed now.
type Month struct {
	Mediator  mediation.Mediator // without contact
	Month     string
	Sheets    []Sheet  // the latest number first
	Draft     Content  // what is countersigned and on no timesheet
	Waiting   []Listed // of the month, not countersigned yet
	Absences  int      // of the mediator in the last year
	Evaluated Evaluated
	Names     Names
	// What the actor may do.
	Signs, Approves bool
}

// Current is the timesheet that holds, if there is one.
func (m Month) Current() (Sheet, bool) {
	i := slices.IndexFunc(m.Sheets, func(s Sheet) bool { return s.State == Sent || s.State == Signed })
	if i < 0 {
		return Sheet{}, false
	}
	return m.Sheets[i], true
}

// Names are what bodies, projects, activities and agreements are called, by identifier.
type Names map[string]string

// Of is what an identifier stands for; itself when that is not known.
func (n Names) Of(id string) string {
	if name, ok := n[id]; ok {
		return name
	}
	return id
}

// Charged is what pays for something, on one line.
func (n Names) Charged(c Charge) string {
	if c.Project == "" {
		return ""
	}
	return c.Project + " · " + n.Of(c.Activity)
}

// names finds what the bodies, projects, activities and agreements of contents are called.
func names(ctx context.Context, q db.Querier, lists ...Content) (Names, error) {
	n := Names{}
	var bodies []string
	projects, agreements := map[string]bool{}, map[string]bool{}
	for _, c := range lists {
		bodies = append(bodies, c.Member)
		for _, l := range c.Lines {
			bodies = append(bodies, l.Member)
			projects[l.Project] = l.Project != ""
			agreements[l.under()] = l.under() != ""
		}
	}
	slices.Sort(bodies)
	found, err := network.OrganizationsByID(ctx, q, slices.Compact(bodies))
	if err != nil {
		return nil, err
	}
	for id, o := range found {
		n[id] = o.Name
	}
	for id, some := range agreements {
		if some {
			if _, n[id], err = network.FeesUnder(ctx, q, id); err != nil {
				return nil, err
			}
		}
	}
	for code, some := range projects {
		if !some {
			continue
		}
		p, err := network.ProjectByCode(ctx, q, code)
		if fault.Is(err, fault.KindNotFound) {
			continue
		} else if err != nil {
			return nil, err
		}
		n[code] = p.Title
		for _, t := range p.Breakdown() {
			n[t.ID] = t.Number + " " + t.What
		}
	}
	return n, nil
}

var monthName = regexp.MustCompile(`^20\d\d-(0[1-9]|1[0-2])$`)

// Month reads a month of a mediator, which is recorded when it is somebody else's; access.Missing for
// whoever may not.
func (u *UseCases) Month(ctx context.Context, actor access.Actor, mediator, month string) (m Month, err error) {
	if !monthName.MatchString(month) {
		return m, access.Missing()
	}
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err = u.month(ctx, tx, actor, "mediation.timesheet.read", mediator, month)
		if err != nil || m.Mediator.Account != "" && m.Mediator.Account == actor.Account {
			return err
		}
		return u.recordSheet(ctx, tx, actor, "mediation.timesheet.read", mediator, month)
	})
	return m, err
}

// OwnMonth is a month of whoever is logged in.
func (u *UseCases) OwnMonth(ctx context.Context, actor access.Actor, month string) (Month, error) {
	m, err := u.Mediation.OwnEntry(ctx, actor)
	if err != nil {
		return Month{}, err
	}
	return u.Month(ctx, actor, m.ID, month)
}

func (u *UseCases) month(ctx context.Context, q db.Querier, actor access.Actor, action, mediator, month string) (m Month, err error) {
	m.Month = month
	if m.Mediator, err = mediation.MediatorWith(ctx, q, mediator); err != nil {
		return m, err
	}
	r := sheetResource(m.Mediator)
	if err := u.Guard.Check(ctx, actor, action, r); err != nil {
		return m, err
	}
	m.Signs = u.Guard.Allows(ctx, actor, "mediation.timesheet.sign", r)
	m.Approves = u.Guard.Allows(ctx, actor, "mediation.timesheet.approve", r) && !m.Signs
	if m.Sheets, err = sheetsOf(ctx, q, mediator, month); err != nil {
		return m, err
	}
	all, err := db.Rows(ctx, q, scanListed, `SELECT `+listedColumns+listed+`s.mediator = $1 AND s.day >= $2 AND s.day <= $3 ORDER BY s.day, b.start, s.booking`,
		mediator, month+"-01", month+"-31")
	if err != nil {
		return m, err
	}
	m.Draft = Content{Mediator: mediator, Member: m.Mediator.Member, Month: month, Number: 1}
	if len(m.Sheets) > 0 {
		m.Draft.Number = m.Sheets[0].Number + 1
	}
	for _, l := range all {
		switch {
		case !l.State.Final():
			m.Waiting = append(m.Waiting, l)
		case l.Timesheet == "":
			m.Draft.add(l)
		}
	}
	if m.Absences, err = db.Row(ctx, q, db.Column[int], `SELECT count(*) FROM mediation_session WHERE mediator = $1 AND outcome = 'mediator_absent' AND state IN ('confirmed', 'settled') AND changed >= $2`, mediator, db.Millis(u.Clock().AddDate(-1, 0, 0))); err != nil {
		return m, err
	}
	if m.Evaluated, err = u.evaluated(ctx, q, mediator); err != nil {
		return m, err
	}
	contents := []Content{m.Draft}
	for _, s := range m.Sheets {
		contents = append(contents, s.Content)
	}
	m.Names, err = names(ctx, q, contents...)
	return m, err
}

// Sign is the first signature, by the mediator, under what they saw: hash is that of the draft. Faults:
// Conflict timesheet.changed when it is another meanwhile, timesheet.signed when one holds already,
// timesheet.empty; access.Missing.
func (u *UseCases) Sign(ctx context.Context, actor access.Actor, mediator, month, hash string) error {
	return u.signFirst(ctx, actor, "mediation.timesheet.sign", mediator, month, hash)
}

// SignOnPaper says that a mediator who does not log in has signed a print, which the body keeps. Who says so
// does not sign second: two people stand for a month.
func (u *UseCases) SignOnPaper(ctx context.Context, actor access.Actor, mediator, month, hash string) error {
	return u.signFirst(ctx, actor, "mediation.timesheet.approve", mediator, month, hash)
}

func (u *UseCases) signFirst(ctx context.Context, actor access.Actor, action, mediator, month, hash string) error {
	if !monthName.MatchString(month) {
		return access.Missing()
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := u.month(ctx, tx, actor, action, mediator, month)
		if err != nil {
			return err
		}
		paper := action == "mediation.timesheet.approve"
		_, holds := m.Current()
		switch {
		case paper && m.Mediator.Account != "":
			return fault.Conflict("timesheet.signs_alone")
		case holds:
			return fault.Conflict("timesheet.signed")
		case len(m.Draft.Lines) == 0:
			return fault.Conflict("timesheet.empty")
		case m.Draft.Hash() != hash:
			return fault.Conflict("timesheet.changed")
		}
		now, id := u.Clock(), db.NewID()
		hand := m.Mediator.Account
		if paper {
			hand = actor.Account
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_timesheet (id, mediator, member, month, number, state, content, hash, seal, reason, on_paper, mediator_account, mediator_name, mediator_at, coordinator_account, coordinator_name)
			VALUES ($1, $2, $3, $4, $5, 'sent', $6, $7, '', '', $8, $9, $10, $11, '', '')`,
			id, mediator, m.Mediator.Member, month, m.Draft.Number, m.Draft.text(), hash, paper, hand, m.Mediator.Name, db.Millis(now)); db.IsUnique(err) {
			return fault.Conflict("timesheet.signed")
		} else if err != nil {
			return err
		}
		for _, l := range m.Draft.Lines {
			if n, err := db.Exec(ctx, tx, `UPDATE mediation_session SET version = version + 1, timesheet = $2 WHERE booking = $1 AND timesheet = ''`, l.Booking, id); err != nil {
				return err
			} else if n == 0 {
				return fault.Conflict("timesheet.changed")
			}
		}
		return u.recordSheet(ctx, tx, actor, action, mediator, month)
	})
}

// Approve is the second signature, by a coordinator of the body that answers for the mediator. Faults:
// Conflict timesheet.changed when another number holds, timesheet.own for one's own, timesheet.same_hand for
// whoever recorded the first on paper; access.Missing.
func (u *UseCases) Approve(ctx context.Context, actor access.Actor, mediator, month, hash string) error {
	return u.second(ctx, actor, mediator, month, hash, func(ctx context.Context, tx *db.Tx, s *Sheet) error {
		if s.State != Sent {
			return fault.Conflict("timesheet.changed")
		}
		if !s.Intact() {
			return fault.Conflict("timesheet.broken")
		}
		if s.RecordedBy(actor.Account) {
			return fault.Conflict("timesheet.same_hand")
		}
		name, err := u.Name(ctx, tx, actor.Account)
		if err != nil {
			return err
		}
		s.State, s.Second = Signed, Signature{Account: actor.Account, Name: name, At: u.Clock()}
		s.Seal = s.seal()
		return nil
	})
}

// Reopen gives a timesheet back to its mediator, or replaces one that both have signed: its sessions are
// free to be corrected and signed anew. Faults: as Approve; Invalid for an unknown reason.
func (u *UseCases) Reopen(ctx context.Context, actor access.Actor, mediator, month, hash, reason string) error {
	return u.second(ctx, actor, mediator, month, hash, func(ctx context.Context, tx *db.Tx, s *Sheet) error {
		if !slices.Contains(Corrections, reason) {
			return fault.Invalid("reason", "timesheet.choice")
		}
		s.Reason = reason
		if s.State == Sent {
			s.State = Returned
		} else {
			s.State = Replaced
		}
		_, err := db.Exec(ctx, tx, `UPDATE mediation_session SET version = version + 1, timesheet = '' WHERE timesheet = $1`, s.ID)
		return err
	})
}

func (u *UseCases) second(ctx context.Context, actor access.Actor, mediator, month, hash string, do func(context.Context, *db.Tx, *Sheet) error) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := u.month(ctx, tx, actor, "mediation.timesheet.approve", mediator, month)
		if err != nil {
			return err
		}
		s, holds := m.Current()
		switch {
		case m.Mediator.Account != "" && m.Mediator.Account == actor.Account:
			return fault.Conflict("timesheet.own")
		case !holds || s.Hash != hash:
			return fault.Conflict("timesheet.changed")
		}
		if err := do(ctx, tx, &s); err != nil {
			return err
		}
		if err := writeSheet(ctx, tx, s); err != nil {
			return err
		}
		return u.recordSheet(ctx, tx, actor, "mediation.timesheet.approve", mediator, month+" "+string(s.State))
	})
}

func (u *UseCases) recordSheet(ctx context.Context, tx *db.Tx, actor access.Actor, action, mediator, what string) error {
	return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: action, Kind: "mediation-timesheet", Record: mediator, Read: action == "mediation.timesheet.read", Changes: []audit.Change{{Field: "month", After: what}}})
}

// ListedMonth is a mediator with the month in a list.
type ListedMonth struct {
	Mediator, Name string
	Minutes        int        // countersigned
	Waiting        int        // sessions that are not
	State          SheetState // of the latest number; "" for none
}

var sheetTable = access.Table{Type: "MediationTimesheet", ID: "m.id", Columns: map[string]access.Column{
	"member":  {SQL: "m.member", Kind: access.Text},
	"account": {SQL: "m.account", Kind: access.Text},
}}

// Timesheets lists the mediators whom the actor may see with something in a month, by name, and how many.
func (u *UseCases) Timesheets(ctx context.Context, actor access.Actor, month string, page, size int) (list []ListedMonth, total int, err error) {
	if !monthName.MatchString(month) {
		return nil, 0, access.Missing()
	}
	scope, args, err := u.Guard.Scope(actor, "mediation.timesheet.read", sheetTable, 4)
	if err != nil {
		return nil, 0, err
	}
	args = append([]any{month, month + "-01", month + "-31"}, args...)
	from := ` FROM mediation_mediator m WHERE (` + scope + `) AND (EXISTS (SELECT 1 FROM mediation_session s WHERE s.mediator = m.id AND s.day >= $2 AND s.day <= $3)
		OR EXISTS (SELECT 1 FROM mediation_timesheet t WHERE t.mediator = m.id AND t.month = $1))`
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if total, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*)`+from, args...); err != nil {
			return err
		}
		size = min(max(size, 1), 500)
		list, err = db.Rows(ctx, tx, func(row db.Scanner) (ListedMonth, error) {
			var l ListedMonth
			return l, row.Scan(&l.Mediator, &l.Name, &l.Minutes, &l.Waiting, &l.State)
		}, `SELECT m.id, m.name,
			(SELECT CAST(coalesce(SUM(s.minutes), 0) AS BIGINT) FROM mediation_session s WHERE s.mediator = m.id AND s.day >= $2 AND s.day <= $3 AND s.state IN ('confirmed', 'settled')),
			(SELECT count(*) FROM mediation_session s WHERE s.mediator = m.id AND s.day >= $2 AND s.day <= $3 AND s.state NOT IN ('confirmed', 'settled')),
			coalesce((SELECT t.state FROM mediation_timesheet t WHERE t.mediator = m.id AND t.month = $1 ORDER BY t.number DESC LIMIT 1), '')`+
			from+` ORDER BY m.sort_name, m.id LIMIT `+strconv.Itoa(size)+` OFFSET `+strconv.Itoa(max(page-1, 0)*size), args...)
		return err
	})
	return list, total, err
}
