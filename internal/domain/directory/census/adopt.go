// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	places "approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/lang"
)

// Adopt makes a draft of a field report, for the body that offers the service, and gives its
// identifier: it goes the way of every draft from there. It fails with access.Missing and Conflict.
func (u *UseCases) Adopt(ctx context.Context, actor access.Actor, id, body string) (string, error) {
	r, reviews, err := u.ReadField(ctx, actor, id)
	if err != nil {
		return "", err
	}
	if !reviews {
		return "", access.Missing()
	}
	if r.Status != FieldNew {
		return "", fault.Conflict("field.settled")
	}
	if body == "" {
		body = r.Member
	}
	draft, err := u.Directory.Create(ctx, actor, body, r.Name)
	if err != nil {
		return "", err
	}
	s := r.service(draft.Service)
	if _, err := u.Directory.SaveDraft(ctx, actor, directory.EditRequest{Service: s, Version: draft.Version, Base: draft.Base, Note: r.Note}); err != nil {
		return "", err
	}
	return s.ID, u.settleField(ctx, actor, id, FieldAdopted, s.ID, "")
}

// Drop says that nothing is to be made of a report, and why. It fails with access.Missing, Conflict and
// Invalid("remark").
func (u *UseCases) Drop(ctx context.Context, actor access.Actor, id, remark string) error {
	if remark = strings.TrimSpace(remark); remark == "" {
		return fault.Invalid("remark", "field.remark_missing")
	}
	return u.settleField(ctx, actor, id, FieldDropped, "", remark)
}

func (u *UseCases) settleField(ctx context.Context, actor access.Actor, id, status, service, remark string) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := u.fieldFor(ctx, tx, actor, "directory.field.review", id)
		if err != nil {
			return err
		}
		if r.Status != FieldNew {
			return fault.Conflict("field.settled")
		}
		if _, err := db.Exec(ctx, tx, `UPDATE directory_field_report SET status = $1, handler = $2, service_id = $3, remark = $4, settled_at = $5 WHERE id = $6`,
			status, actor.Account, service, remark, db.Millis(u.Clock()), id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{
			Actor: actor.Audited(), Action: "directory.field.review", Kind: "field-report", Record: id,
			Changes: []audit.Change{{Field: "status", Before: r.Status, After: status}, {Field: "service", After: service}},
		})
	})
}

// service fills a new service with what was found. A place where people are sheltered is hidden, as
// everywhere, until its body says that it may be known.
func (f Found) service(s directory.Service) directory.Service {
	s.Name, s.Card.Needs = f.Name, f.Needs
	if f.Hours != "" {
		s.Schedules = []hsds.Schedule{{ID: db.NewID(), Description: f.Hours}}
	}
	if f.Phone != "" {
		s.Phones = []hsds.Phone{{ID: db.NewID(), Number: f.Phone, Type: "voice"}}
	}
	for _, code := range f.Languages {
		s.Languages = append(s.Languages, hsds.Language{ID: db.NewID(), Code: code, Name: lang.NativeName(code)})
	}
	site := directory.Site{ID: db.NewID()}
	l := &site.Location
	l.ID, l.LocationType, l.Comune, l.Latitude, l.Longitude = db.NewID(), "physical", f.Comune, f.Lat, f.Lon
	address := hsds.Address{ID: db.NewID(), Address1: f.Address, Country: "IT", AddressType: "physical"}
	province := ""
	if c, ok := places.Territories().Comune(f.Comune); ok {
		address.City, address.StateProvince, province = c.Name, c.Province, c.Province
		l.Name = f.Name
	}
	l.Addresses = []hsds.Address{address}
	if s.Sheltering() {
		s.Confidential = []directory.ConfidentialSite{{ID: site.ID, Province: province, Place: site}}
	} else {
		s.Sites = []directory.Site{site}
	}
	return s
}
