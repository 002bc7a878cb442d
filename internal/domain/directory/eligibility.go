// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"sync"

	"approdo/data"
	"approdo/internal/base/network"
	"approdo/internal/kit/fault"
)

// Eligibility says who may use a service, so that a program can answer "is it for me?". An empty
// field excludes nobody. The ages are HSDS minimum_age and maximum_age of the record.
type Eligibility struct {
	// ResidenceTitles are codes of data/italy/residence-titles.json; "none" among them means that
	// people without a permit are served. Empty: all, or nobody said.
	ResidenceTitles []string `json:"residence_titles,omitempty"`
	// Sex is "female", "male" or "".
	Sex string `json:"sex,omitempty"`
	// Family is "with-children", "single-parent", "couple", "alone" or "".
	Family string `json:"family,omitempty"`
	// Pregnant: only for pregnant women and new mothers.
	Pregnant bool `json:"pregnant,omitempty"`
	// UnaccompaniedMinor: only for minors who are alone.
	UnaccompaniedMinor bool `json:"unaccompanied_minor,omitempty"`
	// Residence are ISTAT codes of comuni, province sigle or "IT": the person must live in one of them.
	Residence []string `json:"residence,omitempty"`
	// IncomeMax is the highest ISEE, in euro a year, that is admitted; 0: no limit.
	IncomeMax int `json:"income_max,omitempty"`
}

// Sexes and Families list the values of the two fields.
var (
	Sexes    = []string{"female", "male"}
	Families = []string{"with-children", "single-parent", "couple", "alone"}
)

// residenceTitles are the codes that a person can name.
var residenceTitles = sync.OnceValue(func() map[string]bool {
	names := map[string]any{}
	text, err := data.FS.ReadFile("italy/residence-titles.json")
	if err == nil {
		err = json.Unmarshal(text, &names)
	}
	if err != nil {
		panic("directory: residence-titles.json: " + err.Error())
	}
	codes := make(map[string]bool, len(names))
	for code := range names {
		codes[code] = true
	}
	return codes
})

// Profile is what somebody says of themselves to see what is for them. It is never stored.
// Empty fields mean "not said".
type Profile struct {
	ResidenceTitle     string
	Age                int // years; -1: not said
	Sex                string
	Family             string
	Pregnant           *bool
	UnaccompaniedMinor *bool
	Comune             string // ISTAT code
	Province           string // sigla
	Income             int    // ISEE in euro; -1: not said
}

// Fit is the answer to "is it for me?".
type Fit string

// The three answers. Perhaps: the record asks for something that the profile does not say.
const (
	FitYes     Fit = "yes"
	FitPerhaps Fit = "perhaps"
	FitNo      Fit = "no"
)

// Fits tells whether a person with this profile may use the service.
func (r Record) Fits(p Profile) Fit {
	e, fit := r.Card.Eligibility, FitYes
	weigh := func(asked, said, ok bool) {
		switch {
		case !asked:
		case !said:
			if fit == FitYes {
				fit = FitPerhaps
			}
		case !ok:
			fit = FitNo
		}
	}
	weigh(len(e.ResidenceTitles) > 0, p.ResidenceTitle != "", slices.Contains(e.ResidenceTitles, p.ResidenceTitle))
	if r.MinimumAge != nil {
		weigh(true, p.Age >= 0, float64(p.Age) >= *r.MinimumAge)
	}
	if r.MaximumAge != nil {
		weigh(true, p.Age >= 0, float64(p.Age) <= *r.MaximumAge)
	}
	weigh(e.Sex != "", p.Sex != "", e.Sex == p.Sex)
	weigh(e.Family != "", p.Family != "", familyFits(e.Family, p.Family))
	weigh(e.Pregnant, p.Pregnant != nil, p.Pregnant != nil && *p.Pregnant)
	weigh(e.UnaccompaniedMinor, p.UnaccompaniedMinor != nil || p.Age >= 18, p.UnaccompaniedMinor != nil && *p.UnaccompaniedMinor && p.Age < 18)
	weigh(len(e.Residence) > 0 && !slices.Contains(e.Residence, "IT"), p.residenceSaid(e.Residence), p.livesIn(e.Residence))
	weigh(e.IncomeMax > 0, p.Income >= 0, p.Income <= e.IncomeMax)
	return fit
}

// livesIn tells whether the person lives in one of the comuni and provinces.
func (p Profile) livesIn(places []string) bool {
	return p.Comune != "" && slices.Contains(places, p.Comune) || p.Province != "" && slices.Contains(places, p.Province)
}

// residenceSaid tells whether what the person says is enough to know. A province alone does not
// tell whether one of its comuni is meant.
func (p Profile) residenceSaid(places []string) bool {
	switch {
	case p.Comune != "" || p.livesIn(places):
		return true
	case p.Province == "":
		return false
	}
	return !slices.ContainsFunc(places, func(code string) bool {
		c, ok := network.Territories().Comune(code)
		return ok && c.Province == p.Province
	})
}

// familyFits: a single parent is also a family with children.
func familyFits(asked, said string) bool {
	return asked == said || asked == "with-children" && said == "single-parent"
}

// ParseProfile reads the "for" parameter of a search: "title:none,age:17,sex:female,
// family:with-children,pregnant:yes,alone-minor:yes,comune:081011,province:TP,income:9000",
// in any order; a comune says its province as well. It fails with Invalid("for").
func ParseProfile(s string) (Profile, error) {
	p := Profile{Age: -1, Income: -1}
	for part := range strings.SplitSeq(s, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		key, value, _ := strings.Cut(part, ":")
		if value == "" || !p.set(key, strings.TrimSpace(value)) {
			return p, fault.Invalid("for", "profile.unknown", "value", part)
		}
	}
	return p, nil
}

func (p *Profile) set(key, value string) bool {
	yes := value == "yes"
	switch key {
	case "title":
		p.ResidenceTitle = value
		return residenceTitles()[value]
	case "age":
		return setNumber(&p.Age, value, 120)
	case "sex":
		p.Sex = value
		return slices.Contains(Sexes, value)
	case "family":
		p.Family = value
		return slices.Contains(Families, value)
	case "pregnant":
		p.Pregnant = &yes
		return yes || value == "no"
	case "alone-minor":
		p.UnaccompaniedMinor = &yes
		return yes || value == "no"
	case "comune":
		c, ok := network.Territories().Comune(value)
		p.Comune, p.Province = value, c.Province
		return ok
	case "province":
		province, ok := network.Territories().Province(strings.ToUpper(value))
		p.Province = province.Sigla
		return ok
	case "income":
		return setNumber(&p.Income, value, 10_000_000)
	}
	return false
}

func setNumber(to *int, value string, most int) bool {
	n, err := strconv.Atoi(value)
	*to = n
	return err == nil && n >= 0 && n <= most
}
