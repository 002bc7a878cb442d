// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"slices"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
)

// RequestQuery chooses requests. Empty fields choose all.
type RequestQuery struct {
	State    RequestState
	Language string
	Kind     Kind
	From, To time.Time // that begin within; zero for no bound
	Series   string
	ID       string
	Proposed bool // a mediator proposes another time
	Waits    bool // on the waiting list
	Page     int  // from 1
	Size     int
}

// requestTable is how policies find requests; a moment stands in it because mediators read no longer what is long over.
func requestTable(now time.Time) access.Table {
	return access.Table{Type: "MediationRequest", ID: "r.id", Columns: map[string]access.Column{
		"member":  {SQL: "r.member", Kind: access.Text},
		"account": {SQL: "r.account", Kind: access.Text},
		"mediators": {SQL: `%s IN (SELECT m.account FROM mediation_mediator m JOIN mediation_booking b ON b.mediator = m.id
			WHERE m.account <> '' AND b.request = r.id AND b.state IN ('proposed', 'confirmed', 'done', 'user_absent') AND b.finish > ` + strconv.FormatInt(overSince(now), 10) + `)`, Kind: access.Many},
		"offered": {SQL: `%s IN (SELECT m.account FROM mediation_mediator m JOIN mediation_offer o ON o.mediator = m.id
			WHERE m.account <> '' AND o.request = r.id AND o.answer = '')`, Kind: access.Many},
	}}
}

// overSince is when something was over that mediators read no longer: a week ago. To the day, so that the text of
// a question is the same all day long.
func overSince(now time.Time) int64 {
	const day = 24 * time.Hour
	return db.Millis(now.Truncate(day).Add(-7 * day))
}

// ListedRequest is a request in a list, with whoever comes.
type ListedRequest struct {
	Request
	Mediators []string // names, in the order of the seats
}

