// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"context"
	"slices"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Fees are what the parties of an agreement about mediation owe each other for a mediator whom one lends and
// the other calls off late, or lets come for nobody. An agreement says all of them or none: then the rules of
// the body that lends hold.
type Fees struct {
	FreeHours   int `json:"free_hours"`   // before the time, calling off costs nothing
	CancelShare int `json:"cancel_share"` // per cent of the time that is owed after that
	AbsentShare int `json:"absent_share"` // and when the person does not come
}

// maxFreeHours is as long before its time as something may begin to cost: thirty days.
const maxFreeHours = 30 * 24

// validFees says what is wrong with the fees of an agreement, in the names of the fields of its form.
func (a Agreement) validFees() []error {
	if a.Fees == nil {
		return nil
	}
	var wrong []error
	for _, f := range []struct {
		field string
		n     int
		most  int
	}{{"free_hours", a.Fees.FreeHours, maxFreeHours}, {"cancel_share", a.Fees.CancelShare, 100}, {"absent_share", a.Fees.AbsentShare, 100}} {
		if f.n < 0 || f.n > f.most {
			wrong = append(wrong, fault.Invalid(f.field, "network.fee_number", "most", f.most))
		}
	}
	if !slices.Contains(a.Purposes, "mediation") {
		wrong = append(wrong, fault.Invalid("free_hours", "network.fee_purpose"))
	}
	return wrong
}

// sameFees says whether two states of an agreement have the same fees.
func sameFees(a, b Agreement) bool {
	return a.Fees == b.Fees || a.Fees != nil && b.Fees != nil && *a.Fees == *b.Fees
}

// FeesUnder are the fees of an agreement with its title; nil when it says nothing of them, or there is none. They
// hold for what was booked under it also when it has ended since.
func FeesUnder(ctx context.Context, q db.Querier, id string) (fees *Fees, title string, err error) {
	list, err := db.Rows(ctx, q, scanAgreement, agreementColumns+` WHERE a.id = $1`, id)
	if err != nil || len(list) == 0 {
		return nil, "", err
	}
	return list[0].Fees, list[0].Title, nil
}
