// SPDX-License-Identifier: EUPL-1.2

package agendaweb_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"approdo/internal/domain/mediation/agendaweb"
)

// Whatever a program sends, it is read or refused, and the same each time.
func FuzzReadXML(f *testing.F) {
	for _, seed := range []string{
		"", `<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>`, `<d:propfind xmlns:d="DAV:"><d:allprop/></d:propfind>`,
		`<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav"><c:filter><c:comp-filter name="VCALENDAR"/></c:filter></c:calendar-query>`,
		`<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>`, `<a><b></a>`, "\x00", `<a xmlns="` + strings.Repeat("u", 300) + `"/>`, strings.Repeat("<a>", 500),
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		read := func() (bool, bool) {
			n, err := agendaweb.ReadXML(httptest.NewRequest("PROPFIND", "/caldav/", strings.NewReader(body)))
			return n != nil, err == nil
		}
		some, good := read()
		if some && !good {
			t.Error("a question that is refused is given all the same")
		}
		if strings.TrimSpace(body) == "" && (some || !good) {
			t.Error("an empty question is none, and no mistake")
		}
		if again, still := read(); again != some || still != good {
			t.Error("the same body is read in two ways")
		}
	})
}
