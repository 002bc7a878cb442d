// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"strings"
	"testing"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
)

func mustSave(t *testing.T, u *directory.UseCases, b directory.Batch) directory.Outcome {
	t.Helper()
	outcome, err := u.Save(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

// keys are the keys of the faults in an error.
func keys(err error) string {
	var list []string
	for _, f := range fault.All(err) {
		list = append(list, f.Message.Key)
	}
	return strings.Join(list, " ")
}

func TestWhatIsNotInABatchStays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		mustSave(t, u, smallBatch())
		b := smallBatch()
		b.Services = b.Services[:1]
		if outcome := mustSave(t, u, b); outcome.Changed() {
			t.Errorf("a part of the dataset changed it: %+v", outcome)
		}
	})
}

func TestACompleteBatchTakesAwayWhatIsMissing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u, f := finderOver(t, d, smallBatch())
		other := smallBatch()
		other.Source, other.Services = "other", []directory.Service{smallBatch().Services[0]}
		other.Services[0].ID, other.Services[0].Sites = "s9", nil
		mustSave(t, u, other)
		b := smallBatch()
		b.Services, b.Complete, b.Kept = nil, true, []string{"s2"}
		planned, err := u.Plan(t.Context(), b)
		if err != nil || planned["service"].Removed != 1 {
			t.Fatalf("plan: %+v, %v", planned, err)
		}
		if _, err := u.Entry(t.Context(), "s1"); err != nil {
			t.Fatalf("the plan took it away: %v", err)
		}
		before, err := u.Seq(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if outcome := mustSave(t, u, b); outcome["service"].Removed != 1 {
			t.Errorf("%+v", outcome)
		}
		if _, err := u.Entry(t.Context(), "s1"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("it is still there: %v", err)
		}
		for _, id := range []string{"s2", "s9"} {
			if _, err := u.Entry(t.Context(), id); err != nil {
				t.Errorf("%s went too: %v", id, err)
			}
		}
		changes, _, err := u.Changes(t.Context(), before)
		if err != nil || len(changes) != 1 || changes[0].ID != "s1" || !changes[0].Gone || changes[0].Entry.Name != "" {
			t.Errorf("the feed says %+v, %v", changes, err)
		}
		if err := f.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if found, err := f.Find(t.Context(), directory.Query{}); err != nil || ids(found) != "s2 s9" || found.Total != 2 {
			t.Errorf("found %q of %d, %v", ids(found), found.Total, err)
		}
		if again := mustSave(t, u, b); again.Changed() {
			t.Errorf("the second time: %+v", again)
		}
		// It may come back, with the place it had.
		if outcome := mustSave(t, u, smallBatch()); outcome["service"].Created != 1 {
			t.Errorf("back again: %+v", outcome)
		}
		if _, err := u.Place(t.Context(), "l1"); err != nil {
			t.Errorf("its place: %v", err)
		}
	})
}

func TestACompleteBatchNeedsASource(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		_, err := directory.New(d, clock).Save(t.Context(), directory.Batch{Complete: true})
		if keys(err) != "save.complete-without-source" {
			t.Error(err)
		}
	})
}

func TestACompleteBatchTakesAwayPlacesOfBodies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		b := smallBatch()
		b.Locations = []directory.BodyLocation{bodyLocation("old"), bodyLocation("new")}
		mustSave(t, u, b)
		b.Complete, b.Locations = true, b.Locations[1:]
		if outcome := mustSave(t, u, b); outcome["location"] != (directory.Count{Unchanged: 1, Removed: 1}) {
			t.Errorf("%+v", outcome)
		}
		if list, err := u.BodyLocations(t.Context()); err != nil || len(list) != 1 || list[0].ID != "new" {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func bodyLocation(id string) directory.BodyLocation {
	return directory.BodyLocation{Location: directory.Location{Location: hsds.Location{ID: id, OrganizationID: "o1", LocationType: "physical", Name: "Sede"}}}
}

// A place that no service stood at belongs to the service that comes to stand there.
func TestPlacesOfBodiesBecomePlacesOfServices(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		b := directory.Batch{Source: "test", Organizations: smallBatch().Organizations, Locations: []directory.BodyLocation{bodyLocation("loc1"), bodyLocation(canary)}}
		mustSave(t, u, b)
		mustSave(t, u, smallBatch())
		if list, err := u.BodyLocations(t.Context()); err != nil || len(list) != 0 {
			t.Errorf("one where a service stands, one that must not be known: %+v, %v", list, err)
		}
		// Nor do they come back when a file brings the places alone.
		if outcome := mustSave(t, u, b); outcome["location"].Created != 0 {
			t.Errorf("%+v", outcome)
		}
	})
}

