// SPDX-License-Identifier: EUPL-1.2

package rosterweb_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/domain/mediation/rosterweb"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/vault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
	"approdo/migrations"
)

// house is the pages of the roster of the cooperative, for whoever actor is.
type house struct {
	http.Handler
	t     *testing.T
	actor access.Actor

	mu      sync.Mutex
	time    time.Time
	letters []roster.Letter
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.time
}

func (h *house) later(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.time = h.time.Add(d)
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, time: time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)}
	d := dbtest.SQLite(t, migrations.FS)
	guard, err := access.New(h.clock, access.Base(), mediation.Policy(), roster.Policy())
	h.must(err)
	folder, err := vault.OpenFolder(t.TempDir())
	h.must(err)
	keys, err := vault.New(t.Context(), d, folder, h.clock)
	h.must(err)
	body := network.Organization{}
	body.ID, body.Name = "coop", "Cooperativa di esempio"
	h.must(d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return network.SaveOrganizations(ctx, tx, h.clock(), []network.Organization{body})
	}))
	m := mediation.New(mediation.Deps{DB: d, Clock: h.clock, Guard: guard, Vault: keys,
		Tell:     func(context.Context, *db.Tx, mediation.Call) error { return nil },
		Accounts: func(context.Context, db.Querier, string) (map[string]string, error) { return nil, nil },
		Later:    func(context.Context, *db.Tx, mediation.WaveDue, time.Duration) error { return nil },
		Partners: func(context.Context, db.Querier, string, calendar.Day) (map[string]string, error) { return nil, nil },
	})
	room := roster.New(roster.Deps{DB: d, Clock: h.clock, Guard: guard, Vault: keys, Mediation: m,
		Write: func(_ context.Context, _ *db.Tx, l roster.Letter) error {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.letters = append(h.letters, l)
			return nil
		},
		Forget: m.Erased,
	})
	words, err := lang.Open(ui.Locales(), mediation.Locales(), rosterweb.Locales())
	h.must(err)
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
	rosterweb.Register(rs, rosterweb.Deps{Roster: room, Mediation: m, Guard: guard, Site: site, Clock: h.clock,
		Bodies:   func(context.Context) ([]network.Organization, error) { return []network.Organization{body}, nil },
		Members:  func(context.Context) ([]network.Member, error) { return nil, nil },
		Projects: func(context.Context) ([]network.Project, error) { return nil, nil },
		Name:     func(context.Context, string) string { return "Chi coordina" },
	})
	h.Handler = rs.Handler()
	h.as(access.MediationCoordinator)
	today := calendar.DayOf(h.clock(), calendar.Rome())
	_, err = room.KeepWindow(t.Context(), h.actor, roster.Window{
		Section: mediation.MediatorSection, From: today - 1, Until: today + 30, Title: "Avviso <2027>", Notice: "Cerchiamo mediatori.", Criteria: []roster.Criterion{{Name: "Titoli", Most: 10}},
	})
	h.must(err)
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) as(role access.Role) {
	h.actor = access.Actor{Account: "amina", Member: "coop", Roles: []access.Role{role}, Strong: true, SteppedUp: h.clock(), Via: audit.ViaPage}
}

// ask sends a request and gives status, header and the parsed page.
func (h *house) ask(method, path string, form url.Values) (int, http.Header, *html.Node) {
	h.t.Helper()
	r := httptest.NewRequestWithContext(h.t.Context(), method, "https://approdo.example"+path, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	page, err := html.Parse(w.Body)
	h.must(err)
	return w.Code, w.Header(), page
}

// page is one that must be there.
func (h *house) page(path string) *html.Node {
	h.t.Helper()
	status, _, page := h.ask(http.MethodGet, path, nil)
	if status != http.StatusOK {
		h.t.Fatalf("%s: %d %s", path, status, text(page))
	}
	return page
}

// all are the elements of a page for which is says so.
func all(n *html.Node, is func(*html.Node) bool) (list []*html.Node) {
	for one := range n.Descendants() {
		if one.Type == html.ElementNode && is(one) {
			list = append(list, one)
		}
	}
	return list
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// named is the field of a name; nil when there is none.
func named(page *html.Node, name string) *html.Node {
	for _, one := range all(page, func(n *html.Node) bool { return attr(n, "name") == name }) {
		return one
	}
	return nil
}

// byID is the element with an identifier; nil when there is none.
func byID(page *html.Node, id string) *html.Node {
	for _, one := range all(page, func(n *html.Node) bool { return attr(n, "id") == id }) {
		return one
	}
	return nil
}

// text is what an element says, with single spaces.
func text(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for one := range n.Descendants() {
		if one.Type == html.TextNode && one.Parent.Data != "script" && one.Parent.Data != "style" {
			b.WriteString(one.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// applyPath is where one applies: the link of the public page.
func (h *house) applyPath(language string) string {
	h.t.Helper()
	for _, a := range all(h.page("/"+language+"/mediators"), func(n *html.Node) bool { return n.Data == "a" }) {
		if href := attr(a, "href"); strings.Contains(href, "/mediators/apply/") {
			return href
		}
	}
	h.t.Fatal("nobody can apply")
	return ""
}

// application is a form that is filled in well.
func application(mail string) url.Values {
	return url.Values{"name": {"Amal Esempio"}, "mail": {mail}, "language.0": {"ar"}, "level.0": {"native"}, "modes": {"phone"}, "experience": {"Dieci anni <in> ospedale"}, "informed": {"1"}}
}

// secret is the link of the last letter.
func (h *house) secret() string {
	h.t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.letters) == 0 {
		h.t.Fatal("no letter was written")
	}
	return strings.TrimPrefix(h.letters[len(h.letters)-1].Link, "/mediators/follow/")
}
