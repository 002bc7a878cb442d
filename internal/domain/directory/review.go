// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Submit hands a working copy to whoever publishes. It fails with access.Missing, Conflict when
// somebody saved since the version that was read, and Invalid (several, joined) where the card is
// not complete.
func (u *UseCases) Submit(ctx context.Context, actor access.Actor, id string, version int64, note string) error {
	return u.move(ctx, actor, "directory.service.edit", id, version, func(d dossier) (Draft, error) {
		next := d.Draft
		next.State, next.Note, next.PublishAt = DraftReview, note, time.Time{}
		return next, Complete(next.Service, next.Opens)
	})
}

// SendBack gives a working copy back to its editor, with a word why. It fails as Submit does.
func (u *UseCases) SendBack(ctx context.Context, actor access.Actor, id string, version int64, note string) error {
	return u.move(ctx, actor, "directory.service.publish", id, version, func(d dossier) (Draft, error) {
		next := d.Draft
		next.State, next.Note, next.PublishAt = DraftOpen, note, time.Time{}
		if strings.TrimSpace(note) == "" {
			return next, fault.Invalid("note", "edit.note_missing")
		}
		return next, nil
	})
}

// Schedule publishes a working copy by itself at a time to come. It fails as PublishDraft does, and
// with Invalid("publish_at") when the time has passed.
func (u *UseCases) Schedule(ctx context.Context, actor access.Actor, id string, version int64, at time.Time) error {
	return u.move(ctx, actor, "directory.service.publish", id, version, func(d dossier) (Draft, error) {
		next := d.Draft
		next.State, next.PublishAt = DraftScheduled, at
		if err := d.mayRelease(actor); err != nil {
			return next, err
		}
		if !at.After(u.clock()) {
			return next, fault.Invalid("publish_at", "edit.publish_at")
		}
		if d.Behind() {
			return next, fault.Conflict("edit.behind")
		}
		return next, Complete(next.Service, next.Opens)
	})
}

// move takes a working copy from one state to another.
func (u *UseCases) move(ctx context.Context, actor access.Actor, action, id string, version int64, next func(dossier) (Draft, error)) error {
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.open(ctx, tx, actor, action, id)
		if err != nil {
			return err
		}
		if d.Version == 0 {
			return access.Missing()
		}
		if d.Version != version {
			return fault.Conflict("edit.conflict")
		}
		to, err := next(d)
		if err != nil {
			return err
		}
		if to, err = u.writeDraft(ctx, tx, to); err != nil {
			return err
		}
		reason := to.Note
		if d.Reserved {
			reason = "" // it may say where, and others read the log
		}
		return audit.Record(ctx, tx, u.clock(), audit.Event{Actor: actor.Audited(), Action: action, Kind: "service", Record: id, Reason: reason,
			Changes: []audit.Change{{Field: "state", Before: d.State, After: to.State}}})
	})
}

// PublishDraft makes a working copy public, and the copy is gone. It fails with access.Missing,
// Conflict when somebody saved or published since the version that was read, and Invalid (several,
// joined) where the card is not complete, where the body asks for four eyes and the actor wrote the last
// change, or as Save does.
func (u *UseCases) PublishDraft(ctx context.Context, actor access.Actor, id string, version int64, reason string) error {
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.open(ctx, tx, actor, "directory.service.publish", id)
		if err != nil {
			return err
		}
		if d.Version == 0 {
			return access.Missing()
		}
		if d.Version != version {
			return fault.Conflict("edit.conflict")
		}
		return u.release(ctx, tx, actor, d, reason)
	})
}

// release publishes the working copy of a dossier.
func (u *UseCases) release(ctx context.Context, tx *db.Tx, actor access.Actor, d dossier, reason string) error {
	if err := d.mayRelease(actor); err != nil {
		return err
	}
	if d.Behind() {
		return fault.Conflict("edit.behind")
	}
	if err := Complete(d.Service, d.Opens); err != nil {
		return err
	}
	next := d.Service
	if d.Published != nil {
		next = keepSeparate(next, *d.Published)
	}
	if d.Assures {
		next.AssuredDate, next.Card.AssuredBy = u.today().String(), d.Body.Name
	}
	how := step{action: StepPublish, audit: "directory.service.publish", reason: reason, opens: d.Opens && len(next.Confidential) == 0}
	if err := u.put(ctx, tx, actor, how, d.Published, next, d.Reserved); err != nil {
		return err
	}
	return dropDraft(ctx, tx, next.ID)
}

