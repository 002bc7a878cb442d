// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/base/need"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
)

// Kinds of bulk change.
const (
	BulkStatus    = "status"    // Value, Note: the reason
	BulkClosure   = "closure"   // Value: first day, Other: last day, Note: why
	BulkAlert     = "alert"     // Value: the text on top of the page, "" takes it away
	BulkAddNeed   = "add-need"  // Value: code
	BulkDropNeed  = "drop-need" // Value: code
	BulkPhone     = "phone"     // Value: the number as it stands, Other: the new one, "" takes it away
	BulkEmail     = "email"     // Value
	BulkHolidays  = "holidays"  // Value: closed, open or ""
	BulkConfirmed = "confirmed" // confirmed today by the body
)

// BulkKinds lists them in the order in which people are asked.
var BulkKinds = []string{BulkClosure, BulkStatus, BulkAlert, BulkPhone, BulkEmail, BulkHolidays, BulkAddNeed, BulkDropNeed, BulkConfirmed}

// BulkChange is one change to many services.
type BulkChange struct{ Kind, Value, Other, Note string }

// BulkLine is what a bulk change would do to one service.
type BulkLine struct {
	ID, Name string
	Changes  []FieldChange
	Refused  *fault.Error // why it can't be changed; it is left out
	// Since is what others changed after an older plan was looked at.
	Since []FieldChange
	now   *Service
}

// BulkPlan is what a bulk change would do.
type BulkPlan struct {
	Lines  []BulkLine
	Change int    // services that would change
	Digest string // of what was looked at: applying fails when it has changed since
}

// PlanBulk tells what a change would do to these services. It fails with access.Missing when the
// actor may not see one of them in the list, and Invalid where the change makes no sense.
func (u *UseCases) PlanBulk(ctx context.Context, actor access.Actor, ids []string, c BulkChange) (BulkPlan, error) {
	var plan BulkPlan
	if err := c.check(); err != nil {
		return plan, err
	}
	err := u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		plan, _, err = u.planBulk(ctx, tx, actor, ids, c)
		return err
	})
	return plan, err
}

type bulkItem struct {
	dossier
	next Service
}

func (u *UseCases) planBulk(ctx context.Context, tx *db.Tx, actor access.Actor, ids []string, c BulkChange) (BulkPlan, []bulkItem, error) {
	var plan BulkPlan
	var items []bulkItem
	if len(ids) > mostListed {
		return plan, nil, fault.TooLarge("id", "bulk.too_many", "limit", mostListed)
	}
	var marks strings.Builder
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		d, err := u.open(ctx, tx, actor, "directory.service.list", id)
		if err != nil {
			return plan, nil, err
		}
		line := BulkLine{ID: id, Name: d.Service.Name, now: d.Published}
		marks.WriteString(markOf(d.Current))
		switch {
		case d.Published == nil:
			line.Refused = fault.Conflict("bulk.not_published")
		case u.check(ctx, actor, "directory.service.publish", d.resource()) != nil:
			line.Refused = fault.Forbidden("bulk.not_yours")
		case d.mayBulk(c) != nil:
			line.Refused = d.mayBulk(c)
		default:
			next := u.bulk(c, d)
			if line.Changes = Difference(*d.Published, next); len(line.Changes) > 0 {
				plan.Change++
				items = append(items, bulkItem{d, next})
			}
		}
		plan.Lines = append(plan.Lines, line)
	}
	plan.Digest = marks.String()
	return plan, items, nil
}

// ApplyBulk makes the change, to all services or to none. digest is that of the plan that was looked
// at; Conflict when one of the services has changed since: then the plan it gives is that of now, and says
// what others changed. It fails as PlanBulk and Save do.
func (u *UseCases) ApplyBulk(ctx context.Context, actor access.Actor, ids []string, c BulkChange, digest string) (BulkPlan, error) {
	var plan BulkPlan
	if err := c.check(); err != nil {
		return plan, err
	}
	err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		var items []bulkItem
		var err error
		if plan, items, err = u.planBulk(ctx, tx, actor, ids, c); err != nil {
			return err
		}
		if plan.Digest != digest {
			if err := u.bulkSince(ctx, tx, &plan, digest); err != nil {
				return err
			}
			return fault.Conflict("bulk.changed")
		}
		how := step{action: StepBulk, audit: "directory.service.publish", reason: c.Kind}
		for _, one := range items {
			if err := u.put(ctx, tx, actor, how, one.Published, one.next, one.Reserved); err != nil {
				return err
			}
			if err := u.follow(ctx, tx, one.dossier, func(s *Service) { *s = keepSeparate(c.on(*s), *s) }); err != nil {
				return err
			}
		}
		return nil
	})
	return plan, err
}

