// SPDX-License-Identifier: EUPL-1.2

package register

import (
	"context"
	"encoding/json"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
)

// Kinds of entry that have a history.
const (
	kindProcessing = "processing"
	kindBreach     = "breach"
)

// ActionBefore marks the state that an entry was found in when its history began.
const ActionBefore = "register.found"

// Step is one change in the history of an entry, with what it changed.
type Step struct {
	Number  int64
	At      time.Time
	Account string
	Action  string
	Changes []audit.Change
}

// entry is what the registers keep: its fields say what differs between two states.
type entry interface{ fields() [][2]string }

// change is one step of an entry: from is the version before, 0 for a new one.
type change struct {
	kind, id, action string
	from             int64
	before, after    entry
}

// keep writes a step into the history, and the event for the log.
func (u *UseCases) keep(ctx context.Context, tx *db.Tx, actor access.Actor, c change) error {
	now := u.Clock()
	const insert = `INSERT INTO register_version (kind, record_id, version, at, account, action, content) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`
	if c.from > 0 {
		if _, err := db.Exec(ctx, tx, insert, c.kind, c.id, c.from, db.Millis(now), "", ActionBefore, db.JSON(c.before)); err != nil {
			return err
		}
	}
	if _, err := db.Exec(ctx, tx, insert, c.kind, c.id, c.from+1, db.Millis(now), actor.Account, c.action, db.JSON(c.after)); err != nil {
		return err
	}
	return audit.Record(ctx, tx, now, audit.Event{
		Actor: actor.Audited(), Action: c.action, Kind: c.kind, Record: c.id, Changes: changed(c.before.fields(), c.after.fields()),
	})
}

type version struct {
	Step
	content json.RawMessage
}

const versionColumns = `SELECT version, at, account, action, content FROM register_version WHERE kind = $1 AND record_id = $2`

func scanVersion(s db.Scanner) (version, error) {
	var v version
	return v, s.Scan(&v.Number, db.ScanTime(&v.At), &v.Account, &v.Action, db.JSON(&v.content))
}

// history lists the steps of an entry, the newest first.
func history[T entry](ctx context.Context, q db.Querier, kind, id string) ([]Step, error) {
	list, err := db.Rows(ctx, q, scanVersion, versionColumns+` ORDER BY version`, kind, id)
	if err != nil {
		return nil, err
	}
	steps := make([]Step, len(list))
	var before T
	for i, v := range list {
		var after T
		if err := json.Unmarshal(v.content, &after); err != nil {
			return nil, err
		}
		if v.Action != ActionBefore {
			v.Changes = changed(before.fields(), after.fields())
		}
		before = after
		steps[len(list)-1-i] = v.Step
	}
	return steps, nil
}

// ProcessingHistory lists what was done to an entry of a body, the newest first. Faults: Missing.
func (u *UseCases) ProcessingHistory(ctx context.Context, actor access.Actor, id string) ([]Step, error) {
	if _, err := u.Processing(ctx, actor, id); err != nil {
		return nil, err
	}
	return history[Processing](ctx, u.DB, kindProcessing, id)
}

// BreachHistory lists what was done about a breach, the newest first. What the authority was told is
// no draft: there is no way back, only another change. Faults: Missing.
func (u *UseCases) BreachHistory(ctx context.Context, actor access.Actor, id string) ([]Step, error) {
	if _, err := u.Breach(ctx, actor, id); err != nil {
		return nil, err
	}
	return history[Breach](ctx, u.DB, kindBreach, id)
}

// RestoreProcessing writes an earlier state of an entry anew. Faults: Missing, NotFound, Conflict.
func (u *UseCases) RestoreProcessing(ctx context.Context, actor access.Actor, id string, read, number int64) (Processing, error) {
	v, err := db.Row(ctx, u.DB, scanVersion, versionColumns+` AND version = $3`, kindProcessing, id, number)
	if err != nil {
		return Processing{}, access.Missing()
	}
	var p Processing
	if err := json.Unmarshal(v.content, &p); err != nil {
		return p, err
	}
	p.ID, p.Version = id, read
	return u.saveProcessing(ctx, actor, p, "register.processing.restore")
}
