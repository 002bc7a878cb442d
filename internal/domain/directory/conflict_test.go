// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
)

// arbiter is somebody who may choose for every body.
func arbiter() access.Actor {
	return access.Actor{Account: "admin", Member: "o1", Roles: []access.Role{access.NetworkAdministrator}}
}

func guarded(t *testing.T, d *db.DB) *directory.UseCases {
	t.Helper()
	guard, err := access.New(clock, access.Base(), directory.Policy())
	if err != nil {
		t.Fatal(err)
	}
	u := directory.New(d, clock).Guarded(guard)
	mustSave(t, u, smallBatch())
	return u
}

// changed is the small batch as its dataset has it later.
func changed(change func(*directory.Service)) directory.Batch {
	b := smallBatch()
	change(&b.Services[0])
	return b
}

// What only one side changed needs nobody: the dataset's telephone comes, our description stays.
func TestPartsThatOnlyOneSideChangedComeTogether(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := guarded(t, d)
		editHere(t, d, "s1", func(s *directory.Service) {
			s.Description, s.AssuredDate = "Scritto qui.", "2026-11-20"
			s.Card.Translations = []directory.Translation{{Language: "en", Group: directory.GroupBody, State: directory.TranslationUpToDate, Fields: map[string]string{"description": "Written here."}}}
		})
		next := changed(func(s *directory.Service) { s.Phones = []hsds.Phone{{ID: "p9", Number: "000 999"}} })
		applied, err := u.Apply(t.Context(), next, nil)
		if err != nil || len(applied.Held) != 0 || applied.Outcome["service"].Updated != 1 {
			t.Fatalf("%+v, %v", applied, err)
		}
		e, err := u.Entry(t.Context(), "s1")
		if err != nil || e.Description != "Scritto qui." || len(e.Phones) != 1 || e.Phones[0].Number != "000 999" || e.AssuredDate != "2026-11-20" || len(e.Card.Translations) != 1 {
			t.Errorf("%q %v %s %v, %v", e.Description, e.Phones, e.AssuredDate, e.Card.Translations, err)
		}
		if again := mustSave(t, u, next); again.Changed() || again["service"].Held != 0 {
			t.Errorf("the same again: %+v", again)
		}
		// The next change of the dataset comes through as well, and what is ours stays ours.
		next.Services[0].Phones[0].Number = "000 111"
		mustSave(t, u, next)
		if e, err := u.Entry(t.Context(), "s1"); err != nil || e.Phones[0].Number != "000 111" || e.Description != "Scritto qui." {
			t.Errorf("later: %v %q, %v", e.Phones, e.Description, err)
		}
	})
}

