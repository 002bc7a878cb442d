// SPDX-License-Identifier: EUPL-1.2

package home_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"approdo/internal/app/home"
	"approdo/internal/base/access"
	"approdo/internal/base/access/accessweb"
	"approdo/internal/base/audit"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for _, problem := range lang.CheckCatalogue(home.Locales()) {
		t.Error(problem)
	}
	words := catalogue(t).Words("it")
	for _, role := range access.Roles {
		if !words.Has("home.role." + string(role)) {
			t.Errorf("nothing says what the role %s is for", role)
		}
	}
	for _, task := range home.Tasks {
		if !words.Has(task.Key) || !words.Has(task.Key+".text") {
			t.Errorf("the task %s has no words", task.Key)
		}
	}
}

func catalogue(t *testing.T) *lang.Catalogue {
	t.Helper()
	c, err := lang.Open(ui.Locales(), home.Locales(), accessweb.Locales())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// room is a room that says what it is told.
type room struct {
	waiting []ui.Waiting
	hits    []ui.Hit
	err     error
	asked   *[]string
}

func (r room) Waiting(context.Context, access.Actor) ([]ui.Waiting, error) { return r.waiting, r.err }

func (r room) Find(_ context.Context, _ access.Actor, query string, _ int) ([]ui.Hit, error) {
	if r.asked != nil {
		*r.asked = append(*r.asked, query)
	}
	return r.hits, r.err
}

const policy = `
@id("editors") permit (principal, action == Action::"access.rule.read", resource) when { principal.roles.contains("directory-editor") };
`

var noon = time.Date(2026, 3, 7, 11, 0, 0, 0, time.UTC)

// serve is the home of an editor over these rooms; what it complains about goes into log.
func serve(t *testing.T, log *bytes.Buffer, rooms ...room) http.Handler {
	t.Helper()
	guard, err := access.New(time.Now, access.Policy{Name: "test", Text: policy})
	if err != nil {
		t.Fatal(err)
	}
	editor := access.Actor{Account: "a1", Name: "Carla Esempio", Member: "m1", Roles: []access.Role{access.DirectoryEditor}}
	site := &ui.Site{Network: "Rete", Frame: func(*http.Request) ui.Frame {
		return ui.Frame{Name: editor.Name, Search: home.SearchPath, Menu: append(home.OfficeMenu(), ui.OfficeItem{Key: "access.menu.rules", Path: "/office/access", Group: ui.GroupProof, Icon: "list"})}
	}}
	rs := web.New(web.Options{
		Catalogue: catalogue(t), ErrorPage: site.ErrorPage, Log: slog.New(slog.DiscardHandler),
		Admit: func(r *http.Request, _ web.Rule) (context.Context, error) {
			return access.With(r.Context(), editor), nil
		},
	})
	d := home.Deps{
		Site: site, Guard: guard, Clock: func() time.Time { return noon }, Log: slog.New(slog.NewTextHandler(log, nil)),
		Last: func(_ context.Context, account string, n int) ([]audit.Entry, error) {
			return []audit.Entry{
				{At: noon, Event: audit.Event{Action: "directory.service.publish", Kind: "service", Record: "s1"}},
				{At: noon, Event: audit.Event{Action: "something.new", Kind: "secret", Record: "s2"}},
			}, nil
		},
		Titles: func(_ context.Context, _ access.Actor, kind string, ids []string) (map[string]ui.Link, error) {
			if kind == "service" {
				return map[string]ui.Link{"s1": {Text: "Sportello di prova", Href: "/it/office/services/s1"}}, nil
			}
			return nil, nil
		},
		RoleName: func(_ context.Context, role access.Role) string { return "ruolo " + string(role) },
	}
	for _, r := range rooms {
		d.Waiters, d.Finders = append(d.Waiters, r), append(d.Finders, r)
	}
	home.Register(rs, d)
	return rs.Handler()
}

func get(t *testing.T, h http.Handler, path string) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	if w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%s may be kept by caches", path)
	}
	return w.Body.String()
}

