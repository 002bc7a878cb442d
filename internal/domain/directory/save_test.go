// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"context"
	"testing"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
)

func clock() time.Time { return time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC) }

func smallBatch() directory.Batch {
	body := network.Organization{Kind: "third-sector"}
	body.ID, body.Name = "o1", "Associazione"
	open := directory.Service{}
	open.ID, open.OrganizationID, open.Name, open.Status = "s1", "o1", "Mensa", directory.StatusActive
	open.Card.Language, open.Card.Needs = "it", []string{"food-and-meals"}
	lat, lon := 37.8, 12.43
	site := directory.Site{ID: "l1"}
	site.Location.ID, site.Location.Comune, site.Location.Latitude, site.Location.Longitude = "loc1", "081011", &lat, &lon
	open.Sites = []directory.Site{site}
	reserved := hidden()
	reserved.Sites, reserved.ID = nil, "s2"
	return directory.Batch{Source: "test", Organizations: []network.Organization{body}, Services: []directory.Service{open, reserved}}
}

func TestSaveTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		u := directory.New(d, clock)
		planned, err := u.Plan(ctx, smallBatch())
		if err != nil || planned["service"].Created != 2 {
			t.Fatalf("plan: %+v, %v", planned, err)
		}
		if list, _, err := u.Changes(ctx, 0); err != nil || len(list) != 0 {
			t.Fatalf("a plan wrote something: %v, %v", list, err)
		}
		if _, err := u.Save(ctx, smallBatch()); err != nil {
			t.Fatal(err)
		}
		first, reached, err := u.Changes(ctx, 0)
		if err != nil || len(first) != 2 {
			t.Fatalf("changes: %v, %v", first, err)
		}
		again, err := u.Save(ctx, smallBatch())
		if err != nil || again.Changed() || again["service"].Unchanged != 2 {
			t.Errorf("second time: %+v, %v", again, err)
		}
		if list, _, err := u.Changes(ctx, reached); err != nil || len(list) != 0 {
			t.Errorf("the feed moved: %v, %v", list, err)
		}
	})
}

func TestSaveIsAllOrNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		u := directory.New(d, clock)
		b := smallBatch()
		orphan := directory.Service{}
		orphan.ID, orphan.OrganizationID, orphan.Name = "s3", "nobody", "Senza ente"
		b.Services = append(b.Services, orphan)
		if _, err := u.Save(ctx, b); !fault.Is(err, fault.KindInvalid) {
			t.Fatalf("%v, want a refusal", err)
		}
		if list, _, err := u.Changes(ctx, 0); err != nil || len(list) != 0 {
			t.Errorf("half of it was saved: %v, %v", list, err)
		}
	})
}

func TestEntryFollowsItsBody(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		u := directory.New(d, clock)
		if _, err := u.Save(ctx, smallBatch()); err != nil {
			t.Fatal(err)
		}
		b := smallBatch()
		b.Services = nil
		b.Organizations[0].Name = "Associazione nuova"
		if _, err := u.Save(ctx, b); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"s1", "s2"} {
			e, err := u.Entry(ctx, id)
			if err != nil || e.Organization.Name != "Associazione nuova" {
				t.Errorf("%s: %q, %v", id, e.Organization.Name, err)
			}
		}
		if _, err := u.Entry(ctx, "none"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("%v, want not found", err)
		}
	})
}

func TestSaveReplacesSitesAndTerms(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		u := directory.New(d, clock)
		if _, err := u.Save(ctx, smallBatch()); err != nil {
			t.Fatal(err)
		}
		b := smallBatch()
		b.Services[0].Sites[0].ID = "l9"
		b.Services[0].Card.Needs = []string{"clothes-and-showers"}
		b.Services[0].RequiredDocuments = []hsds.RequiredDocument{{ID: "d", Document: "Nessuno"}}
		if _, err := u.Save(ctx, b); err != nil {
			t.Fatal(err)
		}
		for sql, want := range map[string]int64{
			`SELECT count(*) FROM directory_entry_site`: 1,
			`SELECT count(*) FROM directory_entry_term`: 2,
			`SELECT count(*) FROM directory_entry`:      2,
		} {
			if got, err := db.Row(ctx, d, db.Column[int64], sql); err != nil || got != want {
				t.Errorf("%s: %d, %v, want %d", sql, got, err, want)
			}
		}
	})
}
