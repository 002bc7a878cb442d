// SPDX-License-Identifier: EUPL-1.2

package auditweb

import (
	"context"
	"io"
	"net/http"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// getSeen tells whoever asks who has seen or changed what is kept about them: body, role, date, reason.
func (p *pages) getSeen(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list := ui.ReadList(r)
	found, err := p.Inquiry.Seen(ctx, access.From(ctx), list.Offset(), list.Size)
	if err != nil {
		return err
	}
	names, err := p.names(ctx, found.List)
	if err != nil {
		return err
	}
	t := ui.TableView{
		ID: "seen", Caption: ui.T(ctx, "audit.seen.title"), List: list, Total: found.Total, Empty: ui.Empty("list", ui.T(ctx, "audit.seen.none")),
		Columns: []ui.Column{
			{Title: ui.T(ctx, "audit.seen.when")}, {Title: ui.T(ctx, "audit.seen.what")}, {Title: ui.T(ctx, "audit.seen.body")},
			{Title: ui.T(ctx, "audit.seen.role")}, {Title: ui.T(ctx, "audit.seen.reason")},
		},
	}
	for _, e := range found.List {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: moment(ctx, e.At)}, {Text: seenOrChanged(ctx, e)}, {Text: p.seenBody(ctx, e, names)}, {Text: p.roles(ctx, e.Actor.Roles)}, {Text: because(e)},
		}})
	}
	title := ui.T(ctx, "audit.seen.title")
	return p.show(w, r, ui.OfficeHead{Title: title, Lead: ui.T(ctx, "audit.seen.lead"), Crumbs: []ui.Link{{Text: title}}}, seenPage(t))
}

func seenOrChanged(ctx context.Context, e audit.Entry) string {
	if e.Action == "identity.login.refuse" {
		return ui.T(ctx, "audit.seen.tried")
	}
	if e.Read {
		return ui.T(ctx, "audit.seen.saw")
	}
	return ui.T(ctx, "audit.seen.changed")
}

// stranger says whether it was somebody who had not logged in. Names are taken out of what is shown here,
// so a missing account tells nothing.
func stranger(e audit.Entry) bool {
	return e.Actor.Member == "" && e.Actor.Roles == "" && (e.Actor.Via == audit.ViaPage || e.Actor.Via == audit.ViaLink)
}

func (p *pages) seenBody(ctx context.Context, e audit.Entry, names names) string {
	if stranger(e) {
		return ui.T(ctx, "audit.seen.stranger")
	}
	if e.Actor.Member == "" {
		return ui.T(ctx, "audit.seen.program")
	}
	return names.body(e.Actor.Member)
}

// because is why: what somebody wrote, or the purpose and basis that the program knows.
func because(e audit.Entry) string {
	for _, text := range []string{e.Reason, e.Purpose, e.Basis} {
		if text != "" {
			return text
		}
	}
	return ""
}

type subjectView struct {
	Subject string
	Table   ui.TableView
}

// getSubject is the same about anybody, with names, for the data-protection officer. Nothing is looked
// up, and so nothing recorded, before somebody is named.
func (p *pages) getSubject(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list := ui.ReadList(r)
	v := subjectView{Subject: list.Text}
	if v.Subject != "" {
		found, err := p.Inquiry.SeenOf(ctx, access.From(ctx), list.Text, list.Offset(), list.Size)
		if err != nil {
			return err
		}
		names, err := p.names(ctx, found.List)
		if err != nil {
			return err
		}
		v.Table = p.table(ctx, found.List, names)
		v.Table.List, v.Table.Total, v.Table.Caption = list, found.Total, ui.T(ctx, "audit.subject.title")
	}
	title := ui.T(ctx, "audit.subject.title")
	return p.show(w, r, ui.OfficeHead{Title: title, Lead: ui.T(ctx, "audit.subject.lead"), Help: "audit.subject.help", Crumbs: []ui.Link{{Text: title}}}, subjectPage(v))
}

// postCheckpoint keeps a checkpoint that another installation sends. Who is not known gets the answer
// of a page that is not there.
func (p *pages) postCheckpoint(w http.ResponseWriter, r *http.Request) error {
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return fault.TooLarge("", "audit.checkpoint_long").Because(err)
	}
	peers, err := p.Peers()
	if err != nil {
		return err
	}
	_, err = audit.Keep(r.Context(), p.Inquiry.DB, peers, p.Inquiry.Clock(), string(text))
	switch {
	case fault.Is(err, fault.KindForbidden):
		return access.Missing()
	case err != nil:
		return err
	}
	web.NoStore(w)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// keptCheckpoints gives back what is kept of another log, so that its owner and auditors hold the log
// against it. It says how long the log was and when, which is made to be known.
func (p *pages) keptCheckpoints(w http.ResponseWriter, r *http.Request) error {
	list, err := audit.KeptFor(r.Context(), p.Inquiry.DB, r.PathValue("origin"))
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return access.Missing()
	}
	var text strings.Builder
	for _, c := range list {
		text.WriteString(c.Note + "\n")
	}
	web.NoStore(w)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = io.WriteString(w, text.String())
	return err
}
