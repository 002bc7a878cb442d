// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"crypto/subtle"
	"errors"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// A visit is the way to a provider and back: authorization code flow with PKCE (RFC 7636), state and
// nonce, bound to one browser (OpenID Connect Core 1.0; RFC 9700).

// Purposes of a visit.
const (
	VisitLogIn   = "login"
	VisitLink    = "link"    // from one's own account, after a step-up
	VisitConfirm = "confirm" // a second factor, or a step-up
	VisitAccept  = "accept"  // an invitation, instead of a password
)

// visit is what is kept of a visit.
type visit struct {
	Provider, Purpose      string
	State, Nonce, Verifier string
	Session                string // of the browser that began it, for VisitLink and VisitConfirm
	Invitation             string // its token, for VisitAccept
	Next                   string
	Began                  time.Time
}

// Visit is what somebody wants from a provider.
type Visit struct {
	Provider, Purpose string
	Origin            string // of this site
	Token             string // of the session; "" for a stranger
	Invitation        string // token, for VisitAccept
	Next              string // where to go afterwards
}

// errProvider is the one answer to a visit that went wrong.
func errProvider(cause error) error { return fault.Invalid("", "identity.provider").Because(cause) }

// BeginVisit gives the address at the provider, and the secret that binds the visit to this browser.
func (u *UseCases) BeginVisit(ctx context.Context, from Source, w Visit) (address, secret string, err error) {
	if err := u.spend(ctx, draw{byErrand, from.Address}); err != nil {
		return "", "", err
	}
	v := visit{
		Provider: w.Provider, Purpose: w.Purpose, State: newToken(), Nonce: newToken(), Verifier: oauth2.GenerateVerifier(),
		Invitation: w.Invitation, Next: w.Next, Began: u.clock(),
	}
	if v.Session, err = u.visitor(ctx, w); err != nil {
		return "", "", err
	}
	conf, met, err := u.providers.meet(ctx, w.Provider)
	if errors.Is(err, errNoProvider) {
		return "", "", access.Missing()
	}
	if err != nil {
		return "", "", fault.Unavailable("identity.provider").Because(err)
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(v.Nonce), oauth2.S256ChallengeOption(v.Verifier)}
	for i, acr := range conf.Ask {
		if i == 0 {
			options = append(options, oauth2.SetAuthURLParam("acr_values", acr))
		}
	}
	if w.Purpose == VisitConfirm {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	address = conf.client(met, w.Origin).AuthCodeURL(v.State, options...)
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		secret, err = u.beginErrand(ctx, tx, errandVisit, "", v)
		return err
	})
	return address, secret, err
}

// visitor gives the session that a visit belongs to, and refuses one that may not begin it.
func (u *UseCases) visitor(ctx context.Context, w Visit) (string, error) {
	switch w.Purpose {
	case VisitLogIn:
		return "", nil
	case VisitAccept:
		_, _, err := u.Invitation(ctx, w.Invitation)
		return "", err
	case VisitLink, VisitConfirm:
		s, err := u.Authenticate(ctx, w.Token)
		if err == nil && w.Purpose == VisitLink {
			err = u.mayArm(s)
		}
		return s.ID, err
	}
	return "", access.Missing()
}

// Answer is what comes back from a provider.
type Answer struct {
	Provider, Origin, Secret, State, Code, Issuer, Token string
}

