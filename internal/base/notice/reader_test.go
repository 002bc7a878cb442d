// SPDX-License-Identifier: EUPL-1.2

package notice_test

import (
	"crypto/ecdh"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/notice"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/send"
)

func glass(n int) notice.Message {
	return notice.Message{
		Key: fmt.Sprintf("glass/%d", n), To: notice.Account("ada"), Template: "access.glass",
		Args: map[string]string{"who": "Bob", "until": "14:00"}, Link: "/office/glass/1",
	}
}

func TestTheInboxIsTheOwnersAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		for n := range notice.InboxPage + 2 {
			h.mustTell(glass(n))
		}
		h.mustTell(invitation)
		in, err := h.Inbox(t.Context(), ada, "it", false, 0, 0)
		if err != nil || len(in.Entries) != notice.InboxPage || in.New != notice.InboxPage+2 || in.Total != in.New {
			t.Fatalf("%d entries, %d new of %d: %v", len(in.Entries), in.New, in.Total, err)
		}
		e := in.Entries[0]
		if e.Subject != "Accesso eccezionale a dati protetti" || e.Link != "/it/office/glass/1" || !strings.HasPrefix(e.Paragraphs[0][0], "Bob ha aperto") {
			t.Errorf("entry: %+v", e)
		}
		older, err := h.Inbox(t.Context(), ada, "en", false, notice.InboxPage, 0)
		if err != nil || len(older.Entries) != 2 || older.Entries[1].ID >= older.Entries[0].ID {
			t.Errorf("older: %d, %v", len(older.Entries), err)
		}
		for name, a := range map[string]access.Actor{"a stranger": {}, "somebody else": admin} {
			if _, err := h.Entry(t.Context(), a, "it", e.ID); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s read it: %v", name, err)
			}
			if err := h.Read(t.Context(), a, e.ID); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s marked it: %v", name, err)
			}
		}
		if err := h.Read(t.Context(), ada, e.ID); err != nil {
			t.Fatal(err)
		}
		if n, err := h.Unread(t.Context(), ada); err != nil || n != notice.InboxPage+1 {
			t.Errorf("new: %d %v", n, err)
		}
		if n, err := h.Unread(t.Context(), access.Actor{}); err != nil || n != 0 {
			t.Errorf("a stranger has %d, %v", n, err)
		}
		if got, err := h.Entry(t.Context(), ada, "en", e.ID); err != nil || got.ReadAt.IsZero() || got.Subject != "Exceptional access to protected data" {
			t.Errorf("entry: %+v %v", got, err)
		}
		if err := h.Read(t.Context(), ada, ""); err != nil {
			t.Fatal(err)
		}
		if in, err := h.Inbox(t.Context(), ada, "it", true, 0, 0); err != nil || len(in.Entries) != 0 || in.New != 0 {
			t.Errorf("left: %+v %v", in, err)
		}
	})
}

