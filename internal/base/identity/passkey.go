// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/vault"
)

// Challenge is what the browser hands to the authenticator (WebAuthn level 3, 5.4 and 5.5).
type Challenge struct {
	Errand  string `json:"errand"`  // to bring back with the answer
	Options any    `json:"options"` // PublicKeyCredentialCreationOptionsJSON, or …RequestOptionsJSON
}

// errPasskey is the one answer to a passkey that is not right.
func errPasskey(cause error) error { return fault.Invalid("", "identity.passkey").Because(cause) }

// relyingParty is this site as passkeys know it, under the name of the network: origin is "https://host" or, on a developer's own
// machine, "http://localhost:8080". A passkey is bound to a name (WebAuthn level 3, 5.1.2): on a site that
// is reached by a number nobody can make or show one, which is Unavailable.
func (u *UseCases) relyingParty(ctx context.Context, origin string) (*webauthn.WebAuthn, error) {
	address, err := url.Parse(origin)
	if err != nil {
		return nil, err
	}
	if _, err := netip.ParseAddr(address.Hostname()); err == nil {
		return nil, fault.Unavailable("identity.passkey_number")
	}
	name, err := u.called(ctx)
	if err != nil {
		return nil, err
	}
	return webauthn.New(&webauthn.Config{RPID: address.Hostname(), RPDisplayName: name, RPOrigins: []string{origin}})
}

// holder is an account as the library sees it.
type holder struct {
	stored
	credentials []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return h.handle }
func (h holder) WebAuthnName() string                       { return h.Email }
func (h holder) WebAuthnDisplayName() string                { return h.Name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.credentials }

func (u *UseCases) holder(ctx context.Context, q db.Querier, a stored) (holder, error) {
	h := holder{stored: a}
	list, err := factorsOf(ctx, q, a.ID)
	if err != nil {
		return h, err
	}
	for _, f := range list {
		if f.Kind != Passkey {
			continue
		}
		var c webauthn.Credential
		text, err := u.vault.Open(ctx, q, a.ID, passkeyColumn, f.secret)
		if errors.Is(err, vault.ErrDamaged) || errors.Is(err, vault.ErrDestroyed) {
			continue // written by somebody who has the database and not the keys: it opens nothing
		}
		if err != nil {
			return h, err // keys out of reach are no reason to say that the passkey is wrong
		}
		if json.Unmarshal(text, &c) != nil {
			continue // sealed before it was a credential of this form
		}
		h.credentials = append(h.credentials, c)
	}
	return h, nil
}

func (h holder) descriptors() []protocol.CredentialDescriptor {
	list := make([]protocol.CredentialDescriptor, len(h.credentials))
	for i := range h.credentials {
		list[i] = h.credentials[i].Descriptor()
	}
	return list
}

// passkeyColumn is what a public key is sealed for: it is no secret, but nobody who can write to the
// database alone can put one of theirs in its place, nor one of another account.
const passkeyColumn = "identity_factor.passkey"

// sealPasskey is a credential as it is stored.
func (u *UseCases) sealPasskey(ctx context.Context, tx *db.Tx, account string, c *webauthn.Credential) ([]byte, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	return u.vault.Seal(ctx, tx, account, passkeyColumn, text)
}

// pose keeps what the answer will be held against.
func (u *UseCases) pose(ctx context.Context, kind, account string, session *webauthn.SessionData, options any) (c Challenge, err error) {
	c.Options = options
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		c.Errand, err = u.beginErrand(ctx, tx, kind, account, session)
		return err
	})
	return c, err
}

// BeginPasskey asks the browser of a session's owner to make a passkey.
func (u *UseCases) BeginPasskey(ctx context.Context, token, origin string) (Challenge, error) {
	s, err := u.Authenticate(ctx, token)
	if err == nil {
		err = u.mayArm(s)
	}
	if err != nil {
		return Challenge{}, err
	}
	h, rp, err := u.both(ctx, s.Account, origin)
	if err != nil {
		return Challenge{}, err
	}
	creation, session, err := rp.BeginRegistration(h,
		webauthn.WithExclusions(h.descriptors()),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementPreferred, UserVerification: protocol.VerificationPreferred,
		}))
	if err != nil {
		return Challenge{}, err
	}
	return u.pose(ctx, errandRegister, s.Account, session, creation.Response)
}

func (u *UseCases) both(ctx context.Context, account, origin string) (holder, *webauthn.WebAuthn, error) {
	a, err := accountByID(ctx, u.db, account)
	if err != nil {
		return holder{}, nil, err
	}
	h, err := u.holder(ctx, u.db, a)
	if err != nil {
		return holder{}, nil, err
	}
	rp, err := u.relyingParty(ctx, origin)
	return h, rp, err
}

// FinishPasskey keeps the passkey that the browser made. It gives recovery codes with the first
// factor of an account. Faults: Invalid, Conflict when it took too long.
func (u *UseCases) FinishPasskey(ctx context.Context, from Source, token, origin, errand, name string, answer []byte) (Ticket, []string, error) {
	s, err := u.Authenticate(ctx, token)
	if err == nil {
		err = u.mayArm(s)
	}
	if err != nil {
		return Ticket{}, nil, err
	}
	var session webauthn.SessionData
	if err := u.peekErrand(ctx, u.db, errandRegister, s.Account, errand, &session); err != nil {
		return Ticket{}, nil, err
	}
	h, rp, err := u.both(ctx, s.Account, origin)
	if err != nil {
		return Ticket{}, nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Ticket{}, nil, errPasskey(err)
	}
	credential, err := rp.CreateCredential(h, session, parsed)
	if err != nil {
		return Ticket{}, nil, errPasskey(err)
	}
	var t Ticket
	var codes []string
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if err := takeErrand(ctx, tx, errand); err != nil {
			return err
		}
		sealed, err := u.sealPasskey(ctx, tx, s.Account, credential)
		if err != nil {
			return err
		}
		t, codes, err = u.addFactor(ctx, tx, s, from, Passkey, name, sealed, credential.ID, 0)
		return err
	})
	if db.IsUnique(err) {
		err = errPasskey(err) // the authenticator gave an identifier that somebody else has
	}
	return t, codes, err
}

