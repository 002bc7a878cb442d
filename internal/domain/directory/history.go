// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Steps of a service's history.
const (
	StepImport    = "import" // it was there, or came from a dataset, before anybody changed it here
	StepPublish   = "publish"
	StepClose     = "close"
	StepTranslate = "translate"
	StepConfirm   = "confirm"
	StepBulk      = "bulk"
)

// Version is a service as it was published at some time.
type Version struct {
	Number  int64
	Action  string // a Step
	Account string
	Member  string
	Reason  string
	At      time.Time
	Service Service
}

// History lists what was published of a service, the last first. It fails with access.Missing.
func (u *UseCases) History(ctx context.Context, actor access.Actor, id string) (w Working, list []Version, err error) {
	err = u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.open(ctx, tx, actor, "directory.service.history", id)
		if err != nil {
			return err
		}
		w = d.Working
		list, err = db.Rows(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM directory_version WHERE service_id = $1 ORDER BY number DESC`, id)
		return err
	})
	return w, list, err
}

// Restore makes a working copy of an earlier version, in place of the one there is. Translations and
// the last confirmation stay as they are. It fails with access.Missing, and Conflict when somebody
// saved since the version of the working copy that was read.
func (u *UseCases) Restore(ctx context.Context, actor access.Actor, id string, number, version int64) (Draft, error) {
	var out Draft
	err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.open(ctx, tx, actor, "directory.service.edit", id)
		if err != nil {
			return err
		}
		if d.Version != version {
			return fault.Conflict("edit.conflict")
		}
		old, err := db.Row(ctx, tx, scanVersion, `SELECT `+versionColumns+` FROM directory_version WHERE service_id = $1 AND number = $2`, id, number)
		if fault.Is(err, fault.KindNotFound) {
			return access.Missing()
		}
		if err != nil {
			return err
		}
		next := d.Draft
		next.Service = keepSeparate(old.Service, d.Service)
		next.State, next.Account, next.Base, next.PublishAt = DraftOpen, actor.Account, d.Current, time.Time{}
		// A version from before a place was hidden opens nothing: that takes a word of its own.
		next.Opens = next.Opens && (d.Published == nil || len(d.Published.Confidential) == 0)
		if out, err = u.writeDraft(ctx, tx, next); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.clock(), audit.Event{Actor: actor.Audited(), Action: "directory.service.restore", Kind: "service", Record: id,
			Changes: changesOf(d.Service, next.Service, d.Reserved)})
	})
	return out, err
}

const versionColumns = `number, action, account, member, reason, at, record`

func scanVersion(s db.Scanner) (Version, error) {
	var v Version
	return v, s.Scan(&v.Number, &v.Action, &v.Account, &v.Member, &v.Reason, db.ScanTime(&v.At), db.JSON(&v.Service))
}

// step is how a service came to be published.
type step struct {
	action string // a Step
	audit  string // the action of the policies
	reason string
	opens  bool
}

// put publishes a service, and keeps the version and the event of it. before is what was published;
// nil for a new service. The index of every node follows through the change feed. It fails as Save does.
func (u *UseCases) put(ctx context.Context, tx *db.Tx, actor access.Actor, how step, before *Service, after Service, reserved bool) error {
	if before != nil {
		if err := u.keepBefore(ctx, tx, *before); err != nil {
			return err
		}
	}
	b := Batch{Source: after.Source, Services: []Service{after}, edit: true}
	if how.opens {
		b.Opens = map[string]bool{after.ID: true}
	}
	outcome, err := u.save(ctx, tx, b)
	if err != nil {
		return err
	}
	if outcome.Changed() {
		stored, err := db.Row(ctx, tx, scanRecord[Service], `SELECT record FROM directory_service WHERE id = $1`, after.ID)
		if err != nil {
			return err
		}
		if err := u.keepVersion(ctx, tx, actor, how, stored); err != nil {
			return err
		}
	}
	var was Service
	if before != nil {
		was = *before
	}
	reserved = reserved || len(after.Confidential) > 0
	if reserved {
		how.reason = "" // it may say where, and others read the log
	}
	return audit.Record(ctx, tx, u.clock(), audit.Event{Actor: actor.Audited(), Action: how.audit, Kind: "service", Record: after.ID, Reason: how.reason,
		Changes: changesOf(was, after, reserved)})
}

// keepBefore keeps what was published before the first change made here, and what a dataset wrote
// since the last one: otherwise nobody could see what changed, nor go back.
func (u *UseCases) keepBefore(ctx context.Context, tx *db.Tx, before Service) error {
	fingerprint, err := before.fingerprint()
	if err != nil {
		return err
	}
	last, err := db.Rows(ctx, tx, db.Column[string], `SELECT fingerprint FROM directory_version WHERE service_id = $1 ORDER BY number DESC LIMIT 1`, before.ID)
	if err != nil || len(last) > 0 && last[0] == fingerprint {
		return err
	}
	return u.keepVersion(ctx, tx, access.Actor{}, step{action: StepImport}, before)
}

func (u *UseCases) keepVersion(ctx context.Context, tx *db.Tx, actor access.Actor, how step, s Service) error {
	fingerprint, err := s.fingerprint()
	if err != nil {
		return err
	}
	last, err := db.Row(ctx, tx, db.Column[int64], `SELECT COALESCE(MAX(number), 0) FROM directory_version WHERE service_id = $1`, s.ID)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO directory_version (service_id, number, action, account, member, reason, at, confidential, fingerprint, record)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		s.ID, last+1, how.action, actor.Account, actor.Member, how.reason, db.Millis(u.clock()), len(s.Confidential) > 0, fingerprint, db.JSON(s))
	return err
}
