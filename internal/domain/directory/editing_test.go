// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
)

// desk is a directory with two bodies, an office of the first, and people who work there.
type desk struct {
	*directory.UseCases
	t   *testing.T
	now time.Time
	db  *db.DB
}

func actor(member string, roles ...access.Role) access.Actor {
	return access.Actor{Account: "who-" + member, Member: member, Roles: roles, Via: "page"}
}

var (
	editor     = actor("comune", access.DirectoryEditor)
	officeEdit = actor("office", access.DirectoryEditor)
	other      = actor("refuge", access.DirectoryEditor)
	translator = actor("comune", access.Translator)
	networkAdm = actor("comune", access.NetworkAdministrator)
	clerk      = actor("comune", access.DeskOperator)
	refugeEdit = actor("refuge", access.BodyAdministrator)
)

func openDesk(t *testing.T, d *db.DB) *desk {
	t.Helper()
	k := &desk{t: t, now: clock(), db: d}
	guard, err := access.New(func() time.Time { return k.now }, directory.Policy())
	if err != nil {
		t.Fatal(err)
	}
	k.UseCases = directory.New(d, func() time.Time { return k.now }).Guarded(guard)
	mustSave(t, k.UseCases, deskBatch())
	return k
}

func deskBatch() directory.Batch {
	body := func(id, name, parent string) network.Organization {
		o := network.Organization{Kind: "municipality"}
		o.ID, o.Name, o.ParentOrganizationID, o.Email = id, name, parent, id+"@ente.example"
		return o
	}
	meals := directory.Service{}
	meals.ID, meals.OrganizationID, meals.Name, meals.Status = "meals", "comune", "Mensa serale", directory.StatusActive
	meals.Card = directory.Card{Language: "it", Needs: []string{"food-and-meals"}, Summary: "Un pasto caldo ogni sera."}
	meals.Description = "Si mangia alle otto."
	meals.AssuredDate, meals.AssurerEmail = "2026-09-10", "cucina@ente.example"
	meals.Phones = []hsds.Phone{{ID: "meals-phone", Number: "0923 000111"}}
	meals.Card.Translations = []directory.Translation{{Language: "ar", Group: directory.GroupTitle, State: directory.TranslationUpToDate,
		Fields: map[string]string{"name": "مطعم مسائي", "summary": "وجبة ساخنة كل مساء."}}}
	permit := meals
	permit.ID, permit.OrganizationID, permit.Name, permit.Phones, permit.Card.Translations = "permit", "office", "Sportello permessi", []hsds.Phone{{ID: "permit-phone", Number: "0923 000111"}}, nil
	permit.Card.Needs = []string{"residence-permit"}
	house := hidden()
	house.ID, house.OrganizationID, house.Name, house.Sites = "house", "refuge", "Accoglienza per donne", nil
	house.Card.Needs, house.Card.Summary = []string{"gender-violence"}, "Un posto sicuro."
	return directory.Batch{Source: "test", Organizations: []network.Organization{body("comune", "Comune", ""), body("office", "Ufficio stranieri", "comune"), body("refuge", "Associazione", "comune")},
		Services: []directory.Service{meals, permit, house}}
}

func (k *desk) edit(a access.Actor, id string) directory.Working {
	k.t.Helper()
	w, err := k.Edit(context.Background(), a, id)
	if err != nil {
		k.t.Fatalf("edit %s: %v", id, err)
	}
	return w
}

// change saves a change of a service on top of what is stored.
func (k *desk) change(a access.Actor, id string, do func(*directory.Service)) directory.Working {
	k.t.Helper()
	w := k.edit(a, id)
	s := w.Service
	do(&s)
	w, err := k.SaveDraft(context.Background(), a, directory.EditRequest{Service: s, Version: w.Version, Base: w.Current, Opens: w.Opens})
	if err != nil {
		k.t.Fatalf("save %s: %v", id, err)
	}
	return w
}

func (k *desk) published(id string) directory.Entry {
	k.t.Helper()
	e, err := k.Entry(context.Background(), id)
	if err != nil {
		k.t.Fatalf("entry %s: %v", id, err)
	}
	return e
}

