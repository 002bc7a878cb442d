// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"net/http"
	"net/url"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// rulesView is what a body asks of its own editors.
type rulesView struct {
	Body     string
	Bodies   []ui.Option // of which the actor may say it; one: no choice
	FourEyes bool
}

func (p *Pages) getRules(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	bodies, err := p.Directory.BodiesFor(ctx, actor, "directory.rule.edit")
	if err != nil {
		return err
	}
	v := rulesView{Body: r.URL.Query().Get("body")}
	if v.Body == "" {
		v.Body = actor.Member
	}
	for _, o := range bodies {
		v.Bodies = append(v.Bodies, ui.Option{Value: o.ID, Text: o.Name, Lang: "it", Selected: o.ID == v.Body})
	}
	rules, err := p.Directory.Rules(ctx, actor, v.Body)
	if err != nil {
		return err
	}
	v.FourEyes = rules.FourEyes
	head := ui.OfficeHead{Title: text(r, "census.rules"), Narrow: true, Active: "/office/services", Help: "census.help.rules",
		Crumbs: []ui.Link{{Text: text(r, "census.menu.services"), Href: path(ctx)}, {Text: text(r, "census.rules")}}}
	return p.show(w, r, http.StatusOK, head, rulesPage(v))
}

func (p *Pages) postRules(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "census.form").Because(err)
	}
	body := r.PostForm.Get("body")
	if err := p.Directory.SetRules(r.Context(), access.From(r.Context()), body, directory.Rules{FourEyes: r.PostForm.Get("four_eyes") != ""}); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "census.done.rules", 1)
	return web.Redirect(w, r, path(r.Context(), "rules")+"?"+url.Values{"body": {body}}.Encode())
}
