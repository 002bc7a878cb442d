// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/a-h/templ"

	"approdo/internal/base/network"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// Offered is what a body offers, as the directory shows it.
type Offered struct {
	// Body is what the public may know of the body; Sheltered says that this is less than there is,
	// since its own address may be the one that must not be known.
	Body      network.Organization
	Sheltered bool
	Quiet     bool // everything it offers is about violence: the page leaves no trace on the phone
	List      templ.Component
}

// Deps is what the pages stand on. Network and Site are required.
type Deps struct {
	Network *network.UseCases
	Site    *ui.Site
	// Offer tells what a body offers; nil leaves it out, and shows the body whole.
	Offer func(r *http.Request, body network.Organization) (Offered, error)
	// Names gives the names of accounts, for the history; nil shows none.
	Names func(ctx context.Context, accounts []string) (map[string]string, error)
	Log   *slog.Logger
	// Funded gives those of the services that the public sees, and how many there are with those that
	// no list names; nil knows none.
	Funded func(ctx context.Context, ids []string) (shown []Service, total int, err error)
}

// Service is a service of the census as a project names it.
type Service struct{ ID, Name, Lang, Body string }

type pages struct{ Deps }

// Foot is what the footer has beside accessibility, privacy and open data.
func Foot() []ui.Item { return []ui.Item{{Key: "menu.network", Path: "/network"}} }

// Register puts the pages of the network into the route table.
func Register(rs *web.Routes, d Deps) {
	if d.Log == nil {
		d.Log = slog.Default()
	}
	p := &pages{d}
	rs.Page("GET /network", "network", web.Public, p.getNetwork)
	rs.Page("GET /organizations/{id}", "organization", web.Public, p.getOrganization)
	rs.Page("GET /projects/{code}", "project", web.Public, p.getProject)
	rs.Handle("GET /organizations/{id}/emblem.png", "organization-emblem", web.Public, p.getBodyEmblem)
	rs.Handle("GET /funds/{code}/{file}", "fund-emblem", web.Public, p.getFundEmblem)
	p.registerOffice(rs)
}

// OfficeMenu is what operators find of the network.
func OfficeMenu() []ui.OfficeItem {
	return []ui.OfficeItem{
		{Key: "network.office.bodies", Path: "/office/network", Action: "network.body.read", Icon: "people", Group: ui.GroupNetwork},
		{Key: "network.office.projects", Path: "/office/projects", Action: "network.project.read", Icon: "folder", Group: ui.GroupNetwork},
		{Key: "network.office.agreements", Path: "/office/agreements", Action: "network.agreement.read", Icon: "signed", Group: ui.GroupNetwork},
		{Key: "network.office.funds", Path: "/office/funds", Action: "network.fund.write", Icon: "euro", Group: ui.GroupNetwork},
	}
}

