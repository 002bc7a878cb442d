// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Need is what a session lacks before it may enter.
type Need string

// What may be lacking.
const (
	NeedsNothing Need = ""
	NeedsCode    Need = "code"   // a second factor is to be shown
	NeedsFactor  Need = "factor" // there is none yet, and the roles want one
	unknownBody       = ""       // acts for no body
)

// Ways in which a session began.
const (
	ByPassword = "password"
	ByPasskey  = "passkey"
	ByProvider = "oidc"
	ByLink     = "link"
)

// Session is one browser in which somebody has logged in.
type Session struct {
	ID, Account, Name, Email, Language string
	Member                             string   // acted for
	Bodies                             []string // that could be acted for
	Roles                              []access.Role
	Method, Device                     string
	Strong, Example                    bool
	Created, Seen, SteppedUp, Ends     time.Time
	Needs                              Need
}

// Ticket is what a browser gets after it has proved something. Token is the secret of the session,
// Device that of the known-device cookie.
type Ticket struct {
	Token, Device string
	Needs         Need
}

// errStranger says that there is no such session; callers send to the login.
func errStranger() error { return fault.Forbidden("fault.log_in") }

func hashToken(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

func newToken() string { return base64.RawURLEncoding.EncodeToString(random(32)) }

// seenEvery is how exactly it is noted when a session was used: less often than it is used, since
// noting is a write.
const seenEvery = time.Minute

// Session gives the actor behind a token: a stranger's error (Forbidden) for a wrong, ended or
// unfinished one.
func (u *UseCases) Session(ctx context.Context, token string) (access.Actor, error) {
	s, err := u.Authenticate(ctx, token)
	if err != nil {
		return access.Actor{}, err
	}
	if s.Needs != NeedsNothing {
		return access.Actor{}, errStranger()
	}
	return s.Actor(), nil
}

// Actor is the session as use cases see it.
func (s Session) Actor() access.Actor {
	return access.Actor{
		Account: s.Account, Name: s.Name, Member: s.Member, Roles: s.Roles, Strong: s.Strong,
		SteppedUp: s.SteppedUp, Session: s.ID, Via: audit.ViaPage,
	}
}

// Authenticate reads the session of a token with everything that holds now, also an unfinished one:
// look at Needs. Memberships are read each time, so that their end is felt at once.
func (u *UseCases) Authenticate(ctx context.Context, token string) (Session, error) {
	now := u.clock()
	if len(token) < 40 || len(token) > 50 {
		return Session{}, errStranger()
	}
	s, err := db.Row(ctx, u.db, scanSession, `SELECT `+sessionColumns+` FROM identity_session s JOIN identity_account a ON a.id = s.account_id
		WHERE s.secret_hash = $1 AND s.ended_at IS NULL AND a.closed_at IS NULL`, hashToken(token))
	if fault.Is(err, fault.KindNotFound) {
		return Session{}, errStranger()
	}
	if err != nil {
		return Session{}, err
	}
	if err := u.complete(ctx, u.db, &s); err != nil {
		return Session{}, err
	}
	if !now.Before(s.Ends) {
		return Session{}, errStranger()
	}
	if now.Sub(s.Seen) >= seenEvery {
		if _, err := db.Exec(ctx, u.db, `UPDATE identity_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2`, s.ID, db.Millis(now)); err != nil {
			return Session{}, err
		}
		s.Seen = now
	}
	return s, nil
}

const sessionColumns = `s.id, s.account_id, a.name, a.email, a.language, a.example, s.member, s.method, s.device, s.strong,
	s.created_at, s.seen_at, s.stepped_up_at`

func scanSession(row db.Scanner) (s Session, err error) {
	err = row.Scan(&s.ID, &s.Account, &s.Name, &s.Email, &s.Language, &s.Example, &s.Member, &s.Method, &s.Device, &s.Strong,
		db.ScanTime(&s.Created), db.ScanTime(&s.Seen), db.ScanTime(&s.SteppedUp))
	return s, err
}

// complete adds bodies, roles, what is lacking and when the session ends.
func (u *UseCases) complete(ctx context.Context, q db.Querier, s *Session) error {
	list, err := memberships(ctx, q, s.Account)
	if err != nil {
		return err
	}
	if list, err = u.holding(ctx, q, list); err != nil {
		return err
	}
	s.Bodies = bodies(list)
	if !slices.Contains(s.Bodies, s.Member) {
		s.Member = unknownBody
		if len(s.Bodies) > 0 {
			s.Member = s.Bodies[0]
		}
	}
	s.Roles = rolesIn(list, s.Member)
	all := allRoles(list)
	limits := LimitsOf(all)
	s.Ends = s.Created.Add(limits.Absolute)
	if idle := s.Seen.Add(limits.Idle); idle.Before(s.Ends) {
		s.Ends = idle
	}
	if s.Strong {
		return nil
	}
	if s.Needs, err = lacking(ctx, q, s.Account, all); err != nil {
		return err
	}
	if end := s.Created.Add(unfinishedHolds); s.Needs != NeedsNothing && end.Before(s.Ends) {
		s.Ends = end
	}
	return nil
}

// holding leaves out memberships of bodies that have left the network.
func (u *UseCases) holding(ctx context.Context, q db.Querier, list []Membership) ([]Membership, error) {
	takes := map[string]bool{}
	for _, id := range bodies(list) {
		part, err := u.partakes(ctx, q, id)
		if err != nil {
			return nil, err
		}
		takes[id] = part
	}
	return slices.DeleteFunc(list, func(m Membership) bool { return !takes[m.Member] }), nil
}

// lacking is what an account has to show beyond its password. Who has a second factor is asked for
// it, whether the roles want it or not.
func lacking(ctx context.Context, q db.Querier, account string, roles []access.Role) (Need, error) {
	n, err := db.Row(ctx, q, db.Column[int64], `SELECT count(*) FROM identity_factor WHERE account_id = $1 AND ended_at IS NULL`, account)
	switch {
	case err != nil:
		return NeedsNothing, err
	case n > 0:
		return NeedsCode, nil
	case NeedsSecondFactor(roles):
		return NeedsFactor, nil
	}
	return NeedsNothing, nil
}

// begin opens a session for an account that has proved itself.
func (u *UseCases) begin(ctx context.Context, tx *db.Tx, a stored, method string, strong bool, from Source) (Ticket, Session, error) {
	now := u.clock()
	list, err := memberships(ctx, tx, a.ID)
	if err == nil {
		list, err = u.holding(ctx, tx, list)
	}
	if err != nil {
		return Ticket{}, Session{}, err
	}
	s := Session{
		ID: db.NewID(), Account: a.ID, Name: a.Name, Email: a.Email, Language: a.Language, Example: a.Example, Member: a.Member,
		Method: method, Device: from.Agent, Strong: strong, Created: now, Seen: now,
	}
	if ids := bodies(list); !slices.Contains(ids, s.Member) {
		s.Member = unknownBody
		if len(ids) > 0 {
			s.Member = ids[0]
		}
	}
	if strong {
		s.SteppedUp = now // it has just been proved
	}
	t := Ticket{Token: newToken(), Device: u.knownDevice(a.ID, from.Device)}
	if _, err := db.Exec(ctx, tx, `INSERT INTO identity_session
		(id, account_id, secret_hash, member, method, strong, device, created_at, seen_at, stepped_up_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)`, s.ID, s.Account, hashToken(t.Token), s.Member, method, strong, s.Device,
		db.Millis(now), db.NullMillis(s.SteppedUp)); err != nil {
		return Ticket{}, Session{}, err
	}
	if err := u.complete(ctx, tx, &s); err != nil {
		return Ticket{}, Session{}, err
	}
	t.Needs = s.Needs
	return t, s, u.note(ctx, tx, s.actor(from), "identity.session.begin", "session", s.ID, audit.Change{Field: "method", After: method})
}

// renew gives a session a new secret, because it has just become more than it was. Whoever had the
// old one has nothing.
func (u *UseCases) renew(ctx context.Context, tx *db.Tx, s Session, strong bool, from Source) (Ticket, error) {
	now := u.clock()
	t := Ticket{Token: newToken(), Device: u.knownDevice(s.Account, from.Device)}
	n, err := db.Exec(ctx, tx, `UPDATE identity_session SET secret_hash = $2, strong = $3, stepped_up_at = $4, seen_at = $4
		WHERE id = $1 AND ended_at IS NULL`, s.ID, hashToken(t.Token), strong, db.Millis(now))
	if err == nil && n != 1 {
		err = errStranger()
	}
	return t, err
}

// actor is the session for the log, with where the request comes from.
func (s Session) actor(from Source) access.Actor {
	a := s.Actor()
	a.Address = from.Address
	return a
}

// note records an event about a record of this package.
func (u *UseCases) note(ctx context.Context, tx *db.Tx, who access.Actor, action, kind, record string, changes ...audit.Change) error {
	if who.Via == "" {
		who.Via = audit.ViaPage
	}
	return audit.Record(ctx, tx, u.clock(), audit.Event{Actor: who.Audited(), Action: action, Kind: kind, Record: record, Changes: changes})
}
