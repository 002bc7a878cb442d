// SPDX-License-Identifier: EUPL-1.2

package census_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// source is an address that one can spoil.
type source struct {
	text, etag string
	answer     http.HandlerFunc // nil answers with the text
	asked      []http.Header
	sent       int // whole answers
}

func (s *source) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked = append(s.asked, r.Header.Clone())
	if s.answer != nil {
		s.answer(w, r)
		return
	}
	if s.etag != "" {
		w.Header().Set("ETag", s.etag)
		if r.Header.Get("If-None-Match") == s.etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	s.sent++
	_, _ = w.Write([]byte(s.text))
}

const one, two = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"

// follow begins a dataset that is fetched from a source every day, and a person who is to be told.
func follow(t *testing.T, d *db.DB, s *source) *office {
	t.Helper()
	o := open(t, d)
	o.Allowed = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	o.Patience = time.Second
	if _, err := db.Exec(t.Context(), d, `INSERT INTO identity_membership (id, account_id, member, role, from_at, granted_by) VALUES ('m-net', 'editor-comune', 'comune', $1, 0, '')`, string(access.NetworkAdministrator)); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	o.must(o.SaveDataset(t.Context(), network(), census.Dataset{Name: "altrove", Address: server.URL + "/services.json?key=secret", EveryHours: 24, Options: census.Options{Complete: true}}))
	return o
}

// after lets time pass, and fetches what is due.
func (o *office) after(wait time.Duration) (fetched int) {
	o.t.Helper()
	o.now = o.now.Add(wait)
	n, err := o.Due(o.t.Context())
	o.must(err)
	return n
}

func (o *office) dataset() census.Dataset {
	o.t.Helper()
	d, err := o.ReadDataset(o.t.Context(), network(), "altrove")
	o.must(err)
	return d
}

// What has not changed is not sent again (RFC 9110, 13): the address is asked with what it said.
func TestAFeedThatHasNotChangedIsNotReadAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &source{text: "[" + hsdsService(one, "Uno") + "]", etag: `"v1"`}
		o := follow(t, d, s)
		for range 3 {
			o.after(25 * time.Hour)
		}
		if s.sent != 1 || s.asked[2].Get("If-None-Match") != `"v1"` {
			t.Errorf("sent %d times, asked with %q", s.sent, s.asked[2].Get("If-None-Match"))
		}
		list, _, err := o.Imports(t.Context(), network(), "altrove", 1, 1)
		if err != nil || list[0].State != census.ImportNothing || !list[0].Look.Unchanged {
			t.Errorf("%+v, %v", list, err)
		}
		if got := o.names(); !strings.Contains(got, "Uno@") {
			t.Errorf("what has not changed went: %s", got)
		}
		if from, found, err := o.FeedOf(t.Context(), one); err != nil || !found || from.Dataset != "altrove" || from.At.IsZero() || strings.Contains(from.Address, "?") {
			t.Errorf("its source: %+v, %v", from, err)
		}
		if from, err := o.OriginOf(t.Context(), network(), one); err != nil || from.Name == "" || strings.Contains(from.Name+from.Address, "secret") || !strings.HasSuffix(from.Address, "/services.json") {
			t.Errorf("its origin: %+v, %v", from, err)
		}
		if _, found, err := o.FeedOf(t.Context(), "s1"); err != nil || found {
			t.Errorf("what comes from no feed: %v", err)
		}
		s.text, s.etag = "["+hsdsService(one, "Uno nuovo")+"]", `"v2"`
		o.after(25 * time.Hour)
		if got := o.names(); s.sent != 2 || !strings.Contains(got, "Uno nuovo@") {
			t.Errorf("the new version: %s", got)
		}
		// A person who presses the button wants to see it read, whatever the address says.
		if i, err := o.Fetch(t.Context(), network(), "altrove"); err != nil || i.Look.Unchanged || s.sent != 3 {
			t.Errorf("by hand: %+v, %v", i.State, err)
		}
	})
}

