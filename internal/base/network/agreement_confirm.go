// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"context"
	"slices"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

const confirmAgreement = "network.agreement.confirm"

// Confirms lists the parties that have not confirmed an agreement yet and for which the actor may do
// so: one's own body, or all for whoever runs the network and holds the paper.
func (u *UseCases) Confirms(ctx context.Context, actor access.Actor, a Agreement) []string {
	if a.File.None() || a.SignedOn == "" {
		return nil
	}
	var list []string
	for _, body := range a.Unconfirmed() { // parties of one record, not a list of records
		if u.Guard.Allows(ctx, actor, confirmAgreement, agreementResource(a.ID, []string{body})) {
			list = append(list, body)
		}
	}
	return list
}

// ConfirmAgreement says that the parties for which the actor speaks have signed the paper that is
// there. Faults: Missing, Conflict.
func (u *UseCases) ConfirmAgreement(ctx context.Context, actor access.Actor, id string, version int64) (Agreement, error) {
	var a Agreement
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if a, err = u.writable(ctx, tx, actor, confirmAgreement, id, version); err != nil {
			return err
		}
		before := a
		a.Parties = slices.Clone(a.Parties)
		if !u.confirm(ctx, actor, &a) {
			return fault.Conflict("network.nothing_to_confirm")
		}
		return u.writeAgreement(ctx, tx, actor, &a, change{
			kind: KindAgreement, record: id, action: confirmAgreement, from: before.Version, before: before,
		})
	})
	return a, err
}

// confirm marks the parties for which the actor may speak, and says whether there was any.
func (u *UseCases) confirm(ctx context.Context, actor access.Actor, a *Agreement) bool {
	may := u.Confirms(ctx, actor, *a)
	for i, p := range a.Parties {
		if slices.Contains(may, p.Body) {
			a.Parties[i].Confirmed = u.Today().String()
		}
	}
	return len(may) > 0
}

// unconfirmed are the parties as if none had said that it signed.
func unconfirmed(a Agreement) []Party {
	list := slices.Clone(a.Parties)
	for i := range list {
		list[i].Confirmed = ""
	}
	return list
}

// confirmedAs are the parties of after with what they confirmed before, as long as it is about the same
// paper with the same date: on another one they have not given their word, and what a form says of it
// counts for nothing.
func confirmedAs(before, after Agreement) []Party {
	list := unconfirmed(after)
	if after.File.None() || before.File.SHA256 != after.File.SHA256 || before.SignedOn != after.SignedOn {
		return list
	}
	for i, p := range list {
		for _, was := range before.Parties {
			if was.Body == p.Body && was.Role == p.Role {
				list[i].Confirmed = was.Confirmed
			}
		}
	}
	return list
}
