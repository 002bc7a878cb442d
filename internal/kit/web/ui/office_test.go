// SPDX-License-Identifier: EUPL-1.2

package ui_test

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func operator(*http.Request) ui.Frame {
	here := ui.Acting{ID: "m1", Name: "Comune di Esempio", Role: "Redattrice"}
	return ui.Frame{
		Name: "Anna Maria Esempio", Body: here, Bodies: []ui.Acting{here, {ID: "m2", Name: `Ambito <"'>`}},
		Account: "/account", Switch: "/account/member", LogOut: "/logout", Search: "/office/search", Query: `"><b>`, Waiting: 3,
		Menu: []ui.OfficeItem{
			{Key: "office.area", Path: "/office/log", Icon: "shield", Group: ui.GroupProof}, {Key: "office.home", Path: ui.HomePath, Icon: "home"},
			{Key: "office.account", Path: "/office/page", Icon: "translate", Group: ui.GroupCensus}, {Key: "office.help", Path: "/office/page/deep", Group: "office.filter.more"},
		},
	}
}

// office answers pages of operators made of body.
func office(t *testing.T, head ui.OfficeHead, body templ.Component, frame func(*http.Request) ui.Frame) http.Handler {
	t.Helper()
	site := &ui.Site{Network: "Rete di esempio", Demo: true, Frame: frame}
	rs := web.New(web.Options{Catalogue: catalogue(t), ErrorPage: site.ErrorPage, Log: slog.New(slog.DiscardHandler)})
	page := func(w http.ResponseWriter, r *http.Request) error {
		return web.Render(w, r, http.StatusOK, site.OfficePage(r, head, body))
	}
	rs.Office("GET /office/page", "page", web.Public, page)
	rs.Office("GET /office/page/deep/one", "deep", web.Public, page)
	rs.Page("GET /account", "account", web.Public, page)
	rs.Office("POST /office/page", "post", web.Public, func(w http.ResponseWriter, r *http.Request) error {
		ui.Flash(w, r, ui.Level(r.FormValue("level")), r.FormValue("key"), 3)
		return web.Redirect(w, r, "/it/office/page")
	})
	rs.Office("GET /office/gone", "gone", web.Public, func(http.ResponseWriter, *http.Request) error { return fault.NotFound("fault.no_page") })
	return rs.Handler()
}

// everyPart is a body with all components of operators.
func everyPart(l ui.List) templ.Component {
	at := time.Date(2026, 3, 7, 9, 0, 0, 0, time.UTC)
	return templ.Join(
		ui.Filters(ui.FilterView{List: l, Label: "Cerca", Open: true, Active: []ui.ActiveFilter{{Text: "Bozza", Href: l.With("state", "")}}}),
		ui.Table(ui.TableView{Caption: "C", List: l, Total: 70, BulkTo: "/it/office/page", Bulk: []ui.BulkAction{{Name: "close", Text: "Chiudi"}},
			Columns: []ui.Column{{Name: "name", Title: "Nome"}, {Name: "n", Title: "N", Number: true}, {Title: "Azioni", Hide: true}},
			Rows:    []ui.Row{{ID: "1", Level: ui.Danger, Cells: []ui.Cell{{Text: "Uno", Href: "/it/x", Small: "s"}, {Text: "1"}, {Body: ui.Status(ui.Success, "ok")}}}, {Cells: []ui.Cell{{Text: "اثنان", Lang: "ar"}, {Text: "2"}, {}}}}}),
		ui.Table(ui.TableView{ID: "none", List: l}),
		ui.Form(ui.FormView{Action: "/it/office/page", Errors: []ui.FieldError{{ID: "f1", Text: "e"}}, Cancel: "/it/x", Upload: true, Hidden: []ui.Pair{{Name: "version", Value: "7"}}}),
		ui.FieldGroup("g", "G", "h"), ui.Field(ui.FieldView{ID: "f1", Name: "f1", Label: "F", Error: "e"}), ui.FileField(ui.FileView{ID: "f2", Name: "f2", Label: "F", Help: "h", Error: "e", Accept: ".csv", Multiple: true, Required: true}),
		ui.Toolbar("T"), ui.Panel("p", "inbox", "P", ui.Status(ui.Info, "x")), ui.Status(ui.Neutral, "n"), ui.Status(ui.Warning, "w"),
		ui.Figures([]ui.Figure{{Value: "1", Label: "L", Text: "t", Href: "/it/x", Level: ui.Danger}, {Value: "2", Label: "M"}}),
		ui.History([]ui.Moment{{At: at, Who: "W", What: "Fatto", Href: "/it/x", Text: "t", Changes: []ui.Changed{{Label: "L", Before: "a", After: "b"}, {Label: "S", Hidden: true, Before: "secret", After: "secret"}, {Label: "V", Before: "x"}}}}),
		ui.Compare(ui.CompareView{Before: "A", After: "B", Choose: "keep-", Fields: []ui.Compared{{Name: "title", Label: "Titolo", Before: "uno due", After: "uno tre"}, {Name: "same", Label: "S", Before: "x", After: "x "}}}),
		ui.WaitingList([]ui.Waiting{{Text: "w", Href: "/it/x", Count: 2, Since: at, Due: at, Level: ui.Danger}, {Text: "v", Href: "/it/y", Level: ui.Warning}, {Text: "u", Href: "/it/z", Icon: "bell"}}),
		ui.Hits([]ui.Hit{{Kind: "office.home", Title: "T", Lang: "ar", Text: "t", Href: "/it/x", Badge: ui.Status(ui.Success, "s")}}),
	)
}

