// SPDX-License-Identifier: EUPL-1.2

package accessweb

import (
	"net/http"

	"approdo/internal/base/access"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func (p *pages) getRelations(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	actor := access.From(ctx)
	found, err := p.Access.Relations(ctx, actor)
	if err != nil {
		return err
	}
	var accounts, members []string
	for _, one := range found {
		accounts, members = append(accounts, one.Account), append(members, one.Member)
	}
	people, err := p.Accounts(ctx, accounts)
	if err != nil {
		return err
	}
	bodies, err := p.Bodies(ctx, members)
	if err != nil {
		return err
	}
	table := ui.TableView{
		ID: "relations", Caption: ui.T(ctx, "access.relations.title"), Plain: true, Empty: ui.Empty("people", ui.T(ctx, "access.relations.none")),
		Columns: []ui.Column{
			{Title: ui.T(ctx, "access.relations.who")}, {Title: ui.T(ctx, "access.relations.kind")}, {Title: ui.T(ctx, "access.relations.what")},
			{Title: ui.T(ctx, "access.relations.since")}, {Title: ui.T(ctx, "access.relations.until")}, {Title: ui.T(ctx, "access.relations.why"), Spare: true},
			{Title: ui.T(ctx, "access.relations.end"), Hide: true},
		},
	}
	for _, one := range found {
		until := ui.T(ctx, "access.relations.open")
		if !one.Until.IsZero() {
			until = moment(ctx, one.Until)
		}
		who := ui.Cell{Text: people[one.Account], Small: bodies[one.Member]}
		if one.Account == "" {
			who = ui.Cell{Text: bodies[one.Member], Small: ui.T(ctx, "access.relations.all")}
		}
		end := ui.Cell{}
		if p.Access.Guard().Allows(ctx, actor, "access.relation.end", one.Resource()) {
			end.Body = endButton(one.ID)
		}
		table.Rows = append(table.Rows, ui.Row{ID: one.ID, Cells: []ui.Cell{
			who, {Text: ui.T(ctx, "access.kind."+string(one.Kind))}, {Text: ui.T(ctx, "access.type."+one.Type), Small: one.Object},
			{Text: moment(ctx, one.Since)}, {Text: until}, {Text: one.Reason}, end,
		}})
	}
	title := ui.T(ctx, "access.relations.title")
	return p.show(w, r, http.StatusOK, ui.OfficeHead{
		Title: title, Lead: ui.T(ctx, "access.relations.lead"), Active: relationsPath, Crumbs: []ui.Link{{Text: title}},
	}, ui.Table(table))
}

func (p *pages) postEnd(w http.ResponseWriter, r *http.Request) error {
	if err := p.Access.End(r.Context(), access.From(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "access.relations.ended", 0)
	return web.Redirect(w, r, web.Path(r.Context(), relationsPath))
}