func (k *desk) events(action string) int64 {
	k.t.Helper()
	n, err := db.Row(context.Background(), k.db, db.Column[int64], `SELECT count(*) FROM audit_event WHERE action = $1`, action)
	if err != nil {
		k.t.Fatal(err)
	}
	return n
}

func TestEditReviewPublish(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		k := openDesk(t, d)
		w := k.change(editor, "meals", func(s *directory.Service) { s.Card.Summary = "Un pasto caldo, anche la domenica." })
		if w.Version != 1 || w.State != directory.DraftOpen {
			t.Fatalf("%d %s", w.Version, w.State)
		}
		if k.published("meals").Card.Summary != "Un pasto caldo ogni sera." {
			t.Error("the public reads a draft")
		}
		if err := k.Submit(ctx, editor, "meals", w.Version, "pronto"); err != nil {
			t.Fatal(err)
		}
		if err := k.PublishDraft(ctx, editor, "meals", w.Version, ""); !fault.Is(err, fault.KindConflict) {
			t.Errorf("an old version was published: %v", err)
		}
		if err := k.PublishDraft(ctx, editor, "meals", w.Version+1, "domenica"); err != nil {
			t.Fatal(err)
		}
		e := k.published("meals")
		if e.Card.Summary != "Un pasto caldo, anche la domenica." {
			t.Errorf("summary %q", e.Card.Summary)
		}
		if tr := e.Card.Translations; len(tr) != 1 || tr[0].State != directory.TranslationOutdated {
			t.Errorf("the Arabic title is still of yesterday: %+v", tr)
		}
		if e.AssuredDate != "2026-09-10" {
			t.Errorf("publishing an edit is no confirmation: %s", e.AssuredDate)
		}
		w, list, err := k.History(ctx, editor, "meals")
		if err != nil || w.Version != 0 || len(list) != 2 || list[0].Action != directory.StepPublish || list[1].Action != directory.StepImport || list[0].Account != editor.Account {
			t.Errorf("history %+v, %v", list, err)
		}
		if diff := directory.Difference(list[1].Service, list[0].Service); len(diff) != 2 || diff[0].Path != "card/summary" {
			t.Errorf("difference %+v", diff)
		}
		if k.events("directory.service.publish") != 1 {
			t.Error("publishing is not in the log")
		}
		// The dataset brings its own text again: the edit made here stays.
		mustSave(t, k.UseCases, deskBatch())
		if k.published("meals").Card.Summary != "Un pasto caldo, anche la domenica." {
			t.Error("an import wrote over what was edited here")
		}
		if _, err := k.Restore(ctx, editor, "meals", 1, 0); err != nil {
			t.Fatal(err)
		}
		if w := k.edit(editor, "meals"); w.Service.Card.Summary != "Un pasto caldo ogni sera." || w.State != directory.DraftOpen {
			t.Errorf("restored %q", w.Service.Card.Summary)
		}
	})
}

func TestTwoEditorsNeverLoseWhatTheOtherWrote(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		k := openDesk(t, d)
		mine, theirs := k.edit(editor, "meals"), k.edit(networkAdm, "meals")
		s := theirs.Service
		s.Description = "Loro."
		if _, err := k.SaveDraft(ctx, networkAdm, directory.EditRequest{Service: s, Version: theirs.Version, Base: theirs.Current, Opens: true}); err != nil {
			t.Fatal(err)
		}
		s = mine.Service
		s.Description = "Mia."
		now, err := k.SaveDraft(ctx, editor, directory.EditRequest{Service: s, Version: mine.Version, Base: mine.Current, Opens: true})
		if !fault.Is(err, fault.KindConflict) || now.Service.Description != "Loro." {
			t.Fatalf("%v, %q: want a conflict with theirs", err, now.Service.Description)
		}
		// Having seen both, one may save one's own on top.
		if _, err := k.SaveDraft(ctx, editor, directory.EditRequest{Service: s, Version: now.Version, Base: now.Current, Opens: true}); err != nil {
			t.Fatal(err)
		}
		// Somebody publishes below an open draft.
		if err := k.SetStatus(ctx, editor, directory.CloseRequest{ID: "meals", Base: now.Current, Status: directory.StatusTemporarilyClosed, Reason: "Lavori"}); err != nil {
			t.Fatal(err)
		}
		if w := k.edit(editor, "meals"); w.Behind() || w.Service.Description != "Mia." || w.Service.Card.StateReason != "Lavori" {
			t.Errorf("the draft did not follow: %t %q %q", w.Behind(), w.Service.Description, w.Service.Card.StateReason)
		}
		if e := k.published("meals"); e.Status != directory.StatusTemporarilyClosed || e.Description != "Si mangia alle otto." {
			t.Errorf("%s %q", e.Status, e.Description)
		}
	})
}

