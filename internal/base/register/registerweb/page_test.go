// SPDX-License-Identifier: EUPL-1.2

package registerweb_test

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
	"approdo/internal/base/register"
	"approdo/internal/base/register/registerweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

var start = time.Date(2026, 11, 24, 9, 30, 15, 0, time.UTC)

type site struct {
	t       *testing.T
	now     time.Time
	actor   access.Actor
	u       *register.UseCases
	handler http.Handler
}

func eachSite(t *testing.T, fn func(t *testing.T, s *site)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &site{t: t, now: start}
		clock := func() time.Time { return s.now }
		guard, err := access.New(clock, access.Base(), register.Policy())
		if err != nil {
			t.Fatal(err)
		}
		words, err := lang.Open(ui.Locales(), registerweb.Locales())
		if err != nil {
			t.Fatal(err)
		}
		text := register.Text{IT: "in italiano", EN: "in English"}
		s.u = register.New(register.Deps{DB: d, Clock: clock, Guard: guard, Declared: []register.Declared{{
			Code: "test.care", Name: register.Text{IT: "Presa in carico", EN: "Taking in charge"}, Purpose: text, Basis: text, Persons: text, Data: text,
			Recipients: text, Kept: text, Measures: text, Sensitive: true, Tables: []string{"test_care"},
		}}})
		pages := &ui.Site{Network: "Rete di prova"}
		rs := web.New(web.Options{
			Catalogue: words, ErrorPage: pages.ErrorPage, PublicURL: "https://approdo.example",
			Admit: func(r *http.Request, rule web.Rule) (context.Context, error) {
				if !s.actor.Known() || rule.Action() != "" && !guard.May(s.actor, rule.Action()) {
					return nil, access.Missing()
				}
				return access.With(r.Context(), s.actor), nil
			},
		})
		registerweb.Register(rs, registerweb.Deps{Register: s.u, Site: pages, Body: func(context.Context, access.Actor, string) (registerweb.Body, error) {
			return registerweb.Body{Name: "ASP di prova"}, nil
		}})
		s.handler = rs.Handler()
		fn(t, s)
	})
}

func (s *site) ask(r *http.Request, code int) *httptest.ResponseRecorder {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if w.Code != code {
		s.t.Fatalf("%s %s: %d, want %d: %s", r.Method, r.URL, w.Code, code, said(s.t, w.Body.String()))
	}
	return w
}

func (s *site) get(path string, code int) string {
	s.t.Helper()
	return s.ask(httptest.NewRequest(http.MethodGet, path, nil), code).Body.String()
}

func (s *site) post(path string, form url.Values, code int) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return s.ask(r, code)
}