// Requests lists the requests that the actor may see, the next to begin first when From is given and the
// latest first otherwise; and how many there are. Nothing that is sealed is in it.
func (u *UseCases) Requests(ctx context.Context, actor access.Actor, q RequestQuery) (list []ListedRequest, total int, err error) {
	scope, args, err := u.Guard.Scope(actor, "mediation.request.read", requestTable(u.Clock()), 1)
	if err != nil {
		return nil, 0, err
	}
	from := ` FROM mediation_request r WHERE (` + scope + `)`
	add := func(condition string, arg any) {
		args = append(args, arg)
		from += ` AND ` + condition + ` $` + strconv.Itoa(len(args))
	}
	if q.State != "" {
		add(`r.state =`, q.State)
	}
	if q.Language != "" {
		add(`r.language =`, q.Language)
	}
	if q.Kind != "" {
		add(`r.kind =`, q.Kind)
	}
	if q.ID != "" {
		add(`r.id =`, q.ID)
	}
	if q.Series != "" {
		add(`r.series =`, q.Series)
	}
	if q.Proposed {
		from += ` AND r.id IN (SELECT p.request FROM mediation_proposal p WHERE p.state = 'open')`
	}
	if q.Waits {
		from += ` AND r.id IN (SELECT w.request FROM mediation_waiting w)`
	}
	order := ` ORDER BY r.start DESC, r.id DESC`
	if !q.From.IsZero() {
		add(`r.finish >`, db.Millis(q.From))
		order = ` ORDER BY r.start, r.id`
	}
	if !q.To.IsZero() {
		add(`r.start <`, db.Millis(q.To))
	}
	size := min(max(q.Size, 1), 500)
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if total, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*)`+from, args...); err != nil {
			return err
		}
		requests, err := db.Rows(ctx, tx, scanRequest, `SELECT `+requestColumns+from+order+` LIMIT `+strconv.Itoa(size)+` OFFSET `+strconv.Itoa(max(q.Page-1, 0)*size), args...)
		if err != nil {
			return err
		}
		list, err = named(ctx, tx, requests)
		return err
	})
	return list, total, err
}

// named adds the names of those who come.
func named(ctx context.Context, q db.Querier, requests []Request) ([]ListedRequest, error) {
	list := make([]ListedRequest, len(requests))
	ids := make([]any, len(requests))
	for i, r := range requests {
		list[i], ids[i] = ListedRequest{Request: r}, r.ID
	}
	if len(ids) == 0 {
		return list, nil
	}
	return list, db.Walk(ctx, q, func(s db.Scanner) error {
		var request, name string
		if err := s.Scan(&request, &name); err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(r ListedRequest) bool { return r.ID == request })
		list[i].Mediators = append(list[i].Mediators, name)
		return nil
	}, `SELECT b.request, m.name FROM mediation_booking b JOIN mediation_mediator m ON m.id = b.mediator
		WHERE b.state IN ('proposed', 'confirmed', 'done', 'user_absent') AND b.request IN (`+db.Placeholders(1, len(ids))+`) ORDER BY b.seat, b.id`, ids...)
}

// BookingWith is a booking with its mediator.
type BookingWith struct {
	Booking
	Mediator Mediator // without contact
	Terms    Terms
}

// OfferWith is an offer with the name of its mediator.
type OfferWith struct {
	Offer
	Name string
}

// RequestFile is everything of one request.
type RequestFile struct {
	Request  Request // with what is sealed
	Bookings []BookingWith
	// Proposals are other times that mediators propose, those that wait for the desk first.
	Proposals []Proposal
	Waits     Wait        // on the waiting list; the zero Wait when it is not
	Bodies    []Body      // that take part besides the one that asks
	Offers    []OfferWith // empty for mediators: who else was asked is not theirs to know
	Rules     Rules
	// What the actor may do with it.
	Edits, Cancels, Answers, Explains bool
}

// File reads one request with all that is sealed in it (without, for a mediator who has not said yes), which is recorded. access.Missing for whoever
// may not.
func (u *UseCases) File(ctx context.Context, actor access.Actor, id string) (f RequestFile, err error) {
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		f = RequestFile{}
		if f.Request, err = u.requestFor(ctx, tx, actor, "mediation.request.read", id); err != nil {
			return err
		}
		who, err := calledFor(ctx, tx, u.Clock(), id)
		if err != nil {
			return err
		}
		r := f.Request.resource(who)
		f.Edits, f.Cancels = u.Guard.Allows(ctx, actor, "mediation.request.edit", r), u.Guard.Allows(ctx, actor, "mediation.request.cancel", r)
		f.Answers, f.Explains = u.Guard.Allows(ctx, actor, "mediation.request.answer", r), u.Guard.Allows(ctx, actor, "mediation.choice.explain", r)
		if f.Rules, err = rulesOf(ctx, tx, f.Request.Member); err != nil {
			return err
		}
		if f.Bodies, err = bodiesOf(ctx, tx, f.Request.Bodies); err != nil {
			return err
		}
		if err := f.read(ctx, tx, actor); err != nil {
			return err
		}
		if !f.undecided() {
			if err := u.unseal(ctx, tx, "mediation_request", id, columnPrivate, &f.Request.Private); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.request.read", Kind: "mediation-request", Record: id, Read: true})
	})
	return f, err
}

// undecided says whether it is read by a mediator who has yet to say that they come: what is sealed is for
// who does.
func (f *RequestFile) undecided() bool {
	return !f.Edits && slices.ContainsFunc(f.Bookings, func(b BookingWith) bool { return b.State == Proposed }) &&
		!slices.ContainsFunc(f.Bookings, func(b BookingWith) bool { return b.State == Confirmed || b.State == Finished || b.State == UserAbsent })
}

func (f *RequestFile) read(ctx context.Context, tx *db.Tx, actor access.Actor) error {
	bookings, err := bookingsOf(ctx, tx, f.Request.ID)
	if err != nil {
		return err
	}
	for _, b := range bookings {
		m, err := mediatorByID(ctx, tx, b.Mediator)
		if err != nil {
			return err
		}
		if !f.Edits && m.Account != actor.Account {
			continue // a colleague who was there before, or comes too
		}
		agreed, err := TermsWith(ctx, tx, b)
		if err != nil {
			return err
		}
		f.Bookings = append(f.Bookings, BookingWith{Booking: b, Mediator: m, Terms: b.terms(agreed)})
	}
	if !f.Edits {
		return nil
	}
	if f.Proposals, err = proposalsOf(ctx, tx, f.Request.ID); err != nil {
		return err
	}
	if f.Waits, err = waitOf(ctx, tx, f.Request.ID); err != nil {
		return err
	}
	f.Offers, err = db.Rows(ctx, tx, func(s db.Scanner) (OfferWith, error) {
		var o OfferWith
		return o, s.Scan(&o.ID, &o.Request, &o.Offer.Mediator, &o.Wave, &o.Mode, db.ScanTime(&o.Sent), &o.Answer, db.ScanTime(&o.Answered), &o.Name)
	}, `SELECT o.id, o.request, o.mediator, o.wave, o.mode, o.sent, o.answer, o.answered, m.name FROM mediation_offer o JOIN mediation_mediator m ON m.id = o.mediator WHERE o.request = $1 ORDER BY o.wave, o.id`, f.Request.ID)
	return err
}

// Explain judges the mediators of the language for a request as things are now: who would come, who was
// passed over, and why. For coordinators alone, and of those alone whose names they may know: that a body
// without an agreement can't be called is no news of any of its mediators.
func (u *UseCases) Explain(ctx context.Context, actor access.Actor, id string) (list []Ranked, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := u.requestFor(ctx, tx, actor, "mediation.choice.explain", id)
		if err != nil {
			return err
		}
		rules, err := rulesOf(ctx, tx, r.Member)
		if err != nil {
			return err
		}
		now := u.Clock()
		all, err := u.candidates(ctx, tx, r, now, r.Slot.Start, r.Slot.End)
		if err != nil {
			return err
		}
		own, err := bookingsOf(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		for i := range all { // whoever has it is not in their own way
			for _, b := range own {
				all[i].Engagements = without(all[i].Engagements, b.ID)
			}
		}
		known, err := u.knownOf(ctx, tx, actor, r.Language)
		list = slices.DeleteFunc(Rank(earlier(now, r.Created), r, rules.Weights, all), func(c Ranked) bool { return !known[c.Candidate.Mediator.ID] })
		return err
	})
	return list, err
}

// OwnEntry is the entry of the roster of whoever is logged in; access.Missing when they have none.
func (u *UseCases) OwnEntry(ctx context.Context, actor access.Actor) (Mediator, error) {
	if actor.Account == "" {
		return Mediator{}, access.Missing()
	}
	m, err := db.Row(ctx, u.DB, scanMediator, `SELECT `+mediatorColumns+` FROM mediation_mediator m WHERE m.account = $1`, actor.Account)
	if err != nil {
		return m, missing(err)
	}
	return m, u.Guard.Check(ctx, actor, "mediation.agenda.read", m.resource())
}

// OwnOffers are the offers that a mediator has not answered.
func (u *UseCases) OwnOffers(ctx context.Context, actor access.Actor, mediator string) (list []Link, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := u.mediatorFor(ctx, tx, actor, "mediation.hours.edit", mediator); err != nil {
			return err
		}
		ids, err := db.Rows(ctx, tx, db.Column[string], `SELECT id FROM mediation_offer WHERE mediator = $1 AND answer = '' AND sent > $2 ORDER BY sent DESC`, mediator, db.Millis(u.Clock().Add(-time.Hour)))
		if err != nil {
			return err
		}
		list = nil
		for _, id := range ids {
			l := Link{Kind: linkOffer, Object: id, Mediator: Mediator{ID: mediator}}
			if err := u.fill(ctx, tx, &l); err != nil {
				return err
			}
			list = append(list, l)
		}
		return nil
	})
	return list, err
}

// OwnRequests are the requests behind the bookings of a mediator that end after from, by identifier, with
// what is needed to get there and nothing of the person.
func (u *UseCases) OwnRequests(ctx context.Context, actor access.Actor, mediator string, from time.Time) (map[string]Request, error) {
	found := map[string]Request{}
	return found, u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := u.mediatorFor(ctx, tx, actor, "mediation.hours.edit", mediator); err != nil {
			return err
		}
		list, err := db.Rows(ctx, tx, scanRequest, `SELECT `+requestColumns+` FROM mediation_request r WHERE r.id IN (SELECT b.request FROM mediation_booking b WHERE b.mediator = $1 AND b.finish > $2)`, mediator, db.Millis(from))
		for _, r := range list {
			found[r.ID] = r.bare()
		}
		return err
	})
}

// OwnProposals are the last other times that a mediator proposed for bookings that end after now, by booking.
func (u *UseCases) OwnProposals(ctx context.Context, actor access.Actor, mediator string) (map[string]Proposal, error) {
	found := map[string]Proposal{}
	return found, u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := u.mediatorFor(ctx, tx, actor, "mediation.hours.edit", mediator); err != nil {
			return err
		}
		list, err := db.Rows(ctx, tx, scanProposal, `SELECT `+proposalColumns+` FROM mediation_proposal p JOIN mediation_mediator m ON m.id = p.mediator
			WHERE p.object IN (SELECT b.id FROM mediation_booking b WHERE b.mediator = $1 AND b.finish > $2) ORDER BY p.id`, mediator, db.Millis(u.Clock()))
		for _, p := range list {
			found[p.Object] = p
		}
		return err
	})
}

// bare is a request with what a mediator needs to decide and to get there, and nothing of the person.
func (r Request) bare() Request {
	return Request{ID: r.ID, Kind: r.Kind, Member: r.Member, Language: r.Language, Mode: r.Mode, Slot: r.Slot, State: r.State, Place: r.Place, Skills: r.Skills, Gender: r.Gender, Written: r.Written}
}
