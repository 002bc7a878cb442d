// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// AskReset sends a link to choose a new password, if the address has an account that is no example. The
// answer is the same if not, and takes as long. Faults: TooMany alone.
func (u *UseCases) AskReset(ctx context.Context, from Source, email string) error {
	began := time.Now() // #nosec -- how long it takes is no business time
	defer u.keepSilent(ctx, began)
	if err := u.spend(ctx, draw{bySender, from.Address}, draw{byLetter, foldEmail(email)}); err != nil {
		return err
	}
	a, err := accountByEmail(ctx, u.db, email)
	if fault.Is(err, fault.KindNotFound) || a.Example {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = u.resetLink(ctx, access.Actor{Address: from.Address, Via: audit.ViaPage}, a.Account)
	return err
}

// keepSilent waits until an answer has taken as long as every other.
func (u *UseCases) keepSilent(ctx context.Context, began time.Time) {
	wait := time.NewTimer(u.silence - time.Since(began))
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
	}
}

// resetLink makes and sends a link and gives its path.
func (u *UseCases) resetLink(ctx context.Context, who access.Actor, a Account) (string, error) {
	now := u.clock()
	l := Link{ID: db.NewID(), Kind: linkReset, Account: a.ID, Created: now, Expires: now.Add(resetHolds), MadeBy: who.Account}
	path := ResetPath + u.linkToken(l.Kind, l.ID)
	return path, u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `UPDATE identity_link SET ended_at = $2 WHERE kind = 'reset' AND account_id = $1 AND used_at IS NULL AND ended_at IS NULL`,
			a.ID, db.Millis(now)); err != nil {
			return err
		}
		if err := u.insertLink(ctx, tx, l); err != nil {
			return err
		}
		if err := u.send(ctx, tx, Letter{
			Key: "identity/reset/" + l.ID, Template: "reset", Account: a.ID, Email: a.Email, Name: a.Name, Language: a.Language, Link: path,
		}); err != nil {
			return err
		}
		return u.note(ctx, tx, who, "identity.password.ask", "account", a.ID)
	})
}

// CheckReset says whether a link to choose a password still works.
func (u *UseCases) CheckReset(ctx context.Context, token string) error {
	_, err := u.link(ctx, u.db, linkReset, token)
	return err
}

// Reset gives the account of a link a new password and ends all its sessions. It logs nobody in: a
// second factor is asked for as always. The browser is known from now on, so that its owner gets in
// even while strangers use up what they may try.
func (u *UseCases) Reset(ctx context.Context, from Source, token, password string) (device string, err error) {
	if err := u.spend(ctx, draw{bySource, from.Address}); err != nil {
		return "", err
	}
	l, err := u.link(ctx, u.db, linkReset, token)
	if err != nil {
		return "", err
	}
	a, err := accountByID(ctx, u.db, l.Account)
	if err != nil {
		return "", errLink()
	}
	if err := CheckPassword(password, a.Name, a.Email); err != nil {
		return "", err
	}
	hash, err := u.hasher.hash(ctx, password)
	if err != nil {
		return "", err
	}
	who := access.Actor{Account: a.ID, Address: from.Address, Via: audit.ViaLink}
	return u.knownDevice(a.ID, from.Device), u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := u.useLink(ctx, tx, l.ID, a.ID); err != nil {
			return err
		}
		return u.changePassword(ctx, tx, who, a.Account, hash, "")
	})
}

// changePassword writes a new password, ends all sessions but one and tells the owner.
func (u *UseCases) changePassword(ctx context.Context, tx *db.Tx, who access.Actor, a Account, hash, except string) error {
	if err := updatePassword(ctx, tx, a.ID, hash, u.clock()); err != nil {
		return err
	}
	if err := u.endSessions(ctx, tx, who, a.ID, except, "password"); err != nil {
		return err
	}
	id := db.NewID()
	if err := u.send(ctx, tx, Letter{
		Key: "identity/password_changed/" + id, Template: "password_changed", Account: a.ID, Email: a.Email, Name: a.Name, Language: a.Language,
	}); err != nil {
		return err
	}
	return u.note(ctx, tx, who, "identity.password.change", "account", a.ID)
}

// ChangePassword gives the owner of a session a new password. The session must have been confirmed a
// short while ago. Faults: Invalid, a step-up, Conflict for an example account.
func (u *UseCases) ChangePassword(ctx context.Context, from Source, token, password string) error {
	s, err := u.Authenticate(ctx, token)
	if err == nil {
		err = u.mayArm(s)
	}
	if err == nil {
		err = CheckPassword(password, s.Name, s.Email)
	}
	if err != nil {
		return err
	}
	hash, err := u.hasher.hash(ctx, password)
	if err != nil {
		return err
	}
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := accountByID(ctx, tx, s.Account)
		if err != nil {
			return err
		}
		return u.changePassword(ctx, tx, s.actor(from), a.Account, hash, s.ID)
	})
}
