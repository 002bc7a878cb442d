// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
)

// searchFlags are the parameters of the JSON API under the same names.
type searchFlags struct {
	lang, territory, profile, near string
	needs, spoken                  []string
	open, asJSON                   bool
	radius                         float64
	page, limit                    int
}

func newSearch(s *settings) *cobra.Command {
	f := &searchFlags{}
	c := &cobra.Command{
		Use:   "search [WORDS…]",
		Short: "Search the directory, as the pages do",
		Example: `  approdo search "تجديد تصريح الإقامة" --json
  approdo search medico Marsala --lang fr --open
  approdo search --need italian-course --territory Palermo --for age:17`,
		RunE: func(c *cobra.Command, args []string) error {
			q, err := f.query(strings.Join(args, " "))
			if err != nil {
				return err
			}
			a, err := s.open(c.Context())
			if err != nil {
				return err
			}
			defer func() { _ = a.Close() }()
			finder, err := a.Finder(c.Context())
			if err != nil {
				return err
			}
			answer, err := finder.Answer(c.Context(), q)
			if err != nil {
				return err
			}
			if f.asJSON {
				out := json.NewEncoder(c.OutOrStdout())
				out.SetEscapeHTML(false)
				out.SetIndent("", "  ")
				return out.Encode(answer)
			}
			return printAnswer(c.OutOrStdout(), answer)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.lang, "lang", "", "language of the answer: "+strings.Join(lang.All, " ")+" (default: guessed from the words)")
	flags.StringVar(&f.territory, "territory", "", "comune, province or region: a name, an ISTAT code, a sigla")
	flags.StringSliceVar(&f.needs, "need", nil, "code of a need or category")
	flags.StringVar(&f.profile, "for", "", "only what may be for this person: title:none,age:17,sex:female,family:with-children,pregnant:yes,alone-minor:yes,comune:081011,income:9000")
	flags.StringSliceVar(&f.spoken, "spoken", nil, "language spoken there (ISO 639)")
	flags.BoolVar(&f.open, "open", false, "only what is open now")
	flags.StringVar(&f.near, "near", "", "LAT,LON to measure distances from")
	flags.Float64Var(&f.radius, "radius-km", 0, "farthest distance (with --near)")
	flags.IntVar(&f.page, "page", 1, "page of results")
	flags.IntVar(&f.limit, "limit", directory.DefaultLimit, "results on a page")
	flags.BoolVar(&f.asJSON, "json", false, "answer in JSON")
	return c
}

func (f *searchFlags) query(text string) (directory.Query, error) {
	q := directory.Query{Text: text, Language: f.lang, Needs: f.needs, Spoken: f.spoken, OpenNow: f.open, RadiusKM: f.radius, Page: f.page, Limit: f.limit}
	if q.Language == "" {
		q.Language = lang.Guess(text)
	}
	if !lang.Known(q.Language) {
		return q, fault.Invalid("lang", "query.language", "value", f.lang)
	}
	for _, code := range f.needs {
		if !need.Known(code) {
			return q, fault.Invalid("need", "api.need", "value", code)
		}
	}
	if f.radius > 0 && f.near == "" {
		return q, fault.Invalid("radius-km", "api.radius_alone")
	}
	var err error
	if q.Territory, err = network.ParseTerritory(f.territory); err != nil {
		return q, err
	}
	if f.profile != "" {
		p, err := directory.ParseProfile(f.profile)
		if err != nil {
			return q, err
		}
		q.Profile = &p
	}
	if f.near != "" {
		p, err := directory.ParsePoint(f.near)
		if err != nil {
			return q, err
		}
		q.Near = &p
	}
	return q, nil
}

func printAnswer(w io.Writer, a directory.Answer) error {
	var b strings.Builder
	for _, h := range a.Helplines {
		fmt.Fprintf(&b, "☎ %s  %s: %s\n", h.Number, h.Name, h.About)
	}
	fmt.Fprintf(&b, "%d found", a.Total)
	if a.Territory != nil {
		fmt.Fprintf(&b, " in %s", a.Territory.Name)
	}
	if a.DidYouMean != "" {
		fmt.Fprintf(&b, "; did you mean %q?", a.DidYouMean)
	}
	b.WriteString("\n")
	for i, item := range a.Items {
		open := item.Open.State
		if item.Open.Until != "" {
			open += " until " + item.Open.Until[11:16]
		}
		fmt.Fprintf(&b, "\n%2d. %s\n    %s, %s (%s)\n    %s\n", i+1+(a.Page-1)*a.Limit, item.Name, item.Organization, item.Territory, open, reasons(item.Why))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func reasons(list []directory.AnswerReason) string {
	words := make([]string, len(list))
	for i, r := range list {
		words[i] = strings.TrimSpace(r.Kind + " " + strconv.QuoteToGraphic(r.Text))
		if r.Text == "" {
			words[i] = r.Kind
		}
	}
	return strings.Join(words, ", ")
}
