// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"approdo/internal/base/network"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// facts gathers definitions and leaves out what is not known.
type facts struct {
	ctx  context.Context
	list []ui.Definition
}

func (f *facts) add(term, text, language string) {
	if text != "" {
		if language == web.Lang(f.ctx) {
			language = ""
		}
		f.list = append(f.list, ui.Definition{Term: term, Text: text, Lang: language})
	}
}

func (f *facts) part(known bool, term string, body templ.Component) {
	if known {
		f.list = append(f.list, ui.Definition{Term: term, Body: body})
	}
}

func bodyFacts(ctx context.Context, v organizationView) []ui.Definition {
	f := facts{ctx: ctx}
	w := web.Words(ctx)
	p := v.Profile
	f.add(ui.T(ctx, "organization.also"), strings.Join(v.Body.Aliases, "; "), "it")
	f.add(ui.T(ctx, "organization.unit"), v.Body.Unit, "it")
	f.add(ui.T(ctx, "organization.seat"), v.Body.Seat, "it")
	if v.Parent != nil {
		f.part(true, ui.T(ctx, "organization.parent"), linked("/organizations/"+v.Parent.ID, v.Parent.Name))
	}
	f.add(ui.T(ctx, "organization.territories"), territoryNames(p.Territories), "it")
	f.add(ui.T(ctx, "organization.ipa"), p.IPA, "")
	f.part(p.DPO != (network.Person{}), ui.T(ctx, "organization.dpo"), officer(p.DPO))
	if v.Profile.MemberOn(v.Today) {
		f.add(ui.T(ctx, "menu.network"), ui.T(ctx, "organization.member", "date", dayText(w, p.MemberSince)), "")
	} else if p.MemberUntil != "" && p.MemberUntil < v.Today.String() {
		f.add(ui.T(ctx, "menu.network"), ui.T(ctx, "organization.member_until", "date", dayText(w, p.MemberUntil)), "")
	}
	return f.list
}

func projectFacts(ctx context.Context, v projectView) []ui.Definition {
	f := facts{ctx: ctx}
	p := v.Project
	f.add(ui.T(ctx, "project.fund"), p.FundName, "it")
	f.add(ui.T(ctx, "project.authority"), p.FundAuthority, "it")
	f.add(ui.T(ctx, "project.objective"), p.SpecificObjective, "it")
	f.add(ui.T(ctx, "project.national_objective"), p.NationalObjective, "it")
	f.add(ui.T(ctx, "project.strand"), p.Strand, "it")
	f.add(ui.T(ctx, "project.grant"), p.GrantNumber, "it")
	f.add(ui.T(ctx, "project.cup"), p.CUP, "it")
	f.add(ui.T(ctx, "project.period"), period(web.Words(ctx), p), "")
	f.part(outward(p.URL) != "", ui.T(ctx, "project.site"), outside(p.URL))
	return f.list
}

func depthName(depth int) string { return strconv.Itoa(depth) }
