// SPDX-License-Identifier: EUPL-1.2

package notice_test

import (
	"strings"
	"testing"
	"time"

	"approdo/internal/base/notice"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/calendar/ical"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// A letter about an appointment brings it as a file for calendars, which says when and where; calling it off
// brings the same with a higher number.
func TestLettersBringAppointments(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.run(nil)
		e := notice.Event{
			UID: "b1@approdo", Start: time.Date(2026, 7, 6, 10, 0, 0, 0, calendar.Rome()), End: time.Date(2026, 7, 6, 11, 0, 0, 0, calendar.Rome()),
			Place: "Cesena (FC)", Summary: "notice.open", Language: "fr", Link: "/mediation",
		}
		told := func(key string, e *notice.Event) string {
			h.mustTell(notice.Message{Key: key, To: notice.Account("ada"), Template: "directory.verify_ask", Args: map[string]string{"service": "x"}, Link: "/geheim", Event: e})
			h.eventually("the letter "+key+" is sent", func() bool { letters, _ := h.post.sent(); return len(letters) > 0 })
			letters, _ := h.post.sent()
			h.post.mu.Lock()
			h.post.letters = nil
			h.post.mu.Unlock()
			if e == nil {
				if letters[0].Attached != nil {
					t.Error("a letter about no appointment brings one")
				}
				return ""
			}
			a := letters[0].Attached
			if _, dropped, err := ical.Read(a.Data, ical.Entry); err != nil || dropped > 0 || !strings.HasPrefix(a.Type, "text/calendar") {
				t.Fatalf("%s: %v, %d lines dropped: %s", a.Type, err, dropped, a.Data)
			}
			return a.Type + "\n" + strings.ReplaceAll(string(a.Data), "\r\n ", "")
		}
		told("none", nil)
		text := told("made", &e)
		for _, want := range []string{"method=PUBLISH", "METHOD:PUBLISH", "UID:b1@approdo", "SEQUENCE:0", "DTSTART;TZID=Europe/Rome:20260706T100000", "DTEND;TZID=Europe/Rome:20260706T110000", "LOCATION:Cesena (FC)", "STATUS:CONFIRMED", "URL:https://rete.example/ar/mediation"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %s in %s", want, text)
			}
		}
		if strings.Contains(text, "geheim") {
			t.Errorf("the link of the letter lies in the calendar: %s", text)
		}
		e.Cancelled, e.Sequence = true, 3
		text = told("off", &e)
		for _, want := range []string{"method=CANCEL", "METHOD:CANCEL", "UID:b1@approdo", "SEQUENCE:3", "STATUS:CANCELLED"} {
			if !strings.Contains(text, want) {
				t.Errorf("no %s in %s", want, text)
			}
		}
	})
}
