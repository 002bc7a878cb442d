// SPDX-License-Identifier: EUPL-1.2

package mediationweb_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/mediationweb"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/vault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
	"approdo/internal/kit/web/ui"
)

// clock is a Monday in winter.
func clock() time.Time { return time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC) }

// house is the pages and the API over a database, for whoever actor is.
type house struct {
	http.Handler
	*mediation.UseCases
	t     *testing.T
	actor access.Actor
	links []string // of messages
}

func open(t *testing.T, d *db.DB) *house {
	t.Helper()
	guard, err := access.New(clock, access.Base(), mediation.Policy())
	if err != nil {
		t.Fatal(err)
	}
	folder, err := vault.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	keys, err := vault.New(t.Context(), d, folder, clock)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, actor: as("comune", access.DeskOperator)}
	h.UseCases = mediation.New(mediation.Deps{
		DB: d, Clock: clock, Guard: guard, Vault: keys,
		Tell: func(_ context.Context, _ *db.Tx, c mediation.Call) error {
			h.links = append(h.links, c.Link)
			return nil
		},
		TellDesk: func(context.Context, *db.Tx, mediation.DeskCall) error { return nil },
		Accounts: func(context.Context, db.Querier, string) (map[string]string, error) { return nil, nil },
		Partners: func(context.Context, db.Querier, string, calendar.Day) (map[string]string, error) { return nil, nil },
		Soon:     func(context.Context, *db.Tx) error { return nil },
		Later:    func(context.Context, *db.Tx, mediation.WaveDue, time.Duration) error { return nil },
	})
	words, err := lang.Open(ui.Locales(), openapi.Locales(), mediation.Locales(), mediationweb.Locales())
	if err != nil {
		t.Fatal(err)
	}
	site := &ui.Site{Network: "Rete di prova"}
	rs := web.New(web.Options{
		Catalogue: words, ErrorPage: site.ErrorPage, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), PublicURL: "https://approdo.example",
		Admit: func(r *http.Request, rule web.Rule) (context.Context, error) {
			if rule.Action() != "" && !guard.May(h.actor, rule.Action()) {
				return nil, fault.NotFound("fault.no_page")
			}
			return access.With(r.Context(), h.actor), nil
		},
	})
	mediationweb.Register(rs, mediationweb.Deps{Mediation: h.UseCases, Guard: guard, Site: site, Clock: clock})
	h.Handler = rs.Handler()
	return h
}

func as(member string, role access.Role) access.Actor {
	return access.Actor{Account: string(role) + "-" + member, Member: member, Roles: []access.Role{role}, Strong: true, SteppedUp: clock(), Via: audit.ViaPage}
}