func TestWhoMayEdit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		k := openDesk(t, d)
		for _, c := range []struct {
			name string
			who  access.Actor
			id   string
			want bool
		}{
			{"own", editor, "meals", true},
			{"of an office below", editor, "permit", true},
			{"of the body above", officeEdit, "meals", false},
			{"hidden, own", refugeEdit, "house", true},
			{"hidden, of a body below", editor, "house", false},
			{"hidden, network", networkAdm, "house", false},
			{"of another", other, "meals", false},
			{"a translator", translator, "meals", false},
			{"a clerk", clerk, "meals", false},
			{"a stranger", access.Actor{}, "meals", false},
			{"nothing", editor, "nothing", false},
		} {
			_, err := k.Edit(ctx, c.who, c.id)
			if c.want != (err == nil) || err != nil && !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		// A service that once had a hidden place stays with its body, whatever it says now.
		w := k.edit(refugeEdit, "house")
		s := w.Service
		s.Confidential, s.Card.Needs = nil, []string{"womens-health"}
		if _, err := k.SaveDraft(ctx, refugeEdit, directory.EditRequest{Service: s, Version: 0, Base: w.Current, Opens: true}); err != nil {
			t.Fatal(err)
		}
		if err := k.PublishDraft(ctx, refugeEdit, "house", 1, ""); err != nil {
			t.Fatal(err)
		}
		if k.published("house").Reserved() {
			t.Fatal("it was opened")
		}
		if _, _, err := k.History(ctx, networkAdm, "house"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the history shows the hidden place: %v", err)
		}
	})
}

// The list in SQL and the policy say the same for every actor and service.
func TestTheListIsThePolicy(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		k := openDesk(t, d)
		fresh, err := k.Create(ctx, refugeEdit, "refuge", "Casa nuova")
		if err != nil {
			t.Fatal(err)
		}
		s := fresh.Service
		house := hidden()
		s.Confidential = house.Confidential
		s.Confidential[0].ID, s.Confidential[0].Place.ID, s.Confidential[0].Place.Location.ID = "new-site", "new-site", "new-place"
		if _, err := k.SaveDraft(ctx, refugeEdit, directory.EditRequest{Service: s, Version: fresh.Version}); err != nil {
			t.Fatal(err)
		}
		guard, err := access.New(clock, directory.Policy())
		if err != nil {
			t.Fatal(err)
		}
		bodies := map[string][]string{"comune": {"comune"}, "office": {"office", "comune"}, "refuge": {"refuge", "comune"}}
		for _, member := range []string{"comune", "office", "refuge", "nobody", ""} {
			for _, role := range access.Roles {
				a := actor(member, role)
				list, total, err := k.Summaries(ctx, a, directory.SummaryFilter{Size: 50})
				if err != nil && !fault.Is(err, fault.KindNotFound) || total != len(list) {
					t.Fatal(total, err)
				}
				var got []string
				for _, m := range list {
					got = append(got, m.ID)
				}
				var want []string
				for id, r := range map[string]access.Attributes{
					"meals":  {"member": "comune", "bodies": bodies["comune"], "reserved": false, "published": true},
					"permit": {"member": "office", "bodies": bodies["office"], "reserved": false, "published": true},
					"house":  {"member": "refuge", "bodies": bodies["refuge"], "reserved": true, "published": true},
					s.ID:     {"member": "refuge", "bodies": bodies["refuge"], "reserved": true, "published": false},
				} {
					if guard.Allows(ctx, a, "directory.service.list", access.Resource{Type: "Service", ID: id, Attributes: r}) {
						want = append(want, id)
					}
				}
				slices.Sort(got)
				slices.Sort(want)
				if !slices.Equal(got, want) {
					t.Errorf("%s in %q: the list has %v, the policy %v", role, member, got, want)
				}
			}
		}
	})
}
