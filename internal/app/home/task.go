// SPDX-License-Identifier: EUPL-1.2

package home

import "approdo/internal/base/access"

// Task is something that a role does often: one step away from the home.
type Task struct {
	Key    string // of the catalogue; Key + ".text" says what it is for
	Path   string // without language
	Action string // it shows to whoever may do this
	Icon   string
}

// Tasks are all of them, the most frequent first.
var Tasks = []Task{
	{"home.task.write", "/office/services/new", "directory.service.create", "edit"},
	{"home.task.translate", "/office/translations", "directory.translation.edit", "translate"},
	{"home.task.verify", "/office/verification", "directory.verification.ask", "verified"},
	{"home.task.rules", "/office/access", "access.rule.read", "shield"},
	{"home.task.glass", "/office/access/emergencies", "access.glass.review", "warning"},
}

// mostTasks is how many tasks the home shows: more would be a second menu.
const mostTasks = 6

func (p *pages) tasks(actor access.Actor) []Task {
	var list []Task
	for _, t := range Tasks {
		if len(list) < mostTasks && p.Guard.May(actor, t.Action) {
			list = append(list, t)
		}
	}
	return list
}
