// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/vault"
)

const phoneColumn = "account.phone"

// phoneErrand is a number that waits for the code that was sent to it.
type phoneErrand struct {
	Sealed []byte `json:"sealed"`
	Proof  []byte `json:"proof"` // keyed hash of the code
}

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// readPhone makes a number as ITU-T E.164 has it of what people type. Ten digits from 3 on are an Italian
// mobile phone without its country.
func readPhone(text string) (string, error) {
	plus := strings.HasPrefix(strings.TrimSpace(text), "+")
	number := digits(strings.NewReplacer("+", "", "(", "", ")", "", ".", "", "/", "").Replace(text))
	switch {
	case plus:
		number = "+" + number
	case strings.HasPrefix(number, "00"):
		number = "+" + number[2:]
	case strings.HasPrefix(number, "3") && (len(number) == 9 || len(number) == 10):
		number = "+39" + number
	}
	if !e164.MatchString(number) {
		return "", fault.Invalid("phone", "identity.phone")
	}
	return number, nil
}

// AskPhone sends a code to a number that the owner of a session says is theirs, and gives what
// ConfirmPhone wants back. Faults: Invalid, TooMany, Conflict for an example account (whoever tries the
// demo could write to anybody), a step-up.
func (u *UseCases) AskPhone(ctx context.Context, from Source, token, number string) (errand string, err error) {
	s, err := u.confirmedNow(ctx, token)
	if err != nil {
		return "", err
	}
	if s.Example {
		return "", fault.Conflict("identity.phone_example")
	}
	if number, err = readPhone(number); err != nil {
		return "", err
	}
	// Both count: an account could go through numbers, and several accounts could pester one.
	if err := u.spend(ctx, draw{byText, "account " + s.Account}, draw{byText, "number " + number}); err != nil {
		return "", err
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	code := fmt.Sprintf("%06d", n)
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		sealed, err := u.vault.Seal(ctx, tx, s.Account, phoneColumn, []byte(number))
		if err != nil {
			return err
		}
		// The newest code holds, so that guesses at an older one are wasted.
		if _, err := db.Exec(ctx, tx, `DELETE FROM identity_errand WHERE kind = $1 AND account_id = $2`, errandPhone, s.Account); err != nil {
			return err
		}
		if errand, err = u.beginErrand(ctx, tx, errandPhone, s.Account, phoneErrand{sealed, u.mac("phone", s.Account, code)}); err != nil {
			return err
		}
		if err := u.send(ctx, tx, Letter{
			Key: "identity/phone/" + db.NewID(), Template: "phone", Phone: number, Code: code, Language: s.Language,
		}); err != nil {
			return err
		}
		return u.note(ctx, tx, s.actor(from), "identity.phone.ask", "account", s.Account)
	})
	return errand, err
}

// ConfirmPhone takes the code: from now on text messages go to that number. Faults: Invalid for a wrong
// code, TooMany, Conflict when it took too long.
func (u *UseCases) ConfirmPhone(ctx context.Context, from Source, token, errand, code string) error {
	s, err := u.Authenticate(ctx, token)
	if err == nil && s.Needs != NeedsNothing {
		err = errStranger()
	}
	if err == nil {
		err = u.spend(ctx, draw{byFactor, s.Account})
	}
	if err != nil {
		return err
	}
	var waiting phoneErrand
	if err := u.peekErrand(ctx, u.db, errandPhone, s.Account, errand, &waiting); err != nil {
		return err
	}
	if !hmac.Equal(u.mac("phone", s.Account, digits(code)), waiting.Proof) {
		return u.refused(ctx, errCode(), s, from)
	}
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := takeErrand(ctx, tx, errand); err != nil {
			return err
		}
		return u.keepPhone(ctx, tx, s, from, waiting.Sealed, "identity.phone.confirm")
	})
}

// RemovePhone forgets the telephone of the owner of a session.
func (u *UseCases) RemovePhone(ctx context.Context, from Source, token string) error {
	s, err := u.confirmedNow(ctx, token)
	if err != nil {
		return err
	}
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return u.keepPhone(ctx, tx, s, from, nil, "identity.phone.remove")
	})
}

// keepPhone writes a sealed number, nil for none, and tells the owner: whoever had borrowed the session
// would read what is told from now on.
func (u *UseCases) keepPhone(ctx context.Context, tx *db.Tx, s Session, from Source, sealed []byte, action string) error {
	if _, err := db.Exec(ctx, tx, `UPDATE identity_account SET phone = $2 WHERE id = $1`, s.Account, sealed); err != nil {
		return err
	}
	if err := u.tell(ctx, tx, s, "changed", db.NewID()); err != nil {
		return err
	}
	return u.note(ctx, tx, s.actor(from), action, "account", s.Account)
}

// Phone is the confirmed telephone of an account, "" for none: for whoever carries its messages, never
// for a page.
func (u *UseCases) Phone(ctx context.Context, q db.Querier, account string) (string, error) {
	sealed, err := db.Row(ctx, q, db.Column[[]byte], `SELECT phone FROM identity_account WHERE id = $1`, account)
	if fault.Is(err, fault.KindNotFound) || err == nil && len(sealed) == 0 {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	number, err := u.vault.Open(ctx, q, account, phoneColumn, sealed)
	if errors.Is(err, vault.ErrDestroyed) {
		return "", nil
	}
	return string(number), err
}

// PhoneHint is what the actor sees of their own telephone: enough to recognize it, too little to call
// it, since the page may be open on a borrowed machine. "" for none.
func (u *UseCases) PhoneHint(ctx context.Context, actor access.Actor) (string, error) {
	number, err := u.Phone(ctx, u.db, actor.Account)
	if err != nil || number == "" {
		return "", err
	}
	return "•••• •" + number[len(number)-3:], nil
}

// Fresh says whether the owner of a session may change now what opens the account or where it is
// written to; otherwise its error asks for a step-up (WantsStepUp), so that it comes before a form is
// filled in.
func (u *UseCases) Fresh(ctx context.Context, token string) error {
	_, err := u.confirmedNow(ctx, token)
	return err
}

// confirmedNow is a session that lacks nothing and was proved a short while ago.
func (u *UseCases) confirmedNow(ctx context.Context, token string) (Session, error) {
	s, err := u.Authenticate(ctx, token)
	if err == nil && s.Needs != NeedsNothing {
		err = errStranger()
	}
	if err == nil {
		err = u.fresh(s)
	}
	return s, err
}
