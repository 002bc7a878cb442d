// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func agreementPath(id string) string { return "/office/agreements/" + id }

func accessOfAgreement(a network.Agreement) access.Resource {
	return access.Resource{Type: "Agreement", ID: a.ID, Attributes: access.Attributes{"parties": a.Bodies()}}
}

var agreementStates = []string{string(network.AgreementInForce), string(network.AgreementWaiting), string(network.AgreementDraft), string(network.AgreementComing), string(network.AgreementOver)}

var agreementLevels = map[network.AgreementState]ui.Level{
	network.AgreementDraft: ui.Warning, network.AgreementWaiting: ui.Warning, network.AgreementComing: ui.Info, network.AgreementInForce: ui.Success, network.AgreementOver: ui.Neutral,
}

// agreementsAsked are those of the agreements that a list asks for, with the names of the parties.
func (p *pages) agreementsAsked(r *http.Request, read func(context.Context, access.Actor) ([]network.Agreement, error)) (ui.List, []network.Agreement, map[string]network.Member, error) {
	ctx := r.Context()
	l := ui.ReadList(r, "-from", "title", "until")
	all, err := read(ctx, actorOf(r))
	if err != nil {
		return l, nil, nil, err
	}
	var ids []string
	for _, a := range all {
		ids = append(ids, a.Bodies()...)
	}
	slices.Sort(ids)
	bodies, err := network.MembersByID(ctx, p.Network.DB, slices.Compact(ids))
	if err != nil {
		return l, nil, nil, err
	}
	today := p.Network.Today()
	all = slices.DeleteFunc(all, func(a network.Agreement) bool {
		hay := lang.Fold(a.Title + " " + partyNames(a, bodies) + " " + a.Protocol)
		for _, word := range strings.Fields(lang.Fold(l.Text)) {
			if !strings.Contains(hay, word) {
				return true
			}
		}
		return l.Filter("state") != "" && string(a.StateOn(today)) != l.Filter("state")
	})
	slices.SortStableFunc(all, func(a, b network.Agreement) int {
		order := cmp.Compare(a.From, b.From)
		switch l.Sort {
		case "title":
			order = cmp.Compare(lang.Fold(a.Title), lang.Fold(b.Title))
		case "until":
			order = cmp.Compare(a.Until, b.Until)
		}
		if l.Desc {
			return -order
		}
		return order
	})
	return l, all, bodies, nil
}

func partyNames(a network.Agreement, bodies map[string]network.Member) string {
	return namesOf(a.Bodies(), bodies)
}

func namesOf(ids []string, bodies map[string]network.Member) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = cmp.Or(bodies[id].Name, id)
	}
	return strings.Join(names, "; ")
}

func (p *pages) getAgreements(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l, all, bodies, err := p.agreementsAsked(r, p.Network.Agreements)
	if err != nil {
		return err
	}
	t := ui.TableView{
		Caption: ui.T(ctx, "network.office.agreements"), List: l, Total: len(all),
		Columns: []ui.Column{
			{Name: "title", Title: ui.T(ctx, "network.field.title")}, {Title: ui.T(ctx, "network.field.agreement_kind")}, {Title: ui.T(ctx, "network.field.state")},
			{Name: "from", Title: ui.T(ctx, "network.field.from")}, {Name: "until", Title: ui.T(ctx, "network.field.until")},
		},
	}
	today := p.Network.Today()
	for _, a := range page(l, all) {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: a.Title, Lang: lang.Default, Href: web.Path(ctx, agreementPath(a.ID)), Small: partyNames(a, bodies)},
			{Text: ui.T(ctx, "network.agreement."+a.Kind)}, {Body: agreementMark(a.StateOn(today))},
			{Text: shortDay(ctx, a.From)}, {Text: cmp.Or(shortDay(ctx, a.EndedOn), shortDay(ctx, a.Until))},
		}})
	}
	head := ui.OfficeHead{
		Title: ui.T(ctx, "network.office.agreements"), Help: "network.help.agreements", Crumbs: []ui.Link{{Text: ui.T(ctx, "network.office.agreements")}},
		Actions: listActions("network-agreements", l, "/office/agreements/new", p.may(r, "network.agreement.write")),
	}
	return p.office(w, r, http.StatusOK, head, agreementsPage(l, t))
}

