// SPDX-License-Identifier: EUPL-1.2

package agendaweb_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"approdo/internal/domain/mediation/agendaweb"
)

// A question may not ask for so much that its answer is a thousand times as long.
func TestQuestionsAreBounded(t *testing.T) {
	t.Parallel()
	props := func(n int, space, name string) string {
		return strings.Repeat(`<`+name+` xmlns="`+space+`"/>`, n)
	}
	for name, c := range map[string]struct {
		body string
		ok   bool
	}{
		"nothing":                  {"", true},
		"what programs ask":        {`<propfind xmlns="DAV:"><prop>` + props(60, "urn:ietf:params:xml:ns:caldav", "calendar-data") + `</prop></propfind>`, true},
		"many entries":             {`<c:calendar-multiget xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns="DAV:"><prop><getetag/></prop>` + strings.Repeat(`<href>/a</href>`, 2000) + `</c:calendar-multiget>`, true},
		"too many properties":      {`<propfind xmlns="DAV:"><prop>` + props(101, "u:", "a") + `</prop></propfind>`, false},
		"a namespace too long":     {`<propfind xmlns="DAV:"><prop>` + props(1, strings.Repeat("u", 201), "a") + `</prop></propfind>`, false},
		"a name too long":          {`<propfind xmlns="DAV:"><prop>` + props(1, "u:", strings.Repeat("a", 201)) + `</prop></propfind>`, false},
		"names too long together":  {`<propfind xmlns="DAV:"><prop>` + props(90, strings.Repeat("u", 190), "a") + `</prop></propfind>`, false},
		"a change in many pieces":  {`<propertyupdate xmlns="DAV:">` + strings.Repeat(`<set><prop>`+props(2, "u:", "a")+`</prop></set>`, 51) + `</propertyupdate>`, false},
		"a namespace for them all": {`<x:propfind xmlns:x="DAV:" xmlns="` + strings.Repeat("u", 20_000) + `"><x:prop>` + strings.Repeat(`<a/>`, 200) + `</x:prop></x:propfind>`, false},
	} {
		r := httptest.NewRequest("PROPFIND", "/caldav/", strings.NewReader(c.body))
		if _, err := agendaweb.ReadXML(r); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
