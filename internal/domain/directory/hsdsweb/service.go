// SPDX-License-Identifier: EUPL-1.2

package hsdsweb

import (
	"context"
	"net/http"
	"slices"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/db"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
)

// Stub is a service of a minimal list.
type Stub struct {
	ID           string `json:"id" format:"uuid"`
	ModifiedDate string `json:"modified_date" format:"date-time"`
}

func (d *doors) addServices() {
	d.list(openapi.Operation{
		Path: "/services", ID: "getPaginatedListOfServices", Tag: "services", Summary: "List services", Answer: Page[hsds.Service]{}, Try: "/services?per_page=3",
		Details: "Services with their one-to-one properties, organization and program; full=true gives them whole.",
		Params:  join(paramSearch, paramPages, paramConditions, paramNear, paramMinimal, paramFull, paramFormat),
	}, d.getServices)
	d.one(openapi.Operation{
		Path: "/services/{id}", ID: "getFullyNestedServiceById", Tag: "services", Summary: "Read a service with everything that belongs to it",
		Answer: hsds.Service{}, Params: join(paramID, paramLang),
	}, d.getService)
}

func (d *doors) getServices(w http.ResponseWriter, r *http.Request) error {
	a, r, err := read(w, r)
	if err != nil {
		return err
	}
	selection := a.selection(r)
	if done, err := d.unchanged(w, r, a); done || err != nil {
		return err
	}
	keys := func(ctx context.Context, page, size int) ([]directory.Key, int, error) {
		return d.Finder.ListEntries(ctx, selection, page, size)
	}
	if a.minimal {
		return answer(w, r, a, source[directory.Key, Stub]{keys, func(_ context.Context, keys []directory.Key) ([]Stub, error) {
			list := make([]Stub, len(keys))
			for i, k := range keys {
				list[i] = Stub{k.Entry, db.FromMillis(db.Millis(k.Modified)).Format(instant)}
			}
			return list, nil
		}})
	}
	return answer(w, r, a, source[directory.Key, hsds.Service]{keys, func(ctx context.Context, keys []directory.Key) ([]hsds.Service, error) {
		entries, err := d.Directory.EntriesAt(ctx, keys)
		list := make([]hsds.Service, len(entries))
		for i, e := range entries {
			if list[i] = exchange.ToHSDS(e, a.shape); !a.full {
				list[i] = basicService(list[i])
			}
		}
		return list, err
	}})
}

// instant is how records write a moment.
const instant = "2006-01-02T15:04:05.000Z"

func (d *doors) getService(w http.ResponseWriter, r *http.Request) error {
	a, r, err := read(w, r)
	if err != nil {
		return err
	}
	if err := a.Err(); err != nil {
		return err
	}
	entry, err := d.Directory.Entry(r.Context(), r.PathValue("id"))
	if err != nil {
		return missing(err)
	}
	keepOff(w, entry)
	if a.shape.Language == "" {
		r = speaking(r, entry.Card.Language)
	}
	record := exchange.ToHSDS(entry, a.shape)
	if d.Source != nil {
		from, err := d.Source(r.Context(), entry.ID)
		if err != nil {
			return err
		}
		if from != nil {
			record.Metadata = append(slices.Clone(record.Metadata), *from)
		}
	}
	return web.JSON(w, r, http.StatusOK, record)
}

// keepOff keeps what could give somebody away out of caches.
func keepOff(w http.ResponseWriter, e directory.Entry) {
	if e.Reserved() || e.Discreet() {
		web.NoStore(w)
	}
}

// basicService keeps of a service what is one-to-one: no lists, and nothing of ours.
func basicService(s hsds.Service) hsds.Service {
	f := s.ServiceFields
	f.AdditionalURLs, f.Phones, f.Schedules, f.ServiceAreas, f.Languages, f.Funding = nil, nil, nil, nil, nil, nil
	f.CostOptions, f.RequiredDocuments, f.Contacts, f.Capacities, f.Attributes, f.Metadata = nil, nil, nil, nil, nil, nil
	out := hsds.Service{ServiceFields: f}
	if s.Organization != nil {
		o := basicOrganization(*s.Organization)
		out.Organization = &o
	}
	if s.Program != nil {
		p := *s.Program
		p.Attributes, p.Metadata = nil, nil
		out.Program = &p
	}
	return out
}
