// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/upload"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func accessOf(m network.Member) access.Resource {
	return access.Resource{Type: "Body", ID: m.ID, Attributes: access.Attributes{"member": m.ID}}
}

// bodyValues are a body as a form holds it.
func bodyValues(m network.Member) url.Values {
	v := url.Values{}
	v.Set("version", strconv.FormatInt(m.Version, 10))
	for name, text := range map[string]string{
		"name": m.Name, "alternate_name": m.AlternateName, "kind": m.Kind, "description": m.Description, "parent": m.ParentOrganizationID,
		"aliases": strings.Join(m.Aliases, "\n"), "unit": m.Unit, "seat": m.Seat, "address": m.Address, "email": m.Email, "website": m.Website,
		"tax_id": m.TaxID, "ipa": m.IPA, "emblem_text": m.EmblemText, "member_since": m.MemberSince, "member_until": m.MemberUntil,
		"dpo_name": m.DPO.Name, "dpo_email": m.DPO.Email, "dpo_phone": m.DPO.Phone,
		"referent_name": m.Referent.Name, "referent_email": m.Referent.Email, "referent_phone": m.Referent.Phone,
	} {
		v.Set(name, text)
	}
	var phones, territories []string
	for _, phone := range m.Phones {
		phones = append(phones, phone.Number)
	}
	for _, ref := range m.Territories {
		territories = append(territories, string(ref))
	}
	v.Set("phones", strings.Join(phones, "\n"))
	v.Set("territories", strings.Join(territories, "\n"))
	return v
}

// bodyFrom reads a form over what is there: what the form has no field for stays.
func bodyFrom(v url.Values, m network.Member) network.BodyState {
	o, p := m.Organization, m.Profile
	o.Name, o.AlternateName, o.Kind, o.Description = v.Get("name"), v.Get("alternate_name"), v.Get("kind"), v.Get("description")
	o.ParentOrganizationID, o.Aliases, o.Unit, o.Seat, o.Address = v.Get("parent"), lines(v.Get("aliases")), v.Get("unit"), v.Get("seat"), v.Get("address")
	o.Email, o.Website, o.TaxID = v.Get("email"), v.Get("website"), v.Get("tax_id")
	var phones []hsds.Phone
	for _, number := range lines(v.Get("phones")) {
		at := slices.IndexFunc(m.Phones, func(one hsds.Phone) bool { return one.Number == number })
		if at >= 0 {
			phones = append(phones, m.Phones[at])
		} else {
			phones = append(phones, hsds.Phone{ID: db.NewID(), OrganizationID: o.ID, Number: number})
		}
	}
	o.Phones = phones
	p.IPA, p.EmblemText, p.MemberSince, p.MemberUntil = v.Get("ipa"), v.Get("emblem_text"), v.Get("member_since"), v.Get("member_until")
	if v.Get("emblem_gone") != "" {
		p.Emblem, p.EmblemText = upload.Kept{}, ""
	}
	p.DPO = network.Person{Name: v.Get("dpo_name"), Email: v.Get("dpo_email"), Phone: v.Get("dpo_phone")}
	p.Referent = network.Person{Name: v.Get("referent_name"), Email: v.Get("referent_email"), Phone: v.Get("referent_phone")}
	p.Territories = nil
	for _, ref := range lines(v.Get("territories")) {
		p.Territories = append(p.Territories, network.RefNamed(ref))
	}
	return network.BodyState{Organization: o, Profile: p}
}

