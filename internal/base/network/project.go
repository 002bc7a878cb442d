// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
)

// Project is a funded project of the network. Nothing here is ever filled in by guessing: what the
// source does not state stays empty.
type Project struct {
	Code              string       `json:"code" yaml:"code"`
	Title             string       `json:"title" yaml:"title"`
	Fund              string       `json:"fund,omitempty" yaml:"fund"` // code
	FundName          string       `json:"fund_name,omitempty" yaml:"-"`
	FundAuthority     string       `json:"fund_authority,omitempty" yaml:"-"`
	SpecificObjective string       `json:"specific_objective,omitempty" yaml:"specific_objective"`
	NationalObjective string       `json:"national_objective,omitempty" yaml:"national_objective"`
	Strand            string       `json:"strand,omitempty" yaml:"strand"`
	GrantNumber       string       `json:"grant_number,omitempty" yaml:"grant_number"`
	CUP               string       `json:"cup,omitempty" yaml:"cup"`
	Start             string       `json:"start,omitempty" yaml:"start"`
	End               string       `json:"end,omitempty" yaml:"end"`
	StartYear         int          `json:"start_year,omitempty" yaml:"start_year"`
	Lead              string       `json:"lead,omitempty" yaml:"lead"`
	Partners          []string     `json:"partners,omitempty" yaml:"partners"`
	Contractors       []Contractor `json:"contractors,omitempty" yaml:"contractors"`
	Territory         string       `json:"territory,omitempty" yaml:"territory"`
	Context           string       `json:"context,omitempty" yaml:"context"`
	Beneficiaries     string       `json:"beneficiaries,omitempty" yaml:"beneficiaries"`
	DirectRecipients  string       `json:"direct_recipients,omitempty" yaml:"direct_recipients"`
	PartnerNetwork    string       `json:"network,omitempty" yaml:"network"`
	URL               string       `json:"url,omitempty" yaml:"url"`
	Activities        []Activity   `json:"activities,omitempty" yaml:"does"`
	Publishes         []string     `json:"publishes,omitempty" yaml:"publishes"`
	Source            string       `json:"source,omitempty" yaml:"source"`
	// Language is that of the texts (not of the title), "" for Italian.
	Language string `json:"language,omitempty" yaml:"-"`
	// Recipients are who is to be reached, with figures where the project has agreed on some.
	Recipients []RecipientGroup `json:"recipients,omitempty" yaml:"-"`
	// Results are what has come of the project so far, in the words of who leads it.
	Results []Result `json:"results,omitempty" yaml:"-"`
	// Services are the services of the census that the project pays for, by identifier.
	Services []string `json:"services,omitempty" yaml:"-"`
	// ClosedOn is the day on which the project was closed in the network, which is not its End.
	ClosedOn string `json:"closed_on,omitempty" yaml:"-"`
	Version  int64  `json:"-" yaml:"-"`
}

// Contractor is a body paid for one task of a project.
type Contractor struct {
	Body string `json:"body" yaml:"body"`
	CIG  string `json:"cig,omitempty" yaml:"cig"`
	Task string `json:"task,omitempty" yaml:"task"`
}

// Activity is a unit of work of a project, to which hours, sessions and costs are charged: its ID
// never changes. Activities make a tree (work breakdown): those with a Parent are parts of it.
type Activity struct {
	ID     string `json:"id,omitempty" yaml:"-"`
	Parent string `json:"parent,omitempty" yaml:"-"`
	Kind   string `json:"kind" yaml:"kind"`
	What   string `json:"what" yaml:"what"`
	Body   string `json:"body,omitempty" yaml:"body"`
	Start  string `json:"start,omitempty" yaml:"-"`
	End    string `json:"end,omitempty" yaml:"-"`
	Hours  Hours  `json:"hours,omitempty" yaml:"hours"`
}

