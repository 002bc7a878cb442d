// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"crypto/subtle"
	"encoding/base32"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// One-time codes as RFC 6238 has them and every app on a phone makes them: SHA-1, six digits, 30 s.
const (
	totpPeriod = 30
	totpColumn = "factor.totp"
	totpSecret = 20 // bytes, RFC 4226, 4
)

// Enrolment is what a phone needs to make codes.
type Enrolment struct {
	Errand string // to bring back with the first code
	Secret string // to type, in base 32
	URL    string // otpauth://… to scan
}

var b32 = base32.StdEncoding.WithPadding(base32.NoPadding)

// totpCode is the code of a time step.
func totpCode(secret []byte, step int64) (string, error) {
	if step < 0 {
		step = 0
	}
	return hotp.GenerateCodeCustom(b32.EncodeToString(secret), uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
}

func stepOf(t time.Time) int64 { return t.Unix() / totpPeriod }

// matchStep finds the step for which code is right, after last: the present one, or the one before
// or after it, as clocks differ (RFC 6238, 5.2).
func matchStep(secret []byte, code string, now time.Time, last int64) (int64, bool) {
	found, ok := int64(0), false
	for _, d := range []int64{0, -1, 1} {
		step := stepOf(now) + d
		want, err := totpCode(secret, step)
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > last && !ok {
			found, ok = step, true
		}
	}
	return found, ok
}

// digits takes the spaces out of a code as people type it, and reads digits of other scripts.
func digits(code string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		case r >= '০' && r <= '৯':
			return r - '০' + '0'
		case r == ' ' || r == '-' || r == '\u00a0':
			return -1
		}
		return 'x'
	}, code)
}

// BeginTOTP makes a secret for the phone of a session's owner. It counts for nothing until FinishTOTP.
func (u *UseCases) BeginTOTP(ctx context.Context, token string) (Enrolment, error) {
	s, err := u.Authenticate(ctx, token)
	if err == nil {
		err = u.mayArm(s)
	}
	if err != nil {
		return Enrolment{}, err
	}
	secret := random(totpSecret)
	e, err := u.enrolmentOf(ctx, s, secret)
	if err != nil {
		return e, err
	}
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		sealed, err := u.vault.Seal(ctx, tx, s.Account, totpColumn, secret)
		if err != nil {
			return err
		}
		e.Errand, err = u.beginErrand(ctx, tx, errandTOTP, s.Account, sealed)
		return err
	})
	return e, err
}

// enrolmentOf is what a phone scans. It lists its codes by the name of the network, in which no colon may stand.
func (u *UseCases) enrolmentOf(ctx context.Context, s Session, secret []byte) (Enrolment, error) {
	issuer, err := u.called(ctx)
	issuer = strings.Join(strings.FieldsFunc(issuer, func(r rune) bool { return r == ':' }), "")
	text := b32.EncodeToString(secret)
	// Apps read a plus sign as one: a space is %20 here.
	q := strings.ReplaceAll(url.Values{"secret": {text}, "issuer": {issuer}}.Encode(), "+", "%20")
	return Enrolment{Secret: text, URL: "otpauth://totp/" + url.PathEscape(issuer) + ":" + url.PathEscape(s.Email) + "?" + q}, err
}

// ResumeTOTP gives an enrolment again that was begun, after a wrong code.
func (u *UseCases) ResumeTOTP(ctx context.Context, token, errand string) (Enrolment, error) {
	s, err := u.Authenticate(ctx, token)
	if err != nil {
		return Enrolment{}, err
	}
	_, secret, err := u.enrolling(ctx, s, errand)
	if err != nil {
		return Enrolment{}, err
	}
	e, err := u.enrolmentOf(ctx, s, secret)
	e.Errand = errand
	return e, err
}

func (u *UseCases) enrolling(ctx context.Context, s Session, errand string) (sealed, secret []byte, err error) {
	if err := u.peekErrand(ctx, u.db, errandTOTP, s.Account, errand, &sealed); err != nil {
		return nil, nil, err
	}
	secret, err = u.vault.Open(ctx, u.db, s.Account, totpColumn, sealed)
	return sealed, secret, err
}

// FinishTOTP takes the first code. It gives recovery codes with the first factor of an account.
// Faults: Invalid for a wrong code, Conflict when it took too long.
func (u *UseCases) FinishTOTP(ctx context.Context, from Source, token, errand, code, name string) (Ticket, []string, error) {
	s, err := u.Authenticate(ctx, token)
	if err == nil {
		err = u.mayArm(s)
	}
	if err == nil {
		err = u.spend(ctx, draw{byFactor, s.Account})
	}
	if err != nil {
		return Ticket{}, nil, err
	}
	sealed, secret, err := u.enrolling(ctx, s, errand)
	if err != nil {
		return Ticket{}, nil, err
	}
	step, ok := matchStep(secret, digits(code), u.clock(), 0)
	if !ok {
		return Ticket{}, nil, errCode()
	}
	var t Ticket
	var codes []string
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if err := takeErrand(ctx, tx, errand); err != nil {
			return err
		}
		t, codes, err = u.addFactor(ctx, tx, s, from, TOTP, name, sealed, nil, step)
		return err
	})
	return t, codes, err
}

// errCode is the one answer to a wrong, late or repeated code.
func errCode() error { return fault.Invalid("code", "identity.code") }
