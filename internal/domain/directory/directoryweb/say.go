// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// zoneOf is where the clocks of the service hang.
func zoneOf(e *directory.Entry) *time.Location {
	if zone, err := calendar.Zone(e.Card.Hours.TimeZone); err == nil {
		return zone
	}
	return calendar.Rome()
}

// openingSaid puts the answer to "is it open now?" into words. now carries the zone of the service.
func openingSaid(w lang.Words, o directory.Opening, now time.Time) (ui.State, string) {
	switch o.State {
	case directory.OpenNow:
		if o.Until.IsZero() {
			return ui.Open, w.Text("opening.always")
		}
		until := o.Until.In(now.Location())
		if days := daysBetween(now, until); days > 1 || days == 1 && until.Hour() >= 12 {
			return ui.Open, w.Text("opening.until_day", "day", dayName(w, now, until), "time", w.Time(until))
		}
		return ui.Open, w.Text("opening.until", "time", w.Time(until))
	case directory.OpenAppointment:
		return ui.Appointment, w.Text("opening.appointment")
	case directory.OpenClosed:
		if o.Next.IsZero() {
			return ui.Closed, w.Text("opening.closed")
		}
		next := o.Next.In(now.Location())
		if daysBetween(now, next) == 0 {
			return ui.OpensLater, w.Text("opening.opens", "time", w.Time(next))
		}
		return ui.Closed, w.Text("opening.opens_day", "day", dayName(w, now, next), "time", w.Time(next))
	}
	return ui.Unknown, w.Text("opening.unknown")
}

func daysBetween(a, b time.Time) int {
	return int(calendar.DayOf(b, b.Location()) - calendar.DayOf(a, a.Location()))
}

// dayName is how one speaks of a day soon to come: "domani", "lunedì", "7 marzo".
func dayName(w lang.Words, now, t time.Time) string {
	switch days := daysBetween(now, t); {
	case days >= 0 && days <= 1:
		return w.Relative(days)
	case days > 1 && days < 7:
		return w.Weekday(t.Weekday(), lang.Full)
	}
	return w.DayMonth(t)
}

// noon gives a day as a time, for the words of package lang.
func noon(d calendar.Day) time.Time {
	year, month, day := d.Date()
	return time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
}

func dateSaid(w lang.Words, d calendar.Day) string { return w.Date(noon(d), lang.Long) }

func needName(language, code string) string {
	if n, ok := need.ByCode(code); ok {
		return n.Name(language)
	}
	return code
}

// topOf is the top category under which a service is shown: that of its first need.
func topOf(codes []string) string {
	for _, code := range codes {
		if n, ok := need.ByCode(code); ok {
			if n.Top() {
				return n.Code
			}
			return n.Parent
		}
	}
	return ""
}

// discreet tells whether an entry must leave no trace on the phone.
func discreet(e *directory.Entry) bool {
	if e.Reserved() {
		return true
	}
	for _, code := range e.Card.Needs {
		if need.Discreet(code) {
			return true
		}
	}
	return false
}

// refName is a territory in words; "" is all of Italy.
func refName(w lang.Words, ref network.Ref) string {
	if ref == "" {
		return w.Text("territory.everywhere")
	}
	return network.Territories().RefName(ref)
}

// telephone makes a tel: address (RFC 3966) of a number as people write it, "" when it can't be dialled.
func telephone(number string) templ.SafeURL {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
	if len(digits) < 3 || strings.HasPrefix(digits, "000") {
		return "" // numbers of examples begin with 000
	}
	return templ.SafeURL("tel:" + digits)
}

// outward lets a page lead only to web addresses.
func outward(address string) templ.SafeURL {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
		return templ.URL(address)
	}
	return ""
}

// show renders a page of the site.
func (p *pages) show(w http.ResponseWriter, r *http.Request, head ui.Head, body templ.Component) error {
	if head.Sensitive {
		web.NoStore(w)
	}
	if head.Image == "" {
		head.Image = web.Asset("card.png")
	}
	return web.Render(w, r, http.StatusOK, p.Site.Page(r, head, body))
}

// lost is the fault of an address that leads to nothing.
func lost() error { return fault.NotFound("fault.no_page") }

// inTongue wraps text in its language when it is not that of the page.
func inTongue(ctx context.Context, code, text string) templ.Component {
	if code == "" || code == web.Lang(ctx) {
		return plainText(text)
	}
	return foreignText(code, text)
}

// place is what the map knows of one service.
type place struct {
	Lat   float64 `json:"lat"`
	Lon   float64 `json:"lon"`
	Title string  `json:"title"`
	Href  string  `json:"href,omitempty"`
	Text  string  `json:"text,omitempty"`
}

// chart is the data block of a map.
type chart struct {
	Places  []place   `json:"places"`
	Outline []ring    `json:"outline,omitempty"`
	Me      []float64 `json:"me,omitempty"`
}

// placesOf are the open places of an entry that can be drawn.
func placesOf(e *directory.Entry, title, href string) []place {
	var list []place
	for _, s := range e.Sites {
		if l := s.Location; l.Latitude != nil && l.Longitude != nil {
			list = append(list, place{Lat: *l.Latitude, Lon: *l.Longitude, Title: title, Href: href, Text: siteAddress(s)})
		}
	}
	return list
}

// siteAddress is the address as it stands on an envelope in Italy.
func siteAddress(s directory.Site) string {
	if len(s.Location.Addresses) == 0 {
		if c, ok := network.Territories().Comune(s.Location.Comune); ok {
			return c.Label()
		}
		return ""
	}
	a := s.Location.Addresses[0]
	line := a.Address1
	if a.Address2 != "" {
		line += ", " + a.Address2
	}
	city := strings.TrimSpace(a.PostalCode + " " + a.City)
	if a.PostalCode == "00000" {
		city = a.City
	}
	if a.StateProvince != "" {
		city += " (" + a.StateProvince + ")"
	}
	switch {
	case line == "":
		return city
	case city == "":
		return line
	}
	return line + ", " + city
}
