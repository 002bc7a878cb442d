// SPDX-License-Identifier: EUPL-1.2

package timesheetweb_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/domain/mediation/timesheetweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
	"approdo/migrations"
)

func clock() time.Time { return time.Date(2027, 3, 10, 9, 0, 0, 0, time.UTC) }

// house is the pages over sessions a, b and c, which the comune asked for and their mediator has reported.
type house struct {
	http.Handler
	t     *testing.T
	db    *db.DB
	actor access.Actor
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, db: dbtest.SQLite(t, migrations.FS)}
	guard, err := access.New(clock, access.Base(), mediation.Policy(), timesheet.Policy())
	h.must(err)
	h.as("comune", access.DeskOperator)
	h.must(h.db.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_mediator (id, version, account, member, section, state, name, sort_name, record, created, changed) VALUES ('m', 1, '', 'coop', 'mediator', 'listed', 'Amal', 'amal', '{}', 0, 0)`); err != nil {
			return err
		}
		for i, id := range []string{"a", "b", "c"} {
			start := db.Millis(time.Date(2027, 3, 1+i, 9, 0, 0, 0, time.UTC))
			for _, one := range []struct {
				text string
				args []any
			}{
				{`INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, record, created) VALUES ($1, 1, 'scheduled', 'comune', '', 'ar', 'phone', $2, $3, 'done', '', 'A-1', '', '', '', '{}', $2)`, []any{id, start, start + 3_600_000}},
				{`INSERT INTO mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, ended, created, changed) VALUES ($1, 1, $1, 0, 'm', 'comune', 'phone', $2, $3, 'done', '{}', '{}', '', $2, $2)`, []any{id, start, start + 3_600_000}},
				{`INSERT INTO mediation_session (booking, version, mediator, member, keeper, outcome, state, day, minutes, travel, expenses, rate, project, activity, timesheet, record, changed) VALUES ($1, 3, 'm', 'comune', 'coop', 'held', 'reported', $2, 60, 0, 0, 2200, '', '', '', '{}', 0)`, []any{id, "2027-03-0" + string(rune('1'+i))}},
			} {
				if _, err := db.Exec(ctx, tx, one.text, one.args...); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	words, err := lang.Open(ui.Locales(), mediation.Locales(), timesheet.Locales(), timesheetweb.Locales())
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
	room := timesheet.New(timesheet.Deps{DB: h.db, Clock: clock, Guard: guard, Mediation: mediation.New(mediation.Deps{DB: h.db, Clock: clock, Guard: guard})})
	timesheetweb.Register(rs, timesheetweb.Deps{Timesheet: room, Guard: guard, Site: site, Clock: clock})
	h.Handler = rs.Handler()
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) as(member string, role access.Role) {
	h.actor = access.Actor{Account: string(role) + "-" + member, Member: member, Roles: []access.Role{role}, Strong: true, SteppedUp: clock(), Via: audit.ViaPage}
}

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

func attr(n *html.Node, name string) (value string, there bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// ticks are the check marks of the list by value, and whether they are set; with the address of their form.
func ticks(page *html.Node) (marks map[string]bool, action string) {
	marks = map[string]bool{}
	for n := range page.Descendants() {
		name, _ := attr(n, "name")
		value, _ := attr(n, "value")
		if n.Data == "input" && name == "id" {
			_, set := attr(n, "checked")
			marks[value] = set
		}
		if _, bulk := attr(n, "data-bulk"); bulk && n.Data == "form" {
			action, _ = attr(n, "action")
		}
	}
	return marks, action
}

func said(n *html.Node) string {
	var b strings.Builder
	for one := range n.Descendants() {
		if one.Type == html.TextNode {
			b.WriteString(one.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// Many sessions are countersigned from the list, as they were seen there: all, or none with the reasons, the others
// still marked; without a script a link marks all.
func TestCountersigningFromTheList(t *testing.T) {
	t.Parallel()
	h := open(t)
	const list = "/it/office/mediation/sessions"
	status, _, page := h.ask(http.MethodGet, list+"?state=reported&month=2027-03", nil)
	marks, action := ticks(page)
	if status != http.StatusOK || len(marks) != 3 || marks["a.3"] || !strings.HasPrefix(action, list+"/countersign?") || !strings.Contains(action, "month=2027-03") {
		t.Fatalf("%d %v %q", status, marks, action)
	}
	_, _, page = h.ask(http.MethodGet, list+"?state=reported&mark=all", nil)
	if marks, _ := ticks(page); !marks["a.3"] || !marks["b.3"] || !marks["c.3"] {
		t.Errorf("%v", marks)
	}
	if status, header, _ := h.ask(http.MethodPost, action, url.Values{"do": {"countersign"}}); status != http.StatusSeeOther || !strings.HasPrefix(header.Get("Location"), list+"?") {
		t.Errorf("nothing is marked: %d %v", status, header)
	}
	if _, err := db.Exec(t.Context(), h.db, `UPDATE mediation_session SET version = 4 WHERE booking = 'b'`); err != nil {
		t.Fatal(err)
	}
	sent := url.Values{"do": {"countersign"}, "id": {"a.3", "b.3"}}
	status, _, page = h.ask(http.MethodPost, action, sent)
	marks, _ = ticks(page)
	if text := said(page); status != http.StatusConflict || !marks["a.3"] || marks["b.4"] || marks["c.3"] || len(marks) != 3 || !strings.Contains(text, "1 intervento non si può") || !strings.Contains(text, "Amal :") {
		t.Errorf("%d %v %s", status, marks, text)
	}
	if n, err := db.Row(t.Context(), h.db, db.Column[int], `SELECT count(*) FROM mediation_session WHERE state = 'reported'`); err != nil || n != 3 {
		t.Errorf("%d wait, %v", n, err)
	}
	status, header, _ := h.ask(http.MethodPost, action, url.Values{"do": {"countersign"}, "id": {"a.3", "b.4"}})
	if where := header.Get("Location"); status != http.StatusSeeOther || !strings.HasPrefix(where, list+"?") || strings.Contains(where, "mark=") {
		t.Errorf("%d %v", status, header)
	}
	_, _, page = h.ask(http.MethodGet, list, nil)
	if marks, _ := ticks(page); len(marks) != 1 || marks["c.3"] {
		t.Errorf("%v", marks)
	}
	if status, _, _ := h.ask(http.MethodPost, action, url.Values{"id": {"nothing.1"}}); status != http.StatusNotFound {
		t.Errorf("what is not there: %d", status)
	}
	h.as("coop", access.MediationCoordinator) // who answers for the mediator sees them, and signs none
	status, _, page = h.ask(http.MethodGet, list, nil)
	if marks, action := ticks(page); status != http.StatusOK || len(marks) != 0 || action != "" {
		t.Errorf("%d %v", status, marks)
	}
	if status, _, _ := h.ask(http.MethodPost, list+"/countersign", url.Values{"id": {"c.3"}}); status != http.StatusNotFound {
		t.Errorf("who did not ask: %d", status)
	}
}
