// SPDX-License-Identifier: EUPL-1.2

package figureweb_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/figure"
	"approdo/internal/domain/mediation/figureweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
	"approdo/migrations"
)

// borrowed are words of other pages that these use, the same in every language.
func borrowed() fstest.MapFS {
	words := fstest.MapFS{}
	for _, code := range lang.All {
		words[code+".json"] = &fstest.MapFile{Data: []byte(`{"mediation.own.title": "La mia mediazione", "mediation.own.no_entry": "Non sei ancora in elenco"}`)}
	}
	for _, code := range lang.OfficeLanguages {
		words["office/"+code+".json"] = &fstest.MapFile{Data: []byte(`{"mediation.mode.phone": "Al telefono", "mediation.kind.on_call": "A chiamata", "mediation.kind.scheduled": "Programmata"}`)}
	}
	return words
}

func clock() time.Time { return time.Date(2027, 3, 10, 9, 0, 0, 0, time.UTC) }

// running is the pages over a database, for whoever actor is.
type running struct {
	http.Handler
	t     *testing.T
	db    *db.DB
	actor access.Actor
}

func serve(t *testing.T, d *db.DB) *running {
	t.Helper()
	guard, err := access.New(clock, access.Base(), mediation.Policy(), figure.Policy())
	if err != nil {
		t.Fatal(err)
	}
	s := &running{t: t, db: d}
	s.as("coop", access.MediationCoordinator)
	words, err := lang.Open(ui.Locales(), mediation.Locales(), figureweb.Locales(), borrowed())
	if err != nil {
		t.Fatal(err)
	}
	site := &ui.Site{Network: "Rete di prova"}
	rs := web.New(web.Options{
		Catalogue: words, ErrorPage: site.ErrorPage, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), PublicURL: "https://approdo.example",
		Admit: func(r *http.Request, rule web.Rule) (context.Context, error) {
			if rule.Action() != "" && !guard.May(s.actor, rule.Action()) {
				return nil, fault.NotFound("fault.no_page")
			}
			return access.With(r.Context(), s.actor), nil
		},
	})
	figureweb.Register(rs, figureweb.Deps{
		Figure: &figure.UseCases{DB: d, Clock: clock, Guard: guard}, Mediation: mediation.New(mediation.Deps{DB: d, Clock: clock, Guard: guard}), Guard: guard, Site: site, Clock: clock,
	})
	s.Handler = rs.Handler()
	return s
}

func (s *running) as(member string, role access.Role) {
	s.actor = access.Actor{Account: string(role) + "-" + member, Member: member, Roles: []access.Role{role}, Strong: true, SteppedUp: clock(), Via: audit.ViaPage}
}

// get gives status and text of a page.
func (s *running) get(path string) (int, string) {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequestWithContext(s.t.Context(), http.MethodGet, "https://approdo.example"+path, nil))
	return w.Code, w.Body.String()
}

// has asks for what a page has to say, and what not.
func (s *running) has(path string, status int, want []string, not ...string) {
	s.t.Helper()
	got, text := s.get(path)
	if got != status {
		s.t.Errorf("%s: %d", path, got)
	}
	for _, one := range want {
		if !strings.Contains(text, one) {
			s.t.Errorf("%s does not say %q", path, one)
		}
	}
	for _, one := range not {
		if strings.Contains(text, one) {
			s.t.Errorf("%s says %q", path, one)
		}
	}
}

