// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/fault"
)

// What was written comes back as it was, with what the form does not ask for.
func TestReadWhatWasTyped(t *testing.T) {
	t.Parallel()
	hours := []mediation.Weekly{{Weekday: time.Monday, From: 540, To: 780, Remote: true}, {Weekday: time.Monday, From: 840, To: 1080}, {Weekday: time.Sunday, From: 1320, To: 360, Holidays: true}}
	got, err := mediation.ReadWeek(mediation.TypedWeek(hours), hours)
	if err != nil || !slices.Equal(got, hours) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, form := range []url.Values{{"day1.0.from": {"9:00"}}, {"day1.0.from": {"9:00"}, "day1.0.to": {"9:00"}}, {"day2.1.from": {"x"}, "day2.1.to": {"10:00"}}} {
		if _, err := mediation.ReadWeek(form, nil); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%v: %v", form, err)
		}
	}
}
