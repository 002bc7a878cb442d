// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

const (
	linkOffer   = "offer"
	linkBooking = "booking"
)

// linkTo is what a link in a message opens.
type linkTo struct {
	kind, object string
	until        time.Time
}

// call tells a mediator of an offer or a booking. What it is about is told by time, language, mode and
// comune alone, whoever reads the message over a shoulder.
func (u *UseCases) call(ctx context.Context, tx *db.Tx, template, key string, m Mediator, r Request, l linkTo) error {
	if err := u.unseal(ctx, tx, "mediation_mediator", m.ID, columnContact, &m.Contact); err != nil {
		return err
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	hash := sha256.Sum256(secret)
	if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_link (secret_hash, kind, object, mediator, until) VALUES ($1, $2, $3, $4, $5)`, hash[:], l.kind, l.object, m.ID, db.Millis(l.until)); err != nil {
		return err
	}
	start := r.Slot.Start.In(calendar.Rome())
	args := map[string]string{"day": start.Format("02/01/2006"), "hour": start.Format("15:04"), "minutes": number(r.Slot.Minutes()), "language": r.Language, "mode": string(r.Mode), "place": ""}
	if c, ok := network.Territories().Comune(r.Place.Comune); ok && r.Mode == InPerson {
		args["place"] = c.Label()
	}
	c := Call{
		Key: template + "/" + key, Template: template, Mediator: m, Contact: m.Contact, Args: args, Member: m.Member,
		Link: "/mediation/answer/" + base64.RawURLEncoding.EncodeToString(secret),
	}
	if l.kind == linkBooking {
		b, err := bookingByID(ctx, tx, l.object)
		if err != nil {
			return err
		}
		c.Booking = &b
	}
	return u.Tell(ctx, tx, c)
}

// Link is what somebody sees who opens a link from a message.
type Link struct {
	Kind     string // "offer" or "booking"
	Object   string
	Mediator Mediator // name and identifier
	Request  Request  // with what is needed to decide, without anything of the person
	State    string   // "open", or how it was settled
	Proposed Proposal // the last other time that they proposed for it; the zero Proposal when none
}

// OpenLink reads what a link is about; access.Missing when it never was one or has run out. It changes
// nothing: programs that look at messages open links too.
func (u *UseCases) OpenLink(ctx context.Context, secret string) (l Link, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		l, err = u.link(ctx, tx, secret)
		return err
	})
	return l, err
}

func (u *UseCases) link(ctx context.Context, q db.Querier, secret string) (Link, error) {
	var l Link
	raw, err := base64.RawURLEncoding.DecodeString(secret)
	if err != nil || len(raw) != 32 {
		return l, access.Missing()
	}
	hash := sha256.Sum256(raw)
	l, err = db.Row(ctx, q, func(s db.Scanner) (Link, error) {
		var l Link
		return l, s.Scan(&l.Kind, &l.Object, &l.Mediator.ID)
	}, `SELECT kind, object, mediator FROM mediation_link WHERE secret_hash = $1 AND until > $2`, hash[:], db.Millis(u.Clock()))
	if fault.Is(err, fault.KindNotFound) {
		return l, access.Missing()
	} else if err != nil {
		return l, err
	}
	return l, u.fill(ctx, q, &l)
}

// fill reads the mediator, the request and the state of a link.
func (u *UseCases) fill(ctx context.Context, q db.Querier, l *Link) error {
	m, err := mediatorByID(ctx, q, l.Mediator.ID)
	if err != nil {
		return err
	}
	l.Mediator = Mediator{ID: m.ID, Name: m.Name, Account: m.Account}
	var request string
	switch l.Kind {
	case linkOffer:
		o, err := offerByID(ctx, q, l.Object)
		if err != nil {
			return err
		}
		request, l.State = o.Request, o.Answer
		if o.Answer == "" {
			l.State = "open"
		}
		defer func() { l.Request.Mode = o.Mode }()
	case linkBooking:
		b, err := bookingByID(ctx, q, l.Object)
		if err != nil {
			return err
		}
		request, l.State = b.Request, string(b.State)
		if b.State == Proposed {
			l.State = "open"
		}
	}
	r, err := requestByID(ctx, q, request)
	if err != nil {
		return err
	}
	l.Request = r.bare()
	list, err := db.Rows(ctx, q, scanProposal, `SELECT `+proposalColumns+` FROM mediation_proposal p JOIN mediation_mediator m ON m.id = p.mediator WHERE p.object = $1 ORDER BY p.id DESC LIMIT 1`, l.Object)
	if err == nil && len(list) > 0 {
		l.Proposed = list[0]
	}
	return err
}