var wholeHead = ui.OfficeHead{
	Title: "Titolo", Lead: "L", Badge: ui.Status(ui.Success, "B"), Actions: ui.ButtonLink(ui.Primary, "/it/x", "Nuovo", "plus"), Help: "office.demo_text",
	Crumbs: []ui.Link{{Text: "A", Href: "/it/a"}, {Text: "B"}}, Tabs: []ui.Tab{{Text: "1", Href: "/it/1", Current: true}, {Text: "2", Href: "/it/2", Count: 3, HasCount: true, Faulty: true, Icon: "history"}},
}

func TestEveryOfficePage(t *testing.T) {
	t.Parallel()
	l := ui.List{Path: "/it/office/page", Query: url.Values{"state": {"draft"}}, Sort: "name", Page: 2, Size: 25}
	h := office(t, wholeHead, everyPart(l), operator)
	drawn := string(web.AssetBytes("icons.svg")) + string(web.AssetBytes("office.svg"))
	for _, path := range []string{"/it/office/page", "/en/office/page", "/ar/account"} {
		w, document := get(t, h, path)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", path, w.Code, w.Body)
		}
		checkIDs(t, path, document)
		checkNothingInline(t, path, document)
		for _, use := range elements(document, "use") {
			if _, name, _ := strings.Cut(attr(use, "href"), "#"); !strings.Contains(drawn, `id="`+name+`"`) {
				t.Errorf("%s: no icon %q", path, name)
			}
		}
		for _, name := range []string{"main", "h1"} {
			if n := len(elements(document, name)); n != 1 {
				t.Errorf("%s: %d %s", path, n, name)
			}
		}
		if strings.Contains(w.Body.String(), `"><b>`) || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: what was typed gets out of its place, or what is hidden is shown", path)
		}
		if !strings.Contains(w.Body.String(), `content="noindex"`) {
			t.Errorf("%s: search engines may keep it", path)
		}
	}
	if w, _ := get(t, h, "/ar/account"); !strings.Contains(w.Body.String(), web.Asset("office.rtl.css")) || !strings.Contains(w.Body.String(), `href="/ur/account"`) {
		t.Error("an account page in Arabic needs the turned sheet and the way to all languages")
	}
	if w, _ := get(t, h, "/it/office/page"); strings.Contains(w.Body.String(), `href="/ur/office/page"`) {
		t.Error("a page of operators offers a language in which it is not served")
	}
}

// texts gives the text of every element with this name, in order.
func texts(root *html.Node, name string) []string {
	var list []string
	for _, e := range elements(root, name) {
		list = append(list, text(e))
	}
	return list
}

