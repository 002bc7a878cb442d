// SPDX-License-Identifier: EUPL-1.2

package agenda

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"
	"unicode/utf8"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// KeyKind is what a key opens. Its values are stored.
type KeyKind string

// The kinds of keys.
const (
	Feed     KeyKind = "feed" // the bookings of a mediator, to read
	App      KeyKind = "app"  // the calendar of a mediator, by CalDAV
	BodyFeed KeyKind = "body" // the bookings of a body, to read
)

// Key lets a program outside in.
type Key struct {
	ID       string
	Kind     KeyKind
	Mediator string
	Member   string
	Account  string
	Name     string
	Language string
	Made     time.Time
	Used     time.Time
}

const (
	maxKeys = 10 // of a mediator or a body, of each kind
	maxName = 60
	// usedEvery is how exactly it is kept when a key was last used.
	usedEvery = 5 * time.Minute
)

const keyColumns = `k.id, k.kind, k.mediator, k.member, k.account, k.name, k.language, k.made, k.used`

func scanKey(s db.Scanner) (Key, error) {
	var k Key
	return k, s.Scan(&k.ID, &k.Kind, &k.Mediator, &k.Member, &k.Account, &k.Name, &k.Language, db.ScanTime(&k.Made), db.ScanTime(&k.Used))
}

// owned asks whether the actor keeps the calendar that keys of a kind open, and gives whose it is.
func (u *UseCases) owned(ctx context.Context, actor access.Actor, kind KeyKind) (mediator string, err error) {
	switch kind {
	case BodyFeed:
		return "", u.Guard.Check(ctx, actor, "mediation.calendar.share", access.Resource{Type: "MediationCalendar", ID: actor.Member, Attributes: access.Attributes{"member": actor.Member, "account": ""}})
	case Feed, App:
		m, err := u.Mediation.OwnEntry(ctx, actor)
		if err != nil {
			return "", err
		}
		return m.ID, u.Guard.Check(ctx, actor, "mediation.calendar.keep", calendarOf(m.ID, m.Account))
	}
	return "", access.Missing()
}

// calendarOf is the calendar of a mediator as policies ask about it.
func calendarOf(mediator, account string) access.Resource {
	return access.Resource{Type: "MediationCalendar", ID: mediator, Attributes: access.Attributes{"member": "", "account": account}}
}

// MakeKey lets a program in and gives its secret, which is shown once. Faults: Invalid by field, also
// when there are ten already; access.Missing.
func (u *UseCases) MakeKey(ctx context.Context, actor access.Actor, kind KeyKind, name, language string) (secret string, err error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > maxName {
		return "", fault.Invalid("name", "agenda.key_name", "most", maxName)
	}
	mediator, err := u.owned(ctx, actor, kind)
	if err != nil {
		return "", err
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	secret = base64.RawURLEncoding.EncodeToString(raw)
	k := Key{ID: db.NewID(), Kind: kind, Mediator: mediator, Member: actor.Member, Account: actor.Account, Name: name, Language: language}
	return secret, u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		list, err := keysOf(ctx, tx, k)
		if err != nil {
			return err
		}
		if len(list) >= maxKeys {
			return fault.Invalid("name", "agenda.keys", "most", maxKeys)
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_calendar_key (id, kind, mediator, member, account, name, language, secret_hash, made) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			k.ID, k.Kind, k.Mediator, k.Member, k.Account, k.Name, k.Language, hashOf(secret), db.Millis(now)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Event{Actor: actor.Audited(), Action: actionOf(kind), Kind: "mediation-calendar", Record: k.ID, Changes: []audit.Change{{Field: "key", After: string(kind)}}})
	})
}

func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

func actionOf(kind KeyKind) string {
	if kind == BodyFeed {
		return "mediation.calendar.share"
	}
	return "mediation.calendar.keep"
}