func TestQuietHours(t *testing.T) {
	t.Parallel()
	rome := func(text string) time.Time {
		zone, err := time.LoadLocation("Europe/Rome")
		if err != nil {
			t.Fatal(err)
		}
		at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	day := notice.Quiet{On: true, Start: 13 * 60, Finish: 15 * 60, Zone: "Europe/Rome"}
	for _, c := range []struct {
		quiet notice.Quiet
		now   string
		end   string // "" outside
	}{
		{notice.Usual, "2026-07-01 12:00", ""},
		{notice.Usual, "2026-07-01 21:59", ""},
		{notice.Usual, "2026-07-01 22:00", "2026-07-02 07:00"},
		{notice.Usual, "2026-07-02 06:59", "2026-07-02 07:00"},
		{notice.Usual, "2026-07-02 07:00", ""},
		{notice.Usual, "2026-03-28 23:00", "2026-03-29 07:00"}, // the hour is skipped
		{notice.Usual, "2026-10-24 23:00", "2026-10-25 07:00"}, // the hour comes twice
		{notice.Usual, "2026-12-31 23:00", "2027-01-01 07:00"},
		{day, "2026-07-01 14:00", "2026-07-01 15:00"},
		{day, "2026-07-01 23:00", ""},
		{notice.Quiet{Start: 0, Finish: 60, Zone: "Europe/Rome"}, "2026-07-01 00:30", ""},
		{notice.Quiet{On: true, Start: 60, Finish: 60, Zone: "Europe/Rome"}, "2026-07-01 01:00", ""},
	} {
		end, quiet := c.quiet.Ends(rome(c.now))
		if quiet != (c.end != "") || quiet && !end.Equal(rome(c.end)) {
			t.Errorf("%+v at %s: %v %t, want %s", c.quiet, c.now, end, quiet, c.end)
		}
	}
}

// In Rome clocks went from 02:00 to 03:00 on 29 March 2026, and from 03:00 back to 02:00 on 25 October.
func TestQuietHoursThatEndInAnOddHour(t *testing.T) {
	t.Parallel()
	night := notice.Quiet{On: true, Start: 22 * 60, Finish: 2*60 + 30, Zone: "Europe/Rome"}
	for _, c := range []struct{ now, end string }{ // in UTC; "" outside
		{"2026-03-29 00:50", "2026-03-29 01:00"}, // half past two never comes: silence ends at three
		{"2026-03-29 01:00", ""},
		{"2026-10-25 00:20", "2026-10-25 00:30"},
		{"2026-10-25 00:40", ""},                 // 02:40, the first time
		{"2026-10-25 01:20", "2026-10-25 01:30"}, // 02:20, the second time
		{"2026-10-25 01:30", ""},
	} {
		now, err := time.Parse("2006-01-02 15:04", c.now)
		if err != nil {
			t.Fatal(err)
		}
		end, quiet := night.Ends(now.Add(20 * time.Second))
		if got := end.UTC().Format("2006-01-02 15:04"); quiet != (c.end != "") || quiet && (got != c.end || end.Second() != 0) {
			t.Errorf("at %s: until %s, %t; want %q", c.now, got, quiet, c.end)
		}
	}
	for minute := range 3 * 24 * 60 { // over both nights nothing rings within, and silence never lasts longer than it may
		for _, day := range []time.Time{time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 24, 0, 0, 0, 0, time.UTC)} {
			now := day.Add(time.Duration(minute) * time.Minute)
			end, quiet := night.Ends(now)
			if !quiet {
				continue
			}
			if _, still := night.Ends(end); still || end.Sub(now) > 5*time.Hour+30*time.Minute || !end.After(now) {
				t.Fatalf("at %v: until %v", now, end)
			}
		}
	}
}

func TestTelephonesStaySilentAtNight(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.set(noon.Add(12*time.Hour + 2*time.Millisecond)) // midnight in Rome
		h.mustTell(glass(1))
		urgent := glass(2)
		urgent.Urgent = true
		h.mustTell(urgent)
		h.run(nil)
		h.eventually("mail and what is urgent has gone out", func() bool {
			letters, texts := h.post.sent()
			return len(letters) == 2 && len(texts) == 1
		})
		h.eventually("the other waits for the morning", func() bool {
			page, err := h.Fates(t.Context(), admin, notice.Filter{Channel: notice.SMS, State: notice.Waiting})
			return err == nil && len(page.List) == 1 && page.List[0].DueAt.Equal(time.Date(2026, 7, 2, 5, 0, 0, 0, time.UTC))
		})
		_, texts := h.post.sent()
		if texts[0].To != "+390001" || texts[0].Text != "Rete Prova: exceptional access to review https://rete.example/en/office/glass/1" {
			t.Errorf("text: %+v", texts[0])
		}
	})
}