func text(node *html.Node) string {
	var b strings.Builder
	for n := range node.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestMenuMarksWhereOneIs(t *testing.T) {
	t.Parallel()
	h := office(t, ui.OfficeHead{Title: "T"}, ui.Tag("", "x"), operator)
	for path, want := range map[string]string{"/it/office/page": "page /it/office/page", "/it/office/page/deep/one": "true /it/office/page/deep"} {
		_, document := get(t, h, path)
		got := ""
		for _, e := range elements(document, "a") {
			if current := attr(e, "aria-current"); current != "" && strings.HasPrefix(attr(e, "href"), "/it/office") && attr(e, "hreflang") == "" {
				got += current + " " + attr(e, "href")
			}
		}
		if got != want {
			t.Errorf("%s: %q is marked, want %q", path, got, want)
		}
	}
	_, document := get(t, h, "/it/office/page")
	var order []string
	for _, e := range elements(document, "nav") {
		if attr(e, "id") == "office-menu" {
			for _, a := range elements(e, "a") {
				order = append(order, attr(a, "href"))
			}
		}
	}
	if got := strings.Join(order, " "); got != "/it/office /it/office/page /it/office/log /it/office/page/deep" {
		t.Errorf("the menu stands in the order %s", got)
	}
}

func TestOneAlwaysSeesForWhomOneActs(t *testing.T) {
	t.Parallel()
	_, several := get(t, office(t, ui.OfficeHead{Title: "T"}, ui.Tag("", "x"), operator), "/it/office/page")
	var members []string
	for _, b := range elements(several, "button") {
		if attr(b, "name") == "member" {
			members = append(members, attr(b, "value")+attr(b, "aria-current"))
		}
	}
	if got := strings.Join(members, " "); got != "m1true m2" {
		t.Errorf("bodies to choose from: %s", got)
	}
	alone := func(r *http.Request) ui.Frame {
		f := operator(r)
		f.Bodies = f.Bodies[:1]
		return f
	}
	w, _ := get(t, office(t, ui.OfficeHead{Title: "T"}, ui.Tag("", "x"), alone), "/it/office/page")
	if !strings.Contains(w.Body.String(), "Comune di Esempio") || strings.Contains(w.Body.String(), `name="member"`) {
		t.Error("who acts for one body must see it, and has nothing to choose")
	}
	w, _ = get(t, office(t, ui.OfficeHead{Title: "T"}, ui.Tag("", "x"), nil), "/it/office/page")
	if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "office-menu") {
		t.Errorf("a page for nobody: %d", w.Code)
	}
}

func TestErrorsOfOperatorsStayInTheFrame(t *testing.T) {
	t.Parallel()
	w, _ := get(t, office(t, ui.OfficeHead{}, ui.Tag("", "x"), operator), "/it/office/gone")
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "office-menu") || !strings.Contains(w.Body.String(), w.Header().Get("X-Request-Id")) {
		t.Errorf("%d without the frame or the name of the request", w.Code)
	}
	w, _ = get(t, office(t, ui.OfficeHead{}, ui.Tag("", "x"), nil), "/it/office/gone")
	if w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "office-header") {
		t.Errorf("%d: a stranger sees the frame of operators", w.Code)
	}
}

// post leaves a message and gives the cookie that carries it.
func post(t *testing.T, h http.Handler, level, key string) *http.Cookie {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/it/office/page", strings.NewReader(url.Values{"level": {level}, "key": {key}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	cookies := w.Result().Cookies()
	if w.Code != http.StatusSeeOther || len(cookies) != 1 {
		t.Fatalf("%d with %d cookies", w.Code, len(cookies))
	}
	return cookies[0]
}

func TestFlash(t *testing.T) {
	t.Parallel()
	h := office(t, ui.OfficeHead{Title: "T"}, ui.Tag("", "x"), operator)
	open := func(c *http.Cookie) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/it/office/page", nil)
		r.AddCookie(c)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	c := post(t, h, "success", "ui.form.problems")
	if !c.HttpOnly || c.MaxAge <= 0 || c.MaxAge > 120 || strings.ContainsAny(c.Value, " ;@") {
		t.Errorf("the cookie %v", c)
	}
	w := open(c)
	if !strings.Contains(w.Body.String(), "Ci sono 3 errori da correggere") {
		t.Error("the message does not show")
	}
	if again := w.Result().Cookies(); len(again) != 1 || again[0].MaxAge >= 0 {
		t.Error("a message that was shown must go")
	}
	for name, bad := range map[string]*http.Cookie{
		"unknown key": post(t, h, "success", "no.such.key"), "unknown level": post(t, h, "loud", "ui.form.problems"), "not ours": {Name: c.Name, Value: "<b>"},
	} {
		if w := open(bad); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "notice") {
			t.Errorf("%s: shown", name)
		}
	}
}

