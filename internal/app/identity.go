// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"fmt"
	"net/http"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/base/identity/identityweb"
	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// openIdentity builds the use cases of those who log in.
func (a *App) openIdentity() error {
	key, err := a.key()
	if err != nil {
		return err
	}
	a.Identity = identity.New(identity.Config{DB: a.DB, Clock: a.Config.Clock, Key: key, Guard: a.Guard, Vault: a.Vault, Send: a.sendLetter})
	return nil
}

// sendLetter tells somebody what package identity has to say, within its transaction.
func (a *App) sendLetter(context.Context, *db.Tx, identity.Letter) error { return nil }

// bodyNames gives the names of bodies.
func (a *App) bodyNames(ctx context.Context, ids []string) (map[string]string, error) {
	found, err := network.OrganizationsByID(ctx, a.DB, ids)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(found))
	for id, o := range found {
		names[id] = o.Name
	}
	return names, nil
}

// registerIdentity adds the door and gives operators' pages their frame.
func (a *App) registerIdentity(rs *web.Routes, site *ui.Site, menu []ui.OfficeItem) {
	site.Frame = a.frame(menu)
	identityweb.Register(rs, identityweb.Deps{Identity: a.Identity, Site: site, Guard: a.Guard, Bodies: a.bodyNames, Home: ui.HomePath})
}

// frame says who looks at a page of operators, for which body, and where they can go.
func (a *App) frame(menu []ui.OfficeItem) func(*http.Request) ui.Frame {
	return func(r *http.Request) ui.Frame {
		s, ok := identityweb.SessionFrom(r.Context())
		if !ok {
			return ui.Frame{}
		}
		f := ui.Frame{Name: s.Name, Account: identityweb.AccountPath, Switch: identityweb.SwitchPath, LogOut: identityweb.LogOutPath}
		bodies, err := identityweb.Acting(r, a.Identity, a.bodyNames, s)
		if err != nil {
			return f // the page itself will say what is wrong with the database
		}
		f.Bodies = bodies
		for _, b := range bodies {
			if b.ID == s.Member {
				f.Body = b
			}
		}
		actor := access.From(r.Context())
		for _, item := range menu {
			if item.Action == "" || a.Guard.May(actor, item.Action) {
				f.Menu = append(f.Menu, item)
			}
		}
		return f
	}
}

// DemoAccounts makes the example accounts of the demo network, in two of its made-up bodies.
func (a *App) DemoAccounts(ctx context.Context) ([]identity.Example, error) {
	all, err := network.Organizations(ctx, a.DB)
	if err != nil {
		return nil, err
	}
	var examples []network.Organization
	for _, o := range all {
		if o.Example && o.ParentOrganizationID == "" {
			examples = append(examples, o)
		}
	}
	if len(examples) < 2 {
		return nil, fmt.Errorf("the demo network has %d example bodies", len(examples))
	}
	return a.Identity.Demo(ctx, examples[0].ID, examples[1].ID)
}
