// SPDX-License-Identifier: EUPL-1.2

package register

import (
	"context"
	"errors"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Remark is what somebody says about the accessibility of a page.
type Remark struct {
	ID         string
	At         time.Time
	Page       string // as they wrote it
	Text       string
	Mail       string // where the answer goes; "" wants none
	Language   string
	Answer     string
	AnsweredAt time.Time
}

// AnswerWithin is how long a remark may wait.
const AnswerWithin = 30 * 24 * time.Hour

// longestRemark is more than anybody needs, in characters.
const longestRemark = 4000

// Overdue says whether a remark has waited too long.
func (r Remark) Overdue(now time.Time) bool {
	return r.AnsweredAt.IsZero() && now.Sub(r.At) > AnswerWithin
}

// Say takes in a remark of anybody. Faults: Invalid (joined).
func (u *UseCases) Say(ctx context.Context, r Remark) error {
	var faults []error
	if n := utf8.RuneCountInString(strings.TrimSpace(r.Text)); n == 0 || n > longestRemark {
		faults = append(faults, fault.Invalid("text", "register.remark_missing", "limit", longestRemark))
	}
	if a, err := mail.ParseAddress(r.Mail); r.Mail != "" && (err != nil || a.Address != r.Mail || len(r.Mail) > 254) {
		faults = append(faults, fault.Invalid("mail", "register.remark_mail"))
	}
	if utf8.RuneCountInString(r.Page) > 500 {
		faults = append(faults, fault.Invalid("page", "register.remark_page"))
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	_, err := db.Exec(ctx, u.DB, `INSERT INTO register_accessibility (id, at, page, text, mail, language) VALUES ($1, $2, $3, $4, $5, $6)`,
		db.NewID(), db.Millis(u.Clock()), r.Page, r.Text, r.Mail, r.Language)
	return err
}

const remarkColumns = `SELECT id, at, page, text, mail, language, answer, answered_at FROM register_accessibility`

func scanRemark(s db.Scanner) (Remark, error) {
	var r Remark
	return r, s.Scan(&r.ID, db.ScanTime(&r.At), &r.Page, &r.Text, &r.Mail, &r.Language, &r.Answer, db.ScanTime(&r.AnsweredAt))
}

// Remarks lists what people said, what waits first. Faults: Missing.
func (u *UseCases) Remarks(ctx context.Context, actor access.Actor) ([]Remark, error) {
	if err := u.Guard.Check(ctx, actor, "register.accessibility.read", access.Resource{Type: "Remark"}); err != nil {
		return nil, err
	}
	return db.Rows(ctx, u.DB, scanRemark, remarkColumns+` ORDER BY CASE WHEN answered_at IS NULL THEN 0 ELSE 1 END, at, id`)
}

// Answer settles a remark with what was done or answered; the mail address is forgotten then, since
// nothing needs it any more. Faults: Missing, Invalid.
func (u *UseCases) Answer(ctx context.Context, actor access.Actor, id, answer string) error {
	if err := u.Guard.Check(ctx, actor, "register.accessibility.answer", access.Resource{Type: "Remark", ID: id}); err != nil {
		return err
	}
	if strings.TrimSpace(answer) == "" {
		return fault.Invalid("answer", "register.field_missing")
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `UPDATE register_accessibility SET answer = $2, answered_at = $3, account = $4, mail = '' WHERE id = $1`,
			id, answer, db.Millis(u.Clock()), actor.Account)
		if err != nil {
			return err
		}
		if n == 0 {
			return access.Missing()
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "register.accessibility.answer", Kind: "remark", Record: id})
	})
}
