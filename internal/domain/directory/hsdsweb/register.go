// SPDX-License-Identifier: EUPL-1.2

package hsdsweb

import (
	"context"
	"embed"
	"io/fs"
	"net/http"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
)

// Version is the version of the standard.
const Version = "3.1.3"

//go:embed locales/*.json
var localeFiles embed.FS

// Locales are the words of what is refused.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("hsdsweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Deps is what the API stands on.
type Deps struct {
	Directory *directory.UseCases
	Finder    *directory.Finder
	// Profile is the path of the page that explains how the standard is used here.
	Profile string
	// Version is that of the program: a new one may write records differently.
	Version string
	// Source says of a service that comes from somebody else's address where it comes from; nil for one
	// that does not, and for none at all when nobody knows.
	Source func(ctx context.Context, service string) (*hsds.Metadata, error)
}

type doors struct {
	Deps
	document *openapi.Document
}

// Register puts the API into the route table and gives its description.
func Register(rs *web.Routes, deps Deps) *openapi.Document {
	api := rs.API("hsds", web.Public, web.AnyOrigin)
	d := &doors{Deps: deps, document: openapi.New(api, "/hsds", openapi.Info{
		Title: "Directory of services: HSDS " + Version, Version: Version, License: "CC-BY-4.0", LicenseURL: "https://creativecommons.org/licenses/by/4.0/",
		Description: "The public directory in the Human Services Data Specification " + Version + " (Open Referral). Texts are the originals, with their translations under the property “approdo”; lang= or Accept-Language asks for one language. Places that must stay confidential are in no answer.",
	})}
	api.Handle("GET /hsds", d.getBase)
	d.document.Add(openapi.Operation{
		Method: http.MethodGet, Path: "/", ID: "getAPIMetaInformation", Summary: "About this API and its relationship with HSDS", Answer: Base{}, Try: "/",
	}, d.getBase)
	d.addServices()
	d.addPlaces()
	d.addBodies()
	d.addTaxonomies()
	api.Handle("GET /hsds/openapi.json", d.document.Serve)
	return d.document
}

// Base is the answer of the root.
type Base struct {
	Version    string `json:"version"`
	Profile    string `json:"profile" format:"uri"`
	OpenAPIURL string `json:"openapi_url" format:"uri"`
}

func (d *doors) getBase(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	return web.JSON(w, r, http.StatusOK, Base{Version, web.Absolute(ctx, d.Profile), web.Absolute(ctx, "/hsds/openapi.json")})
}

// list registers a list under GET and POST.
func (d *doors) list(op openapi.Operation, h web.Handler) {
	op.Lines, op.Refusals = true, []int{http.StatusBadRequest}
	op.Method = http.MethodGet
	d.document.Add(op, h)
	op.Method, op.ID, op.Try, op.Refusals = http.MethodPost, op.ID+"ByPost", "", []int{http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity}
	op.Details += " The parameters may also come as a form or as one JSON object in the body."
	d.document.Add(op, h)
}

// one registers a record by its id.
func (d *doors) one(op openapi.Operation, h web.Handler) {
	op.Method, op.Refusals = http.MethodGet, []int{http.StatusNotFound}
	d.document.Add(op, h)
}
