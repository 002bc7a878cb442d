// SPDX-License-Identifier: EUPL-1.2

package timesheet

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Used is what was charged to something.
type Used struct {
	Charge
	Minutes int
	Cents   int64
}

// Budget is what a body has for mediation within an activity, and what is left of it.
type Budget struct {
	Charge
	Title   string // of the project
	What    string // of the activity, with its number
	Version int64
	// Planned, in minutes and cents; 0 for not said. Minutes that nobody has set here are those that the
	// work breakdown of the project gives to the activity of the body.
	Minutes int
	Cents   int64
	Used    Used // by sessions that are countersigned or settled
}

// Left are the minutes and cents that are left; negative when more was used than planned.
func (b Budget) Left() (minutes int, cents int64) {
	return b.Minutes - b.Used.Minutes, b.Cents - b.Used.Cents
}

// Quota are the hours that a body planned for a month and those it was given.
type Quota struct {
	Member  string
	Planned int // minutes; 0 for no plan
	Given   int
}

// maxBudget is the largest budget of an activity, in hours and in euros.
const maxBudget = 1_000_000

func budgetResource(member string) access.Resource {
	return access.Resource{Type: "MediationBudget", ID: member, Attributes: access.Attributes{"member": member}}
}

// Charges are the activities that a body may charge sessions to: those of projects in which it takes part
// and that are not closed, by project and in the order of their work.
func (u *UseCases) Charges(ctx context.Context, member string) ([]Budget, error) {
	return charges(ctx, u.DB, member)
}

func charges(ctx context.Context, q db.Querier, member string) ([]Budget, error) {
	projects, err := network.Projects(ctx, q)
	if err != nil {
		return nil, err
	}
	var list []Budget
	for _, p := range projects {
		if p.ClosedOn != "" || !slices.Contains(p.Bodies(), member) {
			continue
		}
		for _, t := range p.Breakdown() {
			b := Budget{Charge: Charge{p.Code, t.ID}, Title: p.Title, What: t.Number + " " + t.What}
			if t.Body == member {
				for _, hours := range t.Hours {
					b.Minutes += hours * 60
				}
			}
			list = append(list, b)
		}
	}
	return list, nil
}

// Budgets are the budgets of the body that the actor acts for, with what is left, and the quotas of a month:
// its own, and of the bodies that its mediators worked for. access.Missing for whoever may not.
func (u *UseCases) Budgets(ctx context.Context, actor access.Actor, month string) (list []Budget, quotas []Quota, bodies Names, err error) {
	if !monthName.MatchString(month) {
		return nil, nil, nil, access.Missing()
	}
	if err := u.Guard.Check(ctx, actor, "mediation.budget.read", budgetResource(actor.Member)); err != nil {
		return nil, nil, nil, err
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if list, err = charges(ctx, tx, actor.Member); err != nil {
			return err
		}
		if err := fillBudgets(ctx, tx, actor.Member, list); err != nil {
			return err
		}
		quotas, err = quotasOf(ctx, tx, actor.Member, month)
		if err != nil {
			return err
		}
		c := Content{Member: actor.Member}
		for _, q := range quotas {
			c.Lines = append(c.Lines, Line{Member: q.Member})
		}
		bodies, err = names(ctx, tx, c)
		return err
	})
	return list, quotas, bodies, err
}

func fillBudgets(ctx context.Context, tx *db.Tx, member string, list []Budget) error {
	at := map[Charge]*Budget{}
	for i := range list {
		at[list[i].Charge] = &list[i]
	}
	if err := db.Walk(ctx, tx, func(row db.Scanner) error {
		var b Budget
		if err := row.Scan(&b.Project, &b.Activity, &b.Version, &b.Minutes, &b.Cents); err != nil {
			return err
		}
		if known := at[b.Charge]; known != nil {
			known.Version, known.Minutes, known.Cents = b.Version, b.Minutes, b.Cents
		}
		return nil
	}, `SELECT project, activity, version, minutes, cents FROM mediation_budget WHERE member = $1`, member); err != nil {
		return err
	}
	return db.Walk(ctx, tx, func(row db.Scanner) error {
		var used Used
		if err := row.Scan(&used.Project, &used.Activity, &used.Minutes, &used.Cents); err != nil {
			return err
		}
		if known := at[used.Charge]; known != nil {
			known.Used = used
		}
		return nil
	}, `SELECT project, activity, CAST(SUM(minutes) AS BIGINT), CAST(SUM((minutes * rate + 30) / 60 + expenses) AS BIGINT) FROM mediation_session
		WHERE member = $1 AND project <> '' AND state IN ('confirmed', 'settled') GROUP BY project, activity`, member)
}

func quotasOf(ctx context.Context, tx *db.Tx, member, month string) ([]Quota, error) {
	list := []Quota{{Member: member}}
	if err := db.Walk(ctx, tx, func(row db.Scanner) error {
		var q Quota
		if err := row.Scan(&q.Member, &q.Given); err != nil {
			return err
		}
		if q.Member == member {
			list[0].Given = q.Given
		} else {
			list = append(list, q)
		}
		return nil
	}, `SELECT member, CAST(SUM(minutes) AS BIGINT) FROM mediation_session WHERE (member = $1 OR keeper = $1) AND day >= $2 AND day <= $3 AND state IN ('confirmed', 'settled') GROUP BY member`,
		member, month+"-01", month+"-31"); err != nil {
		return nil, err
	}
	for i := range list {
		rules, err := mediation.RulesWith(ctx, tx, list[i].Member)
		if err != nil {
			return nil, err
		}
		list[i].Planned = rules.MonthHours * 60
	}
	slices.SortFunc(list[1:], func(a, b Quota) int {
		return cmp.Or(cmp.Compare(b.Given, a.Given), strings.Compare(a.Member, b.Member))
	})
	return list, nil
}

// Plan sets the budget of one activity for the body that the actor acts for, of the version it has. Faults:
// Invalid by field; Conflict when somebody else changed it meanwhile; access.Missing.
func (u *UseCases) Plan(ctx context.Context, actor access.Actor, b Budget) error {
	if b.Minutes < 0 || b.Minutes > maxBudget*60 {
		return fault.Invalid("hours", "timesheet.budget", "most", maxBudget)
	}
	if b.Cents < 0 || b.Cents > maxBudget*100 {
		return fault.Invalid("euros", "timesheet.budget", "most", maxBudget)
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := u.Guard.Check(ctx, actor, "mediation.budget.edit", budgetResource(actor.Member)); err != nil {
			return err
		}
		known, err := charges(ctx, tx, actor.Member)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(known, func(k Budget) bool { return k.Charge == b.Charge }) {
			return fault.Invalid("charge", "timesheet.charge")
		}
		n, err := db.Exec(ctx, tx, `INSERT INTO mediation_budget (member, project, activity, version, minutes, cents) VALUES ($1, $2, $3, 1, $4, $5)
			ON CONFLICT (member, project, activity) DO UPDATE SET version = mediation_budget.version + 1, minutes = $4, cents = $5 WHERE mediation_budget.version = $6`,
			actor.Member, b.Project, b.Activity, b.Minutes, b.Cents, b.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("mediation.changed_meanwhile")
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.budget.edit", Kind: "mediation-budget", Record: b.Activity})
	})
}
