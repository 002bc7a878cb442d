// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
)

// Erase closes an account, open or closed before, and destroys its key, within a transaction of the
// caller, who lets all rooms take away what they keep of the person. It gives the identifier, which
// alone stays, in what was done. For the command alone. Faults: NotFound.
func (u *UseCases) Erase(ctx context.Context, tx *db.Tx, actor access.Actor, email, reason string) (string, error) {
	if actor.Via != audit.ViaCommand {
		return "", access.Missing()
	}
	id, err := db.Row(ctx, tx, db.Column[string], `SELECT id FROM identity_account WHERE email_key = $1`, foldEmail(email))
	if err != nil {
		return "", err
	}
	if err := u.vault.Destroy(ctx, tx, id); err != nil {
		return "", err
	}
	if err := u.Erased(ctx, tx, id); err != nil {
		return "", err
	}
	if err := keepsAdministrator(ctx, tx); err != nil {
		return "", err
	}
	return id, audit.Record(ctx, tx, u.clock(), audit.Event{
		Actor: actor.Audited(), Action: "identity.account.erase", Kind: "account", Record: id, Subject: id, Reason: reason,
		Changes: []audit.Change{{Field: "name", Hidden: true}, {Field: "email", Hidden: true}},
	})
}

// Erased takes away what is kept unsealed of the owner of an account whose key is destroyed, and closes
// the account: an old copy of the database may have it open. Another subject changes nothing.
func (u *UseCases) Erased(ctx context.Context, tx *db.Tx, subject string) error {
	now := db.Millis(u.clock())
	for _, step := range []struct {
		text string
		args []any
	}{
		{`UPDATE identity_link SET email = '', email_key = '', name = '', ended_at = COALESCE(ended_at, $2) WHERE account_id = $1
			OR email_key = (SELECT a.email_key FROM identity_account AS a WHERE a.id = $1)`, []any{subject, now}},
		{`UPDATE identity_membership SET until_at = $2 WHERE account_id = $1 AND until_at IS NULL`, []any{subject, now}},
		{`UPDATE identity_session SET device = '', ended_at = COALESCE(ended_at, $2) WHERE account_id = $1`, []any{subject, now}},
		{`DELETE FROM identity_factor WHERE account_id = $1`, []any{subject}},
		{`DELETE FROM identity_recovery_code WHERE account_id = $1`, []any{subject}},
		{`DELETE FROM identity_external WHERE account_id = $1`, []any{subject}},
		{`DELETE FROM identity_errand WHERE account_id = $1`, []any{subject}},
		// An address under .example can belong to nobody, and example accounts keep theirs there.
		{`UPDATE identity_account SET email = $2, email_key = $2, name = '', password = '', closed_at = COALESCE(closed_at, $3) WHERE id = $1`,
			[]any{subject, subject + "@erased.example", now}},
	} {
		if _, err := db.Exec(ctx, tx, step.text, step.args...); err != nil {
			return err
		}
	}
	return nil
}
