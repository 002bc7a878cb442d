// SPDX-License-Identifier: EUPL-1.2

package mediationweb_test

import (
	"net/url"
	"reflect"
	"testing"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/mediationweb"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
)

// Whatever is typed, what is asked for is read or refused beside a field, and read the same way again.
func FuzzReadAsk(f *testing.F) {
	for _, seed := range []string{
		"language=ar&mode=phone&code=A-17&minutes=60&start=2027-03-02T09:00:00Z",
		"language=ar&mode=in_person&comune=Palermo&where=Consultorio&address=via+Verdi+1&code=A-17&minutes=45&start=2027-03-28T01:00:00%2B01:00&times=3&every=14&seats=2",
		"language=ti&mode=video&code=B-2&minutes=30&start=2027-10-31T00:30:00Z&times=104&every=1&mediator=m-1,m-2&prefer=m-3&exclude=m-4&exclude=m-5&same=1&bodies=asp&skills=health&gender=f&written=1",
		"minutes=99999999999999999999&times=-1&every=0&seats=x&start=0000-01-01T00:00:00Z",
		"minutes=720&start=9999-12-31T23:59:59Z&times=1000&comune=San+Giovanni",
		"comune=%00&minutes=+5&start=2027-03-02T09:00:00.999999999-23:59&code=%F0%9F%98%80", "%gh&&=;", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		typed, err := url.ParseQuery(text)
		if err != nil {
			return // the server refuses what is no form
		}
		q, err := mediationweb.ReadAsk(typed)
		if err != nil {
			if !fault.Is(err, fault.KindInvalid) || fault.All(err)[0].Field == "" {
				t.Fatalf("refused without a field: %v", err)
			}
			return
		}
		if len(q.Slots) == 0 || len(q.Slots) > 105 {
			t.Fatalf("%d slots", len(q.Slots))
		}
		length := q.Slots[0].End.Sub(q.Slots[0].Start)
		if length < time.Minute || length > mediation.MaxLength {
			t.Fatalf("a length of %v", length)
		}
		first := q.Slots[0].Start.In(calendar.Rome())
		wall := first.Hour()*60 + first.Minute()
		for i, s := range q.Slots {
			if s.End.Sub(s.Start) != length || i > 0 && !s.Start.After(q.Slots[i-1].Start) {
				t.Fatalf("slot %d: %v", i, s)
			}
			on := s.Start.In(calendar.Rome())
			if off := (on.Hour()*60 + on.Minute() - wall + 24*60) % (24 * 60); off != 0 && off != 60 && off != 23*60 {
				t.Fatalf("slot %d is at %v", i, on) // an hour that a night has not, or has twice
			}
		}
		if again, err := mediationweb.ReadAsk(typed); err != nil || !reflect.DeepEqual(q, again) {
			t.Fatalf("read differently the second time: %v", err)
		}
	})
}

// Whatever is typed, rules are read or refused; what the form does not ask for stays, and only the network
// makes the list common.
func FuzzReadRules(f *testing.F) {
	for _, seed := range []string{
		"version=1&to.0=residents&wait.0=30&to.1=best&size.1=5&wait.1=45&to.3=all&wait.3=120&weight.continuity=100&fallback=video&fallback=phone&notice=24&answer_in=12&cancel_free=24&cancel_share=50&absent_share=100&remind_after=24&others=last&lend_hours=10&common=1",
		"version=x&to.0=nobody&wait.0=-1&size.0=1e9&weight.cost=%2B7&fallback=written&others=sometimes&month_hours=100001&line=tel", "weight.cost=9999999999999999999999", "",
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, network bool) {
		typed, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		old := mediation.UsualRules()
		old.Evaluations = true
		r, err := mediationweb.ReadRules(typed, network, old)
		if err != nil {
			if !fault.Is(err, fault.KindInvalid) || fault.All(err)[0].Field == "" {
				t.Fatalf("refused without a field: %v", err)
			}
			return
		}
		if len(r.Waves) > 4 || r.Common && !network {
			t.Fatalf("%+v", r)
		}
		for _, n := range []int{r.CancelShare, r.AbsentShare, r.MonthHours, r.LendHours, r.LendMediatorHours, r.Weights.Continuity, r.Weights.Evaluation} {
			if n < 0 || n > 100_000 {
				t.Fatalf("%d is no number of the form", n)
			}
		}
		if again, err := mediationweb.ReadRules(typed, network, old); err != nil || !reflect.DeepEqual(r, again) {
			t.Fatalf("read differently the second time: %v", err)
		}
	})
}
