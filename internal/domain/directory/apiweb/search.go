// SPDX-License-Identifier: EUPL-1.2

package apiweb

import (
	"net/http"
	"strings"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
)

// maxRadius is longer than Italy.
const maxRadius = 2000

func (d *doors) getServices(w http.ResponseWriter, r *http.Request) error {
	values, r, err := read(w, r)
	if err != nil {
		return err
	}
	q, err := ParseQuery(values)
	if err != nil {
		return err
	}
	if q.Language == "" {
		q.Language = languageOf(r, q.Text)
	}
	r = speaking(r, q.Language)
	answer, err := d.Finder.Answer(r.Context(), q)
	if err != nil {
		return err
	}
	return web.JSON(w, r, http.StatusOK, answer)
}

// read takes the parameters; the answer depends on Accept-Language.
func read(w http.ResponseWriter, r *http.Request) (*openapi.Values, *http.Request, error) {
	w.Header().Add("Vary", "Accept-Language")
	values, err := openapi.Asked(r)
	return values, r, err
}

// languageOf is the language of the reader, or that of the words when the reader names none of ours.
func languageOf(r *http.Request, words string) string {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(part, ";")
		base, _, _ := strings.Cut(strings.TrimSpace(tag), "-")
		if lang.Known(strings.ToLower(base)) {
			return lang.Match(r.Header.Get("Accept-Language"))
		}
	}
	if words == "" {
		return lang.Default
	}
	return lang.Guess(words)
}

// speaking makes the answer say in which language it is.
func speaking(r *http.Request, language string) *http.Request {
	ctx := r.Context()
	return r.WithContext(web.WithWords(ctx, web.Words(ctx).In(language)))
}

// ParseQuery reads the parameters of a search. It fails with Invalid, one for each mistake. Language
// stays "" when none is asked for.
func ParseQuery(v *openapi.Values) (directory.Query, error) {
	q := directory.Query{
		Text: v.Text("q"), Language: v.Language(), Typing: v.Bool("typing"), Needs: needs(v), Spoken: spoken(v), OpenNow: openNow(v),
		Body: v.Text("organization"), Page: v.Int(1, 1, "page"), Limit: upTo(v, directory.DefaultLimit, directory.MaxLimit),
	}
	if text := v.Text("territory"); text != "" {
		ref, err := network.ParseTerritory(text)
		if err != nil {
			v.Refuse(fault.Invalid("territory", "api.territory", "value", text).Because(err))
		}
		q.Territory = ref
	}
	if text := v.Text("for"); text != "" {
		profile, err := directory.ParseProfile(strings.Join(v.Values["for"], ","))
		if err != nil {
			v.Refuse(fault.Invalid("for", "api.for", "value", part(err, text)).Because(err))
		} else {
			q.Profile = &profile
		}
	}
	q.RadiusKM = v.Float(maxRadius, "radius_km")
	if text := v.Text("near"); text != "" {
		point, err := directory.ParsePoint(text)
		if err != nil {
			v.Refuse(fault.Invalid("near", "api.near", "value", text).Because(err))
		} else {
			q.Near = &point
		}
	} else if q.RadiusKM > 0 {
		v.Refuse(fault.Invalid("radius_km", "api.radius_alone"))
	}
	return q, v.Err()
}

// part is the piece that a fault is about, else the whole.
func part(err error, whole string) string {
	for _, f := range fault.All(err) {
		if text, ok := f.Message.Args["value"].(string); ok {
			return text
		}
	}
	return whole
}

// needs reads codes, in any case, and HSDS identifiers of terms.
func needs(v *openapi.Values) []string {
	var codes []string
	for _, text := range v.List("need") {
		code := strings.ToLower(text)
		if n, ok := need.ByTermID(code); ok {
			code = n.Code
		}
		if !need.Known(code) {
			v.Refuse(fault.Invalid("need", "api.need", "value", text))
			continue
		}
		codes = append(codes, code)
	}
	return codes
}

// spoken reads codes of ISO 639.
func spoken(v *openapi.Values) []string {
	var codes []string
	for _, text := range v.List("spoken") {
		code := strings.ToLower(text)
		if len(code) < 2 || len(code) > 3 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz") != "" {
			v.Refuse(fault.Invalid("spoken", "api.spoken", "value", text))
			continue
		}
		codes = append(codes, code)
	}
	return codes
}

// openNow reads open=now; as a yes or no it is understood too.
func openNow(v *openapi.Values) bool {
	switch text := strings.ToLower(v.Text("open")); text {
	case "now", "true", "1", "yes":
		return true
	case "", "false", "0", "no":
		return false
	default:
		v.Refuse(fault.Invalid("open", "openapi.bad_choice", "value", text, "values", "now"))
		return false
	}
}

// upTo reads "limit".
func upTo(v *openapi.Values, usual, most int) int {
	n := v.Int(usual, 1, "limit")
	if n > most {
		v.Refuse(fault.Invalid("limit", "openapi.bad_amount", "value", v.Text("limit"), "most", most))
		return usual
	}
	return n
}
