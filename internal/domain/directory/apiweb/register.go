// SPDX-License-Identifier: EUPL-1.2

package apiweb

import (
	"embed"
	"io/fs"
	"net/http"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
	"approdo/internal/kit/web/ui"
)

//go:embed locales/*.json
var localeFiles embed.FS

// Locales are the words of the page and of what is refused.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("apiweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Deps is what the API stands on.
type Deps struct {
	Directory *directory.UseCases
	Finder    *directory.Finder
	Site      *ui.Site
	// Others are descriptions of other APIs, for the page (HSDS).
	Others []*openapi.Document
}

type doors struct {
	Deps
	document *openapi.Document
}

// Paths of the page and of the description.
const (
	Path         = "/api"
	DocumentPath = "/api/openapi.json"
	root         = "/api/v1"
)

// Register puts the API and its page into the route table.
func Register(rs *web.Routes, deps Deps) *openapi.Document {
	api := rs.API("api", web.Public, web.AnyOrigin)
	d := &doors{Deps: deps, document: openapi.New(api, root, openapi.Info{
		Title: "Approdo: JSON API", Version: "1.0.0", License: "CC-BY-4.0", LicenseURL: "https://creativecommons.org/licenses/by/4.0/",
		Description: "The public directory for programs: search across ten languages with reasons and facets, services in detail, needs, territories, helplines, and the feed of changes. No key, no cookie, any origin.",
	})}
	d.document.Add(openapi.Operation{
		Method: http.MethodGet, Path: "/services", ID: "searchServices", Summary: "Search services", Answer: directory.Answer{}, Refusals: []int{http.StatusBadRequest},
		Details: "One question in any of ten languages, with filters. Names of places in q become a territory. Answers say why each service is where it is, and offer nearby needs and a corrected question.",
		Params:  searchParams, Try: "/services?q=dove+dormire+stanotte&lang=it",
	}, d.getServices)
	d.document.Add(openapi.Operation{
		Method: http.MethodGet, Path: "/services/{id}", ID: "getService", Summary: "Read a service in one language", Answer: Service{}, Refusals: []int{http.StatusBadRequest, http.StatusNotFound},
		Params: []openapi.Param{{Name: "id", In: "path", Text: "Identifier of the service."}, paramLang},
	}, d.getService)
	d.document.Add(openapi.Operation{
		Method: http.MethodGet, Path: "/needs", ID: "listNeeds", Summary: "List the needs that services answer", Answer: Needs{}, Refusals: []int{http.StatusBadRequest},
		Params: []openapi.Param{paramLang}, Try: "/needs?lang=en",
	}, d.getNeeds)
	d.document.Add(openapi.Operation{
		Method: http.MethodGet, Path: "/territories", ID: "findTerritories", Summary: "Find territories by name or code", Answer: Territories{}, Refusals: []int{http.StatusBadRequest},
		Details: "Comuni, provinces, regions and social districts of Italy. Without q, the regions.",
		Params: []openapi.Param{
			{Name: "q", Text: "Beginning or part of a name, an ISTAT code, the sigla of a province, a reference.", Example: "mars"},
			{Name: "limit", Type: "integer", Text: "How many at most: 20 unless given, up to 100."}, paramLang,
		}, Try: "/territories?q=mars",
	}, d.getTerritories)
	d.document.Add(openapi.Operation{
		Method: http.MethodGet, Path: "/helplines", ID: "listHelplines", Summary: "List national helplines", Answer: Helplines{}, Refusals: []int{http.StatusBadRequest},
		Params: []openapi.Param{paramNeed, paramLang}, Try: "/helplines?need=gender-violence&lang=uk",
	}, d.getHelplines)
	d.document.Add(openapi.Operation{
		Method: http.MethodGet, Path: "/feed", ID: "readFeed", Summary: "Follow what changes", Answer: Feed{}, Refusals: []int{http.StatusBadRequest},
		Details: "Public entries as they are kept, with every translation, oldest change first. Ask again with after=next until end is true, then now and then.",
		Params: []openapi.Param{
			{Name: "after", Text: "The value of next in the last answer; from the beginning when it is not given.", Example: "0"},
			{Name: "limit", Type: "integer", Text: "How many at most: 100 unless given, up to 500."},
		}, Try: "/feed?limit=2",
	}, d.getFeed)
	api.Handle("GET "+DocumentPath, d.document.Serve)
	rs.Page("GET "+Path, "api", web.Public, d.getPage)
	return d.document
}

var (
	paramLang   = openapi.Param{Name: "lang", Enum: lang.All, Text: "Language of the answer; without it that of Accept-Language."}
	paramNeed   = openapi.Param{Name: "need", Many: true, Text: "Code of a need or of a category, repeated or separated by commas.", Example: "residence-permit"}
	searchParam = func(name, kind, text string, example any) openapi.Param {
		return openapi.Param{Name: name, Type: kind, Text: text, Example: example}
	}
	searchParams = []openapi.Param{
		searchParam("q", "", "The question, in the words people use.", "medico Marsala"), paramLang,
		searchParam("territory", "", "A comune, province or region: a name in any language, an ISTAT code, a sigla, or a reference such as c:081011.", "Marsala"), paramNeed,
		searchParam("for", "", "Only what may be for this person: title:none,age:17,sex:female,family:with-children,pregnant:yes,alone-minor:yes,comune:081011,income:9000.", "age:17,title:none"),
		{Name: "spoken", Many: true, Text: "A language spoken there (ISO 639), repeated or separated by commas.", Example: "ar"},
		{Name: "open", Enum: []string{"now"}, Text: "Only what is open now."},
		searchParam("near", "", "Latitude,longitude to measure distances from.", "37.80,12.44"),
		searchParam("radius_km", "number", "Farthest distance in kilometres; asks for near.", 10),
		searchParam("organization", "", "Identifier of the body that offers the service.", nil),
		searchParam("typing", "boolean", "The last word may be unfinished.", nil),
		searchParam("page", "integer", "Page of results, from 1.", 1),
		searchParam("limit", "integer", "Results on a page: 20 unless given, up to 100.", 20),
	}
)
