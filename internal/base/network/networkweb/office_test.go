// SPDX-License-Identifier: EUPL-1.2

package networkweb_test

import (
	"bytes"
	"encoding/csv"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/base/network/networkweb"
)

func as(member string, roles ...access.Role) access.Actor {
	return access.Actor{Account: "account", Name: "Ada Esempio", Member: member, Roles: roles, Strong: true, Via: "page"}
}

var admin = as("example", access.NetworkAdministrator)

// filled are the fields of the form of a page, as a browser would send them back.
func filled(page *html.Node) url.Values {
	values := url.Values{}
	form := find(page, func(n *html.Node) bool { return n.Data == "form" && attr(n, "class") == "office-form" })
	walk(form, func(n *html.Node) {
		name := attr(n, "name")
		switch {
		case n.Type != html.ElementNode || name == "":
		case n.Data == "input" && (attr(n, "type") == "checkbox" || attr(n, "type") == "radio"):
			for _, a := range n.Attr {
				if a.Key == "checked" {
					values.Add(name, attr(n, "value"))
				}
			}
		case n.Data == "input" && attr(n, "type") != "file":
			values.Add(name, attr(n, "value"))
		case n.Data == "textarea":
			values.Add(name, "")
			if n.FirstChild != nil {
				values.Set(name, n.FirstChild.Data)
			}
		case n.Data == "select":
			values.Add(name, "")
			walk(n, func(o *html.Node) {
				for _, a := range o.Attr {
					if o.Data == "option" && a.Key == "selected" {
						values.Set(name, attr(o, "value"))
					}
				}
			})
		}
	})
	return values
}

func (s *site) must(w *httptest.ResponseRecorder, code int) *httptest.ResponseRecorder {
	s.t.Helper()
	if w.Code != code {
		s.t.Fatalf("%d, want %d: %s", w.Code, code, text(parse(s.t, w)))
	}
	return w
}

func (s *site) body(id string) network.Member {
	s.t.Helper()
	m, err := network.MemberByID(s.t.Context(), s.network.DB, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return m
}

func TestListOfBodies(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		if w := s.get("/it/office/network"); w.Code != http.StatusSeeOther {
			t.Errorf("a stranger: %d", w.Code)
		}
		s.actor = as("example", access.CaseWorker)
		said := text(s.page("/it/office/network?kind=prefecture"))
		if !strings.Contains(said, "Prefettura di Forlì-Cesena") || strings.Contains(said, "Comune di Palermo") {
			t.Errorf("%s", said)
		}
		if said := text(s.page("/it/office/network?q=9+trapani")); !strings.Contains(said, "ASP Trapani") || strings.Contains(said, "Comune di Trapani") {
			t.Errorf("by another name: %s", said)
		}
		if said := text(s.page("/it/office/network?state=member")); !strings.Contains(said, "Cooperativa di esempio") || strings.Contains(said, "Comune di Palermo") {
			t.Errorf("members: %s", said)
		}
		down := text(s.page("/it/office/network?sort=-name"))
		if strings.Index(down, "Unione Montana") > strings.Index(down, "Policlinico") || !strings.Contains(down, "Unione Montana") {
			t.Errorf("sorted down: %s", down)
		}
		rows, err := csvOf(s.must(s.get("/it/office/network-bodies.csv?kind=prefecture"), http.StatusOK).Body.String())
		if err != nil || len(rows) != 2 || rows[1][1] != "Prefettura di Forlì-Cesena" {
			t.Errorf("%v, %v", rows, err)
		}
		book, err := excelize.OpenReader(s.get("/en/office/network-bodies.xlsx").Body)
		if err != nil {
			t.Fatal(err)
		}
		if rows, err := book.GetRows("Sheet1"); err != nil || len(rows) < 44 || rows[0][1] != "Name" {
			t.Errorf("%d rows, %v", len(rows), err)
		}
	})
}

func csvOf(text string) ([][]string, error) {
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
	r.Comma = ';'
	return r.ReadAll()
}

