// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func projectPath(code string) string { return "/office/projects/" + code }

func accessOfProject(p network.Project) access.Resource {
	return access.Resource{Type: "Project", ID: p.Code, Attributes: access.Attributes{"lead": p.Lead}}
}

// projectsAsked are the projects that a list asks for, all pages, with their bodies.
func (p *pages) projectsAsked(r *http.Request) (ui.List, []network.Project, map[string]network.Member, error) {
	ctx := r.Context()
	l := ui.ReadList(r, "code", "title", "fund", "start", "end")
	all, err := network.Projects(ctx, p.Network.DB)
	if err != nil {
		return l, nil, nil, err
	}
	bodies, err := p.bodiesOf(ctx, all...)
	if err != nil {
		return l, nil, nil, err
	}
	all = slices.DeleteFunc(all, func(one network.Project) bool {
		hay := lang.Fold(strings.Join([]string{one.Code, one.Title, one.CUP, one.GrantNumber, one.FundName, bodies[one.Lead].Name, one.Territory}, " "))
		for _, word := range strings.Fields(lang.Fold(l.Text)) {
			if !strings.Contains(hay, word) {
				return true
			}
		}
		return l.Filter("fund") != "" && one.Fund != l.Filter("fund")
	})
	slices.SortStableFunc(all, func(a, b network.Project) int {
		of := func(p network.Project) string {
			return map[string]string{"title": lang.Fold(p.Title), "fund": p.Fund, "start": p.Start, "end": p.End}[l.Sort]
		}
		order := cmp.Or(cmp.Compare(of(a), of(b)), cmp.Compare(a.Code, b.Code))
		if l.Desc {
			return -order
		}
		return order
	})
	return l, all, bodies, nil
}

func (p *pages) getProjects(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l, all, bodies, err := p.projectsAsked(r)
	if err != nil {
		return err
	}
	funds, err := network.Funds(ctx, p.Network.DB)
	if err != nil {
		return err
	}
	t := ui.TableView{Caption: ui.T(ctx, "network.office.projects"), List: l, Total: len(all)}
	for _, name := range []string{"code", "title", "fund", "start", "end"} {
		t.Columns = append(t.Columns, ui.Column{Name: name, Title: ui.T(ctx, "network.field."+name), Spare: name == "start"})
	}
	for _, one := range page(l, all) {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: one.Code, Href: web.Path(ctx, projectPath(one.Code))}, {Text: one.Title, Lang: lang.Default, Small: bodies[one.Lead].Name},
			{Text: one.FundName, Lang: lang.Default}, {Text: cmp.Or(shortDay(ctx, one.Start), yearOf(one))}, {Text: shortDay(ctx, one.End)},
		}})
	}
	head := ui.OfficeHead{
		Title: ui.T(ctx, "network.office.projects"), Help: "network.help.projects", Crumbs: []ui.Link{{Text: ui.T(ctx, "network.office.projects")}},
		Actions: listActions("network-projects", l, "/office/projects/new", p.may(r, "network.project.write")),
	}
	return p.office(w, r, http.StatusOK, head, projectsPage(l, t, fundOptions(ctx, funds, l.Filter("fund"))))
}

func yearOf(p network.Project) string {
	if p.StartYear == 0 {
		return ""
	}
	return yearText(p.StartYear)
}

func (p *pages) getProjectsFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	_, all, bodies, err := p.projectsAsked(r)
	if err != nil {
		return err
	}
	var titles []string
	for _, name := range []string{"code", "title", "fund", "specific_objective", "national_objective", "strand", "grant_number", "cup", "start", "end", "lead", "partners", "contractors", "territory", "activities", "url"} {
		titles = append(titles, ui.T(ctx, "network.field."+name))
	}
	rows := [][]string{titles}
	for _, one := range all {
		var partners, contractors []string
		for _, id := range one.Partners {
			partners = append(partners, bodies[id].Name)
		}
		for _, c := range one.Contractors {
			contractors = append(contractors, strings.TrimSpace(bodies[c.Body].Name+" "+c.CIG))
		}
		var work []string
		for _, task := range one.Breakdown() {
			work = append(work, task.Number+" "+task.What)
		}
		rows = append(rows, []string{
			one.Code, one.Title, one.FundName, one.SpecificObjective, one.NationalObjective, one.Strand, one.GrantNumber, one.CUP,
			cmp.Or(one.Start, yearOf(one)), one.End, bodies[one.Lead].Name, strings.Join(partners, "; "), strings.Join(contractors, "; "), one.Territory,
			strings.Join(work, "\n"), one.URL,
		})
	}
	return web.Sheet(w, r, "progetti", rows)
}

