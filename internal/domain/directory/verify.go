// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/identity"
	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
)

// States of a question to a body whether an entry is true.
const (
	VerificationAsked     = "asked"
	VerificationConfirmed = "confirmed"
	VerificationCorrected = "corrected" // the corrections wait in a working copy for an editor
	VerificationWithdrawn = "withdrawn" // the service is gone, or another question took its place
)

const actionAsk = "directory.verification.ask"

// How the loop runs, in days. Network rules, not a law.
const (
	askBefore     = 21 // the first question comes so long before the due date
	remindAt      = 0  // the reminder, on the due date
	escalateAfter = 14 // the body's own address is told when nobody has answered
	linkHolds     = 60
	quietAfter    = 30 // no new question so soon after an answer that waits for an editor
)

// Kinds of letter about a question.
const (
	LetterAsk      = "ask"
	LetterRemind   = "remind"
	LetterEscalate = "escalate"
)

// VerificationLetter is what to tell a body.
type VerificationLetter struct {
	Key      string // the same letter is told once
	Kind     string
	Service  string
	Email    string
	Language string
	Name     string // of the service, as the public reads it
	Body     string
	Bodies   []string // identifiers of the body and of those it belongs to
	Due      calendar.Day
	Expires  time.Time
	Token    string // opens the entry; "" when somebody is told who need not answer
}

// Teller passes a letter on in the transaction of the question.
type Teller func(ctx context.Context, tx *db.Tx, l VerificationLetter) error

// Verifier asks bodies to confirm their entries, and takes the answers.
type Verifier struct {
	u    *UseCases
	key  []byte
	tell Teller
}

// NewVerifier makes links with a key that is kept outside of the database.
func NewVerifier(u *UseCases, key []byte, tell Teller) *Verifier {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("directory verification link v1")) // this key opens nothing else, and no other key this
	return &Verifier{u, mac.Sum(nil), tell}
}

// Question is one time that a body was asked about an entry.
type Question struct {
	ID          string
	Service     string
	Email       string
	Language    string
	Due         calendar.Day
	State       string
	ExpiresAt   time.Time
	AskedAt     time.Time
	RemindedAt  time.Time
	EscalatedAt time.Time
	AnsweredAt  time.Time
}

const questionColumns = `id, service_id, email, language, due, state, expires_at, asked_at, reminded_at, escalated_at, answered_at`

func scanQuestion(s db.Scanner) (Question, error) {
	var q Question
	var due string
	err := s.Scan(&q.ID, &q.Service, &q.Email, &q.Language, &due, &q.State, db.ScanTime(&q.ExpiresAt), db.ScanTime(&q.AskedAt), db.ScanTime(&q.RemindedAt), db.ScanTime(&q.EscalatedAt), db.ScanTime(&q.AnsweredAt))
	if err == nil && due != "" {
		q.Due, err = calendar.ParseDay(due)
	}
	return q, err
}

// token signs the question and the time until which it may be answered.
func (v *Verifier) token(q Question) string {
	return q.ID + "." + base64.RawURLEncoding.EncodeToString(v.sign(q))
}

func (v *Verifier) sign(q Question) []byte {
	mac := hmac.New(sha256.New, v.key)
	mac.Write([]byte(q.ID + "\x00" + q.Service + "\x00" + q.ExpiresAt.UTC().Format(time.RFC3339)))
	return mac.Sum(nil)
}

// Contact is to whom questions about a service go: the contact set for it, or the addresses of its
// record, of which the first is private.
type Contact struct{ Email, Language string }

func contactOf(ctx context.Context, q db.Querier, s Service, body network.Organization) (Contact, error) {
	set, err := db.Rows(ctx, q, func(sc db.Scanner) (Contact, error) {
		var c Contact
		return c, sc.Scan(&c.Email, &c.Language)
	}, `SELECT email, language FROM directory_verification_contact WHERE service_id = $1`, s.ID)
	if err != nil || len(set) > 0 {
		return first(set), err
	}
	for _, email := range []string{s.AssurerEmail, s.Email, body.Email} {
		if email != "" {
			return Contact{email, lang.Default}, nil
		}
	}
	return Contact{}, nil
}

