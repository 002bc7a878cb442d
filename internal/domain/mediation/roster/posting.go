// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"
	"errors"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Posting is an integration operator in an office.
type Posting struct {
	ID      string             `json:"-"`
	Version int64              `json:"-"`
	Member  string             `json:"-"` // the body that posts them
	Host    string             `json:"-"` // the body in whose office they are
	Account string             `json:"-"` // "" for who does not log in
	From    calendar.Day       `json:"-"`
	Until   calendar.Day       `json:"-"` // zero for no end
	Name    string             `json:"name"`
	Office  mediation.Place    `json:"office"`
	Hours   []mediation.Weekly `json:"hours"`
	Project string             `json:"project,omitempty"`
	Notes   string             `json:"notes,omitempty"`

	Edits bool `json:"-"` // the actor may change it
}

var postingTable = access.Table{Type: "Posting", ID: "p.id", Columns: map[string]access.Column{
	"member":  {SQL: "p.member", Kind: access.Text},
	"account": {SQL: "p.account", Kind: access.Text},
	"bodies":  {SQL: `%s IN (p.member, p.host)`, Kind: access.Many},
}}

func (p Posting) resource() access.Resource {
	return access.Resource{Type: "Posting", ID: p.ID, Attributes: access.Attributes{"member": p.Member, "account": p.Account, "bodies": []string{p.Member, p.Host}}}
}

const postingColumns = `p.id, p.version, p.member, p.host, p.account, p.from_day, p.last_day, p.record`

func scanPosting(s db.Scanner) (Posting, error) {
	var p Posting
	var from, until string
	err := s.Scan(&p.ID, &p.Version, &p.Member, &p.Host, &p.Account, &from, &until, db.JSON(&p))
	p.From, p.Until = dayOf(from), dayOf(until)
	return p, err
}

// Postings lists the postings that the actor may see and that have not ended before a day.
func (u *UseCases) Postings(ctx context.Context, actor access.Actor, from calendar.Day) (list []Posting, err error) {
	scope, args, err := u.Guard.Scope(actor, "mediation.posting.read", postingTable, 1)
	if err != nil {
		return nil, err
	}
	list, err = db.Rows(ctx, u.DB, scanPosting, `SELECT `+postingColumns+` FROM mediation_posting p WHERE (`+scope+`) AND (p.last_day = '' OR p.last_day >= $`+next(args)+`) ORDER BY p.from_day, p.id LIMIT 500`, append(args, from.String())...)
	for i := range list {
		list[i].Edits = u.Guard.Allows(ctx, actor, "mediation.posting.edit", list[i].resource())
	}
	return list, err
}

// Posting is one of them; access.Missing when there is none that the actor may see.
func (u *UseCases) Posting(ctx context.Context, actor access.Actor, id string) (Posting, error) {
	return u.postingFor(ctx, u.DB, actor, "mediation.posting.read", id)
}

func (u *UseCases) postingFor(ctx context.Context, q db.Querier, actor access.Actor, action, id string) (Posting, error) {
	p, err := db.Row(ctx, q, scanPosting, `SELECT `+postingColumns+` FROM mediation_posting p WHERE p.id = $1`, id)
	if fault.Is(err, fault.KindNotFound) {
		return p, access.Missing()
	} else if err != nil {
		return p, err
	}
	p.Edits = u.Guard.Allows(ctx, actor, "mediation.posting.edit", p.resource())
	return p, u.Guard.Check(ctx, actor, action, p.resource())
}

// KeepPosting makes a posting of the actor's body, or changes one of the version it has. Faults: Invalid by
// field; Conflict; access.Missing.
func (u *UseCases) KeepPosting(ctx context.Context, actor access.Actor, p Posting) (Posting, error) {
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		kept := p
		if p.ID == "" {
			kept.ID, kept.Version, kept.Member = db.NewID(), 0, actor.Member
			if err := u.Guard.Check(ctx, actor, "mediation.posting.edit", kept.resource()); err != nil {
				return err
			}
		} else {
			old, err := u.postingFor(ctx, tx, actor, "mediation.posting.edit", p.ID)
			if err != nil {
				return err
			}
			kept.Member, kept.Account = old.Member, old.Account
		}
		if err := checkPosting(ctx, tx, kept); err != nil {
			return err
		}
		if err := writePosting(ctx, tx, &kept); err != nil {
			return err
		}
		p = kept
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.posting.edit", Kind: "posting", Record: kept.ID, Changes: []audit.Change{
			{Field: "host", After: kept.Host}, {Field: "from", After: kept.From.String()}, {Field: "until", After: kept.Until.String()}, {Field: "name", Hidden: true},
		}})
	})
	return p, err
}

func checkPosting(ctx context.Context, tx *db.Tx, p Posting) error {
	var wrong []error
	add := func(bad bool, mistake error) {
		if bad {
			wrong = append(wrong, mistake)
		}
	}
	add(strings.TrimSpace(p.Name) == "", fault.Invalid("name", "mediation.mediator.name"))
	add(p.From == 0, fault.Invalid("from", "roster.day"))
	add(p.Until != 0 && p.Until < p.From, fault.Invalid("until", "roster.posting.until"))
	add(p.Office.Name == "", fault.Invalid("where", "roster.fault.office"))
	add(len(p.Hours) == 0, fault.Invalid("hours", "roster.residency.hours"))
	for _, h := range p.Hours {
		add(!h.From.Valid() || !h.To.Valid() || h.To <= h.From, fault.Invalid("hours", "roster.residency.hours"))
	}
	add(len(p.Name)+len(p.Office.Name)+len(p.Office.Address)+len(p.Notes) > 2000, fault.Invalid("notes", "roster.long"))
	known, err := network.OrganizationsByID(ctx, tx, []string{p.Host})
	if err != nil {
		return err
	}
	add(len(known) == 0, fault.Invalid("host", "roster.fault.host"))
	return errors.Join(wrong...)
}

func writePosting(ctx context.Context, tx *db.Tx, p *Posting) error {
	if p.Version == 0 {
		_, err := db.Exec(ctx, tx, `INSERT INTO mediation_posting (id, version, member, host, account, from_day, last_day, record) VALUES ($1, 1, $2, $3, $4, $5, $6, $7)`,
			p.ID, p.Member, p.Host, p.Account, p.From.String(), p.Until.String(), db.JSON(p))
		p.Version++
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE mediation_posting SET version = version + 1, host = $3, from_day = $4, last_day = $5, record = $6 WHERE id = $1 AND version = $2`,
		p.ID, p.Version, p.Host, p.From.String(), p.Until.String(), db.JSON(p))
	if err == nil && n == 0 {
		return fault.Conflict("mediation.changed_meanwhile")
	}
	p.Version++
	return err
}
