// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"
	"errors"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Residency is a block of weeks in which a mediator is in an office: hours that are paid for, and used
// before outside calls.
type Residency struct {
	ID         string
	Version    int64
	Mediator   string
	Member     string // the body whose it is
	From       calendar.Day
	Until      calendar.Day
	Neighbours []string // bodies whose desks may use the hours too
	mediation.ResidencyFile

	Name  string // of the mediator
	Edits bool   // the actor may change it
}

var residencyTable = access.Table{Type: "Residency", ID: "r.id", Columns: map[string]access.Column{
	"member": {SQL: "r.member", Kind: access.Text},
	"bodies": {SQL: `%s IN (SELECT n.member FROM mediation_neighbour n WHERE n.residency = r.id UNION ALL SELECT r.member)`, Kind: access.Many},
}}

func (r Residency) resource() access.Resource {
	return access.Resource{Type: "Residency", ID: r.ID, Attributes: access.Attributes{"member": r.Member, "bodies": append([]string{r.Member}, r.Neighbours...)}}
}

const residencyColumns = `r.id, r.version, r.mediator, r.member, r.from_day, r.last_day, r.record, m.name`

func scanResidency(s db.Scanner) (Residency, error) {
	var r Residency
	var from, until string
	err := s.Scan(&r.ID, &r.Version, &r.Mediator, &r.Member, &from, &until, db.JSON(&r.ResidencyFile), &r.Name)
	r.From, r.Until = dayOf(from), dayOf(until)
	return r, err
}

// Residencies lists the residencies that the actor may see and that end on a day or after it, the first to
// begin first.
func (u *UseCases) Residencies(ctx context.Context, actor access.Actor, from calendar.Day) (list []Residency, err error) {
	scope, args, err := u.Guard.Scope(actor, "mediation.residency.read", residencyTable, 1)
	if err != nil {
		return nil, err
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, err = db.Rows(ctx, tx, scanResidency, `SELECT `+residencyColumns+` FROM mediation_residency r JOIN mediation_mediator m ON m.id = r.mediator
			WHERE (`+scope+`) AND r.last_day >= $`+next(args)+` ORDER BY r.from_day, r.id LIMIT 500`, append(args, from.String())...)
		if err != nil {
			return err
		}
		return u.withNeighbours(ctx, tx, actor, list)
	})
	return list, err
}

func (u *UseCases) withNeighbours(ctx context.Context, q db.Querier, actor access.Actor, list []Residency) error {
	for i := range list {
		var err error
		if list[i].Neighbours, err = db.Rows(ctx, q, db.Column[string], `SELECT member FROM mediation_neighbour WHERE residency = $1 ORDER BY member`, list[i].ID); err != nil {
			return err
		}
		list[i].Edits = u.Guard.Allows(ctx, actor, "mediation.residency.edit", list[i].resource())
	}
	return nil
}

// Residency is one of them; access.Missing when there is none that the actor may see.
func (u *UseCases) Residency(ctx context.Context, actor access.Actor, id string) (r Residency, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err = u.residencyFor(ctx, tx, actor, "mediation.residency.read", id)
		return err
	})
	return r, err
}

func (u *UseCases) residencyFor(ctx context.Context, q db.Querier, actor access.Actor, action, id string) (Residency, error) {
	r, err := db.Row(ctx, q, scanResidency, `SELECT `+residencyColumns+` FROM mediation_residency r JOIN mediation_mediator m ON m.id = r.mediator WHERE r.id = $1`, id)
	if fault.Is(err, fault.KindNotFound) {
		return r, access.Missing()
	} else if err != nil {
		return r, err
	}
	list := []Residency{r}
	if err := u.withNeighbours(ctx, q, actor, list); err != nil {
		return r, err
	}
	return list[0], u.Guard.Check(ctx, actor, action, list[0].resource())
}

// longest residency: a year of weeks; longer ones are renewed.
const longestResidency = 400

