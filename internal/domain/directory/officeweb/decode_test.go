// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"encoding/json"
	"net/url"
	"testing"

	"approdo/internal/domain/directory"
)

// Whatever is sent as a form, a card stays the card of its body and can be kept.
func FuzzDecode(f *testing.F) {
	for _, form := range []string{
		"", "name=Sportello&minimum_age=18&income_max=9360&needs=residence-permit&main_need=job-search",
		"minimum_age=NaN&maximum_age=1e999&income_max=-Inf&residence=c:081011&territory=x",
		"phones.0.number=000+1&phones.0.id=x&phones.1.number=&hours.0.days=MO&hours.0.opens=25:00&hours.0.closes=09:00",
		"places.0.latitude=99&places.0.longitude=NaN&places.0.comune=Marsala&places.0.id=..",
		"closures.0.from=2026-12-24&closures.0.to=2026-01-01&exceptions.0.date=x", "documents.0.document=%00&costs.0.amount=1e400",
	} {
		f.Add(form)
	}
	f.Fuzz(func(t *testing.T, text string) {
		form, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		before := directory.Service{}
		before.ID, before.OrganizationID = "s1", "b1"
		after, err := decode(form, before)
		if after.ID != before.ID || after.OrganizationID != before.OrganizationID {
			t.Errorf("the card moved to %s of %s", after.ID, after.OrganizationID)
		}
		if err != nil {
			return // said beside the fields
		}
		if _, err := json.Marshal(after); err != nil {
			t.Errorf("taken, but it can't be kept: %v", err)
		}
	})
}
