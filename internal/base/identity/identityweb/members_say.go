// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"context"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func peopleTable(ctx context.Context, v membersView) ui.TableView {
	t := ui.TableView{
		Caption: ui.T(ctx, "members.title"), Plain: true,
		Columns: []ui.Column{
			{Title: ui.T(ctx, "account.name")}, {Title: ui.T(ctx, "members.roles")}, {Title: ui.T(ctx, "members.seen")},
			{Title: ui.T(ctx, "members.second"), Spare: true},
		},
	}
	for _, p := range v.People {
		second := ui.T(ctx, "members.yes")
		if p.Factors == 0 {
			second = ui.T(ctx, "members.no")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: p.Name, Href: memberPath(ctx, v.Body, p), Small: p.Email}, {Text: RoleNames(ctx, p.Roles)},
			{Text: seenText(ctx, p.Seen)}, {Text: second},
		}})
	}
	return t
}

func memberPath(ctx context.Context, body string, p identity.Person) string {
	path := web.Path(ctx, "/office/members/"+p.Account)
	if body != access.From(ctx).Member {
		path += "?body=" + body
	}
	return path
}

func seenText(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return ui.T(ctx, "members.never")
	}
	return moment(ctx, t)
}

func roleOptions(ctx context.Context, choices, chosen []access.Role) []ui.Option {
	list := make([]ui.Option, len(choices))
	for i, role := range choices {
		list[i] = ui.Option{Value: string(role), Text: RoleName(ctx, role), Selected: slices.Contains(chosen, role)}
	}
	return list
}

func languageOptions(chosen string) []ui.Option {
	list := make([]ui.Option, len(lang.All))
	for i, code := range lang.All {
		list[i] = ui.Option{Value: code, Text: lang.NativeName(code), Lang: code, Selected: code == chosen}
	}
	return list
}
