// SPDX-License-Identifier: EUPL-1.2

package officeweb_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/officeweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/lang"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for _, p := range lang.CheckCatalogue(officeweb.Locales()) {
		t.Error(p)
	}
}

// A card that is opened and saved without a change is the same card.
func TestSavingWithoutAChangeChangesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := serve(t, d)
		page := o.get("/it/office/services/meals", http.StatusOK)
		form := o.fields(page, "/it/office/services/meals")
		form.Set("do", "save")
		o.post("/it/office/services/meals", form, http.StatusSeeOther)
		w, err := o.directory.Edit(context.Background(), editor, "meals")
		if err != nil || w.Version != 1 {
			t.Fatal(w.Version, err)
		}
		for _, c := range directory.Difference(*w.Published, w.Service) {
			t.Errorf("%s: %q became %q", c.Path, c.Before, c.After)
		}
		o.actor = refugeEdit
		form = o.fields(o.get("/it/office/services/house", http.StatusOK), "/it/office/services/house")
		o.post("/it/office/services/house", form, http.StatusSeeOther)
		if w, err = o.directory.Edit(context.Background(), refugeEdit, "house"); err != nil {
			t.Fatal(err)
		}
		for _, c := range directory.Difference(*w.Published, w.Service) {
			t.Errorf("%s: %q became %q", c.Path, c.Before, c.After)
		}
	})
}

func TestEditAndPublish(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := serve(t, d)
		const at = "/it/office/services/meals"
		form := o.fields(o.get(at, http.StatusOK), at)
		form.Set("summary", "")
		form.Set("do", "publish")
		page := o.post(at, form, http.StatusUnprocessableEntity).Body.String()
		if !strings.Contains(page, `href="#summary"`) || !strings.Contains(page, "Scrivi una descrizione breve") {
			t.Error("no word beside the field that is missing")
		}
		// What was typed was saved as a draft, and the form that came back can be sent again.
		form = o.fields(page, at)
		form.Set("summary", "Un pasto caldo, anche la domenica.")
		form["hours.0.days"] = append(form["hours.0.days"], "SU")
		form.Set("hours.1.id", "")
		form.Set("hours.1.kind", "monthly")
		form.Set("hours.1.nth", "-1")
		form["hours.1.days"] = []string{"SA"}
		form.Set("hours.1.opens", "22:00")
		form.Set("hours.1.closes", "02:00")
		form.Set("closures.0.id", "")
		form.Set("closures.0.from", "2026-12-24")
		form.Set("closures.0.to", "2026-12-26")
		form.Set("places.0.comune", "Trapani (TP)")
		form.Set("do", "publish")
		o.post(at, form, http.StatusSeeOther)
		e, err := o.directory.Entry(context.Background(), "meals")
		if err != nil {
			t.Fatal(err)
		}
		if e.Card.Summary != "Un pasto caldo, anche la domenica." || e.Schedules[0].ByDay != "MO,TU,WE,TH,FR,SU" || e.Schedules[1].ByDay != "-1SA" ||
			e.Sites[0].Location.Comune != "081021" || e.Sites[0].Location.Addresses[0].City != "Trapani" || len(e.Card.Hours.Closures) != 1 {
			t.Errorf("published %+v", e)
		}
		if page := o.get(at+"/history", http.StatusOK); !strings.Contains(page, "Un pasto caldo ogni sera.") {
			t.Error("the history does not show what stood there before")
		}
	})
}

func TestWhatWasTypedIsNeverLost(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := serve(t, d)
		const at = "/it/office/services/meals"
		mine, theirs := o.fields(o.get(at, http.StatusOK), at), o.fields(o.get(at, http.StatusOK), at)
		theirs.Set("description", "Testo di un altro.")
		o.post(at, theirs, http.StatusSeeOther)
		mine.Set("description", "Testo mio.")
		page := o.post(at, mine, http.StatusConflict).Body.String()
		for _, want := range []string{"Testo mio.", "Testo", "di un altro"} {
			if !strings.Contains(page, want) {
				t.Errorf("%q is not on the page of the conflict", want)
			}
		}
		again := o.fields(page, at)
		if again.Get("description") != "Testo mio." {
			t.Fatalf("lost: %q", again.Get("description"))
		}
		o.post(at, again, http.StatusSeeOther)
		// What can't be read comes back as it was typed.
		form := o.fields(o.get(at, http.StatusOK), at)
		form.Set("places.0.comune", "San Giovanni Inesistente")
		form.Set("minimum_age", "dieci")
		back := o.fields(o.post(at, form, http.StatusUnprocessableEntity).Body.String(), at)
		if back.Get("places.0.comune") != "San Giovanni Inesistente" || back.Get("minimum_age") != "dieci" {
			t.Error("what was typed is lost")
		}
		// The script saves in the same way, and hears of a conflict without losing anything.
		if w := o.post(at+"/auto", mine, http.StatusConflict); !strings.Contains(w.Body.String(), "said") {
			t.Error(w.Body)
		}
		fresh := o.fields(o.get(at, http.StatusOK), at)
		fresh.Set("outcome", "Si mangia.")
		o.post(at+"/auto", fresh, http.StatusOK)
		if !strings.Contains(o.get(at, http.StatusOK), "Si mangia.") {
			t.Error("not saved")
		}
	})
}