func (p *pages) projectHead(r *http.Request, one network.Project, current string) ui.OfficeHead {
	ctx := r.Context()
	return ui.OfficeHead{
		Title: one.Code + " · " + one.Title, Lang: lang.Default,
		Tabs:   p.tabsOf(r, projectPath(one.Code), current, []string{"network.project.read", "network.project.write", "network.project.history"}, accessOfProject(one)),
		Crumbs: []ui.Link{{Text: ui.T(ctx, "network.office.projects"), Href: web.Path(ctx, "/office/projects")}, {Text: one.Code}},
	}
}

func (p *pages) getOfficeProject(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	one, err := p.Network.Project(ctx, actorOf(r), r.PathValue("code"))
	if err != nil {
		return err
	}
	v, err := p.projectView(ctx, one)
	if err != nil {
		return err
	}
	head := p.projectHead(r, one, "")
	head.Actions = projectActions(one, p.Network.Guard.Allows(ctx, actorOf(r), "network.project.close", accessOfProject(one)))
	return p.office(w, r, http.StatusOK, head, officeProjectPage(v))
}

// spare is how many empty rows a form has for more of something.
const spare = 2

// projectValues are a project as a form holds it, repeated parts numbered from 1.
func projectValues(p network.Project) url.Values {
	v := url.Values{}
	v.Set("version", strconv.FormatInt(p.Version, 10))
	for name, text := range map[string]string{
		"code": p.Code, "title": p.Title, "fund": p.Fund, "specific_objective": p.SpecificObjective, "national_objective": p.NationalObjective,
		"strand": p.Strand, "grant_number": p.GrantNumber, "cup": p.CUP, "start": p.Start, "end": p.End, "start_year": yearOf(p), "lead": p.Lead,
		"territory": p.Territory, "context": p.Context, "beneficiaries": p.Beneficiaries, "direct_recipients": p.DirectRecipients,
		"network": p.PartnerNetwork, "url": p.URL, "publishes": strings.Join(p.Publishes, "\n"), "language": writtenIn(p),
		"services": strings.Join(p.Services, "\n"),
	} {
		v.Set(name, text)
	}
	v["partners"] = slices.Clone(p.Partners)
	for i, c := range p.Contractors {
		at := strconv.Itoa(i + 1)
		v.Set("contractor_body_"+at, c.Body)
		v.Set("contractor_cig_"+at, c.CIG)
		v.Set("contractor_task_"+at, c.Task)
	}
	for i, a := range p.Activities {
		at := strconv.Itoa(i + 1)
		for name, text := range map[string]string{"id": a.ID, "parent": a.Parent, "kind": a.Kind, "what": a.What, "body": a.Body, "start": a.Start, "end": a.End, "hours": writtenHours(a.Hours)} {
			v.Set("activity_"+name+"_"+at, text)
		}
	}
	for i, g := range p.Recipients {
		at := strconv.Itoa(i + 1)
		v.Set("recipient_who_"+at, g.Who)
		v.Set("recipient_planned_"+at, writtenNumber(g.Planned))
		v.Set("recipient_reached_"+at, writtenNumber(g.Reached))
	}
	for i, one := range p.Results {
		at := strconv.Itoa(i + 1)
		v.Set("result_day_"+at, one.Day)
		v.Set("result_what_"+at, one.What)
		v.Set("result_url_"+at, one.URL)
	}
	return v
}

func writtenNumber(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

func readNumber(text string) *int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return nil
	}
	return &n
}

