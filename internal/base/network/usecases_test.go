// SPDX-License-Identifier: EUPL-1.2

package network_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
)

func clock() time.Time { return time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC) }

func actor(member string, roles ...access.Role) access.Actor {
	return access.Actor{Account: "account-" + member, Member: member, Roles: roles, Strong: true, Via: "page"}
}

var admin = actor("palermo", access.NetworkAdministrator)

// room is a network of a few bodies, and a follower that notes what it was asked to move.
type room struct {
	t *testing.T
	*network.UseCases
	follower *follower
}

type follower struct {
	moved [][]string // from, into, and the ids it was limited to
	owns  []string
}

func (f *follower) Name() string { return "room" }

func (f *follower) Move(_ context.Context, _ *db.Tx, from, into string, only []string) ([]string, error) {
	f.moved = append(f.moved, append([]string{from, into}, only...))
	return f.owns, nil
}

func eachRoom(t *testing.T, fn func(t *testing.T, r *room)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		guard, err := access.New(clock, access.Base(), network.Policy())
		if err != nil {
			t.Fatal(err)
		}
		files, err := upload.Open(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		f := &follower{owns: []string{"s1", "s2"}}
		u := network.New(network.Deps{DB: d, Clock: clock, Guard: guard, Files: files, Followers: []network.Follower{f}})
		if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			list := []network.Organization{organization("palermo", "Comune di Palermo"), organization("asp", "ASP Trapani"), organization("asp9", "ASP 9 di Trapani"), organization("coop", "Cooperativa")}
			if err := network.SaveOrganizations(ctx, tx, clock(), list); err != nil {
				return err
			}
			for _, id := range []string{"palermo", "asp9", "coop"} {
				if err := network.SaveProfile(ctx, tx, id, network.Profile{MemberSince: "2026-01-01"}); err != nil {
					return err
				}
			}
			return network.AddFunds(ctx, tx, []network.Fund{{Code: "FAMI", Name: "Fondo"}})
		}); err != nil {
			t.Fatal(err)
		}
		fn(t, &room{t, u, f})
	})
}

func (r *room) body(id string) network.Member {
	r.t.Helper()
	m, err := network.MemberByID(r.t.Context(), r.DB, id)
	if err != nil {
		r.t.Fatal(err)
	}
	return m
}

func stateOf(m network.Member) network.BodyState {
	return network.BodyState{Organization: m.Organization, Profile: m.Profile}
}

// events counts what the log holds of one action.
func (r *room) events(action string) int {
	r.t.Helper()
	n, err := db.Row(r.t.Context(), r.DB, db.Column[int], `SELECT COUNT(*) FROM audit_event WHERE action = $1`, action)
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func missing(err error) bool { return fault.Is(err, fault.KindNotFound) }

// wrongIn says whether the mistake is said beside a field.
func wrongIn(err error, field string) bool {
	list := fault.All(err)
	return len(list) == 1 && list[0].Kind == fault.KindInvalid && list[0].Field == field
}

func TestEditBody(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		m := r.body("coop")
		s := stateOf(m)
		s.Organization.Description, s.Profile.IPA, s.Profile.DPO = "Accoglie.", "c_g273", network.Person{Name: "Rita Esempio", Email: "rpd@coop.example"}
		s.Profile.MemberSince = "2020-01-01"
		own := actor("coop", access.BodyAdministrator)
		got, err := r.EditBody(ctx, own, m.Version, s)
		if err != nil || got.Version != m.Version+1 || got.Description != "Accoglie." || got.IPA != "c_g273" {
			t.Fatalf("%+v, %v", got, err)
		}
		if got.MemberSince != "2026-01-01" {
			t.Error("a body's administrator admitted the body to the network earlier")
		}
		if _, err := r.EditBody(ctx, own, m.Version, s); !fault.Is(err, fault.KindConflict) {
			t.Errorf("a second edit of what was read before: %v", err)
		}
		for name, who := range map[string]access.Actor{
			"another body's administrator": actor("palermo", access.BodyAdministrator), "an editor": actor("coop", access.DirectoryEditor), "a stranger": {},
		} {
			if _, err := r.EditBody(ctx, who, got.Version, s); !missing(err) {
				t.Errorf("%s: %v", name, err)
			}
		}
		history, err := r.BodyHistory(ctx, own, "coop")
		if err != nil || len(history) != 2 || history[0].Account != own.Account || history[0].Action != "network.body.edit" || history[1].Action != network.ActionBefore {
			t.Fatalf("%+v, %v", history, err)
		}
		text, err := db.Row(ctx, r.DB, db.Column[string], `SELECT changes FROM audit_event WHERE action = 'network.body.edit'`)
		if err != nil || strings.Contains(text, "Rita") || strings.Contains(text, "rpd@") || !strings.Contains(text, "Accoglie.") {
			t.Errorf("the log holds %s, %v", text, err)
		}
		// Undo is the state before.
		back, err := r.RestoreBody(ctx, own, "coop", got.Version, history[1].Number)
		if err != nil || back.Description != "" || back.DPO != (network.Person{}) || back.Version != got.Version+1 {
			t.Errorf("%+v, %v", back, err)
		}
	})
}

