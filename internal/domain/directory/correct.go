// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/identity"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
)

// Correction is what the contact of a body says is not true any more. Fields that are nil were not
// touched.
type Correction struct {
	Phones map[string]string // identifier of a telephone → number; "" takes it away
	Phone  string            // one more
	Email  *string
	URL    *string
	Closed bool   // the service is not offered any more
	Note   string // everything else: hours, address, documents
}

// longestNote is how long a word may be, in letters.
const longestNote = 2000

// Correct takes the answer "this has changed". The corrections become a working copy in review, on top
// of the one there is, and an editor publishes them; the public reads nothing of them before. Whoever
// holds the link may, once. It fails as Confirm does, and with Invalid("note") and Invalid("email").
func (v *Verifier) Correct(ctx context.Context, token string, c Correction) error {
	c.Note = strings.TrimSpace(c.Note)
	switch {
	case c.empty():
		return fault.Invalid("note", "verification.nothing")
	case utf8.RuneCountInString(c.Note) > longestNote:
		return fault.Invalid("note", "edit.too_long", "limit", longestNote)
	case c.Email != nil && *c.Email != "" && !identity.Mailable(*c.Email):
		return fault.Invalid("email", "edit.email", "value", *c.Email)
	}
	return v.answer(ctx, token, VerificationCorrected, func(ctx context.Context, tx *db.Tx, by access.Actor, d dossier) error {
		next := d.Draft
		next.Service = c.on(next.Service)
		next.State, next.Note = DraftReview, c.Note
		if d.Version == 0 {
			next.Base, next.Assures, next.Account = d.Current, true, ""
		}
		if _, err := v.u.writeDraft(ctx, tx, next); err != nil {
			return err
		}
		return audit.Record(ctx, tx, v.u.clock(), audit.Event{Actor: by.Audited(), Action: "directory.verification.correct", Kind: "service", Record: d.Service.ID,
			Changes: changesOf(d.Service, next.Service, d.Reserved)})
	})
}

func (c Correction) empty() bool {
	return c.Note == "" && c.Phones == nil && strings.TrimSpace(c.Phone) == "" && c.Email == nil && c.URL == nil && !c.Closed
}

// on gives a copy of the service with the corrections. Telephones of hidden places are public, so
// they can be corrected like all others; where the places are can't.
func (c Correction) on(s Service) Service {
	s.Phones = c.phones(s.Phones)
	s.Confidential = slices.Clone(s.Confidential)
	for i := range s.Confidential {
		s.Confidential[i].Phones = c.phones(s.Confidential[i].Phones)
	}
	if number := strings.TrimSpace(c.Phone); number != "" {
		s.Phones = append(s.Phones, hsds.Phone{ID: db.NewID(), Number: number})
	}
	if c.Email != nil {
		s.Email = strings.TrimSpace(*c.Email)
	}
	if c.URL != nil {
		s.URL = strings.TrimSpace(*c.URL)
	}
	if c.Closed {
		s.Status, s.Card.StateReason = StatusDefunct, c.Note
	}
	return s
}

func (c Correction) phones(list []hsds.Phone) []hsds.Phone {
	var out []hsds.Phone
	for _, p := range list {
		if number, said := c.Phones[p.ID]; said {
			p.Number = strings.TrimSpace(number)
		}
		if p.Number != "" {
			out = append(out, p)
		}
	}
	return out
}

// Rounds is what one run of the loop did.
type Rounds struct{ Asked, Reminded, Escalated int }

