// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"approdo/internal/base/network"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// projectGroups are the fields of a project; repeated parts have as many rows as the values hold, and
// some more.
func (p *pages) projectGroups(r *http.Request, v url.Values, fresh bool) ([]group, error) {
	ctx := r.Context()
	t := func(name string) string { return ui.T(ctx, "network.field."+name) }
	bodies, err := p.bodyOptions(r, "")
	if err != nil {
		return nil, err
	}
	funds, err := network.Funds(ctx, p.Network.DB)
	if err != nil {
		return nil, err
	}
	var fundList []ui.Option
	for _, f := range funds {
		fundList = append(fundList, ui.Option{Value: f.Code, Text: f.Name})
	}
	first := []field{}
	if fresh {
		first = append(first, field{Name: "code", Label: t("code"), Help: ui.T(ctx, "network.hint.code"), Required: true})
	}
	var languages []ui.Option
	for _, code := range lang.All {
		languages = append(languages, ui.Option{Value: code, Text: lang.NativeName(code), Lang: code})
	}
	groups := []group{
		{"facts", ui.T(ctx, "network.group.facts"), "", append(first,
			field{Name: "title", Label: t("title"), Required: true}, field{Name: "fund", Label: t("fund"), Type: "select", Options: unsaid(r, fundList)},
			field{Name: "specific_objective", Label: t("specific_objective")}, field{Name: "national_objective", Label: t("national_objective")},
			field{Name: "strand", Label: t("strand")}, field{Name: "grant_number", Label: t("grant_number")},
			field{Name: "cup", Label: t("cup"), Help: ui.T(ctx, "network.hint.cup")}, field{Name: "start", Label: t("start"), Type: "date"},
			field{Name: "end", Label: t("end"), Type: "date"}, field{Name: "start_year", Label: t("start_year"), Help: ui.T(ctx, "network.hint.start_year")},
			field{Name: "territory", Label: t("territory")}, field{Name: "url", Label: t("url"), Type: "url"},
			field{Name: "language", Label: t("language"), Type: "select", Options: languages},
		)},
		{"bodies", ui.T(ctx, "network.group.bodies"), "", []field{
			{Name: "lead", Label: t("lead"), Type: "select", Options: unsaid(r, bodies)},
			{Name: "partners", Label: t("partners"), Type: "checks", Options: bodies},
			{Name: "network", Label: t("network"), Type: "area", Rows: 2},
		}},
		{"people", ui.T(ctx, "network.group.people"), "", []field{
			{Name: "context", Label: t("context"), Type: "area"}, {Name: "beneficiaries", Label: t("beneficiaries"), Type: "area"},
			{Name: "direct_recipients", Label: t("direct_recipients"), Type: "area"},
			{Name: "publishes", Label: t("publishes"), Help: ui.T(ctx, "network.hint.lines"), Type: "area"},
			{Name: "services", Label: t("services"), Help: ui.T(ctx, "network.hint.services"), Type: "area"},
		}},
	}
	groups = append(groups, p.workGroups(r, v, bodies)...)
	repeat := func(id, name string, fields func(at string) []field) {
		for i := range many(v, name) + spare {
			at := strconv.Itoa(i + 1)
			groups = append(groups, group{id + "-" + at, ui.T(ctx, "network.group."+id, "n", i+1), "", fields(at)})
		}
	}
	repeat("contractor", "contractor_body", func(at string) []field {
		return []field{
			{Name: "contractor_body_" + at, Label: t("body"), Type: "select", Options: unsaid(r, bodies)}, {Name: "contractor_cig_" + at, Label: t("cig")},
			{Name: "contractor_task_" + at, Label: t("task")},
		}
	})
	repeat("recipient", "recipient_who", func(at string) []field {
		return []field{
			{Name: "recipient_who_" + at, Label: t("who")}, {Name: "recipient_planned_" + at, Label: t("planned"), Type: "number"},
			{Name: "recipient_reached_" + at, Label: t("reached"), Type: "number"},
		}
	})
	repeat("result", "result_what", func(at string) []field {
		return []field{
			{Name: "result_day_" + at, Label: t("day"), Type: "date"}, {Name: "result_what_" + at, Label: t("result"), Type: "area", Rows: 2},
			{Name: "result_url_" + at, Label: t("url"), Type: "url"},
		}
	})
	return groups, nil
}

// workGroups are the rows of the work breakdown. What an activity is part of is chosen among those
// that are there already.
func (p *pages) workGroups(r *http.Request, v url.Values, bodies []ui.Option) []group {
	ctx := r.Context()
	t := func(name string) string { return ui.T(ctx, "network.field."+name) }
	var groups []group
	rows := many(v, "activity_what")
	var above []ui.Option
	for i := range rows {
		at := strconv.Itoa(i + 1)
		if id := v.Get("activity_id_" + at); id != "" {
			above = append(above, ui.Option{Value: id, Text: shortened(v.Get("activity_what_" + at))})
		}
	}
	for i := range rows + spare {
		at := strconv.Itoa(i + 1)
		groups = append(groups, group{"activity-" + at, ui.T(ctx, "network.group.activity", "n", i+1), "", []field{
			{Name: "activity_id_" + at, Type: "hidden"},
			{Name: "activity_what_" + at, Label: t("what_activity"), Type: "area", Rows: 2},
			{Name: "activity_kind_" + at, Label: t("activity_kind"), Type: "select", Options: unsaid(r, options(r, "activity.", network.ActivityKinds))},
			{Name: "activity_parent_" + at, Label: t("part_of"), Type: "select", Options: unsaid(r, above)},
			{Name: "activity_body_" + at, Label: t("body"), Type: "select", Options: unsaid(r, bodies)},
			{Name: "activity_start_" + at, Label: t("start"), Type: "date"}, {Name: "activity_end_" + at, Label: t("end"), Type: "date"},
			{Name: "activity_hours_" + at, Label: t("hours"), Help: ui.T(ctx, "network.hint.hours"), Type: "area", Rows: 2},
		}})
	}
	return groups
}

