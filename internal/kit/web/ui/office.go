// SPDX-License-Identifier: EUPL-1.2

package ui

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
)

// OfficeItem is one entry of the operators' menu. Every web package exports its own as OfficeMenu.
type OfficeItem struct {
	Key    string // of the catalogue
	Path   string // without language: "/office/services"
	Action string // it shows to whoever may do this on something; "" to everybody who has logged in
	Icon   string // "" for a plain one
	Group  string // heading it stands under, one of the Group constants; "" stands on top
}

// Headings of the menu, in the order in which they stand.
const (
	GroupMediation = "office.group.mediation" // mediators: calls, bookings, roster
	GroupCensus    = "office.group.census"    // services, translation, verification
	GroupNetwork   = "office.group.network"   // bodies, agreements, projects
	GroupAccess    = "office.group.access"    // members, roles, sessions
	GroupMessages  = "office.group.messages"  // what was sent to whom
	GroupProof     = "office.group.proof"     // log, register of processing, breaches
	GroupSystem    = "office.group.system"    // jobs, keys, settings
)

var groups = []string{"", GroupMediation, GroupCensus, GroupNetwork, GroupAccess, GroupMessages, GroupProof, GroupSystem}

// Acting is a body that somebody may act for.
type Acting struct {
	ID   string
	Name string
	Role string // what they are there, in the words of the page
}

// Frame is who looks at a page of operators and where they can go. App makes it from the actor of
// the request; the zero Frame is for nobody.
type Frame struct {
	Name    string       // of the person
	Body    Acting       // acted for now
	Bodies  []Acting     // to choose from, with the present one; fewer than two leave nothing to choose
	Menu    []OfficeItem // only what this person may open
	Account string       // path of their own page, without language; "" hides the link
	// Switch and LogOut are paths that take a POST, without language. The first is sent the fields
	// member and next.
	Switch, LogOut string
	Search         string // path of the search over everything; "" hides the box
	Query          string // what was asked last, to stand in the box
	Waiting        int    // how many things wait for this person
}

// Known says whether somebody has logged in.
func (f Frame) Known() bool { return f.Name != "" }

// OfficeHead is what one page of operators says of itself. The frame draws the title.
type OfficeHead struct {
	Title   string
	Lang    string          // language of the title, if not the page's
	Lead    string          // one sentence below the title
	Badge   templ.Component // beside the title: a Status
	Crumbs  []Link          // from below the home to this page; the last has no Href
	Active  string          // Path of the menu entry to mark; "" takes the one that this address is below
	Actions templ.Component // buttons beside the title, the Primary one last
	Tabs    []Tab           // parts of the same record, each with an address of its own
	Help    string          // key of the text that says what this page is for and what to do; "" takes that of the route
	Styles  []string        // more static files
	Scripts []string
	Extra   templ.Component // more of <head>
	Narrow  bool            // a form or a text alone: lines no longer than one reads well
}

// HomePath is the home of whoever works here.
const HomePath = "/office"

// officePage is all that the layout of operators needs.
type officePage struct {
	*Site
	name string // of the site
	OfficeHead
	Frame      Frame
	words      lang.Words
	here       web.Place
	alternates []web.Alternate
	said       *message
	body       templ.Component
}

// OfficePage puts body into the layout of operators, in the language of the request.
func (s *Site) OfficePage(r *http.Request, head OfficeHead, body templ.Component) templ.Component {
	p := officePage{Site: s, name: s.NameIn(r.Context()), OfficeHead: head, words: web.Words(r.Context()), here: web.Here(r.Context()), body: body}
	if s.Frame != nil {
		p.Frame = s.Frame(r)
	}
	p.alternates = web.Localized(p.here.Path, p.here.Query)
	if inOffice(p.here.Path) {
		p.alternates = slices.DeleteFunc(p.alternates, func(a web.Alternate) bool { return !slices.Contains(lang.OfficeLanguages, a.Lang) })
	}
	if p.Active == "" {
		p.Active = p.below()
	}
	if key := HelpKey(web.Pattern(r.Context())); p.Help == "" && p.words.Has(key) {
		p.Help = key
	}
	p.said = said(r)
	return flashed{officeLayout(p), p.said != nil, web.Secure(r.Context())}
}

// HelpKey is the key of the help of all pages of a route: "help.office.services.id" for
// "/office/services/{id}".
func HelpKey(pattern string) string {
	return "help" + strings.NewReplacer("/", ".", "{", "", "}", "").Replace(pattern)
}

// inOffice says whether a path without language is one of operators.
func inOffice(path string) bool { return path == HomePath || strings.HasPrefix(path, HomePath+"/") }

// below is the entry of the menu with the longest path that this address lies below.
func (p officePage) below() string {
	best := ""
	for _, item := range p.Frame.Menu {
		inside := p.here.Path == item.Path || strings.HasPrefix(p.here.Path, item.Path+"/") && item.Path != HomePath
		if inside && len(item.Path) > len(best) {
			best = item.Path
		}
	}
	return best
}

// currentness says whether an entry is this page, or a part that this page belongs to.
func (p officePage) currentness(item OfficeItem) string {
	if item.Path == p.here.Path {
		return "page"
	}
	return "true"
}

func (p officePage) title() string {
	if p.Title == "" {
		return p.name
	}
	return p.Title + " · " + p.name
}

// stylesheet gives the name of a sheet for the direction in which the page is read.
func (p officePage) stylesheet(name string) string {
	if p.words.Dir() == "rtl" {
		return web.Asset(name + ".rtl.css")
	}
	return web.Asset(name + ".css")
}

// menuGroup is a heading of the menu with what stands under it.
type menuGroup struct {
	key   string
	items []OfficeItem
}

// menuGroups orders the menu: known headings first, others as they come.
func (p officePage) menuGroups() []menuGroup {
	order := slices.Clone(groups)
	for _, item := range p.Frame.Menu {
		if !slices.Contains(order, item.Group) {
			order = append(order, item.Group)
		}
	}
	var list []menuGroup
	for _, key := range order {
		g := menuGroup{key: key}
		for _, item := range p.Frame.Menu {
			if item.Group == key {
				g.items = append(g.items, item)
			}
		}
		if len(g.items) > 0 {
			list = append(list, g)
		}
	}
	return list
}

// nextHere is the way back after the body acted for was changed: the home, since the record that is
// open may not exist for the other body.
func (p officePage) nextHere() string { return "/" + p.words.Lang() + HomePath }

// initials stand in the round mark of whoever is logged in.
func (p officePage) initials() string {
	var letters []rune
	for _, word := range strings.Fields(p.Frame.Name) {
		letters = append(letters, []rune(strings.ToUpper(word))[0])
	}
	if len(letters) > 2 {
		letters = []rune{letters[0], letters[len(letters)-1]}
	}
	return string(letters)
}

// helpParagraphs are the paragraphs of the help of this page.
func (p officePage) helpParagraphs() []string {
	return strings.Split(p.words.Text(p.Help), "\n")
}
