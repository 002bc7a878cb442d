// SPDX-License-Identifier: EUPL-1.2

package accessweb

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

//go:embed locales
var localeFiles embed.FS

// Locales are the words of the pages.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("accessweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Deps is what the pages stand on; all of it is required.
type Deps struct {
	Access *access.UseCases
	Site   *ui.Site
	// RoleName is a role in the words of the page.
	RoleName func(ctx context.Context, role access.Role) string
	// Bodies and Accounts give names by identifiers.
	Bodies   func(ctx context.Context, ids []string) (map[string]string, error)
	Accounts func(ctx context.Context, ids []string) (map[string]string, error)
}

type pages struct{ Deps }

// Paths of the pages, without language.
const (
	rulesPath     = "/office/access"
	glassPath     = "/office/access/emergencies"
	breakPath     = "/office/access/emergency"
	relationsPath = "/office/access/relations"
)

// OfficeMenu are the entries of the operators' menu.
func OfficeMenu() []ui.OfficeItem {
	return []ui.OfficeItem{
		{Key: "access.menu.rules", Path: rulesPath, Action: "access.rule.read", Icon: "list", Group: ui.GroupProof},
		{Key: "access.menu.glass", Path: glassPath, Action: "access.glass.review", Icon: "warning", Group: ui.GroupProof},
		{Key: "access.menu.relations", Path: relationsPath, Action: "access.relation.read", Icon: "people", Group: ui.GroupAccess},
		{Key: "access.menu.break", Path: breakPath, Action: "access.glass.break", Icon: "warning", Group: ui.GroupAccess},
	}
}

// Register adds the pages to the table.
func Register(rs *web.Routes, deps Deps) {
	p := &pages{deps}
	rs.Office("GET "+rulesPath, "access_rules", web.May("access.rule.read"), p.getRules)
	rs.Office("GET "+glassPath, "access_glasses", web.May("access.glass.read"), p.getGlasses)
	rs.Office("GET "+glassPath+"/{id}", "access_glass", web.May("access.glass.read"), p.getGlass)
	rs.Office("POST "+glassPath+"/{id}/review", "access_glass_review", web.May("access.glass.review"), p.postReview)
	rs.Office("POST "+glassPath+"/{id}/close", "access_glass_close", web.May("access.glass.close"), p.postClose)
	rs.Office("GET "+breakPath, "access_break", web.May("access.glass.break"), p.getBreak)
	rs.Office("POST "+breakPath, "access_break_do", web.May("access.glass.break"), p.postBreak)
	rs.Office("GET "+relationsPath, "access_relations", web.May("access.relation.read"), p.getRelations)
	rs.Office("POST "+relationsPath+"/{id}/end", "access_relation_end", web.May("access.relation.end"), p.postEnd)
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, status int, head ui.OfficeHead, body templ.Component) error {
	return web.Render(w, r, status, p.Site.OfficePage(r, head, body))
}

// moment is a time in the words of the page, as the clock on the wall in Italy says it.
func moment(ctx context.Context, at time.Time) string {
	at = at.In(calendar.Rome())
	words := web.Words(ctx)
	return words.Date(at, lang.Short) + ", " + words.Time(at)
}
