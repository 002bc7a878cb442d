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

// OfferingBody is an organization with its services, as the API gives it.
type OfferingBody struct {
	hsds.Organization
	Services []hsds.Service `json:"services,omitempty"`
}

func (d *doors) addBodies() {
	d.list(openapi.Operation{
		Path: "/organizations", ID: "getPaginatedListOfOrganizations", Tag: "organizations", Summary: "List organizations",
		Answer: Page[OfferingBody]{}, Try: "/organizations?per_page=3",
		Details: "Organizations with their one-to-one properties; full=true adds everything that belongs to them, full_service=true their services whole.",
		Params:  join(paramSearch, paramFullService, paramFull, paramTerms, paramPages, paramFormat),
	}, d.getBodies)
	d.one(openapi.Operation{
		Path: "/organizations/{id}", ID: "getOrganizationById", Tag: "organizations", Summary: "Read an organization with its services",
		Answer: OfferingBody{}, Params: join(paramID, paramFullService, paramLang),
	}, d.getBody)
}

func (d *doors) getBodies(w http.ResponseWriter, r *http.Request) error {
	a, r, err := read(w, r)
	if err != nil {
		return err
	}
	if done, err := d.unchanged(w, r, a); done || err != nil {
		return err
	}
	selection := directory.BodySelection{Text: a.Text("search"), Term: a.Text("taxonomy_term_id"), Taxonomy: a.Text("taxonomy_id")}
	return answer(w, r, a, source[directory.Body, OfferingBody]{
		func(ctx context.Context, page, size int) ([]directory.Body, int, error) {
			return d.Directory.ListBodies(ctx, selection, page, size)
		},
		func(ctx context.Context, bodies []directory.Body) ([]OfferingBody, error) {
			list := make([]OfferingBody, len(bodies))
			for i, b := range bodies {
				if !a.full {
					list[i] = OfferingBody{Organization: basicOrganization(organization(b, a.shape))}
				} else if list[i], err = d.whole(ctx, b.Organization.ID, a); err != nil {
					return nil, missing(err)
				}
				if a.fullService && !a.full {
					if list[i].Services, err = d.offered(ctx, b.Organization.ID, a); err != nil {
						return nil, err
					}
				}
			}
			return list, nil
		},
	})
}

func (d *doors) getBody(w http.ResponseWriter, r *http.Request) error {
	a, r, err := read(w, r)
	if err != nil {
		return err
	}
	if err := a.Err(); err != nil {
		return err
	}
	body, err := d.whole(r.Context(), r.PathValue("id"), a)
	if err != nil {
		return missing(err)
	}
	return web.JSON(w, r, http.StatusOK, body)
}

// whole reads a body with its places, programs and services.
func (d *doors) whole(ctx context.Context, id string, a ask) (OfferingBody, error) {
	body, err := d.Directory.Body(ctx, id)
	if err != nil {
		return OfferingBody{}, err
	}
	out := OfferingBody{Organization: organization(body, a.shape)}
	for _, l := range body.Locations {
		out.Locations = append(out.Locations, exchange.Location(l, a.shape))
	}
	out.Programs = body.Programs
	out.Services, err = d.offered(ctx, id, a)
	return out, err
}

// offered are the services of a body: whole when asked for, else with what is one-to-one.
func (d *doors) offered(ctx context.Context, id string, a ask) ([]hsds.Service, error) {
	entries, err := d.Directory.EntriesOf(ctx, id)
	list := make([]hsds.Service, len(entries))
	for i, e := range entries {
		if list[i] = exchange.ToHSDS(e, a.shape); !a.fullService {
			list[i] = basicService(list[i])
		}
		list[i].Organization = nil // the one it stands in
	}
	return list, err
}

func organization(b directory.Body, s exchange.Shape) hsds.Organization {
	return exchange.Organization(b.Organization, s)
}

// basicOrganization keeps of a body what is one-to-one, and nothing of ours.
func basicOrganization(o hsds.Organization) hsds.Organization {
	f := o.OrganizationFields
	f.AdditionalWebsites, f.Funding, f.Contacts, f.Phones, f.OrganizationIdentifiers, f.Attributes, f.Metadata = nil, nil, nil, nil, nil, nil, nil
	return hsds.Organization{OrganizationFields: f}
}