func TestAPlaceIsHiddenForAllOrForNone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		mustSave(t, u, smallBatch())
		open := directory.Batch{Source: "open", Services: []directory.Service{smallBatch().Services[0]}}
		open.Services[0].ID, open.Services[0].Sites[0].ID, open.Services[0].Sites[0].Location.ID = "s3", "l3", canary
		if _, err := u.Save(t.Context(), open); keys(err) != "service.place-is-hidden" {
			t.Errorf("an open service in a hidden place: %v", err)
		}
		hide := directory.Batch{Source: "hide", Services: []directory.Service{smallBatch().Services[1]}}
		hide.Services[0].ID, hide.Services[0].Confidential[0].Place.Location.ID = "s4", "loc1"
		if _, err := u.Save(t.Context(), hide); keys(err) != "service.place-is-hidden" {
			t.Errorf("a hidden service in an open place: %v", err)
		}
	})
}

func TestASiteBelongsToOneService(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		second := smallBatch().Services[0]
		second.ID = "s3"
		b := smallBatch()
		b.Services = append(b.Services, second)
		if _, err := u.Save(t.Context(), b); keys(err) != "service.site-taken" {
			t.Errorf("twice in one batch: %v", err)
		}
		mustSave(t, u, smallBatch())
		if _, err := u.Save(t.Context(), directory.Batch{Source: "test", Services: []directory.Service{second}}); keys(err) != "service.site-taken" {
			t.Errorf("that of a stored service: %v", err)
		}
		// It may move with both services in one batch.
		b.Services[0].Sites = nil
		mustSave(t, u, b)
		if p, err := u.Place(t.Context(), "l1"); err != nil || p.Entry.ID != "s3" {
			t.Errorf("the site is at %q, %v", p.Entry.ID, err)
		}
	})
}

func TestNothingComesTwiceInABatch(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		b := smallBatch()
		b.Services = append(b.Services, b.Services[1])
		if _, err := u.Save(t.Context(), b); keys(err) != "save.twice" {
			t.Errorf("a service: %v", err)
		}
		b = smallBatch()
		b.Organizations = append(b.Organizations, b.Organizations[0])
		if _, err := u.Save(t.Context(), b); keys(err) != "save.twice" {
			t.Errorf("a body: %v", err)
		}
	})
}

func TestEntryFollowsItsProgram(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		b := smallBatch()
		b.Services[0].ProgramID = "g1"
		b.Programs = []hsds.Program{{ID: "g1", OrganizationID: "o1", Name: "Programma"}}
		mustSave(t, u, b)
		b.Services, b.Organizations = nil, nil
		b.Programs[0].Name = "Programma nuovo"
		mustSave(t, u, b)
		e, err := u.Entry(t.Context(), "s1")
		if err != nil || e.Program == nil || e.Program.Name != "Programma nuovo" {
			t.Errorf("%+v, %v", e.Program, err)
		}
	})
}

// A batch belongs to the caller: saving it changes nothing in it.
func TestSaveLeavesTheBatchAlone(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		b := smallBatch()
		b.Services[0].Card.Translations = translated().Card.Translations
		for i := range b.Services[0].Card.Translations {
			b.Services[0].Card.Translations[i].Digest = ""
		}
		first := b.Services[0].Card.Translations[0]
		mustSave(t, directory.New(d, clock), b)
		if got := b.Services[0].Card.Translations[0]; got.Digest != "" || got.Language != first.Language {
			t.Errorf("%+v", got)
		}
	})
}

// Two nodes follow the same feed, whoever of them saved.
func TestTwoFindersFollowOneFeed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u, here := finderOver(t, d, smallBatch())
		there := directory.NewFinder(u)
		if err := there.Load(t.Context()); err != nil {
			t.Fatal(err)
		}
		renamed := smallBatch()
		renamed.Services, renamed.Organizations[0].Name = nil, "Cooperativa Zibibbo"
		mustSave(t, u, renamed)
		for name, f := range map[string]*directory.Finder{"here": here, "there": there} {
			if err := f.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			if found, err := f.Find(t.Context(), directory.Query{Text: "zibibbo", Language: "it"}); err != nil || found.Total != 2 {
				t.Errorf("%s: the new name finds %q, %v", name, ids(found), err)
			}
			if found, err := f.Find(t.Context(), directory.Query{Text: "associazione", Language: "it"}); err != nil || found.Total != 0 {
				t.Errorf("%s: the old name finds %q, %v", name, ids(found), err)
			}
		}
		gone := directory.Batch{Source: "test", Complete: true}
		mustSave(t, u, gone)
		for name, f := range map[string]*directory.Finder{"here": here, "there": there} {
			if err := f.Refresh(t.Context()); err != nil || f.Len() != 0 {
				t.Errorf("%s: %d entries, %v", name, f.Len(), err)
			}
		}
	})
}
