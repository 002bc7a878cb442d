// SPDX-License-Identifier: EUPL-1.2

package hsdsweb

import (
	"context"
	"net/http"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/openapi"
)

// PlacedService is a service_at_location with its service, as the API gives it.
type PlacedService struct {
	hsds.ServiceAtLocation
	Service *hsds.Service `json:"service,omitempty"`
}

func (d *doors) addPlaces() {
	d.list(openapi.Operation{
		Path: "/service_at_locations", ID: "getPaginatedListOfServiceAtLocation", Tag: "service_at_locations", Summary: "List services at their places",
		Answer: Page[PlacedService]{}, Try: "/service_at_locations?per_page=3",
		Details: "Places with their location and service, one-to-one properties only; full=true gives them whole. Near a postcode or a point the nearest come first.",
		Params:  join(paramSearch, paramPages, paramConditions, paramNear, paramFull, paramFormat),
	}, d.getPlaces)
	d.one(openapi.Operation{
		Path: "/service_at_locations/{id}", ID: "getServiceAtLocationWithNestedDataById", Tag: "service_at_locations", Summary: "Read a service at one of its places",
		Answer: PlacedService{}, Params: join(paramID, paramLang),
	}, d.getPlace)
}

func (d *doors) getPlaces(w http.ResponseWriter, r *http.Request) error {
	a, r, err := read(w, r)
	if err != nil {
		return err
	}
	selection := a.selection(r)
	if done, err := d.unchanged(w, r, a); done || err != nil {
		return err
	}
	return answer(w, r, a, source[directory.Key, PlacedService]{
		func(ctx context.Context, page, size int) ([]directory.Key, int, error) {
			return d.Finder.ListPlaces(ctx, selection, page, size)
		},
		func(ctx context.Context, keys []directory.Key) ([]PlacedService, error) {
			places, err := d.Directory.PlacesAt(ctx, keys)
			list := make([]PlacedService, len(places))
			for i, p := range places {
				if list[i] = placed(p, a.shape); !a.full {
					list[i] = basicPlaced(list[i])
				}
			}
			return list, err
		},
	})
}

func (d *doors) getPlace(w http.ResponseWriter, r *http.Request) error {
	a, r, err := read(w, r)
	if err != nil {
		return err
	}
	if err := a.Err(); err != nil {
		return err
	}
	place, err := d.Directory.Place(r.Context(), r.PathValue("id"))
	if err != nil {
		return missing(err)
	}
	keepOff(w, place.Entry)
	if a.shape.Language == "" {
		r = speaking(r, place.Entry.Card.Language)
	}
	return web.JSON(w, r, http.StatusOK, placed(place, a.shape))
}

// placed writes a place with its whole service; the service does not list its places again.
func placed(p directory.Place, s exchange.Shape) PlacedService {
	service := exchange.ToHSDS(p.Entry, s)
	service.ServiceAtLocations = nil
	entry, site := p.Entry, p.Site
	if s.Language != "" {
		entry, _ = entry.In(s.Language)
		for _, one := range entry.Sites {
			if one.ID == site.ID {
				site = one
			}
		}
	}
	return PlacedService{ServiceAtLocation: exchange.ServiceAtLocation(entry, site, s), Service: &service}
}

// basicPlaced keeps of a place what is one-to-one.
func basicPlaced(p PlacedService) PlacedService {
	out := PlacedService{ServiceAtLocation: hsds.ServiceAtLocation{ID: p.ID, ServiceID: p.ServiceID, LocationID: p.LocationID, Description: p.Description}}
	service := basicService(*p.Service)
	out.Service = &service
	if l := p.Location; l != nil {
		location := *l
		location.Languages, location.Addresses, location.Contacts, location.Accessibility = nil, nil, nil, nil
		location.Phones, location.Schedules, location.Attributes, location.Metadata, location.Approdo = nil, nil, nil, nil, nil
		out.Location = &location
	}
	return out
}