// fill enters a mediator of the coop with an hour for the comune and one for the coop, which also found
// nobody for Somali on a Monday at nine.
func (s *running) fill() {
	s.t.Helper()
	at := db.Millis(time.Date(2027, 3, 1, 8, 0, 0, 0, time.UTC))
	if err := s.db.InTx(s.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for _, one := range []struct {
			text string
			args []any
		}{
			{`INSERT INTO network_organization (id, name, record, modified_at) VALUES ('coop', 'Cooperativa <di> esempio', '{}', 0)`, nil},
			{`INSERT INTO mediation_mediator (id, version, account, member, section, state, name, sort_name, record, created, changed)
				VALUES ('m', 1, 'mediator-coop', 'coop', 'mediator', 'listed', 'Amal', 'amal', '{"languages":[{"code":"ar","level":"native"}]}', 0, 0)`, nil},
			{`INSERT INTO mediation_request (id, version, kind, member, account, language, mode, start, finish, state, series, code, case_code, project, activity, comune, record, created)
				VALUES ('r', 1, 'on_call', 'coop', '', 'ar', 'phone', $1, $2, 'done', '', 'A-1', '', '', '', '', '{}', $1), ('s', 1, 'scheduled', 'comune', '', 'ar', 'phone', $3, $4, 'done', '', 'A-1', '', '', '', '082053', '{}', $1)`, []any{at, at + 3_600_000, at + 7_200_000, at + 10_800_000}},
			{`INSERT INTO mediation_booking (id, version, request, seat, mediator, member, mode, start, finish, state, place, why, ended, created, changed, accepted)
				VALUES ('r', 1, 'r', 0, 'm', 'coop', 'phone', $1, $2, 'done', '{}', '{}', '', $1, $1, $3), ('s', 1, 's', 0, 'm', 'comune', 'phone', $4, $5, 'done', '{}', '{}', '', $1, $1, $1)`, []any{at, at + 3_600_000, at + 24_000, at + 7_200_000, at + 10_800_000}},
			{`INSERT INTO mediation_lack (id, member, code, language, mode, kind, comune, start, day, at) VALUES ('l', 'coop', 'B-1', 'so', 'phone', 'scheduled', '', $1, '2027-02-27', $2)`, []any{at, at - 172_800_000}},
		} {
			if _, err := db.Exec(ctx, tx, one.text, one.args...); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		s.t.Fatal(err)
	}
}

func TestFiguresArePages(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, migrations.FS)
	s := serve(t, d)
	s.has("/it/office/mediation/figures", http.StatusOK, []string{"Nessuna richiesta nel periodo"})
	s.has("/it/office/mediation/fairness", http.StatusOK, []string{"Nessun mediatore del tuo ente"})
	s.fill()
	const page = "/it/office/mediation/figures"
	s.has(page, http.StatusOK, []string{"somalo", "50%", "1/2", "Cooperativa &lt;di&gt; esempio", "24 s", `href="/it/office/mediation/figures.csv"`}, "Amal", "B-1")
	s.has(page+"?language=so", http.StatusOK, []string{`value="so" selected`, `figures.xlsx?language=so`, "0%"}, "24 s")
	s.has(page+"?from=x", http.StatusUnprocessableEntity, []string{"Scrivi un giorno"})
	s.has(page+"?from=2027-03-05&to=2027-03-01", http.StatusUnprocessableEntity, []string{"prima dell’inizio"})
	s.has(page+".csv?to=2027-03-09", http.StatusOK, []string{"2027-03;Cooperativa <di> esempio;arabo;Al telefono;A chiamata;;1;0;1;0;0;0;60"}, "comune;")
	s.as("coop", access.ProjectCoordinator)
	s.has(page, http.StatusOK, []string{`name="body"`, "Palermo"})
	s.has("/it/office/mediation/fairness", http.StatusNotFound, nil)
	s.as("coop", access.DeskOperator)
	s.has(page, http.StatusNotFound, nil)
}

func TestSharesArePages(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, migrations.FS)
	s := serve(t, d)
	s.fill()
	s.has("/en/office/mediation/fairness", http.StatusOK, []string{"Amal", "Arabic", `class="bar-mark"`, "100", `/en/office/mediation/roster/m`})
	s.as("comune", access.MediationCoordinator)
	s.has("/en/office/mediation/fairness", http.StatusOK, nil, "Amal")
	s.as("coop", access.Mediator)
	s.has("/it/mediation/figures", http.StatusOK, []string{"Le mie ore", "arabo", "marzo 2027", "ti spettavano 2 ore, ne hai avute 2"})
	s.has("/ar/mediation/figures", http.StatusOK, []string{`dir="rtl"`})
	s.as("comune", access.Mediator)
	s.has("/it/mediation/figures", http.StatusOK, []string{"Non sei ancora in elenco"})
}