// bodyGroups are the fields of a body. Only who runs the network sees those of membership.
func (p *pages) bodyGroups(r *http.Request, m network.Member) ([]group, error) {
	ctx := r.Context()
	t := func(name string) string { return ui.T(ctx, "network.field."+name) }
	h := func(name string) string { return ui.T(ctx, "network.hint."+name) }
	others, err := p.bodyOptions(r, m.ID)
	if err != nil {
		return nil, err
	}
	groups := []group{
		{"who", ui.T(ctx, "network.group.who"), "", []field{
			{Name: "name", Label: t("name"), Required: true}, {Name: "alternate_name", Label: t("alternate_name")},
			{Name: "kind", Label: t("kind"), Help: h("kind"), Type: "select", Options: unsaid(r, options(r, "kind.", network.Kinds))},
			{Name: "parent", Label: t("parent"), Type: "select", Options: unsaid(r, others)},
			{Name: "aliases", Label: t("aliases"), Help: h("lines"), Type: "area", Rows: 3}, {Name: "unit", Label: t("unit")},
			{Name: "description", Label: t("description"), Type: "area", Rows: 5},
			{Name: "ipa", Label: t("ipa"), Help: h("ipa")}, {Name: "tax_id", Label: t("tax_id")},
		}},
		{"reach", ui.T(ctx, "network.group.reach"), "", []field{
			{Name: "email", Label: t("email"), Type: "email"}, {Name: "phones", Label: t("phones"), Help: h("lines"), Type: "area", Rows: 3},
			{Name: "website", Label: t("website"), Type: "url"}, {Name: "seat", Label: t("seat")}, {Name: "address", Label: t("address")},
			{Name: "territories", Label: t("territories"), Help: h("territories"), Type: "area", Rows: 3},
		}},
		{"dpo", t("dpo"), h("dpo"), []field{
			{Name: "dpo_name", Label: t("person")}, {Name: "dpo_email", Label: t("email"), Type: "email"}, {Name: "dpo_phone", Label: t("phone"), Type: "tel"},
		}},
		{"referent", t("referent"), h("referent"), []field{
			{Name: "referent_name", Label: t("person")}, {Name: "referent_email", Label: t("email"), Type: "email"}, {Name: "referent_phone", Label: t("phone"), Type: "tel"},
		}},
		{"picture", t("emblem"), h("emblem"), []field{{Name: "emblem", Label: t("file"), Type: "file"}, {Name: "emblem_text", Label: t("emblem_text")}}},
	}
	if !m.Emblem.None() {
		last := &groups[len(groups)-1]
		last.Fields = append(last.Fields, field{Name: "emblem_gone", Label: t("emblem_gone"), Type: "checks", Options: []ui.Option{{Value: "yes", Text: t("emblem_gone_yes")}}})
	}
	if p.Network.Guard.Allows(ctx, actorOf(r), "network.body.admit", accessOf(m)) {
		groups = append(groups, group{"membership", ui.T(ctx, "network.group.membership"), h("membership"), []field{
			{Name: "member_since", Label: t("member_since"), Type: "date"}, {Name: "member_until", Label: t("member_until"), Type: "date"},
		}})
	}
	return groups, nil
}

// bodyOptions are the bodies that exist, to choose from, without one.
func (p *pages) bodyOptions(r *http.Request, without string) ([]ui.Option, error) {
	all, err := network.Bodies(r.Context(), p.Network.DB)
	var list []ui.Option
	today := p.Network.Today()
	for _, m := range all {
		if m.ID != without && !m.ClosedBy(today) {
			list = append(list, ui.Option{Value: m.ID, Text: m.Name, Lang: "it"})
		}
	}
	return list, err
}

func (p *pages) getNewBody(w http.ResponseWriter, r *http.Request) error {
	groups, err := p.bodyGroups(r, network.Member{})
	if err != nil {
		return err
	}
	return p.form(w, r, p.newBodyHead(r), p.bodyForm(r, "/office/network/new", "/office/network", groups, url.Values{}))
}

func (p *pages) newBodyHead(r *http.Request) ui.OfficeHead {
	ctx := r.Context()
	title := ui.T(ctx, "network.office.new_body")
	return ui.OfficeHead{Title: title, Narrow: true, Crumbs: []ui.Link{{Text: ui.T(ctx, "network.office.bodies"), Href: web.Path(ctx, "/office/network")}, {Text: title}}}
}

func (p *pages) bodyForm(r *http.Request, action, cancel string, groups []group, values url.Values) formView {
	return formView{
		FormView: ui.FormView{Action: ui.Href(r.Context(), action), Cancel: ui.Href(r.Context(), cancel), Upload: true}, Groups: groups, Values: values,
	}
}

func (p *pages) postNewBody(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	groups, err := p.bodyGroups(r, network.Member{})
	if err != nil {
		return err
	}
	s, err := p.withEmblem(r, "network.body.create", bodyFrom(values, network.Member{}))
	var m network.Member
	if err == nil {
		m, err = p.Network.CreateBody(r.Context(), actorOf(r), s)
	}
	if err != nil {
		return p.answer(w, r, p.newBodyHead(r), p.bodyForm(r, "/office/network/new", "/office/network", groups, values), err, nil)
	}
	ui.Flash(w, r, ui.Success, "network.said.saved", 1)
	return web.Redirect(w, r, web.Path(r.Context(), bodyPath(m.ID)))
}

// withEmblem keeps the picture that was sent, if any was.
func (p *pages) withEmblem(r *http.Request, action string, s network.BodyState) (network.BodyState, error) {
	content, err := fileOf(r, "emblem")
	if err != nil || content == nil {
		return s, err
	}
	s.Profile.Emblem, err = p.Network.KeepPicture(r.Context(), actorOf(r), action, s.Organization.ID, content)
	return s, err
}

