// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
)

// stored is an account with what only this package sees of it.
type stored struct {
	Account
	handle   []byte
	password string
}

const accountColumns = `a.id, a.email, a.name, a.language, a.handle, a.password, a.member, a.example, a.created_at, a.closed_at`

func scanAccount(s db.Scanner) (a stored, err error) {
	err = s.Scan(&a.ID, &a.Email, &a.Name, &a.Language, &a.handle, &a.password, &a.Member, &a.Example,
		db.ScanTime(&a.Created), db.ScanTime(&a.Closed))
	a.HasPassword = a.password != ""
	return a, err
}

// accountByEmail fails with NotFound; it does not find closed accounts.
func accountByEmail(ctx context.Context, q db.Querier, email string) (stored, error) {
	return db.Row(ctx, q, scanAccount, `SELECT `+accountColumns+` FROM identity_account a WHERE a.email_key = $1 AND a.closed_at IS NULL`, foldEmail(email))
}

func accountByID(ctx context.Context, q db.Querier, id string) (stored, error) {
	return db.Row(ctx, q, scanAccount, `SELECT `+accountColumns+` FROM identity_account a WHERE a.id = $1 AND a.closed_at IS NULL`, id)
}

func accountByHandle(ctx context.Context, q db.Querier, handle []byte) (stored, error) {
	return db.Row(ctx, q, scanAccount, `SELECT `+accountColumns+` FROM identity_account a WHERE a.handle = $1 AND a.closed_at IS NULL`, handle)
}

// insertAccount writes a new account; the password is what hasher made of it, or "".
func insertAccount(ctx context.Context, tx *db.Tx, a Account, password string, now time.Time) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO identity_account
		(id, email, email_key, name, language, handle, password, password_at, member, example, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		a.ID, a.Email, foldEmail(a.Email), a.Name, a.Language, random(32), password, db.Millis(now), a.Member, a.Example, db.Millis(now))
	return err
}

func updatePassword(ctx context.Context, tx *db.Tx, account, password string, now time.Time) error {
	_, err := db.Exec(ctx, tx, `UPDATE identity_account SET password = $2, password_at = $3 WHERE id = $1`, account, password, db.Millis(now))
	return err
}

const membershipColumns = `m.id, m.account_id, m.member, m.role, m.from_at, m.until_at`

func scanMembership(s db.Scanner) (m Membership, err error) {
	err = s.Scan(&m.ID, &m.Account, &m.Member, &m.Role, db.ScanTime(&m.From), db.ScanTime(&m.Until))
	return m, err
}

// memberships are those that hold now, by body.
func memberships(ctx context.Context, q db.Querier, account string) ([]Membership, error) {
	return db.Rows(ctx, q, scanMembership, `SELECT `+membershipColumns+` FROM identity_membership m
		WHERE m.account_id = $1 AND m.until_at IS NULL ORDER BY m.member, m.from_at, m.id`, account)
}

func insertMembership(ctx context.Context, tx *db.Tx, account, member string, role access.Role, by string, now time.Time) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO identity_membership (id, account_id, member, role, from_at, granted_by)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, member, role) WHERE until_at IS NULL DO NOTHING`,
		db.NewID(), account, member, role, db.Millis(now), by)
	return err
}

func endMembership(ctx context.Context, tx *db.Tx, account, member string, role access.Role, by string, now time.Time) error {
	_, err := db.Exec(ctx, tx, `UPDATE identity_membership SET until_at = $4, ended_by = $5
		WHERE account_id = $1 AND member = $2 AND role = $3 AND until_at IS NULL`, account, member, role, db.Millis(now), by)
	return err
}

// rolesIn are the roles in a body; those of the network administrator hold in every body.
func rolesIn(list []Membership, member string) []access.Role {
	var roles []access.Role
	everywhere := false
	for _, m := range list {
		switch {
		case m.Role == access.NetworkAdministrator:
			everywhere = true
		case m.Member == member:
			roles = append(roles, m.Role)
		}
	}
	if everywhere {
		roles = append([]access.Role{access.NetworkAdministrator}, roles...)
	}
	return roles
}

// allRoles are the roles in all bodies together, which decide on second factor and limits: a session
// may change its body at any time.
func allRoles(list []Membership) []access.Role {
	roles := make([]access.Role, len(list))
	for i, m := range list {
		roles[i] = m.Role
	}
	return roles
}

// bodies are the bodies that somebody may act for, in the order of list.
func bodies(list []Membership) []string {
	var ids []string
	for _, m := range list {
		if len(ids) == 0 || ids[len(ids)-1] != m.Member {
			ids = append(ids, m.Member)
		}
	}
	return ids
}
