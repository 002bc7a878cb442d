// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// Two entries of one body made one: its services follow, its entries are written anew, the dataset
// that still names the old entry does not split it again, and the way back takes only what came.
func TestServicesFollowTheirBody(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		u := directory.New(d, func() time.Time { return time.UnixMilli(1_760_000_000_000) })
		batch := directory.Batch{Source: "comune"}
		for _, id := range []string{"old", "new"} {
			o := network.Organization{}
			o.ID, o.Name = id, "Ente "+id
			s := directory.Service{}
			s.ID, s.OrganizationID, s.Name, s.Status = "of-"+id, id, "Servizio", directory.StatusActive
			s.Card.Language = "it"
			batch.Organizations, batch.Services = append(batch.Organizations, o), append(batch.Services, s)
		}
		if _, err := u.Save(ctx, batch); err != nil {
			t.Fatal(err)
		}
		move := func(from, into string, only []string) (moved []string) {
			t.Helper()
			if err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
				if err := network.SaveProfile(ctx, tx, "old", network.Profile{MergedInto: map[bool]string{true: "new"}[into == "new"]}); err != nil {
					return err
				}
				moved, err = u.Move(ctx, tx, from, into, only)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return moved
		}
		offers := func(body string, want ...string) {
			t.Helper()
			entries, err := u.EntriesOf(ctx, body)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range entries {
				got = append(got, e.ID)
				if e.Organization.ID != body {
					t.Errorf("%s shows the body %s", e.ID, e.Organization.ID)
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s offers %v, want %v", body, got, want)
			}
		}
		moved := move("old", "new", nil)
		if !slices.Equal(moved, []string{"of-old"}) {
			t.Fatalf("moved %v", moved)
		}
		offers("new", "of-new", "of-old")
		offers("old")
		if _, err := u.Save(ctx, batch); err != nil {
			t.Fatal(err)
		}
		offers("new", "of-new", "of-old")
		move("new", "old", moved)
		offers("new", "of-new")
		offers("old", "of-old")
	})
}

// A body that changes here changes the entries of its services in the same transaction.
func TestPublishBodies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		u := directory.New(d, func() time.Time { return time.UnixMilli(1_760_000_000_000) })
		o := network.Organization{}
		o.ID, o.Name = "b", "Ente"
		s := directory.Service{}
		s.ID, s.OrganizationID, s.Name, s.Status = "s", "b", "Servizio", directory.StatusActive
		s.Card.Language = "it"
		if _, err := u.Save(ctx, directory.Batch{Source: "x", Organizations: []network.Organization{o}, Services: []directory.Service{s}}); err != nil {
			t.Fatal(err)
		}
		o.Name = "Ente con un altro nome"
		if err := d.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			return u.PublishBodies(ctx, tx, []network.Organization{o})
		}); err != nil {
			t.Fatal(err)
		}
		entries, err := u.EntriesOf(ctx, "b")
		if err != nil || len(entries) != 1 || entries[0].Organization.Name != o.Name {
			t.Errorf("%+v, %v", entries, err)
		}
	})
}