func (p *pages) getEditBody(w http.ResponseWriter, r *http.Request) error {
	m, err := p.editable(r, "network.body.edit")
	if err != nil {
		return err
	}
	groups, err := p.bodyGroups(r, m)
	if err != nil {
		return err
	}
	return p.form(w, r, p.bodyHead(r, m, "/edit"), p.bodyForm(r, bodyPath(m.ID)+"/edit", bodyPath(m.ID), groups, bodyValues(m)))
}

// editable reads a body that the actor may do action with: a form that could not be sent is not shown.
func (p *pages) editable(r *http.Request, action string) (network.Member, error) {
	m, err := p.Network.Body(r.Context(), actorOf(r), r.PathValue("id"))
	if err != nil {
		return m, err
	}
	return m, p.Network.Guard.Check(r.Context(), actorOf(r), action, accessOf(m))
}

func (p *pages) postEditBody(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	m, err := p.editable(r, "network.body.edit")
	if err != nil {
		return err
	}
	groups, err := p.bodyGroups(r, m)
	if err != nil {
		return err
	}
	s, err := p.withEmblem(r, "network.body.edit", bodyFrom(values, m))
	if err == nil {
		_, err = p.Network.EditBody(r.Context(), actorOf(r), versionIn(values), s)
	}
	if err != nil {
		v := p.bodyForm(r, bodyPath(m.ID)+"/edit", bodyPath(m.ID), groups, values)
		return p.answer(w, r, p.bodyHead(r, m, "/edit"), v, err, bodyValues(m))
	}
	ui.Flash(w, r, ui.Success, "network.said.saved", 1)
	return web.Redirect(w, r, web.Path(r.Context(), bodyPath(m.ID)))
}

func (p *pages) getClose(w http.ResponseWriter, r *http.Request) error {
	m, err := p.editable(r, "network.body.close")
	if err != nil {
		return err
	}
	values := bodyValues(m)
	values.Set("closed_on", p.Network.Today().String())
	return p.form(w, r, p.bodyHead(r, m, "-"), p.closeForm(r, m, values))
}

func (p *pages) closeForm(r *http.Request, m network.Member, values url.Values) formView {
	ctx := r.Context()
	return formView{
		FormView: ui.FormView{Action: ui.Href(ctx, bodyPath(m.ID)+"/close"), Cancel: ui.Href(ctx, bodyPath(m.ID)), Kind: ui.Destroy, Submit: ui.T(ctx, "network.office.close")},
		Groups: []group{{"close", ui.T(ctx, "network.office.close"), ui.T(ctx, "network.hint.close"), []field{
			{Name: "closed_on", Label: ui.T(ctx, "network.field.closed_on"), Type: "date", Required: true},
			{Name: "reason", Label: ui.T(ctx, "network.field.reason"), Type: "area", Rows: 2},
		}}}, Values: values,
	}
}

func (p *pages) postClose(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	m, err := p.editable(r, "network.body.close")
	if err != nil {
		return err
	}
	if _, err = p.Network.CloseBody(r.Context(), actorOf(r), m.ID, versionIn(values), values.Get("closed_on"), values.Get("reason")); err != nil {
		return p.answer(w, r, p.bodyHead(r, m, "-"), p.closeForm(r, m, values), err, bodyValues(m))
	}
	ui.Flash(w, r, ui.Success, "network.said.closed", 1)
	return web.Redirect(w, r, web.Path(r.Context(), bodyPath(m.ID)))
}

func (p *pages) postReopen(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	m, err := p.Network.ReopenBody(r.Context(), actorOf(r), r.PathValue("id"), versionIn(values))
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "network.said.reopened", 1)
	return web.Redirect(w, r, web.Path(r.Context(), bodyPath(m.ID)))
}

// fileOf reads a file that was sent; nil when none was.
func fileOf(r *http.Request, name string) ([]byte, error) {
	if r.MultipartForm == nil {
		return nil, nil
	}
	file, header, err := r.FormFile(name)
	if err != nil || header.Size == 0 {
		return nil, nil //nolint:nilerr // a field without a file is no mistake
	}
	defer func() { _ = file.Close() }()
	content := make([]byte, header.Size)
	if _, err := file.ReadAt(content, 0); err != nil {
		return nil, fault.Invalid(name, "network.form_unreadable").Because(err)
	}
	return content, nil
}
