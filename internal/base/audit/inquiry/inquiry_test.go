// SPDX-License-Identifier: EUPL-1.2

package inquiry_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/audit/inquiry"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

var now = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func useCases(t *testing.T, d *db.DB) *inquiry.UseCases {
	t.Helper()
	clock := func() time.Time { return now }
	guard, err := access.New(clock, access.Base(), inquiry.Policy())
	if err != nil {
		t.Fatal(err)
	}
	return &inquiry.UseCases{DB: d, Guard: guard, Clock: clock}
}

// happened are events of two bodies and of the program, about persons and not.
var happened = []audit.Event{
	{Actor: audit.Actor{Account: "anna", Member: "m1", Roles: "case-worker", Session: "s1", Address: "192.0.2.1"}, Action: "casework.note.read", Kind: "note", Record: "n1", Subject: "person1", Read: true, Reason: "colloquio"},
	{Actor: audit.Actor{Account: "bruno", Member: "m2", Roles: "case-worker"}, Action: "casework.note.read", Kind: "note", Record: "n2", Subject: "person1", Read: true},
	{Actor: audit.Actor{Account: "carla", Member: "m1"}, Action: "directory.service.edit", Kind: "service", Record: "x1"},
	{Actor: audit.Actor{Account: "carla", Member: "m2"}, Action: "directory.service.edit", Kind: "service", Record: "x2"},
	{Actor: audit.Actor{Via: audit.ViaJob}, Action: "directory.import.run", Kind: "import", Record: "100%_done"},
	{Actor: audit.Actor{Account: "dino", Member: "m1", Roles: "body-administrator"}, Action: "identity.role.change", Kind: "account", Record: "anna"},
	{Actor: audit.Actor{Account: "anna", Member: "m1"}, Action: "identity.password.change", Kind: "account", Record: "anna"},
}

func fill(t *testing.T, d *db.DB) {
	t.Helper()
	if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		for i, e := range happened {
			if err := audit.Record(ctx, tx, now.Add(time.Duration(i)*time.Hour), e); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func actor(member string, strong bool, roles ...access.Role) access.Actor {
	return access.Actor{Account: "zeno", Member: member, Roles: roles, Strong: strong, SteppedUp: now}
}

func records(list []audit.Entry) string {
	var names []string
	for _, e := range list {
		names = append(names, e.Record)
	}
	return strings.Join(names, " ")
}

// The list, the single event and the export agree for every role, and say what the policies say.
func TestWhoReadsWhat(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := useCases(t, d)
		fill(t, d)
		all, err := audit.Select(t.Context(), d, "TRUE ORDER BY at DESC")
		if err != nil {
			t.Fatal(err)
		}
		sight := map[string]string{
			"auditor m1":                 "anna anna 100%_done x2 x1 n2 n1",
			"data-protection-officer m1": "anna anna x1 n1",
			"data-protection-officer m2": "x2 n2",
			"network-administrator m1":   "anna anna 100%_done x2 x1",
		}
		for _, role := range access.Roles {
			for _, member := range []string{"m1", "m2", ""} {
				for _, strong := range []bool{true, false} {
					a := actor(member, strong, role)
					want, ok := sight[string(role)+" "+member]
					if member == "m2" && role != access.DataProtectionOfficer {
						want, ok = sight[string(role)+" m1"] // wherever they sit
					}
					ok = ok && strong && member != ""
					page, err := u.Search(t.Context(), a, inquiry.Filter{N: 100})
					switch {
					case !ok && err == nil && len(page.List) > 0, !ok && err != nil && !fault.Is(err, fault.KindNotFound):
						t.Errorf("%s of %q, second factor %t: %v, %v", role, member, strong, records(page.List), err)
					case ok && (err != nil || records(page.List) != want || page.Total != len(page.List)):
						t.Errorf("%s of %q: %q (%d), %v; want %q", role, member, records(page.List), page.Total, err, want)
					}
					for _, e := range all {
						_, err := u.Event(t.Context(), a, e.ID)
						listed := slices.ContainsFunc(page.List, func(l audit.Entry) bool { return l.ID == e.ID })
						if listed != (err == nil) || err != nil && !fault.Is(err, fault.KindNotFound) {
							t.Errorf("%s of %q: event %s of %s is listed: %t, opened: %v", role, member, e.Record, e.Actor.Member, listed, err)
						}
					}
				}
			}
		}
		if _, err := u.Event(t.Context(), actor("m1", true, access.Auditor), "none"); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("an event that never was: %v", err)
		}
	})
}

