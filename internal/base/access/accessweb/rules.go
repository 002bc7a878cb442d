// SPDX-License-Identifier: EUPL-1.2

package accessweb

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// rulesView is the page "who can do what".
type rulesView struct {
	Role     access.Role // one alone; "" for all
	Roles    []ui.Option
	Parts    []ui.Option // of the program, to choose one
	Rooms    []roomView
	Policies []policyView
}

// roomView is what can be done in one part of the program.
type roomView struct {
	Key   string // of its name
	Table ui.TableView
}

// policyView is one rule as it is read and as it is written.
type policyView struct {
	access.Rule
	Sentence string
}

// contents lead to the parts of the page, which is long.
func (v rulesView) contents(ctx context.Context) []ui.Link {
	var list []ui.Link
	for _, room := range v.Rooms {
		list = append(list, ui.Link{Text: ui.T(ctx, room.Key), Href: "#" + room.Table.ID + "-panel"})
	}
	return append(list, ui.Link{Text: ui.T(ctx, "access.rules.text"), Href: "#policies"})
}

func (p *pages) getRules(w http.ResponseWriter, r *http.Request) error {
	ctx, guard := r.Context(), p.Access.Guard()
	v := rulesView{Role: access.Role(r.URL.Query().Get("role"))}
	if !slices.Contains(access.Roles, v.Role) {
		v.Role = ""
	}
	v.Roles = []ui.Option{{Value: "", Text: ui.T(ctx, "access.rules.all_roles"), Selected: v.Role == ""}}
	for _, role := range access.Roles {
		v.Roles = append(v.Roles, ui.Option{Value: string(role), Text: p.RoleName(ctx, role), Selected: v.Role == role})
	}
	parts := roomsOf(guard.Actions())
	chosen := r.URL.Query().Get("room")
	if !slices.Contains(parts, chosen) {
		chosen = ""
	}
	v.Parts = []ui.Option{{Value: "", Text: ui.T(ctx, "access.rules.all_rooms"), Selected: chosen == ""}}
	for _, room := range parts {
		v.Parts = append(v.Parts, ui.Option{Value: room, Text: ui.T(ctx, "access.room."+room), Selected: chosen == room})
	}
	for _, action := range guard.Actions() {
		room := roomOf(action)
		if chosen != "" && room != chosen {
			continue
		}
		cells, any := p.actionCells(ctx, action, v.Role)
		if !any {
			continue
		}
		if len(v.Rooms) == 0 || v.Rooms[len(v.Rooms)-1].Key != "access.room."+room {
			v.Rooms = append(v.Rooms, roomView{"access.room." + room, newTable(ctx, room)})
		}
		table := &v.Rooms[len(v.Rooms)-1].Table
		table.Rows = append(table.Rows, ui.Row{Cells: cells})
	}
	for _, rule := range guard.Rules() {
		if chosen != "" && !concerns(guard, rule, chosen) {
			continue
		}
		v.Policies = append(v.Policies, policyView{rule, sentence(ctx, rule)})
	}
	return p.show(w, r, http.StatusOK, ui.OfficeHead{
		Title: ui.T(ctx, "access.rules.title"), Lead: ui.T(ctx, "access.rules.lead"), Help: "access.rules.help", Active: rulesPath,
		Actions: ui.PrintButton(), Crumbs: []ui.Link{{Text: ui.T(ctx, "access.rules.title")}},
	}, rulesPage(v))
}

// roomOf is the part of the program that an action belongs to.
func roomOf(action string) string {
	room, _, _ := strings.Cut(action, ".")
	return room
}

// roomsOf are the parts of the program that have actions, in their order.
func roomsOf(actions []string) []string {
	var rooms []string
	for _, action := range actions {
		if room := roomOf(action); !slices.Contains(rooms, room) {
			rooms = append(rooms, room)
		}
	}
	return rooms
}

