// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"context"
	"slices"
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// editHere writes a stored service as somebody does in the office: the dataset knows nothing of it.
func editHere(t *testing.T, d *db.DB, id string, change func(*directory.Service)) {
	t.Helper()
	err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		var s directory.Service
		if _, err := db.Row(ctx, tx, func(row db.Scanner) (bool, error) { return true, row.Scan(db.JSON(&s)) }, `SELECT record FROM directory_service WHERE id = $1`, id); err != nil {
			return err
		}
		change(&s)
		_, err := db.Exec(ctx, tx, `UPDATE directory_service SET record = $1, fingerprint = 'edited' WHERE id = $2`, db.JSON(s), id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func renamed(b directory.Batch, name string) directory.Batch {
	b.Services[0].Name = name
	return b
}

func TestAnEntryBelongsToItsDataset(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		mustSave(t, u, smallBatch())
		other := renamed(smallBatch(), "Mensa altrui")
		other.Source, other.Organizations[0].Name = "other", "Associazione altrui"
		applied, err := u.Foresee(t.Context(), other)
		if err != nil || len(applied.Held) != 3 || applied.Outcome["service"].Held != 2 || applied.Outcome["organization"].Held != 1 {
			t.Fatalf("foreseen: %+v, %v", applied, err)
		}
		if h := applied.Held[1]; h.Reason != directory.HeldOther || h.Owner != "test" || h.ID != "s1" || h.Name != "Mensa altrui" { // as the file calls it
			t.Errorf("held: %+v", h)
		}
		if outcome := mustSave(t, u, other); outcome.Changed() {
			t.Errorf("another dataset wrote: %+v", outcome)
		}
		if e, err := u.Entry(t.Context(), "s1"); err != nil || e.Name != "Mensa" || e.Organization.Name != "Associazione" {
			t.Errorf("%q of %q, %v", e.Name, e.Organization.Name, err)
		}
		other.TakesOver, other.Services = []string{"test"}, other.Services[:1]
		mustSave(t, u, other)
		if e, err := u.Entry(t.Context(), "s1"); err != nil || e.Name != "Mensa altrui" || e.Organization.Name != "Associazione altrui" {
			t.Errorf("told to: %q of %q, %v", e.Name, e.Organization.Name, err)
		}
		if outcome := mustSave(t, u, smallBatch()); outcome["service"].Held != 1 || outcome["service"].Unchanged != 1 {
			t.Errorf("the first dataset after that: %+v", outcome)
		}
	})
}

// What a body has not published yet is written over by nobody who knows its id.
func TestADraftBelongsToItsBody(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		k := openDesk(t, d)
		editor := actor("comune", access.DirectoryEditor)
		fresh, err := k.Create(ctx, editor, "comune", "Non ancora pubblico")
		if err != nil {
			t.Fatal(err)
		}
		draft := fresh.Service
		drafts := func() int64 {
			n, err := db.Row(ctx, d, db.Column[int64], `SELECT count(*) FROM directory_draft WHERE id = $1`, draft.ID)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		theirs := deskBatch()
		theirs.Source, theirs.Organizations, theirs.Services = "other", nil, theirs.Services[:1]
		theirs.Services[0].ID, theirs.Services[0].OrganizationID, theirs.Services[0].Name = draft.ID, "refuge", "Preso"
		theirs.Services[0].Phones = nil
		applied, err := k.Apply(ctx, theirs, nil)
		if err != nil || len(applied.Held) != 1 || applied.Held[0].Reason != directory.HeldOther || applied.Held[0].Name != "Preso" || applied.Outcome["service"].Held != 1 || applied.Outcome.Changed() {
			t.Errorf("%+v, %v", applied, err)
		}
		if _, err := k.Entry(ctx, draft.ID); !fault.Is(err, fault.KindNotFound) || drafts() != 1 {
			t.Errorf("it was published: %v, %d working copies", err, drafts())
		}
		// The body's own dataset, and the network when it says so, bring it.
		for _, allow := range []func(*directory.Batch){
			func(b *directory.Batch) { b.Services[0].OrganizationID = "comune" },
			func(b *directory.Batch) { b.TakesOver = []string{""} },
		} {
			b := theirs
			b.Services = slices.Clone(theirs.Services)
			allow(&b)
			if applied, err := k.Foresee(ctx, b); err != nil || len(applied.Held) != 0 || applied.Outcome["service"].Created != 1 {
				t.Errorf("allowed: %+v, %v", applied, err)
			}
		}
	})
}

func TestWhatWasEditedHereIsNotWrittenOver(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		mustSave(t, u, smallBatch())
		editHere(t, d, "s1", func(s *directory.Service) { s.Card.Summary = "Scritto qui." })
		next := renamed(smallBatch(), "Mensa nuova")
		applied, err := u.Foresee(t.Context(), next)
		if err != nil || len(applied.Held) != 1 || applied.Held[0].Reason != directory.HeldEdited {
			t.Fatalf("%+v, %v", applied, err)
		}
		gone := smallBatch()
		gone.Services, gone.Complete = gone.Services[1:], true
		if applied, err := u.Apply(t.Context(), gone, nil); err != nil || len(applied.Held) != 1 || applied.Held[0].Reason != directory.HeldRemoval {
			t.Errorf("its removal: %+v, %v", applied, err)
		}
		if _, err := u.Entry(t.Context(), "s1"); err != nil {
			t.Errorf("it went all the same: %v", err)
		}
		next.OverEdits = true
		mustSave(t, u, next)
		if e, err := u.Entry(t.Context(), "s1"); err != nil || e.Name != "Mensa nuova" || e.Card.Summary != "" {
			t.Errorf("told to: %q %q, %v", e.Name, e.Card.Summary, err)
		}
	})
}