// shortened is enough of a text to know it by.
func shortened(text string) string {
	letters := []rune(text)
	if len(letters) <= 60 {
		return text
	}
	return string(letters[:60]) + "…"
}

func (p *pages) projectForm(r *http.Request, code string, values url.Values) (formView, error) {
	ctx := r.Context()
	v := formView{Values: values}
	v.Action, v.Cancel = ui.Href(ctx, "/office/projects/new"), ui.Href(ctx, "/office/projects")
	if code != "" {
		v.Action, v.Cancel = ui.Href(ctx, projectPath(code)+"/edit"), ui.Href(ctx, projectPath(code))
	}
	var err error
	v.Groups, err = p.projectGroups(r, values, code == "")
	return v, err
}

func (p *pages) newProjectHead(ctx context.Context) ui.OfficeHead {
	title := ui.T(ctx, "network.office.new_project")
	return ui.OfficeHead{Title: title, Crumbs: []ui.Link{{Text: ui.T(ctx, "network.office.projects"), Href: web.Path(ctx, "/office/projects")}, {Text: title}}}
}

func (p *pages) getNewProject(w http.ResponseWriter, r *http.Request) error {
	values := url.Values{"lead": {actorOf(r).Member}}
	v, err := p.projectForm(r, "", values)
	if err != nil {
		return err
	}
	return p.form(w, r, p.newProjectHead(r.Context()), v)
}

func (p *pages) postNewProject(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	project := projectFrom(values)
	project.Version = 0
	saved, err := p.Network.SaveProject(r.Context(), actorOf(r), project)
	if err != nil {
		v, failed := p.projectForm(r, "", values)
		if failed != nil {
			return failed
		}
		return p.answer(w, r, p.newProjectHead(r.Context()), v, err, nil)
	}
	ui.Flash(w, r, ui.Success, "network.said.saved", 1)
	return web.Redirect(w, r, web.Path(r.Context(), projectPath(saved.Code)))
}

// writableProject reads a project that the actor may do action with.
func (p *pages) writableProject(r *http.Request, action string) (network.Project, error) {
	one, err := p.Network.Project(r.Context(), actorOf(r), r.PathValue("code"))
	if err != nil {
		return one, err
	}
	return one, p.Network.Guard.Check(r.Context(), actorOf(r), action, accessOfProject(one))
}

func (p *pages) getEditProject(w http.ResponseWriter, r *http.Request) error {
	one, err := p.writableProject(r, "network.project.write")
	if err != nil {
		return err
	}
	v, err := p.projectForm(r, one.Code, projectValues(one))
	if err != nil {
		return err
	}
	return p.form(w, r, p.projectHead(r, one, "/edit"), v)
}

func (p *pages) postEditProject(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	one, err := p.writableProject(r, "network.project.write")
	if err != nil {
		return err
	}
	project := projectFrom(values)
	project.Code, project.Partners = one.Code, inOrder(project.Partners, one.Partners)
	if _, err := p.Network.SaveProject(r.Context(), actorOf(r), project); err != nil {
		v, failed := p.projectForm(r, one.Code, values)
		if failed != nil {
			return failed
		}
		return p.answer(w, r, p.projectHead(r, one, "/edit"), v, err, projectValues(one))
	}
	ui.Flash(w, r, ui.Success, "network.said.saved", 1)
	return web.Redirect(w, r, web.Path(r.Context(), projectPath(one.Code)))
}

// inOrder gives the chosen ones in the order in which they stood before, and new ones after them: the
// form shows them in an order of its own.
func inOrder(chosen, before []string) []string {
	var list []string
	for _, id := range append(slices.Clone(before), chosen...) {
		if slices.Contains(chosen, id) && !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// postCloseProject closes a project today, or opens it again.
func (p *pages) postCloseProject(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	day := ""
	if values.Get("do") == "close" {
		day = p.Network.Today().String()
	}
	one, err := p.Network.CloseProject(r.Context(), actorOf(r), r.PathValue("code"), versionIn(values), day)
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "network.said.saved", 1)
	return web.Redirect(w, r, web.Path(r.Context(), projectPath(one.Code)))
}

func (p *pages) getProjectHistory(w http.ResponseWriter, r *http.Request) error {
	one, err := p.writableProject(r, "network.project.history")
	if err != nil {
		return err
	}
	list, err := p.Network.ProjectHistory(r.Context(), actorOf(r), one.Code)
	if err != nil {
		return err
	}
	restore := ""
	if p.Network.Guard.Allows(r.Context(), actorOf(r), "network.project.restore", accessOfProject(one)) {
		restore = projectPath(one.Code) + "/restore"
	}
	moments, err := p.moments(r, list, restore, one.Version)
	if err != nil {
		return err
	}
	return p.office(w, r, http.StatusOK, p.projectHead(r, one, "/history"), historyPage(moments))
}

func (p *pages) postRestoreProject(w http.ResponseWriter, r *http.Request) error {
	return p.restored(w, r, projectPath(r.PathValue("code")), func(version, number int64) error {
		_, err := p.Network.RestoreProject(r.Context(), actorOf(r), r.PathValue("code"), version, number)
		return err
	})
}
