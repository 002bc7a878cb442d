// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// Paths of the door, without language, for the frame of operators' pages.
const (
	AccountPath = "/account"
	SwitchPath  = "/account/body"
	LogOutPath  = "/logout"
)

// Acting are the bodies that somebody may act for, with what they are there, by name.
func Acting(r *http.Request, u *identity.UseCases, names func(context.Context, []string) (map[string]string, error), s identity.Session) ([]ui.Acting, error) {
	known, err := names(r.Context(), s.Bodies)
	if err != nil {
		return nil, err
	}
	roles, err := u.RolesByBody(r.Context(), s.Account)
	if err != nil {
		return nil, err
	}
	list := make([]ui.Acting, 0, len(s.Bodies))
	for _, id := range s.Bodies {
		name := known[id]
		if name == "" {
			name = id
		}
		list = append(list, ui.Acting{ID: id, Name: name, Role: RoleNames(r.Context(), roles[id])})
	}
	slices.SortFunc(list, func(a, b ui.Acting) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// RoleNames are roles in the words of the page, one after the other.
func RoleNames(ctx context.Context, roles []access.Role) string {
	words := make([]string, len(roles))
	for i, role := range roles {
		words[i] = RoleName(ctx, role)
	}
	return strings.Join(words, ", ")
}

// RoleName is a role in the words of the page.
func RoleName(ctx context.Context, role access.Role) string {
	return web.Words(ctx).Text("role." + string(role))
}