// keysOf are the keys beside k: of the same kind, to the same calendar.
func keysOf(ctx context.Context, q db.Querier, k Key) ([]Key, error) {
	if k.Kind == BodyFeed {
		return db.Rows(ctx, q, scanKey, `SELECT `+keyColumns+` FROM mediation_calendar_key k WHERE k.kind = 'body' AND k.member = $1 ORDER BY k.made, k.id`, k.Member)
	}
	return db.Rows(ctx, q, scanKey, `SELECT `+keyColumns+` FROM mediation_calendar_key k WHERE k.kind = $1 AND k.mediator = $2 ORDER BY k.made, k.id`, k.Kind, k.Mediator)
}

// Keys are the keys of a kind to the calendar of the actor, or of their body. access.Missing for who has none.
func (u *UseCases) Keys(ctx context.Context, actor access.Actor, kind KeyKind) ([]Key, error) {
	mediator, err := u.owned(ctx, actor, kind)
	if err != nil {
		return nil, err
	}
	return keysOf(ctx, u.DB, Key{Kind: kind, Mediator: mediator, Member: actor.Member})
}

// Revoke lets a program in no more, at once. access.Missing for a key that is not there, or somebody else's.
func (u *UseCases) Revoke(ctx context.Context, actor access.Actor, id string) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		k, err := db.Row(ctx, tx, scanKey, `SELECT `+keyColumns+` FROM mediation_calendar_key k WHERE k.id = $1`, id)
		if fault.Is(err, fault.KindNotFound) {
			return access.Missing()
		} else if err != nil {
			return err
		}
		if k.Kind == BodyFeed && k.Member != actor.Member || k.Kind != BodyFeed && k.Account != actor.Account {
			return access.Missing()
		}
		r := calendarOf(k.Mediator, k.Account)
		if k.Kind == BodyFeed {
			r = access.Resource{Type: "MediationCalendar", ID: k.Member, Attributes: access.Attributes{"member": k.Member, "account": ""}}
		}
		if err := u.Guard.Check(ctx, actor, actionOf(k.Kind), r); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM mediation_calendar_key WHERE id = $1`, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: actionOf(k.Kind), Kind: "mediation-calendar", Record: id, Changes: []audit.Change{{Field: "key", Before: string(k.Kind)}}})
	})
}

// open finds the key of a secret and notes that it was used. access.Missing when there is none.
func (u *UseCases) open(ctx context.Context, secret string) (Key, error) {
	if len(secret) != base64.RawURLEncoding.EncodedLen(32) {
		return Key{}, access.Missing()
	}
	k, err := db.Row(ctx, u.DB, scanKey, `SELECT `+keyColumns+` FROM mediation_calendar_key k WHERE k.secret_hash = $1`, hashOf(secret))
	if fault.Is(err, fault.KindNotFound) {
		return k, access.Missing()
	} else if err != nil {
		return k, err
	}
	if now := u.Clock(); now.Sub(k.Used) >= usedEvery {
		if _, err := db.Exec(ctx, u.DB, `UPDATE mediation_calendar_key SET used = $2 WHERE id = $1`, k.ID, db.Millis(now)); err != nil {
			return k, err
		}
	}
	return k, nil
}

// Enter lets a program in by its password: who it acts for, as they may act now, and whose calendar it is.
// access.Missing for a wrong password, one of a feed, and one whose owner is no mediator any more.
func (u *UseCases) Enter(ctx context.Context, secret string) (access.Actor, Key, error) {
	k, err := u.open(ctx, secret)
	if err == nil && k.Kind != App {
		err = access.Missing()
	}
	if err != nil {
		return access.Actor{}, k, err
	}
	actor, err := u.holder(ctx, k)
	return actor, k, err
}

// holder is who a key of a mediator acts for.
func (u *UseCases) holder(ctx context.Context, k Key) (access.Actor, error) {
	actor, err := u.Actor(ctx, k.Account, k.Member)
	if err != nil {
		return actor, err
	}
	actor.Via, actor.Session = audit.ViaAPI, k.ID
	m, err := u.Mediation.OwnEntry(ctx, actor)
	if err == nil && m.ID != k.Mediator {
		err = access.Missing()
	}
	if err == nil {
		err = u.Guard.Check(ctx, actor, "mediation.calendar.keep", calendarOf(m.ID, m.Account))
	}
	return actor, err
}
