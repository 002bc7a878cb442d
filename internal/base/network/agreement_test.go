// SPDX-License-Identifier: EUPL-1.2

package network_test

import (
	"slices"
	"strings"
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/kit/fault"
)

func party(body, role string) network.Party { return network.Party{Body: body, Role: role} }

func TestMayShare(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		// Before any agreement nothing passes.
		if _, err := network.MayShare(ctx, r.DB, "palermo", "asp", "care", r.Today()); !fault.Is(err, fault.KindForbidden) {
			t.Fatalf("shared without an agreement: %v", err)
		}
		a := r.agreed(network.Processing, []string{"mediation", "care"}, party("palermo", network.RoleController), party("coop", network.RoleProcessor), party("asp9", network.RoleProcessor))
		for name, c := range map[string]struct {
			from, to, purpose, on string
			want                  bool
		}{
			"to the processor":            {"palermo", "coop", "care", "2026-06-01", true},
			"and back":                    {"coop", "palermo", "mediation", "2026-06-01", true},
			"on the first day":            {"palermo", "coop", "care", "2026-01-01", true},
			"on the last day":             {"palermo", "coop", "care", "2026-12-31", true},
			"the day before":              {"palermo", "coop", "care", "2025-12-31", false},
			"the day after":               {"palermo", "coop", "care", "2027-01-01", false},
			"for another purpose":         {"palermo", "coop", "housing", "2026-06-01", false},
			"to a body that is no party":  {"palermo", "asp", "care", "2026-06-01", false},
			"between two processors":      {"coop", "asp9", "care", "2026-06-01", false},
			"to a body that is not there": {"palermo", "nobody", "care", "2026-06-01", false},
			"from nobody":                 {"", "coop", "care", "2026-06-01", false},
			"to nobody":                   {"", "", "care", "2026-06-01", false},
		} {
			id, err := network.MayShare(ctx, r.DB, c.from, c.to, c.purpose, day(t, c.on))
			if c.want && (err != nil || id != a.ID) || !c.want && !fault.Is(err, fault.KindForbidden) {
				t.Errorf("%s: %q, %v", name, id, err)
			}
		}
		if id, err := network.MayShare(ctx, r.DB, "asp", "asp", "care", r.Today()); err != nil || id != "" {
			t.Errorf("within one body: %q, %v", id, err)
		}
		if _, err := r.CloseBody(ctx, admin, "coop", r.body("coop").Version, "2026-11-01", ""); err != nil {
			t.Fatal(err)
		}
		if _, err := network.MayShare(ctx, r.DB, "palermo", "coop", "care", r.Today()); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("to a closed body: %v", err)
		}
		if err := r.EndAgreement(ctx, admin, a.ID, a.Version, "2026-06-30", "disdetta"); err != nil {
			t.Fatal(err)
		}
		if _, err := network.MayShare(ctx, r.DB, "palermo", "asp9", "care", day(t, "2026-07-01")); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("after the agreement was ended: %v", err)
		}
		if _, err := network.MayShare(ctx, r.DB, "palermo", "asp9", "care", day(t, "2026-06-30")); err != nil {
			t.Errorf("on its last day: %v", err)
		}
	})
}

func TestAnAgreementWithoutItsPaperAllowsNothing(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		draft, err := r.SaveAgreement(ctx, actor("palermo", access.BodyAdministrator), network.Agreement{
			Kind: network.BetweenControllers, Title: "Bozza", Parties: []network.Party{party("palermo", network.RoleController), party("asp", network.RoleController)},
			Purposes: []string{"referral"}, What: "x", Why: "y", From: "2026-01-01",
		}, nil)
		if err != nil || draft.StateOn(r.Today()) != network.AgreementDraft {
			t.Fatalf("%+v, %v", draft, err)
		}
		if _, err := network.MayShare(ctx, r.DB, "palermo", "asp", "referral", r.Today()); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("shared under a draft: %v", err)
		}
		draft.SignedOn = "2026-11-24"
		signed, err := r.SaveAgreement(ctx, admin, draft, strings.NewReader("%PDF-1.7 firmato"))
		if err != nil || signed.StateOn(r.Today()) != network.AgreementInForce {
			t.Fatalf("%+v, %v", signed, err)
		}
		if _, err := network.MayShare(ctx, r.DB, "asp", "palermo", "referral", r.Today()); err != nil {
			t.Errorf("under the signed one: %v", err)
		}
		if _, err := network.MayShare(ctx, r.DB, "asp", "palermo", "referral", r.Today()-1); !fault.Is(err, fault.KindForbidden) {
			t.Errorf("before it was signed: %v", err)
		}
		// What was signed is not changed afterwards.
		wider := signed
		wider.Purposes = []string{"referral", "care"}
		if _, err := r.SaveAgreement(ctx, admin, wider, nil); !fault.Is(err, fault.KindConflict) {
			t.Errorf("the terms of a signed agreement were changed: %v", err)
		}
		kept, content, err := r.AgreementFile(ctx, actor("asp", access.DataProtectionOfficer), signed.ID)
		if err != nil || kept.Type != "application/pdf" || string(content) != "%PDF-1.7 firmato" || r.events("network.agreement.read") != 1 {
			t.Errorf("%+v, %v", kept, err)
		}
	})
}

