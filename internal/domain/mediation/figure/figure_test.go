// SPDX-License-Identifier: EUPL-1.2

package figure_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation/figure"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/tally"
)

// now is a Thursday.
var now = time.Date(2027, 4, 15, 12, 0, 0, 0, time.UTC)

var (
	files       = []access.Policy{access.Base(), figure.Policy()}
	coordinator = actor("comune", access.MediationCoordinator)
	network     = actor("regione", access.ProjectCoordinator)
)

func actor(member string, role access.Role) access.Actor {
	return access.Actor{Account: "a", Member: member, Roles: []access.Role{role}, Strong: true, SteppedUp: now, Via: audit.ViaPage}
}

// desk is a database in which requests are entered.
type desk struct {
	*figure.UseCases
	t testing.TB
}

func open(t testing.TB, d *db.DB) *desk {
	t.Helper()
	g, err := access.New(func() time.Time { return now }, files...)
	if err != nil {
		t.Fatal(err)
	}
	return &desk{&figure.UseCases{DB: d, Clock: func() time.Time { return now }, Guard: g}, t}
}

// asked is a request; what is not said is an hour of Arabic by telephone for the comune, scheduled.
type asked struct {
	at                             time.Time
	member, language, kind, comune string
	state                          string
	bookings                       []string      // their states
	after                          time.Duration // until the first yes
}

func (d *desk) enter(a asked) {
	d.t.Helper()
	if err := d.DB.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error { return enter(ctx, tx, a) }); err != nil {
		d.t.Fatal(err)
	}
}

