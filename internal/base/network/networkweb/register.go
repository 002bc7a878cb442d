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
}

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
