// SPDX-License-Identifier: EUPL-1.2

package inquiry

import (
	"context"
	"fmt"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
)

// UseCases read the log. All fields are required.
type UseCases struct {
	DB    *db.DB
	Guard *access.Guard
	Clock func() time.Time
}

// Kinds of events to look for, for Filter.Only.
const (
	OnlyReads   = "read"
	OnlyChanges = "change"
)

// Filter says which events are wanted; what is empty asks for nothing.
type Filter struct {
	Text     string    // identifier of a record, a subject or an account, or the beginning of an action
	Accounts []string  // or those of one of these
	From, To time.Time // To is left out
	Member   string
	Action   string
	Account  string
	Record   string
	Only     string
	Skip, N  int
}

// Page is a part of what was found, newest first.
type Page struct {
	List  []audit.Entry
	Total int // at most most
}

// most is how far events are counted: beyond it one filters.
const most = 50_000

// Search finds events that the actor may read. Faults: NotFound for who may read none.
func (u *UseCases) Search(ctx context.Context, actor access.Actor, f Filter) (p Page, err error) {
	if !u.Guard.May(actor, ActionRead) {
		return p, access.Missing()
	}
	where, args, err := u.where(actor, ActionRead, f)
	if err != nil {
		return p, err
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		p.Total, err = db.Row(ctx, tx, db.Column[int], fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 AS one FROM audit_event AS e WHERE %s LIMIT %d) AS found`, where, most), args...)
		if err != nil {
			return err
		}
		n := len(args)
		p.List, err = audit.Select(ctx, tx, fmt.Sprintf(`%s ORDER BY e.at DESC, e.id DESC LIMIT $%d OFFSET $%d`, where, n+1, n+2), append(args, f.N, f.Skip)...)
		return err
	})
	return p, err
}

// where is the condition of a filter within what the actor may see.
func (u *UseCases) where(actor access.Actor, action string, f Filter) (string, []any, error) {
	scope, args, err := u.Guard.Scope(actor, action, u.events(), 1)
	if err != nil {
		return "", nil, err
	}
	parts := []string{scope}
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	for column, value := range map[string]string{"member": f.Member, "action": f.Action, "account": f.Account, "record": f.Record} {
		if value != "" {
			parts = append(parts, "e."+column+" = "+arg(value))
		}
	}
	if !f.From.IsZero() {
		parts = append(parts, "e.at >= "+arg(db.Millis(f.From)))
	}
	if !f.To.IsZero() {
		parts = append(parts, "e.at < "+arg(db.Millis(f.To)))
	}
	switch f.Only {
	case OnlyReads:
		parts = append(parts, "e.is_read")
	case OnlyChanges:
		parts = append(parts, "NOT e.is_read")
	}
	if f.Text != "" {
		same := arg(f.Text)
		ors := []string{"e.record = " + same, "e.subject = " + same, "e.account = " + same, "e.session = " + same, "e.action LIKE " + arg(escape(f.Text)+"%") + ` ESCAPE '!'`}
		for _, account := range f.Accounts {
			ors = append(ors, "e.account = "+arg(account))
		}
		parts = append(parts, "("+strings.Join(ors, " OR ")+")")
	}
	return strings.Join(parts, " AND "), args, nil
}

// escape makes a text that LIKE takes as it is.
func escape(text string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text)
}

// Event gives one event. Faults: NotFound.
func (u *UseCases) Event(ctx context.Context, actor access.Actor, id string) (audit.Entry, error) {
	e, err := audit.ByID(ctx, u.DB, id)
	if err != nil {
		return audit.Entry{}, access.Missing()
	}
	if err := u.Guard.Check(ctx, actor, ActionRead, u.resource(e)); err != nil {
		return audit.Entry{}, err
	}
	return e, nil
}

// Actions are the names of what was ever done, among what the actor may read.
func (u *UseCases) Actions(ctx context.Context, actor access.Actor) ([]string, error) {
	where, args, err := u.where(actor, ActionRead, Filter{})
	if err != nil {
		return nil, err
	}
	return db.Rows(ctx, u.DB, db.Column[string], `SELECT DISTINCT e.action FROM audit_event AS e WHERE `+where+` ORDER BY e.action`, args...)
}