// BeginPasskeyLogin asks for any passkey that the browser knows for this site. It names no account, so
// it tells nothing of one.
func (u *UseCases) BeginPasskeyLogin(ctx context.Context, from Source, origin string) (Challenge, error) {
	if err := u.spend(ctx, draw{byErrand, from.Address}); err != nil {
		return Challenge{}, err
	}
	rp, err := u.relyingParty(ctx, origin)
	if err != nil {
		return Challenge{}, err
	}
	assertion, session, err := rp.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return Challenge{}, err
	}
	return u.pose(ctx, errandLogin, "", session, assertion.Response)
}

// PasskeyLogIn opens a session with a passkey alone: it is something one has, and its PIN or finger
// is the other factor. Faults: Invalid, Conflict when it took too long, TooMany.
func (u *UseCases) PasskeyLogIn(ctx context.Context, from Source, origin, errand string, answer []byte) (Ticket, error) {
	if err := u.spend(ctx, draw{bySource, from.Address}); err != nil {
		return Ticket{}, err
	}
	var session webauthn.SessionData
	if err := u.peekErrand(ctx, u.db, errandLogin, "", errand, &session); err != nil {
		return Ticket{}, err
	}
	rp, err := u.relyingParty(ctx, origin)
	if err != nil {
		return Ticket{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Ticket{}, errPasskey(err)
	}
	var found holder
	_, credential, err := rp.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		a, err := accountByHandle(ctx, u.db, handle)
		if err != nil {
			return nil, err
		}
		found, err = u.holder(ctx, u.db, a)
		return found, err
	}, session, parsed)
	if err == nil && credential.Authenticator.CloneWarning {
		err = errCloned
	}
	if err != nil {
		return Ticket{}, errPasskey(err)
	}
	var t Ticket
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := takeErrand(ctx, tx, errand); err != nil {
			return err
		}
		if _, err := u.usePasskey(ctx, tx, found.ID, credential); err != nil {
			return err
		}
		t, _, err = u.begin(ctx, tx, found.stored, ByPasskey, true, from)
		return err
	})
	return t, err
}

// errCloned says that the counter of a passkey went backwards: somebody has made a copy of it.
var errCloned = errors.New("identity: the passkey counts backwards")

// usePasskey notes the use of a passkey and gives its identifier.
func (u *UseCases) usePasskey(ctx context.Context, tx *db.Tx, account string, c *webauthn.Credential) (string, error) {
	text, err := u.sealPasskey(ctx, tx, account, c)
	if err != nil {
		return "", err
	}
	id, err := db.Row(ctx, tx, db.Column[string], `UPDATE identity_factor SET secret = $3, used_at = $4
		WHERE account_id = $1 AND credential_id = $2 AND ended_at IS NULL RETURNING id`, account, c.ID, text, db.Millis(u.clock()))
	if fault.Is(err, fault.KindNotFound) {
		err = errPasskey(err) // removed while the finger was on it
	}
	return id, err
}

// BeginPasskeyConfirm asks for one of the passkeys of a session's owner: as the second factor of a
// login, or as a step-up.
func (u *UseCases) BeginPasskeyConfirm(ctx context.Context, token, origin string) (Challenge, error) {
	s, err := u.Authenticate(ctx, token)
	if err != nil {
		return Challenge{}, err
	}
	h, rp, err := u.both(ctx, s.Account, origin)
	if err != nil {
		return Challenge{}, err
	}
	if len(h.credentials) == 0 {
		return Challenge{}, errPasskey(nil)
	}
	assertion, session, err := rp.BeginLogin(h, webauthn.WithUserVerification(protocol.VerificationPreferred))
	if err != nil {
		return Challenge{}, err
	}
	return u.pose(ctx, errandConfirm, s.Account, session, assertion.Response)
}

// ConfirmPasskey takes the answer of BeginPasskeyConfirm. Faults as ConfirmCode, and Conflict when it
// took too long.
func (u *UseCases) ConfirmPasskey(ctx context.Context, from Source, token, origin, errand string, answer []byte) (Ticket, error) {
	s, err := u.Authenticate(ctx, token)
	if err == nil {
		err = u.spend(ctx, draw{byFactor, s.Account})
	}
	if err != nil {
		return Ticket{}, err
	}
	var session webauthn.SessionData
	if err := u.peekErrand(ctx, u.db, errandConfirm, s.Account, errand, &session); err != nil {
		return Ticket{}, err
	}
	h, rp, err := u.both(ctx, s.Account, origin)
	if err != nil {
		return Ticket{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Ticket{}, errPasskey(err)
	}
	credential, err := rp.ValidateLogin(h, session, parsed)
	if err == nil && credential.Authenticator.CloneWarning {
		err = errCloned
	}
	if err != nil {
		return Ticket{}, u.refused(ctx, errPasskey(err), s, from)
	}
	var t Ticket
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := takeErrand(ctx, tx, errand); err != nil {
			return err
		}
		id, err := u.usePasskey(ctx, tx, s.Account, credential)
		if err != nil {
			return err
		}
		t, err = u.confirmed(ctx, tx, s, from, id)
		return err
	})
	return t, err
}
