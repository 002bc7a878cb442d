// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"
	"time"

	"approdo/internal/kit/db"
)

// Actor is who did something, as it is kept: identifiers alone, no names.
type Actor struct {
	Account string `json:"account,omitempty"` // "" for a stranger or the program itself
	Member  string `json:"member,omitempty"`  // the body acted for
	Roles   string `json:"roles,omitempty"`   // held in that body then, separated by spaces
	Session string `json:"session,omitempty"`
	Address string `json:"address,omitempty"` // network address of the request
	Via     string `json:"via"`               // page, api, link, command, job
}

// Ways in which something is done, for Actor.Via.
const (
	ViaPage    = "page"
	ViaAPI     = "api"
	ViaLink    = "link"
	ViaCommand = "command"
	ViaJob     = "job"
)

// Change is one field before and after. Fields about a person carry Hidden and no values.
type Change struct {
	Field  string `json:"field"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	Hidden bool   `json:"hidden,omitempty"`
}

// Event is one change, or one look at something sensitive.
type Event struct {
	Actor   Actor
	Action  string // "directory.service.publish": what the policies call it
	Kind    string // of the record: "service"
	Record  string // its identifier
	Subject string // the person whom the record is about; "" for none
	Read    bool   // nothing was changed
	Basis   string // legal basis, for data about persons
	Purpose string
	Reason  string // what the actor wrote: why the glass was broken
	Changes []Change
}

// Record writes an event in the transaction of the change, or in one that ends before the answer to
// a sensitive question leaves. It is numbered and signed within a second.
func Record(ctx context.Context, tx *db.Tx, at time.Time, e Event) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO audit_event
		(id, at, account, member, roles, session, address, via, action, kind, record, subject, is_read, basis, purpose, reason, changes)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		db.NewID(), db.Millis(at), e.Actor.Account, e.Actor.Member, e.Actor.Roles, e.Actor.Session, e.Actor.Address, e.Actor.Via,
		e.Action, e.Kind, e.Record, e.Subject, e.Read, e.Basis, e.Purpose, e.Reason, db.JSON(e.Changes))
	return err
}