// writtenHours is how a form holds hours: a number, or one part a line, "anthropology: 7".
func writtenHours(h network.Hours) string {
	var list []string
	for part, n := range h {
		if part == "" {
			list = append(list, strconv.Itoa(n))
		} else {
			list = append(list, part+": "+strconv.Itoa(n))
		}
	}
	slices.Sort(list)
	return strings.Join(list, "\n")
}

func readHours(text string) network.Hours {
	h := network.Hours{}
	for _, line := range lines(text) {
		part, number := "", line
		if i := strings.LastIndex(line, ":"); i >= 0 {
			part, number = strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+1:])
		}
		if n, err := strconv.Atoi(number); err == nil && n >= 0 {
			h[part] = n
		}
	}
	if len(h) == 0 {
		return nil
	}
	return h
}

// many is how many rows of a repeated part a form holds.
func many(v url.Values, name string) int {
	n := 0
	for v.Has(name + "_" + strconv.Itoa(n+1)) {
		n++
	}
	return n
}

// servicesIn reads services, one a line: the address of the page of a service, or its identifier.
func servicesIn(text string) []string {
	list := lines(text)
	for i, line := range list {
		path, _, _ := strings.Cut(line, "?")
		if _, after, found := strings.Cut(path, "/services/"); found {
			path, _, _ = strings.Cut(after, "/")
		}
		list[i] = path
	}
	return list
}

// projectFrom reads a form; rows without any text are none.
func projectFrom(v url.Values) network.Project {
	year, _ := strconv.Atoi(v.Get("start_year"))
	p := network.Project{
		Code: strings.ToUpper(v.Get("code")), Title: v.Get("title"), Fund: v.Get("fund"), SpecificObjective: v.Get("specific_objective"),
		NationalObjective: v.Get("national_objective"), Strand: v.Get("strand"), GrantNumber: v.Get("grant_number"), CUP: strings.ToUpper(v.Get("cup")),
		Start: v.Get("start"), End: v.Get("end"), StartYear: year, Lead: v.Get("lead"), Territory: v.Get("territory"), Context: v.Get("context"),
		Beneficiaries: v.Get("beneficiaries"), DirectRecipients: v.Get("direct_recipients"), PartnerNetwork: v.Get("network"), URL: v.Get("url"),
		Publishes: lines(v.Get("publishes")), Services: servicesIn(v.Get("services")), Partners: v["partners"], Language: v.Get("language"), Version: versionIn(v),
	}
	if p.Language == lang.Default {
		p.Language = ""
	}
	for i := range many(v, "contractor_body") {
		at := "_" + strconv.Itoa(i+1)
		if c := (network.Contractor{Body: v.Get("contractor_body" + at), CIG: strings.ToUpper(v.Get("contractor_cig" + at)), Task: v.Get("contractor_task" + at)}); c != (network.Contractor{}) {
			p.Contractors = append(p.Contractors, c)
		}
	}
	for i := range many(v, "activity_what") {
		at := "_" + strconv.Itoa(i+1)
		a := network.Activity{
			ID: v.Get("activity_id" + at), Parent: v.Get("activity_parent" + at), Kind: v.Get("activity_kind" + at), What: v.Get("activity_what" + at),
			Body: v.Get("activity_body" + at), Start: v.Get("activity_start" + at), End: v.Get("activity_end" + at), Hours: readHours(v.Get("activity_hours" + at)),
		}
		if a.What != "" || a.Kind != "" {
			p.Activities = append(p.Activities, a)
		}
	}
	for i := range many(v, "recipient_who") {
		at := "_" + strconv.Itoa(i+1)
		g := network.RecipientGroup{Who: v.Get("recipient_who" + at), Planned: readNumber(v.Get("recipient_planned" + at)), Reached: readNumber(v.Get("recipient_reached" + at))}
		if g.Who != "" || g.Planned != nil || g.Reached != nil {
			p.Recipients = append(p.Recipients, g)
		}
	}
	for i := range many(v, "result_what") {
		at := "_" + strconv.Itoa(i+1)
		if one := (network.Result{Day: v.Get("result_day" + at), What: v.Get("result_what" + at), URL: v.Get("result_url" + at)}); one != (network.Result{}) {
			p.Results = append(p.Results, one)
		}
	}
	return p
}
