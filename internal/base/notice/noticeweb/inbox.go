// SPDX-License-Identifier: EUPL-1.2

package noticeweb

import (
	"context"
	"net/http"

	"approdo/internal/base/access"
	"approdo/internal/base/notice"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// inboxView is a page of the inbox.
type inboxView struct {
	Entries []notice.Entry
	New     int
	OnlyNew bool
	List    ui.List
	Total   int
}

func (p *pages) getInbox(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list := ui.ReadList(r)
	v := inboxView{List: list, OnlyNew: list.Filter("new") != ""}
	in, err := p.Notice.Inbox(ctx, access.From(ctx), web.Lang(ctx), v.OnlyNew, list.Offset(), list.Size)
	if err != nil {
		return err
	}
	v.Entries, v.New, v.Total = in.Entries, in.New, in.Total
	title := ui.T(ctx, "notices.inbox.title")
	return p.show(w, r, http.StatusOK, ui.OfficeHead{
		Title: title, Lead: ui.N(ctx, "notices.inbox.lead", in.New), Help: "notices.inbox.help", Crumbs: []ui.Link{{Text: title}}, Narrow: true,
		Actions: ui.ButtonLink(ui.Secondary, ui.Href(ctx, PreferencePath), ui.T(ctx, "notices.preferences.title"), "settings"),
	}, inboxPage(v))
}

func (p *pages) getEntry(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	e, err := p.Notice.Entry(ctx, access.From(ctx), web.Lang(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	return p.show(w, r, http.StatusOK, ui.OfficeHead{
		Title: e.Subject, Lead: moment(ctx, e.MadeAt), Active: InboxPath, Narrow: true, Badge: newness(e),
		Crumbs: []ui.Link{{Text: ui.T(ctx, "notices.inbox.title"), Href: web.Path(ctx, InboxPath)}, {Text: e.Subject}},
	}, entryPage(e))
}

// postRead marks one message as read, or all, and leads back to the inbox.
func (p *pages) postRead(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PostFormValue("id")
	if id == "" && r.PostFormValue("all") == "" {
		return access.Missing()
	}
	if err := p.Notice.Read(ctx, access.From(ctx), id); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "notices.inbox.read_done", 0)
	return web.Redirect(w, r, web.Path(ctx, InboxPath))
}

// table lists the messages of the page.
func (v inboxView) table(ctx context.Context) ui.TableView {
	t := ui.TableView{
		ID: "inbox", Caption: ui.T(ctx, "notices.inbox.title"), List: v.List, Total: v.Total,
		Empty: ui.Empty("bell", ui.T(ctx, "notices.inbox.none")),
		Columns: []ui.Column{
			{Title: ui.T(ctx, "notices.inbox.what")}, {Title: ui.T(ctx, "notices.inbox.when")}, {Title: ui.T(ctx, "notices.inbox.state")},
		},
	}
	for _, e := range v.Entries {
		row := ui.Row{Cells: []ui.Cell{
			{Text: e.Subject, Href: web.Path(ctx, InboxPath+"/"+e.ID), Small: first(e)}, {Text: moment(ctx, e.MadeAt)}, {Body: newness(e)},
		}}
		if e.Urgent && e.ReadAt.IsZero() {
			row.Level = ui.Warning
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// first is the first line of a message.
func first(e notice.Entry) string {
	if len(e.Paragraphs) == 0 || len(e.Paragraphs[0]) == 0 {
		return ""
	}
	return e.Paragraphs[0][0]
}
