// SPDX-License-Identifier: EUPL-1.2

package agenda_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/agenda"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// elsewhere is the server of a calendar.
type elsewhere struct {
	mu     sync.Mutex
	status int
	text   string
	asked  []string // the tags that it was asked with
}

func (e *elsewhere) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.asked = append(e.asked, r.Header.Get("If-None-Match"))
	w.Header().Set("ETag", `"`+e.text[:min(len(e.text), 1)]+`"`)
	if e.status == http.StatusOK && r.Header.Get("If-None-Match") == w.Header().Get("ETag") {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.WriteHeader(e.status)
	_, _ = w.Write([]byte(e.text))
}

func (e *elsewhere) says(status int, text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.status, e.text = status, text
}

// busy are the times that the rules know from calendars elsewhere, as the wall in Italy shows them.
func (o *office) busy() []string {
	o.t.Helper()
	a, err := o.Mediation.Agenda(o.t.Context(), mediator, o.amal.ID, now, now.AddDate(0, 0, 14))
	if err != nil {
		o.t.Fatal(err)
	}
	list := []string{}
	for _, e := range a.Exceptions {
		if e.Source == mediation.FromCalendar {
			list = append(list, e.Slot.Start.In(calendar.Rome()).Format("02 15:04-")+e.Slot.End.In(calendar.Rome()).Format("15:04"))
		}
	}
	return list
}

// read reads what is due and gives how the calendar is doing.
func (o *office) read() agenda.Outside {
	o.t.Helper()
	if _, err := o.Due(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	out, _, err := o.Outside(o.t.Context(), mediator)
	if err != nil {
		o.t.Fatal(err)
	}
	return out
}

// Of a calendar elsewhere the busy times are known, and nothing else; what fails leaves them as they were.
func TestOutside(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		there := &elsewhere{status: http.StatusOK, text: string(event("a", at(9, 0), at(12, 0))) + "\r\n"}
		server := httptest.NewServer(there)
		t.Cleanup(server.Close)
		for _, wrong := range []string{"", "ftp://x.example", "https://amal:segreto@x.example/", "calendario", "https://"} {
			if err := o.Connect(t.Context(), mediator, wrong); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%q: %v", wrong, err)
			}
		}
		if err := o.Connect(t.Context(), desk, server.URL); !missing(err) {
			t.Errorf("a desk: %v", err)
		}
		if err := o.Connect(t.Context(), mediator, server.URL+"/segreto.ics"); err != nil {
			t.Fatal(err)
		}
		if out := o.read(); out.Trouble != agenda.NoTrouble || out.Busy != 1 || out.Read.IsZero() {
			t.Errorf("%+v", out)
		}
		want := []string{"03 09:00-12:00"}
		if diff := cmp.Diff(want, o.busy()); diff != "" {
			t.Error(diff)
		}
		if n, err := db.Row(t.Context(), d, db.Column[int], `SELECT count(*) FROM mediation_exception WHERE uid LIKE '%dentista%' OR name <> ''`); err != nil || n > 0 {
			t.Errorf("more than times is kept: %d %v", n, err)
		}
		if n, err := db.Row(t.Context(), d, db.Column[int], `SELECT count(*) FROM mediation_calendar_outside WHERE host LIKE '%segreto%' OR CAST(sealed AS TEXT) LIKE '%segreto%'`); err != nil || n > 0 {
			t.Errorf("the address is kept in clear: %d %v", n, err)
		}
		_, booking := o.book(at(14, 0))
		if _, _, err := o.Mediation.Ask(t.Context(), desk, mediation.AskRequest{Request: mediation.Request{
			Kind: mediation.Scheduled, Language: "ar", Mode: mediation.Phone, Code: "A-1", Slot: mediation.Slot{Start: at(10, 0), End: at(11, 0)},
		}}); !fault.Is(err, fault.KindConflict) {
			t.Errorf("booked while she is busy elsewhere: %v", err)
		}
		if booking == "" {
			t.Error("no booking")
		}

		o.pass(31 * time.Minute) // nothing has changed
		if out := o.read(); out.Trouble != agenda.NoTrouble || there.asked[1] == "" {
			t.Errorf("%+v %q", out, there.asked)
		}
		next := failures(t, o, there, want)
		server.Close()
		o.pass(next + time.Minute)
		if out := o.read(); out.Trouble != agenda.Unreachable || out.Failures != 5 {
			t.Errorf("%+v", out)
		}
		if err := o.Disconnect(t.Context(), mediator); err != nil {
			t.Fatal(err)
		}
		if got := o.busy(); len(got) > 0 {
			t.Errorf("disconnected, and still %v", got)
		}
		if err := o.Disconnect(t.Context(), mediator); !missing(err) {
			t.Errorf("%v", err)
		}
	})
}

// failures lets a calendar fail in every way, each time later, and gives the wait that follows.
func failures(t *testing.T, o *office, there *elsewhere, want []string) time.Duration {
	t.Helper()
	next := 30 * time.Minute
	for _, one := range []struct {
		status int
		text   string
		want   agenda.Trouble
	}{
		{http.StatusInternalServerError, "x", agenda.Failing},
		{http.StatusForbidden, "x", agenda.Gone},
		{http.StatusOK, "<html>entra</html>", agenda.NoCalendar},
		{http.StatusOK, "BEGIN:VCALENDAR\r\n" + strings.Repeat("BEGIN:X\r\nEND:X\r\n", 50_000) + "END:VCALENDAR\r\n", agenda.TooLarge},
	} {
		there.says(one.status, one.text)
		o.pass(next + time.Minute)
		next *= 2
		if out := o.read(); out.Trouble != one.want || !out.Next.Equal(o.clock().Add(next)) {
			t.Errorf("%d %.20q: %+v, at %s", one.status, one.text, out, o.clock())
		}
		if diff := cmp.Diff(want, o.busy()); diff != "" {
			t.Errorf("what fails has changed what is known: %s", diff)
		}
	}
	return next
}

// An address leads out of the house.
func TestNoCalendarInTheHouse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		o.Allowed = nil
		server := httptest.NewServer(&elsewhere{status: http.StatusOK, text: string(event("a", at(9, 0), at(12, 0)))})
		t.Cleanup(server.Close)
		for _, address := range []string{server.URL, "http://169.254.169.254/latest/meta-data", "http://[::1]/"} {
			if err := o.Connect(t.Context(), mediator, address); err != nil {
				t.Fatal(err)
			}
			if out := o.read(); out.Trouble != agenda.Forbidden {
				t.Errorf("%s: %+v", address, out)
			}
		}
	})
}