func TestWhoReadsAndWritesAgreements(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		a := r.agreed(network.JointControllers, []string{"care"}, party("palermo", network.RoleJointController), party("coop", network.RoleJointController))
		weak := actor("palermo", access.BodyAdministrator)
		weak.Strong = false
		for name, c := range map[string]struct {
			who         access.Actor
			read, write bool
		}{
			"administrator of a party":            {actor("coop", access.BodyAdministrator), true, true},
			"officer of a party":                  {actor("coop", access.DataProtectionOfficer), true, true},
			"without a second factor":             {weak, true, false},
			"case worker of a party":              {actor("coop", access.CaseWorker), false, false},
			"administrator of another body":       {actor("asp", access.BodyAdministrator), false, false},
			"auditor":                             {actor("asp", access.Auditor), true, false},
			"network administrator":               {admin, true, true},
			"whoever belongs to no body any more": {access.Actor{Account: "x", Roles: []access.Role{access.BodyAdministrator}}, false, false},
		} {
			_, err := r.Agreement(ctx, c.who, a.ID)
			list, listed := r.Agreements(ctx, c.who)
			if c.read != (err == nil) || c.read != (len(list) == 1) || listed != nil || err != nil && !missing(err) {
				t.Errorf("%s reads: %v, %d", name, err, len(list))
			}
			changed := a
			changed.Version, changed.Protocol = r.version(a.ID), name
			if _, err := r.SaveAgreement(ctx, c.who, changed, nil); c.write != (err == nil) || err != nil && !missing(err) {
				t.Errorf("%s writes: %v", name, err)
			}
		}
		// Nobody makes an agreement for others.
		theirs := network.Agreement{Kind: network.JointControllers, Title: "x", Parties: []network.Party{party("palermo", network.RoleJointController), party("coop", network.RoleJointController)}, Purposes: []string{"care"}, What: "x", Why: "y", From: "2026-01-01"}
		if _, err := r.SaveAgreement(ctx, actor("asp", access.BodyAdministrator), theirs, nil); !wrongIn(err, "parties") {
			t.Errorf("for others: %v", err)
		}
		// Nor does anybody leave one unnoticed; an agreement of others is not there for them, whatever they send.
		left := a
		left.Version, left.Parties = r.version(a.ID), []network.Party{party("palermo", network.RoleJointController), party("asp", network.RoleJointController)}
		if _, err := r.SaveAgreement(ctx, actor("coop", access.BodyAdministrator), left, nil); !wrongIn(err, "parties") {
			t.Errorf("without oneself: %v", err)
		}
		if _, err := r.SaveAgreement(ctx, actor("asp", access.BodyAdministrator), left, nil); !missing(err) {
			t.Errorf("that of others, with oneself: %v", err)
		}
	})
}

func (r *room) version(agreement string) int64 {
	r.t.Helper()
	a, err := r.Agreement(r.t.Context(), admin, agreement)
	if err != nil {
		r.t.Fatal(err)
	}
	return a.Version
}

func TestWhatIsWrongWithAnAgreement(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		_, err := r.SaveAgreement(t.Context(), admin, network.Agreement{
			Kind: network.Processing, Parties: []network.Party{party("palermo", network.RoleController), party("palermo", network.RoleJointController)},
			Purposes: []string{"curiosity"}, From: "2026-02-30", Until: "2026-01-01",
		}, nil)
		var keys []string
		for _, f := range fault.All(err) {
			keys = append(keys, f.Message.Key)
		}
		for _, want := range []string{
			"network.title_missing", "network.party_twice", "network.party_role_wrong", "network.processor_missing", "network.purpose_unknown",
			"network.what_missing", "network.why_missing", "network.day_unreadable", "network.ends_before_it_begins",
		} {
			if !slices.Contains(keys, want) {
				t.Errorf("nothing is said of %s: %v", want, keys)
			}
		}
	})
}