func TestHiddenPlacesStayWithTheirBody(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := serve(t, d)
		o.actor = refugeEdit
		if !strings.Contains(o.get("/it/office/services/house", http.StatusOK), "Vicolo Canarino Segreto 77") {
			t.Fatal("the body itself must see where its house is")
		}
		form := o.fields(o.get("/it/office/services/house", http.StatusOK), "/it/office/services/house")
		form.Set("outcome", "Un letto.")
		form.Set("do", "publish")
		o.post("/it/office/services/house", form, http.StatusSeeOther)
		for name, who := range map[string]access.Actor{"editor of the body above": editor, "network": networkAdm, "translator": translator} {
			o.actor = who
			for _, path := range []string{"", "/history", "/translations", "/translations/ar", "/verification", "/status", "?state=draft"} {
				at := "/it/office/services/house" + path
				w := o.do(newGet(at))
				for _, canary := range canaries {
					if strings.Contains(w.Body.String(), canary) {
						t.Errorf("%s sees %q at %s (%d)", name, canary, at, w.Code)
					}
				}
			}
			if w := o.do(newGet("/it/office/services/export")); strings.Contains(w.Body.String(), "anarino") {
				t.Errorf("%s exports it", name)
			}
		}
		o.actor = networkAdm
		// Denied and nonexistent are the same.
		denied, none := o.get("/it/office/services/house/history", http.StatusNotFound), o.get("/it/office/services/nulla/history", http.StatusNotFound)
		if clean(denied, "house") != clean(none, "nulla") {
			t.Error("one sees that there is something")
		}
	})
}

var request = regexp.MustCompile(`codice: [0-9a-f]{16}`)

func newGet(path string) *http.Request {
	return httptest.NewRequest(http.MethodGet, "https://approdo.example"+path, nil)
}

// clean takes out of a page what names the request.
func clean(page, id string) string {
	page = strings.ReplaceAll(page, id, "x")
	if i := strings.Index(page, "<main"); i >= 0 {
		page = page[i:]
	}
	return request.ReplaceAllString(page, "")
}

func TestTranslate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := serve(t, d)
		o.actor = translator
		o.get("/it/office/services/meals/history", http.StatusNotFound)
		const at = "/it/office/services/meals/translations/ar"
		page := o.get(at, http.StatusOK)
		form := url.Values{"group": {"title"}, "version": {"0"}, "digest": {digest(t, o, page)}, "t/name": {"مطعم مسائي"}, "do": {"publish"}}
		back := o.post(at, form, http.StatusUnprocessableEntity).Body.String()
		if !strings.Contains(back, "مطعم مسائي") {
			t.Error("what was typed is lost")
		}
		form.Set("t/summary", "وجبة ساخنة كل مساء.")
		o.post(at, form, http.StatusSeeOther)
		e, err := o.directory.Entry(context.Background(), "meals")
		if err != nil {
			t.Fatal(err)
		}
		if in, shown := e.In("ar"); in.Name != "مطعم مسائي" || shown[directory.GroupTitle].State != directory.TranslationUpToDate {
			t.Errorf("%q %+v", in.Name, shown)
		}
		// The source changes: the translator sees what has changed since.
		o.actor = editor
		const card = "/it/office/services/meals"
		edit := o.fields(o.get(card, http.StatusOK), card)
		edit.Set("summary", "Un pasto caldo ogni sera e a pranzo.")
		edit.Set("do", "publish")
		o.post(card, edit, http.StatusSeeOther)
		o.actor = translator
		page = o.get(at, http.StatusOK)
		if !strings.Contains(page, "Da aggiornare") || !strings.Contains(page, "<ins>") {
			t.Error("the sheet does not say what changed since")
		}
		// Who translated another text meanwhile is told, and loses nothing.
		form.Set("t/summary", "نص آخر")
		back = o.post(at, form, http.StatusConflict).Body.String()
		if !strings.Contains(back, "نص آخر") || !strings.Contains(back, "<ins>نص") || !strings.Contains(back, "<del>وجبة") || !strings.Contains(back, "Versione salvata da altri") {
			t.Error("both versions must stand side by side")
		}
		again := o.fields(back, at)
		again.Set("do", "publish")
		o.post(at, again, http.StatusSeeOther) // both were seen
	})
}

