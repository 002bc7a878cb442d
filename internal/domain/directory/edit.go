// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// EditRequest is what an editor has written.
type EditRequest struct {
	// Service is the whole record. Translations and the last confirmation in it are not looked at:
	// they have use cases of their own.
	Service Service
	// Version and Base are those of the Working that was read.
	Version int64
	Base    string
	Opens   bool
	Assures bool
	Note    string
	// Auto: saved by the page while somebody types. It neither takes a copy back from review nor fills the log.
	Auto bool
}

// Edit reads a service for editing. It fails with access.Missing.
func (u *UseCases) Edit(ctx context.Context, actor access.Actor, id string) (Working, error) {
	var w Working
	err := u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.open(ctx, tx, actor, "directory.service.read", id)
		w = d.Working
		return err
	})
	return w, err
}

// Create begins a working copy of a new service of a body. It fails with access.Missing when there
// is no such body or the actor may not, and Invalid("name").
func (u *UseCases) Create(ctx context.Context, actor access.Actor, body, name string) (Draft, error) {
	name = strings.TrimSpace(name)
	if name == "" {
		return Draft{}, fault.Invalid("name", "edit.name_missing")
	}
	d := Draft{State: DraftOpen, Account: actor.Account, Assures: true}
	d.Service.ID, d.Service.OrganizationID, d.Service.Name, d.Service.Status = db.NewID(), body, name, StatusActive
	d.Service.Card.Language = "it"
	id := d.Service.ID
	err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		bodies, err := bodiesOf(ctx, tx, body)
		if err != nil {
			return err
		}
		r := access.Resource{Type: "Service", ID: id, Attributes: access.Attributes{"member": body, "bodies": bodies, "reserved": false, "published": false}}
		if len(bodies) == 0 {
			return access.Missing()
		}
		if err := u.check(ctx, actor, "directory.service.create", r); err != nil {
			return err
		}
		d.Version = 0 // the transaction may run twice
		if d, err = u.writeDraft(ctx, tx, d); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.clock(), audit.Event{Actor: actor.Audited(), Action: "directory.service.create", Kind: "service", Record: id,
			Changes: []audit.Change{{Field: "name", After: name}, {Field: "organization_id", After: body}}})
	})
	return d, err
}

// SaveDraft keeps what an editor has written. It fails with access.Missing, Invalid("name"), and
// Conflict when somebody else saved or published since the version that was read: then the Working
// it gives is theirs, and nothing is written. Whoever saves again with its version and base means it.
func (u *UseCases) SaveDraft(ctx context.Context, actor access.Actor, r EditRequest) (Working, error) {
	var w Working
	r.Service.Name = strings.TrimSpace(r.Service.Name)
	if r.Service.Name == "" {
		return w, fault.Invalid("name", "edit.name_missing")
	}
	err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.open(ctx, tx, actor, "directory.service.edit", r.Service.ID)
		if err != nil {
			return err
		}
		w = d.Working
		if d.Version != r.Version || d.Current != r.Base {
			return fault.Conflict("edit.conflict")
		}
		next := d.Draft
		before := d.Service
		next.Service = keepSeparate(r.Service, before)
		next.Base, next.Opens, next.Assures, next.Note = r.Base, r.Opens, r.Assures, r.Note
		changed := d.Version == 0 || next.Opens != d.Opens || textsOf(next.Service) != textsOf(before)
		if changed {
			next.Account = actor.Account // whoever only reads and sends it on has written nothing
		}
		if !r.Auto || next.State == "" || changed && d.FourEyes && next.State == DraftScheduled {
			next.State = DraftOpen
		}
		if next.State != DraftScheduled {
			next.PublishAt = time.Time{}
		}
		if err := u.mayHide(ctx, actor, d, next.Service); err != nil {
			return err
		}
		if next, err = u.writeDraft(ctx, tx, next); err != nil {
			return err
		}
		w.Draft = next
		w.Reserved = w.Reserved || len(next.Service.Confidential) > 0
		changes := changesOf(before, next.Service, w.Reserved)
		if r.Auto || len(changes) == 0 {
			return nil
		}
		return audit.Record(ctx, tx, u.clock(), audit.Event{Actor: actor.Audited(), Action: "directory.service.edit", Kind: "service", Record: next.Service.ID, Changes: changes})
	})
	return w, err
}

// mayHide: whoever hides a place must be of the body that offers the service, or they would write
// what they may not read afterwards.
func (u *UseCases) mayHide(ctx context.Context, actor access.Actor, d dossier, next Service) error {
	if len(next.Confidential) == 0 {
		return nil
	}
	d.Reserved = true
	return u.check(ctx, actor, "directory.service.edit", d.resource())
}

// keepSeparate takes from what was stored that which an edit does not touch: translations, the last
// confirmation, the body, the dataset it came from, and whether it is an example.
func keepSeparate(next, before Service) Service {
	next.Card.Translations, next.Card.AssuredBy, next.AssuredDate = before.Card.Translations, before.Card.AssuredBy, before.AssuredDate
	next.Card.Example, next.Source, next.OrganizationID, next.LastModified = before.Card.Example, before.Source, before.OrganizationID, before.LastModified
	return next
}

// Discard throws a working copy away; a service that was never published is gone with it. It fails
// with access.Missing, and Conflict when somebody saved since the version that was read.
func (u *UseCases) Discard(ctx context.Context, actor access.Actor, id string, version int64) error {
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := u.open(ctx, tx, actor, "directory.service.edit", id)
		if err != nil {
			return err
		}
		if d.Version == 0 {
			return access.Missing()
		}
		if d.Version != version {
			return fault.Conflict("edit.conflict")
		}
		if err := dropDraft(ctx, tx, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.clock(), audit.Event{Actor: actor.Audited(), Action: "directory.service.discard", Kind: "service", Record: id})
	})
}

// BodiesFor lists the bodies of whose services an actor may do action, by name.
func (u *UseCases) BodiesFor(ctx context.Context, actor access.Actor, action string) ([]network.Organization, error) {
	if u.guard == nil || !u.guard.May(actor, action) {
		return nil, access.Missing()
	}
	var list []network.Organization
	err := u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list = nil
		all, err := network.Organizations(ctx, tx)
		if err != nil {
			return err
		}
		above := make(map[string]string, len(all))
		for _, o := range all {
			above[o.ID] = o.ParentOrganizationID
		}
		for _, o := range all {
			bodies := []string{o.ID}
			for up := above[o.ID]; up != "" && len(bodies) < 9; up = above[up] {
				bodies = append(bodies, up)
			}
			r := access.Resource{Type: "Service", Attributes: access.Attributes{"member": o.ID, "bodies": bodies, "reserved": false, "published": false}}
			if u.guard.Allows(ctx, actor, action, r) {
				list = append(list, o)
			}
		}
		return nil
	})
	return list, err
}
