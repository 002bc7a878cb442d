// SPDX-License-Identifier: EUPL-1.2

package hsdsweb

import (
	"net/http"
	"strings"
	"time"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
)

// Sizes of a page.
const (
	usualSize   = 50
	largestSize = 1000
)

// ask is a request understood.
type ask struct {
	*openapi.Values
	page, size  int // size 0: everything at once
	lines       bool
	minimal     bool
	full        bool
	fullService bool
	shape       exchange.Shape
}

// read takes the parameters that every list has. The request that comes back speaks the language
// of the answer.
func read(w http.ResponseWriter, r *http.Request) (ask, *http.Request, error) {
	w.Header().Add("Vary", "Accept-Language, Accept")
	values, err := openapi.Asked(r)
	if err != nil {
		return ask{}, r, err
	}
	a := ask{Values: values, page: values.Int(1, 1, "page"), minimal: values.Bool("minimal"), full: values.Bool("full"), fullService: values.Bool("full_service")}
	a.size = min(values.Int(usualSize, 1, "per_page", "perPage"), largestSize)
	if a.minimal && values.Text("per_page", "perPage") == "" {
		a.size = 0
	}
	format := "json"
	if strings.HasPrefix(r.Header.Get("Accept"), "application/x-ndjson") {
		format = "ndjson"
	}
	a.lines = values.Choice("format", format, "json", "ndjson") == "ndjson"
	a.shape.Language = values.Language()
	if header := r.Header.Get("Accept-Language"); a.shape.Language == "" && namesOurs(header) {
		a.shape.Language = lang.Match(header)
	}
	return a, speaking(r, a.shape.Language), nil
}

// namesOurs tells whether Accept-Language names a language that we have. Others get the originals.
func namesOurs(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		tag, _, _ := strings.Cut(part, ";")
		base, _, _ := strings.Cut(strings.TrimSpace(tag), "-")
		if lang.Known(strings.ToLower(base)) {
			return true
		}
	}
	return false
}

// speaking makes the answer say in which language it is; originals are mostly Italian.
func speaking(r *http.Request, language string) *http.Request {
	if !lang.Known(language) {
		language = lang.Default
	}
	ctx := r.Context()
	return r.WithContext(web.WithWords(ctx, web.Words(ctx).In(language)))
}

// selection reads the conditions on services and their places.
func (a *ask) selection(r *http.Request) directory.Selection {
	s := directory.Selection{
		Text: a.Text("search"), Language: web.Lang(r.Context()), Term: a.Text("taxonomy_term_id"), Taxonomy: a.Text("taxonomy_id"),
		Organization: a.Text("organization_id"), ModifiedAfter: a.Time("modified_after"), Postcode: a.Text("postcode"),
	}
	// Searched in the language of the words when nobody says which it is.
	if s.Text != "" && a.shape.Language == "" {
		s.Language = lang.Guess(s.Text)
	}
	// Milliseconds are what the directory keeps: a moment within one counts as its beginning.
	s.ModifiedAfter = s.ModifiedAfter.Truncate(time.Millisecond)
	s.Metres = a.Float(2_000_000, "proximity")
	if near := a.Text("near"); near != "" {
		point, err := directory.ParsePoint(near)
		if err != nil {
			a.Refuse(fault.Invalid("near", "hsds.near", "value", near))
		} else {
			s.Near = &point
		}
	}
	switch {
	case s.Metres > 0 && s.Postcode == "" && s.Near == nil && a.Text("near") == "":
		a.Refuse(fault.Invalid("proximity", "hsds.proximity_alone"))
	case s.Near != nil && s.Metres == 0 && a.Text("proximity") == "":
		a.Refuse(fault.Invalid("near", "hsds.near_alone"))
	}
	return s
}

// explain puts the faults of lists into words of this package.
func explain(err error) error {
	if f := fault.All(err); len(f) == 1 && f[0].Field == "postcode" {
		return fault.Invalid("postcode", "hsds.postcode", "value", f[0].Message.Args["value"]).Because(err)
	}
	return err
}

// missing puts NotFound into words.
func missing(err error) error {
	if fault.Is(err, fault.KindNotFound) {
		return fault.NotFound("openapi.not_found")
	}
	return err
}
