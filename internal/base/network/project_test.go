// SPDX-License-Identifier: EUPL-1.2

package network_test

import (
	"context"
	"slices"
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

func busy() network.Project {
	return network.Project{
		Code: "BUSY", Title: "Building Capacities", Fund: "FAMI", CUP: "I61E20000000007", Lead: "palermo", Partners: []string{"asp"},
		Contractors: []network.Contractor{{Body: "coop", CIG: "Z602BCDE3E", Task: "monitoraggio"}},
		Activities: []network.Activity{
			{ID: "a", Kind: "desk", What: "sportelli"}, {ID: "b", Kind: "training", What: "corsi"},
			{ID: "a1", Parent: "a", Kind: "desk", What: "apertura"}, {ID: "a2", Parent: "a", Kind: "desk", What: "turni"},
		},
	}
}

func TestSaveProject(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		lead := actor("palermo", access.ProjectCoordinator)
		p, err := r.SaveProject(ctx, lead, busy())
		if err != nil || p.Version != 1 || p.FundName != "Fondo" {
			t.Fatalf("%+v, %v", p, err)
		}
		again := busy()
		if _, err := r.SaveProject(ctx, lead, again); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a code was taken twice: %v", err)
		}
		p.Results = []network.Result{{Day: "2026-11-01", What: "Otto sportelli aperti"}}
		p.Activities = append(p.Activities, network.Activity{Kind: "guides", What: "video"})
		p, err = r.SaveProject(ctx, lead, p)
		if err != nil || p.Version != 2 || p.Activities[4].ID == "" || p.Activities[0].ID != "a" {
			t.Fatalf("%+v, %v", p, err)
		}
		stale := p
		stale.Version = 1
		if _, err := r.SaveProject(ctx, lead, stale); !fault.Is(err, fault.KindConflict) {
			t.Errorf("an edit of what was read before: %v", err)
		}
		partner := actor("asp", access.ProjectCoordinator)
		if _, err := r.SaveProject(ctx, partner, p); !missing(err) {
			t.Errorf("a partner edits: %v", err)
		}
		mine := p
		mine.Lead, mine.Partners = "asp", []string{"palermo"}
		if _, err := r.SaveProject(ctx, partner, mine); !missing(err) {
			t.Errorf("a partner makes itself the lead: %v", err)
		}
		// Who empties the field by mistake hears so, and keeps what was typed.
		nobodys, fresh := p, busy()
		nobodys.Lead, fresh.Code, fresh.Lead = "", "FRESH", ""
		for name, one := range map[string]network.Project{"of a project": nobodys, "of a new one": fresh} {
			if _, err := r.SaveProject(ctx, lead, one); !wrongIn(err, "lead") {
				t.Errorf("the lead %s is emptied: %v", name, err)
			}
		}
		if _, err := r.SaveProject(ctx, actor("palermo", access.CaseWorker), fresh); !missing(err) {
			t.Errorf("who keeps no projects: %v", err)
		}
		back, err := r.RestoreProject(ctx, lead, "BUSY", 2, 1)
		if err != nil || len(back.Results) != 0 || len(back.Activities) != 4 || back.Version != 3 {
			t.Errorf("%+v, %v", back, err)
		}
		history, err := r.ProjectHistory(ctx, lead, "BUSY")
		if err != nil || len(history) != 3 {
			t.Errorf("%d steps, %v", len(history), err)
		}
	})
}

func TestBreakdown(t *testing.T) {
	t.Parallel()
	var got []string
	for _, task := range busy().Breakdown() {
		got = append(got, task.Number+" "+task.ID)
	}
	if want := []string{"1 a", "1.1 a1", "1.2 a2", "2 b"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestWhatIsWrongWithAProject(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		for want, spoil := range map[string]func(*network.Project){
			"network.project_code_wrong":    func(p *network.Project) { p.Code = "../x" },
			"network.title_missing":         func(p *network.Project) { p.Title = "" },
			"network.cup_wrong":             func(p *network.Project) { p.CUP = "123" },
			"network.cig_wrong":             func(p *network.Project) { p.Contractors[0].CIG = "x" },
			"network.ends_before_it_begins": func(p *network.Project) { p.Start, p.End = "2026-02-01", "2026-01-01" },
			"network.fund_unknown":          func(p *network.Project) { p.Fund = "NONE" },
			"network.body_unknown":          func(p *network.Project) { p.Partners = []string{"nobody"} },
			"network.lead_is_partner":       func(p *network.Project) { p.Partners = []string{"palermo"} },
			"network.activity_parts_wrong":  func(p *network.Project) { p.Activities[0].Parent = "a1" },
			"network.activity_kind_unknown": func(p *network.Project) { p.Activities[0].Kind = "magic" },
			"network.web_unreadable":        func(p *network.Project) { p.URL = "ftp://x" },
			"network.result_missing":        func(p *network.Project) { p.Results = []network.Result{{Day: "2026-01-01"}} },
		} {
			p := busy()
			spoil(&p)
			_, err := r.SaveProject(t.Context(), admin, p)
			list := fault.All(err)
			if !slices.ContainsFunc(list, func(f *fault.Error) bool { return f.Message.Key == want }) {
				t.Errorf("%s: %v", want, err)
			}
		}
	})
}

func TestTheDemoIsNotWrittenOver(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		bodies, projects, funds, err := network.Demo()
		if err != nil {
			t.Fatal(err)
		}
		fill := func() {
			t.Helper()
			if err := r.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
				if err := network.SaveOrganizations(ctx, tx, clock(), bodies); err != nil {
					return err
				}
				if err := network.AddFunds(ctx, tx, funds); err != nil {
					return err
				}
				return network.AddProjects(ctx, tx, projects)
			}); err != nil {
				t.Fatal(err)
			}
		}
		fill()
		p := r.project("CARE")
		p.Results = []network.Result{{Day: "2026-11-01", What: "Fatto"}}
		if _, err := r.SaveProject(ctx, admin, p); err != nil {
			t.Fatal(err)
		}
		fill()
		if p := r.project("CARE"); len(p.Results) != 1 || p.CUP != "I61E20000000007" || p.Activities[0].ID == "" {
			t.Errorf("%+v", p)
		}
		list, err := network.Projects(ctx, r.DB)
		if err != nil || len(list) != 12 || list[0].Code != "COOPERA" || list[11].Code != "BUSY" {
			t.Errorf("%d projects, %v", len(list), err)
		}
	})
}

func TestFunds(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		if _, err := r.SaveProject(ctx, admin, busy()); err != nil {
			t.Fatal(err)
		}
		f, err := network.FundByCode(ctx, r.DB, "FAMI")
		if err != nil {
			t.Fatal(err)
		}
		f.Name, f.Emblems = "Fondo Asilo", []network.Emblem{{Text: "Unione europea"}}
		if f, err = r.SaveFund(ctx, admin, f); err != nil || f.Version != 2 {
			t.Fatalf("%+v, %v", f, err)
		}
		if p := r.project("BUSY"); p.FundName != "Fondo Asilo" || p.Version != 2 {
			t.Errorf("the project names its fund %q", p.FundName)
		}
		f.Emblems = []network.Emblem{{}}
		if _, err := r.SaveFund(ctx, admin, f); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("an emblem without words: %v", err)
		}
		if _, err := r.SaveFund(ctx, actor("palermo", access.ProjectCoordinator), f); !missing(err) {
			t.Errorf("a coordinator edits a fund: %v", err)
		}
	})
}
