// SPDX-License-Identifier: EUPL-1.2

package accessweb_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accessweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
	"approdo/migrations"
)

var now = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

func clock() time.Time { return now }

const cases = `
// Teams open what they hold.
@id("teams-open-their-cases")
@it("L'équipe apre le cartelle che segue, e chi ha fatto un accesso di emergenza quella.")
@en("Teams open the cases they hold, and whoever broke the glass that one.")
@about("persons")
permit (principal, action == Action::"casework.case.read", resource is Case)
when { resource.related.containsAny(["team", "emergency"]) };
`

func TestWordsAreWhole(t *testing.T) {
	t.Parallel()
	for _, p := range lang.CheckCatalogue(accessweb.Locales()) {
		t.Error(p)
	}
}

// site is the pages with an actor that a header of the test names.
func site(t *testing.T, d *db.DB, actors map[string]access.Actor, files ...access.Policy) http.Handler {
	t.Helper()
	guard, err := access.New(clock, append([]access.Policy{access.Base()}, files...)...)
	if err != nil {
		t.Fatal(err)
	}
	words, err := lang.Open(ui.Locales(), accessweb.Locales())
	if err != nil {
		t.Fatal(err)
	}
	s := &ui.Site{Network: "Prova"}
	rs := web.New(web.Options{Catalogue: words, ErrorPage: s.ErrorPage, Admit: func(r *http.Request, rule web.Rule) (context.Context, error) {
		a := actors[r.Header.Get("X-Actor")]
		if !guard.May(a, rule.Action()) {
			return nil, access.Missing()
		}
		return access.With(r.Context(), a), nil
	}})
	names := func(_ context.Context, ids []string) (map[string]string, error) {
		all := map[string]string{}
		for _, id := range ids {
			all[id] = "Nome di " + id
		}
		return all, nil
	}
	accessweb.Register(rs, accessweb.Deps{
		Access: access.NewUseCases(d, guard, clock, nil), Site: s, Bodies: names, Accounts: names,
		RoleName: func(_ context.Context, role access.Role) string { return "ruolo " + string(role) },
	})
	return rs.Handler()
}

func everybody() map[string]access.Actor {
	base := access.Actor{Member: "m1", Strong: true, SteppedUp: now, Via: "page"}
	carer, officer, other, editor, boss := base, base, base, base, base
	carer.Account, carer.Name, carer.Roles = "carer", "Cora Bianchi", []access.Role{access.CaseWorker}
	officer.Account, officer.Roles = "officer", []access.Role{access.DataProtectionOfficer}
	other.Account, other.Member, other.Roles = "other", "m2", []access.Role{access.DataProtectionOfficer}
	editor.Account, editor.Roles = "editor", []access.Role{access.DirectoryEditor}
	boss.Account, boss.Roles = "boss", []access.Role{access.TeamCoordinator}
	return map[string]access.Actor{"carer": carer, "officer": officer, "other": other, "editor": editor, "boss": boss}
}