// registerOffice adds the pages of operators, each with what one must be allowed to do on something;
// on what, the use cases ask.
func (p *pages) registerOffice(rs *web.Routes) {
	large := []web.Option{web.MaxBody(largestForm)}
	for _, one := range []struct {
		pattern, name, action string
		handler               web.Handler
		options               []web.Option
	}{
		{"GET /office/network", "office-bodies", "network.body.read", p.getBodies, nil},
		{"GET /office/network-bodies.csv", "office-bodies-csv", "network.body.read", p.getBodiesFile, nil},
		{"GET /office/network-bodies.xlsx", "office-bodies-xlsx", "network.body.read", p.getBodiesFile, nil},
		{"GET /office/network/new", "office-body-new", "network.body.create", p.getNewBody, nil},
		{"POST /office/network/new", "office-body-create", "network.body.create", p.postNewBody, large},
		{"GET /office/network/{id}", "office-body", "network.body.read", p.getBody, nil},
		{"GET /office/network/{id}/edit", "office-body-edit", "network.body.edit", p.getEditBody, nil},
		{"POST /office/network/{id}/edit", "office-body-save", "network.body.edit", p.postEditBody, large},
		{"GET /office/network/{id}/history", "office-body-history", "network.body.history", p.getBodyHistory, nil},
		{"POST /office/network/{id}/restore", "office-body-restore", "network.body.restore", p.postRestoreBody, nil},
		{"GET /office/network/{id}/close", "office-body-closing", "network.body.close", p.getClose, nil},
		{"POST /office/network/{id}/close", "office-body-close", "network.body.close", p.postClose, nil},
		{"POST /office/network/{id}/reopen", "office-body-reopen", "network.body.reopen", p.postReopen, nil},
		{"GET /office/network/{id}/merge", "office-body-merging", "network.body.merge", p.getMerge, nil},
		{"POST /office/network/{id}/merge", "office-body-merge", "network.body.merge", p.postMerge, nil},
		{"POST /office/network/{id}/unmerge", "office-body-unmerge", "network.body.merge", p.postUnmerge, nil},
		{"GET /office/projects", "office-projects", "network.project.read", p.getProjects, nil},
		{"GET /office/network-projects.csv", "office-projects-csv", "network.project.read", p.getProjectsFile, nil},
		{"GET /office/network-projects.xlsx", "office-projects-xlsx", "network.project.read", p.getProjectsFile, nil},
		{"GET /office/projects/new", "office-project-new", "network.project.write", p.getNewProject, nil},
		{"POST /office/projects/new", "office-project-create", "network.project.write", p.postNewProject, nil},
		{"GET /office/projects/{code}", "office-project", "network.project.read", p.getOfficeProject, nil},
		{"GET /office/projects/{code}/edit", "office-project-edit", "network.project.write", p.getEditProject, nil},
		{"POST /office/projects/{code}/edit", "office-project-save", "network.project.write", p.postEditProject, nil},
		{"POST /office/projects/{code}/close", "office-project-close", "network.project.close", p.postCloseProject, nil},
		{"GET /office/projects/{code}/history", "office-project-history", "network.project.history", p.getProjectHistory, nil},
		{"POST /office/projects/{code}/restore", "office-project-restore", "network.project.restore", p.postRestoreProject, nil},
		{"GET /office/agreements", "office-agreements", "network.agreement.read", p.getAgreements, nil},
		{"GET /office/network-agreements.csv", "office-agreements-csv", "network.agreement.export", p.getAgreementsFile, nil},
		{"GET /office/network-agreements.xlsx", "office-agreements-xlsx", "network.agreement.export", p.getAgreementsFile, nil},
		{"GET /office/agreements/new", "office-agreement-new", "network.agreement.write", p.getNewAgreement, nil},
		{"POST /office/agreements/new", "office-agreement-create", "network.agreement.write", p.postAgreement, large},
		{"GET /office/agreements/{id}", "office-agreement", "network.agreement.read", p.getAgreement, nil},
		{"GET /office/agreements/{id}/edit", "office-agreement-edit", "network.agreement.write", p.getEditAgreement, nil},
		{"POST /office/agreements/{id}/edit", "office-agreement-save", "network.agreement.write", p.postAgreement, large},
		{"POST /office/agreements/{id}/confirm", "office-agreement-confirm", "network.agreement.confirm", p.postConfirmAgreement, nil},
		{"POST /office/agreements/{id}/end", "office-agreement-end", "network.agreement.end", p.postEndAgreement, nil},
		{"GET /office/agreements/{id}/file", "office-agreement-file", "network.agreement.read", p.getAgreementFile, nil},
		{"GET /office/agreements/{id}/history", "office-agreement-history", "network.agreement.read", p.getAgreementHistory, nil},
		{"POST /office/agreements/{id}/restore", "office-agreement-restore", "network.agreement.write", p.postRestoreAgreement, nil},
		{"GET /office/funds", "office-funds", "network.fund.write", p.getFunds, nil},
		{"GET /office/funds/new", "office-fund-new", "network.fund.write", p.getNewFund, nil},
		{"POST /office/funds/new", "office-fund-create", "network.fund.write", p.postFund, large},
		{"GET /office/funds/{code}/edit", "office-fund-edit", "network.fund.write", p.getEditFund, nil},
		{"POST /office/funds/{code}/edit", "office-fund-save", "network.fund.write", p.postFund, large},
		{"GET /office/funds/{code}/history", "office-fund-history", "network.fund.write", p.getFundHistory, nil},
		{"POST /office/funds/{code}/restore", "office-fund-restore", "network.fund.write", p.postRestoreFund, nil},
	} {
		rs.Office(one.pattern, one.name, web.May(one.action), one.handler, one.options...)
	}
}

func lost() error { return fault.NotFound("fault.no_page") }

func (p *pages) show(w http.ResponseWriter, r *http.Request, head ui.Head, body templ.Component) error {
	if head.Sensitive {
		web.NoStore(w)
	}
	if head.Image == "" {
		head.Image = web.Asset("card.png")
	}
	return web.Render(w, r, http.StatusOK, p.Site.Page(r, head, body))
}
