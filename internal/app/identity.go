// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/audit/auditweb"
	"approdo/internal/base/identity"
	"approdo/internal/base/identity/identityweb"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory/demo"
	"approdo/internal/kit/calendar"
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
	providers, err := readProviders(a.Config.Providers)
	if err != nil {
		return err
	}
	a.Identity = identity.New(identity.Config{
		Providers: providers,
		DB:        a.DB, Clock: a.Config.Clock, Key: key, Guard: a.Guard, Vault: a.Vault, Send: a.sendLetter,
		Partakes: func(ctx context.Context, q db.Querier, member string) (bool, error) {
			return network.IsMember(ctx, q, member, calendar.DayOf(a.Config.Clock(), calendar.Rome()))
		},
	})
	a.naming = newNaming(a.Identity.NetworkName, a.Config.Clock)
	return nil
}

// readProviders reads the file of those who vouch for people; "" is nobody.
func readProviders(path string) ([]identity.Provider, error) {
	if path == "" {
		return nil, nil
	}
	text, err := os.ReadFile(path) // #nosec G304 -- named by whoever runs the program
	if err != nil {
		return nil, fmt.Errorf("the list of providers: %w", err)
	}
	return identity.ReadProviders(text)
}

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

// memberNames gives the names of the bodies that take part.
func (a *App) memberNames(ctx context.Context) (map[string]string, error) {
	list, err := network.Members(ctx, a.DB, calendar.DayOf(a.Config.Clock(), calendar.Rome()))
	names := make(map[string]string, len(list))
	for _, m := range list {
		names[m.ID] = m.Name
	}
	return names, err
}

// registerIdentity adds the door and gives operators' pages their frame.
func (a *App) registerIdentity(rs *web.Routes, site *ui.Site, menu []ui.OfficeItem) {
	site.Frame = a.frame(menu)
	identityweb.Register(rs, identityweb.Deps{
		Identity: a.Identity, Site: site, Guard: a.Guard, Bodies: a.bodyNames, AllBodies: a.memberNames, Home: ui.HomePath, Renamed: a.naming.Forget, Seen: auditweb.SeenPath,
		Kinds: kindOptions, SetUp: a.SetUp,
	})
}

// kindOptions are the kinds of body in the words of the page.
func kindOptions(ctx context.Context) []ui.Option {
	list := make([]ui.Option, len(network.Kinds))
	for i, kind := range network.Kinds {
		list[i] = ui.Option{Value: kind, Text: web.Words(ctx).Text("kind." + kind)}
	}
	return list
}

// SetUp makes the network, its first body and its first administrator, for whoever holds the code of
// the first run.
func (a *App) SetUp(ctx context.Context, from identity.Source, code string, f identity.Founding) (identity.Ticket, error) {
	return a.Identity.SetUp(ctx, from, code, f, func(ctx context.Context) (string, error) { return a.foundBody(ctx, f) })
}

// SetUpHere is SetUp for whoever sits at this machine. It gives the path of an invitation.
func (a *App) SetUpHere(ctx context.Context, f identity.Founding) (string, error) {
	return a.Identity.SetUpHere(ctx, Console, f, func(ctx context.Context) (string, error) { return a.foundBody(ctx, f) })
}

// Console is whoever sits at the machine that the program runs on.
var Console = access.Actor{Via: audit.ViaCommand}

// foundBody makes the first body, which takes part from today. The first administrator comes after it,
// so the program itself acts, for the network that is about to be.
func (a *App) foundBody(ctx context.Context, f identity.Founding) (string, error) {
	founder := Console
	founder.Member = "set-up"
	founder.Roles, founder.Strong, founder.SteppedUp = []access.Role{access.NetworkAdministrator}, true, a.Config.Clock()
	state := network.BodyState{Profile: network.Profile{MemberSince: a.Network.Today().String()}}
	state.Organization.Name, state.Organization.Kind = strings.TrimSpace(f.Body), f.Kind
	m, err := a.Network.CreateBody(ctx, founder, state)
	return m.ID, err
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

// IsDemo says whether this installation holds the demo network.
func (a *App) IsDemo(ctx context.Context) (bool, error) { return a.Directory.From(ctx, demo.Source) }

// DemoAccounts makes the example accounts of the demo network, in two of its made-up bodies.
func (a *App) DemoAccounts(ctx context.Context) ([]identity.Example, error) {
	all, err := network.Members(ctx, a.DB, calendar.DayOf(a.Config.Clock(), calendar.Rome()))
	if err != nil {
		return nil, err
	}
	var examples []network.Member
	for _, m := range all {
		if m.Example && m.ParentOrganizationID == "" {
			examples = append(examples, m)
		}
	}
	if len(examples) < 2 {
		return nil, fmt.Errorf("the demo network has %d example members", len(examples))
	}
	accounts, err := a.Identity.Demo(ctx, examples[0].ID, examples[1].ID)
	if err != nil {
		return nil, err
	}
	return accounts, a.demoMediators(ctx, examples[0].ID)
}
