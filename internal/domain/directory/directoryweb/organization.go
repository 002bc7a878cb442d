// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"math"
	"net/http"

	"github.com/a-h/templ"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
)

// Offered is the part about services of the page of a body.
type Offered struct {
	// Body is what the public may know of the body. Sheltered: that is less than there is.
	Body      network.Organization
	Sheltered bool
	Quiet     bool // the page must leave no trace on the phone
	List      templ.Component
}

// offeredView is what a body offers.
type offeredView struct {
	Body  network.Organization
	Rows  []row
	Total int
}

// mostRows bounds the list of a body that offers very much; the rest is in the results.
const mostRows = 50

// Offers gives the part about services of the page of a body, for who shows bodies (networkweb).
func Offers(d Deps) func(r *http.Request, body network.Organization) (Offered, error) {
	p := &pages{Deps: d}
	return func(r *http.Request, body network.Organization) (Offered, error) {
		ctx := r.Context()
		entries, err := p.Directory.EntriesOf(ctx, body.ID)
		if err != nil {
			return Offered{}, err
		}
		o := Offered{Quiet: len(entries) > 0}
		o.Body, o.Sheltered = bodyShown(body, entries)
		for _, e := range entries {
			o.Quiet = o.Quiet && discreet(&e)
		}
		v := offeredView{Body: o.Body, Total: len(entries)}
		now := p.Directory.Now()
		for _, e := range entries[:min(len(entries), mostRows)] {
			overdue := e.Verification().Overdue(calendar.DayOf(now, calendar.Rome()))
			v.Rows = append(v.Rows, p.rowOf(ctx, directory.Item{Entry: e, Distance: math.NaN(), Opening: e.BestOpening(now), Overdue: overdue}))
		}
		o.List = offeredPart(v)
		return o, nil
	}
}

// bodyShown is what the public may know of a body: of one that offers a reserved service, only
// what its entries carry, since its own address may be the one that must not be known.
func bodyShown(body network.Organization, entries []directory.Entry) (network.Organization, bool) {
	for _, e := range entries {
		if e.Reserved() {
			return e.Organization, true
		}
	}
	return body, false
}
