// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package app

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"approdo/internal/base/access/accesstest"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
)

// Every route that is not for everybody, as a stranger and as every role, for records of one's own
// body, of another and for none, as page and as JSON, against the table that people have read.
func TestMatrix(t *testing.T) {
	t.Parallel()
	world := newDemo(t).run(t)
	world.everyPageHelps(t)
	table := accesstest.Matrix{
		Routes: world.guarded(), Records: world.records(), Who: append(slices.Clone(world.demo.who), program),
		Formats: []string{"text/html", "application/json"}, World: world, Bare: bare, Form: anyForm,
	}.Table(t)
	accesstest.Golden(t, "matrix.txt", table)
	t.Logf("%d routes, the world was put back %d times", len(world.guarded()), world.resets)
}

// bare are addresses by which nothing of the demo can be named: the secret of an invitation is kept
// nowhere, as that of a letter to a mediator, no provider is set up, and no job has died.
var bare = []string{"/it/invitation/{token}", "/it/account/with/{name}", "/it/office/work/{id}", "/it/mediation/answer/{secret}", "/it/mediators/follow/{secret}", "/it/mediation/link/{secret}"}

// anyForm is what every form says: that the first state of a record was seen, and a group of fields that
// every card has.
var anyForm = url.Values{"version": {"1"}, "number": {"1"}, "at": {"1"}, "to": {"1"}, "group": {directory.GroupTitle}}

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
	none := [2]string{"nonexistent", accesstest.Nonexistent}
	bodies := [][2]string{none, {"own body's", own}, {"another body's", other}}
	list := []accesstest.Record{
		pair("/it/office/services/{id}", service(own), service(other)),
		{Prefix: "/it/office/services/{id}/translations/{language}", Paths: []accesstest.Path{
			{Relation: "own body's", Path: "/it/office/services/" + service(own) + "/translations/fr"},
			{Relation: "another body's", Path: "/it/office/services/" + service(other) + "/translations/fr"},
		}},
		pair("/it/office/conflicts/{id}", service(own), service(other)),
		withForm(pair("/it/office/network/{id}", own, other), url.Values{"merge": {ownRecord}}, url.Values{"merge": {otherRecord}}),
		withForm(pair("/it/office/projects/{code}", ownRecord, otherRecord), url.Values{"lead": {own}}, url.Values{"lead": {other}}),
		withForm(pair("/it/office/agreements/{id}", ownRecord, otherRecord), url.Values{"party_body_1": {own}}, url.Values{"party_body_1": {other}}),
		named("/it/office/services/rules", []string{"body"}, bodies...),
		named("/it/account/body", []string{"member"}, bodies...),
		named("/it/office/notices", []string{"id"}, none, [2]string{"the trainer's", ownRecord}),
		named("/it/office/datasets/edit", []string{"name", "dataset"}, none, [2]string{"own body's", ownRecord}, [2]string{"another body's", otherRecord}),
		named("/it/office/datasets/fetch", []string{"dataset"}, none, [2]string{"own body's", ownRecord}, [2]string{"another body's", otherRecord}),
		one("/it/account/externals/{id}", "the trainer's", ownRecord),
		one("/it/office/notices/devices/{id}", "the trainer's", ownRecord),
		one("/it/office/missed/{id}", "the network's", ownRecord),
		one("/it/office/members/{account}", "of one's body", account("trainer")),
		one("/it/account/sessions/{id}", "the trainer's", of(`SELECT id FROM identity_session WHERE account_id = $1 LIMIT 1`, "trainer")),
		one("/it/account/factors/{id}", "the auditor's", of(`SELECT id FROM identity_factor WHERE account_id = $1 LIMIT 1`, "auditor")),
		one("/it/office/notices/{id}", "the trainer's", ownRecord),
		one("/it/office/accessibility/{id}", "the network's", ownRecord),
		one("/it/office/funds/{code}", "the network's", r.first(`SELECT code FROM network_fund ORDER BY code LIMIT 1`)),
		{Prefix: "/it/office/log/{id}", Paths: []accesstest.Path{
			{Relation: "done by one's own body", Path: "/it/office/log/" + event("of "+ownRecord)},
			{Relation: "by one's own body, about a person", Path: "/it/office/log/" + event("about "+ownRecord)},
			{Relation: "done by another body", Path: "/it/office/log/" + event("of "+otherRecord)},
			{Relation: "by another body, about a person", Path: "/it/office/log/" + event("about "+otherRecord)},
		}},
	}
	list = append(list, mediationRecords()...)
	for _, pattern := range []string{
		"/it/office/processings/{id}", "/it/office/breaches/{id}", "/it/office/messages/{id}",
		"/it/office/feedback/{id}", "/it/office/import/{id}", "/it/office/field/{id}", "/it/office/access/emergencies/{id}", "/it/office/access/relations/{id}",
		"/it/office/members/invitations/{id}", "/it/office/mediation/sessions/{id}", "/it/office/mediation/roster/{id}",
		"/it/office/mediation/windows/{id}", "/it/office/mediation/files/{id}", "/it/office/mediation/imports/{id}", "/it/office/mediation/residencies/{id}", "/it/office/mediation/postings/{id}",
	} {
		list = append(list, pair(pattern, ownRecord, otherRecord))
	}
	return list
}

