// SPDX-License-Identifier: EUPL-1.2

package hsdsweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"approdo/internal/base/need"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
)

func (d *doors) addTaxonomies() {
	d.list(openapi.Operation{
		Path: "/taxonomies", ID: "getPaginatedListOfTaxonomies", Tag: "taxonomies", Summary: "List taxonomies", Answer: Page[hsds.Taxonomy]{}, Try: "/taxonomies",
		Details: "The taxonomy of needs, which every service is classified by, and those that came with imported data.",
		Params:  join(paramSearch, paramPages, paramFormat),
	}, d.getTaxonomies)
	d.one(openapi.Operation{
		Path: "/taxonomies/{id}", ID: "getTaxonomyById", Tag: "taxonomies", Summary: "Read a taxonomy", Answer: hsds.Taxonomy{}, Params: join(paramID, paramLang),
		Try: "/taxonomies/" + need.TaxonomyID,
	}, d.getTaxonomy)
	d.list(openapi.Operation{
		Path: "/taxonomy_terms", ID: "getPaginatedListOfTaxonomyTerms", Tag: "taxonomies", Summary: "List taxonomy terms", Answer: Page[hsds.TaxonomyTerm]{},
		Try:     "/taxonomy_terms?taxonomy_id=" + need.TaxonomyID + "&top_only=true&lang=en",
		Details: "Terms by taxonomy; the needs are in the language asked for, with the words people use for them as description.",
		Params:  join(paramSearch, paramPages, paramTaxonomy, paramTree, paramFormat),
	}, d.getTerms)
	d.one(openapi.Operation{
		Path: "/taxonomy_terms/{id}", ID: "getTaxonomyTermById", Tag: "taxonomies", Summary: "Read a taxonomy term", Answer: hsds.TaxonomyTerm{},
		Params: join(paramID, paramLang), Try: "/taxonomy_terms/" + need.TermID("residence-permit") + "?lang=en",
	}, d.getTerm)
}

// spoken is the language of taxonomies, whose original is Italian.
func (a ask) spoken() string {
	if a.shape.Language == "" {
		return lang.Default
	}
	return a.shape.Language
}

func (d *doors) taxonomies(ctx context.Context, language string) ([]hsds.Taxonomy, error) {
	list := []hsds.Taxonomy{exchange.NeedTaxonomy(language)}
	imported, err := d.Directory.Taxonomies(ctx)
	for _, t := range imported {
		if t.ID != need.TaxonomyID {
			list = append(list, t)
		}
	}
	return list, err
}

// terms are those of the needs in the order of the spine, then the imported ones by id.
func (d *doors) terms(ctx context.Context, language string) ([]hsds.TaxonomyTerm, error) {
	var list []hsds.TaxonomyTerm
	for _, n := range need.All() {
		if t, ok := exchange.NeedTerm(n.Code, language); ok {
			list = append(list, t)
		}
	}
	imported, err := d.Directory.Terms(ctx)
	if err != nil {
		return nil, err
	}
	taxonomies, err := d.Directory.Taxonomies(ctx)
	if err != nil {
		return nil, err
	}
	for _, t := range imported {
		if _, ours := need.ByTermID(t.ID); ours {
			continue
		}
		if i := slices.IndexFunc(taxonomies, func(x hsds.Taxonomy) bool { return x.ID == t.TaxonomyID }); i >= 0 && t.TaxonomyDetail == nil {
			t.TaxonomyDetail = &taxonomies[i]
		}
		list = append(list, t)
	}
	return list, nil
}

func (d *doors) getTaxonomies(w http.ResponseWriter, r *http.Request) error {
	return inMemory(d, w, r, d.taxonomies, func(a ask, t hsds.Taxonomy) bool { return holds(a.Text("search"), t.Name, t.Description) })
}

func (d *doors) getTerms(w http.ResponseWriter, r *http.Request) error {
	return inMemory(d, w, r, d.terms, func(a ask, t hsds.TaxonomyTerm) bool {
		taxonomy, parent := a.Text("taxonomy_id"), a.Text("parent_id")
		return (taxonomy == "" || t.TaxonomyID == taxonomy) && (parent == "" || t.ParentID == parent) &&
			(t.ParentID == "" || !a.Bool("top_only")) && holds(a.Text("search"), t.Name, t.Description, t.Code)
	})
}

// inMemory answers a list that is small enough to be sifted here.
func inMemory[T any](d *doors, w http.ResponseWriter, r *http.Request, all func(context.Context, string) ([]T, error), keep func(ask, T) bool) error {
	a, r, err := read(w, r)
	if err != nil {
		return err
	}
	a.Bool("top_only") // a mistake in it is said before anything is read
	if done, err := d.unchanged(w, r, a); done || err != nil {
		return err
	}
	return answer(w, r, a, source[T, T]{
		func(ctx context.Context, page, size int) ([]T, int, error) {
			list, err := all(ctx, a.spoken())
			list = slices.DeleteFunc(list, func(t T) bool { return !keep(a, t) })
			total := len(list)
			if size > 0 {
				from := min((page-1)*size, total)
				list = list[from:min(from+size, total)]
			}
			return list, total, err
		},
		func(_ context.Context, list []T) ([]T, error) { return list, nil },
	})
}

// holds tells whether texts hold every word, whatever the accents and the case.
func holds(words string, texts ...string) bool {
	in := lang.Fold(strings.Join(texts, " "))
	for word := range strings.FieldsSeq(lang.Fold(words)) {
		if !strings.Contains(in, word) {
			return false
		}
	}
	return true
}

func (d *doors) getTaxonomy(w http.ResponseWriter, r *http.Request) error {
	return byID(w, r, d.taxonomies, func(t hsds.Taxonomy) string { return t.ID })
}

func (d *doors) getTerm(w http.ResponseWriter, r *http.Request) error {
	return byID(w, r, d.terms, func(t hsds.TaxonomyTerm) string { return t.ID })
}

func byID[T any](w http.ResponseWriter, r *http.Request, all func(context.Context, string) ([]T, error), id func(T) string) error {
	a, r, err := read(w, r)
	if err != nil {
		return err
	}
	if err := a.Err(); err != nil {
		return err
	}
	list, err := all(r.Context(), a.spoken())
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(t T) bool { return id(t) == r.PathValue("id") })
	if i < 0 {
		return fault.NotFound("openapi.not_found")
	}
	return web.JSON(w, r, http.StatusOK, list[i])
}
