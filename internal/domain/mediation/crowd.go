// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"slices"
	"time"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// crowd is everybody who works in the languages of some requests, with all that Rank has to know for any
// slot within a stretch of time. What is the same whoever asks is read once for all of the requests.
type crowd struct {
	speakers map[string][]Candidate            // by language, with their fair shares of its hours
	offices  map[string]map[string][]Exception // hours of residencies, by body that asks and mediator
	before   map[string]map[string]bool        // who was there before, by request and mediator
	loans    *loans
}

// crowdOf reads the crowd of requests for slots within [from, to); more are the readers of what people have to
// do then, where that is asked.
func (u *UseCases) crowdOf(ctx context.Context, q db.Querier, list []Request, now, from, to time.Time, more ...reader) (*crowd, error) {
	c := &crowd{speakers: map[string][]Candidate{}, offices: map[string]map[string][]Exception{}, loans: u.newLoans(q, now, from, to)}
	var languages []string
	for _, r := range list {
		if !slices.Contains(languages, r.Language) {
			languages = append(languages, r.Language)
		}
		c.offices[r.Member] = map[string][]Exception{}
	}
	found, err := speakers(ctx, q, languages...)
	if err != nil {
		return nil, err
	}
	all := make([]Candidate, len(found))
	for i, m := range found {
		all[i] = Candidate{Mediator: m, Evaluation: -1}
	}
	within := Slot{Start: from, End: to}
	if err := fillIn(ctx, q, all, Request{}, within, now, append([]reader{readExceptions, u.readDiary, readEvaluated}, more...)...); err != nil {
		return nil, err
	}
	for _, language := range languages {
		for _, one := range all {
			if _, speaks := one.Mediator.Speaks(language); speaks {
				c.speakers[language] = append(c.speakers[language], one)
			}
		}
		shareOut(c.speakers[language], calendar.Interval{From: now.Add(-fairOver), To: now})
	}
	for member, hours := range c.offices {
		resident := make([]Candidate, len(found))
		for i, m := range found {
			resident[i].Mediator.ID = m.ID
		}
		if err := fillIn(ctx, q, resident, Request{Member: member}, within, now, readResidencies); err != nil {
			return nil, err
		}
		for _, one := range resident {
			if one.Exceptions != nil {
				hours[one.Mediator.ID] = one.Exceptions
			}
		}
	}
	c.before, err = before(ctx, q, list)
	return c, err
}

// of are the candidates for one of the requests, on a day.
func (c *crowd) of(ctx context.Context, r Request, day calendar.Day) ([]Candidate, error) {
	list := slices.Clone(c.speakers[r.Language])
	for i := range list {
		one := &list[i]
		one.Before = c.before[r.ID][one.Mediator.ID]
		if hours := c.offices[r.Member][one.Mediator.ID]; hours != nil {
			one.Exceptions = slices.Concat(one.Exceptions, hours)
		}
	}
	return list, c.loans.say(ctx, r.Member, day, pointers(list))
}

// acquaintances are the mediators who work in the language of a request, with what the choice has to know of
// any slot within [from, to), and of what is agreed between their bodies and the one that asks; without what
// they have to do then.
func (u *UseCases) acquaintances(ctx context.Context, q db.Querier, r Request, now, from, to time.Time) ([]Candidate, error) {
	c, err := u.crowdOf(ctx, q, []Request{r}, now, from, to)
	if err != nil {
		return nil, err
	}
	return c.of(ctx, r, calendar.DayOf(from, calendar.Rome()))
}

// candidates are the acquaintances with what they have to do within [from, to).
func (u *UseCases) candidates(ctx context.Context, q db.Querier, r Request, now, from, to time.Time) ([]Candidate, error) {
	list, err := u.acquaintances(ctx, q, r, now, from, to)
	if err != nil {
		return nil, err
	}
	if err := fillIn(ctx, q, list, r, Slot{}, now, readContract); err != nil {
		return nil, err
	}
	week := weekAbout(r.Slot)
	for i := range list {
		c := &list[i]
		c.engage(week)
		c.Worked = workedWith(*c, r.Slot)
		c.engage(Slot{Start: from, End: to})
	}
	return list, nil
}

// weekAbout is the week in which a slot begins, and what of the slot goes beyond it.
func weekAbout(s Slot) Slot {
	rome := calendar.Rome()
	monday := weekOf(calendar.DayOf(s.Start, rome))
	week := Slot{Start: calendar.Earliest(monday, 0, rome), End: calendar.Earliest(monday+7, 0, rome)}
	if s.End.After(week.End) {
		week.End = s.End
	}
	return week
}

// candidate is one mediator with what the hard limits ask.
func (u *UseCases) candidate(ctx context.Context, q db.Querier, r Request, now time.Time, m Mediator) (Candidate, error) {
	list := []Candidate{{Mediator: m, Evaluation: -1}}
	if err := fillIn(ctx, q, list, r, weekAbout(r.Slot), now, readExceptions, readResidencies, readEngagements, readContract); err != nil {
		return list[0], err
	}
	list[0].Worked = workedWith(list[0], r.Slot)
	err := u.lend(ctx, q, r, now, r.Slot.Start, r.Slot.End, pointers(list))
	return list[0], err
}

func pointers(list []Candidate) []*Candidate {
	all := make([]*Candidate, len(list))
	for i := range list {
		all[i] = &list[i]
	}
	return all
}

// before finds who was there before, for the same persons and cases of the same bodies, by request and
// mediator.
func before(ctx context.Context, q db.Querier, list []Request) (map[string]map[string]bool, error) {
	found := map[string]map[string]bool{}
	members, codes, cases := distinct{}, distinct{}, distinct{}
	for _, r := range list {
		found[r.ID] = map[string]bool{}
		members.add(r.Member)
		codes.add(r.Code)
		cases.add(r.CaseCode)
	}
	was := func(column string, codes distinct, same func(Request, string) bool) error {
		if len(codes.list) == 0 {
			return nil
		}
		asked, of := padded(members.list), padded(codes.list)
		return db.Walk(ctx, q, func(s db.Scanner) error {
			var member, code, request, mediator string
			if err := s.Scan(&member, &code, &request, &mediator); err != nil {
				return err
			}
			for _, r := range list {
				if r.Member == member && r.ID != request && same(r, code) {
					found[r.ID][mediator] = true
				}
			}
			return nil
		}, `SELECT r.member, r.`+column+`, r.id, b.mediator FROM mediation_request r JOIN mediation_booking b ON b.request = r.id
			WHERE r.member IN (`+db.Placeholders(1, len(asked))+`) AND r.`+column+` IN (`+db.Placeholders(1+len(asked), len(of))+`) AND r.`+column+` <> ''
			AND b.state IN ('proposed', 'confirmed', 'done', 'user_absent') AND b.state IN ('confirmed', 'done')`, append(asked, of...)...)
	}
	if err := was("code", codes, func(r Request, code string) bool { return r.Code == code }); err != nil {
		return nil, err
	}
	return found, was("case_code", cases, func(r Request, code string) bool { return r.CaseCode == code })
}

// distinct are texts, each once and without the empty one, as arguments.
type distinct struct{ list []any }

func (d *distinct) add(text string) {
	if text != "" && !slices.Contains(d.list, any(text)) {
		d.list = append(d.list, text)
	}
}