func TestEditingABodyInTheBrowser(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		id := network.BodyID("prefettura-fc")
		path := "/it/office/network/" + id
		s.actor = as(id, access.BodyAdministrator)
		first := filled(s.page(path + "/edit"))
		second := maps.Clone(first)
		if first.Has("member_since") {
			t.Error("a body's administrator is offered to admit it")
		}
		first.Set("description", "=cmd()")
		first.Set("territories", "Forlì-Cesena")
		first.Set("dpo_email", "non è un indirizzo")
		bad := s.must(s.post(path+"/edit", first), http.StatusUnprocessableEntity)
		if again := filled(parse(t, bad)); again.Get("description") != "=cmd()" || again.Get("territories") != "Forlì-Cesena" {
			t.Errorf("what was typed is lost: %v", again)
		}
		first.Set("dpo_email", "rpd@esempio.example")
		s.must(s.post(path+"/edit", first), http.StatusSeeOther)
		if m := s.body(id); m.Description != "=cmd()" || m.Territories[0] != "p:FC" || m.DPO.Email != "rpd@esempio.example" {
			t.Errorf("%+v", m)
		}
		// Somebody who read the form before sees both versions, and their own holds when they save again.
		second.Set("description", "La mia versione")
		page := parse(t, s.must(s.post(path+"/edit", second), http.StatusConflict))
		if said := text(page); !strings.Contains(said, "=cmd()") || !strings.Contains(said, "La mia versione") || !strings.Contains(said, "Versione salvata da altri") {
			t.Errorf("%s", said)
		}
		s.must(s.post(path+"/edit", filled(page)), http.StatusSeeOther)
		if m := s.body(id); m.Description != "La mia versione" {
			t.Errorf("%+v", m)
		}
		said := text(s.page(path + "/history"))
		if strings.Count(said, "Ripristina questa versione") != 2 || !strings.Contains(said, "Modificato") {
			t.Errorf("%s", said)
		}
		s.must(s.post(path+"/restore", url.Values{"number": {"1"}, "version": {"3"}}), http.StatusSeeOther)
		if m := s.body(id); m.Description != "" || m.Version != 4 {
			t.Errorf("%+v", m)
		}
		// A logo is a picture, never a drawing that can hold a program, and can be taken away again.
		logo := filled(s.page(path + "/edit"))
		logo.Set("emblem_text", "Logo di prova")
		if w := s.multi(path+"/edit", logo, map[string]string{"emblem": `<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`}); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("a drawing as a logo: %d", w.Code)
		}
		s.must(s.multi(path+"/edit", logo, map[string]string{"emblem": smallPNG(t)}), http.StatusSeeOther)
		if img := find(s.page("/it/organizations/"+id), func(n *html.Node) bool { return n.Data == "img" && attr(n, "class") == "emblem" }); img == nil || attr(img, "alt") != "Logo di prova" {
			t.Error("the logo is not shown")
		}
		logo = filled(s.page(path + "/edit"))
		logo.Set("emblem_gone", "yes")
		s.must(s.multi(path+"/edit", logo, nil), http.StatusSeeOther)
		if m := s.body(id); !m.Emblem.None() || m.EmblemText != "" {
			t.Errorf("the logo stays: %+v", m.Profile)
		}
		if s.must(s.get("/it/office/network/"+network.BodyID("comune-palermo")+"/edit"), http.StatusNotFound); s.get(path+"/close").Code != http.StatusNotFound {
			t.Error("a body's administrator may close it")
		}
	})
}

func TestMergingInTheBrowser(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		s.actor = admin
		from, into := network.BodyID("asp-trapani"), network.BodyID("asp-siracusa")
		path := "/it/office/network/" + from
		form := filled(s.page(path + "/merge"))
		form.Set("into", "none")
		s.must(s.post(path+"/merge", form), http.StatusUnprocessableEntity)
		form.Set("into", into)
		page := parse(t, s.must(s.post(path+"/merge", form), http.StatusOK))
		if s.body(from).MergedInto != "" {
			t.Fatal("merged without having shown the two side by side")
		}
		if said := text(page); !strings.Contains(said, "Si toglie: ASP Trapani") || !strings.Contains(said, "Resta: ASP Siracusa") {
			t.Errorf("%s", said)
		}
		s.must(s.post(path+"/merge", filled(page)), http.StatusSeeOther)
		if s.body(from).MergedInto != into {
			t.Fatal("not merged")
		}
		page = s.page("/it/office/network/" + into)
		merge := attr(find(page, func(n *html.Node) bool { return attr(n, "name") == "merge" }), "value")
		s.must(s.post("/it/office/network/"+into+"/unmerge", url.Values{"merge": {merge}}), http.StatusSeeOther)
		if s.body(from).MergedInto != "" {
			t.Error("not undone")
		}
	})
}