// EndVisit takes what a provider answered. Linking happens only in a session that had just been
// confirmed when it began and is still the same; nobody is ever recognized by an address that a
// provider claims. Faults: Invalid, Conflict, TooMany.
func (u *UseCases) EndVisit(ctx context.Context, from Source, a Answer) (t Ticket, next string, err error) {
	if err := u.spend(ctx, draw{bySource, from.Address}); err != nil {
		return t, "", err
	}
	var v visit
	if err := u.peekErrand(ctx, u.db, errandVisit, "", a.Secret, &v); err != nil {
		return t, "", err
	}
	// Taken before anything is believed: a visit ends once, however it ends.
	if err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return takeErrand(ctx, tx, a.Secret) }); err != nil {
		return t, v.Next, err
	}
	if v.Provider != a.Provider || subtle.ConstantTimeCompare([]byte(v.State), []byte(a.State)) != 1 || a.Code == "" {
		return t, v.Next, errProvider(errors.New("identity: the answer is of another visit"))
	}
	who, err := u.providers.redeem(ctx, v, a.Origin, a.Code)
	if err == nil && a.Issuer != "" && a.Issuer != who.issuer { // RFC 9207
		err = errors.New("identity: the answer is of another provider")
	}
	if err != nil {
		return t, v.Next, errProvider(err)
	}
	switch v.Purpose {
	case VisitLink:
		t, err = u.linkTo(ctx, from, a.Token, v, who)
	case VisitConfirm:
		t, err = u.confirmBy(ctx, from, a.Token, v, who)
	default:
		t, err = u.enterBy(ctx, from, v, who)
	}
	return t, v.Next, err
}

// enterBy logs in whoever is linked, or accepts an invitation.
func (u *UseCases) enterBy(ctx context.Context, from Source, v visit, who vouched) (Ticket, error) {
	var t Ticket
	err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		account, err := linked(ctx, tx, who)
		switch {
		case err != nil:
			return err
		case account == "" && v.Purpose == VisitAccept:
			if account, err = u.acceptBy(ctx, tx, v, who); err != nil {
				return err
			}
		case account == "":
			return fault.Conflict("identity.not_linked")
		}
		a, err := accountByID(ctx, tx, account)
		if err != nil {
			return fault.Conflict("identity.not_linked")
		}
		if _, err := db.Exec(ctx, tx, `UPDATE identity_external SET used_at = $3 WHERE issuer = $1 AND subject = $2 AND ended_at IS NULL`,
			who.issuer, who.subject, db.Millis(u.clock())); err != nil {
			return err
		}
		t, _, err = u.begin(ctx, tx, a, ByProvider, who.strong, from)
		return err
	})
	return t, err
}

// acceptBy makes the account of an invitation without a password. Its name is that of the invitation,
// which the body wrote, and its address the one that the letter went to.
func (u *UseCases) acceptBy(ctx context.Context, tx *db.Tx, v visit, who vouched) (string, error) {
	l, err := u.link(ctx, tx, linkInvitation, v.Invitation)
	if err != nil {
		return "", err
	}
	if _, err := accountByEmail(ctx, tx, l.Email); !fault.Is(err, fault.KindNotFound) {
		if err == nil {
			err = fault.Conflict("identity.invitation_known")
		}
		return "", err
	}
	a := Account{ID: db.NewID(), Email: l.Email, Name: l.Name, Language: l.Language, Member: l.Member}
	if err := insertAccount(ctx, tx, a, "", u.clock()); err != nil {
		return "", err
	}
	if err := u.grant(ctx, tx, a.ID, l); err != nil {
		return "", err
	}
	return a.ID, u.insertExternal(ctx, tx, a.ID, who, access.Actor{Account: a.ID, Member: l.Member, Via: audit.ViaLink})
}

// linked is the account that a provider's person has been linked to, "" for none.
func linked(ctx context.Context, q db.Querier, who vouched) (string, error) {
	account, err := db.Row(ctx, q, db.Column[string], `SELECT account_id FROM identity_external WHERE issuer = $1 AND subject = $2 AND ended_at IS NULL`, who.issuer, who.subject)
	if fault.Is(err, fault.KindNotFound) {
		return "", nil
	}
	return account, err
}

func (u *UseCases) insertExternal(ctx context.Context, tx *db.Tx, account string, who vouched, actor access.Actor) error {
	id := db.NewID()
	if _, err := db.Exec(ctx, tx, `INSERT INTO identity_external (id, account_id, issuer, subject, created_at) VALUES ($1, $2, $3, $4, $5)`,
		id, account, who.issuer, who.subject, db.Millis(u.clock())); err != nil {
		return err
	}
	return u.note(ctx, tx, actor, "identity.external.link", "external", id, audit.Change{Field: "issuer", After: who.issuer})
}

