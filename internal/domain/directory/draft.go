// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// States of a working copy.
const (
	DraftOpen      = "draft"     // somebody is writing
	DraftReview    = "review"    // written; waits for somebody who reads it and publishes
	DraftScheduled = "scheduled" // published by itself at PublishAt
)

// DraftStates lists them in their order.
var DraftStates = []string{DraftOpen, DraftReview, DraftScheduled}

// Draft is a working copy of a service: what editors have written and the public does not see yet.
type Draft struct {
	Service Service
	// Version counts every save; 0 means that there is no working copy yet.
	Version int64
	// Base is the fingerprint of the published texts that the copy was begun from, "" for a service
	// that was not published. When it differs from Working.Current, somebody published meanwhile.
	Base      string
	State     string
	PublishAt time.Time // of DraftScheduled
	Opens     bool      // the editor has said that the places may be known
	Assures   bool      // publishing it confirms that it is true today
	Account   string    // who changed it last; "" for the contact of the body, by link
	Note      string
	ChangedAt time.Time
}

// Working is a service as editors see it.
type Working struct {
	Draft
	Published *Service // nil when it was never published
	Current   string   // fingerprint of the published texts; "" when it was never published
	Body      network.Organization
	Reserved  bool // it has, or once had, a place that must not be known
	FourEyes  bool // its body asks that somebody else publishes than who wrote last
}

// Behind tells whether somebody published other texts since the working copy was begun.
func (w Working) Behind() bool { return w.Version > 0 && w.Base != w.Current }

// dossier is everything that is known of one service, with what policies ask about it.
type dossier struct {
	Working
	bodies []string // the body that offers it, and those it belongs to
}

func (d dossier) resource() access.Resource {
	return access.Resource{Type: "Service", ID: d.Service.ID, Attributes: access.Attributes{
		"member": d.Body.ID, "bodies": d.bodies, "reserved": d.Reserved, "published": d.Published != nil,
	}}
}

// open reads a service for an actor who wants to do action with it. It fails with access.Missing
// when there is none and when the actor may not.
func (u *UseCases) open(ctx context.Context, q db.Querier, actor access.Actor, action, id string) (dossier, error) {
	d, err := readDossier(ctx, q, id)
	if fault.Is(err, fault.KindNotFound) {
		return dossier{}, access.Missing()
	}
	if err != nil {
		return dossier{}, err
	}
	if err := u.check(ctx, actor, action, d.resource()); err != nil {
		return dossier{}, err
	}
	return d, nil
}

// readDossier fails with NotFound when there is neither a published service nor a working copy.
func readDossier(ctx context.Context, q db.Querier, id string) (dossier, error) {
	var d dossier
	published, err := db.Rows(ctx, q, scanRecord[Service], `SELECT record FROM directory_service WHERE id = $1`, id)
	if err != nil {
		return d, err
	}
	drafts, err := db.Rows(ctx, q, scanDraft, `SELECT `+draftColumns+` FROM directory_draft WHERE id = $1`, id)
	if err != nil {
		return d, err
	}
	switch {
	case len(published)+len(drafts) == 0:
		return d, fault.NotFound("fault.no_page")
	case len(drafts) > 0:
		d.Draft = drafts[0]
	default:
		d.Draft = Draft{Service: published[0]}
	}
	if len(published) > 0 {
		d.Published = &published[0]
		d.Current = textsOf(published[0])
		if d.Version == 0 {
			d.Base, d.Opens = d.Current, len(published[0].Confidential) == 0
		}
	}
	if d.Body, err = network.OrganizationByID(ctx, q, d.Service.OrganizationID); err != nil {
		return d, err
	}
	if d.bodies, err = bodiesOf(ctx, q, d.Service.OrganizationID); err != nil {
		return d, err
	}
	if d.FourEyes, err = fourEyes(ctx, q, d.bodies); err != nil {
		return d, err
	}
	hidden, err := db.Row(ctx, q, db.Column[int64], `SELECT count(*) FROM directory_version WHERE service_id = $1 AND confidential`, id)
	d.Reserved = hidden > 0 || len(d.Service.Confidential) > 0 || d.Published != nil && len(d.Published.Confidential) > 0
	return d, err
}

// bodiesOf gives a body and the bodies it belongs to, at most eight deep: a ring of bodies is a
// mistake that must not stop a page.
func bodiesOf(ctx context.Context, q db.Querier, id string) ([]string, error) {
	list, err := db.Rows(ctx, q, db.Column[string], `WITH RECURSIVE up (id, depth) AS (
			SELECT id, 0 FROM network_organization WHERE id = $1
			UNION SELECT o.parent_id, up.depth + 1 FROM network_organization o JOIN up ON o.id = up.id WHERE o.parent_id IS NOT NULL AND up.depth < 8
		) SELECT id FROM up ORDER BY depth, id`, id)
	slices.Sort(list)
	return slices.Compact(list), err
}

// textsOf identifies what editors write in a record: everything but translations, which have their
// own way, and who confirmed it last. Neither stands in the way of an editor who saves.
func textsOf(s Service) string {
	s.Card.Translations, s.Card.AssuredBy, s.AssuredDate = nil, "", ""
	text, err := s.fingerprint()
	if err != nil {
		panic("directory: " + err.Error()) // our own structs
	}
	return text
}

const draftColumns = `version, base, state, publish_at, opens, assures, account, note, changed_at, record`

func scanDraft(s db.Scanner) (Draft, error) {
	var d Draft
	return d, s.Scan(&d.Version, &d.Base, &d.State, db.ScanTime(&d.PublishAt), &d.Opens, &d.Assures, &d.Account, &d.Note, db.ScanTime(&d.ChangedAt), db.JSON(&d.Service))
}

// writeDraft stores a working copy under the next version. It fails with Conflict when somebody else
// has saved since the version was read.
func (u *UseCases) writeDraft(ctx context.Context, tx *db.Tx, d Draft) (Draft, error) {
	d.ChangedAt = db.FromMillis(db.Millis(u.clock()))
	row := []any{d.Version + 1, d.Base, d.State, db.NullMillis(d.PublishAt), d.Opens, d.Assures, len(d.Service.Confidential) > 0, d.Account, d.Note, db.Millis(d.ChangedAt), db.JSON(d.Service)}
	var n int64
	var err error
	if d.Version == 0 {
		n, err = db.Exec(ctx, tx, `INSERT INTO directory_draft (version, base, state, publish_at, opens, assures, confidential, account, note, changed_at, record, id, organization_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING`, append(row, d.Service.ID, d.Service.OrganizationID)...)
	} else {
		n, err = db.Exec(ctx, tx, `UPDATE directory_draft SET version = $1, base = $2, state = $3, publish_at = $4, opens = $5, assures = $6, confidential = $7,
			account = $8, note = $9, changed_at = $10, record = $11, organization_id = $12 WHERE id = $13 AND version = $14`,
			append(row, d.Service.OrganizationID, d.Service.ID, d.Version)...)
	}
	if err != nil {
		return d, err
	}
	if n == 0 {
		return d, fault.Conflict("edit.conflict")
	}
	d.Version++
	return d, summarize(ctx, tx, []string{d.Service.ID})
}

// dropDraft takes a working copy away.
func dropDraft(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := db.Exec(ctx, tx, `DELETE FROM directory_draft WHERE id = $1`, id); err != nil {
		return err
	}
	return summarize(ctx, tx, []string{id})
}
