// SPDX-License-Identifier: EUPL-1.2

package network_test

import (
	"strings"
	"testing"

	"approdo/internal/base/network"
	"approdo/internal/kit/fault"
)

// What two bodies owe each other for lent mediators stands in the agreement, and with its paper no longer changes.
func TestFeesAreSigned(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		draft := network.Agreement{
			Kind: network.BetweenControllers, Title: "Prestito di mediatori", Parties: []network.Party{party("palermo", network.RoleController), party("asp", network.RoleController)},
			Purposes: []string{"mediation"}, What: "x", Why: "y", From: "2026-01-01", SignedOn: "2026-01-01", Fees: &network.Fees{FreeHours: 48, CancelShare: 50, AbsentShare: 80},
		}
		for field, change := range map[string]func(*network.Agreement){
			"free_hours":   func(a *network.Agreement) { a.Purposes = []string{"care"} },
			"cancel_share": func(a *network.Agreement) { a.Fees = &network.Fees{CancelShare: 101} },
			"absent_share": func(a *network.Agreement) { a.Fees = &network.Fees{AbsentShare: -1} },
		} {
			bad := draft
			change(&bad)
			if _, err := r.SaveAgreement(ctx, admin, bad, nil); !wrongIn(err, field) {
				t.Errorf("%s: %v", field, err)
			}
		}
		signed, err := r.SaveAgreement(ctx, admin, draft, strings.NewReader("%PDF-1.7 firmato"))
		if err != nil {
			t.Fatal(err)
		}
		if fees, title, err := network.FeesUnder(ctx, r.DB, signed.ID); err != nil || fees == nil || *fees != *draft.Fees || title != draft.Title {
			t.Errorf("%+v %q %v", fees, title, err)
		}
		for _, fees := range []*network.Fees{nil, {FreeHours: 24, CancelShare: 50, AbsentShare: 80}} {
			other := signed
			other.Fees = fees
			if _, err := r.SaveAgreement(ctx, admin, other, nil); !fault.Is(err, fault.KindConflict) {
				t.Errorf("%+v after the signature: %v", fees, err)
			}
		}
		same := signed
		same.Protocol, same.Fees = "12/2026", &network.Fees{FreeHours: 48, CancelShare: 50, AbsentShare: 80}
		if _, err := r.SaveAgreement(ctx, admin, same, nil); err != nil {
			t.Errorf("the same fees with a file number: %v", err)
		}
		if fees, title, err := network.FeesUnder(ctx, r.DB, "none"); err != nil || fees != nil || title != "" {
			t.Errorf("%+v %q %v", fees, title, err)
		}
	})
}
