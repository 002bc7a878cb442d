// SPDX-License-Identifier: EUPL-1.2

package figure

import (
	"cmp"
	"context"
	_ "embed"
	"slices"
	"strconv"
	"sync"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

//go:embed policy.cedar
var policyText string

// Policy says who reads figures.
func Policy() access.Policy {
	return access.Policy{Name: "mediation/figure/policy.cedar", Text: policyText}
}

// UseCases is what can be counted. All fields are required.
type UseCases struct {
	DB    *db.DB
	Clock func() time.Time
	Guard *access.Guard

	published struct { // what anybody may read is counted once a day
		sync.Mutex
		day  calendar.Day
		list []Open
	}
}

// Query chooses what is counted. Empty fields choose all.
type Query struct {
	From, To calendar.Day // both included
	Member   string
	Language string
	Mode     mediation.Mode
	Province string // sigla
}

// maxDays is the longest period.
const maxDays = 5 * 366

// Figures is what mediation did in a period.
type Figures struct {
	Total Count
	// Each table is ordered by how much was asked; Months is in order.
	Bodies, Languages, Modes, Provinces, Months []Line
	Grid                                        Grid
	OnCall, Scheduled                           Wait
}

// Line is what was counted of one body, language, mode, province ("" for remote work) or month.
type Line struct {
	Of      string
	Name    string // of a body
	Planned int    // minutes that a body may use in the period by its rules; 0 for no limit
	Count
}

// Read counts what the actor may see. Faults: Invalid by field. Who may see no figures gets none.
func (u *UseCases) Read(ctx context.Context, actor access.Actor, q Query) (f Figures, err error) {
	scope, args, err := u.Guard.Scope(actor, "mediation.figure.read", figureTable, 4)
	if err != nil {
		return f, err
	}
	span, err := q.span()
	if err != nil {
		return f, err
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		s := newSums()
		if err := u.walk(ctx, tx, span, scope, args, func(one fact) {
			if q.holds(one) {
				s.add(one)
			}
		}); err != nil {
			return err
		}
		f = s.figures()
		return f.nameBodies(ctx, tx, q)
	})
	return f, err
}

// Row is one line of an export: a month of one body, language, mode and province.
type Row struct {
	Month, Member, Body, Language string
	Mode                          mediation.Mode
	Kind                          mediation.Kind
	Province                      string
	Count
}

// Rows counts what the actor may see, told apart by everything at once. That it left the program is
// recorded. Faults: as Read.
func (u *UseCases) Rows(ctx context.Context, actor access.Actor, q Query) (rows []Row, err error) {
	scope, args, err := u.Guard.Scope(actor, "mediation.figure.read", figureTable, 4)
	if err != nil {
		return nil, err
	}
	span, err := q.span()
	if err != nil {
		return nil, err
	}
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		type key struct {
			month, member, language, province string
			mode                              mediation.Mode
			kind                              mediation.Kind
		}
		counted := map[key]Count{}
		if err := u.walk(ctx, tx, span, scope, args, func(one fact) {
			if q.holds(one) {
				k := key{one.month, one.member, one.language, one.province, one.mode, one.kind}
				counted[k] = counted[k].with(one)
			}
		}); err != nil {
			return err
		}
		names, err := bodyNames(ctx, tx)
		if err != nil {
			return err
		}
		rows = make([]Row, 0, len(counted))
		for k, n := range counted {
			rows = append(rows, Row{k.month, k.member, cmp.Or(names[k.member], k.member), k.language, k.mode, k.kind, k.province, n})
		}
		slices.SortFunc(rows, func(a, b Row) int {
			return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Body, b.Body), cmp.Compare(a.Language, b.Language), cmp.Compare(a.Mode, b.Mode), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Province, b.Province))
		})
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.figure.read", Kind: "mediation-figures", Record: actor.Member, Read: true,
			Changes: []audit.Change{{Field: "rows", After: strconv.Itoa(len(rows))}}})
	})
	return rows, err
}

// span is the time of the query.
func (q Query) span() (calendar.Interval, error) {
	switch {
	case !q.From.Valid() || !q.To.Valid() || q.From > q.To:
		return calendar.Interval{}, fault.Invalid("to", "mediation.figure.order")
	case int(q.To-q.From) > maxDays:
		return calendar.Interval{}, fault.Invalid("from", "mediation.figure.long", "days", maxDays)
	}
	return calendar.Interval{From: calendar.Earliest(q.From, 0, calendar.Rome()), To: calendar.Earliest(q.To+1, 0, calendar.Rome())}, nil
}

func (q Query) holds(f fact) bool {
	return (q.Member == "" || f.member == q.Member) && (q.Language == "" || f.language == q.Language) && (q.Mode == "" || f.mode == q.Mode) && (q.Province == "" || f.province == q.Province)
}

// nameBodies gives the bodies their names and the hours that their rules allow them.
func (f *Figures) nameBodies(ctx context.Context, q db.Querier, period Query) error {
	names, err := bodyNames(ctx, q)
	if err != nil {
		return err
	}
	caps := map[string]int{} // hours a month
	if err := db.Walk(ctx, q, func(row db.Scanner) error {
		var member string
		var r mediation.Rules
		err := row.Scan(&member, db.JSON(&r))
		caps[member] = r.MonthHours
		return err
	}, `SELECT member, record FROM mediation_rule`); err != nil {
		return err
	}
	for i := range f.Bodies {
		b := &f.Bodies[i]
		hours, own := caps[b.Of]
		if !own {
			hours = caps[""]
		}
		b.Name, b.Planned = cmp.Or(names[b.Of], b.Of), planned(hours, period.From, period.To)
	}
	return nil
}

// planned is how many minutes a cap of hours a month comes to from one day to another.
func planned(hours int, from, to calendar.Day) int {
	minutes := 0.0
	for d := from; hours > 0 && d <= to; d++ {
		y, m, _ := d.Date()
		minutes += float64(hours*60) / float64(calendar.MonthLength(y, m))
	}
	return int(minutes + 0.5)
}

func bodyNames(ctx context.Context, q db.Querier) (map[string]string, error) {
	names := map[string]string{}
	return names, db.Walk(ctx, q, func(row db.Scanner) error {
		var id, name string
		err := row.Scan(&id, &name)
		names[id] = name
		return err
	}, `SELECT id, name FROM network_organization`)
}

// provinceOf is the sigla of the province of a comune.
func provinceOf(comune string) string {
	if c, ok := network.Territories().Comune(comune); ok {
		return c.Province
	}
	return ""
}
