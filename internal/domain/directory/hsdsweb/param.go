// SPDX-License-Identifier: EUPL-1.2

package hsdsweb

import (
	"slices"

	"approdo/internal/kit/lang"
	"approdo/internal/kit/web/openapi"
)

// The parameters of the standard, and the three of ours: perPage, lang, near.
var (
	paramSearch = []openapi.Param{{Name: "search", Text: "Full text search, in any of ten languages, as on the pages.", Example: "permesso di soggiorno"}}
	paramID     = []openapi.Param{{Name: "id", In: "path", Format: "uuid", Text: "Identifier of the record."}}
	paramLang   = []openapi.Param{{Name: "lang", Enum: lang.All, Text: "Language of the texts, where there is a translation. Without it, and without Accept-Language, the originals."}}
	paramPages  = []openapi.Param{
		{Name: "page", Type: "integer", Text: "Number of the page, from 1.", Example: 1},
		{Name: "per_page", Type: "integer", Text: "Records on a page: 50 unless given, at most 1000.", Example: 10},
		{Name: "perPage", Type: "integer", Text: "The same as per_page."},
	}
	paramTaxonomy = []openapi.Param{{Name: "taxonomy_id", Format: "uuid", Text: "Records with any term of this taxonomy."}}
	paramTerms    = append([]openapi.Param{{Name: "taxonomy_term_id", Format: "uuid", Text: "Records with this term or one under it."}}, paramTaxonomy...)
	paramTree     = []openapi.Param{
		{Name: "top_only", Type: "boolean", Text: "Only terms without a parent."},
		{Name: "parent_id", Format: "uuid", Text: "Only terms under this one."},
	}
	paramConditions = append(slices.Clone(paramTerms),
		openapi.Param{Name: "organization_id", Format: "uuid", Text: "Services of this organization."},
		openapi.Param{Name: "modified_after", Format: "date-time", Text: "Records modified at this moment or after it.", Example: "2026-01-31T00:00:00Z"},
	)
	paramNear = []openapi.Param{
		{Name: "postcode", Text: "Postal code: services whose area holds it, and places in it where no area is named."},
		{Name: "proximity", Type: "number", Text: "Metres from the middle of the postcode, or from near; nearest first."},
		{Name: "near", Text: "A point to measure from instead of a postcode: latitude,longitude.", Example: "37.80,12.44"},
	}
	paramMinimal     = []openapi.Param{{Name: "minimal", Type: "boolean", Text: "Only id and modified_date of each service, all on one page unless per_page is given."}}
	paramFull        = []openapi.Param{{Name: "full", Type: "boolean", Text: "Records with everything that belongs to them."}}
	paramFullService = []openapi.Param{{Name: "full_service", Type: "boolean", Text: "The services of the organization with everything that belongs to them."}}
	paramFormat      = append([]openapi.Param{{Name: "format", Enum: []string{"json", "ndjson"}, Text: "ndjson streams every record, one a line, without pages."}}, paramLang...)
)

func join(lists ...[]openapi.Param) []openapi.Param { return slices.Concat(lists...) }