func TestPreferences(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		p, err := h.Preferences(t.Context(), ada)
		if err != nil || p.Quiet != notice.Usual {
			t.Fatalf("%+v %v", p, err)
		}
		var shown []string
		for i, c := range p.Choice {
			shown = append(shown, c.Topic+"/"+string(c.Channel))
			p.Choice[i].Wanted = c.Channel != notice.Mail
		}
		if got := strings.Join(shown, " "); got != "access/mail access/sms access/push directory/mail directory/push" {
			t.Errorf("choices: %s", got)
		}
		p.Quiet = notice.Quiet{On: true, Start: 0, Finish: 8 * 60, Zone: "Europe/Kyiv"}
		if err := h.Prefer(t.Context(), ada, p); err != nil {
			t.Fatal(err)
		}
		if again, err := h.Preferences(t.Context(), ada); err != nil || fmt.Sprint(again) != fmt.Sprint(p) {
			t.Errorf("kept: %+v %v", again, err)
		}
		h.run(nil)
		h.mustTell(glass(1))
		if err := h.Try(t.Context(), access.Actor{Account: "ada", Roles: admin.Roles, Strong: true}); err != nil {
			t.Fatal(err)
		}
		h.eventually("only what must arrive comes by mail", func() bool {
			letters, texts := h.post.sent()
			return len(texts) == 2 && len(letters) == 1 && letters[0].Language == "ar"
		})
		for name, change := range map[string]func(*notice.Preferences){
			"an hour too many": func(p *notice.Preferences) { p.Quiet.Finish = 24 * 60 },
			"before midnight":  func(p *notice.Preferences) { p.Quiet.Start = -1 },
			"no such zone":     func(p *notice.Preferences) { p.Quiet.Zone = "Europe/Atlantis" },
			"no zone":          func(p *notice.Preferences) { p.Quiet.Zone = "" },
			"no such topic":    func(p *notice.Preferences) { p.Choice = []notice.Preference{{Topic: "identity", Channel: notice.Mail}} },
		} {
			bad := p
			change(&bad)
			if err := h.Prefer(t.Context(), ada, bad); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := h.Prefer(t.Context(), access.Actor{}, p); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a stranger: %v", err)
		}
	})
}

// device is a browser that has subscribed at a push service.
func device(t *testing.T, service, name string) send.Subscription {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := send.Subscription{Endpoint: service + "/" + name}
	s.Keys.P256dh = base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes())
	s.Keys.Auth = base64.RawURLEncoding.EncodeToString([]byte("0123456789abcdef"))
	return s
}

func TestBrowsersThatHaveSubscribed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		pushed := make(chan string, 10)
		service := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/gone" {
				w.WriteHeader(http.StatusGone)
				return
			}
			pushed <- r.URL.Path
			w.WriteHeader(http.StatusCreated)
		}))
		t.Cleanup(service.Close)
		authorities := x509.NewCertPool()
		authorities.AddCert(service.Certificate())
		good := device(t, service.URL, "good")
		for _, s := range []send.Subscription{good, device(t, service.URL, "gone"), good} {
			if err := h.Subscribe(t.Context(), ada, s, "Firefox"); err != nil {
				t.Fatal(err)
			}
		}
		list, err := h.Devices(t.Context(), ada)
		if err != nil || len(list) != 2 {
			t.Fatalf("%d devices, %v", len(list), err)
		}
		if kept, err := db.Rows(t.Context(), d, db.Column[[]byte], `SELECT sealed FROM notice_subscription`); err != nil || strings.Contains(string(kept[0]), "127.0.0.1") {
			t.Errorf("a subscription stands in clear: %v", err)
		}
		keys, err := send.OpenPushKeys(filepath.Join(t.TempDir(), "push.json"))
		if err != nil {
			t.Fatal(err)
		}
		h.run(send.NewPusher(keys, "https://rete.example", send.Reach{Allowed: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Authorities: authorities}))
		h.mustTell(glass(1))
		if path := <-pushed; path != "/good" {
			t.Errorf("pushed to %s", path)
		}
		h.eventually("one browser has taken it", func() bool {
			page, err := h.Fates(t.Context(), admin, notice.Filter{Channel: notice.Push})
			return err == nil && len(page.List) == 1 && page.List[0].State == notice.Sent
		})
		if list, err = h.Devices(t.Context(), ada); err != nil || len(list) != 1 {
			t.Fatalf("a browser that is gone is kept: %v %v", list, err)
		}
		if err := h.Unsubscribe(t.Context(), admin, list[0].ID); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("somebody else took it away: %v", err)
		}
		if err := h.Unsubscribe(t.Context(), ada, list[0].ID); err != nil {
			t.Fatal(err)
		}
		for n := range notice.MaxDevices + 1 {
			err := h.Subscribe(t.Context(), ada, device(t, service.URL, fmt.Sprint(n)), "")
			if want := n >= notice.MaxDevices; fault.Is(err, fault.KindConflict) != want {
				t.Errorf("device %d: %v", n, err)
			}
		}
		if err := h.Subscribe(t.Context(), access.Actor{}, good, ""); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a stranger: %v", err)
		}
		if err := h.Subscribe(t.Context(), ada, send.Subscription{Endpoint: "http://10.0.0.1"}, ""); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("no subscription: %v", err)
		}
	})
}

