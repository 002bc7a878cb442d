// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"errors"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
)

// Invitation is whom to invite, to what.
type Invitation struct {
	Member, Name, Email, Language string
	Roles                         []access.Role
}

// Invite writes to somebody that they may come in. It says the same whether they have an account or
// not: what they are elsewhere is not this body's business. Faults: Invalid, Missing,
// TooMany. It gives the path of the link, for the command that prints it; pages don't.
func (u *UseCases) Invite(ctx context.Context, actor access.Actor, in Invitation) (string, error) {
	in.Name, in.Email = strings.TrimSpace(in.Name), strings.TrimSpace(in.Email)
	if err := u.may(ctx, actor, ActionInvite, group(in.Member, in.Roles...)); err != nil {
		return "", err
	}
	if err := errors.Join(checkPerson(in.Name, in.Email), checkRoles(in.Roles)); err != nil {
		return "", err
	}
	if err := MayWriteTo(ctx, u.db, actor.Account, in.Email); err != nil {
		return "", err
	}
	if err := u.spendLetter(ctx, actor, "invitation "+foldEmail(in.Email)); err != nil {
		return "", err
	}
	if !lang.Known(in.Language) {
		in.Language = lang.Default
	}
	now := u.clock()
	l := Link{
		ID: db.NewID(), Kind: linkInvitation, Email: in.Email, Name: in.Name, Language: in.Language, Member: in.Member, Roles: in.Roles,
		MadeBy: actor.Account, Created: now, Expires: now.Add(invitationHolds),
	}
	path := InvitationPath + u.linkToken(l.Kind, l.ID)
	return path, u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		// A new invitation of the same person to the same body takes the place of the old one.
		if _, err := db.Exec(ctx, tx, `UPDATE identity_link SET ended_at = $3 WHERE kind = 'invitation' AND member = $1 AND email_key = $2
			AND used_at IS NULL AND ended_at IS NULL`, in.Member, foldEmail(in.Email), db.Millis(now)); err != nil {
			return err
		}
		if err := u.insertLink(ctx, tx, l); err != nil {
			return err
		}
		if err := u.send(ctx, tx, Letter{
			Key: "identity/invitation/" + l.ID, Template: "invitation", Email: in.Email, Name: in.Name, Language: in.Language, Link: path, Body: in.Member,
		}); err != nil {
			return err
		}
		return u.note(ctx, tx, actor, ActionInvite, "invitation", l.ID, rolesChange(nil, in.Roles)...)
	})
}

// MayInvite says whether the actor may invite into a body at all. Faults: Missing.
func (u *UseCases) MayInvite(ctx context.Context, actor access.Actor, member string) error {
	return u.may(ctx, actor, ActionInvite, group(member))
}

// may is Guard.Check, and yes for whoever runs the program on its own machine.
func (u *UseCases) may(ctx context.Context, actor access.Actor, action string, r access.Resource) error {
	if actor.Via == audit.ViaCommand && actor.Account == "" {
		return nil
	}
	return u.guard.Check(ctx, actor, action, r)
}

func rolesChange(before, after []access.Role) []audit.Change {
	return []audit.Change{{Field: "roles", Before: joinRoles(before), After: joinRoles(after)}}
}

func joinRoles(roles []access.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = string(r)
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// Withdraw ends an invitation that nobody has accepted.
func (u *UseCases) Withdraw(ctx context.Context, actor access.Actor, id string) error {
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		l, err := db.Row(ctx, tx, scanLink, `SELECT `+linkColumns+` FROM identity_link WHERE id = $1 AND kind = 'invitation'`, id)
		if fault.Is(err, fault.KindNotFound) {
			return access.Missing()
		}
		if err != nil {
			return err
		}
		if err := u.may(ctx, actor, ActionInvite, group(l.Member, l.Roles...)); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE identity_link SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL AND used_at IS NULL`, id, db.Millis(u.clock())); err != nil {
			return err
		}
		return u.note(ctx, tx, actor, "identity.invitation.withdraw", "invitation", id)
	})
}

// Invitation reads what an invitation offers, for whoever holds its link. Known says that its address
// has an account already: then its owner logs in and accepts.
func (u *UseCases) Invitation(ctx context.Context, token string) (l Link, known bool, err error) {
	if l, err = u.link(ctx, u.db, linkInvitation, token); err != nil {
		return l, false, err
	}
	_, err = accountByEmail(ctx, u.db, l.Email)
	if fault.Is(err, fault.KindNotFound) {
		return l, false, nil
	}
	return l, err == nil, err
}

// Accept makes the account of somebody who was invited, with a password of theirs, and logs them in.
// An address that has an account is Conflict: AcceptAs.
func (u *UseCases) Accept(ctx context.Context, from Source, token, name, password, language string) (Ticket, error) {
	if err := u.spend(ctx, draw{bySource, from.Address}); err != nil {
		return Ticket{}, err
	}
	l, known, err := u.Invitation(ctx, token)
	if err != nil {
		return Ticket{}, err
	}
	if known {
		return Ticket{}, fault.Conflict("identity.invitation_known")
	}
	name = strings.TrimSpace(name)
	if err := errors.Join(checkName(name), CheckPassword(password, name, l.Email)); err != nil {
		return Ticket{}, err
	}
	hash, err := u.hasher.hash(ctx, password)
	if err != nil {
		return Ticket{}, err
	}
	if !lang.Known(language) {
		language = l.Language
	}
	var t Ticket
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a := stored{Account: Account{ID: db.NewID(), Email: l.Email, Name: name, Language: language, Member: l.Member}}
		if err := insertAccount(ctx, tx, a.Account, hash, u.clock()); err != nil {
			return err
		}
		if err := u.grant(ctx, tx, a.ID, l); err != nil {
			return err
		}
		t, _, err = u.begin(ctx, tx, a, ByLink, false, from)
		return err
	})
	if db.IsUnique(err) {
		err = fault.Conflict("identity.invitation_known").Because(err)
	}
	return t, err
}

// AcceptAs gives the roles of an invitation to the account that is logged in: only to the one whose
// address was invited, so that a forwarded letter gives nobody else anything.
func (u *UseCases) AcceptAs(ctx context.Context, actor access.Actor, token string) error {
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		l, err := u.link(ctx, tx, linkInvitation, token)
		if err != nil {
			return err
		}
		a, err := accountByID(ctx, tx, actor.Account)
		if err != nil || foldEmail(a.Email) != foldEmail(l.Email) {
			return fault.Conflict("identity.invitation_other")
		}
		if a.Example {
			return errExample()
		}
		return u.grant(ctx, tx, a.ID, l)
	})
}

// grant uses an invitation for an account.
func (u *UseCases) grant(ctx context.Context, tx *db.Tx, account string, l Link) error {
	if err := u.useLink(ctx, tx, l.ID, account); err != nil {
		return err
	}
	for _, role := range l.Roles {
		if err := insertMembership(ctx, tx, account, l.Member, role, l.MadeBy, u.clock()); err != nil {
			return err
		}
	}
	who := access.Actor{Account: account, Member: l.Member, Via: audit.ViaLink}
	return u.note(ctx, tx, who, "identity.invitation.accept", "invitation", l.ID, rolesChange(nil, l.Roles)...)
}
