// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Kinds of link in letters.
const (
	linkInvitation = "invitation"
	linkReset      = "reset"
)

// How long links hold.
const (
	invitationHolds = 7 * 24 * time.Hour
	resetHolds      = 30 * time.Minute
)

// Paths of the pages that links lead to, without language; the token follows.
const (
	InvitationPath = "/invitation/"
	ResetPath      = "/login/reset/"
)

// Link is what was sent to somebody by mail.
type Link struct {
	ID, Kind, Account             string
	Email, Name, Language         string
	Member                        string
	Roles                         []access.Role
	MadeBy                        string
	Created, Expires, Used, Ended time.Time
}

// Open says whether the link still does something.
func (l Link) Open(now time.Time) bool {
	return l.Used.IsZero() && l.Ended.IsZero() && now.Before(l.Expires)
}

const linkColumns = `id, kind, account_id, email, name, language, member, roles, made_by, created_at, expires_at, used_at, ended_at`

func scanLink(s db.Scanner) (l Link, err error) {
	err = s.Scan(&l.ID, &l.Kind, &l.Account, &l.Email, &l.Name, &l.Language, &l.Member, db.JSON(&l.Roles), &l.MadeBy,
		db.ScanTime(&l.Created), db.ScanTime(&l.Expires), db.ScanTime(&l.Used), db.ScanTime(&l.Ended))
	return l, err
}

// linkToken is the identifier with the signature of the installation. Nothing in the database leads to it.
func (u *UseCases) linkToken(kind, id string) string {
	return id + "." + base64.RawURLEncoding.EncodeToString(u.mac("link", kind, id))
}

// link reads what a token leads to: Missing for one that was never signed here, that was used, ended
// or ran out.
func (u *UseCases) link(ctx context.Context, q db.Querier, kind, token string) (Link, error) {
	id, _, _ := strings.Cut(token, ".")
	if !hmac.Equal([]byte(token), []byte(u.linkToken(kind, id))) {
		return Link{}, errLink()
	}
	l, err := db.Row(ctx, q, scanLink, `SELECT `+linkColumns+` FROM identity_link WHERE id = $1 AND kind = $2`, id, kind)
	if fault.Is(err, fault.KindNotFound) || err == nil && !l.Open(u.clock()) {
		return Link{}, errLink()
	}
	return l, err
}

// errLink is the one answer to a link that does not work.
func errLink() error { return fault.NotFound("identity.link") }

func (u *UseCases) insertLink(ctx context.Context, tx *db.Tx, l Link) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO identity_link
		(id, kind, account_id, email, email_key, name, language, member, roles, made_by, created_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		l.ID, l.Kind, l.Account, l.Email, foldEmail(l.Email), l.Name, l.Language, l.Member, db.JSON(l.Roles), l.MadeBy,
		db.Millis(l.Created), db.Millis(l.Expires))
	return err
}

// useLink ends a link by using it; it works once, on any node.
func (u *UseCases) useLink(ctx context.Context, tx *db.Tx, id, account string) error {
	now := db.Millis(u.clock())
	n, err := db.Exec(ctx, tx, `UPDATE identity_link SET used_at = $2, account_id = $3
		WHERE id = $1 AND used_at IS NULL AND ended_at IS NULL AND expires_at > $2`, id, now, account)
	if err == nil && n != 1 {
		err = errLink()
	}
	return err
}
