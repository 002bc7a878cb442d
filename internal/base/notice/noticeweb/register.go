// SPDX-License-Identifier: EUPL-1.2

package noticeweb

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/notice"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

//go:embed locales
var localeFiles embed.FS

// Locales are the words of the pages, and of what package send refuses.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("noticeweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Deps is what the pages stand on; all of it is required but PushKey and PhonePath.
type Deps struct {
	Notice *notice.UseCases
	Site   *ui.Site
	// PhonePath is where an account says where text messages go, without language; "" for nowhere.
	PhonePath string
	PushKey   string // public key with which browsers subscribe; "" offers no push
	// Accounts gives names by identifiers.
	Accounts func(ctx context.Context, ids []string) (map[string]string, error)
	// Names of the topics that other packages bring, by topic: keys of the catalogue.
	Topics map[string]string
}

type pages struct{ Deps }

// Paths of the pages, without language.
const (
	InboxPath      = "/office/notices"
	PreferencePath = "/office/notices/preferences"
	devicesPath    = "/office/notices/devices"
	MessagesPath   = "/office/messages"
	WorkPath       = "/office/work"
	workerPath     = "/push-worker.js"
)

// OfficeMenu are the entries of the operators' menu.
func OfficeMenu() []ui.OfficeItem {
	return []ui.OfficeItem{
		{Key: "notices.menu.inbox", Path: InboxPath, Icon: "bell"},
		{Key: "notices.menu.messages", Path: MessagesPath, Action: notice.ActionRead, Icon: "mail", Group: ui.GroupMessages},
		{Key: "notices.menu.work", Path: WorkPath, Action: notice.ActionWorkRead, Icon: "tool", Group: ui.GroupSystem},
	}
}

// Register adds the pages to the table.
func Register(rs *web.Routes, deps Deps) {
	p := &pages{deps}
	rs.Office("GET "+InboxPath, "notices", web.SignedIn, p.getInbox)
	rs.Office("POST "+InboxPath, "notices_read", web.SignedIn, p.postRead)
	rs.Office("GET "+InboxPath+"/{id}", "notice", web.SignedIn, p.getEntry)
	rs.Office("GET "+PreferencePath, "notice_preferences", web.SignedIn, p.getPreferences)
	rs.Office("POST "+PreferencePath, "notice_preferences_keep", web.SignedIn, p.postPreferences)
	rs.Office("POST "+devicesPath, "notice_device_add", web.SignedIn, p.postDevice)
	rs.Office("POST "+devicesPath+"/{id}/remove", "notice_device_remove", web.SignedIn, p.postRemove)
	rs.Handle("GET "+workerPath, "push_worker", web.Public, getWorker)
	rs.Office("GET "+MessagesPath, "messages", web.May(notice.ActionRead), p.getMessages)
	rs.Office("POST "+MessagesPath, "messages_settle", web.May(notice.ActionSettle), p.postMessages)
	rs.Office("POST "+MessagesPath+"/try", "messages_try", web.May(notice.ActionRead), p.postTry)
	rs.Office("GET "+MessagesPath+"/{id}", "message", web.May(notice.ActionRead), p.getMessage)
	rs.Office("GET "+WorkPath, "work", web.May(notice.ActionWorkRead), p.getWork)
	rs.Office("POST "+WorkPath+"/{id}/again", "work_again", web.May(notice.ActionWorkSettle), p.postWorkAgain)
	rs.Office("POST "+WorkPath+"/{id}/give-up", "work_give_up", web.May(notice.ActionWorkSettle), p.postWorkGiveUp)
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, status int, head ui.OfficeHead, body templ.Component) error {
	return web.Render(w, r, status, p.Site.OfficePage(r, head, body))
}

// moment is a time in the words of the page, as the clock on the wall in Italy says it.
func moment(ctx context.Context, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	at = at.In(calendar.Rome())
	words := web.Words(ctx)
	return words.Date(at, lang.Short) + ", " + words.Time(at)
}

// topic is a topic in the words of the page.
func (p *pages) topic(ctx context.Context, name string) string {
	if key, ok := p.Topics[name]; ok {
		return ui.T(ctx, key)
	}
	return name
}
