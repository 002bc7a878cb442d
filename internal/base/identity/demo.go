// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"encoding/base32"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Example is an example account of the demo network, with what opens it.
type Example struct {
	Email, Name, Member string
	Roles               []access.Role
	Password            string
	Secret              string // for the phone that makes its codes; "" when it needs none
}

// exampleNames are made up, one for every role, and one person more who has two roles in two bodies.
var exampleNames = map[access.Role]string{
	access.NetworkAdministrator: "Ada Esempio", access.BodyAdministrator: "Bruno Esempio", access.DirectoryEditor: "Carla Esempio",
	access.Translator: "Dalia Esempio", access.DeskOperator: "Elio Esempio", access.Mediator: "Farida Esempio",
	access.MediationCoordinator: "Gino Esempio", access.CaseWorker: "Irma Esempio", access.TeamCoordinator: "Livio Esempio",
	access.Supervisor: "Mara Esempio", access.Trainer: "Nadir Esempio", access.ProjectCoordinator: "Olga Esempio",
	access.Auditor: "Piero Esempio", access.DataProtectionOfficer: "Rita Esempio",
}

// Demo makes the example accounts, one for every role in the first body, and gives them. The last
// one acts for both bodies. Done again it changes nothing and gives the same: password and secret
// follow from the key of the installation.
func (u *UseCases) Demo(ctx context.Context, first, second string) ([]Example, error) {
	list := make([]Example, 0, len(access.Roles)+1)
	for _, role := range access.Roles {
		list = append(list, u.example(string(role), exampleNames[role], first, role))
	}
	list = append(list, u.example("two-bodies", "Sara Esempio", first, access.DirectoryEditor, access.BodyAdministrator))
	for _, e := range list {
		exists, err := accountByEmail(ctx, u.db, e.Email)
		if err == nil && exists.ID != "" {
			continue
		}
		if !fault.Is(err, fault.KindNotFound) {
			return nil, err
		}
		hash, err := u.hasher.hash(ctx, e.Password)
		if err != nil {
			return nil, err
		}
		members := []string{e.Member}
		if e.Name == "Sara Esempio" {
			members = append(members, second)
		}
		if err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return u.addExample(ctx, tx, e, members, hash) }); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func (u *UseCases) example(slug, name, member string, roles ...access.Role) Example {
	e := Example{Email: slug + "@rete.example", Name: name, Member: member, Roles: roles}
	words := strings.ToLower(base32.StdEncoding.EncodeToString(u.mac("demo password")[:15]))
	e.Password = words[:6] + "-" + words[6:12] + "-" + words[12:18]
	if NeedsSecondFactor(roles) {
		e.Secret = b32.EncodeToString(u.mac("demo secret", e.Email)[:totpSecret])
	}
	return e
}

func (u *UseCases) addExample(ctx context.Context, tx *db.Tx, e Example, members []string, hash string) error {
	now := u.clock()
	a := Account{ID: db.NewID(), Email: e.Email, Name: e.Name, Language: "it", Member: e.Member, Example: true}
	if err := insertAccount(ctx, tx, a, hash, now); err != nil {
		return err
	}
	for _, member := range members {
		for _, role := range e.Roles {
			if err := insertMembership(ctx, tx, a.ID, member, role, "", now); err != nil {
				return err
			}
		}
	}
	if e.Secret != "" {
		secret, err := b32.DecodeString(e.Secret)
		if err != nil {
			return err
		}
		sealed, err := u.vault.Seal(ctx, tx, a.ID, totpColumn, secret)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO identity_factor (id, account_id, kind, name, secret, last_step, created_at)
			VALUES ($1, $2, $3, $4, $5, 0, $6)`, db.NewID(), a.ID, TOTP, "Demo", sealed, db.Millis(now)); err != nil {
			return err
		}
	}
	return u.note(ctx, tx, access.Actor{Via: audit.ViaCommand}, "identity.account.example", "account", a.ID)
}

// errExample refuses what would lock everybody else out who looks around in the demo network: what opens
// an example account and what it may do stay as they are.
func errExample() error { return fault.Conflict("identity.example") }

// nobodyReads is the ending of addresses that lead nowhere (RFC 2606, 2).
const nobodyReads = ".example"

// MayWriteTo refuses a letter that an account asks for, if it is an example account and somebody could
// get it: whoever tries the demo could otherwise write to anybody. Faults: Invalid("email").
func MayWriteTo(ctx context.Context, q db.Querier, account, email string) error {
	if account == "" || strings.HasSuffix(foldEmail(email), nobodyReads) {
		return nil
	}
	example, err := isExample(ctx, q, account)
	if err == nil && example {
		err = fault.Invalid("email", "identity.example_letter")
	}
	return err
}

func isExample(ctx context.Context, q db.Querier, account string) (bool, error) {
	n, err := db.Row(ctx, q, db.Column[int], `SELECT count(*) FROM identity_account WHERE id = $1 AND example`, account)
	return n > 0, err
}

// ExampleCode is the one-time code that opens an example account now: the demo network shows it,
// so that nobody needs a phone to look around, and in how long it opens: each code opens once, so whoever
// comes after somebody else waits. Missing for every other account; that an example can't stand for a
// person is a rule of the schema.
func (u *UseCases) ExampleCode(ctx context.Context, email string) (code string, opens time.Duration, err error) {
	a, err := accountByEmail(ctx, u.db, email)
	if err != nil || !a.Example {
		return "", 0, access.Missing()
	}
	list, err := factorsOf(ctx, u.db, a.ID)
	if err != nil {
		return "", 0, err
	}
	for _, f := range list {
		if f.Kind != TOTP {
			continue
		}
		secret, err := u.vault.Open(ctx, u.db, a.ID, totpColumn, f.secret)
		if err != nil {
			return "", 0, err
		}
		now := u.clock()
		step := max(stepOf(now), f.lastStep+1)
		code, err := totpCode(secret, step)
		// The code of the step after this one is taken already, as clocks differ.
		return code, max(0, time.Unix((step-1)*totpPeriod, 0).Sub(now)), err
	}
	return "", 0, access.Missing()
}