func TestAFeedThatFailsIsToldAndTriedLess(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]http.HandlerFunc{
		"not there": http.NotFound,
		"bad JSON":  func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`[{"id":`)) },
		"inward": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
		},
		"slow": func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte("["))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &source{text: "[" + hsdsService(one, "Uno") + "]"}
			d := dbtest.SQLite(t, schema())
			o := follow(t, d, s)
			if name == "slow" {
				o.Patience = 50 * time.Millisecond
			}
			o.after(0)
			s.answer = spoil
			o.after(25 * time.Hour)
			if failed := o.dataset(); failed.Failures != 1 || failed.NextAt.Sub(o.now) != time.Hour || len(o.news) != 0 {
				t.Fatalf("once: %d, next after %v, told %d", failed.Failures, failed.NextAt.Sub(o.now), len(o.news))
			}
			o.after(time.Hour)
			failed := o.dataset()
			if failed.Failures != 2 || failed.NextAt.Sub(o.now) != 2*time.Hour || failed.FailingSince.IsZero() {
				t.Errorf("twice: %d, next after %v", failed.Failures, failed.NextAt.Sub(o.now))
			}
			if len(o.news) != 1 || o.news[0].Template != "census.feed" || o.news[0].Args["dataset"] != "altrove" || len(o.news[0].Accounts) != 1 {
				t.Errorf("told: %+v", o.news)
			}
			for range 10 {
				o.after(25 * time.Hour)
			}
			if failed := o.dataset(); failed.NextAt.Sub(o.now) != 24*time.Hour || o.news[len(o.news)-1].Key != o.news[0].Key {
				t.Errorf("in the end: next after %v, told as %+v", failed.NextAt.Sub(o.now), o.news)
			}
			if !strings.Contains(o.names(), "Uno@") {
				t.Error("what the feed had brought went")
			}
			s.answer = nil
			o.after(25 * time.Hour)
			if well := o.dataset(); well.Failures != 0 || !well.FailingSince.IsZero() || well.NextAt.Sub(o.now) != 24*time.Hour {
				t.Errorf("well again: %+v", well)
			}
		})
	}
}

// Whoever presses the button sees what went wrong; those who keep the dataset are told all the same, once.
func TestAFeedThatFailedByHandIsToldToo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &source{answer: http.NotFound}
		o := follow(t, d, s)
		told := func(when string, want int) {
			t.Helper()
			keys := map[string]bool{} // the same key again tells nothing
			for _, n := range o.news {
				keys[n.Key] = true
			}
			if len(keys) != want {
				t.Errorf("%s: told %d times, want %d: %+v", when, len(keys), want, o.news)
			}
		}
		o.after(0)
		if i, err := o.Fetch(t.Context(), network(), "altrove"); err != nil || i.State != census.ImportFailed {
			t.Fatalf("%s, %v", i.State, err)
		}
		told("by hand", 0)
		for range 3 {
			o.after(25 * time.Hour)
		}
		told("by the clock", 1)
		s.answer, s.text = nil, "["+hsdsService(one, "Uno")+"]"
		o.after(25 * time.Hour)
		s.answer = http.NotFound
		for range 3 {
			o.after(25 * time.Hour)
		}
		told("well again, and failing anew", 2)
	})
}

// A source that suddenly has next to nothing does not empty the census: a person has to say so.
func TestAFeedDoesNotTakeMostAwayByItself(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		many := make([]string, 20)
		for i := range many {
			many[i] = hsdsService("11111111-1111-4111-8111-1111111111"+string(rune('a'+i/10))+string(rune('0'+i%10)), "Molti")
		}
		s := &source{text: "[" + strings.Join(many, ",") + "]"}
		o := follow(t, d, s)
		o.after(0)
		s.text = "[" + many[0] + "]"
		o.after(25 * time.Hour)
		list, _, err := o.Imports(t.Context(), network(), "altrove", 1, 1)
		if err != nil || list[0].State != census.ImportRefused || list[0].Look.Faults[0].Key != "import.many_gone" || strings.Count(o.names(), "Molti") != 20 {
			t.Fatalf("%+v, %v", list[0].Look.Faults, err)
		}
		if i, err := o.Fetch(t.Context(), network(), "altrove"); err != nil || i.State != census.ImportApplied || strings.Count(o.names(), "Molti") != 1 {
			t.Errorf("by hand: %s, %v", i.State, err)
		}
	})
}

