// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"strconv"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/lang"
)

// eligibilitySaid puts the structured conditions into sentences, so that everybody reads in their
// own language what the texts may say only in Italian.
func eligibilitySaid(w lang.Words, e *directory.Entry) []string {
	var list []string
	c := e.Card.Eligibility
	if len(c.ResidenceTitles) > 0 {
		names := make([]string, len(c.ResidenceTitles))
		for i, code := range c.ResidenceTitles {
			names[i] = residenceTitle(w, code)
		}
		list = append(list, w.Text("fit.titles", "titles", w.List(names)))
	}
	switch least, most := e.MinimumAge, e.MaximumAge; {
	case least != nil && most != nil:
		list = append(list, w.Text("fit.age_between", "from", age(*least), "to", age(*most)))
	case least != nil:
		list = append(list, w.Text("fit.age_from", "from", age(*least)))
	case most != nil:
		list = append(list, w.Text("fit.age_to", "to", age(*most)))
	}
	if c.Sex != "" {
		list = append(list, w.Text("fit."+c.Sex))
	}
	if c.Family != "" {
		list = append(list, w.Text("family."+c.Family))
	}
	if c.Pregnant {
		list = append(list, w.Text("fit.pregnant"))
	}
	if c.UnaccompaniedMinor {
		list = append(list, w.Text("fit.alone"))
	}
	if len(c.Residence) > 0 {
		names := make([]string, len(c.Residence))
		for i, code := range c.Residence {
			names[i] = placeName(w, code)
		}
		list = append(list, w.Text("fit.residence", "places", w.List(names)))
	}
	if c.IncomeMax > 0 {
		list = append(list, w.Text("fit.income", "amount", w.Euro(c.IncomeMax*100)))
	}
	return list
}

func age(years float64) string { return strconv.FormatFloat(years, 'f', -1, 64) }

// placeName is a comune, a province or the country of Eligibility.Residence.
func placeName(w lang.Words, code string) string {
	t := network.Territories()
	if c, ok := t.Comune(code); ok {
		return c.Name
	}
	if p, ok := t.Province(code); ok {
		return w.Text("place.province", "province", p.Name)
	}
	if code == "IT" {
		return w.Text("territory.everywhere")
	}
	return code
}

// Conditions says whom an entry is for, as its page does: editors see what comes of what they choose.
func Conditions(w lang.Words, e *directory.Entry) []string { return eligibilitySaid(w, e) }
