// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"strings"
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
		Formats: []string{"text/html", "application/json"}, World: world, Bare: bare,
	}.Table(t)
	accesstest.Golden(t, "matrix.txt", table)
	t.Logf("%d routes, the world was put back %d times", len(world.guarded()), world.resets)
}

// bare are addresses by which nothing of the demo can be named: no account there is linked to a
// provider, and no job has died.
var bare = []string{
	"/it/invitation/{token}", "/it/account/with/{name}", "/it/account/externals/{id}", "/it/office/notices/devices/{id}",
	"/it/office/work/{id}", "/it/office/missed/{id}", "/it/mediation/answer/{secret}",
}

// records are examples for the parameters of routes: a room adds a line for each kind of record that
// has pages. A route without one fails the test, and so does a record that is not there: their rows
// would prove nothing.
func (r *running) records() []accesstest.Record {
	own, other := r.demo.bodies[0], r.demo.bodies[1]
	service := func(body string) string {
		return r.first(`SELECT id FROM directory_service WHERE organization_id = $1 ORDER BY id LIMIT 1`, body)
	}
	account := func(name string) string {
		return r.first(`SELECT id FROM identity_account WHERE email = $1`, name+"@rete.example")
	}
	of := func(text, name string) string { return r.first(text, account(name)) }
	event := func(record string) string { return r.first(`SELECT id FROM audit_event WHERE record = $1`, record) }
	// pattern is "/it/office/agreements/{id}": the examples take the place of its last part.
	pair := func(pattern, ownOne, otherOne string) accesstest.Record {
		path := pattern[:strings.LastIndexByte(pattern, '/')+1]
		return accesstest.Record{Prefix: pattern, Paths: []accesstest.Path{{Relation: "own body's", Path: path + ownOne}, {Relation: "another body's", Path: path + otherOne}}}
	}
	one := func(pattern, whose, id string) accesstest.Record {
		return accesstest.Record{Prefix: pattern, Paths: []accesstest.Path{{Relation: whose, Path: pattern[:strings.LastIndexByte(pattern, '/')+1] + id}}}
	}
	list := []accesstest.Record{
		pair("/it/office/services/{id}", service(own), service(other)),
		{Prefix: "/it/office/services/{id}/translations/{language}", Paths: []accesstest.Path{
			{Relation: "own body's", Path: "/it/office/services/" + service(own) + "/translations/fr"},
			{Relation: "another body's", Path: "/it/office/services/" + service(other) + "/translations/fr"},
		}},
		pair("/it/office/conflicts/{id}", service(own), service(other)),
		pair("/it/office/network/{id}", own, other),
		one("/it/office/members/{account}", "of one's body", account("trainer")),
		one("/it/account/sessions/{id}", "the trainer's", of(`SELECT id FROM identity_session WHERE account_id = $1 LIMIT 1`, "trainer")),
		one("/it/account/factors/{id}", "the auditor's", of(`SELECT id FROM identity_factor WHERE account_id = $1 LIMIT 1`, "auditor")),
		one("/it/office/notices/{id}", "the trainer's", ownRecord),
		one("/it/office/accessibility/{id}", "the network's", ownRecord),
		one("/it/office/funds/{code}", "the network's", r.first(`SELECT code FROM network_fund ORDER BY code LIMIT 1`)),
		{Prefix: "/it/mediation/answer/{kind}/{id}", Paths: []accesstest.Path{{Relation: "the mediator's", Path: "/it/mediation/answer/booking/" + ownRecord}}},
		{Prefix: "/it/office/log/{id}", Paths: []accesstest.Path{
			{Relation: "done by one's own body", Path: "/it/office/log/" + event("of "+ownRecord)},
			{Relation: "by one's own body, about a person", Path: "/it/office/log/" + event("about "+ownRecord)},
			{Relation: "done by another body", Path: "/it/office/log/" + event("of "+otherRecord)},
			{Relation: "by another body, about a person", Path: "/it/office/log/" + event("about "+otherRecord)},
		}},
	}
	for _, pattern := range []string{
		"/it/office/projects/{code}", "/it/office/agreements/{id}", "/it/office/processings/{id}", "/it/office/breaches/{id}", "/it/office/messages/{id}",
		"/it/office/feedback/{id}", "/it/office/import/{id}", "/it/office/field/{id}", "/it/office/access/emergencies/{id}", "/it/office/access/relations/{id}",
		"/it/office/members/invitations/{id}", "/it/office/mediation/requests/{id}", "/it/office/mediation/roster/{id}",
	} {
		list = append(list, pair(pattern, ownRecord, otherRecord))
	}
	return list
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
