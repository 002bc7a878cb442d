// SPDX-License-Identifier: EUPL-1.2

package register

import (
	"context"
	"errors"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Text is a text in the languages of operators.
type Text struct{ IT, EN string }

// In is the text in a language; every other reads English.
func (t Text) In(language string) string {
	if language == "it" {
		return t.IT
	}
	return t.EN
}

// Declared is a processing that the program does, as its room declares it (art. 30(1) GDPR).
type Declared struct {
	Code       string // "directory.feedback": never changes
	Name       Text
	Purpose    Text
	Basis      Text // arts 6 and 9 GDPR and the national rule
	Persons    Text // categories of persons
	Data       Text // categories of data
	Recipients Text
	Kept       Text     // how long
	Measures   Text     // art. 32
	Sensitive  bool     // arts 9 and 10, or people who can't defend themselves: an impact assessment is due (art. 35)
	Tables     []string // where the data are
}

// Processing is an entry that a body keeps itself.
type Processing struct {
	ID         string `json:"id"`
	Member     string `json:"member"`
	Name       string `json:"name"`
	Purpose    string `json:"purpose"`
	Basis      string `json:"basis"`
	Persons    string `json:"persons"`
	Data       string `json:"data"`
	Recipients string `json:"recipients,omitempty"`
	Transfers  string `json:"transfers,omitempty"`
	Kept       string `json:"kept"`
	Measures   string `json:"measures"`
	Processor  string `json:"processor,omitempty"` // on whose behalf, when the body is processor (art. 30(2))
	Sensitive  bool   `json:"sensitive,omitempty"`
	EndedOn    string `json:"ended_on,omitempty"`
	Version    int64  `json:"-"`
}

func ofMember(kind, id, member string) access.Resource {
	return access.Resource{Type: kind, ID: id, Attributes: access.Attributes{"member": member}}
}

// tableOf says where a list finds what policies ask about what belongs to a body.
func tableOf(kind string) access.Table {
	return access.Table{Type: kind, ID: "id", Columns: map[string]access.Column{"member": {SQL: "member", Kind: access.Text}}}
}

const processingColumns = `SELECT record, version FROM register_processing`

func scanProcessing(s db.Scanner) (Processing, error) {
	var p Processing
	return p, s.Scan(db.JSON(&p), &p.Version)
}

// Processings lists the entries of bodies that the actor may read, by name.
func (u *UseCases) Processings(ctx context.Context, actor access.Actor) ([]Processing, error) {
	return u.processings(ctx, actor, "register.processing.read")
}

// ExportProcessings gives those that the actor may take away, by name, and writes down that they were
// taken. Faults: Missing for who may take none.
func (u *UseCases) ExportProcessings(ctx context.Context, actor access.Actor) ([]Processing, error) {
	const action = "register.processing.export"
	if err := u.exported(ctx, actor, action, "processing"); err != nil {
		return nil, err
	}
	return u.processings(ctx, actor, action)
}

// exported writes down that a list leaves the program, before it does.
func (u *UseCases) exported(ctx context.Context, actor access.Actor, action, kind string) error {
	if !u.Guard.May(actor, action) || u.Guard.Wants(actor, action) != access.NoProof {
		return access.Missing()
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: action, Kind: kind, Read: true})
	})
}

func (u *UseCases) processings(ctx context.Context, actor access.Actor, action string) ([]Processing, error) {
	scope, args, err := u.Guard.Scope(actor, action, tableOf("Processing"), 1)
	if err != nil {
		return nil, err
	}
	list, err := db.Rows(ctx, u.DB, scanProcessing, processingColumns+` WHERE `+scope+` ORDER BY id`, args...)
	slices.SortStableFunc(list, func(a, b Processing) int { return strings.Compare(a.Name, b.Name) })
	return list, err
}

// Declarations are the processings that the program does, in the order of the rooms.
func (u *UseCases) Declarations(ctx context.Context, actor access.Actor) ([]Declared, error) {
	if err := u.Guard.Check(ctx, actor, "register.processing.read", ofMember("Processing", "", actor.Member)); err != nil {
		return nil, err
	}
	return slices.Clone(u.Declared), nil
}