// Who confirmed an entry and who translated it are not the dataset's business: it goes on.
func TestConfirmationsAndTranslationsStopNoDataset(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		first := smallBatch()
		first.Services[0].Card.Translations = []directory.Translation{
			{Language: "en", Group: directory.GroupTitle, State: directory.TranslationMachine, Fields: map[string]string{"name": "Canteen"}},
			{Language: "fr", Group: directory.GroupTitle, State: directory.TranslationMachine, Fields: map[string]string{"name": "Cantine"}},
		}
		mustSave(t, u, first)
		editHere(t, d, "s1", func(s *directory.Service) {
			s.AssuredDate, s.Card.AssuredBy = "2026-11-20", "Sportello"
			s.Card.Translations[0].Fields = map[string]string{"name": "Soup kitchen"} // mended
			s.Card.Translations = append(s.Card.Translations, directory.Translation{Language: "ar", Group: directory.GroupTitle, State: directory.TranslationUpToDate, Fields: map[string]string{"name": "مطعم"}})
		})
		next := renamed(smallBatch(), "Mensa nuova") // with no translation at all
		if outcome := mustSave(t, u, next); outcome["service"].Updated != 1 || outcome["service"].Held != 0 {
			t.Fatalf("%+v", outcome)
		}
		e, err := u.Entry(t.Context(), "s1")
		if err != nil || e.Name != "Mensa nuova" {
			t.Fatal(e.Name, err)
		}
		var have []string
		for _, one := range e.Card.Translations {
			have = append(have, one.Language+" "+one.Fields["name"])
		}
		if len(have) != 2 || have[0] != "ar مطعم" || have[1] != "en Soup kitchen" {
			t.Errorf("translations: %v", have)
		}
		if again := mustSave(t, u, next); again.Changed() {
			t.Errorf("the same again: %+v", again)
		}
	})
}

func TestRevertPutsBackWhatWasThere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		u := directory.New(d, clock)
		before := smallBatch()
		before.Locations = []directory.BodyLocation{bodyLocation("old")}
		mustSave(t, u, before)
		second := renamed(smallBatch(), "Mensa nuova")
		second.Organizations[0].Name = "Associazione nuova"
		fresh := smallBatch().Services[0]
		fresh.ID, fresh.OrganizationID, fresh.Sites = "s9", "o9", nil
		second.Services = append(second.Services[:1], fresh)
		body := network.Organization{Kind: "third-sector"}
		body.ID, body.Name = "o9", "Nuova"
		second.Organizations = append(second.Organizations, body)
		second.Complete = true // s2 and the place go
		var written []directory.Written
		if _, err := u.Apply(ctx, second, func(_ context.Context, _ *db.Tx, a directory.Applied) error {
			written = a.Written
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := u.Entry(ctx, "s2"); !fault.Is(err, fault.KindNotFound) {
			t.Fatalf("s2: %v", err)
		}
		applied, err := u.Revert(ctx, written, nil)
		if err != nil || len(applied.Held) != 0 {
			t.Fatalf("%+v, %v", applied, err)
		}
		if e, err := u.Entry(ctx, "s1"); err != nil || e.Name != "Mensa" || e.Organization.Name != "Associazione" {
			t.Errorf("s1: %q of %q, %v", e.Name, e.Organization.Name, err)
		}
		if e, err := u.Entry(ctx, "s2"); err != nil || !e.Reserved() {
			t.Errorf("s2: %v", err)
		}
		for _, gone := range []string{"s9"} {
			if _, err := u.Entry(ctx, gone); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s: %v", gone, err)
			}
		}
		if _, err := u.Organization(ctx, "o9"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the body that came with it: %v", err)
		}
		if list, err := u.BodyLocations(ctx); err != nil || len(list) != 1 {
			t.Errorf("places: %v, %v", list, err)
		}
		// As if it had never been: the dataset may go on, and the same data change nothing.
		if outcome := mustSave(t, u, before); outcome.Changed() {
			t.Errorf("afterwards: %+v", outcome)
		}
	})
}

func TestRevertLeavesWhatWasChangedSince(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		mustSave(t, u, smallBatch())
		var written []directory.Written
		if _, err := u.Apply(t.Context(), renamed(smallBatch(), "Mensa nuova"), func(_ context.Context, _ *db.Tx, a directory.Applied) error {
			written = a.Written
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		mustSave(t, u, renamed(smallBatch(), "Mensa nuovissima"))
		applied, err := u.Revert(t.Context(), written, nil)
		if err != nil || len(applied.Held) != 1 || applied.Held[0].Reason != directory.HeldChanged {
			t.Fatalf("%+v, %v", applied, err)
		}
		if e, err := u.Entry(t.Context(), "s1"); err != nil || e.Name != "Mensa nuovissima" {
			t.Errorf("%q, %v", e.Name, err)
		}
	})
}
