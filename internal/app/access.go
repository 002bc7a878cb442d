// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accessweb"
	"approdo/internal/base/identity/identityweb"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// registerAccess adds the pages about who may do what.
func (a *App) registerAccess(rs *web.Routes, site *ui.Site) {
	accessweb.Register(rs, accessweb.Deps{
		Access: access.NewUseCases(a.DB, a.Guard, a.Config.Clock, a.tellGlass), Site: site, RoleName: identityweb.RoleName,
		Bodies: a.bodyNames, Accounts: a.accountNames,
	})
}

// refused notes that somebody asked for what is not theirs.
func (a *App) refused(route string, err error) {
	if r, ok := access.RefusalIn(err, route); ok {
		a.refusals.Note(r)
	}
}

// accountNames gives the names of accounts; one that is closed has none any more.
func (a *App) accountNames(ctx context.Context, ids []string) (map[string]string, error) {
	names := make(map[string]string, len(ids))
	for _, id := range ids {
		account, err := a.Identity.AccountByID(ctx, a.DB, id)
		if err != nil && !fault.Is(err, fault.KindNotFound) {
			return nil, err
		}
		names[id] = account.Name
	}
	return names, nil
}