// KeepResidency makes a residency of the actor's body, or changes one of the version it has. Faults: Invalid
// by field; Conflict; access.Missing.
func (u *UseCases) KeepResidency(ctx context.Context, actor access.Actor, r Residency) (Residency, error) {
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		kept := r
		if r.ID == "" {
			kept.ID, kept.Version, kept.Member = db.NewID(), 0, actor.Member
			if err := u.Guard.Check(ctx, actor, "mediation.residency.edit", kept.resource()); err != nil {
				return err
			}
		} else {
			old, err := u.residencyFor(ctx, tx, actor, "mediation.residency.edit", r.ID)
			if err != nil {
				return err
			}
			kept.Member, kept.Mediator = old.Member, old.Mediator
		}
		if err := u.checkResidency(ctx, tx, actor, kept); err != nil {
			return err
		}
		if err := writeResidency(ctx, tx, &kept); err != nil {
			return err
		}
		r = kept
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.residency.edit", Kind: "residency", Record: kept.ID, Changes: []audit.Change{
			{Field: "from", After: kept.From.String()}, {Field: "until", After: kept.Until.String()}, {Field: "neighbours", After: strings.Join(kept.Neighbours, " ")},
		}})
	})
	return r, err
}

func (u *UseCases) checkResidency(ctx context.Context, tx *db.Tx, actor access.Actor, r Residency) error {
	var wrong []error
	add := func(bad bool, mistake error) {
		if bad {
			wrong = append(wrong, mistake)
		}
	}
	add(r.From == 0, fault.Invalid("from", "roster.day"))
	add(r.Until == 0, fault.Invalid("until", "roster.day"))
	add(r.From != 0 && r.Until != 0 && (r.Until < r.From || r.Until-r.From > longestResidency), fault.Invalid("until", "roster.residency.until", "most", longestResidency))
	add(len(r.Hours) == 0, fault.Invalid("hours", "roster.residency.hours"))
	for _, h := range r.Hours {
		add(!h.From.Valid() || !h.To.Valid() || h.To <= h.From, fault.Invalid("hours", "roster.residency.hours"))
	}
	add(r.Office.Name == "", fault.Invalid("where", "roster.fault.office"))
	add(len(r.Office.Name)+len(r.Office.Address)+len(r.Notes) > 2000, fault.Invalid("notes", "roster.long"))
	add(slices.Contains(r.Neighbours, r.Member), fault.Invalid("neighbours", "roster.residency.neighbour"))
	if len(r.Neighbours) > 0 {
		known, err := network.OrganizationsByID(ctx, tx, r.Neighbours)
		if err != nil {
			return err
		}
		add(len(known) != len(slices.Compact(slices.Sorted(slices.Values(r.Neighbours)))), fault.Invalid("neighbours", "roster.residency.neighbour"))
	}
	if r.Version == 0 {
		m, err := u.Mediation.Entry(ctx, tx, r.Mediator)
		switch {
		case fault.Is(err, fault.KindNotFound) || err == nil && !m.Listed(max(r.From, u.today())):
			add(true, fault.Invalid("mediator", "roster.fault.mediator"))
		case err != nil:
			return err
		default:
			seen, err := u.Mediation.ResourceFor(ctx, tx, actor, m)
			if err != nil {
				return err
			}
			if !u.Guard.Allows(ctx, actor, "mediation.roster.read", seen) {
				return access.Missing()
			}
		}
	}
	if len(wrong) > 0 {
		return errors.Join(wrong...)
	}
	return u.apart(ctx, tx, r)
}

// apart refuses hours in which the mediator is resident somewhere else already.
func (u *UseCases) apart(ctx context.Context, tx *db.Tx, r Residency) error {
	others, err := db.Rows(ctx, tx, scanResidency, `SELECT `+residencyColumns+` FROM mediation_residency r JOIN mediation_mediator m ON m.id = r.mediator
		WHERE r.mediator = $1 AND r.id <> $2 AND r.from_day <= $3 AND r.last_day >= $4`, r.Mediator, r.ID, r.Until.String(), r.From.String())
	if err != nil {
		return err
	}
	for _, o := range others {
		for _, a := range o.Hours {
			for _, b := range r.Hours {
				if a.Weekday == b.Weekday && a.From < b.To && b.From < a.To {
					return fault.Invalid("hours", "roster.residency.elsewhere", "from", o.From.String(), "until", o.Until.String())
				}
			}
		}
	}
	return nil
}

