// SPDX-License-Identifier: EUPL-1.2

package register

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

const breachColumns = `SELECT record, version FROM register_breach`

func scanBreach(s db.Scanner) (Breach, error) {
	var b Breach
	return b, s.Scan(db.JSON(&b), &b.Version)
}

// Report enters a breach of the body acted for, and tells its officer at once. Whoever works in a
// body may do it; who handles it says the rest. Faults: Missing, Invalid (joined).
func (u *UseCases) Report(ctx context.Context, actor access.Actor, b Breach) (Breach, error) {
	b.ID, b.Member, b.Version = db.NewID(), actor.Member, 0
	if err := u.Guard.Check(ctx, actor, "register.breach.report", ofMember("Breach", b.ID, b.Member)); err != nil {
		return b, err
	}
	if b.KnownAt.IsZero() {
		b.KnownAt = u.Clock()
	}
	if !u.Guard.Allows(ctx, actor, "register.breach.handle", ofMember("Breach", b.ID, b.Member)) {
		b = Breach{ID: b.ID, Member: b.Member, Title: b.Title, KnownAt: b.KnownAt, HappenedOn: b.HappenedOn, What: b.What}
	}
	if err := b.valid(u.Clock()); err != nil {
		return b, err
	}
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := u.writeBreach(ctx, tx, actor, "register.breach.report", Breach{}, &b); err != nil {
			return err
		}
		return u.remind(ctx, tx, b)
	})
	return b, err
}

// Breach gives one. Faults: Missing.
func (u *UseCases) Breach(ctx context.Context, actor access.Actor, id string) (Breach, error) {
	b, err := db.Row(ctx, u.DB, scanBreach, breachColumns+` WHERE id = $1`, id)
	if err != nil {
		return b, access.Missing()
	}
	return b, u.Guard.Check(ctx, actor, "register.breach.read", ofMember("Breach", b.ID, b.Member))
}

// Handles says whether somebody may do more about a breach than read it.
func (u *UseCases) Handles(ctx context.Context, actor access.Actor, b Breach) bool {
	return u.Guard.Allows(ctx, actor, "register.breach.handle", ofMember("Breach", b.ID, b.Member))
}

// Breaches lists those that the actor may read, the newest first.
func (u *UseCases) Breaches(ctx context.Context, actor access.Actor) ([]Breach, error) {
	return u.breaches(ctx, actor, "register.breach.read")
}

// ExportBreaches gives those that the actor may take away, the newest first, and writes down that they
// were taken. Faults: Missing for who may take none.
func (u *UseCases) ExportBreaches(ctx context.Context, actor access.Actor) ([]Breach, error) {
	const action = "register.breach.export"
	if err := u.exported(ctx, actor, action, "breach"); err != nil {
		return nil, err
	}
	return u.breaches(ctx, actor, action)
}

func (u *UseCases) breaches(ctx context.Context, actor access.Actor, action string) ([]Breach, error) {
	scope, args, err := u.Guard.Scope(actor, action, tableOf("Breach"), 1)
	if err != nil {
		return nil, err
	}
	return db.Rows(ctx, u.DB, scanBreach, breachColumns+` WHERE `+scope+` ORDER BY known_at DESC, id`, args...)
}

// Handle says what is known of a breach, what was done and who was told; closed ends the matter.
// When the body knew of it stays, once the authority was told. Faults: Missing, Invalid (joined),
// Conflict.
func (u *UseCases) Handle(ctx context.Context, actor access.Actor, sent Breach, closed bool) (Breach, error) {
	out := sent
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, err := db.Row(ctx, tx, scanBreach, breachColumns+` WHERE id = $1`, sent.ID)
		if err != nil {
			return access.Missing()
		}
		if err := u.Guard.Check(ctx, actor, "register.breach.handle", ofMember("Breach", before.ID, before.Member)); err != nil {
			return err
		}
		if sent.Version != before.Version {
			return fault.Conflict("register.changed_meanwhile")
		}
		out = sent
		out.Member, out.ClosedAt = before.Member, before.ClosedAt
		if !before.NotifiedAt.IsZero() {
			out.KnownAt, out.NotifiedAt = before.KnownAt, before.NotifiedAt
		}
		switch {
		case closed && out.ClosedAt.IsZero():
			out.ClosedAt = u.Clock().UTC()
		case !closed:
			out.ClosedAt = Breach{}.ClosedAt
		}
		if err := out.valid(u.Clock()); err != nil {
			return err
		}
		return u.writeBreach(ctx, tx, actor, "register.breach.handle", before, &out)
	})
	return out, err
}

func (u *UseCases) writeBreach(ctx context.Context, tx *db.Tx, actor access.Actor, action string, before Breach, b *Breach) error {
	b.Version = before.Version + 1
	if _, err := db.Exec(ctx, tx, `INSERT INTO register_breach (id, member, version, known_at, notified_at, closed_at, record) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET version = excluded.version, known_at = excluded.known_at, notified_at = excluded.notified_at,
		closed_at = excluded.closed_at, record = excluded.record`,
		b.ID, b.Member, b.Version, db.Millis(b.KnownAt), db.NullMillis(b.NotifiedAt), db.NullMillis(b.ClosedAt), db.JSON(*b)); err != nil {
		return err
	}
	return u.keep(ctx, tx, actor, change{kind: kindBreach, id: b.ID, action: action, from: before.Version, before: before, after: *b})
}

// Remind tells the officers of every breach whose clock runs what stage it has reached. It may run as
// often as it likes: a stage is told once, by its key.
func (u *UseCases) Remind(ctx context.Context) error {
	list, err := db.Rows(ctx, u.DB, scanBreach, breachColumns+` WHERE notified_at IS NULL AND closed_at IS NULL ORDER BY known_at, id`)
	if err != nil {
		return err
	}
	for _, b := range list {
		if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return u.remind(ctx, tx, b) }); err != nil {
			return err
		}
	}
	return nil
}

func (u *UseCases) remind(ctx context.Context, tx *db.Tx, b Breach) error {
	stage := b.StageAt(u.Clock())
	if stage == "" || u.Tell == nil {
		return nil
	}
	return u.Tell(ctx, tx, Reminder{Key: "register.breach/" + b.ID + "/" + string(stage), Member: b.Member, Breach: b.ID, Stage: stage, Deadline: b.Deadline()})
}