// RecipientGroup is a group of people to reach: Planned and Reached are nil when nobody said.
type RecipientGroup struct {
	Who     string `json:"who"`
	Planned *int   `json:"planned,omitempty"`
	Reached *int   `json:"reached,omitempty"`
}

// Result is something that came of a project, as of a day.
type Result struct {
	Day  string `json:"day"`
	What string `json:"what"`
	URL  string `json:"url,omitempty"`
}

// ActivityKinds are the kinds of activity, in the order in which people are shown them.
var ActivityKinds = []string{
	"desk", "directory", "guides", "mediation", "care", "supervision", "housing", "reception", "training", "citizen-courses",
	"volunteering", "governance", "practices", "feedback", "monitoring",
}

// Fund pays for projects, and asks for certain signs on their pages.
type Fund struct {
	Code      string `json:"code" yaml:"code"`
	Name      string `json:"name" yaml:"name"`
	Authority string `json:"authority,omitempty" yaml:"authority"`
	// Emblems stand on the page of each of its projects, in this order. Without a picture the words
	// stand alone: no emblem is ever drawn that nobody has given, apart from that of the Union, whose
	// drawing is laid down (annex IX of Regulation (EU) 2021/1060) and stands beside its words.
	Emblems []Emblem `json:"emblems,omitempty" yaml:"-"`
	// ShowsCUP: the CUP stands beside the emblems.
	ShowsCUP bool  `json:"shows_cup,omitempty" yaml:"-"`
	Version  int64 `json:"-" yaml:"-"`
}

// Emblem is a sign of the Union, a fund or a ministry.
type Emblem struct {
	Text    string      `json:"text"`
	Picture upload.Kept `json:"picture,omitzero"`
	Union   bool        `json:"union,omitempty"` // the emblem of the Union, which the program has
}

// Bodies are the bodies of a project, each once: lead, partners, contractors, and who does its
// activities.
func (p Project) Bodies() []string {
	list := append([]string{p.Lead}, p.Partners...)
	for _, c := range p.Contractors {
		list = append(list, c.Body)
	}
	for _, a := range p.Activities {
		list = append(list, a.Body)
	}
	var once []string
	for _, id := range list {
		if id != "" && !slices.Contains(once, id) {
			once = append(once, id)
		}
	}
	return once
}

// Task is an activity with its place in the work breakdown.
type Task struct {
	Activity
	Number string // "2.1"
	Depth  int    // 0 for what is part of nothing
}

// Breakdown gives the activities as a tree, each followed by its parts, in their order.
func (p Project) Breakdown() []Task {
	var list []Task
	var walk func(parent, prefix string, depth int)
	walk = func(parent, prefix string, depth int) {
		n := 0
		for _, a := range p.Activities {
			if a.Parent == parent {
				n++
				number := prefix + strconv.Itoa(n)
				list = append(list, Task{a, number, depth})
				if a.ID != "" && depth < maxDepth {
					walk(a.ID, number+".", depth+1)
				}
			}
		}
	}
	walk("", "", 0)
	return list
}

// maxDepth bounds a work breakdown: deeper ones can't be read.
const maxDepth = 4

// renamed is the project with one body in the place of another.
func (p Project) renamed(from, into string) Project {
	change := func(id string) string {
		if id == from {
			return into
		}
		return id
	}
	p.Lead = change(p.Lead)
	var partners []string
	for _, id := range p.Partners {
		if id = change(id); !slices.Contains(partners, id) && id != p.Lead {
			partners = append(partners, id)
		}
	}
	p.Partners = partners
	p.Contractors, p.Activities = slices.Clone(p.Contractors), slices.Clone(p.Activities)
	for i := range p.Contractors {
		p.Contractors[i].Body = change(p.Contractors[i].Body)
	}
	for i := range p.Activities {
		p.Activities[i].Body = change(p.Activities[i].Body)
	}
	return p
}