func TestFilters(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := useCases(t, d)
		fill(t, d)
		auditor := actor("m1", true, access.Auditor)
		for name, c := range map[string]struct {
			filter inquiry.Filter
			want   string
		}{
			"reads":                     {inquiry.Filter{Only: inquiry.OnlyReads}, "n2 n1"},
			"changes of a body":         {inquiry.Filter{Only: inquiry.OnlyChanges, Member: "m2"}, "x2"},
			"an action":                 {inquiry.Filter{Action: "directory.service.edit"}, "x2 x1"},
			"the beginning of one":      {inquiry.Filter{Text: "directory."}, "100%_done x2 x1"},
			"a record":                  {inquiry.Filter{Text: "100%_done"}, "100%_done"},
			"a pattern is no pattern":   {inquiry.Filter{Text: "100%"}, ""},
			"an underscore is no joker": {inquiry.Filter{Text: "directory_"}, ""},
			"a person":                  {inquiry.Filter{Text: "person1"}, "n2 n1"},
			"an account by its name":    {inquiry.Filter{Text: "Bru", Accounts: []string{"bruno"}}, "n2"},
			"days":                      {inquiry.Filter{From: now.Add(time.Hour), To: now.Add(3 * time.Hour)}, "x1 n2"},
			"record and account":        {inquiry.Filter{Record: "anna", Account: "dino"}, "anna"},
		} {
			c.filter.N = 100
			if p, err := u.Search(t.Context(), auditor, c.filter); err != nil || records(p.List) != c.want {
				t.Errorf("%s: %q, %v; want %q", name, records(p.List), err, c.want)
			}
		}
		p, err := u.Search(t.Context(), auditor, inquiry.Filter{N: 2, Skip: 2})
		if err != nil || records(p.List) != "100%_done x2" || p.Total != 7 {
			t.Errorf("second page: %q of %d, %v", records(p.List), p.Total, err)
		}
		actions, err := u.Actions(t.Context(), actor("m2", true, access.DataProtectionOfficer))
		if err != nil || strings.Join(actions, " ") != "casework.note.read directory.service.edit" {
			t.Errorf("%v, %v", actions, err)
		}
	})
}

func TestAnExportIsAnEvent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := useCases(t, d)
		fill(t, d)
		officer := actor("m1", true, access.DataProtectionOfficer)
		list, err := u.Export(t.Context(), officer, inquiry.Filter{Only: inquiry.OnlyReads})
		if err != nil || records(list) != "only=read n1" { // itself first
			t.Errorf("%q, %v", records(list), err)
		}
		own, err := audit.Select(t.Context(), d, "e.action = $1", inquiry.ActionExport)
		if err != nil || len(own) != 1 || own[0].Record != "only=read" || own[0].Actor.Account != "zeno" || !own[0].Read {
			t.Errorf("%+v, %v", own, err)
		}
		stale := officer
		stale.SteppedUp = now.Add(-time.Hour)
		for name, a := range map[string]access.Actor{"without a fresh proof": stale, "an editor": actor("m1", true, access.DirectoryEditor), "an administrator": actor("m1", true, access.NetworkAdministrator)} {
			if list, err := u.Export(t.Context(), a, inquiry.Filter{}); len(list) > 0 {
				t.Errorf("%s: %q, %v", name, records(list), err)
			}
		}
	})
}

func TestWhoHasSeenMyData(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := useCases(t, d)
		fill(t, d)
		p, err := u.Seen(t.Context(), access.Actor{Account: "anna"}, 0, 10)
		if err != nil || records(p.List) != "anna" || p.Total != 1 {
			t.Fatalf("%q, %v", records(p.List), err)
		}
		if a := p.List[0].Actor; a.Account != "" || a.Address != "" || a.Session != "" || a.Member != "m1" || a.Roles != "body-administrator" {
			t.Errorf("%+v", a)
		}
		if _, err := u.Seen(t.Context(), access.Actor{}, 0, 10); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("a stranger: %v", err)
		}
		officer := actor("m1", true, access.DataProtectionOfficer)
		p, err = u.SeenOf(t.Context(), officer, "person1", 0, 10)
		if err != nil || len(p.List) != 2 || p.List[1].Actor.Account != "anna" && p.List[0].Actor.Account != "anna" {
			t.Errorf("%+v, %v", p, err)
		}
		for _, e := range p.List { // what another body did is for its own officer
			if e.Actor.Member != "m1" {
				t.Errorf("%+v", e)
			}
		}
		if n, err := audit.Select(t.Context(), d, "e.action = $1 AND e.subject = 'person1'", inquiry.ActionSubject); err != nil || len(n) != 1 {
			t.Errorf("that somebody asked was not recorded: %v, %v", n, err)
		}
		for _, role := range []access.Role{access.Auditor, access.NetworkAdministrator, access.CaseWorker} {
			if p, err := u.SeenOf(t.Context(), actor("m1", true, role), "person1", 0, 10); !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s: %+v, %v", role, p, err)
			}
		}
	})
}
