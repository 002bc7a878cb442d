// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"net/http"
	"net/url"
	"strconv"

	"approdo/internal/base/network"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// mergeForm asks into which entry this one goes; once it is chosen, both stand side by side.
func (p *pages) mergeForm(r *http.Request, m network.Member, into *network.Member, values url.Values) (formView, error) {
	ctx := r.Context()
	others, err := p.bodyOptions(r, m.ID)
	if err != nil {
		return formView{}, err
	}
	v := formView{
		FormView: ui.FormView{Action: ui.Href(ctx, bodyPath(m.ID)+"/merge"), Cancel: ui.Href(ctx, bodyPath(m.ID)), Submit: ui.T(ctx, "network.office.merge_look")},
		Groups: []group{{"merge", ui.T(ctx, "network.office.merge"), ui.T(ctx, "network.hint.merge"), []field{
			{Name: "into", Label: ui.T(ctx, "network.field.into"), Type: "select", Options: unsaid(r, others), Required: true},
			{Name: "reason", Label: ui.T(ctx, "network.field.reason"), Type: "area", Rows: 2},
		}}}, Values: values,
	}
	if into == nil {
		return v, nil
	}
	groups, err := p.bodyGroups(r, m)
	if err != nil {
		return v, err
	}
	side := compare(r, groups, bodyValues(m), bodyValues(*into))
	side.Before, side.After = ui.T(ctx, "network.form.goes", "name", m.Name), ui.T(ctx, "network.form.stays", "name", into.Name)
	v.Beside = side
	v.Submit, v.Kind = ui.T(ctx, "network.office.merge"), ui.Destroy
	v.Hidden = append(v.Hidden, ui.Pair{Name: "chosen", Value: into.ID}, ui.Pair{Name: "into_version", Value: strconv.FormatInt(into.Version, 10)})
	return v, nil
}

func (p *pages) getMerge(w http.ResponseWriter, r *http.Request) error {
	m, err := p.editable(r, "network.body.merge")
	if err != nil {
		return err
	}
	v, err := p.mergeForm(r, m, nil, bodyValues(m))
	if err != nil {
		return err
	}
	return p.form(w, r, p.bodyHead(r, m, "-"), v)
}

// postMerge first shows the two entries side by side, and merges them when that was confirmed.
func (p *pages) postMerge(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	values, err := sent(r)
	if err != nil {
		return err
	}
	m, err := p.editable(r, "network.body.merge")
	if err != nil {
		return err
	}
	into, err := p.Network.Body(ctx, actorOf(r), values.Get("into"))
	if err != nil {
		v, failed := p.mergeForm(r, m, nil, values)
		if failed != nil {
			return failed
		}
		return p.answer(w, r, p.bodyHead(r, m, "-"), v, unknownBody("into"), nil)
	}
	if values.Get("chosen") != into.ID {
		v, err := p.mergeForm(r, m, &into, values)
		if err != nil {
			return err
		}
		return p.form(w, r, p.bodyHead(r, m, "-"), v)
	}
	version, _ := strconv.ParseInt(values.Get("into_version"), 10, 64)
	if _, err := p.Network.MergeBodies(ctx, actorOf(r), m.ID, into.ID, versionIn(values), version, values.Get("reason")); err != nil {
		v, failed := p.mergeForm(r, m, &into, values)
		if failed != nil {
			return failed
		}
		return p.answer(w, r, p.bodyHead(r, m, "-"), v, err, bodyValues(m))
	}
	ui.Flash(w, r, ui.Success, "network.said.merged", 1)
	return web.Redirect(w, r, web.Path(ctx, bodyPath(into.ID)))
}

func (p *pages) postUnmerge(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	m, err := p.Network.UnmergeBodies(r.Context(), actorOf(r), values.Get("merge"))
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "network.said.unmerged", 1)
	return web.Redirect(w, r, web.Path(r.Context(), bodyPath(m.From)))
}