// said is the text of a page, with single spaces.
func said(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
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

func as(member string, roles ...access.Role) access.Actor {
	return access.Actor{Account: "x", Member: member, Roles: roles, Strong: true, Via: "page"}
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	for _, p := range lang.CheckCatalogue(registerweb.Locales()) {
		t.Error(p)
	}
}

func TestRegisterOfProcessing(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		s.actor = as("asp", access.DataProtectionOfficer)
		list := said(t, s.get("/it/office/processings", http.StatusOK))
		if !strings.Contains(list, "Presa in carico Serve una valutazione d'impatto in italiano Il programma") {
			t.Errorf("%s", list)
		}
		bad := s.post("/it/office/processings/new", url.Values{"name": {"Liste"}, "purpose": {"=turni"}}, http.StatusUnprocessableEntity).Body.String()
		if !strings.Contains(bad, `value="Liste"`) || !strings.Contains(said(t, bad), "Questo campo va compilato.") {
			t.Error("what was typed is lost, or nothing is said")
		}
		form := url.Values{}
		for _, name := range []string{"name", "basis", "persons", "data", "kept", "measures"} {
			form.Set(name, "x "+name)
		}
		form.Set("purpose", "=turni")
		path := s.post("/it/office/processings/new", form, http.StatusSeeOther).Header().Get("Location")
		if page := said(t, s.get(path, http.StatusOK)); !strings.Contains(page, "Finalità =turni") {
			t.Errorf("%s", page)
		}
		s.get("/it/office/processings.csv", http.StatusNotFound) // without having just proved who one is
		s.actor.SteppedUp = s.now
		file := s.get("/it/office/processings.csv", http.StatusOK)
		if !strings.Contains(file, ";'=turni;") || !strings.Contains(file, "Presa in carico;Il programma") {
			t.Errorf("%s", file)
		}
		form.Set("version", "1")
		form.Set("purpose", "turni")
		s.post(path+"/edit", form, http.StatusSeeOther)
		if again := s.post(path+"/edit", form, http.StatusConflict).Body.String(); !strings.Contains(again, `name="version" value="2"`) {
			t.Error("the next attempt can't be over what others saved")
		}
		form.Set("version", "1")
		form.Set("kept", "due anni")
		if both := said(t, s.post(path+"/edit", form, http.StatusConflict).Body.String()); !strings.Contains(both, "Versione salvata da altri") || !strings.Contains(both, "due anni") {
			t.Errorf("only one side is shown: %s", both)
		}
		if history := said(t, s.get(path+"/history", http.StatusOK)); !strings.Contains(history, "=turni") {
			t.Errorf("%s", history)
		}
		s.post(path+"/restore", url.Values{"version": {"2"}, "number": {"1"}}, http.StatusSeeOther)
		paper := said(t, s.get("/it/office/processings/sheet", http.StatusOK))
		for _, want := range []string{"Titolare del trattamento ASP di prova", "Trattamenti come titolare (2)", "=turni", "Base giuridica in italiano"} {
			if !strings.Contains(paper, want) {
				t.Errorf("the register on paper does not say %q: %s", want, paper)
			}
		}
		dpia := said(t, s.get("/en/office/processings/test.care/assessment", http.StatusOK))
		for _, want := range []string{"Legal basis in English", "Measures in English", "Which risk remains, and is it acceptable?"} {
			if !strings.Contains(dpia, want) {
				t.Errorf("the template does not say %q", want)
			}
		}
		s.actor = as("asl", access.DataProtectionOfficer)
		s.get(path, http.StatusNotFound)
		s.post(path+"/edit", form, http.StatusNotFound)
		s.actor = as("asp", access.CaseWorker)
		s.get("/it/office/processings", http.StatusNotFound)
	})
}