func (p *pages) getAgreementsFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	_, all, bodies, err := p.agreementsAsked(r, p.Network.ExportAgreements)
	if err != nil {
		return err
	}
	var titles []string
	for _, name := range []string{"title", "agreement_kind", "state", "parties", "unconfirmed", "purposes", "fees", "what", "why", "from", "until", "ended_on", "signed_on", "protocol"} {
		titles = append(titles, ui.T(ctx, "network.field."+name))
	}
	rows := [][]string{titles}
	for _, a := range all {
		rows = append(rows, []string{
			a.Title, ui.T(ctx, "network.agreement."+a.Kind), ui.T(ctx, "network.agreement_state."+string(a.StateOn(p.Network.Today()))), partyNames(a, bodies),
			namesOf(a.Unconfirmed(), bodies), purposeNames(ctx, a), feesText(ctx, a.Fees), a.What, a.Why, a.From, a.Until, a.EndedOn, a.SignedOn, a.Protocol,
		})
	}
	return web.Sheet(w, r, "accordi", rows)
}

func purposeNames(ctx context.Context, a network.Agreement) string {
	var list []string
	for _, one := range a.Purposes {
		list = append(list, ui.T(ctx, "network.purpose."+one))
	}
	return strings.Join(list, ", ")
}

func (p *pages) agreementHead(r *http.Request, a network.Agreement, current string) ui.OfficeHead {
	ctx := r.Context()
	return ui.OfficeHead{
		Title: a.Title, Lang: lang.Default, Badge: agreementMark(a.StateOn(p.Network.Today())),
		Tabs:   p.tabsOf(r, agreementPath(a.ID), current, []string{"network.agreement.read", "network.agreement.write", "network.agreement.read"}, accessOfAgreement(a)),
		Crumbs: []ui.Link{{Text: ui.T(ctx, "network.office.agreements"), Href: web.Path(ctx, "/office/agreements")}, {Text: a.Title}},
	}
}

