// SPDX-License-Identifier: EUPL-1.2

package ui_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/andybalholm/brotli"
	"golang.org/x/net/html"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
	"approdo/internal/kit/web/ui"
)

func TestLocalesAreWhole(t *testing.T) {
	t.Parallel()
	for _, problem := range lang.CheckCatalogue(ui.Locales()) {
		t.Error(problem)
	}
	for _, problem := range lang.CheckUse(os.DirFS(".."), catalogue(t)) {
		t.Error(problem)
	}
	words := catalogue(t).Words("it")
	for _, kind := range []fault.Kind{fault.KindNotFound, fault.KindInvalid, fault.KindConflict, fault.KindForbidden, fault.KindTooLarge, fault.KindTooMany, fault.KindUnavailable, fault.KindUnsupported, fault.KindInternal} {
		for _, part := range []string{".title", ".help"} {
			if !words.Has("fault." + string(kind) + part) {
				t.Errorf("no words for fault.%s%s", kind, part)
			}
		}
	}
	for _, level := range []ui.Level{ui.Info, ui.Success, ui.Warning, ui.Danger} {
		if !words.Has("ui.alert." + string(level)) {
			t.Errorf("no word for the level %s", level)
		}
	}
}

func catalogue(t *testing.T) *lang.Catalogue {
	t.Helper()
	c, err := lang.Open(ui.Locales(), openapi.Locales())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var demo = &ui.Site{
	Network: "Rete di esempio", Demo: true, SourceURL: "https://code.example/approdo",
	Menu: []ui.Item{{Key: "layout.home", Path: "/", Icon: "home"}, {Key: "ui.keep.add", Path: "/shortlist", Icon: "star"}},
}

// serve answers pages made of body in the demo site.
func serve(t *testing.T, head ui.Head, body templ.Component) http.Handler {
	t.Helper()
	rs := web.New(web.Options{Catalogue: catalogue(t), ErrorPage: demo.ErrorPage, Log: slog.New(slog.DiscardHandler)})
	rs.Page("GET /page", "page", web.Public, func(w http.ResponseWriter, r *http.Request) error {
		return web.Render(w, r, http.StatusOK, demo.Page(r, head, body))
	})
	clock := func() time.Time { return time.Date(2026, 3, 7, 9, 0, 0, 0, time.UTC) }
	rs.Page("GET /exit", "exit", web.Public, demo.Exit(clock))
	return rs.Handler()
}

func get(t *testing.T, h http.Handler, target string) (*httptest.ResponseRecorder, *html.Node) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	document, err := html.Parse(bytes.NewReader(w.Body.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return w, document
}

// elements gives all elements with this name, or all when the name is "".
func elements(root *html.Node, name string) []*html.Node {
	var found []*html.Node
	for node := range root.Descendants() {
		if node.Type == html.ElementNode && (name == "" || node.Data == name) {
			found = append(found, node)
		}
	}
	return found
}

func attr(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// everything is a body with all components, so that rules hold for each of them.
func everything() templ.Component {
	options := []ui.Option{{Value: "a", Text: "A", Selected: true}, {Value: "b", Text: "বাংলা", Lang: "bn", Count: 3, HasCount: true}}
	return templ.Join(
		ui.SearchBox(ui.SearchView{Action: "/it/services", Query: `"><script>`, Live: "results", Near: true, Hidden: []ui.Pair{{Name: "need", Value: "health"}}}),
		ui.Alert(ui.Info, "i"), ui.Alert(ui.Success, ""), ui.Alert(ui.Warning, "w"), ui.Alert(ui.Danger, "d"),
		ui.Badge(ui.Open, "o"), ui.Badge(ui.OpensLater, "l"), ui.Badge(ui.Closed, "c"), ui.Badge(ui.Appointment, "a"), ui.Badge(ui.Unknown, "u"),
		ui.Tag("euro", "t"), ui.Foreign("ar"), ui.Card(ui.CardView{Title: "T", Href: "/it/x", Need: "health", Lang: "it"}), ui.Card(ui.CardView{Title: "U", Level: 2}),
		ui.Section("part", "clock", "S"), ui.Pager(ui.Pages{Page: 3, Last: 9, Href: ui.WithPage("/it/x", nil)}), ui.Empty("search", "E"),
		ui.Steps([]ui.Step{{Title: "1", Done: true}, {Title: "2", Text: "x", Current: true}}),
		ui.Definitions([]ui.Definition{{Icon: "phone", Term: "T", Text: "x", Lang: "it"}, {Term: "B", Body: ui.Tag("", "x")}}),
		ui.Bars(ui.BarsView{ID: "b1", Caption: "C", Head: "H", Columns: []string{"N"}, Rows: []ui.Bar{{Name: "x", Lang: "ar", Href: "/it/x", Small: "s", Values: []string{"1"}, Share: 0.5, Mark: 1, Level: ui.Danger}}}),
		ui.Heat(ui.HeatView{ID: "h1", Caption: "C", Corner: "H", Columns: []string{"8"}, Rows: []ui.HeatRow{{Name: "x", Cells: []ui.HeatCell{{Text: "1/2", Shade: ui.Shade(1, 2)}}}}}),
		ui.Disclosure("D", true), ui.Share(ui.ShareView{Title: "a b & c", URL: "https://x.example/?a=1&b=2"}), ui.KeepButton("s1", "T"), ui.PrintButton(),
		ui.ErrorSummary([]ui.FieldError{{ID: "f1", Text: "x"}}),
		ui.Field(ui.FieldView{ID: "f1", Name: "f1", Label: "F", Help: "h", Error: "e", Required: true, MaxLength: 9, Autocomplete: "off", InputMode: "text", Placeholder: "p"}),
		ui.TextArea(ui.FieldView{ID: "f2", Name: "f2", Label: "F"}), ui.Select(ui.SelectView{ID: "f3", Name: "f3", Label: "F", Options: options}),
		ui.Checks(ui.ChecksView{ID: "f4", Name: "f4", Legend: "F", Options: options}), ui.Radios(ui.ChecksView{ID: "f5", Name: "f5", Legend: "F", Help: "h", Options: options}),
		ui.Button(ui.Primary, "B", "", nil), ui.ButtonLink(ui.Secondary, "/it/x", "L", "arrow"), ui.IconLabel("star-full", "x"),
	)
}

func TestEveryPage(t *testing.T) {
	t.Parallel()
	h := serve(t, ui.Head{Title: "Titolo", Description: "D", Crumbs: []ui.Link{{Text: "A", Href: "/it/a"}, {Text: "B"}}, Styles: []string{"map.css"}, Scripts: []string{"map.js"}}, everything())
	sprite := string(web.AssetBytes("icons.svg"))
	for _, code := range lang.All {
		w, document := get(t, h, "/"+code+"/page?q=a")
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", code, w.Code, w.Body)
		}
		root := elements(document, "html")[0]
		if attr(root, "lang") != code || attr(root, "dir") != lang.Dir(code) {
			t.Errorf("%s: html lang=%s dir=%s", code, attr(root, "lang"), attr(root, "dir"))
		}
		if n := len(elements(document, "main")); n != 1 {
			t.Errorf("%s: %d main", code, n)
		}
		checkIDs(t, code, document)
		checkNothingInline(t, code, document)
		for _, use := range elements(document, "use") {
			_, name, _ := strings.Cut(attr(use, "href"), "#")
			if !strings.Contains(sprite, `id="`+name+`"`) {
				t.Errorf("%s: no icon %q in the sprite", code, name)
			}
		}
		for _, other := range lang.All {
			if !strings.Contains(w.Body.String(), `href="/`+other+`/page?q=a"`) {
				t.Errorf("%s: no way to %s", code, other)
			}
			if !strings.Contains(w.Body.String(), `hreflang="`+other+`" href="http://example.com/`+other+`/page"`) {
				t.Errorf("%s: no alternate %s", code, other)
			}
		}
		if !strings.Contains(w.Body.String(), `href="/`+code+`/exit"`) {
			t.Errorf("%s: no quick exit", code)
		}
		if strings.Contains(w.Body.String(), "<script>\"") || strings.Contains(w.Body.String(), `"><script>`) {
			t.Errorf("%s: a query got out of its attribute", code)
		}
	}
}

// checkIDs wants every id once and every reference to lead somewhere.
func checkIDs(t *testing.T, code string, document *html.Node) {
	t.Helper()
	ids := map[string]int{}
	for _, e := range elements(document, "") {
		if id := attr(e, "id"); id != "" {
			ids[id]++
		}
	}
	for id, n := range ids {
		if n > 1 {
			t.Errorf("%s: the id %q is there %d times", code, id, n)
		}
	}
	for _, e := range elements(document, "") {
		for _, name := range []string{"for", "aria-labelledby", "aria-describedby", "aria-controls"} {
			for id := range strings.FieldsSeq(attr(e, name)) {
				if ids[id] == 0 {
					t.Errorf("%s: %s=%q leads nowhere", code, name, id)
				}
			}
		}
		if href := attr(e, "href"); e.Data == "a" && strings.HasPrefix(href, "#") && ids[href[1:]] == 0 {
			t.Errorf("%s: the link %s leads nowhere", code, href)
		}
	}
}

// checkNothingInline holds pages to the security policy: what it forbids would
// silently not work.
func checkNothingInline(t *testing.T, code string, document *html.Node) {
	t.Helper()
	for _, e := range elements(document, "") {
		if e.Data == "style" || (e.Data == "script" && attr(e, "src") == "" && !strings.HasSuffix(attr(e, "type"), "json")) {
			t.Errorf("%s: inline %s", code, e.Data)
		}
		for _, a := range e.Attr {
			if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s: %s has the attribute %s", code, e.Data, a.Key)
			}
			fetches := a.Key == "src" || (a.Key == "href" && (e.Data == "link" || e.Data == "use"))
			if fetches && attr(e, "rel") != "canonical" && attr(e, "rel") != "alternate" && !strings.HasPrefix(a.Val, "/static/") {
				t.Errorf("%s: %s fetches %s", code, e.Data, a.Val)
			}
		}
	}
}

// firstView is what a page costs before it carries any content of its own.
const firstView = 60 << 10

func TestFirstViewIsLight(t *testing.T) {
	t.Parallel()
	h := serve(t, ui.Head{Title: "Titolo"}, everything())
	for _, code := range lang.All {
		w, document := get(t, h, "/"+code+"/page")
		total := packed(t, w.Body.Bytes())
		for _, e := range elements(document, "") {
			address := attr(e, "href")
			if e.Data == "script" {
				address = attr(e, "src")
			}
			if strings.HasPrefix(address, "/static/") && attr(e, "rel") != "apple-touch-icon" && e.Data != "use" {
				total += sent(t, h, address)
			}
		}
		total += sent(t, h, web.Asset("icons.svg"))
		if total > firstView {
			t.Errorf("%s: %d bytes, more than %d", code, total, firstView)
		}
		t.Logf("%s: %d bytes", code, total)
	}
}

func sent(t *testing.T, h http.Handler, address string) int {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	r.Header.Set("Accept-Encoding", "br")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Errorf("%s: %d", address, w.Code)
	}
	return w.Body.Len()
}

