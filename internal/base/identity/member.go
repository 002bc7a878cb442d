// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Person is somebody in a body, as its administrators see them.
type Person struct {
	Account, Name, Email string
	Roles                []access.Role
	Since                time.Time
	Seen                 time.Time // last session; zero for never
	Factors              int       // second factors
	Example              bool      // of the demo network: what it may do stays
}

// People are the members of a body now, by name, with the invitations that are open.
func (u *UseCases) People(ctx context.Context, actor access.Actor, member string) ([]Person, []Link, error) {
	if err := u.may(ctx, actor, ActionList, group(member)); err != nil {
		return nil, nil, err
	}
	list, err := u.people(ctx, u.db, member, "")
	if err != nil {
		return nil, nil, err
	}
	links, err := db.Rows(ctx, u.db, scanLink, `SELECT `+linkColumns+` FROM identity_link
		WHERE kind = 'invitation' AND member = $1 AND used_at IS NULL AND ended_at IS NULL AND expires_at > $2 ORDER BY created_at, id`,
		member, db.Millis(u.clock()))
	return list, links, err
}

// people are the members of a body now: all, or one account.
func (u *UseCases) people(ctx context.Context, q db.Querier, member, account string) ([]Person, error) {
	type row struct {
		Person
		role access.Role
	}
	rows, err := db.Rows(ctx, q, func(s db.Scanner) (r row, err error) {
		err = s.Scan(&r.Account, &r.Name, &r.Email, &r.role, db.ScanTime(&r.Since), db.ScanTime(&r.Seen), &r.Factors, &r.Example)
		return r, err
	}, `SELECT a.id, a.name, a.email, m.role, m.from_at,
			(SELECT max(s.seen_at) FROM identity_session s WHERE s.account_id = a.id),
			(SELECT count(*) FROM identity_factor f WHERE f.account_id = a.id AND f.ended_at IS NULL), a.example
		FROM identity_membership m JOIN identity_account a ON a.id = m.account_id
		WHERE m.member = $1 AND m.until_at IS NULL AND a.closed_at IS NULL AND ($2 = '' OR a.id = $2) ORDER BY a.name, a.id, m.from_at, m.id`, member, account)
	if err != nil {
		return nil, err
	}
	list := []Person{}
	for _, r := range rows {
		if n := len(list); n == 0 || list[n-1].Account != r.Account {
			list = append(list, r.Person)
		}
		last := &list[len(list)-1]
		last.Roles = append(last.Roles, r.role)
		if r.Since.Before(last.Since) {
			last.Since = r.Since
		}
	}
	return list, nil
}

// Person is one member of a body. Missing for others.
func (u *UseCases) Person(ctx context.Context, actor access.Actor, member, account string) (Person, error) {
	if err := u.may(ctx, actor, ActionList, group(member)); err != nil {
		return Person{}, err
	}
	list, err := u.people(ctx, u.db, member, account)
	if err != nil || len(list) != 1 {
		return Person{}, orMissing(err)
	}
	return list[0], nil
}

// ChangeRoles says what somebody is in a body from now on; no role at all is the end of their
// membership. It holds with their next request. Faults: Missing, Invalid, Conflict for the last
// administrator of the network and for an example account.
func (u *UseCases) ChangeRoles(ctx context.Context, actor access.Actor, member, account string, roles []access.Role) error {
	if len(roles) > 0 {
		if err := checkRoles(roles); err != nil {
			return err
		}
	}
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list, err := u.people(ctx, tx, member, account)
		if err != nil {
			return err
		}
		var before []access.Role
		if len(list) == 1 {
			before = list[0].Roles
		}
		touched := difference(before, roles)
		if err := u.may(ctx, actor, ActionChange, group(member, touched...)); err != nil {
			return err
		}
		if len(list) != 1 {
			return access.Missing()
		}
		if list[0].Example {
			return errExample()
		}
		for _, role := range touched {
			if slices.Contains(roles, role) {
				err = insertMembership(ctx, tx, account, member, role, actor.Account, u.clock())
			} else {
				err = endMembership(ctx, tx, account, member, role, actor.Account, u.clock())
			}
			if err != nil {
				return err
			}
		}
		if err := keepsAdministrator(ctx, tx); err != nil {
			return err
		}
		return u.note(ctx, tx, actor, ActionChange, "account", account, rolesChange(before, roles)...)
	})
}

// difference are the roles in one list and not in the other.
func difference(a, b []access.Role) []access.Role {
	var list []access.Role
	for _, r := range access.Roles {
		if slices.Contains(a, r) != slices.Contains(b, r) {
			list = append(list, r)
		}
	}
	return list
}