// same is the session of a visit, if it is still the one that began it.
func (u *UseCases) same(ctx context.Context, token string, v visit) (Session, error) {
	s, err := u.Authenticate(ctx, token)
	if err == nil && s.ID != v.Session {
		err = errProvider(errors.New("identity: the visit began in another session"))
	}
	return s, err
}

// linkTo links a provider's person to the account of the session that began the visit.
func (u *UseCases) linkTo(ctx context.Context, from Source, token string, v visit, who vouched) (Ticket, error) {
	s, err := u.same(ctx, token, v)
	if err == nil {
		err = u.mayArm(s)
	}
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		account, err := linked(ctx, tx, who)
		if err != nil {
			return err
		}
		if account != "" {
			return fault.Conflict("identity.linked_elsewhere")
		}
		if err := u.insertExternal(ctx, tx, s.Account, who, s.actor(from)); err != nil {
			return err
		}
		if err := u.tell(ctx, tx, s, "changed", db.NewID()); err != nil {
			return err
		}
		t, err = u.renew(ctx, tx, s, s.Strong, from)
		return err
	})
	return t, err
}

// confirmFresh is how old a proof at a provider may be when it confirms something here.
const confirmFresh = 5 * time.Minute

// confirmBy takes a proof made at a provider just now as second factor or step-up, when it is as good
// as what the account needs.
func (u *UseCases) confirmBy(ctx context.Context, from Source, token string, v visit, who vouched) (Ticket, error) {
	s, err := u.same(ctx, token, v)
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	err = u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		account, err := linked(ctx, tx, who)
		if err != nil {
			return err
		}
		weak := !who.strong && (s.Strong || s.Needs != NeedsNothing)
		if account != s.Account || weak || who.at.Before(v.Began.Add(-confirmFresh)) {
			return errProvider(errors.New("identity: the proof is not of this account, not strong enough or old"))
		}
		t, err = u.renew(ctx, tx, s, s.Strong || who.strong, from)
		if err != nil {
			return err
		}
		return u.note(ctx, tx, s.actor(from), "identity.session.step_up", "session", s.ID, audit.Change{Field: "factor", After: who.issuer})
	})
	return t, err
}

// External is a provider that can open one's account.
type External struct {
	ID, Issuer string
	Created    time.Time
}

// Externals are the providers linked to the actor's account.
func (u *UseCases) Externals(ctx context.Context, actor access.Actor) ([]External, error) {
	return db.Rows(ctx, u.db, func(s db.Scanner) (e External, err error) {
		return e, s.Scan(&e.ID, &e.Issuer, db.ScanTime(&e.Created))
	}, `SELECT id, issuer, created_at FROM identity_external WHERE account_id = $1 AND ended_at IS NULL ORDER BY created_at, id`, actor.Account)
}

// Unlink takes a provider away from one's own account; the last way in stays.
func (u *UseCases) Unlink(ctx context.Context, from Source, token, id string) error {
	s, err := u.Authenticate(ctx, token)
	if err == nil {
		err = u.mayArm(s)
	}
	if err != nil {
		return err
	}
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := accountByID(ctx, tx, s.Account)
		if err != nil {
			return err
		}
		h, err := u.holder(ctx, tx, a)
		if err != nil {
			return err
		}
		ways, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM identity_external WHERE account_id = $1 AND ended_at IS NULL`, s.Account)
		if err != nil {
			return err
		}
		if ways == 1 && !a.HasPassword && len(h.credentials) == 0 {
			return fault.Conflict("identity.last_way")
		}
		n, err := db.Exec(ctx, tx, `UPDATE identity_external SET ended_at = $3 WHERE id = $1 AND account_id = $2 AND ended_at IS NULL`, id, s.Account, db.Millis(u.clock()))
		if err != nil || n == 0 {
			return orMissing(err)
		}
		return u.note(ctx, tx, s.actor(from), "identity.external.unlink", "external", id)
	})
}