func TestCreateBody(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		o := organization("ignored", " ")
		o.Kind, o.Website, o.Email, o.ParentOrganizationID = "castle", "javascript:alert(1)", "nobody", "nowhere"
		_, err := r.CreateBody(ctx, admin, network.BodyState{Organization: o, Profile: network.Profile{MemberUntil: "2026-13-01", Territories: []network.Ref{"c:999999"}}})
		var fields []string
		for _, f := range fault.All(err) {
			fields = append(fields, f.Field)
		}
		for _, want := range []string{"name", "kind", "website", "email", "parent", "member_until", "territories"} {
			if !slices.Contains(fields, want) {
				t.Errorf("nothing is said of %s: %v", want, fields)
			}
		}
		m, err := r.CreateBody(ctx, admin, network.BodyState{Organization: organization("", "Prefettura"), Profile: network.Profile{MemberSince: "2026-11-01"}})
		if err != nil || m.ID == "" || r.body(m.ID).Name != "Prefettura" || r.events("network.body.create") != 1 {
			t.Errorf("%+v, %v", m, err)
		}
		if _, err := r.CreateBody(ctx, actor("coop", access.BodyAdministrator), network.BodyState{Organization: organization("", "X")}); !missing(err) {
			t.Errorf("a body's administrator enters another body: %v", err)
		}
	})
}

func TestNobodyIsAboveItself(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		under := func(id, parent string) error {
			m := r.body(id)
			s := stateOf(m)
			s.Organization.ParentOrganizationID = parent
			_, err := r.EditBody(ctx, admin, m.Version, s)
			return err
		}
		if err := under("coop", "asp"); err != nil {
			t.Fatal(err)
		}
		if err := under("asp", "coop"); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a ring of parents: %v", err)
		}
		if err := under("asp", "asp"); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("its own parent: %v", err)
		}
	})
}

// Whoever tries the demo must not take from the next one the bodies that the example accounts act for.
func TestMadeUpBodiesStay(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		if err := r.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			o := organization("invented", "Ente di esempio")
			o.Example = true
			if err := network.SaveOrganizations(ctx, tx, clock(), []network.Organization{o}); err != nil {
				return err
			}
			return network.SaveProfile(ctx, tx, o.ID, network.Profile{MemberSince: "2026-01-01"})
		}); err != nil {
			t.Fatal(err)
		}
		m := r.body("invented")
		leaving, later, edited := stateOf(m), stateOf(m), stateOf(m)
		leaving.Profile.MemberUntil, later.Profile.MemberSince, edited.Organization.Description = "2026-11-20", "2027-01-01", "Accoglie."
		for name, s := range map[string]network.BodyState{"leaving": leaving, "joining later": later} {
			if _, err := r.EditBody(ctx, admin, m.Version, s); !fault.Is(err, fault.KindConflict) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := r.CloseBody(ctx, admin, "invented", m.Version, "2026-11-24", ""); !fault.Is(err, fault.KindConflict) {
			t.Errorf("closing: %v", err)
		}
		if _, err := r.MergeBodies(ctx, admin, "invented", "coop", m.Version, r.body("coop").Version, ""); !wrongIn(err, "into") {
			t.Errorf("merging into a real body: %v", err)
		}
		if is, err := network.IsMember(ctx, r.DB, "invented", r.Today()); err != nil || !is {
			t.Errorf("it has left: %v", err)
		}
		if _, err := r.EditBody(ctx, admin, m.Version, edited); err != nil {
			t.Errorf("what else is known of it can't be changed: %v", err)
		}
	})
}

func TestCloseBody(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		m, err := r.CloseBody(ctx, admin, "coop", r.body("coop").Version, "2026-11-24", "sciolta")
		if err != nil || m.ClosedOn != "2026-11-24" || m.MemberUntil != "2026-11-23" {
			t.Fatalf("%+v, %v", m, err)
		}
		if is, err := network.IsMember(ctx, r.DB, "coop", r.Today()); err != nil || is {
			t.Errorf("a closed body is a member: %v", err)
		}
		if m, err = r.ReopenBody(ctx, admin, "coop", m.Version); err != nil || m.ClosedOn != "" {
			t.Errorf("%+v, %v", m, err)
		}
		if _, err := r.CloseBody(ctx, actor("coop", access.BodyAdministrator), "coop", m.Version, "2026-11-24", ""); !missing(err) {
			t.Errorf("a body closes itself: %v", err)
		}
	})
}