// digest reads the fingerprint of the first group of a sheet.
func digest(t *testing.T, o *office, page string) string {
	t.Helper()
	return o.fields(page, "/it/office/services/meals/translations/ar").Get("digest")
}

func TestVerifyByLink(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := serve(t, d)
		o.post("/it/office/services/meals/verification", url.Values{"do": {"ask"}}, http.StatusOK)
		if len(o.letters) != 1 || o.letters[0].Email != "comune@ente.example" || o.letters[0].Token == "" {
			t.Fatalf("letters %+v", o.letters)
		}
		o.actor = access.Actor{}
		link := "/ar/verify/" + o.letters[0].Token
		page := o.get(link, http.StatusOK)
		if !strings.Contains(page, "Mensa serale") || !strings.Contains(page, `dir="rtl"`) {
			t.Error("not the entry in the language of the link")
		}
		// A link shows, a button acts; another token opens nothing.
		o.get("/it/verify/"+o.letters[0].Token+"x", http.StatusNotFound)
		o.post(link, url.Values{"do": {"confirm"}}, http.StatusSeeOther)
		e, err := o.directory.Entry(context.Background(), "meals")
		if err != nil || e.AssuredDate != "2026-11-24" || e.Card.AssuredBy != "Comune" {
			t.Errorf("%s by %q, %v", e.AssuredDate, e.Card.AssuredBy, err)
		}
		if page := o.get(link, http.StatusOK); strings.Contains(page, `value="confirm"`) {
			t.Error("it can be answered twice")
		}
		// Whoever asks for another letter after answering is told that it left.
		asked := o.post(link, url.Values{"do": {"renew"}}, http.StatusSeeOther).Header().Get("Location")
		if page := o.get(asked, http.StatusOK); !strings.Contains(page, "أُرسلت الرسالة.") || strings.Contains(page, `value="renew"`) || len(o.letters) != 2 {
			t.Errorf("after asking for another: %d letters", len(o.letters))
		}
		// Corrections that come too late are not taken, and not lost.
		late := o.post(link, url.Values{"do": {"correct"}, "note": {"Chiuso ad agosto."}, "phones.0": {"0923 000111"}}, http.StatusConflict).Body.String()
		if !strings.Contains(late, "Chiuso ad agosto.") {
			t.Error("what was typed is lost")
		}
		// A link of ours that has lapsed says so and gives another, to the known address; a foreign one says what to do.
		o.now = o.now.AddDate(0, 0, 61)
		if page := o.get(link, http.StatusGone); !strings.Contains(page, `value="renew"`) || strings.Contains(page, "Mensa") || strings.Contains(page, "@ente.example") {
			t.Error("an expired link")
		}
		o.post(link, url.Values{"do": {"renew"}}, http.StatusSeeOther)
		if !strings.Contains(o.get(link+"?renewed=1", http.StatusGone), "أُرسلت الرسالة.") || len(o.letters) != 3 {
			t.Errorf("%d letters", len(o.letters))
		}
		if page := o.get("/it/verify/nulla", http.StatusNotFound); strings.Contains(page, `value="renew"`) || !strings.Contains(page, "rispondi al messaggio") {
			t.Error("a foreign link")
		}
		o.now = o.now.AddDate(0, 0, 1) // the next day: so many letters a day are enough
		o.letters = o.letters[:1]
		// A correction waits for an editor.
		o.actor = editor
		o.post("/it/office/services/meals/verification", url.Values{"do": {"ask"}}, http.StatusOK)
		o.actor = access.Actor{}
		link = "/it/verify/" + o.letters[1].Token
		form := o.fields(o.get(link+"?correct=1", http.StatusOK), link)
		form.Set("phones.0", "0923 000333")
		form.Set("note", "Da gennaio chiudiamo alle 20.")
		form.Set("do", "correct")
		o.post(link, form, http.StatusSeeOther)
		if e, _ := o.directory.Entry(context.Background(), "meals"); e.Phones[0].Number != "0923 000111" {
			t.Error("a correction is public at once")
		}
		o.actor = editor
		page = o.get("/it/office/services/meals", http.StatusOK)
		if !strings.Contains(page, "0923 000333") || !strings.Contains(page, "Da gennaio chiudiamo alle 20.") || !strings.Contains(page, "Da pubblicare") {
			t.Error("the editor does not see the correction")
		}
		if page := o.get("/it/office/verification?due=overdue", http.StatusOK); strings.Contains(page, "Mensa serale") {
			t.Error("what was confirmed today is stale")
		}
	})
}