func TestBreachInTheBrowser(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		s.actor = as("asp", access.CaseWorker)
		report := s.get("/it/office/breaches/new", http.StatusOK)
		if !strings.Contains(report, `value="2026-11-24T10:30"`) {
			t.Error("the time is not that of Italy")
		}
		w := s.post("/it/office/breaches/new", url.Values{"title": {"Mail sbagliata"}, "what": {"Un allegato."}, "known_at": {"2026-11-24T10:30"}}, http.StatusSeeOther)
		if to := w.Header().Get("Location"); to != "/it/office" {
			t.Errorf("who reported is sent to %s", to)
		}
		s.get("/it/office/breaches", http.StatusNotFound)
		s.actor = as("asp", access.DataProtectionOfficer)
		s.now = start.Add(70 * time.Hour)
		list := s.get("/it/office/breaches", http.StatusOK)
		if text := said(t, list); !strings.Contains(text, "L'orologio corre") || !strings.Contains(text, "27 novembre 2026, 10:30") || !strings.Contains(text, "Manca 1 ora") {
			t.Errorf("%s", text)
		}
		i := strings.Index(list, "/it/office/breaches/0")
		path, _, _ := strings.Cut(list[i:], `"`)
		form := url.Values{"version": {"1"}, "title": {"Mail sbagliata"}, "what": {"Un allegato."}, "known_at": {"2026-11-24T10:30"}, "risk": {"risk"}, "risk_why": {"contatti"}, "notified_at": {"2026-11-27T08:00"}}
		if text := said(t, s.post(path, form, http.StatusUnprocessableEntity).Body.String()); !strings.Contains(text, "La notifica deve dirlo (art. 33, par. 3).") {
			t.Errorf("%s", text)
		}
		for _, name := range []string{"persons", "data", "effects", "measures"} {
			form.Set(name, "x")
		}
		s.post(path, form, http.StatusSeeOther)
		if text := said(t, s.get(path, http.StatusOK)); !strings.Contains(text, "Notificata") || strings.Contains(text, "Manca") {
			t.Errorf("%s", text)
		}
		// Two officers at once: the second sees both sides.
		form.Set("measures", "richiamo")
		if both := said(t, s.post(path, form, http.StatusConflict).Body.String()); !strings.Contains(both, "Versione salvata da altri") || !strings.Contains(both, "richiamo") {
			t.Errorf("only one side is shown: %s", both)
		}
		if notice := said(t, s.get(path+"/notice", http.StatusOK)); !strings.Contains(notice, "a) Natura della violazione") || !strings.Contains(notice, "ASP di prova") || !strings.Contains(notice, "Rischio: si notifica al Garante") {
			t.Errorf("%s", notice)
		}
		if history := said(t, s.get(path+"/history", http.StatusOK)); !strings.Contains(history, "Segnalata") || !strings.Contains(history, "Aggiornata") {
			t.Errorf("%s", history)
		}
		for _, ending := range []string{"csv", "xlsx"} {
			s.actor.SteppedUp = s.now.Add(-access.StepUpHolds)
			s.get("/it/office/breaches."+ending, http.StatusNotFound)
			s.actor.SteppedUp = s.now
			s.get("/it/office/breaches."+ending, http.StatusOK)
		}
		if file := s.get("/it/office/breaches.csv", http.StatusOK); !strings.Contains(file, "Mail sbagliata") {
			t.Errorf("%s", file)
		}
		// Auditors read, and change nothing.
		s.actor = as("else", access.Auditor)
		s.get(path, http.StatusSeeOther)
		s.get(path+"/notice", http.StatusOK)
		s.post(path, form, http.StatusNotFound)
		s.actor = as("asp", access.DataProtectionOfficer)
		waiting, err := registerweb.Waiting(s.u)(t.Context(), s.actor)
		if err != nil || len(waiting) != 0 {
			t.Errorf("%v, %v", waiting, err)
		}
		s.actor = as("asl", access.DataProtectionOfficer)
		s.get(path, http.StatusNotFound)
	})
}

func TestFeedbackOnAccessibility(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		for _, code := range lang.All {
			if page := s.get("/"+code+"/accessibility/feedback", http.StatusOK); strings.Contains(said(t, page), "register.") || !strings.Contains(page, `<html lang="`+code+`"`) {
				t.Errorf("%s", code)
			}
		}
		bad := s.post("/ar/accessibility/feedback", url.Values{"text": {""}, "mail": {"x"}, "page": {"/ar/services"}}, http.StatusUnprocessableEntity).Body.String()
		if !strings.Contains(bad, `value="/ar/services"`) || !strings.Contains(bad, "هذا ليس عنوان بريد إلكتروني.") {
			t.Errorf("%s", said(t, bad))
		}
		s.post("/ar/accessibility/feedback", url.Values{"text": {"القائمة لا تعمل"}, "mail": {"io@posta.example"}}, http.StatusSeeOther)
		s.post("/it/accessibility/feedback", url.Values{"text": {"pubblicità"}, "site": {"https://spam.example"}}, http.StatusSeeOther)
		s.actor = as("asp", access.NetworkAdministrator)
		list := s.get("/it/office/accessibility", http.StatusOK)
		if !strings.Contains(list, `lang="ar" dir="auto">القائمة لا تعمل`) || strings.Contains(list, "pubblicità") {
			t.Errorf("%s", said(t, list))
		}
		i := strings.Index(list, "/it/office/accessibility/0")
		path, _, _ := strings.Cut(list[i:], `"`)
		s.post(path, url.Values{"answer": {"Corretto."}}, http.StatusSeeOther)
		if list := s.get("/it/office/accessibility", http.StatusOK); strings.Contains(list, "io@posta.example") || !strings.Contains(list, "Corretto.") {
			t.Errorf("%s", said(t, list))
		}
		s.actor = as("asp", access.Trainer)
		s.get("/it/office/accessibility", http.StatusNotFound)
	})
}
