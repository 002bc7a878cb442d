// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"net/http"

	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// aboutView is a page of text: what it says is in the catalogue, part by part.
type aboutView struct {
	Title, Lead string   // keys
	Parts       []string // keys: each has ".title" and ".text"
	Contact     string
	Form        ui.Item // where one can say something; "" for none
	Offline     bool    // with the way to delete what is on the phone
}

// privacyParts and accessibilityParts are the parts of the two statements, in their order.
var (
	privacyParts       = []string{"privacy.search", "privacy.phone", "privacy.place", "privacy.feedback", "privacy.use", "privacy.logs", "privacy.missed", "privacy.violence", "privacy.rights"}
	accessibilityParts = []string{"accessibility.met", "accessibility.how", "accessibility.not", "accessibility.tested", "accessibility.report"}
)

func (p *pages) getPrivacy(w http.ResponseWriter, r *http.Request) error {
	return p.about(w, r, aboutView{Title: "privacy.title", Lead: "privacy.lead", Parts: privacyParts, Contact: p.Contact, Offline: true})
}

func (p *pages) getAccessibility(w http.ResponseWriter, r *http.Request) error {
	return p.about(w, r, aboutView{Title: "accessibility.title", Lead: "accessibility.lead", Parts: accessibilityParts, Contact: p.Contact, Form: p.Feedback})
}

func (p *pages) about(w http.ResponseWriter, r *http.Request, v aboutView) error {
	words := web.Words(r.Context())
	title := words.Text(v.Title)
	return p.show(w, r, ui.Head{Title: title, Description: words.Text(v.Lead), Crumbs: []ui.Link{{Text: title}}}, aboutPage(v))
}
