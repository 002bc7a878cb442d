// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/tlog"

	"approdo/internal/kit/db"
)

// Entry is an event as it is kept.
type Entry struct {
	Seq int64 // 0 until it is numbered
	ID  string
	At  time.Time
	Event
	raw row
}

// row is what the table holds, and by its JSON the leaf of the tree: every column, as it is stored.
type row struct {
	Seq     int64  `json:"seq"`
	ID      string `json:"id"`
	At      int64  `json:"at"` // milliseconds since 1970, UTC
	Account string `json:"account"`
	Member  string `json:"member"`
	Roles   string `json:"roles"`
	Session string `json:"session"`
	Address string `json:"address"`
	Via     string `json:"via"`
	Action  string `json:"action"`
	Kind    string `json:"kind"`
	Record  string `json:"record"`
	Subject string `json:"subject"`
	Read    bool   `json:"read"`
	Basis   string `json:"basis"`
	Purpose string `json:"purpose"`
	Reason  string `json:"reason"`
	Changes string `json:"changes"` // JSON, as text: its very bytes are proved
}

// columns are those of scanRow.
const columns = `COALESCE(seq, 0), id, at, account, member, roles, session, address, via, action, kind, record, subject, is_read, basis, purpose, reason, changes`

func scanRow(s db.Scanner) (r row, err error) {
	err = s.Scan(&r.Seq, &r.ID, &r.At, &r.Account, &r.Member, &r.Roles, &r.Session, &r.Address, &r.Via,
		&r.Action, &r.Kind, &r.Record, &r.Subject, &r.Read, &r.Basis, &r.Purpose, &r.Reason, &r.Changes)
	return r, err
}

// line is the leaf: one line of JSON without the line end.
func (r row) line() ([]byte, error) {
	for _, text := range []string{r.ID, r.Account, r.Member, r.Roles, r.Session, r.Address, r.Via, r.Action, r.Kind,
		r.Record, r.Subject, r.Basis, r.Purpose, r.Reason, r.Changes} {
		if !utf8.ValidString(text) { // JSON would write another text in its place
			return nil, errors.New("audit: text that is not UTF-8")
		}
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func (r row) hash() (tlog.Hash, error) {
	line, err := r.line()
	if err != nil {
		return tlog.Hash{}, err
	}
	return tlog.RecordHash(line), nil
}

func (r row) entry() (Entry, error) {
	e := Entry{Seq: r.Seq, ID: r.ID, At: db.FromMillis(r.At), raw: r, Event: Event{
		Actor:  Actor{Account: r.Account, Member: r.Member, Roles: r.Roles, Session: r.Session, Address: r.Address, Via: r.Via},
		Action: r.Action, Kind: r.Kind, Record: r.Record, Subject: r.Subject, Read: r.Read,
		Basis: r.Basis, Purpose: r.Purpose, Reason: r.Reason,
	}}
	if err := json.Unmarshal([]byte(r.Changes), &e.Changes); err != nil {
		return e, fmt.Errorf("audit: the changes of event %s: %w", r.ID, err)
	}
	return e, nil
}

// Line is the leaf of the entry in the tree: what is hashed, and what an export holds.
func (e Entry) Line() ([]byte, error) { return e.raw.line() }

func scanEntry(s db.Scanner) (Entry, error) {
	r, err := scanRow(s)
	if err != nil {
		return Entry{}, err
	}
	return r.entry()
}

// Since gives up to n entries numbered above seq, in order and without gaps: what a reader that has
// seen everything up to seq has to see next.
func Since(ctx context.Context, q db.Querier, seq int64, n int) ([]Entry, error) {
	return db.Rows(ctx, q, scanEntry, `SELECT `+columns+` FROM audit_event WHERE seq > $1 ORDER BY seq LIMIT $2`, seq, n)
}

// Select gives the entries that a condition on audit_event AS e is true of; it may end with an order.
// It is for package inquiry, which knows who may see what.
func Select(ctx context.Context, q db.Querier, where string, args ...any) ([]Entry, error) {
	return db.Rows(ctx, q, scanEntry, `SELECT `+columns+` FROM audit_event AS e WHERE `+where, args...)
}

// ByID gives one entry, or the fault NotFound.
func ByID(ctx context.Context, q db.Querier, id string) (Entry, error) {
	return db.Row(ctx, q, scanEntry, `SELECT `+columns+` FROM audit_event WHERE id = $1`, id)
}
