// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"context"
	"time"

	"approdo/internal/kit/db"
)

// messageRow is a message as it is kept.
type messageRow struct {
	ID, Key, Template, Topic, Account, Member, Language string
	Urgent                                              bool
	Sealed                                              []byte
	MadeAt, ReadAt                                      time.Time
}

const messageColumns = `m.id, m.key, m.template, m.topic, m.account, m.member, m.language, m.urgent, m.sealed, m.made_at, m.read_at`

func scanMessage(s db.Scanner) (m messageRow, err error) {
	err = s.Scan(m.fields()...)
	return m, err
}

func (m *messageRow) fields() []any {
	return []any{
		&m.ID, &m.Key, &m.Template, &m.Topic, &m.Account, &m.Member, &m.Language, &m.Urgent, &m.Sealed,
		db.ScanTime(&m.MadeAt), db.ScanTime(&m.ReadAt),
	}
}

// insertMessage says whether the key is new.
func insertMessage(ctx context.Context, tx *db.Tx, m messageRow) (bool, error) {
	n, err := db.Exec(ctx, tx, `INSERT INTO notice_message (id, key, template, topic, account, member, language, urgent, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (key) DO NOTHING`,
		m.ID, m.Key, m.Template, m.Topic, m.Account, m.Member, m.Language, m.Urgent, db.Millis(m.MadeAt))
	return n == 1, err
}

func fillMessage(ctx context.Context, tx *db.Tx, id string, sealed []byte) error {
	_, err := db.Exec(ctx, tx, `UPDATE notice_message SET sealed = $1 WHERE id = $2`, sealed, id)
	return err
}

// Delivery is a message on one channel.
type Delivery struct {
	ID, Message string
	Channel     Channel
	State       State
	Round       int
	Attempts    int
	Why         string // reason of the last failure: send.Why
	Code        string // what the server called it
	DueAt       time.Time
	TouchedAt   time.Time
	SettledAt   time.Time
}

const deliveryColumns = `d.id, d.message_id, d.channel, d.state, d.round, d.attempts, d.why, d.code, d.due_at, d.touched_at, d.settled_at`

func (d *Delivery) fields() []any {
	return []any{
		&d.ID, &d.Message, &d.Channel, &d.State, &d.Round, &d.Attempts, &d.Why, &d.Code,
		db.ScanTime(&d.DueAt), db.ScanTime(&d.TouchedAt), db.ScanTime(&d.SettledAt),
	}
}

func scanDelivery(s db.Scanner) (d Delivery, err error) {
	err = s.Scan(d.fields()...)
	return d, err
}

func insertDelivery(ctx context.Context, tx *db.Tx, d Delivery, now time.Time) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO notice_delivery (id, message_id, channel, state, touched_at) VALUES ($1, $2, $3, $4, $5)`,
		d.ID, d.Message, d.Channel, d.State, db.Millis(now))
	return err
}

// readDelivery gives a delivery with its message.
func readDelivery(ctx context.Context, q db.Querier, id string) (Delivery, messageRow, error) {
	type both struct {
		d Delivery
		m messageRow
	}
	b, err := db.Row(ctx, q, func(s db.Scanner) (b both, err error) {
		err = s.Scan(append(b.d.fields(), b.m.fields()...)...)
		return b, err
	}, `SELECT `+deliveryColumns+`, `+messageColumns+` FROM notice_delivery AS d JOIN notice_message AS m ON m.id = d.message_id WHERE d.id = $1`, id)
	return b.d, b.m, err
}

// updateDelivery writes the fate, unless somebody has sent it again or settled it meanwhile.
func updateDelivery(ctx context.Context, tx *db.Tx, d Delivery, now time.Time) error {
	_, err := db.Exec(ctx, tx, `UPDATE notice_delivery
		SET state = $1, attempts = $2, why = $3, code = $4, due_at = $5, touched_at = $6, settled_at = $7
		WHERE id = $8 AND round = $9 AND state = 'waiting'`,
		d.State, d.Attempts, d.Why, d.Code, db.NullMillis(d.DueAt), db.Millis(now), db.NullMillis(d.SettledAt), d.ID, d.Round)
	return err
}

// readChosen is what an account has said of the channels of a topic; what is not there is as usual.
func readChosen(ctx context.Context, q db.Querier, account, topic string) (map[Channel]bool, error) {
	type choice struct {
		channel Channel
		wanted  bool
	}
	list, err := db.Rows(ctx, q, func(s db.Scanner) (c choice, err error) {
		err = s.Scan(&c.channel, &c.wanted)
		return c, err
	}, `SELECT channel, wanted FROM notice_preference WHERE account = $1 AND topic = $2`, account, topic)
	if err != nil {
		return nil, err
	}
	chosen := map[Channel]bool{}
	for _, c := range list {
		chosen[c.channel] = c.wanted
	}
	return chosen, nil
}

func countSubscriptions(ctx context.Context, q db.Querier, account string) (int, error) {
	return db.Row(ctx, q, db.Column[int], `SELECT count(*) FROM notice_subscription WHERE account = $1`, account)
}
