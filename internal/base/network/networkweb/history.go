// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func unknownBody(field string) error { return fault.Invalid(field, "network.body_unknown") }

// tabsOf are the parts of a record that a person may open: reading, editing, history.
func (p *pages) tabsOf(r *http.Request, path, current string, actions []string, resource access.Resource) []ui.Tab {
	ctx := r.Context()
	parts := []struct{ text, suffix string }{{"network.tab.read", ""}, {"network.tab.edit", "/edit"}, {"network.tab.history", "/history"}}
	var list []ui.Tab
	for i, part := range parts {
		if p.Network.Guard.Allows(ctx, actorOf(r), actions[i], resource) {
			list = append(list, ui.Tab{Text: ui.T(ctx, part.text), Href: web.Path(ctx, path+part.suffix), Current: current == part.suffix})
		}
	}
	return list
}

// moments tells the history of a record, the newest first, each step with what it changed and, where
// restore leads somewhere, a button that writes that state anew.
func (p *pages) moments(r *http.Request, list []network.Version, restore string, version int64) ([]ui.Moment, error) {
	ctx := r.Context()
	names, err := p.names(r, list)
	if err != nil {
		return nil, err
	}
	spoken, err := p.named(ctx, list)
	if err != nil {
		return nil, err
	}
	moments := make([]ui.Moment, len(list))
	for i, v := range list {
		m := ui.Moment{At: v.At.In(calendar.Rome()), Who: names[v.Account], What: ui.T(ctx, "network.did."+v.Action)}
		if v.Account == "" && v.Action != network.ActionBefore {
			m.Who = ui.T(ctx, "network.history.program")
		}
		if i+1 < len(list) {
			changes, err := network.Compare(list[i+1].Content, v.Content)
			if err != nil {
				return nil, err
			}
			for _, d := range changes {
				if unspoken.MatchString(d.Field) {
					continue
				}
				m.Changes = append(m.Changes, ui.Changed{Label: p.label(r, d.Field), Before: spoken.say(ctx, d.Field, d.Before), After: spoken.say(ctx, d.Field, d.After)})
			}
		}
		if restore != "" && i > 0 {
			m.Body = restoreButton(ui.Href(ctx, restore), v.Number, version)
		}
		moments[i] = m
	}
	return moments, nil
}

// spoken are the names of what a history names by identifier: bodies, activities, services.
type spoken map[string]string

var identifiers = regexp.MustCompile(`"([0-9a-f]{8}-[0-9a-f-]{27})"`)

func (p *pages) named(ctx context.Context, list []network.Version) (spoken, error) {
	var ids, services []string
	names := spoken{}
	for _, v := range list {
		for _, found := range identifiers.FindAllSubmatch(v.Content, -1) {
			ids = append(ids, string(found[1]))
		}
		var state struct {
			Activities []network.Activity `json:"activities"`
			Services   []string           `json:"services"`
		}
		if err := json.Unmarshal(v.Content, &state); err != nil {
			return nil, err
		}
		for _, a := range state.Activities {
			names[a.ID] = shortened(a.What)
		}
		services = append(services, state.Services...)
	}
	slices.Sort(ids)
	bodies, err := network.OrganizationsByID(ctx, p.Network.DB, slices.Compact(ids))
	for id, o := range bodies {
		names[id] = o.Name
	}
	if err != nil || p.Funded == nil || len(services) == 0 {
		return names, err
	}
	slices.Sort(services)
	shown, _, err := p.Funded(ctx, slices.Compact(services))
	for _, one := range shown {
		names[one.ID] = one.Name
	}
	return names, err
}

// codedFields are where the words of fields stand that hold codes.
var codedFields = map[string]string{
	"organization/kind": "kind.", "activities/kind": "activity.", "kind": "network.agreement.", "parties/role": "network.role.", "purposes": "network.purpose.",
}

// say is what a field held, for people: names of bodies and territories, codes in words.
func (s spoken) say(ctx context.Context, field, text string) string {
	if known, ok := s[text]; ok {
		return known
	}
	name := places.ReplaceAllString(field, "")
	if strings.HasSuffix(name, "territories") {
		return cmp.Or(territoryNames([]network.Ref{network.Ref(text)}), text)
	}
	if prefix := codedFields[name]; prefix != "" && text != "" && web.Words(ctx).Has(prefix+text) {
		return ui.T(ctx, prefix+text)
	}
	if d, err := calendar.ParseDay(text); err == nil && len(text) == len("2006-01-02") {
		return web.Words(ctx).Date(noon(d), lang.Long)
	}
	return text
}

func (p *pages) names(r *http.Request, list []network.Version) (map[string]string, error) {
	if p.Names == nil {
		return nil, nil
	}
	var ids []string
	for _, v := range list {
		if v.Account != "" && !slices.Contains(ids, v.Account) {
			ids = append(ids, v.Account)
		}
	}
	return p.Names(r.Context(), ids)
}

var places = regexp.MustCompile(`/\d+`)

// unspoken are fields that tell nobody anything: identifiers of parts, and what a file weighs.
var unspoken = regexp.MustCompile(`/(id|organization_id|size|type|sha256)$`)

// partLabels are fields of parts that are called otherwise than those of the same name elsewhere.
var partLabels = map[string]string{"activities/what": "what_activity", "activities/parent": "part_of", "results/what": "result"}

// label is the name of a field in the history: of its form, where it has one there.
func (p *pages) label(r *http.Request, path string) string {
	ctx := r.Context()
	name := strings.TrimPrefix(strings.TrimPrefix(places.ReplaceAllString(path, ""), "organization/"), "profile/")
	name = strings.TrimSuffix(name, "/")
	first, rest, _ := strings.Cut(name, "/")
	number := strings.TrimPrefix(places.FindString(path), "/")
	text := first
	if key := "network.field." + first; web.Words(ctx).Has(key) {
		text = ui.T(ctx, key)
	}
	if number != "" {
		text += " " + number
	}
	if rest != "" {
		if other := partLabels[name]; other != "" {
			rest = other
		}
		if key := "network.field." + rest; web.Words(ctx).Has(key) {
			rest = strings.ToLower(ui.T(ctx, key))
		}
		text += ", " + rest
	}
	return text
}

func (p *pages) getBodyHistory(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := p.editable(r, "network.body.history")
	if err != nil {
		return err
	}
	list, err := p.Network.BodyHistory(ctx, actorOf(r), m.ID)
	if err != nil {
		return err
	}
	restore := ""
	if p.Network.Guard.Allows(ctx, actorOf(r), "network.body.restore", accessOf(m)) {
		restore = bodyPath(m.ID) + "/restore"
	}
	moments, err := p.moments(r, list, restore, m.Version)
	if err != nil {
		return err
	}
	return p.office(w, r, http.StatusOK, p.bodyHead(r, m, "/history"), historyPage(moments))
}

func (p *pages) postRestoreBody(w http.ResponseWriter, r *http.Request) error {
	return p.restored(w, r, bodyPath(r.PathValue("id")), func(version, number int64) error {
		_, err := p.Network.RestoreBody(r.Context(), actorOf(r), r.PathValue("id"), version, number)
		return err
	})
}

// restored does what a restore button asks for.
func (p *pages) restored(w http.ResponseWriter, r *http.Request, path string, restore func(version, number int64) error) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(values.Get("number"), 10, 64)
	if err != nil {
		return fault.Invalid("", "network.form_unreadable").Because(err)
	}
	if err := restore(versionIn(values), number); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "network.said.restored", 1)
	return web.Redirect(w, r, web.Path(r.Context(), path+"/history"))
}