func TestBulk(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := serve(t, d)
		const at = "/it/office/services/bulk"
		form := url.Values{"id": {"meals", "house"}, "do": {"preview"}, "kind": {"closure"}, "value": {"2026-12-24"}, "other": {"2026-12-26"}, "note": {"Feste"}}
		page := o.post(at, form, http.StatusOK).Body.String()
		if !strings.Contains(page, "Solo il suo ente") {
			t.Error("a service of another body is not named as refused")
		}
		send := o.fields(page, at)
		send.Set("do", "apply")
		o.post(at, send, http.StatusSeeOther)
		e, err := o.directory.Entry(context.Background(), "meals")
		if err != nil || !slices.Contains(e.Card.Hours.Closures, directory.Closure{From: "2026-12-24", To: "2026-12-26", Note: "Feste"}) {
			t.Errorf("%+v, %v", e.Card.Hours.Closures, err)
		}
		// The same preview again: the service has changed since.
		o.post(at, send, http.StatusConflict)
		o.post(at, url.Values{"id": {"meals"}, "do": {"preview"}, "kind": {"closure"}, "value": {"domani"}}, http.StatusUnprocessableEntity)
	})
}

func TestListsAndSmallPages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := serve(t, d)
		if page := o.get("/it/office/services?q=mensa", http.StatusOK); !strings.Contains(page, "Mensa serale") || strings.Contains(page, "Accoglienza per donne") {
			t.Error("the list is not narrowed by words")
		}
		if page := o.get("/en/office/services?lacks=ar&sort=-due", http.StatusOK); !strings.Contains(page, "Mensa serale") {
			t.Error("what is missing in Arabic is not listed")
		}
		for _, path := range []string{"/it/office/translations", "/it/office/verification", "/it/office/services/meals/verification", "/it/office/services/meals/translations", "/it/office/services/new"} {
			o.get(path, http.StatusOK)
		}
		w := o.post("/it/office/services/new", url.Values{"name": {"=Corso"}, "body": {"comune"}}, http.StatusSeeOther)
		o.get(w.Header().Get("Location"), http.StatusOK)
		if csv := o.get("/it/office/services/export", http.StatusOK); !strings.Contains(csv, ";'=Corso;") {
			t.Errorf("a cell may be taken for a formula:\n%s", csv)
		}
		o.post("/it/office/services/new", url.Values{"name": {"Corso"}, "body": {"nobody"}}, http.StatusNotFound)
		closing := o.fields(o.get("/it/office/services/meals/status", http.StatusOK), "/it/office/services/meals/status")
		closing.Set("status", directory.StatusDefunct)
		closing.Set("reason", "")
		o.post("/it/office/services/meals/status", closing, http.StatusUnprocessableEntity)
		closing.Set("reason", "Finito il progetto")
		o.post("/it/office/services/meals/status", closing, http.StatusSeeOther)
		if e, _ := o.directory.Entry(context.Background(), "meals"); e.Status != directory.StatusDefunct || e.Card.StateReason != "Finito il progetto" {
			t.Errorf("%s %q", e.Status, e.Card.StateReason)
		}
	})
}

func TestFourEyesOnThePages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := serve(t, d)
		const rules, at = "/it/office/services/rules", "/it/office/services/meals"
		o.get(rules, http.StatusNotFound)
		o.actor = person("comune", access.BodyAdministrator)
		o.actor.Account = "another"
		o.get(rules+"?body=nobody", http.StatusNotFound)
		form := o.fields(o.get(rules, http.StatusOK), rules)
		form.Set("four_eyes", "on")
		o.post(rules, form, http.StatusSeeOther)
		if !strings.Contains(o.get(rules, http.StatusOK), "checked") {
			t.Error("not kept")
		}
		o.actor = editor
		form = o.fields(o.get(at, http.StatusOK), at)
		form.Set("outcome", "Si mangia.")
		form.Set("do", "publish")
		if back := o.post(at, form, http.StatusUnprocessableEntity).Body.String(); !strings.Contains(back, "quattro occhi") || strings.Contains(back, `value="publish"`) {
			t.Error("whoever wrote is not told who publishes")
		}
		form = o.fields(o.get(at, http.StatusOK), at)
		form.Set("do", "submit")
		o.post(at, form, http.StatusSeeOther)
		// Somebody else sees what changes, and publishes.
		o.actor.Account = "another"
		page := o.get(at, http.StatusOK)
		if !strings.Contains(page, "Da rileggere") || !strings.Contains(page, "<ins>Si mangia.</ins>") || !strings.Contains(page, `value="publish"`) {
			t.Error("the review does not show what changes")
		}
		form = o.fields(page, at)
		form.Set("do", "publish")
		o.post(at, form, http.StatusSeeOther)
	})
}
