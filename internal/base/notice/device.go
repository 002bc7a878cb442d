// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/send"
	"approdo/internal/kit/vault"
)

// Device is a browser that shows messages.
type Device struct {
	ID     string
	Name   string // as its owner knows it
	MadeAt time.Time
}

// MaxDevices is how many browsers an account may have: each is a request for every message.
const MaxDevices = 10

const columnSubscription = "notice_subscription.sealed"

// Subscribe lets a browser show the actor's messages. The same browser again changes its keys, and
// its owner when somebody else has logged in there. Faults: NotFound for strangers, Invalid, Conflict
// above MaxDevices.
func (u *UseCases) Subscribe(ctx context.Context, a access.Actor, s send.Subscription, name string) error {
	if !a.Known() {
		return access.Missing()
	}
	if err := s.Check(); err != nil {
		return err
	}
	if !utf8.ValidString(name) || utf8.RuneCountInString(name) > 80 {
		return fault.Invalid("name", "notice.device_name")
	}
	plain, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("notice: %w", err)
	}
	index := u.Vault.Index("notice.endpoint", s.Endpoint)
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `DELETE FROM notice_subscription WHERE endpoint = $1`, index); err != nil {
			return err
		}
		n, err := countSubscriptions(ctx, tx, a.Account)
		if err != nil {
			return err
		}
		if n >= MaxDevices {
			return fault.Conflict("notice.devices", "most", MaxDevices)
		}
		sealed, err := u.Vault.Seal(ctx, tx, a.Account, columnSubscription, plain)
		if err != nil {
			return err
		}
		id, now := db.NewID(), u.Clock()
		if _, err := db.Exec(ctx, tx, `INSERT INTO notice_subscription (id, account, endpoint, sealed, device, made_at) VALUES ($1, $2, $3, $4, $5, $6)`,
			id, a.Account, index, sealed, name, db.Millis(now)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Event{Actor: a.Audited(), Action: "notice.device.add", Kind: "device", Record: id, Subject: a.Account})
	})
}

// Unsubscribe takes a browser of the actor away. Faults: NotFound.
func (u *UseCases) Unsubscribe(ctx context.Context, a access.Actor, id string) error {
	if !a.Known() {
		return access.Missing()
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Exec(ctx, tx, `DELETE FROM notice_subscription WHERE id = $1 AND account = $2`, id, a.Account)
		if err != nil {
			return err
		}
		if n == 0 {
			return access.Missing()
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: a.Audited(), Action: "notice.device.remove", Kind: "device", Record: id, Subject: a.Account})
	})
}

// Devices are the browsers of the actor. Faults: NotFound for strangers.
func (u *UseCases) Devices(ctx context.Context, a access.Actor) ([]Device, error) {
	if !a.Known() {
		return nil, access.Missing()
	}
	return db.Rows(ctx, u.DB, func(s db.Scanner) (d Device, err error) {
		err = s.Scan(&d.ID, &d.Name, db.ScanTime(&d.MadeAt))
		return d, err
	}, `SELECT id, device, made_at FROM notice_subscription WHERE account = $1 ORDER BY made_at, id`, a.Account)
}

// device is a browser with what is needed to write to it.
type device struct {
	id           string
	sealed       []byte
	subscription send.Subscription
}

// devices opens the subscriptions of an account. Those whose key was destroyed are as good as gone.
func (u *UseCases) devices(ctx context.Context, q db.Querier, account string) ([]device, error) {
	list, err := db.Rows(ctx, q, func(s db.Scanner) (d device, err error) {
		err = s.Scan(&d.id, &d.sealed)
		return d, err
	}, `SELECT id, sealed FROM notice_subscription WHERE account = $1 ORDER BY made_at, id`, account)
	if err != nil {
		return nil, err
	}
	for i := range list {
		plain, err := u.Vault.Open(ctx, q, account, columnSubscription, list[i].sealed)
		if errors.Is(err, vault.ErrDestroyed) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("notice: %w", err)
		}
		if err := json.Unmarshal(plain, &list[i].subscription); err != nil {
			return nil, fmt.Errorf("notice: %w", err)
		}
	}
	return list, nil
}

func deleteSubscription(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM notice_subscription WHERE id = $1`, id)
	return err
}