// multi sends a form with files.
func (s *site) multi(path string, values url.Values, files map[string]string) *httptest.ResponseRecorder {
	s.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for name, list := range values {
		for _, one := range list {
			if err := m.WriteField(name, one); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	for name, content := range files {
		part, err := m.CreateFormFile(name, "../../evil.html")
		if err != nil {
			s.t.Fatal(err)
		}
		if _, err := part.Write([]byte(content)); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		s.t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// confirmed is what happens to an agreement that names another body: it hears of it, and says itself
// that it signed.
func (s *site) confirmed(path, other string) {
	s.t.Helper()
	if said := text(s.page(path)); !strings.Contains(said, "Da confermare") || !strings.Contains(said, "Manca la conferma di: Prefettura di Forlì-Cesena") || strings.Contains(said, "Conferma la firma") {
		s.t.Errorf("%s", said)
	}
	own := s.actor
	s.must(s.post(path+"/confirm", url.Values{"version": {"1"}}), http.StatusSeeOther)
	s.actor = as(other, access.BodyAdministrator)
	waiting, err := networkweb.Waiting(s.network)(s.t.Context(), s.actor)
	if err != nil || len(waiting) != 1 || !strings.HasSuffix(waiting[0].Href, strings.TrimPrefix(path, "/it")) {
		s.t.Errorf("%+v, %v", waiting, err)
	}
	if said := text(s.page(path)); !strings.Contains(said, "Conferma la firma") || !strings.Contains(said, "Confermato da Cooperativa di esempio 24 novembre 2026") {
		s.t.Errorf("%s", said)
	}
	s.must(s.post(path+"/confirm", url.Values{"version": {"7"}}), http.StatusSeeOther)
	if said := text(s.page(path)); !strings.Contains(said, "Da confermare") {
		s.t.Errorf("confirmed what was not seen: %s", said)
	}
	s.must(s.post(path+"/confirm", url.Values{"version": {"1"}}), http.StatusSeeOther)
	s.actor = own
	if waiting, err := networkweb.Waiting(s.network)(s.t.Context(), s.actor); err != nil || len(waiting) != 0 {
		s.t.Errorf("%+v, %v", waiting, err)
	}
}

func TestAgreementsInTheBrowser(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		other := network.BodyID("prefettura-fc")
		s.actor = as("example", access.DataProtectionOfficer)
		form := filled(s.page("/it/office/agreements/new"))
		if form.Get("party_body_1") != "example" {
			t.Errorf("the own body is not there yet: %v", form)
		}
		form.Set("title", "Invio di casi")
		form.Set("kind", network.BetweenControllers)
		form.Set("party_role_1", network.RoleController)
		form.Set("party_body_2", other)
		form.Set("party_role_2", network.RoleController)
		form["purposes"] = []string{"referral", "care"}
		form.Set("what", "dati di contatto")
		form.Set("why", "art. 6.1.e GDPR")
		form.Set("signed_on", "2026-11-20")
		form.Set("from", "2026-11-01")
		bad := s.multi("/it/office/agreements/new", form, map[string]string{"file": "<html>"})
		if page := parse(t, s.must(bad, http.StatusUnprocessableEntity)); filled(page).Get("title") != "Invio di casi" {
			t.Error("what was typed is lost")
		}
		w := s.must(s.multi("/it/office/agreements/new", form, map[string]string{"file": "%PDF-1.7 firmato"}), http.StatusSeeOther)
		path := w.Header().Get("Location")
		s.confirmed(path, other)
		if said := text(s.page(path)); !strings.Contains(said, "In vigore") || !strings.Contains(said, "Invio a un altro servizio, Presa in carico") {
			t.Errorf("%s", said)
		}
		if said := text(s.page(path + "/history")); !strings.Contains(said, "Firma confermata") || !strings.Contains(said, "confermato il") {
			t.Errorf("%s", said)
		}
		paper := s.must(s.get(path+"/file"), http.StatusOK)
		if paper.Body.String() != "%PDF-1.7 firmato" || !strings.HasPrefix(paper.Header().Get("Content-Disposition"), "attachment; filename=\"0") || paper.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%v", paper.Header())
		}
		if said := text(s.page("/it/office/agreements?q=forli+casi")); !strings.Contains(said, "Invio di casi") {
			t.Errorf("%s", said)
		}
		// Changing what was signed is refused, with what to do instead.
		changed := filled(s.page(path + "/edit"))
		changed["purposes"] = []string{"housing"}
		if refused := s.multi(path+"/edit", changed, nil); refused.Code != http.StatusConflict || !strings.Contains(text(parse(t, refused)), "inserisci un nuovo accordo") {
			t.Errorf("%d", refused.Code)
		}
		s.must(s.post(path+"/end", url.Values{"version": {"2"}, "ended_on": {"2026-11-23"}, "reason": {"disdetta"}}), http.StatusSeeOther)
		if said := text(s.page(path)); !strings.Contains(said, "Concluso") || !strings.Contains(said, "disdetta") {
			t.Errorf("%s", said)
		}
		if said := text(s.page(path + "/history")); !strings.Contains(said, "Chiuso prima della scadenza") {
			t.Errorf("%s", said)
		}
		// The ending is taken back, and who saw another state is told so.
		s.must(s.post(path+"/restore", url.Values{"version": {"3"}, "number": {"2"}}), http.StatusSeeOther)
		if said := text(s.page(path)); !strings.Contains(said, "Da confermare") || strings.Contains(said, "disdetta") {
			t.Errorf("%s", said)
		}
		s.must(s.post(path+"/restore", url.Values{"version": {"3"}, "number": {"2"}}), http.StatusConflict)
		old := filled(s.page(path + "/edit"))
		old.Set("version", "1")
		old.Set("protocol", "7/2026")
		both := s.must(s.multi(path+"/edit", old, nil), http.StatusConflict)
		if said := text(parse(t, both)); !strings.Contains(said, "Versione salvata da altri") || !strings.Contains(said, "7/2026") {
			t.Errorf("%s", said)
		}
		s.actor = as(network.BodyID("comune-palermo"), access.DataProtectionOfficer)
		for _, part := range []string{"", "/edit", "/file", "/history"} {
			if w := s.get(path + part); w.Code != http.StatusNotFound {
				t.Errorf("another body's officer, %s: %d", part, w.Code)
			}
		}
		if said := text(s.page("/it/office/agreements")); strings.Contains(said, "Invio di casi") {
			t.Error("the list shows the agreement of others")
		}
	})
}

func TestProjectsInTheBrowser(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		// What is sent back unchanged changes nothing: the form holds every fact.
		s.actor = admin
		for _, code := range []string{"COOPERA", "CARE", "E-QUALITY", "FIN", "SERVICE-LEARNING", "BUSY"} {
			before, err := network.ProjectByCode(t.Context(), s.network.DB, code)
			if err != nil {
				t.Fatal(err)
			}
			s.must(s.post("/it/office/projects/"+code+"/edit", filled(s.page("/it/office/projects/"+code+"/edit"))), http.StatusSeeOther)
			after, err := network.ProjectByCode(t.Context(), s.network.DB, code)
			if list, failed := network.Compare(before, after); err != nil || failed != nil || len(list) > 0 {
				t.Errorf("%s: %v", code, list)
			}
		}
		// The coordinator of the lead adds a part of an activity and a result; the public reads both.
		s.actor = as(network.BodyID("asp-trapani"), access.ProjectCoordinator)
		form := filled(s.page("/it/office/projects/BUSY/edit"))
		form.Set("activity_what_7", "Sportello di Marsala")
		form.Set("activity_kind_7", "desk")
		form.Set("activity_parent_7", form.Get("activity_id_1"))
		form.Set("result_day_1", "2026-11-01")
		form.Set("result_what_1", "Otto sportelli aperti")
		form.Set("recipient_who_1", "Tutori volontari")
		form.Set("recipient_planned_1", "120")
		form.Set("services", "https://approdo.example/it/services/none")
		if w := s.post("/it/office/projects/BUSY/edit", form); w.Code != http.StatusUnprocessableEntity || !strings.Contains(text(parse(t, w)), "«none» non è un servizio del censimento") {
			t.Errorf("a service that is not there: %d", w.Code)
		}
		form.Set("services", "https://approdo.example/it/services/s1?from=x")
		s.must(s.post("/it/office/projects/BUSY/edit", form), http.StatusSeeOther)
		said := text(s.page("/it/projects/BUSY"))
		for _, want := range []string{"1.1 Sportello Sportello di Marsala", "Otto sportelli aperti", "Tutori volontari 120 –", "1 Servizi che finanzia", "Sportello Girasole Comune di prova"} {
			if !strings.Contains(said, want) {
				t.Errorf("the page does not say %q: %s", want, said)
			}
		}
		if w := s.get("/it/office/projects/CARE/edit"); w.Code != http.StatusNotFound {
			t.Errorf("another body's project: %d", w.Code)
		}
		rows, err := csvOf(s.get("/it/office/network-projects.csv?q=mantova").Body.String())
		if err != nil || len(rows) != 2 || rows[1][0] != "CARE" || rows[1][7] != "I61E20000000007" {
			t.Errorf("%v, %v", rows, err)
		}
	})
}

