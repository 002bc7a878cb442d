// SPDX-License-Identifier: EUPL-1.2

package lang_test

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"approdo/internal/kit/lang"
)

// files makes a catalogue in which every language has the Italian text, but for changes.
func files(italian string, changes map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for _, code := range lang.All {
		text := italian
		if changed, ok := changes[code]; ok {
			text = changed
		}
		fsys[code+".json"] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func open(t *testing.T, fsys ...fs.FS) *lang.Catalogue {
	t.Helper()
	c, err := lang.Open(fsys...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestText(t *testing.T) {
	t.Parallel()
	c := open(t,
		files(`{"a.hello":"Ciao {name}, {n} posti","a.only":"solo italiano"}`, map[string]string{
			"en": `{"a.hello":"Hello {name}, {n} places"}`,
			"ar": `{"a.hello":"مرحبا {name}، {n}"}`,
		}),
		files(`{"b.count":{"one":"un servizio","other":"{n} servizi a {where}"}}`, map[string]string{
			"zh": `{}`,
			"uk": `{"b.count":{"one":"{n} послуга","few":"{n} послуги","many":"{n} послуг","other":"{n} послуги"}}`,
			"ar": `{"b.count":{"zero":"لا خدمات","one":"خدمة واحدة","two":"خدمتان","few":"{n} خدمات","many":"{n} خدمة","other":"{n} خدمة"}}`,
		}))
	for _, test := range []struct{ name, got, want string }{
		{"Italian", c.Words("it").Text("a.hello", "name", "Ada", "n", 12500), "Ciao Ada, 12.500 posti"},
		{"English", c.Words("en").Text("a.hello", "name", "Ada", "n", 12500), "Hello Ada, 12,500 places"},
		{"a name in an Arabic sentence is isolated", c.Words("ar").Text("a.hello", "name", "Ada", "n", 3), "مرحبا \u2068Ada\u2069، 3"},
		{"an Arabic name is not", c.Words("ar").Text("a.hello", "name", "علي", "n", 3), "مرحبا علي، 3"},
		{"Italian stands in", c.Words("en").Text("a.only"), "solo italiano"},
		{"Italian stands in with its own numbers", c.Words("zh").Count("b.count", 12500, "where", "Roma"), "12.500 servizi a Roma"},
		{"nothing known", c.Words("en").Text("a.nothing"), "a.nothing"},
		{"unknown language", c.Words("xx").Text("a.only"), "solo italiano"},
		{"value not given", c.Words("it").Text("a.hello", "n", 1), "Ciao {name}, 1 posti"},
		{"one", c.Words("it").Count("b.count", 1), "un servizio"},
		{"many in Ukrainian", c.Words("uk").Count("b.count", 5), "5 послуг"},
		{"few in Ukrainian", c.Words("uk").Count("b.count", 22), "22 послуги"},
		{"two in Arabic", c.Words("ar").Count("b.count", 2), "خدمتان"},
		{"few in Arabic", c.Words("ar").Count("b.count", 103), "103 خدمات"},
		{"by map", c.Words("it").Fill("a.hello", map[string]any{"name": "Ada", "n": 2}), "Ciao Ada, 2 posti"},
		{"zero Words", lang.Words{}.Text("a.hello"), "a.hello"},
	} {
		if test.got != test.want {
			t.Errorf("%s: %q, want %q", test.name, test.got, test.want)
		}
	}
	if c.Words("en").Has("a.only") || !c.Words("it").Has("a.only") {
		t.Error("Has must look at the language itself, not at Italian")
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	missing := files(`{}`, nil)
	delete(missing, "bn.json")
	for name, test := range map[string]struct {
		fsys []fs.FS
		want string
	}{
		"a key in two catalogues": {[]fs.FS{files(`{"a.x":"1"}`, nil), files(`{"a.x":"1"}`, nil)}, "two catalogues"},
		"a key written twice":     {[]fs.FS{files(`{"a.x":"1","a.x":"2"}`, nil)}, "written twice"},
		"nested objects":          {[]fs.FS{files(`{"a":{"x":{"y":"z"}}}`, nil)}, `"a"`},
		"a list":                  {[]fs.FS{files(`[]`, nil)}, "one object"},
		"a language without file": {[]fs.FS{missing}, "bn.json"},
		"a cut file":              {[]fs.FS{files(`{"a.x":"1"`, nil)}, "json"},
	} {
		if _, err := lang.Open(test.fsys...); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, test.want)
		}
	}
}

func TestCheckCatalogue(t *testing.T) {
	t.Parallel()
	italian := `{"a.x":"Ciao {name}","a.n":{"one":"un posto","other":"{n} posti"}}`
	good := map[string]string{
		"ar": `{"a.x":"مرحبا {name}","a.n":{"zero":"لا","one":"واحد","two":"اثنان","few":"{n}","many":"{n}","other":"{n}"}}`,
		"uk": `{"a.x":"{name}","a.n":{"one":"{n} місце","few":"{n} місця","many":"{n} місць","other":"{n} місця"}}`,
		"zh": `{"a.x":"{name}","a.n":{"other":"{n}"}}`,
	}
	if problems := lang.CheckCatalogue(files(italian, good)); len(problems) > 0 {
		t.Fatalf("a whole catalogue has problems: %v", problems)
	}
	for name, test := range map[string]struct{ code, text, want string }{
		"missing key":       {"en", `{"a.n":{"one":"1","other":"{n}"}}`, "en a.x: missing"},
		"extra key":         {"en", `{"a.x":"{name}","a.z":"?","a.n":{"one":"1","other":"{n}"}}`, "en a.z: not in it.json"},
		"placeholder lost":  {"en", `{"a.x":"Hello","a.n":{"one":"1","other":"{n}"}}`, "en a.x: lacks {name}"},
		"placeholder new":   {"en", `{"a.x":"{name} {nome}","a.n":{"one":"1","other":"{n}"}}`, "en a.x: has {nome}, which Italian has not"},
		"plural lacking":    {"uk", `{"a.x":"{name}","a.n":{"one":"1","few":"2","other":"3"}}`, `uk a.n: needs the plural category "many"`},
		"plural needless":   {"en", `{"a.x":"{name}","a.n":{"one":"1","few":"2","other":"3"}}`, `en a.n: has no use for the plural category "few"`},
		"empty":             {"en", `{"a.x":" ","a.n":{"one":"1","other":"3"}}`, "en a.x: empty"},
		"count became text": {"en", `{"a.x":"{name}","a.n":"{n}"}`, "en a.n: a count in one language and a plain text in the other"},
		"brace":             {"en", `{"a.x":"{name} {","a.n":{"one":"1","other":"3"}}`, "en a.x: has a brace without its partner"},
	} {
		changed := map[string]string{"ar": good["ar"], "uk": good["uk"], "zh": good["zh"]}
		changed[test.code] = test.text
		problems := lang.CheckCatalogue(files(italian, changed))
		if len(problems) == 0 || problems[0].String() != test.want {
			t.Errorf("%s: %v, want %q", name, problems, test.want)
		}
	}
}

func TestCheckUse(t *testing.T) {
	t.Parallel()
	c := open(t, files(`{"a.x":"1"}`, nil))
	problems := lang.CheckUse(fstest.MapFS{
		"a/page.templ":    {Data: []byte(`{ ui.T(ctx, "a.x") } { ui.N(ctx, "a.lost", 3) } { ui.T(ctx, "a.made."+name) }`)},
		"a/rule.go":       {Data: []byte(`fault.NotFound("a.gone"); fault.Invalid("q", "a.bad"); w.Text("a.x")`)},
		"a/page_templ.go": {Data: []byte(`ui.T(ctx, "a.generated")`)},
		"a/rule_test.go":  {Data: []byte(`w.Text("a.test")`)},
	}, c)
	var keys []string
	for _, p := range problems {
		keys = append(keys, p.Key)
	}
	if got := strings.Join(keys, " "); got != "a.lost a.gone a.bad" {
		t.Errorf("found %q", got)
	}
}

func TestPlurals(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"it": "one other", "zh": "other", "uk": "one few many other", "ar": "zero one two few many other",
	} {
		if got := strings.Join(lang.Plurals(code), " "); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}
