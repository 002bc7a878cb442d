// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"net/http"
	"strings"
	"testing"

	"approdo/internal/kit/lang"
	"approdo/internal/kit/web/ui"
)

// ownHelp are pages that bring their help themselves, since it is the help of a list with its parts or
// differs from one answer to the other.
var ownHelp = map[string]string{
	"/office": "home.help", "/office/search": "home.search.help",
	"/office/members": "members.help", "/office/access": "access.rules.help", "/office/access/emergencies": "access.glass.help",
	"/office/access/emergency": "access.break.help",
	"/office/network":          "network.help.bodies", "/office/projects": "network.help.projects", "/office/agreements": "network.help.agreements",
	"/office/funds":       "network.help.funds",
	"/office/processings": "register.help.processings", "/office/breaches": "register.help.breaches", "/office/accessibility": "register.help.remarks",
	"/office/log": "audit.log.help", "/office/log/places": "audit.place.help", "/office/seen": "audit.subject.help",
	"/office/notices": "notices.inbox.help", "/office/messages": "notices.messages.help", "/office/work": "notices.work.help",
	"/office/services": "census.help.list", "/office/services/new": "census.help.new", "/office/services/{id}": "census.help.editor",
	"/office/services/{id}/history": "census.help.history", "/office/services/{id}/translations": "census.help.translations",
	"/office/services/{id}/verification": "census.help.verification", "/office/services/rules": "census.help.rules",
	"/office/translations": "census.help.translation_list", "/office/verification": "census.help.stale",
	"/office/feedback": "inbox.help", "/office/feedback/{id}": "inbox.help_one", "/office/missed": "lack.help",
	"/office/import": "intake.help", "/office/import/{id}": "intake.help_one", "/office/datasets": "dataset.help", "/office/datasets/edit": "dataset.help",
	"/office/field": "field.help", "/office/share": "share.help",
}

// noHelp are addresses that answer with something else than a page in the frame: files, and the form that
// works without a network (its first sentence is its help).
var noHelp = map[string]bool{
	"/office/import/template": true, "/office/services/export": true, "/office/agreements/{id}/file": true, "/office/field/{id}/photo": true,
	"/office/field/new": true, "/office/mediation/files/{id}/papers/{paper}": true, "/office/mediation/files/{id}/data": true, "/office/mediation/sessions/{id}/receipt/{n}": true, "/office/mediation/timesheets/{id}/{month}/timesheet.pdf": true, "/office/mediation/requests/{id}/live": true,
}

// Whoever opens a page of the office finds out on it what it is for.
func (r *running) everyPageHelps(t *testing.T) {
	t.Helper()
	catalogue, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	pages := 0
	for _, route := range r.routes.List() {
		if !route.Office || route.Method != http.MethodGet || noHelp[route.Pattern] || strings.HasSuffix(route.Pattern, ".csv") || strings.HasSuffix(route.Pattern, ".xlsx") {
			continue
		}
		pages++
		key := ui.HelpKey(route.Pattern)
		if own := ownHelp[route.Pattern]; own != "" {
			key = own
		}
		for _, code := range lang.OfficeLanguages {
			if !catalogue.Words(code).Has(key) {
				t.Errorf("%s has no help in %s: %s", route.Pattern, code, key)
			}
		}
	}
	if pages < 50 {
		t.Fatalf("only %d pages of the office were found", pages)
	}
}
