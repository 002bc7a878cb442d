// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"context"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// Partners are the bodies with which a body has an agreement in force for a purpose on a day, each with
// the agreement: what MayShare says of one, for lists of many. A body that is closed has none, and is none.
func Partners(ctx context.Context, q db.Querier, body, purpose string, day calendar.Day) (map[string]string, error) {
	list, err := db.Rows(ctx, q, scanAgreement, agreementColumns+`
		JOIN network_agreement_party p ON p.agreement_id = a.id AND p.organization_id = $1
		WHERE a.from_day <= $2 AND (a.last_day = '' OR a.last_day >= $2) ORDER BY a.from_day, a.id`, body, day.String())
	if err != nil {
		return nil, err
	}
	partners := map[string]string{}
	for _, a := range list {
		for _, other := range a.Bodies() {
			if other != body && partners[other] == "" && a.Allows(other, body, purpose, day) {
				partners[other] = a.ID
			}
		}
	}
	if len(partners) == 0 {
		return nil, nil
	}
	ids := []string{body}
	for other := range partners {
		ids = append(ids, other)
	}
	members, err := MembersByID(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if m, ok := members[id]; ok && !m.ClosedBy(day) {
			continue
		}
		if id == body {
			return nil, nil
		}
		delete(partners, id)
	}
	return partners, nil
}
