// SPDX-License-Identifier: EUPL-1.2

package agendaweb

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation/agenda"
)

// privileges are what a program may do: read, and write entries.
var privileges = strings.Join([]string{privilege("read"), privilege("write"), privilege("write-content"), privilege("bind"), privilege("unbind"), privilege("read-current-user-privilege-set")}, "")

func privilege(name string) string { return dav("privilege", dav(name, "")) }

var reports = dav("supported-report", dav("report", caldav("calendar-query", ""))) + dav("supported-report", dav("report", caldav("calendar-multiget", ""))) +
	dav("supported-report", dav("report", caldav("free-busy-query", ""))) + dav("supported-report", dav("report", dav("sync-collection", "")))

// question is what a program wants to know of resources.
type question struct {
	asked []xml.Name // nil for everything
	names bool
}

// questionOf reads the part of a request that says which properties are wanted.
func questionOf(n *node) question {
	if n == nil || n.child(davSpace, "allprop") != nil {
		return question{}
	}
	if n.child(davSpace, "propname") != nil {
		return question{names: true}
	}
	props := n.child(davSpace, "prop")
	if props == nil {
		return question{}
	}
	q := question{asked: []xml.Name{}}
	for _, one := range props.Nodes {
		if !slices.Contains(q.asked, one.XMLName) { // what is asked twice is told once
			q.asked = append(q.asked, one.XMLName)
		}
	}
	return q
}

func (q question) about(path string, props map[xml.Name]string) response {
	return response{path: path, props: props, asked: q.asked, names: q.names}
}

// propfind tells of a place, and of those right below it when the depth is one.
func (p *Pages) propfind(w http.ResponseWriter, r *http.Request, c caller) error {
	body, err := readXML(r)
	if err != nil {
		return err
	}
	q, below := questionOf(body), r.Header.Get("Depth") != "0"
	if strings.EqualFold(r.Header.Get("Depth"), "infinity") {
		return wrong(w, http.StatusForbidden, dav("propfind-finite-depth", ""), "")
	}
	var list []response
	add := func(path string, props map[xml.Name]string) { list = append(list, q.about(path, props)) }
	switch path := r.URL.Path; path {
	case davRoot:
		add(path, p.collection(c, dav("collection", "")))
		if below {
			add(davPrincipal, p.collection(c, dav("collection", "")+dav("principal", "")))
			add(davHome, p.collection(c, dav("collection", "")))
		}
	case davPrincipal:
		add(path, p.collection(c, dav("collection", "")+dav("principal", "")))
	case davHome, davCalendar:
		items, err := p.Agenda.Items(r.Context(), c.Key, c.voice)
		if err != nil {
			return err
		}
		props, err := p.calendar(r, c, items)
		if err != nil {
			return err
		}
		if path == davHome {
			add(path, p.collection(c, dav("collection", "")))
		}
		if path == davCalendar || below {
			add(davCalendar, props)
		}
		if path == davCalendar && below {
			for _, i := range items {
				add(davCalendar+i.Name, propsOfItem(i))
			}
		}
	default:
		items, err := p.Agenda.Items(r.Context(), c.Key, c.voice)
		if err != nil {
			return err
		}
		i, ok := agenda.Find(items, r.PathValue("name"))
		if !ok {
			return access.Missing()
		}
		add(path, propsOfItem(i))
	}
	return multistatus(w, list, "")
}

// collection are the properties of a place that is no calendar.
func (p *Pages) collection(c caller, kind string) map[xml.Name]string {
	return map[xml.Name]string{
		{Space: davSpace, Local: "resourcetype"}:               kind,
		{Space: davSpace, Local: "displayname"}:                escaped(p.Agenda.Words(c.Language).Text("agenda.name")),
		{Space: davSpace, Local: "current-user-principal"}:     href(davPrincipal),
		{Space: davSpace, Local: "principal-URL"}:              href(davPrincipal),
		{Space: davSpace, Local: "principal-collection-set"}:   href(davPrincipal),
		{Space: davSpace, Local: "owner"}:                      href(davPrincipal),
		{Space: davSpace, Local: "current-user-privilege-set"}: privilege("read"),
		{Space: davSpace, Local: "supported-report-set"}:       dav("supported-report", dav("report", dav("sync-collection", ""))),
		{Space: calSpace, Local: "calendar-home-set"}:          href(davHome),
	}
}

// calendar are the properties of the calendar. Its state is kept, so that a program can ask what changed
// since.
func (p *Pages) calendar(r *http.Request, c caller, items []agenda.Item) (map[xml.Name]string, error) {
	state, err := p.Agenda.Remember(r.Context(), c.Key, items)
	if err != nil {
		return nil, err
	}
	props := p.collection(c, dav("collection", "")+caldav("calendar", ""))
	for name, inside := range map[xml.Name]string{
		{Space: davSpace, Local: "current-user-privilege-set"}:       privileges,
		{Space: davSpace, Local: "supported-report-set"}:             reports,
		{Space: davSpace, Local: "sync-token"}:                       syncToken(state),
		{Space: serverSpace, Local: "getctag"}:                       state,
		{Space: calSpace, Local: "supported-calendar-component-set"}: `<c:comp name="VEVENT"/>`,
		{Space: calSpace, Local: "supported-calendar-data"}:          `<c:calendar-data content-type="text/calendar" version="2.0"/>`,
		{Space: calSpace, Local: "max-resource-size"}:                itoa(maxEntry),
		{Space: calSpace, Local: "calendar-description"}:             escaped(p.Agenda.Words(c.Language).Text("agenda.about")),
		{Space: calSpace, Local: "calendar-timezone"}:                escaped(romeText),
		{Space: appleSpace, Local: "calendar-color"}:                 "#0066CCFF",
	} {
		props[name] = inside
	}
	return props, nil
}

// tokenSpace begins every state: it has to be an address (RFC 6578, 3.2).
const tokenSpace = "data:,"

func syncToken(state string) string { return tokenSpace + state }