// Of a small dataset a few may go by the clock, and never all.
func TestAFeedDoesNotTakeASmallDatasetAway(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &source{text: "[" + hsdsService(one, "Uno") + "," + hsdsService(two, "Due") + "]"}
		o := follow(t, d, s)
		o.after(0)
		s.text = "[" + hsdsService(one, "Uno") + "]"
		o.after(25 * time.Hour)
		if got := o.names(); !strings.Contains(got, "Uno@") || strings.Contains(got, "Due@") {
			t.Fatalf("one of two goes: %s", got)
		}
		// Another in the place of the last is all of them gone as well.
		s.text = "[" + hsdsService(two, "Due") + "]"
		o.after(25 * time.Hour)
		list, _, err := o.Imports(t.Context(), network(), "altrove", 1, 1)
		if got := o.names(); err != nil || list[0].State != census.ImportRefused || list[0].Look.Faults[0].Key != "import.many_gone" || !strings.Contains(got, "Uno@") {
			t.Errorf("%s %+v, %v: %s", list[0].State, list[0].Look.Faults, err, got)
		}
	})
}

// A command at the machine and the browser are one way: what the one brings the other shows and undoes.
func TestACommandIsAnImportAsAllOthers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.WithoutCancel(t.Context())
		o := open(t, d)
		path := t.TempDir() + "/elenco.json"
		write(t, path, "["+hsdsService(one, "Uno")+"]")
		before := o.names()
		if i, err := o.Take(ctx, census.TakeRequest{Path: path, DryRun: true}); err != nil || i.Look.Outcome["service"].Created != 1 || o.names() != before {
			t.Fatalf("a trial: %+v, %v", i.Look.Outcome, err)
		}
		i, err := o.Take(ctx, census.TakeRequest{Path: path})
		if err != nil || i.State != census.ImportApplied || i.Dataset != "elenco" {
			t.Fatalf("%s %s, %v", i.State, i.Dataset, err)
		}
		o.missing("an editor", func() error { _, err := o.ReadImport(ctx, editor("coop"), i.ID); return err }())
		shown, err := o.ReadImport(ctx, network(), i.ID)
		o.must(err)
		from, err := o.OriginOf(ctx, network(), one)
		if err != nil || from.Dataset != "elenco" || from.Import != i.ID || from.Name != path || from.Edited {
			t.Errorf("%+v, %v", from, err)
		}
		o.must(o.Undo(ctx, network(), i.ID, shown.Version))
		if o.names() != before {
			t.Errorf("undone: %s", o.names())
		}
		// What belongs to others is held and told, and taken over when somebody says so.
		write(t, path, "["+hsdsService(two, "Due")+"]")
		_, err = o.Directory.Save(ctx, directory.Batch{Source: "altri", Services: []directory.Service{service(two, "coop", "Loro")}})
		o.must(err)
		if i, err := o.Take(ctx, census.TakeRequest{Path: path}); err != nil || len(i.Look.Held) != 1 || i.Look.Held[0].Owner != "altri" {
			t.Errorf("another dataset's: %+v, %v", i.Look.Held, err)
		}
		if i, err := o.Take(ctx, census.TakeRequest{Path: path, Options: census.Options{TakesOver: []string{"altri"}}}); err != nil || len(i.Look.Held) != 0 || !strings.Contains(o.names(), "Due@") {
			t.Errorf("taken over: %+v, %v", i.Look.Held, err)
		}
	})
}
