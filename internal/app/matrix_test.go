// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"testing"

	"approdo/internal/base/access/accesstest"
	"approdo/internal/kit/db"
)

// Every route that is not for everybody, as a stranger and as every role, for records of one's own
// body, of another and for none, as page and as JSON, against the table that people have read.
func TestMatrix(t *testing.T) {
	t.Parallel()
	world := newDemo(t).run(t)
	world.everyPageHelps(t)
	table := accesstest.Matrix{
		Routes: world.guarded(), Records: world.records(), Who: world.demo.who,
		Formats: []string{"text/html", "application/json"}, World: world,
	}.Table(t)
	accesstest.Golden(t, "matrix.txt", table)
	t.Logf("%d routes, the world was put back %d times", len(world.guarded()), world.resets)
}

// records are examples for the parameters of routes: a room adds a line for each kind of record that
// has pages. A record that the demo does not have fails the test: its rows would prove nothing.
func (r *running) records() []accesstest.Record {
	own, other := r.demo.bodies[0], r.demo.bodies[1]
	service := func(body string) string {
		return r.first(`SELECT id FROM directory_service WHERE organization_id = $1 ORDER BY id LIMIT 1`, body)
	}
	account := func(name string) string {
		return r.first(`SELECT id FROM identity_account WHERE email = $1`, name+"@rete.example")
	}
	return []accesstest.Record{
		{Prefix: "/it/office/services/{id}", Paths: []accesstest.Path{
			{Relation: "own body's", Path: "/it/office/services/" + service(own)}, {Relation: "another body's", Path: "/it/office/services/" + service(other)},
		}},
		{Prefix: "/it/office/network/{id}", Paths: []accesstest.Path{
			{Relation: "own body", Path: "/it/office/network/" + own}, {Relation: "another body", Path: "/it/office/network/" + other},
		}},
		{Prefix: "/it/office/members/{account}", Paths: []accesstest.Path{
			{Relation: "of one's body", Path: "/it/office/members/" + account("trainer")},
		}},
	}
}

// first is one identifier of the demo.
func (r *running) first(text string, args ...any) string {
	r.t.Helper()
	id, err := db.Row(context.Background(), r.app.DB, db.Column[string], text, args...)
	if err != nil {
		r.t.Fatalf("%s %v: %v", text, args, err)
	}
	return id
}
