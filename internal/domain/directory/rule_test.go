// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

func TestFourEyes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		k := openDesk(t, d)
		administrator, second := actor("comune", access.BodyAdministrator), editor
		administrator.Account, second.Account = "the-administrator", "the-second"
		for name, who := range map[string]access.Actor{"an editor": editor, "another body": refugeEdit, "nobody": {}} {
			if err := k.SetRules(ctx, who, "comune", directory.Rules{}); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s sets the rules: %v", name, err)
			}
		}
		for range 2 { // said twice, changed once
			if err := k.SetRules(ctx, administrator, "comune", directory.Rules{FourEyes: true}); err != nil {
				t.Fatal(err)
			}
		}
		if r, err := k.Rules(ctx, administrator, "comune"); err != nil || !r.FourEyes || k.events("directory.rule.edit") != 1 {
			t.Errorf("%+v, %v", r, err)
		}
		refused := func(name string, err error) {
			t.Helper()
			if keys(err) != "edit.four_eyes" {
				t.Errorf("%s: %v", name, err)
			}
		}
		// The office follows its comune.
		w := k.change(officeEdit, "permit", func(s *directory.Service) { s.Card.Summary = "Nuova." })
		refused("the office", k.PublishDraft(ctx, officeEdit, "permit", w.Version, ""))

		w = k.change(editor, "meals", func(s *directory.Service) { s.Card.Summary = "Alle sette." })
		refused("whoever wrote publishes", k.PublishDraft(ctx, editor, "meals", w.Version, ""))
		refused("whoever wrote schedules", k.Schedule(ctx, editor, "meals", w.Version, k.now.Add(time.Hour)))
		w = k.change(second, "meals", func(s *directory.Service) { s.Card.Summary = "Alle sette e mezza." })
		refused("whoever changed last", k.PublishDraft(ctx, second, "meals", w.Version, ""))
		w = k.change(editor, "meals", func(*directory.Service) {}) // reads it, and sends it on as it is
		if err := k.PublishDraft(ctx, editor, "meals", w.Version, ""); err != nil {
			t.Fatal(err)
		}
		if got := k.published("meals").Card.Summary; got != "Alle sette e mezza." {
			t.Error(got)
		}

		// What somebody scheduled is not changed behind their back.
		w = k.change(editor, "meals", func(s *directory.Service) { s.Card.Summary = "Alle otto." })
		if err := k.Schedule(ctx, second, "meals", w.Version, k.now.Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		w = k.edit(editor, "meals")
		s := w.Service
		s.Card.Summary = "Alle nove."
		if _, err := k.SaveDraft(ctx, editor, directory.EditRequest{Service: s, Version: w.Version, Base: w.Current, Opens: w.Opens, Auto: true}); err != nil {
			t.Fatal(err)
		}
		k.now = k.now.Add(2 * time.Hour)
		if n, err := k.PublishDue(ctx); n != 0 || err != nil {
			t.Errorf("published unread: %d, %v", n, err)
		}

		for kind, want := range map[string]int{directory.BulkAlert: 0, directory.BulkConfirmed: 1} {
			plan, err := k.PlanBulk(ctx, editor, []string{"meals"}, directory.BulkChange{Kind: kind, Value: "Avviso"})
			if err != nil || plan.Change != want {
				t.Errorf("%s: %+v, %v", kind, plan, err)
			}
		}
		if err := k.SetRules(ctx, administrator, "comune", directory.Rules{}); err != nil {
			t.Fatal(err)
		}
		if err := k.PublishDraft(ctx, editor, "meals", k.edit(editor, "meals").Version, ""); err != nil {
			t.Errorf("without the rule: %v", err)
		}
	})
}
