// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/jobs"
	"approdo/internal/kit/send"
)

// Deliver is the job that delivers a message on one channel.
type Deliver struct {
	Delivery string `json:"delivery"`
	Round    int    `json:"round,omitempty"` // how often a person has sent it again
}

// Kind names the work.
func (Deliver) Kind() string { return "notice.deliver" }

// Carriers are who takes messages over. One that is nil is not there, and its messages are dropped.
type Carriers struct {
	Mailer    send.Mailer
	Texter    send.Texter
	Pusher    *send.Pusher
	Network   func(context.Context) string // whose messages they are, as letters say at the top
	PublicURL string                       // where links lead: "https://approdo.example"
}

// Reasons why nothing went out, beside those of package send.
const (
	WhyNoAddress = "no_address" // the account has none on this channel, or is closed
	WhyNoCarrier = "no_carrier" // the installation has nobody who carries such messages
	WhyErased    = "erased"     // what it held was taken away for good
	WhyBroken    = "broken"     // the program made a mistake
)

// Work lets runner deliver messages, and tidy up every hour.
func (u *UseCases) Work(runner *jobs.Runner, c Carriers) {
	o := &office{u, c}
	jobs.Handle(runner, 0, o.deliver)
	jobs.Handle(runner, 0, u.tidy)
	runner.Every("notice.tidy", time.Hour, Tidy{})
}

// office delivers.
type office struct {
	*UseCases
	Carriers
}

// parcel is all that a delivery needs to know.
type parcel struct {
	delivery Delivery
	message  messageRow
	content  content
	person   Person
	quiet    Quiet
	devices  []device
}

func (o *office) deliver(ctx context.Context, task jobs.Task, args Deliver) error {
	p, err := o.fetch(ctx, args)
	if fault.Is(err, fault.KindNotFound) {
		return nil // the message was taken away
	}
	erased := errors.Is(err, errErased)
	if err != nil && !erased {
		return err
	}
	d := p.delivery
	if d.State != Waiting || d.Round != args.Round {
		return nil // settled, or another job has it
	}
	now := o.Clock()
	if end, quiet := p.quiet.Ends(now); quiet && d.Channel != Mail && !p.message.Urgent {
		d.DueAt = end
		if err := o.record(ctx, d); err != nil {
			return err
		}
		return jobs.Later(end.Sub(now))
	}
	d.Attempts++
	d.DueAt = time.Time{}
	var sent error
	switch {
	case erased:
		d.State, d.Why = Dropped, WhyErased
	default:
		d.State, d.Why, d.Code, sent = o.hand(ctx, p, task.Last)
	}
	if d.State != Waiting {
		d.SettledAt = now
	}
	return errors.Join(o.record(ctx, d), sent)
}

// hand gives a parcel to its carrier and says what became of it. An error is returned only when the
// job shall be tried again.
func (o *office) hand(ctx context.Context, p parcel, last bool) (State, string, string, error) {
	why, err := o.carry(ctx, p)
	if why != "" {
		return Dropped, why, "", nil
	}
	if err == nil {
		return Sent, "", "", nil
	}
	var failure *send.Failure
	switch {
	case ctx.Err() != nil:
		return Waiting, "", "", err // the program stops, which is nobody's fault
	case !errors.As(err, &failure):
		failure = &send.Failure{Why: WhyBroken}
	}
	if failure.Final || last {
		return Failed, string(failure.Why), failure.Code, nil
	}
	return Waiting, string(failure.Why), failure.Code, err
}

// carry sends a parcel; it gives a reason when there is nothing to send to.
func (o *office) carry(ctx context.Context, p parcel) (why string, err error) {
	if p.person.Gone {
		return WhyNoAddress, nil
	}
	r := o.render(p.message.Template, p.person.Language, o.PublicURL, p.content)
	words := o.Words.Words(r.Language)
	switch p.delivery.Channel {
	case Mail:
		if p.person.Mail == "" {
			return WhyNoAddress, nil
		}
		if o.Mailer == nil {
			return WhyNoCarrier, nil
		}
		foot := words.Text("notice.foot", "network", o.Network(ctx))
		page, err := r.HTML(words, o.Network(ctx), foot)
		if err != nil {
			return "", err
		}
		return "", o.Mailer.Mail(ctx, send.Mail{
			ID: p.delivery.ID, From: o.Network(ctx), To: p.person.Mail, Subject: r.Subject, Text: r.Text(foot), HTML: page, Language: r.Language, At: p.message.MadeAt,
			Attached: o.attached(p, r),
		})
	case SMS:
		if p.person.Phone == "" {
			return WhyNoAddress, nil
		}
		if o.Texter == nil {
			return WhyNoCarrier, nil
		}
		text := o.Network(ctx) + ": " + r.Short
		if r.Link != "" {
			text += " " + r.Link
		}
		return "", o.Texter.Text(ctx, send.Text{ID: p.delivery.ID, To: p.person.Phone, Text: text, At: p.message.MadeAt})
	}
	if o.Pusher == nil {
		return WhyNoCarrier, nil
	}
	return o.push(ctx, p, r)
}

// keepPushed is how long a push service keeps a message for a browser that is off.
const keepPushed = 24 * time.Hour

// push writes to every browser of the account. It has succeeded when one took the message.
func (o *office) push(ctx context.Context, p parcel, r Rendered) (why string, err error) {
	// A screen that is locked shows it to whoever is near: no more than what kind of message it is.
	body, err := json.Marshal(map[string]string{
		"id": p.message.ID, "title": o.Network(ctx), "body": r.Subject, "url": address(o.PublicURL, r.Language, "/office/notices/"+p.message.ID), "lang": r.Language, "dir": r.Dir,
	})
	if err != nil {
		return "", err
	}
	taken := 0
	var problems error
	for _, d := range p.devices {
		err := o.Pusher.Push(ctx, d.subscription, send.Notification{ID: p.delivery.ID, Body: body, Urgent: p.message.Urgent, Keep: keepPushed})
		var failure *send.Failure
		switch {
		case err == nil:
			taken++
		case errors.As(err, &failure) && failure.Why == send.Gone:
			if err := o.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return deleteSubscription(ctx, tx, d.id) }); err != nil {
				return "", err
			}
		default:
			problems = err
		}
	}
	switch {
	case taken > 0:
		return "", nil
	case problems != nil:
		return "", problems
	}
	return WhyNoAddress, nil
}

// fetch reads and opens all that a delivery needs.
func (o *office) fetch(ctx context.Context, args Deliver) (p parcel, err error) {
	err = o.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if p.delivery, p.message, err = readDelivery(ctx, tx, args.Delivery); err != nil {
			return err
		}
		if p.content, err = o.open(ctx, tx, p.message); err != nil {
			return err
		}
		p.quiet = Usual
		if p.message.Account == "" {
			p.person = Person{Mail: p.content.Mail, Phone: p.content.Phone, Language: p.message.Language}
			return nil
		}
		p.person, err = o.People(ctx, tx, p.message.Account)
		if fault.Is(err, fault.KindNotFound) {
			p.person, err = Person{Gone: true}, nil
		}
		if err != nil {
			return err
		}
		if p.quiet, err = readQuiet(ctx, tx, p.message.Account); err != nil {
			return err
		}
		if p.delivery.Channel == Push {
			p.devices, err = o.devices(ctx, tx, p.message.Account)
		}
		return err
	})
	return p, err
}

// record keeps the fate even when the program is stopping: what was sent is not sent again.
func (o *office) record(ctx context.Context, d Delivery) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return o.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return updateDelivery(ctx, tx, d, o.Clock()) })
}
