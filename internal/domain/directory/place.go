// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"errors"
	"maps"
	"slices"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// places checks the places of a batch against one another and against those stored: a service at a
// place has an identifier of its own, and a place is open for all or hidden for all. Then it finds
// the places of bodies that have to be written.
func (d *difference) places(ctx context.Context, tx *db.Tx, b Batch) error {
	hidden, err := d.hiddenPlaces(ctx, tx)
	if err != nil {
		return err
	}
	faults, err := d.sitesTaken(ctx, tx)
	if err != nil {
		return err
	}
	open, err := d.openPlaces(ctx, tx, b.Locations)
	if err != nil {
		return err
	}
	mine := d.mine()
	exposed := func(service, place string) {
		faults = append(faults, fault.Invalid("services/"+service, "service.place-is-hidden", "id", service, "place", place))
	}
	for _, s := range d.services {
		for _, site := range s.openSites() {
			if hidden[site.Location.ID] != "" {
				exposed(s.ID, site.Location.ID)
			}
		}
		for _, c := range s.Confidential {
			if other := open[c.Place.Location.ID]; other != "" && !mine[other] {
				exposed(other, c.Place.Location.ID)
			}
		}
	}
	if err := errors.Join(faults...); err != nil {
		return err
	}
	// Where a service stands is the service's matter, above all when nobody may know it.
	free := slices.DeleteFunc(slices.Clone(b.Locations), func(l BodyLocation) bool { return hidden[l.ID] != "" || open[l.ID] != "" })
	d.locations, err = changed(ctx, tx, d.outcome, "location", "directory_location", d.concealed.hideLocations(free), func(l BodyLocation) string { return l.ID })
	if err != nil {
		return err
	}
	d.locations, err = mineOnly(ctx, tx, d, b, KindLocation, d.locations, func(l BodyLocation) (string, string) { return l.ID, l.Name })
	return err
}

// hiddenPlaces gives the service of every confidential place, as it will be after the batch.
func (d *difference) hiddenPlaces(ctx context.Context, tx *db.Tx) (map[string]string, error) {
	stored, err := db.Rows(ctx, tx, scanRecord[Service], `SELECT record FROM directory_service WHERE confidential ORDER BY id`)
	if err != nil {
		return nil, err
	}
	places, mine := map[string]string{}, d.mine()
	for _, s := range append(slices.DeleteFunc(stored, func(s Service) bool { return mine[s.ID] }), d.services...) {
		for _, c := range s.Confidential {
			if id := c.Place.Location.ID; id != "" {
				places[id] = s.ID
			}
		}
	}
	return places, nil
}

// openPlaces gives, for the places that the batch hides or wants to be no service's, the service
// that stands there openly, as it will be after the batch.
func (d *difference) openPlaces(ctx context.Context, tx *db.Tx, locations []BodyLocation) (map[string]string, error) {
	ids := idsOf(locations, func(l BodyLocation) string { return l.ID })
	for _, s := range d.services {
		for _, c := range s.Confidential {
			ids = append(ids, c.Place.Location.ID)
		}
	}
	places, mine := map[string]string{}, d.mine()
	err := eachChunk(ids, func(in string, args []any) error {
		return db.Walk(ctx, tx, func(row db.Scanner) error {
			var place, service string
			if err := row.Scan(&place, &service); err != nil {
				return err
			}
			if !mine[service] {
				places[place] = service
			}
			return nil
		}, `SELECT location_id, entry_id FROM directory_entry_site WHERE location_id IN (`+in+`) ORDER BY id`, args...)
	})
	for _, s := range d.services {
		for _, site := range s.openSites() {
			places[site.Location.ID] = s.ID
		}
	}
	return places, err
}

// sitesTaken finds identifiers of sites that two services would bear.
func (d *difference) sitesTaken(ctx context.Context, tx *db.Tx) (faults []error, err error) {
	owners, mine := map[string]string{}, d.mine()
	taken := func(site, service, other string) {
		faults = append(faults, fault.Invalid("services/"+service, "service.site-taken", "id", service, "site", site, "other", other))
	}
	for _, s := range d.services {
		for _, site := range s.openSites() {
			if other, twice := owners[site.ID]; twice {
				taken(site.ID, s.ID, other)
			}
			owners[site.ID] = s.ID
		}
	}
	err = eachChunk(slices.Sorted(maps.Keys(owners)), func(in string, args []any) error {
		return db.Walk(ctx, tx, func(row db.Scanner) error {
			var site, other string
			if err := row.Scan(&site, &other); err != nil {
				return err
			}
			if !mine[other] {
				taken(site, owners[site], other)
			}
			return nil
		}, `SELECT id, entry_id FROM directory_entry_site WHERE id IN (`+in+`) ORDER BY id`, args...)
	})
	return faults, err
}

// mine are the services whose stored sites the batch replaces or takes away.
func (d *difference) mine() map[string]bool {
	mine := map[string]bool{}
	for _, id := range append(idsOf(d.services, func(s Service) string { return s.ID }), d.goneServices...) {
		mine[id] = true
	}
	return mine
}

// openSites are the sites that the public may know: none when any place is confidential.
func (s Service) openSites() []Site {
	if len(s.Confidential) > 0 {
		return nil
	}
	return s.Sites
}
