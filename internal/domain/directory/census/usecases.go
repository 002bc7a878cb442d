// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"
	_ "embed"
	"net/netip"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/pace"
	"approdo/internal/kit/upload"
)

//go:embed policy.cedar
var policyText string

// Policy says who may do what with the running of the census.
func Policy() access.Policy {
	return access.Policy{Name: "directory/census/policy.cedar", Text: policyText}
}

// Vault seals the way back to whoever left one. Package vault of the kit is one.
type Vault interface {
	Seal(ctx context.Context, tx *db.Tx, subject, column string, plain []byte) ([]byte, error)
	Open(ctx context.Context, q db.Querier, subject, column string, sealed []byte) ([]byte, error)
	Destroy(ctx context.Context, tx *db.Tx, subject string) error
}

// News is what the editors of a body are told.
type News struct {
	Key      string // the same key again tells nothing
	Template string // "census.feedback"
	Member   string // the body whose editors are told
	Accounts []string
	Args     map[string]string
	Link     string // path without language
}

// Reply is what is sent to somebody who left a mail address.
type Reply struct {
	Key            string
	Mail, Language string
	Service, Text  string
	Member         string
	Link           string // path without language
}

// Deps is what the use cases stand on. DB, Directory, Clock and Guard are required.
type Deps struct {
	DB        *db.DB
	Directory *directory.UseCases // guarded
	Clock     func() time.Time
	Guard     *access.Guard
	Vault     Vault          // nil: nobody can leave a way back
	Key       []byte         // secret of the installation; nil: nobody gets a link to their own report
	Photos    *upload.Folder // nil: pictures are not taken
	// Tell tells the editors of a body in the transaction of what happened; nil tells nobody.
	Tell func(context.Context, *db.Tx, News) error
	// Answer sends a reply in the transaction of the answer; nil: nobody can leave a way back.
	Answer func(context.Context, *db.Tx, Reply) error
	// Enqueue asks for an import to be applied behind the page; nil applies it at once.
	Enqueue func(ctx context.Context, tx *db.Tx, id string) error
	// Allowed are networks that may be fetched from although they are not public: for tests.
	Allowed []netip.Prefix
	// Patience is how long the reading of one dataset may take; 0 is twenty minutes.
	Patience time.Duration
}

// UseCases is what can be done to run the census.
type UseCases struct {
	Deps
	pace *pace.Pace // of reading files
}

// New gives the use cases.
func New(d Deps) *UseCases {
	return &UseCases{Deps: d, pace: pace.New(pace.Limits{Hourly: hourly, Turns: readers, Wait: patient})}
}

func (u *UseCases) today() calendar.Day { return calendar.DayOf(u.Clock(), calendar.Rome()) }

// bodiesOf is a body with those that it belongs to, nearest first.
func bodiesOf(ctx context.Context, q db.Querier, id string) ([]string, error) {
	return db.Rows(ctx, q, db.Column[string], `WITH RECURSIVE up (id, depth) AS (
			SELECT id, 0 FROM network_organization WHERE id = $1
			UNION SELECT o.parent_id, up.depth + 1 FROM network_organization o JOIN up ON o.id = up.id WHERE o.parent_id IS NOT NULL AND up.depth < 8
		) SELECT id FROM up ORDER BY depth, id`, id)
}

// bodiesIn is bodiesOf as a condition of SQL about the body in a column, for access.Column.
func bodiesIn(column string) string {
	return `%s IN (WITH RECURSIVE up (id, depth) AS (
			SELECT o.id, 0 FROM network_organization o WHERE o.id = ` + column + `
			UNION SELECT o.parent_id, up.depth + 1 FROM network_organization o JOIN up ON o.id = up.id WHERE o.parent_id IS NOT NULL AND up.depth < 8
		) SELECT up.id FROM up)`
}

// resource is a thing of the census that belongs to a body, as policies see it.
func resource(ctx context.Context, q db.Querier, kind, id, member string) (access.Resource, error) {
	bodies, err := bodiesOf(ctx, q, member)
	return access.Resource{Type: kind, ID: id, Attributes: access.Attributes{"member": member, "bodies": bodies}}, err
}

// network is what belongs to the network as a whole.
func network(kind string) access.Resource {
	return access.Resource{Type: kind, ID: "census", Attributes: access.Attributes{"member": "", "bodies": []string{}}}
}