// markLength is how many letters of a digest are about one service.
const markLength = 12

// markOf is a short fingerprint of a version: a digest is those of the lines, in their order.
func markOf(current string) string {
	sum := sha256.Sum256([]byte(current))
	return hex.EncodeToString(sum[:])[:markLength]
}

// bulkSince finds what others changed after a plan with the digest was looked at.
func (u *UseCases) bulkSince(ctx context.Context, tx *db.Tx, plan *BulkPlan, digest string) error {
	if len(digest) != len(plan.Digest) {
		return nil // a plan of other services
	}
	for i := range plan.Lines {
		line, at := &plan.Lines[i], i*markLength
		seen := digest[at : at+markLength]
		if seen == plan.Digest[at:at+markLength] {
			continue
		}
		versions, err := db.Rows(ctx, tx, scanRecord[Service], `SELECT record FROM directory_version WHERE service_id = $1 ORDER BY number DESC`, line.ID)
		if err != nil {
			return err
		}
		if at := slices.IndexFunc(versions, func(v Service) bool { return markOf(textsOf(v)) == seen }); at >= 0 && line.now != nil {
			line.Since = Difference(versions[at], *line.now)
		}
	}
	return nil
}

// bulk is a published service after the change.
func (u *UseCases) bulk(c BulkChange, d dossier) Service {
	if c.Kind == BulkConfirmed {
		next := *d.Published
		next.AssuredDate, next.Card.AssuredBy = u.today().String(), d.Body.Name
		return next
	}
	return c.on(*d.Published)
}

// on gives a copy of the service with the change.
func (c BulkChange) on(s Service) Service {
	switch c.Kind {
	case BulkStatus:
		s.Status, s.Card.StateReason = c.Value, c.Note
	case BulkClosure:
		one := Closure{From: c.Value, To: c.Other, Note: c.Note}
		if !slices.Contains(s.Card.Hours.Closures, one) {
			s.Card.Hours.Closures = append(slices.Clone(s.Card.Hours.Closures), one)
		}
	case BulkAlert:
		s.Alert = c.Value
	case BulkAddNeed:
		if !slices.Contains(s.Card.Needs, c.Value) {
			s.Card.Needs = append(slices.Clone(s.Card.Needs), c.Value)
		}
	case BulkDropNeed:
		if len(s.Card.Needs) > 1 { // a service without a need is found by nobody
			s.Card.Needs = slices.DeleteFunc(slices.Clone(s.Card.Needs), func(code string) bool { return code == c.Value })
		}
	case BulkPhone:
		s.Phones = c.phones(s.Phones)
		s.Sites, s.Confidential = slices.Clone(s.Sites), slices.Clone(s.Confidential)
		for i := range s.Sites {
			s.Sites[i].Phones = c.phones(s.Sites[i].Phones)
		}
		for i := range s.Confidential {
			s.Confidential[i].Phones = c.phones(s.Confidential[i].Phones)
		}
	case BulkEmail:
		s.Email = c.Value
	case BulkHolidays:
		s.Card.Hours.Holidays = c.Value
	}
	return s
}

func (c BulkChange) phones(list []hsds.Phone) []hsds.Phone {
	var out []hsds.Phone
	for _, p := range list {
		if compact(p.Number) == compact(c.Value) {
			p.Number = c.Other
		}
		if p.Number != "" {
			out = append(out, p)
		}
	}
	return out
}

// check refuses a change that makes no sense for any service.
func (c BulkChange) check() error {
	switch c.Kind {
	case BulkStatus:
		if !knownStatus(c.Value) {
			return fault.Invalid("value", "edit.status")
		}
		if c.Value != StatusActive && strings.TrimSpace(c.Note) == "" {
			return fault.Invalid("note", "edit.reason_missing")
		}
	case BulkClosure:
		if !(Closure{From: c.Value, To: c.Other}).valid() {
			return fault.Invalid("value", "edit.closure", "from", c.Value, "to", c.Other)
		}
	case BulkAddNeed, BulkDropNeed:
		if !need.Known(c.Value) {
			return fault.Invalid("value", "edit.needs_unknown")
		}
	case BulkPhone:
		if strings.TrimSpace(c.Value) == "" {
			return fault.Invalid("value", "bulk.phone_missing")
		}
	case BulkEmail:
		if c.Value != "" && !identity.Mailable(c.Value) {
			return fault.Invalid("value", "edit.email", "value", c.Value)
		}
	case BulkHolidays:
		if !slices.Contains([]string{"", "open", "closed"}, c.Value) {
			return fault.Invalid("value", "edit.holidays")
		}
	case BulkAlert, BulkConfirmed:
	default:
		return fault.Invalid("kind", "bulk.kind")
	}
	return nil
}
