// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/upload"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func fundPath(code string) string { return "/office/funds/" + code }

func fundOptions(ctx context.Context, funds []network.Fund, chosen string) []ui.Option {
	list := []ui.Option{{Text: ui.T(ctx, "network.form.all")}}
	for _, f := range funds {
		list = append(list, ui.Option{Value: f.Code, Text: f.Name, Selected: f.Code == chosen})
	}
	return list
}

func (p *pages) getFunds(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	funds, err := network.Funds(ctx, p.Network.DB)
	if err != nil {
		return err
	}
	t := ui.TableView{Caption: ui.T(ctx, "network.office.funds"), Plain: true}
	for _, name := range []string{"code", "name", "authority", "emblems"} {
		t.Columns = append(t.Columns, ui.Column{Title: ui.T(ctx, "network.field."+name)})
	}
	for _, f := range funds {
		var emblems []string
		for _, e := range f.Emblems {
			emblems = append(emblems, e.Text)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{
			{Text: f.Code, Href: web.Path(ctx, fundPath(f.Code)+"/edit")}, {Text: f.Name, Lang: lang.Default}, {Text: f.Authority, Lang: lang.Default},
			{Text: strings.Join(emblems, " · "), Lang: lang.Default},
		}})
	}
	head := ui.OfficeHead{
		Title: ui.T(ctx, "network.office.funds"), Help: "network.help.funds", Crumbs: []ui.Link{{Text: ui.T(ctx, "network.office.funds")}},
		Actions: ui.ButtonLink(ui.Primary, ui.Href(ctx, "/office/funds/new"), ui.T(ctx, "network.office.new"), "plus"),
	}
	return p.office(w, r, http.StatusOK, head, ui.Table(t))
}

func fundValues(f network.Fund) url.Values {
	v := url.Values{}
	v.Set("version", strconv.FormatInt(f.Version, 10))
	v.Set("code", f.Code)
	v.Set("name", f.Name)
	v.Set("authority", f.Authority)
	if f.ShowsCUP {
		v.Set("shows_cup", "yes")
	}
	for i, e := range f.Emblems {
		v.Set("emblem_text_"+strconv.Itoa(i+1), e.Text)
		if e.Union {
			v.Set("emblem_union_"+strconv.Itoa(i+1), "yes")
		}
	}
	return v
}

func (p *pages) fundForm(r *http.Request, code string, values url.Values) formView {
	ctx := r.Context()
	t := func(name string) string { return ui.T(ctx, "network.field."+name) }
	v := formView{Values: values}
	v.Action, v.Cancel, v.Upload = ui.Href(ctx, "/office/funds/new"), ui.Href(ctx, "/office/funds"), true
	first := []field{{Name: "code", Label: t("code"), Help: ui.T(ctx, "network.hint.code"), Required: true}}
	if code != "" {
		v.Action, first = ui.Href(ctx, fundPath(code)+"/edit"), nil
	}
	v.Groups = []group{{"fund", ui.T(ctx, "network.group.fund"), "", append(first,
		field{Name: "name", Label: t("name"), Required: true}, field{Name: "authority", Label: t("authority")},
		field{Name: "shows_cup", Label: t("cup"), Type: "checks", Options: []ui.Option{{Value: "yes", Text: ui.T(ctx, "network.field.shows_cup")}}},
	)}}
	for i := range many(values, "emblem_text") + spare {
		at := strconv.Itoa(i + 1)
		v.Groups = append(v.Groups, group{"emblem-" + at, ui.T(ctx, "network.group.emblem", "n", i+1), ui.T(ctx, "network.hint.emblem"), []field{
			{Name: "emblem_text_" + at, Label: t("emblem_text")}, {Name: "emblem_" + at, Label: t("file"), Type: "file"},
			{Name: "emblem_union_" + at, Label: t("emblem_union"), Type: "checks", Options: []ui.Option{{Value: "yes", Text: ui.T(ctx, "network.field.emblem_union_yes")}}},
		}})
	}
	return v
}

func (p *pages) fundHead(ctx context.Context, title string) ui.OfficeHead {
	return ui.OfficeHead{Title: title, Narrow: true, Crumbs: []ui.Link{{Text: ui.T(ctx, "network.office.funds"), Href: web.Path(ctx, "/office/funds")}, {Text: title}}}
}