func enter(ctx context.Context, tx *db.Tx, a asked) error {
	or := func(text, usual string) string {
		if text == "" {
			return usual
		}
		return text
	}
	id, mode := db.NewID(), "phone"
	if a.comune != "" {
		mode = "in_person"
	}
	start, end, created := db.Millis(a.at), db.Millis(a.at.Add(time.Hour)), db.Millis(a.at.Add(-48*time.Hour))
	if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_mediator (id, version, account, member, section, state, name, sort_name, record, created, changed)
		VALUES ('m', 1, '', 'coop', 'mediator', 'listed', 'M', 'm', '{}', 0, 0) ON CONFLICT DO NOTHING`); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, comune, record, created)
		VALUES ($1, 1, $2, $3, '', $4, $5, $6, $7, $8, '', 'A-1', '', '', '', $9, '{}', $10)`,
		id, or(a.kind, "scheduled"), or(a.member, "comune"), or(a.language, "ar"), mode, start, end, or(a.state, "booked"), a.comune, created); err != nil {
		return err
	}
	var accepted any // nobody has said yes
	if a.after > 0 {
		accepted = created + a.after.Milliseconds()
	}
	for i, state := range a.bookings {
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, ended, created, changed, accepted)
			VALUES ($1, 1, $2, $3, 'm', $4, $5, $6, $7, $8, '{}', '{}', '', $9, $9, $10)`, db.NewID(), id, i, or(a.member, "comune"), mode, start, end, state, created, accepted); err != nil {
			return err
		}
	}
	return nil
}

// hour is an hour on the wall of a day of March.
func hour(day, h int) time.Time { return time.Date(2027, 3, day, h, 0, 0, 0, calendar.Rome()) }

func day(month time.Month, d int) calendar.Day {
	day, _ := calendar.NewDay(2027, month, d)
	return day
}

var march = figure.Query{From: day(time.March, 1), To: day(time.March, 31)}

func TestWhatBecameOfRequests(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d)
		k.enter(asked{at: hour(1, 9), state: "done", bookings: []string{"done"}, after: 10 * time.Second})
		k.enter(asked{at: hour(1, 9), state: "done", bookings: []string{"refused", "user_absent"}, after: 20 * time.Second})
		k.enter(asked{at: hour(2, 10), bookings: []string{"cancelled", "confirmed"}, after: time.Minute, kind: "on_call"})
		k.enter(asked{at: hour(2, 23), state: "open", bookings: []string{"refused"}, language: "so", comune: "082053"})
		k.enter(asked{at: hour(28, 9), state: "unmet", language: "so", kind: "on_call"}) // the day on which the clocks change
		k.enter(asked{at: hour(3, 9), bookings: []string{"mediator_absent"}, language: "uk"})
		k.enter(asked{at: hour(3, 9), state: "cancelled", bookings: []string{"cancelled"}})
		k.enter(asked{at: hour(3, 9), member: "altro", state: "done", bookings: []string{"done", "done"}})
		k.enter(asked{at: now.AddDate(0, 0, 3), bookings: []string{"confirmed"}}) // is to come
		f, err := k.Read(t.Context(), coordinator, march)
		if err != nil {
			t.Fatal(err)
		}
		if want := (figure.Count{Requests: 7, Cancelled: 1, Fulfilled: 1, Absent: 1, Unreported: 1, Unmet: 3, Minutes: 180}); f.Total != want {
			t.Errorf("%+v, want %+v", f.Total, want)
		}
		if rate, some := f.Total.Rate(); rate != 0.5 || !some {
			t.Errorf("fill rate %v", rate)
		}
		if f.Grid[0][9] != (figure.Cell{Requests: 2}) || f.Grid[1][23] != (figure.Cell{Requests: 1, Unmet: 1}) || f.Grid[6][9].Unmet != 1 {
			t.Errorf("%v", f.Grid)
		}
		if len(f.Languages) != 3 || f.Languages[0].Of != "ar" || f.Languages[1].Of != "so" || f.Languages[1].Unmet != 2 {
			t.Errorf("%+v", f.Languages)
		}
		if len(f.Provinces) != 2 || f.Provinces[1].Of != "PA" || f.Provinces[1].Unmet != 1 {
			t.Errorf("%+v", f.Provinces)
		}
		if f.OnCall != (figure.Wait{Answers: 1, Median: time.Minute, P95: time.Minute}) || f.Scheduled.Median != 10*time.Second || f.Scheduled.P95 != 20*time.Second {
			t.Errorf("%+v %+v", f.OnCall, f.Scheduled)
		}
		if all, err := k.Read(t.Context(), network, march); err != nil || all.Total.Requests != 8 || len(all.Bodies) != 2 || all.Total.Minutes != 300 {
			t.Errorf("the network: %+v, %v", all.Total, err)
		}
		q := march
		q.Language, q.Province = "so", "PA"
		if some, err := k.Read(t.Context(), network, q); err != nil || some.Total.Requests != 1 {
			t.Errorf("Somali in Palermo: %+v, %v", some.Total, err)
		}
		rows, err := k.Rows(t.Context(), coordinator, march)
		sum := 0
		for _, r := range rows {
			sum += r.Requests
		}
		if err != nil || sum != 7 || rows[0].Month != "2027-03" {
			t.Errorf("%+v, %v", rows, err)
		}
		if _, err := k.Read(t.Context(), network, figure.Query{From: march.To, To: march.From}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("backwards: %v", err)
		}
		if _, err := k.Read(t.Context(), network, figure.Query{From: 1, To: march.From}); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("too long: %v", err)
		}
	})
}

// Who found nobody counts as unmet, unless they came back for the same person.
func TestWhoFoundNobodyCounts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d)
		lack := func(code string, at time.Time) {
			t.Helper()
			if _, err := db.Exec(t.Context(), d, `INSERT INTO mediation_lack (id, member, code, language, mode, kind, comune, start, day, at) VALUES ($1, 'comune', $2, 'ar', 'phone', 'scheduled', '', $3, $4, $5)`,
				db.NewID(), code, db.Millis(hour(9, 9)), at.Format(time.DateOnly), db.Millis(at)); err != nil {
				t.Fatal(err)
			}
		}
		k.enter(asked{at: hour(5, 9), state: "done", bookings: []string{"done"}}) // asked two days before, for A-1
		lack("A-1", hour(2, 9))                                                   // a day before that: was met
		lack("A-2", hour(2, 9))
		lack("", hour(1, 9))
		lack("A-1", hour(4, 9)) // and again, later
		if f, err := k.Read(t.Context(), coordinator, march); err != nil || f.Total.Requests != 4 || f.Total.Unmet != 3 {
			t.Errorf("%+v, %v", f.Total, err)
		}
	})
}

// A body may use so many hours a month: what that comes to in a period is shown beside what it used.
func TestHoursOfABodyBesideItsLimit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d)
		k.enter(asked{at: hour(1, 9), bookings: []string{"done"}})
		k.enter(asked{at: hour(1, 9), bookings: []string{"done"}, member: "altro"})
		for member, hours := range map[string]int{"": 10, "altro": 31} {
			if _, err := db.Exec(t.Context(), d, `INSERT INTO mediation_rule (member, version, record) VALUES ($1, 1, $2)`, member, fmt.Sprintf(`{"month_hours":%d}`, hours)); err != nil {
				t.Fatal(err)
			}
		}
		q := march
		q.To = day(time.March, 10)
		f, err := k.Read(t.Context(), network, q)
		if err != nil || len(f.Bodies) != 2 || f.Bodies[0].Planned != 10*60 || f.Bodies[1].Planned != 194 || f.Bodies[1].Minutes != 60 {
			t.Errorf("%+v, %v", f.Bodies, err)
		}
	})
}

// What is published is of months that are settled, and tells of nobody.
func TestOpenDataTellOfNobody(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := open(t, d)
		for i := range 30 {
			k.enter(asked{at: hour(1+i%5, 9+i%3), state: "done", bookings: []string{"done"}, after: time.Duration(i) * time.Second})
		}
		for i := range 7 {
			k.enter(asked{at: hour(1+i%5, 10), language: "uk", state: "done", bookings: []string{"done"}, comune: "082053"})
		}
		k.enter(asked{at: hour(8, 10), language: "ti", state: "unmet"})
		k.enter(asked{at: now.AddDate(0, 0, -9), language: "ti", state: "unmet"}) // the month goes on
		list, err := k.Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, o := range list {
			if o.Month != "2027-03" {
				t.Errorf("%+v is not over", o)
			}
			if o.Value < tally.Fewest && o.Measure != figure.AnswerSeconds && o.Measure != figure.HoursByMode {
				t.Errorf("%+v is small", o)
			}
			got[o.Measure+" "+o.Subject] = o.Value
		}
		for key, want := range map[string]int{
			figure.ByLanguage + " ar": 30, figure.ByMode + " phone": 31, figure.ByMode + " in_person": 7, figure.ByProvince + " PA": 7, figure.ByBody + " comune": 38,
			figure.AnswerSeconds + " scheduled_median": 15,
		} {
			if got[key] != want {
				t.Errorf("%s is %d, want %d", key, got[key], want)
			}
		}
		// Tigrinya is small, and Ukrainian with it, or the sum would tell; so is what was unmet.
		for _, key := range []string{figure.ByLanguage + " ti", figure.ByLanguage + " uk", figure.UnmetByLanguage + " ti", figure.ByOutcome + " unmet", figure.ByOutcome + " met", figure.HoursByMode + " in_person"} {
			if _, there := got[key]; there {
				t.Errorf("%s is published", key)
			}
		}
	})
}

// The figures hold the bodies that the policies say.
func TestListsAgreeWithPolicies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		accesstest.Agree(t, d, now, files, accesstest.List{
			Action: "mediation.figure.read", Type: "MediationFigures",
			Make: func(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
				for _, table := range []string{"mediation_booking", "mediation_request", "mediation_lack"} {
					if _, err := db.Exec(ctx, tx, `DELETE FROM `+table); err != nil {
						return nil, err
					}
				}
				var world []access.Resource
				for _, member := range accesstest.Members {
					how := rapid.SampledFrom([]string{"", "asked", "found nobody"}).Draw(t, member)
					if how == "" {
						continue
					}
					if how == "asked" {
						if err := enter(ctx, tx, asked{at: hour(1, 9), member: member, bookings: []string{"done"}}); err != nil {
							return nil, err
						}
					} else if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_lack (id, member, code, language, mode, kind, comune, start, day, at) VALUES ($1, $2, '', 'ar', 'phone', 'scheduled', '', $3, '', 0)`, db.NewID(), member, db.Millis(hour(1, 9))); err != nil {
						return nil, err
					}
					world = append(world, access.Resource{Type: "MediationFigures", ID: member, Attributes: access.Attributes{"member": member}})
				}
				return world, nil
			},
			Ways: func(g *access.Guard) map[string]accesstest.Way {
				u := &figure.UseCases{DB: d, Clock: func() time.Time { return now }, Guard: g}
				return map[string]accesstest.Way{
					"page": func(ctx context.Context, a access.Actor) (ids []string, err error) {
						f, err := u.Read(ctx, a, march)
						for _, b := range f.Bodies {
							ids = append(ids, b.Of)
						}
						return ids, err
					},
					"export": func(ctx context.Context, a access.Actor) (ids []string, err error) {
						rows, err := u.Rows(ctx, a, march)
						for _, r := range rows {
							ids = append(ids, r.Member)
						}
						return ids, err
					},
				}
			},
		})
	})
}