func first(list []Contact) Contact {
	if len(list) == 0 {
		return Contact{}
	}
	return list[0]
}

// SetContact says to whom questions about a service go, and in which language. An empty address goes
// back to those of the record. It fails with access.Missing, Invalid("email") and Invalid("language").
func (u *UseCases) SetContact(ctx context.Context, actor access.Actor, id string, c Contact) error {
	c.Email = strings.TrimSpace(c.Email)
	switch {
	case c.Email != "" && !identity.Mailable(c.Email):
		return fault.Invalid("email", "edit.email", "value", c.Email)
	case !lang.Known(c.Language):
		return fault.Invalid("language", "translation.language")
	}
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.open(ctx, tx, actor, "directory.service.edit", id)
		if err == nil && c.Email != "" {
			err = identity.MayWriteTo(ctx, tx, actor.Account, c.Email)
		}
		if err != nil {
			return err
		}
		if c.Email == "" {
			_, err = db.Exec(ctx, tx, `DELETE FROM directory_verification_contact WHERE service_id = $1`, d.Service.ID)
		} else {
			_, err = db.Exec(ctx, tx, `INSERT INTO directory_verification_contact (service_id, email, language) VALUES ($1, $2, $3)
				ON CONFLICT (service_id) DO UPDATE SET email = excluded.email, language = excluded.language`, d.Service.ID, c.Email, c.Language)
		}
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.clock(), audit.Event{Actor: actor.Audited(), Action: "directory.service.edit", Kind: "service", Record: id,
			Changes: []audit.Change{{Field: "verification_contact", Hidden: true}}})
	})
}

// ContactFor is the contact of a service, for its editors. It fails with access.Missing.
func (u *UseCases) ContactFor(ctx context.Context, actor access.Actor, id string) (Contact, error) {
	d, err := u.open(ctx, u.db, actor, "directory.service.read", id)
	if err != nil {
		return Contact{}, err
	}
	return contactOf(ctx, u.db, d.Service, d.Body)
}

// How many questions people put within a day, beside those that go out by themselves: letters, to an
// address that whoever asks may have typed.
const (
	mostOfService = 3
	mostToAddress = 20
	mostOfAccount = 60 // within an hour
)

// mayAsk refuses a letter too many to one address, about one service or from one account, and one to
// somebody from an example account.
func (v *Verifier) mayAsk(ctx context.Context, tx *db.Tx, actor access.Actor, service, email string) error {
	if err := identity.MayWriteTo(ctx, tx, actor.Account, email); err != nil {
		return err
	}
	now := v.u.clock()
	day := db.Millis(now.AddDate(0, 0, -1))
	of, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM directory_verification WHERE service_id = $1 AND asked_at > $2`, service, day)
	if err != nil {
		return err
	}
	to, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM directory_verification WHERE email = $1 AND asked_at > $2`, email, day)
	if err != nil {
		return err
	}
	by, err := audit.Times(ctx, tx, actor.Account, actionAsk, now.Add(-time.Hour))
	if err == nil && (of >= mostOfService || to >= mostToAddress || by >= mostOfAccount) {
		err = fault.TooMany("verification.too_many")
	}
	return err
}

// Ask puts the question about one entry now, and gives its link, which whoever asks may also hand
// over in another way. A question that is open already is taken up again. It fails with
// access.Missing, Invalid("email") when nobody is known who could answer, and TooMany.
func (v *Verifier) Ask(ctx context.Context, actor access.Actor, id string) (token string, err error) {
	err = v.u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := v.u.open(ctx, tx, actor, actionAsk, id)
		if err != nil {
			return err
		}
		if d.Published == nil {
			return access.Missing()
		}
		to, err := contactOf(ctx, tx, *d.Published, d.Body)
		if err == nil {
			err = v.mayAsk(ctx, tx, actor, id, to.Email)
		}
		if err != nil {
			return err
		}
		q, err := v.ask(ctx, tx, actor, d)
		token = v.token(q)
		return err
	})
	return token, err
}

