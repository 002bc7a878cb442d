// SPDX-License-Identifier: EUPL-1.2

package networkweb_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
	"golang.org/x/net/html"

	"approdo/data"
	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/kit/lang"
)

// facts are the leaves of a project in the file of facts, apart from codes that are shown in words
// and the file that they were taken from.
func facts(prefix string, v any) []string {
	switch v := v.(type) {
	case map[string]any:
		var list []string
		for key, one := range v {
			switch prefix + key {
			case "source", "fund", "kind", "lead", "partners", "body", "start", "end":
			case "hours":
				if parts, ok := one.(map[string]any); ok {
					for name, n := range parts {
						list = append(list, name, fmt.Sprint(n))
					}
					continue
				}
				list = append(list, fmt.Sprint(one))
			default:
				list = append(list, facts("", one)...)
			}
		}
		return list
	case []any:
		var list []string
		for _, one := range v {
			list = append(list, facts("", one)...)
		}
		return list
	}
	return []string{strings.Join(strings.Fields(fmt.Sprint(v)), " ")}
}

// Every fact of the twelve projects stands on the page of its project.
func TestEveryFactIsShown(t *testing.T) {
	t.Parallel()
	raw, err := data.FS.ReadFile("demo/projects.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Funds  []struct{ Code, Name, Authority string }
		Bodies []struct {
			ID, Name, Address, Seat, Unit string
			LongName                      string `yaml:"long_name"`
			Aliases                       []string
		}
		Projects []map[string]any
	}
	if err := yaml.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, b := range file.Bodies {
		names[b.ID] = b.Name
	}
	eachSite(t, func(t *testing.T, s *site) {
		shown := 0
		for _, p := range file.Projects {
			page := s.page("/it/projects/" + p["code"].(string))
			said := text(page)
			want := facts("", p)
			for _, f := range file.Funds {
				if f.Code == p["fund"] {
					want = append(want, f.Name, f.Authority)
				}
			}
			if lead, ok := p["lead"].(string); ok {
				want = append(want, names[lead])
			}
			partners, _ := p["partners"].([]any)
			for _, id := range partners {
				want = append(want, names[id.(string)])
			}
			for _, fact := range want {
				if shown++; !strings.Contains(said, fact) {
					t.Errorf("%s: the page does not say %q", p["code"], fact)
				}
			}
		}
		if shown < 180 {
			t.Errorf("only %d facts were looked for", shown)
		}
		for _, b := range file.Bodies {
			said := text(s.page("/it/organizations/" + network.BodyID(b.ID)))
			for _, fact := range append([]string{b.Name, b.LongName, b.Address, b.Seat, b.Unit}, b.Aliases...) {
				if !strings.Contains(said, fact) {
					t.Errorf("%s: the page does not say %q", b.ID, fact)
				}
			}
		}
		if care := text(s.page("/it/projects/CARE")); !strings.Contains(care, "12 marzo 2020") && !strings.Contains(care, "12 mar") || !strings.Contains(care, "30 giugno 2022") && !strings.Contains(care, "30 giu") {
			t.Errorf("CARE does not say when: %s", care)
		}
	})
}

// What no source states is not on the page, not even as an empty field.
func TestNothingIsInvented(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		learning := text(s.page("/it/projects/SERVICE-LEARNING"))
		for _, term := range []string{"Capofila", "CUP", "Fondo", "Numero del progetto", "Affidatari", "Dove"} {
			if strings.Contains(learning, term) {
				t.Errorf("no source states it, and the page says %q", term)
			}
		}
		if !strings.Contains(learning, "dal 2015") || !strings.Contains(learning, "Non sono ancora stati pubblicati risultati.") {
			t.Errorf("%s", learning)
		}
		page := s.page("/it/projects/BUSY")
		if find(page, func(n *html.Node) bool { return n.Data == "img" && attr(n, "class") == "emblem" }) != nil {
			t.Error("an emblem was drawn that nobody has given")
		}
		if emblems := text(find(page, func(n *html.Node) bool { return strings.Contains(attr(n, "class"), "emblems") })); emblems != "Unione europea Fondo Asilo, Migrazione e Integrazione Ministero dell'Interno" {
			t.Errorf("the emblems say %q", emblems)
		}
		if emblems := text(find(s.page("/it/projects/CARE"), func(n *html.Node) bool { return strings.Contains(attr(n, "class"), "emblems") })); !strings.HasSuffix(emblems, "CUP I61E20000000007") {
			t.Errorf("the emblems say %q", emblems)
		}
	})
}

func TestPagesInEveryLanguage(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		for _, code := range lang.All {
			for _, path := range []string{"/network", "/projects/E-QUALITY", "/organizations/" + network.BodyID("cefpas"), "/organizations/example"} {
				page := s.page("/" + code + path)
				if root := find(page, func(n *html.Node) bool { return n.Data == "html" }); attr(root, "lang") != code {
					t.Errorf("%s%s is in %s", code, path, attr(root, "lang"))
				}
				for _, key := range []string{"project.", "organization.", "network.", "kind.", "activity."} {
					if said := text(page); strings.Contains(" "+said, " "+key) {
						t.Errorf("%s%s shows a key: %s", code, path, said)
					}
				}
			}
		}
		list := text(s.page("/it/network"))
		for _, want := range []string{"12 progetti", "1 aderente", "Cooperativa di esempio", "CEFPAS", "Capofila: Comune di Mantova"} {
			if !strings.Contains(list, want) {
				t.Errorf("the network does not say %q", want)
			}
		}
		for _, path := range []string{"/it/projects/NONE", "/it/organizations/none", "/organizations/example/emblem.png", "/funds/FAMI/x.png", "/funds/NONE/x.png"} {
			if w := s.get(path); w.Code != http.StatusNotFound {
				t.Errorf("%s: %d", path, w.Code)
			}
		}
	})
}

func TestMergedEntriesLeadOn(t *testing.T) {
	t.Parallel()
	eachSite(t, func(t *testing.T, s *site) {
		ctx := t.Context()
		from, into := network.BodyID("asp-cesena"), network.BodyID("asp-ambito-9")
		admin := access.Actor{Account: "a", Member: "example", Roles: []access.Role{access.NetworkAdministrator}, Strong: true, Via: "page"}
		if _, err := s.network.MergeBodies(ctx, admin, from, into, 1, 1, ""); err != nil {
			t.Fatal(err)
		}
		w := s.get("/ar/organizations/" + from)
		if w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != "/ar/organizations/"+into {
			t.Errorf("%d %s", w.Code, w.Header().Get("Location"))
		}
		if said := text(s.page("/it/organizations/" + into)); !strings.Contains(said, "Detto anche ASP Cesena Valle Savio") || !strings.Contains(said, "INTESE") {
			t.Errorf("%s", said)
		}
	})
}
