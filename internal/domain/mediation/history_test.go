// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"slices"
	"time"

	"github.com/anishathalye/porcupine"

	"approdo/internal/domain/mediation"
)

// act is what one client asked for.
type act struct {
	do       string // book, move, shift, cancel, accept, plan or share
	request  string // that is moved, shifted, cancelled, accepted or shared out
	mediator string // by name; "" for whoever can come
	slots    []mediation.Slot
	there    bool   // in Bagheria, with the way from Palermo; otherwise by telephone
	secret   string // of the link of an offer
	language string
}

// answer is what a client heard: yes, with who comes to which requests, or no.
type answer struct {
	yes      bool
	mediator string
	requests []string
}

// hold is an hour of a mediator that a request has.
type hold struct {
	request, mediator string
	from, to          int64
	there             bool
	moved             int // times
}

// diary is what the desks would read if they asked one after the other: who is held, and which requests
// were called off.
type diary struct {
	holds []hold
	over  []string
}

func (d diary) with(h ...hold) diary {
	return diary{holds: append(slices.Clone(d.holds), h...), over: d.over}
}

func (d diary) without(request string) diary {
	return diary{holds: slices.DeleteFunc(slices.Clone(d.holds), func(h hold) bool { return h.request == request }), over: d.over}
}

func (d diary) of(request string) (hold, bool) {
	i := slices.IndexFunc(d.holds, func(h hold) bool { return h.request == request })
	if i < 0 {
		return hold{}, false
	}
	return d.holds[i], true
}

// possible says whether a mediator can be at all the places where the diary has them.
func (d diary) possible(mediator string) bool {
	var list []mediation.Engagement
	for _, h := range d.holds {
		if h.mediator != mediator {
			continue
		}
		e := mediation.Engagement{Booking: h.request, Slot: mediation.Slot{Start: time.UnixMilli(h.from), End: time.UnixMilli(h.to)}, Mode: mediation.Phone}
		if h.there {
			e.Mode, e.Place = mediation.InPerson, bagheria
		}
		list = append(list, e)
	}
	_, clashes := mediation.Layout(palermo, list)
	return clashes == nil
}

func (a act) holds(mediator string, requests []string) []hold {
	var list []hold
	for i, s := range a.slots {
		h := hold{request: "new", mediator: mediator, from: s.Start.UnixMilli(), to: s.End.UnixMilli(), there: a.there}
		if i < len(requests) {
			h.request = requests[i]
		}
		list = append(list, h)
	}
	return list
}

// sequential is what the program does when everybody waits for their turn: the model that a history of
// many at once is held against. roster are the identifiers of the mediators, who all live in Palermo.
func sequential(roster []string) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return diary{} },
		Step: func(state, input, output any) (bool, any) {
			return input.(act).step(state.(diary), output.(answer), roster)
		},
		Equal: func(a, b any) bool {
			return slices.Equal(a.(diary).holds, b.(diary).holds) && slices.Equal(a.(diary).over, b.(diary).over)
		},
	}
}

func (a act) step(d diary, said answer, roster []string) (bool, diary) {
	held, isHeld := d.of(a.request)
	over := slices.Contains(d.over, a.request)
	switch a.do {
	case "book":
		if said.yes {
			after := d.with(a.holds(said.mediator, said.requests)...)
			return (a.mediator == "" || a.mediator == said.mediator) && after.possible(said.mediator), after
		}
		return !slices.ContainsFunc(roster, func(m string) bool {
			return (a.mediator == "" || a.mediator == m) && d.with(a.holds(m, nil)...).possible(m)
		}), d
	case "move":
		after := d.moved(a, held)
		return said.yes == (isHeld && after.possible(held.mediator)), kept(said.yes, after, d)
	case "shift": // by the mediator, who saw it where it was first
		after := d.moved(a, held)
		return said.yes == (isHeld && held.moved == 0 && after.possible(held.mediator)), kept(said.yes, after, d)
	case "plan": // to be shared out: nobody is held
		return said.yes, d
	case "share":
		after := d.with(a.holds(a.mediator, []string{a.request})...)
		return said.yes == (!isHeld && !over && after.possible(a.mediator)), kept(said.yes, after, d)
	case "cancel":
		after := d.without(a.request)
		after.over = append(slices.Clone(d.over), a.request)
		return said.yes == !over, kept(said.yes, after, d)
	case "accept":
		if isHeld {
			return said.yes == (held.mediator == a.mediator), d // the same answer again is the same answer
		}
		after := d.with(a.holds(a.mediator, []string{a.request})...)
		return said.yes == (!over && after.possible(a.mediator)), kept(said.yes, after, d)
	}
	panic(a.do)
}

// moved is the diary after what is held was given the time of an act.
func (d diary) moved(a act, held hold) diary {
	list := a.holds(held.mediator, []string{a.request})
	for i := range list {
		list[i].moved = held.moved + 1
	}
	return d.without(a.request).with(list...)
}

func kept(yes bool, after, before diary) diary {
	if yes {
		return after
	}
	return before
}
