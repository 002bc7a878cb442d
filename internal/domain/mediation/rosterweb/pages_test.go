// SPDX-License-Identifier: EUPL-1.2

package rosterweb_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"approdo/internal/base/access"
	"approdo/internal/kit/lang"
)

// Whoever applies is shown what is wrong beside the field and loses nothing of what was typed; sent well, a letter has
// the link with which it is confirmed and followed, and the office finds it.
func TestApplying(t *testing.T) {
	t.Parallel()
	h := open(t)
	path := h.applyPath("it")
	if page := h.page(path); named(page, "mail") == nil || attr(named(page, "mail"), "type") != "email" || attr(byID(page, "form"), "enctype") != "multipart/form-data" || !strings.Contains(text(page), "Avviso <2027>") {
		t.Errorf("%s", text(page))
	}
	form := application("nessuna posta")
	form.Del("informed")
	form.Set("name", `Amal "Esempio" <b>`)
	status, _, page := h.ask(http.MethodPost, path, form)
	mail := named(page, "mail")
	if status != http.StatusUnprocessableEntity || attr(mail, "value") != "nessuna posta" || attr(mail, "aria-invalid") != "true" || attr(named(page, "name"), "value") != `Amal "Esempio" <b>` || text(named(page, "experience")) != "Dieci anni <in> ospedale" {
		t.Errorf("%d %s", status, text(page))
	}
	for _, id := range strings.Fields(attr(mail, "aria-describedby")) {
		if byID(page, id) == nil {
			t.Errorf("the field is described by %q, which is nowhere", id)
		}
	}
	status, header, _ := h.ask(http.MethodPost, path, application("amal@rete.example"))
	if status != http.StatusSeeOther || header.Get("Location") != "/it/mediators/sent" {
		t.Fatalf("%d %v", status, header)
	}
	if !strings.Contains(text(h.page("/it/mediators/sent")), "due giorni") {
		t.Error("the page does not say until when one confirms")
	}
	h.as(access.MediationCoordinator)
	if list := text(h.page("/it/office/mediation/applicants")); !strings.Contains(list, "Amal Esempio") {
		t.Error(list)
	}
	follow := "/it/mediators/follow/" + h.secret()
	confirms := func(page *html.Node) bool {
		return slices.ContainsFunc(all(page, func(n *html.Node) bool { return n.Data == "button" }), func(n *html.Node) bool { return attr(n, "value") == "confirm" })
	}
	for range 2 {
		if !confirms(h.page(follow)) {
			t.Error("looking at the page confirms, or there is no button")
		}
	}
	if status, header, _ := h.ask(http.MethodPost, follow, url.Values{"do": {"confirm"}}); status != http.StatusSeeOther || header.Get("Location") != follow+"?done=confirm" {
		t.Fatalf("%d %v", status, header)
	}
	if page := h.page(follow + "?done=confirm"); confirms(page) {
		t.Error(text(page))
	}
	if status, _, page := h.ask(http.MethodPost, follow, url.Values{"do": {"complete"}}); status != http.StatusUnprocessableEntity || named(page, "more") == nil {
		t.Errorf("nothing is added: %d %s", status, text(page))
	}
	if status, _, _ := h.ask(http.MethodGet, "/it/mediators/follow/"+strings.Repeat("A", 43), nil); status != http.StatusNotFound {
		t.Errorf("a link that is none: %d", status)
	}
}

// The public pages are in the languages of their readers, from right to left where that is how they are read.
func TestPublicPagesSpeakTheirLanguages(t *testing.T) {
	t.Parallel()
	h := open(t)
	titles := map[string]bool{}
	for _, code := range lang.All {
		page := h.page(h.applyPath(code))
		root := all(page, func(n *html.Node) bool { return n.Data == "html" })[0]
		rtl := code == "ar" || code == "ur"
		if attr(root, "lang") != code || (attr(root, "dir") == "rtl") != rtl {
			t.Errorf("%s: lang %q, dir %q", code, attr(root, "lang"), attr(root, "dir"))
		}
		titles[text(all(page, func(n *html.Node) bool { return n.Data == "h1" })[0])] = true
	}
	if len(titles) != len(lang.All) {
		t.Errorf("titles in %d of %d languages: %v", len(titles), len(lang.All), titles)
	}
}