// send asks the API and reads what it answers into answer.
func (h *house) send(method, path, key, body string, answer any) int {
	h.t.Helper()
	r := httptest.NewRequestWithContext(h.t.Context(), method, "https://approdo.example/api/mediation/v1"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if strings.Contains(w.Body.String(), "A-17") || strings.Contains(w.Body.String(), "nausea") {
		h.t.Errorf("%s %s tells of the person: %s", method, path, w.Body)
	}
	if answer != nil {
		if err := json.Unmarshal(w.Body.Bytes(), answer); err != nil {
			h.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
	}
	return w.Code
}

// amal is a mediator for Arabic who works from nine to five.
func (h *house) amal() mediation.Mediator {
	h.t.Helper()
	var hours []mediation.Weekly
	for day := time.Monday; day <= time.Friday; day++ {
		hours = append(hours, mediation.Weekly{Weekday: day, From: 9 * 60, To: 17 * 60})
	}
	m, err := h.Enlist(h.t.Context(), as("comune", access.MediationCoordinator), mediation.Mediator{
		Name: "Amal", Section: mediation.MediatorSection, Standing: mediation.Listed, Languages: []mediation.Language{{Code: "ar", Level: "C1"}},
		Modes: []mediation.Mode{mediation.Phone}, Hours: hours,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return m
}

// A program books for whoever is logged in: once for each key, refused with the next best times, moved and
// called off as often as it asks.
func TestAPI(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		h.amal()
		const what = `"language": "ar", "mode": "phone", "minutes": 60, "code": "A-17", "reason": "nausea"`
		var slots mediationweb.APISlots
		if code := h.send("POST", "/slots", "", "{"+what+`, "day": "2027-03-02"}`, &slots); code != http.StatusOK || len(slots.Slots) == 0 || slots.Slots[0].Name != "Amal" {
			t.Fatalf("%d %+v", code, slots)
		}
		at := slots.Slots[0].Start.Format(time.RFC3339)
		book := "{" + what + `, "start": "` + at + `"}`
		if code := h.send("POST", "/requests", "", book, nil); code != http.StatusUnprocessableEntity {
			t.Errorf("without a key: %d", code)
		}
		var first, again mediation.Asked
		if code := h.send("POST", "/requests", "k-1", book, &first); code != http.StatusOK || len(first.Bookings) != 1 {
			t.Fatalf("%d %+v", code, first)
		}
		if h.send("POST", "/requests", "k-1", book, &again); again.Requests[0] != first.Requests[0] {
			t.Errorf("the same key booked twice: %+v", again)
		}
		var taken mediationweb.APITaken
		if code := h.send("POST", "/requests", "k-2", book, &taken); code != http.StatusConflict || taken.Code != "mediation.nobody" || len(taken.Next) == 0 || !taken.Next[0].Start.After(slots.Slots[0].Start) {
			t.Errorf("%d %+v", code, taken)
		}
		path := "/requests/" + first.Requests[0]
		var one mediationweb.APIRequest
		to := slots.Slots[0].Start.Add(2 * time.Hour)
		for range 2 {
			if code := h.send("POST", path+"/move", "", `{"start": "`+to.Format(time.RFC3339)+`"}`, &one); code != http.StatusOK || !one.Start.Equal(to) || one.Mediators[0] != "Amal" {
				t.Errorf("%d %+v", code, one)
			}
		}
		var list mediationweb.APIRequests
		if code := h.send("GET", "/requests", "", "", &list); code != http.StatusOK || list.Total != 1 || list.Requests[0].State != "booked" {
			t.Errorf("%d %+v", code, list)
		}
		h.actor = as("asp", access.DeskOperator)
		for _, call := range [][2]string{{"GET", path}, {"POST", path + "/cancel"}, {"POST", path + "/move"}} {
			if code := h.send(call[0], call[1], "", `{"start": "2027-03-02T10:00:00Z"}`, nil); code != http.StatusNotFound {
				t.Errorf("%v of another body: %d", call, code)
			}
		}
		h.actor = as("comune", access.Translator)
		if code := h.send("GET", "/requests", "", "", nil); code != http.StatusNotFound {
			t.Errorf("somebody who may ask for nobody: %d", code)
		}
		h.actor = as("comune", access.DeskOperator)
		for range 2 {
			if code := h.send("POST", path+"/cancel", "", "", &one); code != http.StatusOK || one.State != "cancelled" {
				t.Errorf("%d %+v", code, one)
			}
		}
		var called mediation.Called
		if code := h.send("POST", "/calls", "k-3", "{"+strings.Replace(what, "60", "30", 1)+"}", &called); code != http.StatusOK || called.Offers != 1 {
			t.Errorf("%d %+v", code, called)
		}
		if code := h.send("GET", "/openapi.json", "", "", &map[string]any{}); code != http.StatusOK {
			t.Errorf("%d", code)
		}
	})
}

// Whoever asks for somebody by name who has that hour, or moves onto it, hears that it is taken, and what is not.
func TestWhatIsTakenHasNextBestTimes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		m := h.amal()
		book := func(key, hour, more string, answer any) int {
			return h.send("POST", "/requests", key, `{"language": "ar", "mode": "phone", "minutes": 60, "code": "A-17", "start": "2027-03-02T`+hour+`:00:00Z"`+more+`}`, answer)
		}
		var first, second mediation.Asked
		if book("k-1", "09", "", &first) != http.StatusOK || book("k-2", "11", "", &second) != http.StatusOK {
			t.Fatal("not booked")
		}
		var taken, moved mediationweb.APITaken
		if code := book("k-3", "11", `, "mediator": "`+m.ID+`"`, &taken); code != http.StatusConflict || taken.Code != "mediation.taken" || len(taken.Next) == 0 {
			t.Errorf("by name: %d %+v", code, taken)
		}
		code := h.send("POST", "/requests/"+first.Requests[0]+"/move", "", `{"start": "2027-03-02T11:00:00Z"}`, &moved)
		if code != http.StatusConflict || moved.Code != "mediation.taken" || len(moved.Next) == 0 || moved.Next[0].Mediator != m.ID {
			t.Fatalf("moved: %d %+v", code, moved)
		}
		var one mediationweb.APIRequest
		if code := h.send("POST", "/requests/"+first.Requests[0]+"/move", "", `{"start": "`+moved.Next[1].Start.Format(time.RFC3339)+`"}`, &one); code != http.StatusOK {
			t.Errorf("what is shown can't be had: %d %+v", code, one)
		}
	})
}