func (p *pages) getAgreement(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	a, err := p.Network.Agreement(ctx, actorOf(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	bodies, err := network.MembersByID(ctx, p.Network.DB, a.Bodies())
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	f := facts{ctx: ctx}
	f.add(ui.T(ctx, "network.field.agreement_kind"), ui.T(ctx, "network.agreement."+a.Kind), "")
	for _, party := range a.Parties {
		f.add(ui.T(ctx, "network.role."+party.Role), bodies[party.Body].Name, "it")
	}
	if !a.File.None() {
		for _, party := range a.Parties {
			said := ui.T(ctx, "network.office.unconfirmed")
			if party.Confirmed != "" {
				said = dayText(words, party.Confirmed)
			}
			f.add(ui.T(ctx, "network.office.confirmed_by", "body", bodies[party.Body].Name), said, "")
		}
	}
	f.add(ui.T(ctx, "network.field.purposes"), purposeNames(ctx, a), "")
	f.add(ui.T(ctx, "network.field.fees"), feesText(ctx, a.Fees), "")
	f.add(ui.T(ctx, "network.field.what"), a.What, "it")
	f.add(ui.T(ctx, "network.field.why"), a.Why, "it")
	for _, d := range [][2]string{{"from", a.From}, {"until", a.Until}, {"ended_on", a.EndedOn}, {"signed_on", a.SignedOn}} {
		f.add(ui.T(ctx, "network.field."+d[0]), dayText(words, d[1]), "")
	}
	f.add(ui.T(ctx, "network.field.reason"), a.EndedFor, "it")
	f.add(ui.T(ctx, "network.field.protocol"), a.Protocol, "it")
	head := p.agreementHead(r, a, "")
	ends := p.Network.Guard.Allows(ctx, actorOf(r), "network.agreement.end", accessOfAgreement(a)) && a.EndedOn == "" && a.StateOn(p.Network.Today()) != network.AgreementOver
	v := agreementView{Agreement: a, Facts: f.list, Ends: ends, Today: p.Network.Today()}
	if a.StateOn(v.Today) == network.AgreementWaiting {
		v.Missing = namesOf(a.Unconfirmed(), bodies)
		v.Confirms = namesOf(p.Network.Confirms(ctx, actorOf(r), a), bodies)
	}
	return p.office(w, r, http.StatusOK, head, agreementPage(v))
}

func agreementValues(a network.Agreement) url.Values {
	v := url.Values{"purposes": slices.Clone(a.Purposes)}
	v.Set("version", strconv.FormatInt(a.Version, 10))
	for name, text := range map[string]string{
		"kind": a.Kind, "title": a.Title, "what": a.What, "why": a.Why, "from": a.From, "until": a.Until, "signed_on": a.SignedOn, "protocol": a.Protocol,
	} {
		v.Set(name, text)
	}
	if a.Fees != nil {
		for name, n := range map[string]int{"free_hours": a.Fees.FreeHours, "cancel_share": a.Fees.CancelShare, "absent_share": a.Fees.AbsentShare} {
			v.Set(name, strconv.Itoa(n))
		}
	}
	for i, party := range a.Parties {
		v.Set("party_body_"+strconv.Itoa(i+1), party.Body)
		v.Set("party_role_"+strconv.Itoa(i+1), party.Role)
	}
	return v
}

func agreementFrom(v url.Values) network.Agreement {
	a := network.Agreement{
		Kind: v.Get("kind"), Title: v.Get("title"), Purposes: v["purposes"], What: v.Get("what"), Why: v.Get("why"), From: v.Get("from"), Until: v.Get("until"),
		SignedOn: v.Get("signed_on"), Protocol: v.Get("protocol"), Version: versionIn(v), Fees: feesFrom(v),
	}
	for i := range many(v, "party_body") {
		at := "_" + strconv.Itoa(i+1)
		if body := v.Get("party_body" + at); body != "" {
			a.Parties = append(a.Parties, network.Party{Body: body, Role: v.Get("party_role" + at)})
		}
	}
	return a
}

// feesFrom reads the fees of an agreement: none when nothing is written, and what is no number is -1, which
// agreements refuse.
func feesFrom(v url.Values) *network.Fees {
	some := false
	number := func(name string) int {
		text := strings.TrimSpace(v.Get(name))
		some = some || text != ""
		n, err := strconv.Atoi(text)
		if err != nil {
			return -1
		}
		return n
	}
	fees := network.Fees{FreeHours: number("free_hours"), CancelShare: number("cancel_share"), AbsentShare: number("absent_share")}
	if !some {
		return nil
	}
	return &fees
}

func feesText(ctx context.Context, f *network.Fees) string {
	if f == nil {
		return ""
	}
	return ui.T(ctx, "network.office.fees", "hours", f.FreeHours, "cancel", f.CancelShare, "absent", f.AbsentShare)
}

func (p *pages) agreementForm(r *http.Request, id string, values url.Values) (formView, error) {
	ctx := r.Context()
	t := func(name string) string { return ui.T(ctx, "network.field."+name) }
	bodies, err := p.bodyOptions(r, "")
	if err != nil {
		return formView{}, err
	}
	v := formView{Values: values}
	v.Action, v.Cancel, v.Upload = ui.Href(ctx, "/office/agreements/new"), ui.Href(ctx, "/office/agreements"), true
	if id != "" {
		v.Action, v.Cancel = ui.Href(ctx, agreementPath(id)+"/edit"), ui.Href(ctx, agreementPath(id))
	}
	v.Groups = []group{{"agreement", ui.T(ctx, "network.group.agreement"), "", []field{
		{Name: "title", Label: t("title"), Required: true},
		{Name: "kind", Label: t("agreement_kind"), Help: ui.T(ctx, "network.hint.agreement_kind"), Type: "select", Required: true, Options: unsaid(r, options(r, "network.agreement.", network.AgreementKinds))},
		{Name: "purposes", Label: t("purposes"), Help: ui.T(ctx, "network.hint.purposes"), Type: "checks", Options: options(r, "network.purpose.", network.Purposes)},
		{Name: "what", Label: t("what"), Help: ui.T(ctx, "network.hint.what"), Type: "area", Required: true},
		{Name: "why", Label: t("why"), Help: ui.T(ctx, "network.hint.why"), Type: "area", Required: true},
		{Name: "from", Label: t("from"), Type: "date", Required: true}, {Name: "until", Label: t("until"), Type: "date"},
	}}}
	v.Groups = append(v.Groups, group{"fees", ui.T(ctx, "network.group.fees"), ui.T(ctx, "network.hint.fees"), []field{
		{Name: "free_hours", Label: t("free_hours"), Type: "number"}, {Name: "cancel_share", Label: t("cancel_share"), Type: "number"}, {Name: "absent_share", Label: t("absent_share"), Type: "number"},
	}})
	roles := options(r, "network.role.", []string{network.RoleJointController, network.RoleController, network.RoleProcessor})
	for i := range max(many(values, "party_body")+spare, 4) {
		at := strconv.Itoa(i + 1)
		var wrong []field // with all of them, before the first
		if i == 0 {
			wrong = []field{{Name: "parties", Type: "fault"}}
		}
		v.Groups = append(v.Groups, group{"party-" + at, ui.T(ctx, "network.group.party", "n", i+1), "", append(wrong, []field{
			{Name: "party_body_" + at, Label: t("body"), Type: "select", Options: unsaid(r, bodies)},
			{Name: "party_role_" + at, Label: t("role"), Type: "select", Options: unsaid(r, roles)},
		}...)})
	}
	v.Groups = append(v.Groups, group{"signed", ui.T(ctx, "network.group.signed"), ui.T(ctx, "network.hint.signed"), []field{
		{Name: "file", Label: t("file"), Help: ui.T(ctx, "network.hint.file"), Type: "file"},
		{Name: "signed_on", Label: t("signed_on"), Type: "date"}, {Name: "protocol", Label: t("protocol")},
	}})
	return v, nil
}

func (p *pages) newAgreementHead(ctx context.Context) ui.OfficeHead {
	title := ui.T(ctx, "network.office.new_agreement")
	return ui.OfficeHead{Title: title, Narrow: true, Crumbs: []ui.Link{{Text: ui.T(ctx, "network.office.agreements"), Href: web.Path(ctx, "/office/agreements")}, {Text: title}}}
}

func (p *pages) getNewAgreement(w http.ResponseWriter, r *http.Request) error {
	v, err := p.agreementForm(r, "", url.Values{"from": {p.Network.Today().String()}, "party_body_1": {actorOf(r).Member}})
	if err != nil {
		return err
	}
	return p.form(w, r, p.newAgreementHead(r.Context()), v)
}

func (p *pages) getEditAgreement(w http.ResponseWriter, r *http.Request) error {
	a, err := p.writableAgreement(r, "network.agreement.write")
	if err != nil {
		return err
	}
	v, err := p.agreementForm(r, a.ID, agreementValues(a))
	if err != nil {
		return err
	}
	return p.form(w, r, p.agreementHead(r, a, "/edit"), v)
}

func (p *pages) writableAgreement(r *http.Request, action string) (network.Agreement, error) {
	a, err := p.Network.Agreement(r.Context(), actorOf(r), r.PathValue("id"))
	if err != nil {
		return a, err
	}
	return a, p.Network.Guard.Check(r.Context(), actorOf(r), action, accessOfAgreement(a))
}

// postAgreement enters an agreement, or changes the one that the address names.
func (p *pages) postAgreement(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	a, head := agreementFrom(values), p.newAgreementHead(r.Context())
	var stored url.Values
	if id := r.PathValue("id"); id != "" {
		before, err := p.writableAgreement(r, "network.agreement.write")
		if err != nil {
			return err
		}
		a.ID, head, stored = before.ID, p.agreementHead(r, before, "/edit"), agreementValues(before)
	}
	content, err := fileOf(r, "file")
	if err != nil {
		return err
	}
	var file io.Reader
	if content != nil {
		file = bytes.NewReader(content)
	}
	saved, err := p.Network.SaveAgreement(r.Context(), actorOf(r), a, file)
	if err != nil {
		v, failed := p.agreementForm(r, r.PathValue("id"), values)
		if failed != nil {
			return failed
		}
		return p.answer(w, r, head, v, err, stored)
	}
	ui.Flash(w, r, ui.Success, "network.said.saved", 1)
	return web.Redirect(w, r, web.Path(r.Context(), agreementPath(saved.ID)))
}

func (p *pages) endForm(r *http.Request, a network.Agreement, values url.Values) formView {
	ctx := r.Context()
	return formView{
		FormView: ui.FormView{Action: ui.Href(ctx, agreementPath(a.ID)+"/end"), Cancel: ui.Href(ctx, agreementPath(a.ID)), Kind: ui.Destroy, Submit: ui.T(ctx, "network.office.end_agreement")},
		Groups: []group{{"end", ui.T(ctx, "network.office.end_agreement"), "", []field{
			{Name: "ended_on", Label: ui.T(ctx, "network.field.ended_on"), Type: "date", Required: true},
			{Name: "reason", Label: ui.T(ctx, "network.field.reason"), Type: "area", Rows: 2},
		}}}, Values: values,
	}
}

func (p *pages) postEndAgreement(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	a, err := p.writableAgreement(r, "network.agreement.end")
	if err != nil {
		return err
	}
	if err := p.Network.EndAgreement(r.Context(), actorOf(r), a.ID, versionIn(values), values.Get("ended_on"), values.Get("reason")); err != nil {
		return p.answer(w, r, p.agreementHead(r, a, "-"), p.endForm(r, a, values), err, agreementValues(a))
	}
	ui.Flash(w, r, ui.Success, "network.said.saved", 1)
	return web.Redirect(w, r, web.Path(r.Context(), agreementPath(r.PathValue("id"))))
}

func (p *pages) getAgreementFile(w http.ResponseWriter, r *http.Request) error {
	kept, content, err := p.Network.AgreementFile(r.Context(), actorOf(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Attachment(w, kept.Type, kept.Name, content)
}

func (p *pages) getAgreementHistory(w http.ResponseWriter, r *http.Request) error {
	a, err := p.Network.Agreement(r.Context(), actorOf(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	list, err := p.Network.AgreementHistory(r.Context(), actorOf(r), a.ID)
	if err != nil {
		return err
	}
	restore := ""
	if p.Network.Guard.Allows(r.Context(), actorOf(r), "network.agreement.write", accessOfAgreement(a)) {
		restore = agreementPath(a.ID) + "/restore"
	}
	moments, err := p.moments(r, list, restore, a.Version)
	if err != nil {
		return err
	}
	return p.office(w, r, http.StatusOK, p.agreementHead(r, a, "/history"), historyPage(moments))
}

func (p *pages) postRestoreAgreement(w http.ResponseWriter, r *http.Request) error {
	return p.restored(w, r, agreementPath(r.PathValue("id")), func(version, number int64) error {
		_, err := p.Network.RestoreAgreement(r.Context(), actorOf(r), r.PathValue("id"), version, number)
		return err
	})
}