// A picture given for an emblem takes the place of its words.
func TestEmblems(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		s.actor = admin
		form := filled(s.page("/it/office/funds/FAMI/edit"))
		s.must(s.multi("/it/office/funds/FAMI/edit", form, map[string]string{"emblem_1": smallPNG(t)}), http.StatusSeeOther)
		img := find(s.page("/it/projects/BUSY"), func(n *html.Node) bool { return n.Data == "img" && attr(n, "class") == "emblem" })
		if img == nil || attr(img, "alt") != "Unione europea" {
			t.Fatal("the picture is not there")
		}
		w := s.must(s.get(attr(img, "src")), http.StatusOK)
		if w.Header().Get("Content-Type") != "image/png" {
			t.Errorf("%v", w.Header())
		}
		form = filled(s.page("/it/office/funds/FAMI/edit"))
		form.Set("emblem_text_2", "")
		s.must(s.multi("/it/office/funds/FAMI/edit", form, nil), http.StatusSeeOther)
		f, err := network.FundByCode(t.Context(), s.network.DB, "FAMI")
		if err != nil || len(f.Emblems) != 2 || f.Emblems[0].Picture.None() || !f.Emblems[0].Union {
			t.Errorf("%+v, %v", f, err)
		}
		// The way back brings the words again; who edited the older state sees both.
		s.must(s.post("/it/office/funds/FAMI/restore", url.Values{"version": {"3"}, "number": {"1"}}), http.StatusSeeOther)
		if f, err = network.FundByCode(t.Context(), s.network.DB, "FAMI"); err != nil || len(f.Emblems) != 3 || !f.Emblems[0].Picture.None() {
			t.Errorf("%+v, %v", f, err)
		}
		if find(s.page("/it/projects/BUSY"), func(n *html.Node) bool { return attr(n, "class") == "emblem-union" }) == nil {
			t.Error("the emblem of the Union is not there")
		}
		if said := text(s.page("/it/office/funds/FAMI/history")); !strings.Contains(said, "Ripristinata una versione precedente") {
			t.Errorf("%s", said)
		}
		form.Set("name", "Altro nome")
		if said := text(parse(t, s.must(s.multi("/it/office/funds/FAMI/edit", form, nil), http.StatusConflict))); !strings.Contains(said, "Versione salvata da altri") || !strings.Contains(said, "Altro nome") {
			t.Errorf("%s", said)
		}
	})
}
