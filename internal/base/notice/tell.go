// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"context"
	"errors"
	"fmt"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/jobs"
)

// Tell writes a message in the transaction of the change that it tells of, and asks for its
// deliveries. A message with a key that was told already changes nothing.
func (u *UseCases) Tell(ctx context.Context, tx *db.Tx, m Message) error {
	t, known := u.templates[m.Template]
	switch {
	case !known:
		return fmt.Errorf("notice: there is no template %q", m.Template)
	case m.Key == "":
		return errors.New("notice: a message needs a key")
	case m.To.Account == "" && m.To.Mail == "" && m.To.Phone == "":
		return errors.New("notice: a message needs somebody to read it")
	case m.To.Account != "" && (m.To.Mail != "" || m.To.Phone != ""):
		return errors.New("notice: an account is reached at its own addresses")
	}
	now := u.Clock()
	row := messageRow{
		ID: db.NewID(), Key: m.Key, Template: t.Name, Topic: t.Topic, Account: m.To.Account, Member: m.Member,
		Language: m.To.Language, Urgent: t.Urgent || m.Urgent, MadeAt: now,
	}
	fresh, err := insertMessage(ctx, tx, row)
	if err != nil || !fresh {
		return err
	}
	sealed, err := u.seal(ctx, tx, row, content{Args: m.Args, Link: m.Link, Mail: m.To.Mail, Phone: m.To.Phone, Event: m.Event})
	if err != nil {
		return err
	}
	if err := fillMessage(ctx, tx, row.ID, sealed); err != nil {
		return err
	}
	channels, err := u.channels(ctx, tx, t, m.To)
	if err != nil {
		return err
	}
	for _, c := range channels {
		d := Delivery{ID: db.NewID(), Message: row.ID, Channel: c, State: Waiting}
		if err := insertDelivery(ctx, tx, d, now); err != nil {
			return err
		}
		if err := jobs.Enqueue(ctx, tx, Deliver{Delivery: d.ID}); err != nil {
			return err
		}
	}
	return nil
}

// channels are the ways on which the message goes out: those of the template that lead to the
// recipient, without those that its owner has switched off.
func (u *UseCases) channels(ctx context.Context, tx *db.Tx, t Template, to Recipient) ([]Channel, error) {
	var chosen map[Channel]bool
	devices, phone := 0, true
	if to.Account != "" {
		var err error
		if chosen, err = readChosen(ctx, tx, to.Account, t.Topic); err != nil {
			return nil, err
		}
		if devices, err = countSubscriptions(ctx, tx, to.Account); err != nil {
			return nil, err
		}
		if phone, err = u.hasPhone(ctx, tx, to.Account); err != nil {
			return nil, err
		}
	}
	var list []Channel
	for _, c := range t.Channels {
		wanted, said := chosen[c]
		switch {
		case to.Account != "" && t.mayChoose(c) && !(wanted || !said && t.usual(c)):
		case c == Push && devices == 0, c == SMS && !phone:
		case to.Account == "" && (c == Mail && to.Mail == "" || c == SMS && to.Phone == ""):
		default:
			list = append(list, c)
		}
	}
	return list, nil
}

// hasPhone says whether an account has a telephone. Without one there is nothing to deliver; nothing
// is noted of it then, since most have none.
func (u *UseCases) hasPhone(ctx context.Context, tx *db.Tx, account string) (bool, error) {
	p, err := u.People(ctx, tx, account)
	if fault.Is(err, fault.KindNotFound) {
		return false, nil
	}
	return p.Phone != "", err
}
