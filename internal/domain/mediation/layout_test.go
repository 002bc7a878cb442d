// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/geo"
)

var (
	palermo  = mediation.Place{Name: "Palermo", Point: geo.Point{Lat: 38.1157, Lon: 13.3615}}
	bagheria = mediation.Place{Name: "Bagheria", Point: geo.Point{Lat: 38.0806, Lon: 13.5117}}
	trapani  = mediation.Place{Name: "Trapani", Point: geo.Point{Lat: 38.0174, Lon: 12.5365}}
)

func at(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", "2027-03-02 "+clock)
	if err != nil {
		panic(err)
	}
	return t
}

func engaged(id, from, to string, place mediation.Place) mediation.Engagement {
	e := mediation.Engagement{Booking: id, Slot: mediation.Slot{Start: at(from), End: at(to)}, Mode: mediation.InPerson, Place: place}
	if !place.Known() {
		e.Mode = mediation.Phone
	}
	return e
}

// spans writes claims as people read them: "a 09:00-10:00", travel in brackets.
func spans(claims []mediation.Claim) []string {
	var list []string
	var from, to int64
	var of mediation.Claim
	flush := func() {
		if to > from {
			clock := func(q int64) string {
				return time.UnixMilli(q * mediation.Quantum.Milliseconds()).UTC().Format("15:04")
			}
			text := fmt.Sprintf("%s %s-%s", of.Booking, clock(from), clock(to))
			if of.Travel {
				text = "(" + text + ")"
			}
			list = append(list, text)
		}
	}
	for _, c := range claims {
		if c.Booking != of.Booking || c.Travel != of.Travel || c.Quantum != to {
			flush()
			from, of = c.Quantum, c
		}
		to = c.Quantum + 1
	}
	flush()
	return list
}

func TestLayout(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		engagements []mediation.Engagement
		want        []string
		clashes     []mediation.Clash
	}{
		"nothing": {},
		"there and back": {
			engagements: []mediation.Engagement{engaged("a", "09:00", "10:00", bagheria)},
			want:        []string{"(a 08:25-09:00)", "a 09:00-10:00", "(a 10:00-10:35)"},
		},
		"no way to the telephone": {
			engagements: []mediation.Engagement{engaged("a", "09:00", "10:00", mediation.Place{}), engaged("b", "10:00", "10:30", mediation.Place{})},
			want:        []string{"a 09:00-10:00", "b 10:00-10:30"},
		},
		"home in between when there is time": {
			engagements: []mediation.Engagement{engaged("b", "14:00", "15:00", bagheria), engaged("a", "09:00", "10:00", bagheria)},
			want:        []string{"(a 08:25-09:00)", "a 09:00-10:00", "(a 10:00-10:35)", "(b 13:25-14:00)", "b 14:00-15:00", "(b 15:00-15:35)"},
		},
		"stays in the same place": {
			engagements: []mediation.Engagement{engaged("a", "09:00", "10:00", bagheria), engaged("b", "10:00", "11:00", bagheria)},
			want:        []string{"(a 08:25-09:00)", "a 09:00-10:00", "b 10:00-11:00", "(b 11:00-11:35)"},
		},
		"calls from where one is": {
			engagements: []mediation.Engagement{engaged("a", "09:00", "10:00", bagheria), engaged("b", "10:15", "10:30", mediation.Place{})},
			want:        []string{"(a 08:25-09:00)", "a 09:00-10:00", "(b 10:00-10:15)", "b 10:15-10:30", "(b 10:30-11:05)"},
		},
		"too far": {
			engagements: []mediation.Engagement{engaged("a", "09:00", "10:00", bagheria), engaged("b", "10:30", "11:30", trapani)},
			clashes:     []mediation.Clash{{First: "a", Second: "b"}},
		},
		"one within the other, and a third": {
			engagements: []mediation.Engagement{engaged("a", "09:00", "12:00", palermo), engaged("b", "09:30", "10:00", palermo), engaged("c", "11:00", "13:00", palermo)},
			clashes:     []mediation.Clash{{First: "a", Second: "b"}, {First: "a", Second: "c"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			claims, clashes := mediation.Layout(palermo, c.engagements)
			if diff := cmp.Diff(c.want, spans(claims)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(c.clashes, clashes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Whatever is asked for: no five minutes twice, every minute of work claimed by its own booking, and
// always enough time for the way.
func TestLayoutIsSound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		places := []mediation.Place{palermo, bagheria, trapani, {}}
		var list []mediation.Engagement
		for i := range rapid.IntRange(1, 7).Draw(t, "n") {
			from := at("06:00").Add(time.Duration(rapid.IntRange(0, 190).Draw(t, "from")) * mediation.Quantum)
			e := mediation.Engagement{
				Booking: string(rune('a' + i)), Mode: mediation.InPerson,
				Slot:  mediation.Slot{Start: from, End: from.Add(time.Duration(rapid.IntRange(1, 30).Draw(t, "long")) * mediation.Quantum)},
				Place: rapid.SampledFrom(places).Draw(t, "place"),
			}
			if !e.Place.Known() {
				e.Mode = mediation.Phone
			}
			list = append(list, e)
		}
		claims, clashes := mediation.Layout(palermo, list)
		again, same := mediation.Layout(palermo, rapid.Permutation(list).Draw(t, "order"))
		if diff := cmp.Diff(claims, again) + cmp.Diff(clashes, same); diff != "" {
			t.Fatalf("the order matters: %s", diff)
		}
		taken := map[int64]mediation.Claim{}
		for _, c := range claims {
			if other, ok := taken[c.Quantum]; ok {
				t.Fatalf("%v is claimed by %s and %s", c.Quantum, other.Booking, c.Booking)
			}
			taken[c.Quantum] = c
		}
		for i, a := range list {
			for _, b := range list[i+1:] {
				if a.Slot.Overlaps(b.Slot) && clashes == nil {
					t.Fatalf("%v and %v overlap and do not clash", a, b)
				}
			}
			for q := a.Slot.Start; clashes == nil && q.Before(a.Slot.End); q = q.Add(mediation.Quantum) {
				if c := taken[q.UnixMilli()/mediation.Quantum.Milliseconds()]; c.Booking != a.Booking || c.Travel {
					t.Fatalf("%s: work of %s is claimed as %v", q, a.Booking, c)
				}
			}
		}
	})
}
