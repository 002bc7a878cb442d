// SPDX-License-Identifier: EUPL-1.2

package rosterweb_test

import (
	"net/mail"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/rosterweb"
	"approdo/internal/kit/fault"
)

// Whatever strangers type who apply, it is refused beside a field or is an application that the roster can keep, and it
// is read the same way again.
func FuzzReadApplication(f *testing.F) {
	for _, seed := range []string{
		"name=Amal+Esempio&mail=amal@rete.example&phone=000&language.0=ar&level.0=native&direction.0=both&written.0=1&language.2=fr&level.2=C1&modes=phone&modes=in_person&comune=Palermo&skills=health&shown=name&informed=1&experience=dieci+anni",
		"name=A&mail=Amal+%3Camal@rete.example%3E&language.0=ar&level.0=native&modes=phone&informed=1", "name=A&mail=a@b%0d%0aBcc:c@d&language.0=xx&modes=telepathy&skills=&shown=always",
		"comune=San+Giovanni&language.19=ti&level.19=native&language.20=so&modes=phone&name=%00&mail=x@y&informed=0", "gender=z&own=1&employer=" + strings.Repeat("x", 201), "%gh&&=;", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		typed, err := url.ParseQuery(text)
		if err != nil {
			return // the server refuses what is no form
		}
		a, rows, err := rosterweb.ReadApplication(typed)
		if len(a.Entry.Languages) > 20 || rows > 20 || rows < len(a.Entry.Languages) {
			t.Fatalf("%d languages in %d rows", len(a.Entry.Languages), rows)
		}
		if again, _, _ := rosterweb.ReadApplication(typed); !reflect.DeepEqual(a, again) {
			t.Fatalf("read differently the second time: %+v, %+v", a, again)
		}
		if err == nil {
			err = a.Check()
		}
		if err != nil {
			for _, one := range fault.All(err) {
				if one.Kind != fault.KindInvalid || one.Field == "" {
					t.Fatalf("refused without a field: %v", err)
				}
			}
			return
		}
		address, err := mail.ParseAddress(a.Entry.Contact.Mail)
		if err != nil || address.Address != a.Entry.Contact.Mail || strings.ContainsAny(address.Address, "\r\n") || a.Entry.Name == "" || !a.Informed {
			t.Fatalf("%+v was taken", a)
		}
		for _, l := range a.Entry.Languages {
			if !mediation.KnownTongue(l.Code) {
				t.Fatalf("the language %q was taken", l.Code)
			}
		}
	})
}

// Whatever is typed into a window, its criteria keep their order and none is without a name.
func FuzzReadWindow(f *testing.F) {
	for _, seed := range []string{
		"title=Avviso&notice=Testo&section=mediator&from=2027-03-01&until=2027-03-31&criterion.0=Titoli&most.0=10&criterion.1=Colloquio&most.1=20&pass=18&years=3&version=2",
		"criterion.19=x&most.19=-1&criterion.20=y&from=2027-02-30&until=x&version=9223372036854775808&pass=1e3", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		typed, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		w, rows := rosterweb.ReadWindow(typed)
		if len(w.Criteria) > 20 || rows > 21 || len(w.Criteria) > 0 && rows <= len(w.Criteria) {
			t.Fatalf("%d criteria in %d rows", len(w.Criteria), rows)
		}
		for _, c := range w.Criteria {
			if strings.TrimSpace(c.Name) == "" {
				t.Fatalf("%+v", w.Criteria)
			}
		}
		if again, _ := rosterweb.ReadWindow(typed); !reflect.DeepEqual(w, again) {
			t.Fatalf("read differently the second time: %+v, %+v", w, again)
		}
	})
}
