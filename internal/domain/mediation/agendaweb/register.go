// SPDX-License-Identifier: EUPL-1.2

package agendaweb

import (
	"embed"
	"io/fs"
	"time"

	"approdo/internal/domain/mediation/agenda"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

//go:embed locales
var localeFiles embed.FS

// Locales are the words of the pages, and of what programs show.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("agendaweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Deps is what the pages stand on. All are required.
type Deps struct {
	Agenda *agenda.UseCases
	Site   *ui.Site
	Clock  func() time.Time
}

// Pages are the doors of the agenda.
type Pages struct {
	Deps
	wrong *web.Limiter // of passwords that open nothing
}

const (
	ownPath  = "/mediation/calendar"
	bodyPath = "/office/mediation/calendar"
	// feedPath is where feeds are: the secret, and a name that programs like.
	feedPath = "/calendar/"
	feedName = "/mediation.ics"
)

// OfficeMenu are the entries of the operators' menu.
func OfficeMenu() []ui.OfficeItem {
	return []ui.OfficeItem{{Key: "agenda.menu", Path: bodyPath, Action: "mediation.calendar.share", Icon: "calendar", Group: ui.GroupMediation}}
}

// Register puts the pages, the feeds and the server of calendars into the route table.
func Register(rs *web.Routes, d Deps) {
	p := &Pages{Deps: d, wrong: web.NewLimiter(10, 30, d.Clock)}
	keep, share := web.May("mediation.calendar.keep"), web.May("mediation.calendar.share")
	rs.Page("GET "+ownPath, "mediation-calendar", keep, p.getOwn)
	rs.Page("POST "+ownPath, "mediation-calendar-save", keep, p.postOwn)
	rs.Office("GET "+bodyPath, "mediation-body-calendar", share, p.getBody)
	rs.Office("POST "+bodyPath, "mediation-body-calendar-save", share, p.postBody)
	rs.Handle("GET "+feedPath+"{secret}"+feedName, "calendar-feed", web.Link, p.getFeed)
	p.registerDAV(rs)
}
