// SPDX-License-Identifier: EUPL-1.2

package auditweb

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/audit/inquiry"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

//go:embed locales
var localeFiles embed.FS

// Locales are the words of the pages, and of what package audit refuses.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("auditweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Deps is what the pages stand on; all of it is required.
type Deps struct {
	Inquiry *inquiry.UseCases
	Keys    *audit.Keys // of this log
	// Peers are the keys of others whose checkpoints are kept here, as they are now.
	Peers   func() (*audit.Keys, error)
	Site    *ui.Site
	OwnFile string // name of the place that lies beside the keys, and leaves this machine only with a copy
	// RoleName is a role in the words of the page.
	RoleName func(ctx context.Context, role access.Role) string
	// Bodies and Accounts give names by identifiers; FindAccounts gives accounts by a part of a name.
	Bodies, Accounts func(ctx context.Context, ids []string) (map[string]string, error)
	FindAccounts     func(ctx context.Context, text string) ([]string, error)
	// Titles names records of a kind, those that the actor may see.
	Titles func(ctx context.Context, actor access.Actor, kind string, ids []string) (map[string]ui.Link, error)
}

type pages struct{ Deps }

// Paths of the pages, without language but the last, which machines use.
const (
	Path         = "/office/log"
	exportPath   = Path + "/export.csv"
	placesPath   = Path + "/places"
	subjectPath  = "/office/seen"
	SeenPath     = "/account/seen"
	ReceivePath  = "/audit/checkpoints"
	mostReceived = 4096 // bytes of a checkpoint
)

// OfficeMenu are the entries of the operators' menu.
func OfficeMenu() []ui.OfficeItem {
	return []ui.OfficeItem{
		{Key: "audit.menu.log", Path: Path, Action: inquiry.ActionRead, Icon: "list", Group: ui.GroupProof},
		{Key: "audit.menu.subject", Path: subjectPath, Action: inquiry.ActionSubject, Icon: "people", Group: ui.GroupProof},
		{Key: "audit.menu.seen", Path: SeenPath, Icon: "people", Group: ui.GroupProof},
	}
}

// Register adds the pages to the table.
func Register(rs *web.Routes, deps Deps) {
	p := &pages{deps}
	rs.Office("GET "+Path, "log", web.May(inquiry.ActionRead), p.getLog)
	rs.Office("GET "+exportPath, "log_export", web.May(inquiry.ActionExport), p.getExport)
	rs.Office("GET "+placesPath, "log_places", web.May("audit.place.read"), p.getPlaces)
	rs.Office("GET "+Path+"/{id}", "log_event", web.May(inquiry.ActionRead), p.getEvent)
	rs.Office("GET "+subjectPath, "log_subject", web.May(inquiry.ActionSubject), p.getSubject)
	rs.Page("GET "+SeenPath, "seen", web.SignedIn, p.getSeen)
	rs.Handle("GET "+ReceivePath+"/{origin}", "checkpoints_kept", web.Public, p.keptCheckpoints, web.JSONErrors)
	rs.Handle("POST "+ReceivePath, "checkpoint_receive", web.Link, p.postCheckpoint, web.JSONErrors, web.MaxBody(mostReceived))
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, head ui.OfficeHead, body templ.Component) error {
	return web.Render(w, r, http.StatusOK, p.Site.OfficePage(r, head, body))
}

// moment is a time in the words of the page, as the clock on the wall in Italy says it.
func moment(ctx context.Context, at time.Time) string {
	at = at.In(calendar.Rome())
	words := web.Words(ctx)
	return words.Date(at, lang.Short) + ", " + words.Time(at)
}

// deed says what was done, in the words of the page: the verb of the action, and on what.
func deed(ctx context.Context, action string) string {
	words := web.Words(ctx)
	record, verb := "", action
	if at := strings.LastIndexByte(action, '.'); at >= 0 {
		record, verb = action[:at], action[at+1:]
	}
	said := verb
	if key := "audit.did." + verb; words.Has(key) {
		said = words.Text(key)
	}
	if key := "access.record." + record; words.Has(key) {
		return said + ": " + words.Text(key)
	}
	return said + ": " + record
}

// via says by which way something came.
func via(ctx context.Context, way string) string {
	if key := "audit.via." + way; web.Words(ctx).Has(key) {
		return ui.T(ctx, key)
	}
	return way
}

// roles are those of an event in the words of the page.
func (p *pages) roles(ctx context.Context, text string) string {
	var names []string
	for role := range strings.FieldsSeq(text) {
		names = append(names, p.RoleName(ctx, access.Role(role)))
	}
	return strings.Join(names, ", ")
}

// names of who acted and for which bodies.
type names struct{ accounts, bodies map[string]string }

func (p *pages) names(ctx context.Context, list []audit.Entry) (n names, err error) {
	var accounts, bodies []string
	for _, e := range list {
		if e.Actor.Account != "" {
			accounts = append(accounts, e.Actor.Account)
		}
		if e.Actor.Member != "" {
			bodies = append(bodies, e.Actor.Member)
		}
	}
	slices.Sort(accounts)
	slices.Sort(bodies)
	if n.accounts, err = p.Accounts(ctx, slices.Compact(accounts)); err != nil {
		return n, err
	}
	n.bodies, err = p.Bodies(ctx, slices.Compact(bodies))
	return n, err
}

// who is whoever did something: a name, or that it was the program or a stranger.
func (n names) who(ctx context.Context, a audit.Actor) string {
	switch name := n.accounts[a.Account]; {
	case name != "":
		return name
	case a.Account != "":
		return a.Account
	case a.Via == audit.ViaCommand, a.Via == audit.ViaJob:
		return ui.T(ctx, "audit.program")
	}
	return ui.T(ctx, "audit.stranger")
}

func (n names) body(id string) string {
	if name := n.bodies[id]; name != "" {
		return name
	}
	return id
}
