// SPDX-License-Identifier: EUPL-1.2

package home

import (
	"slices"

	"approdo/internal/base/access"
)

// Task is something that a role does often: one step away from the home.
type Task struct {
	Key    string // of the catalogue; Key + ".text" says what it is for
	Path   string // without language
	Action string // it shows to whoever may do this; "" to everybody
	Icon   string
	Shared bool // roles of every kind have it: it makes no room for a role
}

// Tasks are all of them, the most frequent first.
var Tasks = []Task{
	{Key: "home.task.call", Path: "/office/mediation/call", Action: "mediation.request.create", Icon: "phone"},
	{Key: "home.task.book", Path: "/office/mediation/book", Action: "mediation.request.create", Icon: "calendar"},
	{Key: "home.task.plan", Path: "/office/mediation/plan", Action: "mediation.plan.read", Icon: "chart"},
	{Key: "home.task.agenda", Path: "/mediation", Action: "mediation.agenda.read", Icon: "calendar"},
	{Key: "home.task.write", Path: "/office/services/new", Action: "directory.service.create", Icon: "edit"},
	{Key: "home.task.translate", Path: "/office/translations", Action: "directory.translation.edit", Icon: "translate"},
	{Key: "home.task.verify", Path: "/office/verification", Action: "directory.verification.ask", Icon: "verified"},
	{Key: "home.task.glass", Path: "/office/access/emergencies", Action: "access.glass.review", Icon: "warning"},
	{Key: "home.task.breaches", Path: "/office/breaches", Action: "register.breach.read", Icon: "shield"},
	{Key: "home.task.log", Path: "/office/log", Action: "audit.event.read", Icon: "history"},
	{Key: "home.task.projects", Path: "/office/projects", Action: "network.project.write", Icon: "flag"},
	{Key: "home.task.members", Path: "/office/members", Action: "identity.member.change", Icon: "user"},
	{Key: "home.task.find", Path: "/services", Icon: "search", Shared: true},
	{Key: "home.task.field", Path: "/office/field/new", Action: "directory.field.report", Icon: "edit", Shared: true},
	{Key: "home.task.rules", Path: "/office/access", Action: "access.rule.read", Icon: "document", Shared: true},
}

// mostTasks is how many tasks the home shows: more would be a second menu.
const mostTasks = 6

func (p *pages) tasks(actor access.Actor) []Task {
	var list []Task
	for _, t := range Tasks {
		if len(list) < mostTasks && (t.Action == "" || p.Guard.May(actor, t.Action)) {
			list = append(list, t)
		}
	}
	return list
}

// roomless says whether the program has nothing yet that the roles of this person are for: the home says
// so, rather than letting them look for it.
func roomless(tasks []Task) bool {
	return !slices.ContainsFunc(tasks, func(t Task) bool { return !t.Shared })
}