func TestReadList(t *testing.T) {
	t.Parallel()
	var got ui.List
	site := &ui.Site{}
	rs := web.New(web.Options{Catalogue: catalogue(t), ErrorPage: site.ErrorPage, Log: slog.New(slog.DiscardHandler)})
	rs.Office("GET /office/list", "list", web.Public, func(w http.ResponseWriter, r *http.Request) error {
		got = ui.ReadList(r, "name", "-changed")
		_, err := io.WriteString(w, "ok")
		return err
	})
	h := rs.Handler()
	for query, want := range map[string]struct {
		sort   string
		desc   bool
		offset int
		size   int
	}{
		"":                               {"name", false, 0, 25},
		"?sort=-name&page=3&size=50":     {"name", true, 100, 50},
		"?sort=changed":                  {"changed", false, 0, 25},
		"?sort=secret&page=-1&size=7":    {"name", false, 0, 25},
		"?page=99999999999999999999":     {"name", false, 0, 25},
		"?page=1000000000":               {"name", false, 1999 * 25, 25},
		"?sort=name%3BDROP&page=x&q=+a+": {"name", false, 0, 25},
	} {
		get(t, h, "/it/office/list"+query)
		if got.Sort != want.sort || got.Desc != want.desc || got.Offset() != want.offset || got.Size != want.size {
			t.Errorf("%s: %+v", query, got)
		}
	}
	get(t, h, "/it/office/list?q=+a+b&state=draft&page=4")
	if got.Text != "a b" || got.Filter("state") != "draft" || got.With("state", "") != "/it/office/list?q=+a+b" || got.With("sort", "-name") != "/it/office/list?q=+a+b&sort=-name&state=draft" {
		t.Errorf("%+v %s", got, got.With("state", ""))
	}
}

func TestSortTurnsRound(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		list       ui.List
		aria, href string
	}{
		{ui.List{Path: "/it/x", Sort: "name"}, "ascending", "/it/x?sort=-name"},
		{ui.List{Path: "/it/x", Sort: "name", Desc: true}, "descending", "/it/x?sort=name"},
		{ui.List{Path: "/it/x", Sort: "other"}, "", "/it/x?sort=name"},
	} {
		h := office(t, ui.OfficeHead{Title: "T"}, ui.Table(ui.TableView{List: test.list, Columns: []ui.Column{{Name: "name", Title: "Nome"}}, Rows: []ui.Row{{Cells: []ui.Cell{{Text: "x"}}}}}), operator)
		_, document := get(t, h, "/it/office/page")
		head := elements(elements(document, "table")[0], "th")[0]
		if attr(head, "aria-sort") != test.aria || attr(elements(head, "a")[0], "href") != test.href {
			t.Errorf("%+v: %s %s", test.list, attr(head, "aria-sort"), attr(elements(head, "a")[0], "href"))
		}
	}
}

func TestMistakesOf(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r = r.WithContext(web.WithWords(r.Context(), catalogue(t).Words("it")))
	m, ok := ui.MistakesOf(r, errors.Join(fault.Invalid("name", "fault.no_page"), fault.Invalid("name", "second"), fault.Invalid("", "fault.no_page")))
	if !ok || !m.Any() || m.Of("name") == "" || m.Of("name") == "second" || m.Of("other") != "" {
		t.Errorf("%t %+v", ok, m)
	}
	if list := m.Summary("x-"); len(list) != 2 || list[0].ID != "x-name" || list[1].ID != "form" {
		t.Errorf("%+v", list)
	}
	for _, err := range []error{fault.NotFound("fault.no_page"), fault.Conflict("fault.no_page"), io.EOF} {
		if _, ok := ui.MistakesOf(r, err); ok {
			t.Errorf("%v is taken for a mistake of the form", err)
		}
	}
}

func TestCompareMarksWords(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("parola ", 3000)
	h := office(t, ui.OfficeHead{Title: "T"}, ui.Compare(ui.CompareView{Before: "A", After: "B", Fields: []ui.Compared{
		{Name: "one", Label: "1", Before: "Sportello degli immigrati.", After: "Sportello per immigrati"},
		{Name: "two", Label: "2", Before: "移民服务", After: "移民咨询"}, {Name: "three", Label: "3", Before: "", After: "x"}, {Name: "four", Label: "4", Before: long, After: "y"},
	}}), operator)
	_, document := get(t, h, "/it/office/page")
	if got := strings.Join(texts(document, "del")[:3], "|"); got != "degli|.|服务" {
		t.Errorf("gone: %s", got)
	}
	if got := strings.Join(texts(document, "ins"), "|"); got != "per|咨询|x|y" {
		t.Errorf("new: %s", got)
	}
}