// A body that somebody else puts on a paper says itself that it signed; before that nothing passes.
func TestPartiesConfirm(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		mine, theirs := actor("palermo", access.BodyAdministrator), actor("asp", access.BodyAdministrator)
		passes := func() bool {
			_, err := network.MayShare(ctx, r.DB, "palermo", "asp", "care", r.Today())
			return err == nil
		}
		trusting := func(p network.Party) network.Party { p.Confirmed = "2026-01-01"; return p }
		terms := network.Agreement{
			Kind: network.BetweenControllers, Title: "Accordo", Purposes: []string{"care"}, What: "x", Why: "y", From: "2026-01-01", SignedOn: "2026-01-01",
			Parties: []network.Party{party("palermo", network.RoleController), trusting(party("asp", network.RoleController))},
		}
		a, err := r.SaveAgreement(ctx, mine, terms, strings.NewReader("%PDF-1.7 firmato"))
		if err != nil || a.StateOn(r.Today()) != network.AgreementWaiting || !slices.Equal(a.Unconfirmed(), []string{"asp"}) || passes() {
			t.Fatalf("entered by one party alone: %+v, %v", a, err)
		}
		weak := theirs
		weak.Strong = false
		for name, who := range map[string]access.Actor{
			"a stranger": actor("coop", access.BodyAdministrator), "a case worker": actor("asp", access.CaseWorker), "an auditor": actor("asp", access.Auditor), "without a second factor": weak,
		} {
			if _, err := r.ConfirmAgreement(ctx, who, a.ID, a.Version); !missing(err) || len(r.Confirms(ctx, who, a)) > 0 {
				t.Errorf("%s confirms: %v", name, err)
			}
		}
		if _, err := r.ConfirmAgreement(ctx, mine, a.ID, a.Version); !fault.Is(err, fault.KindConflict) || passes() {
			t.Errorf("for the other party: %v", err)
		}
		if _, err := r.ConfirmAgreement(ctx, theirs, a.ID, a.Version+1); !fault.Is(err, fault.KindConflict) {
			t.Errorf("another state than the one seen: %v", err)
		}
		if a, err = r.ConfirmAgreement(ctx, theirs, a.ID, a.Version); err != nil || a.StateOn(r.Today()) != network.AgreementInForce || !passes() {
			t.Fatalf("%+v, %v", a, err)
		}
		steps, err := r.AgreementHistory(ctx, mine, a.ID)
		if err != nil || steps[0].Action != "network.agreement.confirm" || steps[0].Member != "asp" || r.events("network.agreement.confirm") != 1 {
			t.Errorf("%+v, %v", steps, err)
		}
		// The file number is nobody's word; another paper is.
		a.Protocol = "7/2026"
		if a, err = r.SaveAgreement(ctx, mine, a, nil); err != nil || !passes() {
			t.Fatalf("with a file number: %+v, %v", a, err)
		}
		if a, err = r.SaveAgreement(ctx, mine, a, strings.NewReader("%PDF-1.7 un altro")); err != nil || !slices.Equal(a.Unconfirmed(), []string{"asp"}) || passes() {
			t.Fatalf("with another paper: %+v, %v", a, err)
		}
		if a, err = r.ConfirmAgreement(ctx, admin, a.ID, a.Version); err != nil || !passes() {
			t.Fatalf("who runs the network confirms: %+v, %v", a, err)
		}
		// What one party has ended, the other does not bring back: neither by ending it later, nor by restoring.
		if err := r.EndAgreement(ctx, theirs, a.ID, a.Version, "2026-11-01", "mai firmato"); err != nil {
			t.Fatal(err)
		}
		if err := r.EndAgreement(ctx, mine, a.ID, a.Version+1, "2027-11-01", ""); !wrongIn(err, "ended_on") {
			t.Errorf("ended later: %v", err)
		}
		if a, err = r.RestoreAgreement(ctx, mine, a.ID, a.Version+1, a.Version); err != nil || a.StateOn(r.Today()) != network.AgreementWaiting || passes() {
			t.Errorf("restored: %+v, %v", a, err)
		}
	})
}