func TestWhoCannotBeReached(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.run(nil)
		for n, account := range []string{"quiet", "closed"} {
			m := glass(n)
			m.To = notice.Account(account)
			h.mustTell(m)
		}
		h.eventually("both letters are dropped, and of text messages nothing is noted", func() bool {
			page, err := h.Fates(t.Context(), admin, notice.Filter{State: notice.Dropped})
			return err == nil && len(page.List) == 2 && page.List[0].Channel == notice.Mail && page.List[0].Why == notice.WhyNoAddress
		})
	})
}

func TestWhatIsKeptAndForHowLong(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.mustTell(invitation)
		h.mustTell(glass(1))
		h.run(nil)
		h.eventually("all is sent", func() bool {
			page, err := h.Fates(t.Context(), admin, notice.Filter{State: notice.Sent})
			return err == nil && len(page.List) == 3
		})
		page, err := h.Fates(t.Context(), admin, notice.Filter{Template: "identity.invitation"})
		if err != nil {
			t.Fatal(err)
		}
		tidy := func() {
			t.Helper()
			if err := h.TidyNow(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		sealed := func() int64 {
			n, err := db.Row(t.Context(), d, db.Column[int64], `SELECT count(*) FROM notice_message WHERE sealed IS NOT NULL`)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		h.set(noon.Add(notice.KeepOutside - time.Hour))
		tidy()
		if sealed() != 2 {
			t.Error("something was forgotten too early")
		}
		h.set(noon.Add(notice.KeepOutside + time.Hour))
		tidy()
		if sealed() != 1 {
			t.Error("the address of somebody without account was kept")
		}
		if err := h.SendAgain(t.Context(), admin, page.List[0].ID); !fault.Is(err, fault.KindConflict) {
			t.Errorf("sent again: %v", err)
		}
		h.set(noon.Add(notice.KeepInbox + time.Hour))
		tidy()
		if in, err := h.Inbox(t.Context(), ada, "it", false, 0, 0); err != nil || len(in.Entries) != 0 {
			t.Errorf("the inbox keeps %d, %v", len(in.Entries), err)
		}
	})
}

// A node that dies at the last attempt leaves a delivery that nobody has.
func TestStrandedDeliveriesAreTakenUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.mustTell(invitation)
		if _, err := db.Exec(t.Context(), d, `DELETE FROM river_job`); err != nil {
			t.Fatal(err)
		}
		h.set(noon.Add(13 * time.Hour))
		for range 2 { // the second time it is too early again
			if err := h.TidyNow(t.Context()); err != nil {
				t.Fatal(err)
			}
			h.set(noon.Add(15 * time.Hour))
		}
		if n, err := db.Row(t.Context(), d, db.Column[int64], `SELECT count(*) FROM river_job`); err != nil || n != 1 {
			t.Fatalf("%d jobs, %v", n, err)
		}
		h.run(nil)
		h.eventually("it is sent", func() bool { return h.fates()[0] == "mail sent 1" })
	})
}

func TestLettersInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, p := range lang.CheckCatalogue(notice.Locales()) {
		t.Error(p)
	}
}
