// SPDX-License-Identifier: EUPL-1.2

package network_test

import (
	"slices"
	"strings"
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/kit/fault"
)

// agreed enters an agreement with a signed paper.
func (r *room) agreed(kind string, purposes []string, parties ...network.Party) network.Agreement {
	r.t.Helper()
	a, err := r.SaveAgreement(r.t.Context(), admin, network.Agreement{
		Kind: kind, Title: "Accordo", Parties: parties, Purposes: purposes, What: "dati di contatto", Why: "art. 6.1.e GDPR",
		From: "2026-01-01", Until: "2026-12-31", SignedOn: "2025-12-20",
	}, strings.NewReader("%PDF-1.7 firmato"))
	if err != nil {
		r.t.Fatal(err)
	}
	return a
}

func (r *room) project(code string) network.Project {
	r.t.Helper()
	p, err := network.ProjectByCode(r.t.Context(), r.DB, code)
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

func TestMergeBodies(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		child := r.body("coop")
		s := stateOf(child)
		s.Organization.ParentOrganizationID = "asp9"
		if _, err := r.EditBody(ctx, admin, child.Version, s); err != nil {
			t.Fatal(err)
		}
		if _, err := r.SaveProject(ctx, admin, network.Project{
			Code: "BUSY", Title: "Busy", Lead: "palermo", Partners: []string{"asp", "asp9"},
			Activities: []network.Activity{{Kind: "desk", What: "sportello", Body: "asp9"}},
		}); err != nil {
			t.Fatal(err)
		}
		r.agreed(network.JointControllers, []string{"care"}, network.Party{Body: "palermo", Role: network.RoleJointController}, network.Party{Body: "asp9", Role: network.RoleJointController})

		before := map[string]network.BodyState{"asp": stateOf(r.body("asp")), "asp9": stateOf(r.body("asp9")), "coop": stateOf(r.body("coop"))}
		project := r.project("BUSY")
		if _, err := r.MergeBodies(ctx, actor("asp9", access.BodyAdministrator), "asp9", "asp", r.body("asp9").Version, r.body("asp").Version, ""); !missing(err) {
			t.Fatalf("a body merges itself away: %v", err)
		}
		m, err := r.MergeBodies(ctx, admin, "asp9", "asp", r.body("asp9").Version, r.body("asp").Version, "stesso ente")
		if err != nil {
			t.Fatal(err)
		}
		into := r.body("asp")
		if !slices.Contains(into.Aliases, "ASP 9 di Trapani") || into.MemberSince != "2026-01-01" {
			t.Errorf("the name and the membership did not follow: %+v", into)
		}
		if p := r.project("BUSY"); !slices.Equal(p.Partners, []string{"asp"}) || p.Activities[0].Body != "asp" || p.Activities[0].ID != project.Activities[0].ID {
			t.Errorf("the project did not follow: %+v", p)
		}
		if r.body("coop").ParentOrganizationID != "asp" {
			t.Error("the body below did not follow")
		}
		if _, err := network.MayShare(ctx, r.DB, "palermo", "asp", "care", r.Today()); err != nil {
			t.Errorf("the agreement did not follow: %v", err)
		}
		if got := r.follower.moved[0]; !slices.Equal(got, []string{"asp9", "asp"}) {
			t.Errorf("the follower was asked to move %v", got)
		}
		if c, err := network.Current(ctx, r.DB, "asp9"); err != nil || c.ID != "asp" {
			t.Errorf("the old entry leads to %s, %v", c.ID, err)
		}
		if _, err := r.MergeBodies(ctx, admin, "asp9", "coop", r.body("asp9").Version, r.body("coop").Version, ""); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("merged twice: %v", err)
		}

		if _, err := r.UnmergeBodies(ctx, admin, m.ID); err != nil {
			t.Fatal(err)
		}
		for id, want := range before {
			got := stateOf(r.body(id))
			if list, err := network.Compare(want, got); err != nil || len(list) > 0 {
				t.Errorf("%s is not as it was: %v, %v", id, list, err)
			}
		}
		if list, err := network.Compare(project, r.project("BUSY")); err != nil || len(list) > 0 {
			t.Errorf("the project is not as it was: %v, %v", list, err)
		}
		if _, err := network.MayShare(ctx, r.DB, "palermo", "asp", "care", r.Today()); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("the agreement stayed: %v", err)
		}
		if got := r.follower.moved[1]; !slices.Equal(got, []string{"asp", "asp9", "s1", "s2"}) {
			t.Errorf("back went %v: only what came may go back", got)
		}
		if _, err := r.UnmergeBodies(ctx, admin, m.ID); !fault.Is(err, fault.KindConflict) {
			t.Errorf("undone twice: %v", err)
		}
	})
}

func TestUnmergeRefusesWhatChangedSince(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		m, err := r.MergeBodies(ctx, admin, "asp9", "asp", r.body("asp9").Version, r.body("asp").Version, "")
		if err != nil {
			t.Fatal(err)
		}
		into := r.body("asp")
		s := stateOf(into)
		s.Organization.Description = "Cambiata dopo."
		if _, err := r.EditBody(ctx, admin, into.Version, s); err != nil {
			t.Fatal(err)
		}
		if _, err := r.UnmergeBodies(ctx, admin, m.ID); !fault.Is(err, fault.KindConflict) {
			t.Errorf("%v", err)
		}
		if r.body("asp9").MergedInto != "asp" {
			t.Error("half of the merge was undone")
		}
	})
}