// A list of agreements leaves the program only for who has just proved again who they are.
func TestExportingAgreementsNeedsAFreshProof(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		r.agreed(network.JointControllers, []string{"care"}, party("palermo", network.RoleJointController), party("coop", network.RoleJointController))
		who := actor("coop", access.DataProtectionOfficer)
		who.SteppedUp = clock().Add(-access.StepUpHolds)
		if list, err := r.ExportAgreements(ctx, who); !missing(err) || len(list) > 0 || r.events("network.agreement.export") > 0 || r.Guard.Wants(who, "network.agreement.export") != access.FreshProof {
			t.Errorf("with an old proof: %d, %v", len(list), err)
		}
		who.SteppedUp = clock()
		if list, err := r.ExportAgreements(ctx, who); err != nil || len(list) != 1 || r.events("network.agreement.export") != 1 {
			t.Errorf("%d, %v", len(list), err)
		}
		worker := actor("coop", access.CaseWorker)
		worker.SteppedUp = clock()
		if _, err := r.ExportAgreements(ctx, worker); !missing(err) {
			t.Errorf("a case worker: %v", err)
		}
	})
}

// The examples show when data may pass and when not.
func TestExampleAgreements(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		bodies := [4]string{"palermo", "asp", "coop", "asp9"}
		for range 2 { // doing it again changes nothing
			if err := r.ExampleAgreements(ctx, access.Actor{Via: "command"}, bodies); err != nil {
				t.Fatal(err)
			}
		}
		list, err := r.Agreements(ctx, admin)
		if err != nil || len(list) != 4 {
			t.Fatalf("%d agreements, %v", len(list), err)
		}
		drafts := 0
		for _, a := range list {
			if a.StateOn(r.Today()) == network.AgreementDraft {
				drafts++
				continue
			}
			_, paper, err := r.AgreementFile(ctx, admin, a.ID)
			if err != nil || !strings.Contains(string(paper), "DOCUMENTO DI ESEMPIO") || !strings.Contains(a.Title, "ESEMPIO") {
				t.Errorf("%s: the paper does not say that it is an example: %v", a.Title, err)
			}
		}
		if drafts != 1 {
			t.Errorf("%d drafts", drafts)
		}
		for _, c := range []struct {
			from, to, purpose string
			want              bool
		}{
			{"palermo", "asp", "care", true}, {"palermo", "coop", "mediation", true}, {"asp", "asp9", "guardianship", true},
			{"palermo", "asp", "mediation", false}, {"coop", "asp", "mediation", false}, {"palermo", "asp9", "housing", false},
		} {
			if _, err := network.MayShare(ctx, r.DB, c.from, c.to, c.purpose, r.Today()); (err == nil) != c.want {
				t.Errorf("from %s to %s for %s: %v", c.from, c.to, c.purpose, err)
			}
		}
	})
}

func TestWayBackOfAgreements(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		a := r.agreed(network.JointControllers, []string{"care"}, party("palermo", network.RoleJointController), party("asp", network.RoleJointController))
		if err := r.EndAgreement(ctx, admin, a.ID, a.Version, "2026-11-01", "errore"); err != nil {
			t.Fatal(err)
		}
		if _, err := network.MayShare(ctx, r.DB, "palermo", "asp", "care", r.Today()); err == nil {
			t.Error("what ended still allows")
		}
		stranger := actor("coop", access.BodyAdministrator)
		if _, err := r.RestoreAgreement(ctx, stranger, a.ID, r.version(a.ID), 1); !missing(err) {
			t.Errorf("a stranger takes the ending back: %v", err)
		}
		if _, err := r.RestoreAgreement(ctx, admin, a.ID, a.Version, 1); !fault.Is(err, fault.KindConflict) {
			t.Errorf("over what others have done since: %v", err)
		}
		back, err := r.RestoreAgreement(ctx, admin, a.ID, r.version(a.ID), 1)
		if err != nil || back.EndedOn != "" || back.Version != 3 {
			t.Fatalf("%+v, %v", back, err)
		}
		if _, err := network.MayShare(ctx, r.DB, "palermo", "asp", "care", r.Today()); err != nil {
			t.Errorf("the ending was taken back: %v", err)
		}
		if n := r.events("network.agreement.restore"); n != 1 {
			t.Errorf("%d events", n)
		}
	})
}