// Many people may apply from one office; then one an hour, and what was typed is not lost.
func TestOneSenderSendsFewApplications(t *testing.T) {
	t.Parallel()
	h := open(t)
	path := h.applyPath("it")
	send := func(i int) (int, *html.Node) {
		h.later(20 * time.Second)
		status, _, page := h.ask(http.MethodPost, path, application(fmt.Sprintf("persona%d@rete.example", i)))
		return status, page
	}
	for i := range 12 {
		if status, page := send(i); status != http.StatusSeeOther {
			t.Fatalf("application %d: %d %s", i, status, text(page))
		}
	}
	wrong := application("x")
	h.later(time.Minute)
	if status, _, _ := h.ask(http.MethodPost, path, wrong); status != http.StatusUnprocessableEntity {
		t.Errorf("what is wrong with a form is said whatever was sent before: %d", status)
	}
	status, page := send(12)
	if status != http.StatusTooManyRequests || attr(named(page, "mail"), "value") != "persona12@rete.example" || attr(named(page, "mail"), "aria-invalid") != "true" {
		t.Errorf("%d %s", status, text(page))
	}
	h.later(time.Hour)
	if status, page := send(12); status != http.StatusSeeOther {
		t.Errorf("an hour later: %d %s", status, text(page))
	}
	if len(h.letters) != 13 {
		t.Errorf("%d letters", len(h.letters))
	}
}

// The office keeps windows by forms that lose nothing; whoever may not keeps none, and is told of none.
func TestWindowsAreKept(t *testing.T) {
	t.Parallel()
	h := open(t)
	const windows = "/it/office/mediation/windows"
	links := all(h.page(windows), func(n *html.Node) bool {
		return n.Data == "a" && strings.HasPrefix(attr(n, "href"), windows+"/") && !strings.HasSuffix(attr(n, "href"), "/new")
	})
	if len(links) != 1 || text(links[0]) != "Avviso <2027>" {
		t.Fatalf("%d links", len(links))
	}
	page := h.page(attr(links[0], "href"))
	if attr(named(page, "criterion.0"), "value") != "Titoli" || attr(named(page, "most.0"), "value") != "10" || named(page, "criterion.4") == nil {
		t.Error(text(page))
	}
	form := url.Values{"title": {"Secondo avviso"}, "notice": {"Testo"}, "section": {"mediator"}, "from": {"2027-04-01"}, "until": {"2027-03-01"}, "criterion.7": {"Colloquio"}, "most.7": {"20"}}
	status, _, page := h.ask(http.MethodPost, windows+"/new", form)
	if status != http.StatusUnprocessableEntity || attr(named(page, "until"), "aria-invalid") != "true" || attr(named(page, "title"), "value") != "Secondo avviso" || attr(named(page, "criterion.7"), "value") != "Colloquio" {
		t.Errorf("%d %s", status, text(page))
	}
	form.Set("until", "2027-04-30")
	if status, header, _ := h.ask(http.MethodPost, windows+"/new", form); status != http.StatusSeeOther || header.Get("Location") != windows {
		t.Errorf("%d %v", status, header)
	}
	if list := text(h.page(windows)); !strings.Contains(list, "Secondo avviso") {
		t.Error(list)
	}
	h.as(access.DeskOperator)
	for _, path := range []string{windows, windows + "/new", attr(links[0], "href"), "/it/office/mediation/applicants", "/it/office/mediation/publication"} {
		if status, _, page := h.ask(http.MethodGet, path, nil); status != http.StatusNotFound || strings.Contains(text(page), "Avviso") {
			t.Errorf("%s for a desk: %d", path, status)
		}
	}
	if status, _, _ := h.ask(http.MethodPost, windows+"/new", form); status != http.StatusNotFound {
		t.Errorf("a desk opens a window: %d", status)
	}
}

// A file names who applied as they wrote themselves, and a decision without its act is shown again with the reason that
// was typed.
func TestAFileIsDecided(t *testing.T) {
	t.Parallel()
	h := open(t)
	if status, _, _ := h.ask(http.MethodPost, h.applyPath("it"), application("amal@rete.example")); status != http.StatusSeeOther {
		t.Fatal(status)
	}
	var file string
	for _, a := range all(h.page("/en/office/mediation/applicants"), func(n *html.Node) bool { return n.Data == "a" }) {
		if text(a) == "Amal Esempio" {
			file = attr(a, "href")
		}
	}
	page := h.page(file)
	if !strings.Contains(text(page), "Dieci anni <in> ospedale") || !strings.Contains(text(page), "amal@rete.example") {
		t.Error(text(page))
	}
	status, _, page := h.ask(http.MethodPost, file+"/decide", url.Values{"version": {attr(named(page, "version"), "value")}, "kind": {"refuse"}, "reason": {""}})
	if status != http.StatusUnprocessableEntity || len(all(page, func(n *html.Node) bool { return attr(n, "aria-invalid") == "true" })) == 0 {
		t.Errorf("refused without a reason: %d %s", status, text(page))
	}
	h.as(access.DeskOperator)
	if status, _, _ := h.ask(http.MethodGet, file, nil); status != http.StatusNotFound {
		t.Errorf("a desk reads it: %d", status)
	}
}