// PublishDue publishes the working copies whose time has come, each in a transaction of its own, and
// gives how many there were. The program calls it again and again on every node; a copy that can't be
// published goes back to its editor with the reason, for nobody is there to read an error.
func (u *UseCases) PublishDue(ctx context.Context) (published int, err error) {
	due, err := db.Rows(ctx, u.db, db.Column[string], `SELECT id FROM directory_draft WHERE state = $1 AND publish_at <= $2 ORDER BY publish_at, id LIMIT 200`,
		DraftScheduled, db.Millis(u.clock()))
	if err != nil {
		return 0, err
	}
	program := access.Actor{Via: audit.ViaJob}
	for _, id := range due {
		done := false
		err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			done = false
			d, err := readDossier(ctx, tx, id)
			if fault.Is(err, fault.KindNotFound) {
				return nil // another node was faster
			}
			if err != nil || d.State != DraftScheduled || d.PublishAt.After(u.clock()) {
				return err
			}
			done = true
			program.Member = d.Body.ID
			return u.release(ctx, tx, program, d, "")
		})
		switch {
		case len(fault.All(err)) > 0 && !fault.Is(err, fault.KindUnavailable):
			if err := u.giveBack(ctx, program, id, fault.All(err)[0]); err != nil {
				return published, err
			}
		case err != nil:
			return published, err
		case done:
			published++
		}
	}
	return published, nil
}

// giveBack returns a scheduled copy that could not be published. Its note is the key of the reason.
func (u *UseCases) giveBack(ctx context.Context, program access.Actor, id string, why *fault.Error) error {
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := readDossier(ctx, tx, id)
		if err != nil || d.State != DraftScheduled {
			return err
		}
		next := d.Draft
		next.State, next.PublishAt, next.Note = DraftOpen, time.Time{}, ReasonPrefix+why.Message.Key
		if _, err := u.writeDraft(ctx, tx, next); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.clock(), audit.Event{Actor: program.Audited(), Action: "directory.service.publish", Kind: "service", Record: id,
			Reason: next.Note, Changes: []audit.Change{{Field: "state", Before: DraftScheduled, After: DraftOpen}}})
	})
}

// ReasonPrefix begins a note that is the key of a fault, which pages say in words.
const ReasonPrefix = "fault:"

// CloseRequest says that a service is not offered any more, or not now.
type CloseRequest struct {
	ID     string
	Base   string // of the Working that was read
	Status string // inactive, defunct, temporarily closed; or active again
	Reason string // the public reads it
}

// SetStatus closes a published service, or opens it again, at once. A working copy that is open
// follows. It fails with access.Missing, Invalid("status"), Invalid("reason"), and Conflict when
// somebody published since it was read.
func (u *UseCases) SetStatus(ctx context.Context, actor access.Actor, r CloseRequest) error {
	r.Reason = strings.TrimSpace(r.Reason)
	switch {
	case !knownStatus(r.Status):
		return fault.Invalid("status", "edit.status")
	case r.Reason == "" && r.Status != StatusActive:
		return fault.Invalid("reason", "edit.reason_missing")
	}
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.open(ctx, tx, actor, "directory.service.close", r.ID)
		if err != nil {
			return err
		}
		if d.Published == nil {
			return access.Missing()
		}
		if d.Current != r.Base {
			return fault.Conflict("edit.conflict")
		}
		next := *d.Published
		next.Status, next.Card.StateReason = r.Status, r.Reason
		how := step{action: StepClose, audit: "directory.service.close", reason: r.Reason}
		if err := u.put(ctx, tx, actor, how, d.Published, next, d.Reserved); err != nil {
			return err
		}
		return u.follow(ctx, tx, d, func(s *Service) { s.Status, s.Card.StateReason = r.Status, r.Reason })
	})
}

// follow brings a change of the published texts into an open working copy, so that its editor is
// neither behind nor takes the change back without knowing.
func (u *UseCases) follow(ctx context.Context, tx *db.Tx, d dossier, change func(*Service)) error {
	if d.Version == 0 {
		return nil
	}
	now, err := readDossier(ctx, tx, d.Service.ID)
	if err != nil {
		return err
	}
	next := now.Draft
	change(&next.Service)
	if !d.Behind() {
		next.Base = now.Current
	}
	_, err = u.writeDraft(ctx, tx, next)
	return err
}