// inOrder wants the texts in this order.
func inOrder(t *testing.T, body string, texts ...string) {
	t.Helper()
	from := 0
	for _, text := range texts {
		i := strings.Index(body[from:], text)
		if i < 0 {
			t.Fatalf("%q is not there, or not in its place", text)
		}
		from += i
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	body := get(t, serve(t, &log,
		room{waiting: []ui.Waiting{{Text: "later", Href: "/it/l", Due: noon.AddDate(0, 0, 9)}, {Text: "whenever", Href: "/it/w"}, {Text: "sooner", Href: "/it/s", Due: noon.AddDate(0, 0, 1)}}},
		room{waiting: []ui.Waiting{{Text: "burning", Href: "/it/b", Level: ui.Danger, Count: 4}, {Text: "soon", Href: "/it/n", Level: ui.Warning}}},
	), "/it/office")
	inOrder(t, body, "Buongiorno, Carla", "burning", "soon", "sooner", "later", "whenever")
	inOrder(t, body, "Pubblicazione · Servizio del censimento", "Sportello di prova", "Altra operazione")
	inOrder(t, body, "/it/office/access\"", "Le regole con cui", "ruolo directory-editor", "Scrivi e pubblichi", "il tuo ruolo non ha pagine proprie")
	inOrder(t, body, `href="/it/services"`, "Come lo vede il pubblico")
	if strings.Contains(body, "/office/access/emergencies") {
		t.Error("a task that the actor may not do is offered")
	}
	if strings.Contains(body, "s2") || log.Len() > 0 {
		t.Errorf("a record without a title shows, or something is complained about: %s", &log)
	}
}

func TestARoomThatFailsDoesNotTakeThePageWithIt(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := serve(t, &log, room{err: errors.New("no database")}, room{waiting: []ui.Waiting{{Text: "burning", Href: "/it/b"}}, hits: []ui.Hit{{Kind: "home.kind.body", Title: "Comune di prova", Href: "/it/c"}}})
	inOrder(t, get(t, h, "/it/office"), "Manca qualcosa", "burning")
	inOrder(t, get(t, h, "/it/office/search?q=riservatissimo"), "Manca qualcosa", "Comune di prova")
	if n := strings.Count(log.String(), "no database"); n != 2 {
		t.Errorf("%d complaints in the log", n)
	}
	if strings.Contains(log.String(), "riservatissimo") {
		t.Error("what was asked stands in the log")
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	var asked []string
	h := serve(t, &log,
		room{asked: &asked, hits: []ui.Hit{{Kind: "home.kind.body", Title: "Ufficio dello Spòrtello", Href: "/it/1"}, {Kind: "home.kind.body", Title: "Altro", Href: "/it/2"}}},
		room{hits: []ui.Hit{{Kind: "home.kind.project", Title: "Sportello per tutti", Href: "/it/3"}, {Kind: "home.kind.project", Title: "SPORTELLO", Href: "/it/4"}}},
	)
	body := get(t, h, "/it/office/search?q=+sportello+")
	inOrder(t, body, "4 risultati per «sportello»", "SPORTELLO", "Sportello per tutti", "Ufficio dello Spòrtello", "Altro")
	inOrder(t, body, "kind=home.kind.project", "kind=home.kind.body")
	if only := get(t, h, "/it/office/search?q=sportello&kind=home.kind.body"); strings.Contains(only, "Sportello per tutti") || !strings.Contains(only, "Altro") {
		t.Error("one kind alone")
	}
	inOrder(t, get(t, h, "/it/office/search?q=chi+puo"), "/it/office/access", "Chi può fare cosa")
	asked = nil
	inOrder(t, get(t, h, "/it/office/search?q=a"), "Scrivi almeno due lettere")
	if len(asked) > 0 {
		t.Errorf("rooms were asked %v", asked)
	}
	get(t, h, "/it/office/search?q="+strings.Repeat("a", 5000))
	if len(asked) != 1 || len(asked[0]) > 200 {
		t.Error("a question without end reached the rooms")
	}
	if body := get(t, h, "/it/office/search?q=%3Cscript%3Ex"); strings.Contains(body, "<script>x") {
		t.Error("the question stands in the page as it was typed")
	}
}