func packed(t *testing.T, data []byte) int {
	t.Helper()
	var b bytes.Buffer
	w := brotli.NewWriterLevel(&b, 5)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

func TestSensitivePagesLeaveNoCard(t *testing.T) {
	t.Parallel()
	h := serve(t, ui.Head{Title: "Centro antiviolenza", Description: "Ascolto", Sensitive: true}, ui.Tag("", "x"))
	w, _ := get(t, h, "/it/page")
	for _, bad := range []string{"og:", "canonical", "hreflang=\"x-default\"", "antiviolenza", `name="description"`} {
		if strings.Contains(w.Body.String(), bad) {
			t.Errorf("a sensitive page has %s", bad)
		}
	}
	if !strings.Contains(w.Body.String(), `content="noindex"`) || !strings.Contains(w.Body.String(), "data-sensitive") {
		t.Error("a sensitive page must keep search engines and the offline copy away")
	}
}

func TestExitIsNeutral(t *testing.T) {
	t.Parallel()
	h := serve(t, ui.Head{}, ui.Tag("", "x"))
	w, document := get(t, h, "/ar/exit")
	for _, bad := range []string{"Approdo", "approdo", "site.", "icons.svg", "Rete"} {
		if strings.Contains(w.Body.String(), bad) {
			t.Errorf("the neutral page tells %q", bad)
		}
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q", got)
	}
	days := 0
	for _, cell := range elements(document, "td") {
		if cell.FirstChild != nil {
			days++
		}
	}
	if days != 31 || !strings.Contains(w.Body.String(), "مارس 2026") || !strings.Contains(w.Body.String(), `<td aria-current="date">7</td>`) {
		t.Errorf("%d days: %s", days, w.Body)
	}
	checkNothingInline(t, "exit", document)
}

// The name of the network stands once in the head of a page: above the name of the site, or as it.
func TestTheNetworkIsNamedOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		site *ui.Site
		want []string
	}{
		"a network with a site of its own name": {&ui.Site{Network: "Rete di esempio"}, []string{"header-network: Rete di esempio", "brand-name: Approdo"}},
		"a site called after its network":       {&ui.Site{Called: func(context.Context) string { return "Rete di Prova" }}, []string{"brand-name: Rete di Prova"}},
		"a network without a name":              {&ui.Site{Called: func(context.Context) string { return ui.Name }}, []string{"brand-name: Approdo"}},
	} {
		rs := web.New(web.Options{Catalogue: catalogue(t), ErrorPage: c.site.ErrorPage, Log: slog.New(slog.DiscardHandler)})
		rs.Page("GET /page", "page", web.Public, func(w http.ResponseWriter, r *http.Request) error {
			return web.Render(w, r, http.StatusOK, c.site.Page(r, ui.Head{Title: "Titolo"}, templ.NopComponent))
		})
		_, document := get(t, rs.Handler(), "/it/page")
		var got []string
		for _, span := range elements(document, "span") {
			if class := attr(span, "class"); class == "header-network" || class == "brand-name" {
				got = append(got, class+": "+span.FirstChild.Data)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestErrorPage(t *testing.T) {
	t.Parallel()
	w, document := get(t, serve(t, ui.Head{}, ui.Tag("", "x")), "/uk/nothing")
	if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), "Сторінку не знайдено") || len(elements(document, "h1")) != 1 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(w.Body.String(), w.Header().Get("X-Request-Id")) {
		t.Error("the page must name the request, or nobody finds it in the log")
	}
}

var iconNames = regexp.MustCompile(`(?:Icon\("|IconLabel\("|Icon: "|: "|ButtonLink\([^"]*", ")([a-z-]+)"`)

func TestPictogramsAreDrawn(t *testing.T) {
	t.Parallel()
	sprite := string(web.AssetBytes("icons.svg"))
	for _, need := range ui.Pictograms {
		if !strings.Contains(sprite, `id="need-`+need+`"`) {
			t.Errorf("no pictogram for %s", need)
		}
	}
	source, err := os.ReadFile("layout.templ")
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range iconNames.FindAllSubmatch(source, -1) {
		if !strings.Contains(sprite, `id="`+string(match[1])+`"`) {
			t.Errorf("layout.templ shows the icon %q, which is not drawn", match[1])
		}
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		page, last int
		want       []int
	}{{1, 1, []int{1}}, {1, 3, []int{1, 2, 3}}, {5, 9, []int{1, 0, 4, 5, 6, 0, 9}}, {9, 9, []int{1, 0, 8, 9}}, {1, 9, []int{1, 2, 0, 9}}} {
		got := ui.Pages{Page: test.page, Last: test.last}.Numbers()
		if len(got) != len(test.want) {
			t.Errorf("%d of %d: %v, want %v", test.page, test.last, got, test.want)
			continue
		}
		for i := range got {
			if got[i] != test.want[i] {
				t.Errorf("%d of %d: %v, want %v", test.page, test.last, got, test.want)
			}
		}
	}
	query := map[string][]string{"q": {"a b"}, "page": {"4"}}
	href := ui.WithPage("/it/x", query)
	if got := href(2); got != "/it/x?page=2&q=a+b" {
		t.Error(got)
	}
	if got := href(1); got != "/it/x?q=a+b" || query["page"][0] != "4" {
		t.Error(got)
	}
}

func TestShareLinks(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	ctx := web.WithWords(t.Context(), catalogue(t).Words("it"))
	if err := ui.Share(ui.ShareView{Title: "a b & c", URL: "https://x.example/?a=1&b=2"}).Render(ctx, &b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"https://wa.me/?text=a%20b%20%26%20c%20https%3A%2F%2Fx.example%2F%3Fa%3D1%26b%3D2", "sms:?body=a%20b%20%26%20c%20https", "mailto:?subject=a%20b%20%26%20c&amp;body=https"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%s lacks %s", b.String(), want)
		}
	}
}
