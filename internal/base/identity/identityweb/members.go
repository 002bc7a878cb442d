// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// Foot is what the footer of the public pages has of this package: the door.
func Foot() []ui.Item { return []ui.Item{{Key: "login.operators", Path: "/login"}} }

// OfficeMenu is what the operators' menu shows of this package.
func OfficeMenu() []ui.OfficeItem {
	return []ui.OfficeItem{
		{Key: "members.title", Path: "/office/members", Action: identity.ActionList, Icon: "team", Group: ui.GroupAccess},
		{Key: "naming.title", Path: namePath, Action: identity.ActionRename, Icon: "settings", Group: ui.GroupSystem},
	}
}

// body is the body whose members a page is about: the one acted for, or another that an administrator
// of the network has chosen. The use case decides on it.
func body(r *http.Request) string {
	if id := r.FormValue("body"); id != "" {
		return id
	}
	return access.From(r.Context()).Member
}

type membersView struct {
	Body, Name  string
	Bodies      []ui.Option // to choose from; none for who has but one
	People      []identity.Person
	Invitations []identity.Link
	May         bool // invite
}

func (p *pages) getMembers(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	actor := access.From(ctx)
	v := membersView{Body: body(r), May: p.Guard.May(actor, identity.ActionInvite)}
	var err error
	if v.People, v.Invitations, err = p.Identity.People(ctx, actor, v.Body); err != nil {
		return err
	}
	if v.Name, err = p.bodyName(ctx, v.Body); err != nil {
		return err
	}
	if actor.Has(access.NetworkAdministrator) {
		if v.Bodies, err = p.bodyOptions(ctx, v.Body); err != nil {
			return err
		}
	}
	head := ui.OfficeHead{Title: ui.T(ctx, "members.title"), Lead: v.Name, Help: "members.help", Styles: []string{"login.css"}}
	if v.May {
		head.Actions = ui.ButtonLink(ui.Primary, templ.SafeURL(ofBody(web.Path(ctx, "/office/members/invite"), r)), ui.T(ctx, "members.invite"), "plus")
	}
	return web.Render(w, r, http.StatusOK, p.Site.OfficePage(r, head, membersPage(v)))
}

// ofBody keeps the chosen body in an address.
func ofBody(path string, r *http.Request) string {
	if id := body(r); id != access.From(r.Context()).Member {
		return withQuery(path, "body", id)
	}
	return path
}

func (p *pages) bodyName(ctx context.Context, id string) (string, error) {
	names, err := p.Bodies(ctx, []string{id})
	return names[id], err
}

func (p *pages) bodyOptions(ctx context.Context, chosen string) ([]ui.Option, error) {
	all, err := p.AllBodies(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]ui.Option, 0, len(all))
	for id, name := range all {
		list = append(list, ui.Option{Value: id, Text: name, Selected: id == chosen})
	}
	slices.SortFunc(list, func(a, b ui.Option) int { return strings.Compare(a.Text+a.Value, b.Text+b.Value) })
	return list, nil
}

type inviteView struct {
	trouble
	Body, BodyName, Name, Email, Language string
	Roles                                 []access.Role
	Choices                               []access.Role // roles that this actor can give
}

func (p *pages) getInvite(w http.ResponseWriter, r *http.Request) error {
	return p.showInvite(w, r, http.StatusOK, inviteView{Language: lang.Default})
}

func (p *pages) showInvite(w http.ResponseWriter, r *http.Request, status int, v inviteView) error {
	ctx := r.Context()
	v.Body, v.Choices = body(r), choices(r)
	err := p.Identity.MayInvite(ctx, access.From(ctx), v.Body)
	if err != nil {
		return err
	}
	if v.BodyName, err = p.bodyName(ctx, v.Body); err != nil {
		return err
	}
	title := ui.T(ctx, "members.invite")
	head := ui.OfficeHead{
		Title: title, Lead: v.BodyName, Narrow: true,
		Crumbs: []ui.Link{{Text: ui.T(ctx, "members.title"), Href: ofBody(web.Path(ctx, "/office/members"), r)}, {Text: title}},
	}
	return web.Render(w, r, status, p.Site.OfficePage(r, head, invitePage(v)))
}

