// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Kinds of record that have a history.
const (
	KindBody      = "body"
	KindProject   = "project"
	KindAgreement = "agreement"
	KindFund      = "fund"
)

// Version is a record as it was after one change.
type Version struct {
	Number  int64
	At      time.Time
	Account string // "" for the program itself: an import, the demo
	Member  string // the body acted for
	Via     string
	Action  string // "network.body.edit"; ActionBefore for what was there before the first change made here
	Content json.RawMessage
}

// ActionBefore marks the state that a record was found in: imported, or made by the program.
const ActionBefore = "network.found"

// Difference is one field that two states of a record have not in common. Field is a path:
// "partners/2", "dpo/email".
type Difference struct{ Field, Before, After string }

// Compare lists what two states differ in, by field.
func Compare(before, after any) ([]Difference, error) {
	a, err := leaves(before)
	if err != nil {
		return nil, err
	}
	b, err := leaves(after)
	if err != nil {
		return nil, err
	}
	fields := maps.Clone(a)
	maps.Copy(fields, b)
	var list []Difference
	for _, field := range slices.Sorted(maps.Keys(fields)) {
		if a[field] != b[field] {
			list = append(list, Difference{field, a[field], b[field]})
		}
	}
	return list, nil
}

// leaves gives the values of a record by their paths.
func leaves(v any) (map[string]string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	all := map[string]string{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, one := range v {
				walk(strings.TrimPrefix(path+"/"+name, "/"), one)
			}
		case []any:
			for i, one := range v {
				walk(path+"/"+strconv.Itoa(i+1), one)
			}
		case nil:
		case string:
			if v != "" {
				all[path] = v
			}
		default:
			all[path] = fmt.Sprint(v)
		}
	}
	walk("", tree)
	return all, nil
}

// personal are the fields about a person: the log says that they changed, not from what to what.
var personal = []string{"profile/dpo", "profile/referent", "organization/contacts", "organization/phones", "organization/email"}

// change is one step in the history of a record.
type change struct {
	kind, record  string
	from          int64 // version before; 0 for a new record
	before, after any   // before is nil for a new record
	action        string
	reason        string
}

// keep writes a step: the state after it, the one before where nothing of the record was kept
// yet, and the event for the log.
func (u *UseCases) keep(ctx context.Context, tx *db.Tx, actor access.Actor, c change) error {
	now := u.Clock()
	if c.before != nil {
		if _, err := db.Exec(ctx, tx, `INSERT INTO network_version (kind, record_id, version, at, account, member, via, action, content)
			VALUES ($1, $2, $3, $4, '', '', '', $5, $6) ON CONFLICT DO NOTHING`,
			c.kind, c.record, c.from, db.Millis(now), ActionBefore, db.JSON(c.before)); err != nil {
			return err
		}
	}
	if _, err := db.Exec(ctx, tx, `INSERT INTO network_version (kind, record_id, version, at, account, member, via, action, content)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		c.kind, c.record, c.from+1, db.Millis(now), actor.Account, actor.Member, actor.Via, c.action, db.JSON(c.after)); err != nil {
		return err
	}
	list, err := Compare(c.before, c.after)
	if err != nil {
		return err
	}
	e := audit.Event{Actor: actor.Audited(), Action: c.action, Kind: c.kind, Record: c.record, Reason: c.reason}
	for _, d := range list {
		one := audit.Change{Field: d.Field, Before: d.Before, After: d.After}
		if slices.ContainsFunc(personal, func(p string) bool { return d.Field == p || strings.HasPrefix(d.Field, p+"/") }) {
			one = audit.Change{Field: d.Field, Hidden: true}
		}
		e.Changes = append(e.Changes, one)
	}
	return audit.Record(ctx, tx, now, e)
}

// history lists the states of a record, the newest first.
func history(ctx context.Context, q db.Querier, kind, record string) ([]Version, error) {
	return db.Rows(ctx, q, scanVersion, versionColumns+` ORDER BY version DESC`, kind, record)
}

func versionOf(ctx context.Context, q db.Querier, kind, record string, number int64) (Version, error) {
	v, err := db.Row(ctx, q, scanVersion, versionColumns+` AND version = $3`, kind, record, number)
	if fault.Is(err, fault.KindNotFound) {
		err = access.Missing() // as for a record that is not there
	}
	return v, err
}

const versionColumns = `SELECT version, at, account, member, via, action, content FROM network_version WHERE kind = $1 AND record_id = $2`

func scanVersion(s db.Scanner) (Version, error) {
	var v Version
	return v, s.Scan(&v.Number, db.ScanTime(&v.At), &v.Account, &v.Member, &v.Via, &v.Action, db.JSON(&v.Content))
}

// same fails with Conflict when somebody else has changed the record since it was read.
func same(read, now int64) error {
	if read != now {
		return fault.Conflict("network.changed_meanwhile")
	}
	return nil
}
