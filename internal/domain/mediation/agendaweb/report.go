// SPDX-License-Identifier: EUPL-1.2

package agendaweb

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"approdo/internal/domain/mediation/agenda"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
)

// report answers the reports of RFC 4791 and RFC 6578.
func (p *Pages) report(w http.ResponseWriter, r *http.Request, c caller) error {
	body, err := readXML(r)
	if err != nil {
		return err
	}
	if body == nil {
		return fault.Invalid("", "agenda.xml")
	}
	if !strings.HasPrefix(r.URL.Path, davCalendar) {
		return wrong(w, http.StatusForbidden, dav("supported-report", ""), "")
	}
	items, err := p.Agenda.Items(r.Context(), c.Key, c.voice)
	if err != nil {
		return err
	}
	switch body.XMLName.Space + body.XMLName.Local {
	case calSpace + "calendar-query":
		return query(w, body, items)
	case calSpace + "calendar-multiget":
		return multiget(w, body, items)
	case calSpace + "free-busy-query":
		return freeBusy(w, body, items)
	case davSpace + "sync-collection":
		return p.sync(w, r, c, body, items)
	}
	return wrong(w, http.StatusForbidden, dav("supported-report", ""), "")
}

// query finds entries by time or identifier. Filters that are not understood are refused, since an answer
// to another question would be believed.
func query(w http.ResponseWriter, body *node, items []agenda.Item) error {
	keep, ok := filterOf(body.child(calSpace, "filter"))
	if !ok {
		return wrong(w, http.StatusForbidden, caldav("supported-filter", ""), "")
	}
	q := questionOf(body)
	var list []response
	for _, i := range items {
		if keep(i) {
			list = append(list, q.about(davCalendar+i.Name, propsOfItem(i)))
		}
	}
	return multistatus(w, list, "")
}

func filterOf(filter *node) (keep func(agenda.Item) bool, ok bool) {
	all := func(agenda.Item) bool { return true }
	whole := filter.child(calSpace, "comp-filter")
	if whole == nil {
		return all, filter == nil
	}
	if whole.attr("name") != "VCALENDAR" {
		return nil, false
	}
	var tests []func(agenda.Item) bool
	for _, part := range whole.Nodes {
		if part.XMLName.Local != "comp-filter" {
			return nil, false
		}
		if part.attr("name") != "VEVENT" { // tasks and journals, of which there are none
			none := part.child(calSpace, "is-not-defined") != nil
			tests = append(tests, func(agenda.Item) bool { return none })
			continue
		}
		for _, test := range part.Nodes {
			one, ok := testOf(test)
			if !ok {
				return nil, false
			}
			tests = append(tests, one)
		}
	}
	return func(i agenda.Item) bool {
		return !slices.ContainsFunc(tests, func(one func(agenda.Item) bool) bool { return !one(i) })
	}, true
}

func testOf(test node) (func(agenda.Item) bool, bool) {
	switch test.XMLName.Local {
	case "time-range":
		within, ok := rangeOf(&test)
		return func(i agenda.Item) bool {
			return slices.ContainsFunc(i.Times, func(t calendar.Interval) bool { return t.Overlaps(within) })
		}, ok
	case "prop-filter":
		match := test.child(calSpace, "text-match")
		if test.attr("name") != "UID" || match == nil || match.attr("negate-condition") == "yes" {
			return nil, false
		}
		return func(i agenda.Item) bool { return strings.Contains(i.UID, match.Text) }, true
	}
	return nil, false
}

// rangeOf reads start and end, of which one may be missing.
func rangeOf(n *node) (calendar.Interval, bool) {
	i := calendar.Interval{From: time.Unix(0, 0), To: time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)}
	if n == nil {
		return i, false
	}
	for name, at := range map[string]*time.Time{"start": &i.From, "end": &i.To} {
		text := n.attr(name)
		if text == "" {
			continue
		}
		t, err := time.Parse("20060102T150405Z", text)
		if err != nil {
			return i, false
		}
		*at = t
	}
	return i, n.attr("start") != "" || n.attr("end") != ""
}

func multiget(w http.ResponseWriter, body *node, items []agenda.Item) error {
	q := questionOf(body)
	var list []response
	for _, n := range body.Nodes {
		if n.XMLName.Space != davSpace || n.XMLName.Local != "href" || len(list) >= maxHrefs {
			continue
		}
		name, ours := nameOf(n.Text)
		if i, ok := agenda.Find(items, name); ok && ours {
			list = append(list, q.about(davCalendar+i.Name, propsOfItem(i)))
		} else {
			list = append(list, response{path: name, status: http.StatusNotFound})
		}
	}
	return multistatus(w, list, "")
}

func freeBusy(w http.ResponseWriter, body *node, items []agenda.Item) error {
	within, ok := rangeOf(body.child(calSpace, "time-range"))
	if !ok {
		return wrong(w, http.StatusBadRequest, caldav("valid-filter", ""), "")
	}
	w.Header().Set("Content-Type", icsType)
	_, err := w.Write([]byte(agenda.FreeBusy(items, within)))
	return err
}

// sync tells what changed since a state, and everything to whoever knows none.
func (p *Pages) sync(w http.ResponseWriter, r *http.Request, c caller, body *node, items []agenda.Item) error {
	changed, gone := items, []string(nil)
	if token := body.child(davSpace, "sync-token"); token != nil && strings.TrimSpace(token.Text) != "" {
		state, ours := strings.CutPrefix(strings.TrimSpace(token.Text), tokenSpace)
		var err error
		if changed, gone, err = p.Agenda.Since(r.Context(), c.Key, state, items); fault.Is(err, fault.KindNotFound) || !ours {
			return wrong(w, http.StatusForbidden, dav("valid-sync-token", ""), "")
		} else if err != nil {
			return err
		}
	}
	state, err := p.Agenda.Remember(r.Context(), c.Key, items)
	if err != nil {
		return err
	}
	q := questionOf(body)
	var list []response
	for _, i := range changed {
		list = append(list, q.about(davCalendar+i.Name, propsOfItem(i)))
	}
	for _, name := range gone {
		list = append(list, response{path: davCalendar + name, status: http.StatusNotFound})
	}
	return multistatus(w, list, dav("sync-token", syncToken(state)))
}