func ask(t *testing.T, h http.Handler, actor, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	if form != nil {
		r = httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("X-Actor", actor)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// text is what a page says.
func text(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	root, err := html.Parse(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestWhoCanDoWhat(t *testing.T) {
	t.Parallel()
	h := site(t, dbtest.SQLite(t, migrations.FS), everybody(), access.Policy{Name: "cases", Text: cases})
	w := ask(t, h, "editor", "/it/office/access", nil)
	if w.Code != http.StatusOK {
		t.Fatal(w.Code)
	}
	page := text(t, w)
	for _, want := range []string{
		"Accesso di emergenza: aprire", "access.glass.break", "ruolo case-worker", "Secondo fattore, e identità confermata",
		"In emergenza, chi segue persone apre per un'ora", "Vieta", "Permette", `@id("teams-open-their-cases")`, "tutti i ruoli",
		"resource.related.containsAny",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if one := text(t, ask(t, h, "editor", "/it/office/access?role=translator", nil)); strings.Contains(one, "Accesso di emergenza: aprire") {
		t.Error("a translator is said to break glass")
	}
	for _, want := range []string{`href="#rules-access-panel"`, `id="rules-access-panel"`, `href="#policies"`, `id="policies"`, `name="room"`} {
		if body := ask(t, h, "editor", "/it/office/access", nil).Body.String(); !strings.Contains(body, want) {
			t.Errorf("the way through the page lacks %s", want)
		}
	}
	if w := ask(t, h, "nobody", "/it/office/access", nil); w.Code != http.StatusNotFound {
		t.Errorf("a stranger: %d", w.Code)
	}
	if english := text(t, ask(t, h, "editor", "/en/office/access", nil)); !strings.Contains(english, "Teams open the cases they hold") {
		t.Error("no English")
	}
}

func TestAnEmergencyFromTheFormToTheVerdict(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := site(t, d, everybody(), access.Policy{Name: "cases", Text: cases})
		form := url.Values{"type": {"Case"}, "object": {"case-1"}, "reason": {"presto"}}
		w := ask(t, h, "carer", "/it/office/access/emergency", form)
		if page := text(t, w); w.Code != http.StatusUnprocessableEntity || !strings.Contains(page, "almeno 20 caratteri") || !strings.Contains(page, "presto") {
			t.Errorf("%d: what was typed is lost, or the mistake is not told: %s", w.Code, page)
		}
		form.Set("reason", "Una minore in pericolo chiede aiuto adesso.")
		w = ask(t, h, "carer", "/it/office/access/emergency", form)
		at := w.Header().Get("Location")
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(at, "/it/office/access/emergencies/") {
			t.Fatalf("%d to %q", w.Code, at)
		}
		if page := text(t, ask(t, h, "carer", at, nil)); !strings.Contains(page, "Aperto adesso") || strings.Contains(page, "Registra il giudizio") {
			t.Errorf("one's own: %s", page)
		}
		for _, who := range []string{"other", "editor", "nobody"} {
			denied, missing := ask(t, h, who, at, nil), ask(t, h, who, "/it/office/access/emergencies/none", nil)
			if denied.Code != http.StatusNotFound || text(t, denied) == "" || denied.Code != missing.Code {
				t.Errorf("%s: %d and %d", who, denied.Code, missing.Code)
			}
		}
		if page := text(t, ask(t, h, "officer", "/it/office/access/emergencies", nil)); !strings.Contains(page, "Cora Bianchi") || !strings.Contains(page, "case-1") {
			t.Errorf("the queue: %s", page)
		}
		if page := text(t, ask(t, h, "other", "/it/office/access/emergencies", nil)); strings.Contains(page, "Cora") {
			t.Error("an officer of another body reads it in the queue")
		}
		if w := ask(t, h, "officer", at+"/review", url.Values{"verdict": {"unjustified"}}); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("without a remark: %d", w.Code)
		}
		verdict := url.Values{"verdict": {"unjustified"}, "remark": {"Non c'era alcun pericolo immediato."}}
		if w := ask(t, h, "carer", at+"/review", verdict); w.Code != http.StatusNotFound {
			t.Errorf("judged by oneself: %d", w.Code)
		}
		if w := ask(t, h, "officer", at+"/review", verdict); w.Code != http.StatusSeeOther {
			t.Errorf("reviewed: %d", w.Code)
		}
		if page := text(t, ask(t, h, "carer", at, nil)); !strings.Contains(page, "Ingiustificato") || !strings.Contains(page, "Chiuso prima del tempo") {
			t.Errorf("after the verdict: %s", page)
		}
	})
}

func TestRelationsAreShownAndEnded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var tie access.Relation
		err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) (err error) {
			tie, err = access.Tie(ctx, tx, now, everybody()["boss"], access.Relation{Kind: access.Grant, Account: "guest", Type: "Case", Object: "case-7"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		h := site(t, d, everybody(), access.Policy{Name: "cases", Text: cases})
		if page := text(t, ask(t, h, "officer", "/it/office/access/relations", nil)); !strings.Contains(page, "Nome di guest") || !strings.Contains(page, "case-7") {
			t.Errorf("the page: %s", page)
		}
		if w := ask(t, h, "other", "/it/office/access/relations/"+tie.ID+"/end", url.Values{}); w.Code != http.StatusNotFound {
			t.Errorf("ended by another body: %d", w.Code)
		}
		if w := ask(t, h, "officer", "/it/office/access/relations/"+tie.ID+"/end", url.Values{}); w.Code != http.StatusSeeOther {
			t.Errorf("ended: %d", w.Code)
		}
		if page := text(t, ask(t, h, "officer", "/it/office/access/relations", nil)); strings.Contains(page, "case-7") {
			t.Error("still there")
		}
	})
}

// Where no policy names records for emergencies, the form says so and nothing can be opened.
func TestWithoutBreakableRecords(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := site(t, d, everybody())
		if page := text(t, ask(t, h, "carer", "/it/office/access/emergency", nil)); !strings.Contains(page, "Nessuna scheda si apre in emergenza") {
			t.Errorf("the page: %s", page)
		}
	})
}
