// SPDX-License-Identifier: EUPL-1.2

//go:build !race

package app

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/base/audit"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/web"
)

// hiddenService is in both worlds; only its place differs.
const hiddenService = "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"

// putHidden enters a service of a body with a place that must not be known.
func (r *running) putHidden(member, street string, lat float64) {
	r.t.Helper()
	lon := 12.6
	place := directory.Site{ID: "hidden-site"}
	place.Location.ID, place.Location.Name, place.Location.Comune, place.Location.LocationType = "hidden-place", "Casa di "+street, "081008", "physical"
	place.Location.Latitude, place.Location.Longitude = &lat, &lon
	place.Location.Addresses = []hsds.Address{{ID: "hidden-address", Address1: street, City: "Erice", StateProvince: "TP", PostalCode: "91016", Country: "IT", AddressType: "physical"}}
	s := directory.Service{}
	s.ID, s.OrganizationID, s.Name, s.Status, s.AssuredDate = hiddenService, member, "Ascolto riservato", directory.StatusActive, "2026-11-01"
	s.Description = "Un ascolto riservato per chi subisce violenza."
	s.Card = directory.Card{Language: "it", Needs: []string{"gender-violence"}, Summary: "Un ascolto riservato."}
	s.Phones = []hsds.Phone{{ID: "hidden-phone", Number: "0923 000111"}}
	s.Confidential = []directory.ConfidentialSite{{ID: "hidden-site", Province: "TP", Place: place}}
	if _, err := r.app.Directory.Save(context.Background(), directory.Batch{Source: "hidden", Services: []directory.Service{s}}); err != nil {
		r.t.Fatal(err)
	}
}

// putGlass breaks the glass as somebody.
func (r *running) putGlass(who string) {
	r.t.Helper()
	a := r.actorOf(who)
	err := r.app.DB.InTx(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		tie, err := access.Tie(ctx, tx, still, access.Actor{Via: audit.ViaJob}, access.Relation{Kind: access.Emergency, Account: a.Account, Member: a.Member, Type: "Case", Object: "c-1"})
		if err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `INSERT INTO access_glass (id, relation, account, name, member, type, object, reason, at, until)
			VALUES ($1, $2, $3, 'Qualcuno', $4, 'Case', 'c-1', 'Un motivo che altri non leggono', $5, $6)`,
			db.NewID(), tie.ID, a.Account, a.Member, db.Millis(still), db.Millis(still.Add(access.GlassHolds)))
		return err
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// reads are all requests that change nothing, as some. What counts requests, or is
// the same file for everybody, is left out.
func (r *running) reads(who []string) []accesstest.Question {
	var list []accesstest.Question
	for _, route := range r.routes.List() {
		// What is for whoever holds a link makes a new secret each time it is looked at.
		if route.Method != http.MethodGet || route.Rule == web.Link || slices.Contains([]string{"static", "metrics", "healthz", "readyz"}, route.Name) {
			continue
		}
		pattern := strings.TrimSuffix(route.Pattern, "{$}")
		if route.Localized {
			pattern = "/it" + pattern
		}
		for {
			before, rest, found := strings.Cut(pattern, "{")
			if !found {
				break
			}
			_, after, _ := strings.Cut(rest, "}")
			pattern = before + hiddenService + after
		}
		for _, name := range who {
			if route.Rule == web.Public && name != "stranger" {
				continue // the same for everybody
			}
			list = append(list, accesstest.Question{Who: name, Request: accesstest.Request{Method: http.MethodGet, Path: pattern, Accept: "text/html"}})
		}
	}
	return list
}

// but are the columns without some.
func (w *demoWorld) but(names ...string) []string {
	return slices.DeleteFunc(slices.Clone(w.who), func(name string) bool { return slices.Contains(names, name) })
}

// Where a hidden place is, nobody outside of its body learns from any page, list, count or export.
func TestHiddenPlacesDoNotInterfere(t *testing.T) {
	t.Parallel()
	demo := newDemo(t)
	one, other := demo.run(t), demo.run(t)
	one.putHidden(demo.bodies[1], "Via dei Gelsi 7", 38.01)
	other.putHidden(demo.bodies[1], "Contrada del Faro 113, scala B", 38.09)
	n := accesstest.NonInterference(t, one, other, one.reads(demo.but(otherBody)))
	if n < 300 {
		t.Errorf("only %d questions were asked", n)
	}
	if !accesstest.Interferes(one, other, one.reads([]string{otherBody})) {
		t.Error("its own body is shown no difference either: the comparison proves nothing")
	}
}

// That somebody broke the glass is known to them, to the officer of their body and to auditors, and
// changes nothing for anybody else.
func TestBrokenGlassDoesNotInterfere(t *testing.T) {
	t.Parallel()
	demo := newDemo(t)
	one, other := demo.run(t), demo.run(t)
	other.putGlass(string(access.CaseWorker))
	knowing := []string{string(access.CaseWorker), string(access.DataProtectionOfficer), string(access.Auditor)}
	accesstest.NonInterference(t, one, other, one.reads(demo.but(knowing...)))
	for _, who := range knowing {
		if !accesstest.Interferes(one, other, one.reads([]string{who})) {
			t.Errorf("%s is shown no difference: the comparison proves nothing", who)
		}
	}
}