func TestAPersonChoosesBetweenBothSides(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, actor := t.Context(), arbiter()
		u := guarded(t, d)
		if err := u.Summarize(ctx); err != nil {
			t.Fatal(err)
		}
		editHere(t, d, "s1", func(s *directory.Service) { s.Description, s.Name = "Scritto qui.", "Mensa di qui" })
		next := changed(func(s *directory.Service) {
			s.Description, s.Name, s.Email = "Scritto là.", "Mensa di là", "la@ente.example"
		})
		for range 2 { // a feed says it every night
			applied, err := u.Apply(ctx, next, nil)
			if err != nil || len(applied.Held) != 1 || len(applied.Held[0].Parts) != 2 {
				t.Fatalf("%+v, %v", applied, err)
			}
		}
		if e, err := u.Entry(ctx, "s1"); err != nil || e.Description != "Scritto qui." || e.Email != "la@ente.example" {
			t.Errorf("meanwhile: %q %q, %v", e.Description, e.Email, err)
		}
		list, total, err := u.Conflicts(ctx, actor, 1, 10)
		if err != nil || total != 1 || list[0].Service.ID != "s1" || list[0].Dataset != "test" {
			t.Fatalf("%+v, %v", list, err)
		}
		c, err := u.Conflict(ctx, actor, "s1")
		if err != nil || len(c.Parts) != 2 || c.Parts[0].Part != directory.PartTitle || c.Parts[0].Changes[0].Before != "Mensa di qui" || c.Parts[0].Changes[0].After != "Mensa di là" {
			t.Fatalf("%+v, %v", c, err)
		}
		if _, err := u.Conflict(ctx, access.Actor{Account: "x", Member: "other", Roles: []access.Role{access.DirectoryEditor}}, "s1"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("an editor of another body: %v", err)
		}
		if err := u.Choose(ctx, actor, "s1", "stale", nil); !fault.Is(err, fault.KindConflict) {
			t.Errorf("without having seen it: %v", err)
		}
		if err := u.Choose(ctx, actor, "s1", c.Version, []string{directory.PartDescription}); err != nil {
			t.Fatal(err)
		}
		if e, err := u.Entry(ctx, "s1"); err != nil || e.Name != "Mensa di qui" || e.Description != "Scritto là." {
			t.Errorf("chosen: %q %q, %v", e.Name, e.Description, err)
		}
		// What was chosen is not asked again, until the dataset changes it.
		if applied, err := u.Apply(ctx, next, nil); err != nil || len(applied.Held) != 0 || applied.Outcome.Changed() {
			t.Errorf("the same again: %+v, %v", applied, err)
		}
		next.Services[0].Name = "Mensa nuova"
		if applied, err := u.Apply(ctx, next, nil); err != nil || len(applied.Held) != 1 {
			t.Errorf("another name: %+v, %v", applied, err)
		}
		// When both say the same again there is nothing left to choose.
		next.Services[0].Name = "Mensa di qui"
		mustSave(t, u, next)
		if _, total, err := u.Conflicts(ctx, actor, 1, 10); err != nil || total != 0 {
			t.Errorf("left: %d, %v", total, err)
		}
	})
}

// What was edited here and is gone from its dataset stays until somebody chooses, and is ours then.
func TestAServiceThatItsDatasetHasNoMoreBecomesOurs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, actor := t.Context(), arbiter()
		for _, closes := range []bool{false, true} {
			u := guarded(t, d)
			if err := u.Summarize(ctx); err != nil {
				t.Fatal(err)
			}
			editHere(t, d, "s1", func(s *directory.Service) { s.Description = "Scritto qui." })
			gone := smallBatch()
			gone.Services, gone.Complete = gone.Services[1:], true
			mustSave(t, u, gone)
			c, err := u.Conflict(ctx, actor, "s1")
			if err != nil || c.Theirs != nil {
				t.Fatalf("%+v, %v", c, err)
			}
			theirs, status := []string(nil), directory.StatusActive
			if closes {
				theirs, status = []string{directory.PartRest}, directory.StatusDefunct
			}
			if err := u.Choose(ctx, actor, "s1", c.Version, theirs); err != nil {
				t.Fatal(err)
			}
			if outcome := mustSave(t, u, gone); outcome.Changed() || outcome["service"].Held != 0 {
				t.Errorf("closed %v, afterwards: %+v", closes, outcome)
			}
			if e, err := u.Entry(ctx, "s1"); err != nil || e.Status != status {
				t.Errorf("closed %v: %s, %v", closes, e.Status, err)
			}
			back := smallBatch()
			back.TakesOver, back.OverEdits = []string{""}, true
			mustSave(t, u, back)
		}
	})
}

// Nothing is put together from two halves where people are sheltered.
func TestAHiddenPlaceIsNotBroughtTogether(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := guarded(t, d)
		editHere(t, d, "s2", func(s *directory.Service) { s.Description = "Scritto qui." })
		next := smallBatch()
		next.Services[1].Email = "altro@ente.example"
		applied, err := u.Apply(t.Context(), next, nil)
		if err != nil || len(applied.Held) != 1 || applied.Held[0].ID != "s2" || len(applied.Held[0].Parts) != 0 {
			t.Fatalf("%+v, %v", applied, err)
		}
		var n int
		if n, err = db.Row(t.Context(), d, db.Column[int], `SELECT count(*) FROM directory_conflict`); err != nil || n != 0 {
			t.Errorf("%d, %v", n, err)
		}
	})
}
