// SPDX-License-Identifier: EUPL-1.2

package network_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

func day(t *testing.T, text string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func organization(id, name string) network.Organization {
	o := network.Organization{Kind: "municipality"}
	o.ID, o.Name = id, name
	return o
}

func TestMembers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		profiles := map[string]network.Profile{
			"now":    {MemberSince: "2026-01-10", Territories: []network.Ref{"p:TP"}},
			"left":   {MemberSince: "2025-01-01", MemberUntil: "2026-01-09"},
			"later":  {MemberSince: "2026-03-01"},
			"closed": {MemberSince: "2025-01-01", ClosedOn: "2026-02-01"},
			"merged": {MemberSince: "2025-01-01", MergedInto: "now"},
		}
		if err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			var list []network.Organization
			for _, id := range []string{"now", "left", "later", "closed", "merged", "never"} {
				list = append(list, organization(id, "Ente "+id))
			}
			if err := network.SaveOrganizations(ctx, tx, time.UnixMilli(1), list); err != nil {
				return err
			}
			for id, p := range profiles {
				if err := network.SaveProfile(ctx, tx, id, p); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for on, want := range map[string][]string{
			"2024-12-31": nil,
			"2026-01-09": {"closed", "left"},
			"2026-01-10": {"closed", "now"},
			"2026-02-01": {"now"},
			"2026-03-01": {"later", "now"},
		} {
			members, err := network.Members(ctx, d, day(t, on))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range members {
				got = append(got, m.ID)
				if is, err := network.IsMember(ctx, d, m.ID, day(t, on)); err != nil || !is {
					t.Errorf("%s is listed as a member on %s, and is none: %v", m.ID, on, err)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("members on %s: %v, want %v", on, got, want)
			}
			for _, id := range []string{"now", "left", "later", "closed", "merged", "never", "nobody"} {
				if is, err := network.IsMember(ctx, d, id, day(t, on)); err != nil || is != slices.Contains(want, id) {
					t.Errorf("%s on %s: member %v, %v", id, on, is, err)
				}
			}
		}
		m, err := network.MemberByID(ctx, d, "now")
		if err != nil || m.Name != "Ente now" || m.MemberSince != "2026-01-10" || len(m.Territories) != 1 || m.Version != 1 {
			t.Errorf("%+v, %v", m, err)
		}
	})
}
