// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"context"
	"slices"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/jobs"
)

// Actions that the policies name.
const (
	ActionRead       = "notice.message.read"
	ActionSettle     = "notice.message.settle"
	ActionWorkRead   = "notice.work.read"
	ActionWorkSettle = "notice.work.settle"
)

// Fate is what an administrator sees of a delivery: neither what was written nor to which address.
type Fate struct {
	Delivery
	Template string
	Account  string // "" for somebody without one
	Member   string
	Urgent   bool
	MadeAt   time.Time
}

// Filter narrows the list of fates. The zero Filter narrows nothing.
type Filter struct {
	State    State
	Channel  Channel
	Template string
	Skip, N  int // of the list; N 0 gives FatesPage
}

// Fates is a page of deliveries, the newest first.
type Fates struct {
	List  []Fate
	Total int           // with the filter
	Count map[State]int // without it
}

// FatesPage is how many deliveries a page has at most.
const FatesPage = 50

// Fates lists the deliveries that the actor may see: all, or those of the body acted for. Faults:
// NotFound.
func (u *UseCases) Fates(ctx context.Context, a access.Actor, f Filter) (page Fates, err error) {
	scope, args, err := u.Guard.Scope(a, ActionRead, messageTable, 1)
	if err != nil {
		return page, err
	}
	if scope == "FALSE" {
		return page, access.Refuse(a, ActionRead, messageTable.Type) // nothing there can be
	}
	where, all := ` WHERE `+scope, slices.Clone(args)
	for _, c := range []struct{ column, value string }{{"d.state", string(f.State)}, {"d.channel", string(f.Channel)}, {"m.template", f.Template}} {
		if c.value != "" {
			all = append(all, c.value)
			where += ` AND ` + c.column + ` = $` + strconv.Itoa(len(all))
		}
	}
	page.Count = map[State]int{}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := db.Walk(ctx, tx, func(s db.Scanner) error {
			var state State
			var n int
			if err := s.Scan(&state, &n); err != nil {
				return err
			}
			page.Count[state] = n
			return nil
		}, `SELECT d.state, count(*) FROM notice_delivery AS d JOIN notice_message AS m ON m.id = d.message_id
			WHERE `+scope+` GROUP BY d.state`, args...); err != nil {
			return err
		}
		if page.Total, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM notice_delivery AS d JOIN notice_message AS m ON m.id = d.message_id`+where, all...); err != nil {
			return err
		}
		page.List, err = db.Rows(ctx, tx, scanFate, selectFates+where+` ORDER BY d.id DESC LIMIT `+strconv.Itoa(most(f.N, FatesPage))+` OFFSET `+strconv.Itoa(max(f.Skip, 0)), all...)
		return err
	})
	return page, err
}

// most is how many rows a page has.
func most(n, limit int) int {
	if n <= 0 || n > limit {
		return limit
	}
	return n
}

// messageTable says where a list finds what policies ask about a message.
var messageTable = access.Table{Type: "Message", ID: "m.id", Columns: map[string]access.Column{"member": {SQL: "m.member", Kind: access.Text}}}

const selectFates = `SELECT ` + deliveryColumns + `, m.template, m.account, m.member, m.urgent, m.made_at
	FROM notice_delivery AS d JOIN notice_message AS m ON m.id = d.message_id`

func scanFate(s db.Scanner) (f Fate, err error) {
	err = s.Scan(append(f.fields(), &f.Template, &f.Account, &f.Member, &f.Urgent, db.ScanTime(&f.MadeAt))...)
	return f, err
}

func resource(id, member string) access.Resource {
	return access.Resource{Type: "Message", ID: id, Attributes: access.Attributes{"member": member}}
}

// Templates are the names of all kinds of messages, in order.
func (u *UseCases) Templates() []string {
	var list []string
	for name := range u.templates {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// SendAgain puts a delivery back to the beginning, whatever became of it. Faults: NotFound, Conflict
// when what it held was erased.
func (u *UseCases) SendAgain(ctx context.Context, a access.Actor, id string) error {
	return u.settle(ctx, a, id, "notice.message.resend", func(ctx context.Context, tx *db.Tx, d Delivery, m messageRow) error {
		if len(m.Sealed) == 0 {
			return fault.Conflict("notice.cant_resend")
		}
		return u.again(ctx, tx, d, u.Clock())
	})
}

// GiveUp ends the attempts at a delivery that waits or has failed. Faults: NotFound, Conflict when it
// is settled otherwise.
func (u *UseCases) GiveUp(ctx context.Context, a access.Actor, id string) error {
	return u.settle(ctx, a, id, "notice.message.give-up", func(ctx context.Context, tx *db.Tx, d Delivery, _ messageRow) error {
		if d.State != Waiting && d.State != Failed {
			return fault.Conflict("notice.cant_give_up")
		}
		now := db.Millis(u.Clock())
		_, err := db.Exec(ctx, tx, `UPDATE notice_delivery SET state = $1, due_at = NULL, settled_at = $2, touched_at = $2 WHERE id = $3`, GivenUp, now, d.ID)
		return err
	})
}

func (u *UseCases) settle(ctx context.Context, a access.Actor, id, action string, do func(context.Context, *db.Tx, Delivery, messageRow) error) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, m, err := readDelivery(ctx, tx, id)
		if fault.Is(err, fault.KindNotFound) {
			return access.Missing()
		}
		if err != nil {
			return err
		}
		if err := u.Guard.Check(ctx, a, ActionSettle, resource(m.ID, m.Member)); err != nil {
			return err
		}
		if err := do(ctx, tx, d, m); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{
			Actor: a.Audited(), Action: action, Kind: "delivery", Record: d.ID, Subject: m.Account,
			Changes: []audit.Change{{Field: "state", Before: string(d.State)}},
		})
	})
}

// A message to oneself is tried a few times an hour: providers of mail and of text messages count them.
const (
	actionTry = "notice.message.try"
	mostTries = 5
)

// Try sends the actor a message on every channel they have, to see whether messages arrive: a few
// times an hour. Faults: NotFound, TooMany.
func (u *UseCases) Try(ctx context.Context, a access.Actor) error {
	if err := u.Guard.Check(ctx, a, ActionRead, resource("", a.Member)); err != nil {
		return err
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		tried, err := audit.Times(ctx, tx, a.Account, actionTry, u.Clock().Add(-time.Hour))
		if err != nil {
			return err
		}
		if tried >= mostTries {
			return fault.TooMany("notices.messages.try_later")
		}
		id := db.NewID()
		if err := u.Tell(ctx, tx, Message{Key: "notice.test/" + id, To: Account(a.Account), Template: Test.Name, Link: "/office/notices", Member: a.Member}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: a.Audited(), Action: actionTry, Kind: "message", Record: id})
	})
}

// DeadWork are the jobs of the whole program that nobody tries any more. Faults: NotFound.
func (u *UseCases) DeadWork(ctx context.Context, a access.Actor) ([]jobs.Letter, error) {
	if err := u.Guard.Check(ctx, a, ActionWorkRead, access.Resource{Type: "Work", ID: "all"}); err != nil {
		return nil, err
	}
	return jobs.Dead(ctx, u.DB, 100)
}

// Queue counts the jobs that are not done. Faults: NotFound.
func (u *UseCases) Queue(ctx context.Context, a access.Actor) ([]jobs.Count, error) {
	if err := u.Guard.Check(ctx, a, ActionWorkRead, access.Resource{Type: "Work", ID: "all"}); err != nil {
		return nil, err
	}
	return jobs.Queue(ctx, u.DB)
}

// WorkAgain lets a dead job be tried once more. Faults: NotFound.
func (u *UseCases) WorkAgain(ctx context.Context, a access.Actor, id int64) error {
	return u.settleWork(ctx, a, id, "notice.work.again", jobs.Again)
}

// GiveUpWork takes a dead job away. Faults: NotFound.
func (u *UseCases) GiveUpWork(ctx context.Context, a access.Actor, id int64) error {
	return u.settleWork(ctx, a, id, "notice.work.give-up", jobs.GiveUp)
}

func (u *UseCases) settleWork(ctx context.Context, a access.Actor, id int64, action string, do func(context.Context, *db.Tx, int64) error) error {
	number := strconv.FormatInt(id, 10)
	if err := u.Guard.Check(ctx, a, ActionWorkSettle, access.Resource{Type: "Work", ID: number}); err != nil {
		return err
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := do(ctx, tx, id); err != nil {
			if fault.Is(err, fault.KindNotFound) {
				return access.Missing()
			}
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: a.Audited(), Action: action, Kind: "job", Record: number})
	})
}

// Fate is one delivery. Faults: NotFound.
func (u *UseCases) Fate(ctx context.Context, a access.Actor, id string) (Fate, error) {
	f, err := db.Row(ctx, u.DB, scanFate, selectFates+` WHERE d.id = $1`, id)
	if fault.Is(err, fault.KindNotFound) {
		return Fate{}, access.Missing()
	}
	if err == nil {
		err = u.Guard.Check(ctx, a, ActionRead, resource(f.Message, f.Member))
	}
	if err != nil {
		return Fate{}, err
	}
	return f, nil
}
