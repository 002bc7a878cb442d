// SPDX-License-Identifier: EUPL-1.2

package network_test

import (
	"testing"

	"approdo/internal/base/network"
)

// Partners says of all bodies at once what MayShare says of each.
func TestPartners(t *testing.T) {
	t.Parallel()
	eachRoom(t, func(t *testing.T, r *room) {
		ctx := t.Context()
		a := r.agreed(network.Processing, []string{"mediation", "care"}, party("palermo", network.RoleController), party("coop", network.RoleProcessor), party("asp9", network.RoleProcessor))
		bodies := []string{"palermo", "coop", "asp9", "asp"}
		agree := func(on string) {
			t.Helper()
			for _, body := range bodies {
				for _, purpose := range []string{"mediation", "care", "housing"} {
					partners, err := network.Partners(ctx, r.DB, body, purpose, day(t, on))
					if err != nil {
						t.Fatal(err)
					}
					for _, other := range bodies {
						if other == body {
							continue
						}
						want, _ := network.MayShare(ctx, r.DB, other, body, purpose, day(t, on))
						back, _ := network.MayShare(ctx, r.DB, body, other, purpose, day(t, on))
						if want != back {
							want = "" // one of the two is closed: nothing passes between them
						}
						if partners[other] != want {
							t.Errorf("%s of %s for %s on %s: %q, want %q", other, body, purpose, on, partners[other], want)
						}
					}
				}
			}
		}
		for _, on := range []string{"2025-12-31", "2026-01-01", "2026-06-01", "2026-12-31", "2027-01-01"} {
			agree(on)
		}
		if list, err := network.Partners(ctx, r.DB, "palermo", "mediation", day(t, "2026-06-01")); err != nil || list["coop"] != a.ID || list["asp9"] != a.ID {
			t.Errorf("%v %v", list, err)
		}
		if _, err := r.CloseBody(ctx, admin, "coop", r.body("coop").Version, "2026-05-01", ""); err != nil {
			t.Fatal(err)
		}
		agree("2026-06-01")
	})
}