// knownFundHead is the head of the pages of a fund that is there.
func (p *pages) knownFundHead(ctx context.Context, f network.Fund, current string) ui.OfficeHead {
	head := p.fundHead(ctx, f.Name)
	head.Lang = lang.Default
	for _, tab := range [][2]string{{"network.tab.edit", "/edit"}, {"network.tab.history", "/history"}} {
		head.Tabs = append(head.Tabs, ui.Tab{Text: ui.T(ctx, tab[0]), Href: web.Path(ctx, fundPath(f.Code)+tab[1]), Current: tab[1] == current})
	}
	return head
}

func (p *pages) getFundHistory(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := network.FundByCode(ctx, p.Network.DB, r.PathValue("code"))
	if err != nil {
		return access.Missing()
	}
	list, err := p.Network.FundHistory(ctx, actorOf(r), f.Code)
	if err != nil {
		return err
	}
	moments, err := p.moments(r, list, fundPath(f.Code)+"/restore", f.Version)
	if err != nil {
		return err
	}
	return p.office(w, r, http.StatusOK, p.knownFundHead(ctx, f, "/history"), historyPage(moments))
}

func (p *pages) postRestoreFund(w http.ResponseWriter, r *http.Request) error {
	return p.restored(w, r, fundPath(r.PathValue("code")), func(version, number int64) error {
		_, err := p.Network.RestoreFund(r.Context(), actorOf(r), r.PathValue("code"), version, number)
		return err
	})
}

func (p *pages) getNewFund(w http.ResponseWriter, r *http.Request) error {
	return p.form(w, r, p.fundHead(r.Context(), ui.T(r.Context(), "network.office.new_fund")), p.fundForm(r, "", url.Values{}))
}

func (p *pages) getEditFund(w http.ResponseWriter, r *http.Request) error {
	f, err := network.FundByCode(r.Context(), p.Network.DB, r.PathValue("code"))
	if err != nil {
		return access.Missing()
	}
	return p.form(w, r, p.knownFundHead(r.Context(), f, "/edit"), p.fundForm(r, f.Code, fundValues(f)))
}

func (p *pages) postFund(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	values, err := sent(r)
	if err != nil {
		return err
	}
	code, head := r.PathValue("code"), p.fundHead(ctx, ui.T(ctx, "network.office.new_fund"))
	f := network.Fund{Code: strings.ToUpper(values.Get("code"))}
	var stored url.Values
	if code != "" {
		if f, err = network.FundByCode(ctx, p.Network.DB, code); err != nil {
			return access.Missing()
		}
		head, stored = p.knownFundHead(ctx, f, "/edit"), fundValues(f)
		f.Version = versionIn(values)
	}
	f.Name, f.Authority, f.ShowsCUP = values.Get("name"), values.Get("authority"), values.Get("shows_cup") != ""
	if f.Emblems, err = p.emblemsFrom(r, values, f.Emblems); err == nil {
		_, err = p.Network.SaveFund(ctx, actorOf(r), f)
	}
	if err != nil {
		return p.answer(w, r, head, p.fundForm(r, code, values), err, stored)
	}
	ui.Flash(w, r, ui.Success, "network.said.saved", 1)
	return web.Redirect(w, r, web.Path(ctx, "/office/funds"))
}

// emblemsFrom reads the emblems of a form. One whose words were emptied goes; a picture that was
// there stays with its words unless another was sent.
func (p *pages) emblemsFrom(r *http.Request, v url.Values, before []network.Emblem) ([]network.Emblem, error) {
	var list []network.Emblem
	for i := range many(v, "emblem_text") {
		at := strconv.Itoa(i + 1)
		e := network.Emblem{Text: v.Get("emblem_text_" + at), Union: v.Get("emblem_union_"+at) != ""}
		content, err := fileOf(r, "emblem_"+at)
		if err != nil {
			return nil, err
		}
		var kept upload.Kept
		if content != nil {
			if kept, err = p.Network.KeepPicture(r.Context(), actorOf(r), "network.fund.write", r.PathValue("code"), content); err != nil {
				return nil, err
			}
		} else if i < len(before) {
			kept = before[i].Picture
		}
		e.Picture = kept
		if e.Text != "" || content != nil {
			list = append(list, e)
		}
	}
	return list, nil
}
