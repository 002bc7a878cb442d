// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"context"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
)

// Publisher is who keeps the form in which bodies are exchanged, and whatever is made of it: the
// directory writes the entries of a body's services anew when the body changes.
type Publisher interface {
	PublishBodies(ctx context.Context, tx *db.Tx, list []Organization) error
}

// Follower is a room whose records name bodies. When two entries of one body are made one, Move
// makes what names the entry from name into, and gives the identifiers of what it changed. For the
// way back it is called with the two exchanged and only these identifiers; nil means everything.
type Follower interface {
	Name() string // names the room in what is kept for the way back
	Move(ctx context.Context, tx *db.Tx, from, into string, only []string) (moved []string, err error)
}

// UseCases is what can be done with the network.
type UseCases struct {
	Deps
}

// Deps is what the use cases stand on. DB, Clock, Guard and Files are required.
type Deps struct {
	DB        *db.DB
	Clock     func() time.Time
	Guard     *access.Guard
	Files     *upload.Folder
	Publisher Publisher // nil writes bodies as they are
	// Services gives those of the identifiers that are services of the census; nil knows none.
	Services  func(ctx context.Context, ids []string) (known []string, err error)
	Followers []Follower
}

// New gives the use cases over a migrated database.
func New(d Deps) *UseCases { return &UseCases{d} }

// Today is the day in Italy.
func (u *UseCases) Today() calendar.Day { return calendar.DayOf(u.Clock(), calendar.Rome()) }

// bodyResource is what the policies may ask about a body.
func bodyResource(id string) access.Resource {
	return access.Resource{Type: "Body", ID: id, Attributes: access.Attributes{"member": id}}
}

func (u *UseCases) check(ctx context.Context, actor access.Actor, action string, r access.Resource) error {
	return u.Guard.Check(ctx, actor, action, r)
}

// stays checks that the actor may do action with a record as it was and as it would become. Whoever
// takes away by mistake what makes the record theirs hears so beside the field, as lost says: the
// record is no secret to them, and the form must not be lost.
func (u *UseCases) stays(ctx context.Context, actor access.Actor, action string, before, after access.Resource, lost *fault.Error) error {
	if err := u.check(ctx, actor, action, before); err != nil {
		return err
	}
	if !u.Guard.Allows(ctx, actor, action, after) {
		return lost
	}
	return nil
}
