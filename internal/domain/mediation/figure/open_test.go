// SPDX-License-Identifier: EUPL-1.2

package figure_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"approdo/internal/domain/mediation/figure"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/tally"
)

// published is a month as somebody reads it who wants to know more.
type published map[string]map[string]int

func (p published) sum(measure string) (n int) {
	for _, value := range p[measure] {
		n += value
	}
	return n
}

// tells says what subtracting gives away, when total is what was asked in all and unmet what was unmet: both
// may be known from elsewhere.
func (p published) tells(t *testing.T, total, unmet int) {
	t.Helper()
	few := func(n int) bool { return n > 0 && n < tally.Fewest }
	_, known := p[figure.ByOutcome]["unmet"]
	for part, whole := range map[string]string{
		figure.UnmetByLanguage: figure.ByLanguage, figure.UnmetByProvince: figure.ByProvince, figure.UnmetByWeekday: figure.ByWeekday, figure.UnmetByHour: figure.ByHour,
	} {
		if len(p[part]) == 0 {
			continue
		}
		if !known {
			t.Errorf("%s gives back what was unmet: %v beside %v", part, p[part], p[figure.ByOutcome])
		}
		left := total - unmet
		for subject, n := range p[part] {
			of, there := p[whole][subject]
			if !there || few(of-n) {
				t.Errorf("%s: %d of %d of %q were unmet", part, n, of, subject)
			}
			left -= of - n
		}
		if few(left) || few(unmet-p.sum(part)) {
			t.Errorf("%s: of all others %d were unmet and %d not", part, unmet-p.sum(part), left)
		}
	}
	if _, known := p[figure.ByOutcome]["met"]; !known && len(p[figure.HoursByMode]) > 0 {
		t.Errorf("hours give back how many were met: %v", p[figure.HoursByMode])
	}
	for mode, hours := range p[figure.HoursByMode] {
		if few(p[figure.ByMode][mode] - hours) {
			t.Errorf("%s: %d hours for %d requests", mode, hours, p[figure.ByMode][mode])
		}
	}
}

// read reads the only month.
func (d *desk) read() published {
	d.t.Helper()
	list, err := d.Open(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	p := published{}
	for _, o := range list {
		if p[o.Measure] == nil {
			p[o.Measure] = map[string]int{}
		}
		p[o.Measure][o.Subject] = o.Value
	}
	return p
}

// What one table hides no other gives back, however one subtracts.
func TestNoTableGivesBackWhatAnotherHides(t *testing.T) {
	t.Parallel()
	met := asked{state: "done", bookings: []string{"done"}}
	unmet, cancelled := asked{state: "unmet"}, asked{state: "cancelled"}
	of := func(a asked, language string) asked { a.language = language; return a }
	for name, c := range map[string]struct {
		asked map[*asked]int
		want  map[string]int // measure to how many lines
	}{
		"few were cancelled, and what was unmet is hidden with it": {map[*asked]int{&met: 30, &unmet: 8, &cancelled: 2}, map[string]int{figure.ByOutcome: 1, figure.UnmetByLanguage: 0, figure.UnmetByHour: 0, figure.HoursByMode: 1}},
		"few were unmet":               {map[*asked]int{&met: 30, &unmet: 2}, map[string]int{figure.ByOutcome: 0, figure.UnmetByLanguage: 0, figure.HoursByMode: 0}},
		"much of everything":           {map[*asked]int{&met: 30, &unmet: 9, &cancelled: 7}, map[string]int{figure.ByOutcome: 3, figure.UnmetByLanguage: 1, figure.UnmetByHour: 1, figure.HoursByMode: 1}},
		"of one language few were met": {map[*asked]int{ptr(of(met, "ar")): 30, ptr(of(unmet, "ar")): 9, ptr(of(unmet, "so")): 8, ptr(of(met, "so")): 1}, map[string]int{figure.ByLanguage: 2, figure.UnmetByLanguage: 0, figure.UnmetByHour: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				k := open(t, d)
				total, lost := 0, 0
				for a, n := range c.asked {
					for range n {
						one := *a
						one.at = hour(1, 9)
						k.enter(one)
					}
					total += n
					if a.state == "unmet" {
						lost += n
					}
				}
				p := k.read()
				p.tells(t, total, lost)
				for measure, n := range c.want {
					if len(p[measure]) != n {
						t.Errorf("%s: %v, want %d lines", measure, p[measure], n)
					}
				}
			})
		})
	}
}

func ptr(a asked) *asked { return &a }

// Months as chance makes them give nothing away either.
func TestNothingIsToldBySubtracting(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for seed := range uint64(6) {
			if _, err := db.Exec(t.Context(), d, `DELETE FROM mediation_booking`); err != nil {
				t.Fatal(err)
			}
			if _, err := db.Exec(t.Context(), d, `DELETE FROM mediation_request`); err != nil {
				t.Fatal(err)
			}
			k, chance := open(t, d), rand.New(rand.NewPCG(seed, 7))
			total, lost := 20+chance.IntN(50), 0
			for range total {
				a := asked{at: hour(1+chance.IntN(3), 9+chance.IntN(3)), language: []string{"ar", "ar", "ar", "so", "uk"}[chance.IntN(5)], state: "done", bookings: []string{"done"}, after: time.Minute}
				switch n := chance.IntN(10); {
				case n < 4:
					a.state, a.bookings = "unmet", nil
					lost++
				case n < 5:
					a.state, a.bookings = "cancelled", nil
				}
				if chance.IntN(3) == 0 {
					a.comune = "082053"
				}
				k.enter(a)
			}
			k.read().tells(t, total, lost)
		}
	})
}