// concerns says whether a rule speaks about an action of a room; one that names none speaks about all.
func concerns(guard *access.Guard, rule access.Rule, room string) bool {
	if len(rule.Actions) == 0 {
		return true
	}
	for _, action := range guard.Actions() {
		if roomOf(action) == room && slices.ContainsFunc(rule.Actions, func(named string) bool { return named == action || guard.In(action, named) }) {
			return true
		}
	}
	return false
}

func newTable(ctx context.Context, room string) ui.TableView {
	return ui.TableView{
		ID: "rules-" + room, Caption: ui.T(ctx, "access.room."+room), Plain: true,
		Columns: []ui.Column{
			{Title: ui.T(ctx, "access.rules.what")}, {Title: ui.T(ctx, "access.rules.who")}, {Title: ui.T(ctx, "access.rules.proof")},
			{Title: ui.T(ctx, "access.rules.why")},
		},
	}
}

// actionCells are the line of one action, and whether anybody (or the one role) may do it.
func (p *pages) actionCells(ctx context.Context, action string, only access.Role) ([]ui.Cell, bool) {
	guard := p.Access.Guard()
	var always, sometimes []string
	roles := access.Roles
	if only != "" {
		roles = []access.Role{only}
	}
	proof := access.NoProof
	for _, role := range roles {
		actor := access.Actor{Account: "somebody", Member: "some-body", Roles: []access.Role{role}}
		switch guard.Extent(actor, action) {
		case access.Always:
			always = append(always, p.RoleName(ctx, role))
		case access.Sometimes:
			sometimes = append(sometimes, p.RoleName(ctx, role))
		case access.Never:
			continue
		}
		proof = guard.Wants(withSecondFactor(actor, guard, action), action)
	}
	if len(always)+len(sometimes) == 0 && only != "" {
		return nil, false
	}
	return []ui.Cell{
		{Text: actionName(ctx, action), Small: action},
		{Body: whoCell(everybody(ctx, always, roles), everybody(ctx, sometimes, roles))},
		{Text: ui.T(ctx, "access.proof."+proofName(proof))},
		{Body: whyCell(p.sentences(ctx, action))},
	}, true
}

// withSecondFactor gives an actor a second factor where a fresh proof is wanted too: the page names
// the stronger of the two.
func withSecondFactor(a access.Actor, guard *access.Guard, action string) access.Actor {
	strong := a
	strong.Strong = true
	if guard.Wants(strong, action) != access.NoProof {
		return strong
	}
	return a
}

func proofName(proof access.Proof) string {
	if proof == access.NoProof {
		return "none"
	}
	return string(proof)
}

// everybody says so when every role is named: a list of fourteen says less.
func everybody(ctx context.Context, names []string, asked []access.Role) []string {
	if len(asked) > 1 && len(names) == len(asked) {
		return []string{ui.T(ctx, "access.rules.everybody")}
	}
	return names
}

// sentences are what the policies about an action say.
func (p *pages) sentences(ctx context.Context, action string) []string {
	var list []string
	for _, rule := range p.Access.Guard().Concerning(action) {
		list = append(list, sentence(ctx, rule))
	}
	return list
}

// sentence is what a policy says to people, in the nearest language it speaks.
func sentence(ctx context.Context, rule access.Rule) string {
	if text := rule.Says[web.Lang(ctx)]; text != "" {
		return text
	}
	if text := rule.Says[lang.Default]; text != "" {
		return text
	}
	return rule.Note
}

// actionName is an action in words: the record, and what is done with it.
func actionName(ctx context.Context, action string) string {
	record, verb := splitAction(action)
	return ui.T(ctx, "access.record."+record) + ": " + ui.T(ctx, "access.verb."+verb)
}

// splitAction cuts directory.service.edit into directory.service and edit.
func splitAction(action string) (record, verb string) {
	at := strings.LastIndex(action, ".")
	return action[:at], action[at+1:]
}