// keepsAdministrator refuses a change after which nobody could administer the network.
func keepsAdministrator(ctx context.Context, tx *db.Tx) error {
	n, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM identity_membership m JOIN identity_account a ON a.id = m.account_id
		WHERE m.role = $1 AND m.until_at IS NULL AND a.closed_at IS NULL`, access.NetworkAdministrator)
	if err == nil && n == 0 {
		err = fault.Conflict("identity.last_administrator")
	}
	return err
}

// ResetFactors takes all second factors, sessions and the password of somebody away and sends them a
// link to begin anew: for who has lost the phone and the recovery codes. The password goes too, since
// whoever knows it alone could otherwise put a factor of their own in place. Faults: Missing, TooMany,
// Conflict for an example account.
func (u *UseCases) ResetFactors(ctx context.Context, actor access.Actor, member, account string) (string, error) {
	person, err := u.Person(ctx, actor, member, account)
	if err != nil {
		return "", err
	}
	a, err := accountByID(ctx, u.db, account)
	if err != nil {
		return "", orMissing(err)
	}
	// Roles in other bodies count too: an administrator here must not open what holds elsewhere.
	elsewhere, err := memberships(ctx, u.db, account)
	if err != nil {
		return "", err
	}
	if err := u.may(ctx, actor, ActionReset, group(member, append(person.Roles, allRoles(elsewhere)...)...)); err != nil {
		return "", err
	}
	if a.Example {
		return "", errExample()
	}
	if err := u.spendLetter(ctx, actor, "factors "+a.ID); err != nil {
		return "", err
	}
	if err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return u.disarm(ctx, tx, actor, a.Account) }); err != nil {
		return "", err
	}
	return u.resetLink(ctx, actor, a.Account)
}

// disarm takes away everything that opens an account.
func (u *UseCases) disarm(ctx context.Context, tx *db.Tx, actor access.Actor, a Account) error {
	now := u.clock()
	if err := updatePassword(ctx, tx, a.ID, "", now); err != nil {
		return err
	}
	for _, text := range []string{
		`UPDATE identity_factor SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL`,
		`UPDATE identity_external SET ended_at = $2 WHERE account_id = $1 AND ended_at IS NULL`,
		`UPDATE identity_recovery_code SET used_at = $2 WHERE account_id = $1 AND used_at IS NULL`,
	} {
		if _, err := db.Exec(ctx, tx, text, a.ID, db.Millis(now)); err != nil {
			return err
		}
	}
	if err := u.endSessions(ctx, tx, actor, a.ID, "", "reset"); err != nil {
		return err
	}
	return u.note(ctx, tx, actor, ActionReset, "account", a.ID)
}

// Close closes an account for good: memberships, sessions and all that opens it end. Its name stays
// in what it did. For the command alone.
func (u *UseCases) Close(ctx context.Context, actor access.Actor, email string) error {
	if actor.Via != audit.ViaCommand {
		return access.Missing()
	}
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := accountByEmail(ctx, tx, email)
		if err != nil {
			return err
		}
		if err := u.disarm(ctx, tx, actor, a.Account); err != nil {
			return err
		}
		now := db.Millis(u.clock())
		if _, err := db.Exec(ctx, tx, `UPDATE identity_membership SET until_at = $2 WHERE account_id = $1 AND until_at IS NULL`, a.ID, now); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE identity_account SET closed_at = $2 WHERE id = $1`, a.ID, now); err != nil {
			return err
		}
		if err := keepsAdministrator(ctx, tx); err != nil {
			return err
		}
		return u.note(ctx, tx, actor, "identity.account.close", "account", a.ID)
	})
}

// Accounts are all open accounts by address, for the command.
func (u *UseCases) Accounts(ctx context.Context) ([]Account, map[string][]Membership, error) {
	list, err := db.Rows(ctx, u.db, scanAccount, `SELECT `+accountColumns+` FROM identity_account a WHERE a.closed_at IS NULL ORDER BY a.email_key`)
	if err != nil {
		return nil, nil, err
	}
	accounts := make([]Account, len(list))
	roles := map[string][]Membership{}
	for i, a := range list {
		accounts[i] = a.Account
		if roles[a.ID], err = memberships(ctx, u.db, a.ID); err != nil {
			return nil, nil, err
		}
	}
	return accounts, roles, nil
}

// AccountByEmail is an open account, for the command. NotFound when there is none.
func (u *UseCases) AccountByEmail(ctx context.Context, email string) (Account, error) {
	a, err := accountByEmail(ctx, u.db, email)
	return a.Account, err
}

// AccountByID is an open account. NotFound when there is none.
func (u *UseCases) AccountByID(ctx context.Context, q db.Querier, id string) (Account, error) {
	a, err := accountByID(ctx, q, id)
	return a.Account, err
}

// SendReset is AskReset for the command: it gives the path of the link. Factors says to take all
// second factors away too.
func (u *UseCases) SendReset(ctx context.Context, actor access.Actor, email string, factors bool) (string, error) {
	if actor.Via != audit.ViaCommand {
		return "", access.Missing()
	}
	a, err := accountByEmail(ctx, u.db, email)
	if err != nil {
		return "", err
	}
	if factors {
		if err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return u.disarm(ctx, tx, actor, a.Account) }); err != nil {
			return "", err
		}
	}
	return u.resetLink(ctx, actor, a.Account)
}

// EndAllSessions ends every session of an account, for the command.
func (u *UseCases) EndAllSessions(ctx context.Context, actor access.Actor, email string) error {
	if actor.Via != audit.ViaCommand {
		return access.Missing()
	}
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := accountByEmail(ctx, tx, email)
		if err != nil {
			return err
		}
		return u.endSessions(ctx, tx, actor, a.ID, "", "revoked")
	})
}
