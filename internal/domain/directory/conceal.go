// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// concealed is what must not be known, as it will be after a batch.
type concealed struct {
	before map[string]Service  // services with confidential places that are stored, by id
	bodies map[string][]secret // by the body that shelters
	fresh  map[string]bool     // bodies whose hidden places the batch brings or changes
}

// conceal holds a batch against every confidential place, stored or in the batch itself:
//
//   - A service with a confidential place is opened only by the dataset that hid it, and only when
//     that says so. Silence is not consent: another form of the same data often has no word for it.
//   - What a body shows elsewhere, as its own address or that of another service, is not the hidden
//     address. Its places without a service are hidden then; the rest is refused, since only the body
//     knows which of the two is the mistake.
//
// It fails with Invalid (several, joined).
func (d *difference) conceal(ctx context.Context, tx *db.Tx, b Batch) error {
	c := concealed{before: map[string]Service{}, bodies: map[string][]secret{}, fresh: map[string]bool{}}
	stored, err := db.Rows(ctx, tx, scanRecord[Service], `SELECT record FROM directory_service WHERE confidential ORDER BY id`)
	if err != nil {
		return err
	}
	mine := d.mine()
	for _, s := range stored {
		c.before[s.ID] = s
		if !mine[s.ID] {
			c.add(s)
		}
	}
	var faults []error
	for _, s := range d.services {
		c.add(s)
		c.fresh[s.OrganizationID] = c.fresh[s.OrganizationID] || len(s.Confidential) > 0
		faults = append(faults, c.opened(s, b.Opens[s.ID]))
	}
	d.concealed = c
	if err := errors.Join(faults...); err != nil {
		return err
	}
	d.hide, err = c.storedToHide(ctx, tx)
	return err
}

func (c *concealed) add(s Service) {
	for _, one := range s.Confidential {
		c.bodies[s.OrganizationID] = append(c.bodies[s.OrganizationID], secretOf(one.Place))
	}
}

// opened refuses to open a service by silence, or by another dataset than its own.
func (c *concealed) opened(s Service, said bool) error {
	before, ok := c.before[s.ID]
	switch {
	case !ok || len(s.Confidential) > 0:
		return nil
	case before.Source != s.Source:
		return fault.Invalid("services/"+s.ID, "service.hidden-by-another-source", "id", s.ID, "source", before.Source)
	case !said:
		return fault.Invalid("services/"+s.ID, "service.opened-by-silence", "id", s.ID)
	}
	return nil
}

// shown refuses an open entry in which a hidden address of the same body stands.
func (c *concealed) shown(e Entry) error {
	if e.Reserved() {
		return nil
	}
	for _, s := range c.bodies[e.OrganizationID] {
		if field := s.addressIn(e); field != "" {
			return fault.Invalid("services/"+e.ID, "service.shows-hidden-address", "id", e.ID, "field", field)
		}
	}
	return nil
}

// neighbours holds the stored entries of bodies that shelter anew against what they hide.
func (d *difference) neighbours(ctx context.Context, tx *db.Tx, written map[string]bool) ([]error, error) {
	var faults []error
	fresh := slices.DeleteFunc(slices.Sorted(maps.Keys(d.concealed.fresh)), func(id string) bool { return !d.concealed.fresh[id] })
	mine := d.mine()
	err := eachChunk(fresh, func(in string, args []any) error {
		entries, err := db.Rows(ctx, tx, scanEntry, `SELECT seq, record FROM directory_entry WHERE organization_id IN (`+in+`) AND NOT gone ORDER BY id`, args...)
		for _, e := range entries {
			if !written[e.ID] && !mine[e.ID] {
				faults = append(faults, d.concealed.shown(e))
			}
		}
		return err
	})
	return faults, err
}

// hidden tells whether a place of a body that no service stands at must not be known either.
func (c *concealed) hidden(l BodyLocation) bool {
	return slices.ContainsFunc(c.bodies[l.OrganizationID], func(s secret) bool { return s.addressIn(l.Addresses) != "" })
}

// hideLocations gives a batch's places of bodies with those hidden that must be.
func (c *concealed) hideLocations(list []BodyLocation) []BodyLocation {
	out := slices.Clone(list)
	for i := range out {
		out[i].Confidential = out[i].Confidential || c.hidden(out[i])
	}
	return out
}

// storedToHide are stored places of bodies that the batch makes confidential: they came first, and
// the service that shelters there came later.
func (c *concealed) storedToHide(ctx context.Context, tx *db.Tx) (list []BodyLocation, err error) {
	if !slices.Contains(slices.Collect(maps.Values(c.fresh)), true) {
		return nil, nil
	}
	all, err := db.Rows(ctx, tx, scanRecord[BodyLocation], `SELECT record FROM directory_location WHERE NOT confidential ORDER BY id`)
	for _, l := range all {
		if c.hidden(l) {
			l.Confidential = true
			list = append(list, l)
		}
	}
	return list, err
}

func hideStored(ctx context.Context, tx *db.Tx, list []BodyLocation) error {
	for _, l := range list {
		if _, err := db.Exec(ctx, tx, `UPDATE directory_location SET confidential = TRUE, record = $1 WHERE id = $2`, db.JSON(l), l.ID); err != nil {
			return err
		}
	}
	return nil
}

// withoutSilent leaves out reserved entries in which the public would see no difference: that a
// hidden place has changed, and when, is not to be read from the feed or a date.
func withoutSilent(ctx context.Context, tx *db.Tx, list []Entry) ([]Entry, error) {
	reserved := slices.DeleteFunc(slices.Clone(list), func(e Entry) bool { return !e.Reserved() })
	shown := map[string]Entry{}
	err := eachChunk(idsOf(reserved, func(e Entry) string { return e.ID }), func(in string, args []any) error {
		stored, err := db.Rows(ctx, tx, scanEntry, `SELECT seq, record FROM directory_entry WHERE NOT gone AND id IN (`+in+`)`, args...)
		for _, e := range stored {
			shown[e.ID] = e
		}
		return err
	})
	return slices.DeleteFunc(slices.Clone(list), func(e Entry) bool {
		before, known := shown[e.ID]
		before.LastModified, e.LastModified = "", ""
		return known && reflect.DeepEqual(tree(before), tree(e))
	}), err
}