func (v *Verifier) ask(ctx context.Context, tx *db.Tx, actor access.Actor, d dossier) (Question, error) {
	now := v.u.clock()
	if _, err := db.Exec(ctx, tx, `UPDATE directory_verification SET state = $1, answered_at = $2 WHERE service_id = $3 AND state = $4`,
		VerificationWithdrawn, db.Millis(now), d.Service.ID, VerificationAsked); err != nil {
		return Question{}, err
	}
	to, err := contactOf(ctx, tx, *d.Published, d.Body)
	if err != nil {
		return Question{}, err
	}
	if to.Email == "" {
		return Question{}, fault.Invalid("email", "verification.nobody")
	}
	due := d.Published.Verification().Due
	if due == 0 {
		due = calendar.DayOf(now, calendar.Rome()) + askBefore
	}
	q := Question{ID: db.NewID(), Service: d.Service.ID, Email: to.Email, Language: to.Language, Due: due, State: VerificationAsked,
		AskedAt: now, ExpiresAt: now.UTC().Truncate(time.Second).AddDate(0, 0, linkHolds)}
	if _, err := db.Exec(ctx, tx, `INSERT INTO directory_verification (id, service_id, email, language, due, state, expires_at, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		q.ID, q.Service, q.Email, q.Language, q.Due.String(), q.State, db.Millis(q.ExpiresAt), db.Millis(now)); err != nil {
		return q, err
	}
	if err := v.tell(ctx, tx, v.letter(LetterAsk, q, d, q.Email, v.token(q))); err != nil {
		return q, err
	}
	return q, audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: actionAsk, Kind: "service", Record: q.Service})
}

func (v *Verifier) letter(kind string, q Question, d dossier, email, token string) VerificationLetter {
	return VerificationLetter{Key: "directory-verification/" + q.ID + "/" + kind, Kind: kind, Service: q.Service, Email: email, Language: q.Language,
		Name: d.Published.Name, Body: d.Body.Name, Bodies: d.bodies, Due: q.Due, Expires: q.ExpiresAt, Token: token}
}

// Asked is what a link opens: exactly that entry, as the public reads it.
type Asked struct {
	Question
	Entry Entry
}

// Open gives what a link opens. It fails with NotFound when the link is not one of ours; when it is and
// holds no more (LinkLapsed tells); and when there is nothing to confirm any more. One that was answered
// opens still, to say so.
func (v *Verifier) Open(ctx context.Context, token string) (Asked, error) {
	var a Asked
	err := v.u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = v.open(ctx, tx, token)
		return err
	})
	return a, err
}

func (v *Verifier) open(ctx context.Context, tx *db.Tx, token string) (Asked, error) {
	q, err := v.question(ctx, tx, token)
	if err != nil {
		return Asked{}, err
	}
	e, err := db.Row(ctx, tx, scanEntry, `SELECT seq, record FROM directory_entry WHERE id = $1 AND NOT gone`, q.Service)
	if fault.Is(err, fault.KindNotFound) {
		return Asked{}, fault.NotFound("verification.no_entry")
	}
	if err == nil && (!v.u.clock().Before(q.ExpiresAt) || q.State == VerificationWithdrawn) {
		return Asked{}, fault.NotFound("verification.lapsed")
	}
	return Asked{q, e}, err
}

// question finds the question that a link was made for: nobody else can make one.
func (v *Verifier) question(ctx context.Context, q db.Querier, token string) (Question, error) {
	foreign := fault.NotFound("verification.link")
	id, signature, _ := strings.Cut(token, ".")
	given, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || len(token) > 200 {
		return Question{}, foreign
	}
	found, err := db.Row(ctx, q, scanQuestion, `SELECT `+questionColumns+` FROM directory_verification WHERE id = $1`, id)
	if fault.Is(err, fault.KindNotFound) {
		return Question{}, foreign
	}
	if err == nil && !hmac.Equal(given, v.sign(found)) {
		return Question{}, foreign
	}
	return found, err
}

// lapsed is the reason why a link of ours does not open its entry any more.
const lapsed = "verification.lapsed"

// LinkLapsed: Open failed with a link that was ours once, and has expired or made room for a newer one.
// Whoever holds it may ask for another.
func LinkLapsed(err error) bool {
	return slices.ContainsFunc(fault.All(err), func(f *fault.Error) bool { return f.Message.Key == lapsed })
}

// renewAfter is how long a question that was put again stands before it is put once more.
const renewAfter = 24 * time.Hour

// Renew puts the question once more to the contact that is known now, for somebody who holds a link that
// was ours: expired, replaced or answered. The letter goes to that contact and to nobody else. One that was
// sent within a day is not sent again. It fails with NotFound as Open does for foreign links and when there
// is nothing to confirm any more.
func (v *Verifier) Renew(ctx context.Context, token string) error {
	return v.u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		q, err := v.question(ctx, tx, token)
		if err != nil {
			return err
		}
		d, err := readDossier(ctx, tx, q.Service)
		if fault.Is(err, fault.KindNotFound) || err == nil && d.Published == nil {
			return fault.NotFound("verification.no_entry")
		}
		if err != nil {
			return err
		}
		now := v.u.clock()
		open, err := db.Row(ctx, tx, db.Column[int64], `SELECT count(*) FROM directory_verification WHERE service_id = $1 AND state = $2 AND asked_at > $3 AND expires_at > $4`,
			q.Service, VerificationAsked, db.Millis(now.Add(-renewAfter)), db.Millis(now))
		if err != nil || open > 0 {
			return err
		}
		_, err = v.ask(ctx, tx, access.Actor{Member: d.Body.ID, Via: audit.ViaLink}, d)
		return err
	})
}

// answer runs do for an open question, and closes it.
func (v *Verifier) answer(ctx context.Context, token, state string, do func(context.Context, *db.Tx, access.Actor, dossier) error) error {
	return v.u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := v.open(ctx, tx, token)
		if err != nil {
			return err
		}
		if a.State != VerificationAsked {
			return fault.Conflict("verification.answered")
		}
		d, err := readDossier(ctx, tx, a.Service)
		if err != nil {
			return err
		}
		by := access.Actor{Member: d.Body.ID, Via: audit.ViaLink}
		if err := do(ctx, tx, by, d); err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `UPDATE directory_verification SET state = $1, answered_at = $2 WHERE id = $3`, state, db.Millis(v.u.clock()), a.ID)
		return err
	})
}

// Confirm takes the answer "it is all true": the public reads from now on that the body confirmed the
// entry today. Whoever holds the link may, once. It fails as Open does, and with Conflict when the
// question was answered.
func (v *Verifier) Confirm(ctx context.Context, token string) error {
	return v.answer(ctx, token, VerificationConfirmed, func(ctx context.Context, tx *db.Tx, by access.Actor, d dossier) error {
		return v.u.assure(ctx, tx, by, d)
	})
}

// ConfirmHere is Confirm by an editor who has asked the body in another way. It fails with access.Missing.
func (v *Verifier) ConfirmHere(ctx context.Context, actor access.Actor, id string) error {
	return v.u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := v.u.open(ctx, tx, actor, "directory.verification.confirm", id)
		if err != nil {
			return err
		}
		if d.Published == nil {
			return access.Missing()
		}
		if _, err := db.Exec(ctx, tx, `UPDATE directory_verification SET state = $1, answered_at = $2 WHERE service_id = $3 AND state = $4`,
			VerificationConfirmed, db.Millis(v.u.clock()), id, VerificationAsked); err != nil {
			return err
		}
		return v.u.assure(ctx, tx, actor, d)
	})
}

func (u *UseCases) assure(ctx context.Context, tx *db.Tx, actor access.Actor, d dossier) error {
	next := *d.Published
	next.AssuredDate, next.Card.AssuredBy = u.today().String(), d.Body.Name
	return u.put(ctx, tx, actor, step{action: StepConfirm, audit: "directory.verification.confirm"}, d.Published, next, d.Reserved)
}