// choices are the roles that the actor can give.
func choices(r *http.Request) []access.Role {
	actor := access.From(r.Context())
	return slices.DeleteFunc(slices.Clone(access.Roles), func(role access.Role) bool {
		return (role == access.NetworkAdministrator || role == access.Auditor) && !actor.Has(access.NetworkAdministrator)
	})
}

func rolesOf(r *http.Request) []access.Role {
	_ = r.PostFormValue("role") // reads the form
	roles := []access.Role{}
	for _, role := range r.PostForm["role"] {
		roles = append(roles, access.Role(role))
	}
	return roles
}

func (p *pages) postInvite(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	v := inviteView{Name: r.PostFormValue("name"), Email: r.PostFormValue("email"), Language: r.PostFormValue("language"), Roles: rolesOf(r)}
	_, err := p.Identity.Invite(ctx, access.From(ctx), identity.Invitation{Member: body(r), Name: v.Name, Email: v.Email, Language: v.Language, Roles: v.Roles})
	if told, status, ok := troubleOf(r, err); err != nil && ok {
		v.trouble = told
		return p.showInvite(w, r, status, v)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "members.invited", 1)
	return web.Redirect(w, r, ofBody(web.Path(ctx, "/office/members"), r))
}

type memberView struct {
	trouble
	identity.Person
	Body    string
	Choices []access.Role
	May     bool // change
	Self    bool
}

func (p *pages) getMember(w http.ResponseWriter, r *http.Request) error {
	return p.showMember(w, r, http.StatusOK, trouble{}, nil)
}

func (p *pages) showMember(w http.ResponseWriter, r *http.Request, status int, t trouble, typed []access.Role) error {
	ctx := r.Context()
	actor := access.From(ctx)
	person, err := p.Identity.Person(ctx, actor, body(r), r.PathValue("account"))
	if err != nil {
		return err
	}
	if typed != nil {
		person.Roles = typed
	}
	v := memberView{
		trouble: t, Person: person, Body: body(r), Choices: choices(r), May: p.Guard.May(actor, identity.ActionChange), Self: person.Account == actor.Account,
	}
	head := ui.OfficeHead{
		Title: person.Name, Lead: person.Email, Narrow: true,
		Crumbs: []ui.Link{{Text: ui.T(ctx, "members.title"), Href: ofBody(web.Path(ctx, "/office/members"), r)}, {Text: person.Name}},
	}
	return web.Render(w, r, status, p.Site.OfficePage(r, head, memberPage(v)))
}

// changed answers a change of a member.
func (p *pages) changed(w http.ResponseWriter, r *http.Request, err error, typed []access.Role, said string) error {
	if told, status, ok := troubleOf(r, err); err != nil && ok {
		return p.showMember(w, r, status, told, typed)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, said, 1)
	return web.Redirect(w, r, ofBody(web.Path(r.Context(), "/office/members"), r))
}

func (p *pages) postMember(w http.ResponseWriter, r *http.Request) error {
	roles := rolesOf(r)
	// What this actor can't give stays as it is, and is not in the form.
	person, err := p.Identity.Person(r.Context(), access.From(r.Context()), body(r), r.PathValue("account"))
	if err != nil {
		return err
	}
	for _, role := range person.Roles {
		if !slices.Contains(choices(r), role) {
			roles = append(roles, role)
		}
	}
	if len(roles) == 0 {
		return p.changed(w, r, fault.Invalid("role", "identity.no_role"), roles, "")
	}
	err = p.Identity.ChangeRoles(r.Context(), access.From(r.Context()), body(r), r.PathValue("account"), roles)
	return p.changed(w, r, err, roles, "members.changed")
}

func (p *pages) postMemberEnd(w http.ResponseWriter, r *http.Request) error {
	err := p.Identity.ChangeRoles(r.Context(), access.From(r.Context()), body(r), r.PathValue("account"), nil)
	return p.changed(w, r, err, nil, "members.ended")
}

func (p *pages) postMemberReset(w http.ResponseWriter, r *http.Request) error {
	_, err := p.Identity.ResetFactors(r.Context(), access.From(r.Context()), body(r), r.PathValue("account"))
	return p.changed(w, r, err, nil, "members.reset_sent")
}

func (p *pages) postWithdraw(w http.ResponseWriter, r *http.Request) error {
	if err := p.Identity.Withdraw(r.Context(), access.From(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "members.withdrawn", 1)
	return web.Redirect(w, r, ofBody(web.Path(r.Context(), "/office/members"), r))
}