var (
	projectCode = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{1,39}$`)
	// CUP: art. 11 l. 3/2003, fifteen characters. CIG: ANAC, ten characters.
	cupCode = regexp.MustCompile(`^[A-Z]\d{2}[A-Z]\d{11}$`)
	cigCode = regexp.MustCompile(`^[A-Z0-9]{10}$`)
)

// valid says everything that is wrong with a project, apart from bodies that don't exist.
func (p Project) valid() error {
	var faults []error
	add := func(bad bool, f *fault.Error) {
		if bad {
			faults = append(faults, f)
		}
	}
	add(!projectCode.MatchString(p.Code), fault.Invalid("code", "network.project_code_wrong"))
	add(strings.TrimSpace(p.Title) == "", fault.Invalid("title", "network.title_missing"))
	add(p.CUP != "" && !cupCode.MatchString(p.CUP), fault.Invalid("cup", "network.cup_wrong"))
	add(!isDay(p.Start), fault.Invalid("start", "network.day_unreadable"))
	add(!isDay(p.End), fault.Invalid("end", "network.day_unreadable"))
	add(p.Start != "" && p.End != "" && p.End < p.Start, fault.Invalid("end", "network.ends_before_it_begins"))
	add(p.StartYear != 0 && (p.StartYear < 1990 || p.StartYear > 2100), fault.Invalid("start_year", "network.year_wrong"))
	add(!isAddress(p.URL), fault.Invalid("url", "network.web_unreadable"))
	add(p.Lead != "" && slices.Contains(p.Partners, p.Lead), fault.Invalid("partners", "network.lead_is_partner"))
	for i, c := range p.Contractors {
		at := strconv.Itoa(i + 1)
		add(c.Body == "", fault.Invalid("contractor_body_"+at, "network.body_unknown"))
		add(c.CIG != "" && !cigCode.MatchString(c.CIG), fault.Invalid("contractor_cig_"+at, "network.cig_wrong"))
	}
	for i, r := range p.Results {
		at := strconv.Itoa(i + 1)
		add(r.Day == "" || !isDay(r.Day), fault.Invalid("result_day_"+at, "network.day_unreadable"))
		add(strings.TrimSpace(r.What) == "", fault.Invalid("result_what_"+at, "network.result_missing"))
		add(!isAddress(r.URL), fault.Invalid("result_url_"+at, "network.web_unreadable"))
	}
	for i, id := range p.Services {
		add(slices.Contains(p.Services[:i], id), fault.Invalid("services", "network.service_twice"))
	}
	for i, r := range p.Recipients {
		add(strings.TrimSpace(r.Who) == "", fault.Invalid("recipient_who_"+strconv.Itoa(i+1), "network.recipient_missing"))
	}
	return errors.Join(append(faults, p.validWork())...)
}

// validWork looks at the work breakdown.
func (p Project) validWork() error {
	var faults []error
	ids := map[string]bool{}
	for i, a := range p.Activities {
		at := strconv.Itoa(i + 1)
		if a.ID != "" && ids[a.ID] {
			faults = append(faults, fault.Invalid("activity_what_"+at, "network.activity_twice"))
		}
		ids[a.ID] = true
		if !slices.Contains(ActivityKinds, a.Kind) {
			faults = append(faults, fault.Invalid("activity_kind_"+at, "network.activity_kind_unknown"))
		}
		if strings.TrimSpace(a.What) == "" {
			faults = append(faults, fault.Invalid("activity_what_"+at, "network.activity_missing"))
		}
		if !isDay(a.Start) || !isDay(a.End) || a.Start != "" && a.End != "" && a.End < a.Start {
			faults = append(faults, fault.Invalid("activity_start_"+at, "network.ends_before_it_begins"))
		}
	}
	// Whatever the tree does not reach is part of itself, of nothing, or too deep.
	if len(faults) == 0 && len(p.Breakdown()) != len(p.Activities) {
		faults = append(faults, fault.Invalid("activities", "network.activity_parts_wrong"))
	}
	return errors.Join(faults...)
}