// Declaration gives one of them. Faults: Missing.
func (u *UseCases) Declaration(ctx context.Context, actor access.Actor, code string) (Declared, error) {
	list, err := u.Declarations(ctx, actor)
	if err != nil {
		return Declared{}, err
	}
	if i := slices.IndexFunc(list, func(d Declared) bool { return d.Code == code }); i >= 0 {
		return list[i], nil
	}
	return Declared{}, access.Missing()
}

// Processing gives one entry of a body. Faults: Missing.
func (u *UseCases) Processing(ctx context.Context, actor access.Actor, id string) (Processing, error) {
	p, err := db.Row(ctx, u.DB, scanProcessing, processingColumns+` WHERE id = $1`, id)
	if err != nil {
		return p, access.Missing()
	}
	return p, u.Guard.Check(ctx, actor, "register.processing.read", ofMember("Processing", p.ID, p.Member))
}

// SaveProcessing enters one of the body acted for (without ID) or changes one. EndedOn ends it.
// Faults: Missing, Invalid (joined), Conflict.
func (u *UseCases) SaveProcessing(ctx context.Context, actor access.Actor, sent Processing) (Processing, error) {
	return u.saveProcessing(ctx, actor, sent, "register.processing.write")
}

func (u *UseCases) saveProcessing(ctx context.Context, actor access.Actor, sent Processing, action string) (Processing, error) {
	out := sent
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		out = sent
		var before Processing
		if out.ID == "" {
			out.ID, out.Member, out.Version = db.NewID(), actor.Member, 0
		} else {
			var err error
			if before, err = db.Row(ctx, tx, scanProcessing, processingColumns+` WHERE id = $1`, out.ID); err != nil {
				return access.Missing()
			}
			out.Member = before.Member
		}
		if err := u.Guard.Check(ctx, actor, "register.processing.write", ofMember("Processing", out.ID, out.Member)); err != nil {
			return err
		}
		if out.Version != before.Version {
			return fault.Conflict("register.changed_meanwhile")
		}
		if err := out.valid(); err != nil {
			return err
		}
		out.Version++
		if _, err := db.Exec(ctx, tx, `INSERT INTO register_processing (id, member, version, ended_on, record) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (id) DO UPDATE SET version = excluded.version, ended_on = excluded.ended_on, record = excluded.record`,
			out.ID, out.Member, out.Version, out.EndedOn, db.JSON(out)); err != nil {
			return err
		}
		return u.keep(ctx, tx, actor, change{kind: kindProcessing, id: out.ID, action: action, from: before.Version, before: before, after: out})
	})
	return out, err
}

func (p Processing) fields() [][2]string {
	return [][2]string{
		{"name", p.Name}, {"purpose", p.Purpose}, {"basis", p.Basis}, {"persons", p.Persons}, {"data", p.Data}, {"recipients", p.Recipients},
		{"transfers", p.Transfers}, {"kept", p.Kept}, {"measures", p.Measures}, {"processor", p.Processor}, {"sensitive", said(p.Sensitive)}, {"ended_on", p.EndedOn},
	}
}

func said(yes bool) string {
	if yes {
		return "yes"
	}
	return ""
}

// changed compares two states, field by field.
func changed(before, after [][2]string) []audit.Change {
	var list []audit.Change
	for i, f := range after {
		if before[i][1] != f[1] {
			list = append(list, audit.Change{Field: f[0], Before: before[i][1], After: f[1]})
		}
	}
	return list
}

func (p Processing) valid() error {
	var faults []error
	for _, f := range [][2]string{{"name", p.Name}, {"purpose", p.Purpose}, {"basis", p.Basis}, {"persons", p.Persons}, {"data", p.Data}, {"kept", p.Kept}, {"measures", p.Measures}} {
		if strings.TrimSpace(f[1]) == "" {
			faults = append(faults, fault.Invalid(f[0], "register.field_missing"))
		}
	}
	if !isDay(p.EndedOn) {
		faults = append(faults, fault.Invalid("ended_on", "register.day_unreadable"))
	}
	return errors.Join(faults...)
}
