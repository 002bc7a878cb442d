// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/base/identity"
	"approdo/internal/domain/mediation/agenda"
	"approdo/internal/kit/db"
	"approdo/internal/kit/web"
)

// still is the moment at which the clocks of all worlds stand.
var still = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

// demoWorld is the demo network in a folder, with everybody logged in.
type demoWorld struct {
	folder string
	tokens map[string]string // by column
	who    []string
	bodies [2]string // acted for by everybody, and by "other-body"
	secret string    // password of a program that the mediator let in to the calendar
}

// others are columns beside the roles: somebody who administers and edits another body.
const otherBody = "other-body"

// program is the column of a program with a password of its own, and without a session.
const program = "calendar-program"

// theDemo is built once: everybody gets copies of it.
var theDemo struct {
	sync.Mutex
	world *demoWorld
}

func TestMain(m *testing.M) {
	code := m.Run()
	if w := theDemo.world; w != nil {
		if err := os.RemoveAll(w.folder); err != nil {
			panic(err)
		}
	}
	os.Exit(code)
}

// newDemo gives the demo network, in which everybody is logged in, once for every role, with a second
// factor where the role needs one.
func newDemo(t *testing.T) *demoWorld {
	t.Helper()
	theDemo.Lock()
	defer theDemo.Unlock()
	if theDemo.world == nil {
		theDemo.world = buildDemo(t)
	}
	return theDemo.world
}

func buildDemo(t *testing.T) *demoWorld {
	t.Helper()
	folder, err := os.MkdirTemp("", "approdo-demo-")
	if err != nil {
		t.Fatal(err)
	}
	w := &demoWorld{folder: folder, tokens: map[string]string{}, who: []string{"stranger"}}
	a, err := Open(t.Context(), Config{Data: w.folder, Clock: func() time.Time { return still }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Demo(t.Context()); err != nil {
		t.Fatal(err)
	}
	examples, err := a.DemoAccounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range examples {
		name, _, _ := strings.Cut(e.Email, "@")
		from := identity.Source{Address: "203.0.113." + strconv.Itoa(i+1)}
		ticket, err := a.Identity.LogIn(t.Context(), from, e.Email, e.Password)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if e.Secret != "" {
			code, _, err := a.Identity.ExampleCode(t.Context(), e.Email)
			if err != nil {
				t.Fatal(err)
			}
			if ticket, err = a.Identity.ConfirmCode(t.Context(), from, ticket.Token, code); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		s, err := a.Identity.Authenticate(t.Context(), ticket.Token)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Bodies) > 1 {
			name = otherBody
			second := s.Bodies[0]
			if second == e.Member {
				second = s.Bodies[1]
			}
			if err := a.Identity.ChooseBody(t.Context(), from, ticket.Token, second); err != nil {
				t.Fatal(err)
			}
			w.bodies = [2]string{e.Member, second}
		}
		w.tokens[name] = ticket.Token
		w.who = append(w.who, name)
	}
	w.furnish(t, a)
	mediator, err := a.Identity.Session(t.Context(), w.tokens["mediator"])
	if err != nil {
		t.Fatal(err)
	}
	if w.secret, err = a.Agenda.MakeKey(t.Context(), mediator, agenda.App, "telefono", "it"); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return w
}

// running is one copy of a demo world, being served.
type running struct {
	t      *testing.T
	demo   *demoWorld
	config Config
	app    *App
	routes *web.Routes
	site   http.Handler
	events int64
	resets int
}

// run serves a copy of the world. policies, when given, take the place of the real ones.
func (w *demoWorld) run(t *testing.T) *running {
	t.Helper()
	r := &running{t: t, demo: w}
	r.start()
	t.Cleanup(r.stop)
	return r
}

func (r *running) start() {
	r.t.Helper()
	dir, err := os.MkdirTemp("", "approdo-world-")
	if err != nil {
		r.t.Fatal(err)
	}
	r.config = Config{Data: filepath.Join(dir, "data"), Clock: func() time.Time { return still }}
	if err := os.CopyFS(r.config.Data, os.DirFS(r.demo.folder)); err != nil {
		r.t.Fatal(err)
	}
	if r.app, err = Open(context.Background(), r.config); err != nil {
		r.t.Fatal(err)
	}
	finder, err := r.app.Finder(context.Background())
	if err != nil {
		r.t.Fatal(err)
	}
	if r.routes, err = r.app.routes(context.Background(), ServeConfig{Log: slog.New(slog.DiscardHandler), PublicURL: "https://approdo.example"}, finder); err != nil {
		r.t.Fatal(err)
	}
	r.site = r.routes.Handler()
	r.events = r.changes()
}

func (r *running) stop() {
	if err := r.app.Close(); err != nil {
		r.t.Error(err)
	}
	if err := os.RemoveAll(filepath.Dir(r.config.Data)); err != nil {
		r.t.Error(err)
	}
}

// changes counts what was done: every change is an event of the log.
func (r *running) changes() int64 {
	r.t.Helper()
	n, err := db.Row(context.Background(), r.app.DB, db.Column[int64], `SELECT count(*) FROM audit_event WHERE NOT is_read`)
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

// Changed and Reset put the world back before the next question.
func (r *running) Changed() bool { return r.changes() != r.events }

func (r *running) Reset() {
	r.resets++
	r.stop()
	r.start()
}

// Ask asks with the session of a column.
func (r *running) Ask(who string, q accesstest.Request) accesstest.Answer {
	request := httptest.NewRequestWithContext(context.Background(), q.Method, "https://approdo.example"+q.Path, nil)
	if q.Method == http.MethodPost {
		request = httptest.NewRequestWithContext(context.Background(), q.Method, "https://approdo.example"+q.Path, strings.NewReader(q.Form.Encode()))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	request.Header.Set("Accept", q.Accept)
	request.RemoteAddr = "203.0.113.250:1"
	if who == program {
		request.SetBasicAuth("approdo", r.demo.secret)
	}
	if token := r.demo.tokens[who]; token != "" {
		request.AddCookie(&http.Cookie{Name: "__Host-approdo", Value: token})
	}
	answer := httptest.NewRecorder()
	r.site.ServeHTTP(answer, request)
	return accesstest.Answer{Status: answer.Code, Header: answer.Header(), Body: answer.Body.Bytes()}
}

// guarded are the routes that are not for everybody, in Italian.
func (r *running) guarded() []accesstest.Route {
	var list []accesstest.Route
	for _, route := range r.routes.List() {
		if route.Rule == web.Public || route.Rule == web.Link {
			continue
		}
		pattern := route.Pattern
		if route.Localized {
			pattern = "/it" + pattern
		}
		method := route.Method
		if method == "" {
			method = http.MethodGet
		}
		list = append(list, accesstest.Route{Method: method, Pattern: pattern, Rule: route.Rule.String()})
	}
	return list
}

// actorOf is the session of a column, as use cases see it.
func (r *running) actorOf(who string) access.Actor {
	r.t.Helper()
	a, err := r.app.Identity.Session(context.Background(), r.demo.tokens[who])
	if err != nil {
		r.t.Fatal(err)
	}
	return a
}