func writeResidency(ctx context.Context, tx *db.Tx, r *Residency) error {
	if r.Version == 0 {
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_residency (id, version, mediator, member, from_day, last_day, record) VALUES ($1, 1, $2, $3, $4, $5, $6)`,
			r.ID, r.Mediator, r.Member, r.From.String(), r.Until.String(), db.JSON(r.ResidencyFile)); err != nil {
			return err
		}
	} else if n, err := db.Exec(ctx, tx, `UPDATE mediation_residency SET version = version + 1, from_day = $3, last_day = $4, record = $5 WHERE id = $1 AND version = $2`,
		r.ID, r.Version, r.From.String(), r.Until.String(), db.JSON(r.ResidencyFile)); err != nil {
		return err
	} else if n == 0 {
		return fault.Conflict("mediation.changed_meanwhile")
	}
	r.Version++
	if _, err := db.Exec(ctx, tx, `DELETE FROM mediation_neighbour WHERE residency = $1`, r.ID); err != nil {
		return err
	}
	rows := make([][]any, len(r.Neighbours))
	for i, member := range r.Neighbours {
		rows[i] = []any{r.ID, member}
	}
	_, err := db.Insert(ctx, tx, "mediation_neighbour (residency, member)", "ON CONFLICT DO NOTHING", rows)
	return err
}

// EndResidency ends a residency yesterday when it began before today, and takes it away when it did not
// begin. What was booked in it stays. Faults: Conflict, access.Missing.
func (u *UseCases) EndResidency(ctx context.Context, actor access.Actor, id string, version int64) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := u.residencyFor(ctx, tx, actor, "mediation.residency.edit", id)
		if err != nil {
			return err
		}
		if r.Version != version {
			return fault.Conflict("mediation.changed_meanwhile")
		}
		today := u.today()
		if r.From >= today {
			for _, text := range []string{`DELETE FROM mediation_neighbour WHERE residency = $1`, `DELETE FROM mediation_residency WHERE id = $1`} {
				if _, err := db.Exec(ctx, tx, text, id); err != nil {
					return err
				}
			}
		} else {
			r.Until = min(r.Until, today-1)
			if err := writeResidency(ctx, tx, &r); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.residency.edit", Kind: "residency", Record: id, Changes: []audit.Change{{Field: "until", After: r.Until.String()}}})
	})
}

// Present is a resident with the hours of today.
type Present struct {
	Residency
	Languages []mediation.Language
	Skills    []mediation.Skill
	Modes     []mediation.Mode
	Today     []calendar.Interval
	Taken     []calendar.Interval // of them, what is booked
	Now       bool                // in the office and free
}

// HereToday are the residents whose hours the actor's body may use, with the hours of today, those who are
// free first.
func (u *UseCases) HereToday(ctx context.Context, actor access.Actor) (list []Present, err error) {
	scope, args, err := u.Guard.Scope(actor, "mediation.residency.read", residencyTable, 1)
	if err != nil {
		return nil, err
	}
	now, today := u.Clock(), u.today()
	rome := calendar.Rome()
	from, to := calendar.Earliest(today, 0, rome), calendar.Earliest(today+1, 0, rome)
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list = nil
		found, err := db.Rows(ctx, tx, scanResidency, `SELECT `+residencyColumns+` FROM mediation_residency r JOIN mediation_mediator m ON m.id = r.mediator
			WHERE (`+scope+`) AND m.state = 'listed' AND r.from_day <= $`+next(args)+` AND r.last_day >= $`+next(args)+` ORDER BY m.sort_name, r.id`, append(args, today.String())...)
		if err != nil {
			return err
		}
		for _, r := range found {
			m, err := u.Mediation.Entries(ctx, tx, `m.id = $1`, r.Mediator)
			if err != nil || len(m) == 0 {
				return err
			}
			p := Present{Residency: r, Languages: m[0].Languages, Skills: m[0].Skills, Modes: m[0].Modes}
			p.Taken, p.Today, err = u.Mediation.OfficeHours(ctx, tx, r.Mediator, r.ResidencyFile, from, to)
			if err != nil {
				return err
			}
			if len(p.Today) == 0 {
				continue
			}
			in := func(i calendar.Interval) bool { return i.Contains(now) }
			p.Now = slices.ContainsFunc(p.Today, in) && !slices.ContainsFunc(p.Taken, in)
			list = append(list, p)
		}
		slices.SortStableFunc(list, func(a, b Present) int {
			switch {
			case a.Now == b.Now:
				return a.Today[0].From.Compare(b.Today[0].From)
			case a.Now:
				return -1
			}
			return 1
		})
		return nil
	})
	return list, err
}