// one is an example of a route: pattern is "/it/office/agreements/{id}", and the identifier takes the place of
// its last part.
func one(pattern, whose, id string) accesstest.Record {
	return accesstest.Record{Prefix: pattern, Paths: []accesstest.Path{{Relation: whose, Path: pattern[:strings.LastIndexByte(pattern, '/')+1] + id}}}
}

// pair is an example of one's own body and one of another.
func pair(pattern, ownOne, otherOne string) accesstest.Record {
	r := one(pattern, "own body's", ownOne)
	r.Paths = append(r.Paths, one(pattern, "another body's", otherOne).Paths...)
	return r
}

// named is a route whose form says in fields, or whose query in the first of them, which record it is about.
func named(path string, fields []string, ids ...[2]string) accesstest.Record {
	r := accesstest.Record{Prefix: path}
	for _, one := range ids {
		form := url.Values{}
		for _, field := range fields {
			form.Set(field, one[1])
		}
		r.Paths = append(r.Paths, accesstest.Path{Relation: one[0], Path: path + "?" + url.Values{fields[0]: {one[1]}}.Encode(), Form: form})
	}
	return r
}

// mediationRecords are examples of addresses of mediation.
func mediationRecords() []accesstest.Record {
	decide := func(id string) url.Values {
		return url.Values{"do": {"no"}, "proposal": {id}, "mediator": {"example-mediator-2"}}
	}
	return []accesstest.Record{
		withForm(pair("/it/office/mediation/requests/{id}", ownRecord, otherRecord), decide(ownRecord), decide(otherRecord)),
		pair("/api/mediation/v1/requests/{id}", ownRecord, otherRecord),
		{Prefix: "/it/mediation/sessions/{id}", Paths: []accesstest.Path{{Relation: "the mediator's", Path: "/it/mediation/sessions/" + ownRecord}}},
		{Prefix: "/it/mediation/sessions/{id}/receipt/{n}", Paths: []accesstest.Path{{Relation: "the mediator's", Path: "/it/mediation/sessions/" + ownRecord + "/receipt/0"}}},
		{Prefix: "/it/mediation/months/{month}", Paths: []accesstest.Path{{Relation: "the mediator's", Path: "/it/mediation/months/2026-11"}}},
		{Prefix: "/it/office/mediation/sessions/{id}/receipt/{n}", Paths: []accesstest.Path{
			{Relation: "own body's", Path: "/it/office/mediation/sessions/" + ownRecord + "/receipt/0"},
			{Relation: "another body's", Path: "/it/office/mediation/sessions/" + otherRecord + "/receipt/0"},
		}},
		{Prefix: "/it/office/mediation/timesheets/{id}/{month}", Paths: []accesstest.Path{
			{Relation: "own body's", Path: "/it/office/mediation/timesheets/" + ownRecord + "/2026-11"},
			{Relation: "another body's", Path: "/it/office/mediation/timesheets/" + otherRecord + "/2026-11"},
		}},
		{Prefix: "/it/office/mediation/files/{id}/papers/{paper}", Paths: []accesstest.Path{
			{Relation: "own body's", Path: "/it/office/mediation/files/" + ownRecord + "/papers/" + ownRecord},
			{Relation: "another body's", Path: "/it/office/mediation/files/" + otherRecord + "/papers/" + otherRecord},
		}},
		{Prefix: "/caldav/calendars/mediation/{name}", Paths: []accesstest.Path{{Relation: "the mediator's", Path: "/caldav/calendars/mediation/" + ownRecord + ".ics"}}},
		{Prefix: "/it/mediation/answer/{kind}/{id}", Paths: []accesstest.Path{{Relation: "the mediator's", Path: "/it/mediation/answer/booking/" + ownRecord}}},
	}
}

// withForm says what forms about one's own body's record and another's name.
func withForm(pair accesstest.Record, forms ...url.Values) accesstest.Record {
	for i := range pair.Paths {
		pair.Paths[i].Form = forms[i]
	}
	return pair
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