// Run asks about the entries that fall due, reminds those who have not answered, and tells their body
// when nobody has. The program calls it every hour on every node: each question is put once. Made-up
// services of the demo census are not asked about by themselves.
func (v *Verifier) Run(ctx context.Context) (Rounds, error) {
	var done Rounds
	now := v.u.clock()
	today := calendar.DayOf(now, calendar.Rome())
	ids, err := db.Rows(ctx, v.u.db, db.Column[string], `SELECT m.id FROM directory_summary m WHERE m.published AND m.due <> '' AND m.due <= $1 AND m.status = $2
		AND NOT EXISTS (SELECT 1 FROM directory_verification q WHERE q.service_id = m.id AND (q.state = $3 OR q.asked_at > $4)) ORDER BY m.due, m.id LIMIT 500`,
		(today + askBefore).String(), StatusActive, VerificationAsked, db.Millis(now.AddDate(0, 0, -quietAfter)))
	if err != nil {
		return done, err
	}
	for _, id := range ids {
		asked, err := v.askDue(ctx, id)
		if err != nil {
			return done, err
		}
		if asked {
			done.Asked++
		}
	}
	open, err := db.Rows(ctx, v.u.db, scanQuestion, `SELECT `+questionColumns+` FROM directory_verification WHERE state = $1 AND due <= $2 AND escalated_at IS NULL
		AND (reminded_at IS NULL OR due <= $3) ORDER BY due, id LIMIT 500`, VerificationAsked, (today - remindAt).String(), (today - escalateAfter).String())
	for _, q := range open {
		kind := LetterRemind
		if !q.RemindedAt.IsZero() {
			kind = LetterEscalate
		}
		if err := v.again(ctx, q, kind); err != nil {
			return done, err
		}
		if kind == LetterRemind {
			done.Reminded++
		} else {
			done.Escalated++
		}
	}
	return done, err
}

// askDue puts the question about one service, unless it can't be put: nobody to ask, an example.
func (v *Verifier) askDue(ctx context.Context, id string) (asked bool, err error) {
	err = v.u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		asked = false
		open, err := db.Row(ctx, tx, db.Column[int64], `SELECT count(*) FROM directory_verification WHERE service_id = $1 AND state = $2`, id, VerificationAsked)
		if err != nil || open > 0 {
			return err // another node was faster
		}
		d, err := readDossier(ctx, tx, id)
		if fault.Is(err, fault.KindNotFound) || err == nil && (d.Published == nil || d.Published.Card.Example) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = v.ask(ctx, tx, access.Actor{Via: audit.ViaJob, Member: d.Body.ID}, d)
		asked = err == nil
		if fault.Is(err, fault.KindInvalid) {
			return nil // the coordinator's page shows that nobody can be asked
		}
		return err
	})
	return asked, err
}

// again reminds the contact, or tells the body that nobody has answered.
func (v *Verifier) again(ctx context.Context, q Question, kind string) error {
	return v.u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := readDossier(ctx, tx, q.Service)
		if fault.Is(err, fault.KindNotFound) || err == nil && d.Published == nil {
			_, err = db.Exec(ctx, tx, `UPDATE directory_verification SET state = $1, answered_at = $2 WHERE id = $3`, VerificationWithdrawn, db.Millis(v.u.clock()), q.ID)
			return err
		}
		if err != nil {
			return err
		}
		column, email := "reminded_at", q.Email
		if kind == LetterEscalate {
			column = "escalated_at"
			if d.Body.Email != "" {
				email = d.Body.Email
			}
		}
		n, err := db.Exec(ctx, tx, `UPDATE directory_verification SET `+column+` = $1 WHERE id = $2 AND state = $3 AND `+column+` IS NULL`,
			db.Millis(v.u.clock()), q.ID, VerificationAsked)
		if err != nil || n == 0 {
			return err // answered meanwhile, or another node was faster
		}
		return v.tell(ctx, tx, v.letter(kind, q, d, email, v.token(q)))
	})
}

// Questions gives the last question about each of these services, for those who may ask.
func (u *UseCases) Questions(ctx context.Context, actor access.Actor, ids []string) (map[string]Question, error) {
	if u.guard == nil || !u.guard.May(actor, "directory.verification.ask") {
		return nil, access.Missing()
	}
	seen, _, err := u.Summaries(ctx, actor, SummaryFilter{IDs: ids, Size: mostListed})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	last := map[string]Question{}
	err = eachChunk(idsOf(seen, func(s Summary) string { return s.ID }), func(in string, args []any) error {
		list, err := db.Rows(ctx, u.db, scanQuestion, `SELECT `+questionColumns+` FROM directory_verification WHERE service_id IN (`+in+`) ORDER BY asked_at, id`, args...)
		for _, q := range list {
			last[q.Service] = q
		}
		return err
	})
	return last, err
}
