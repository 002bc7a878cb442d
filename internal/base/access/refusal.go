// SPDX-License-Identifier: EUPL-1.2

package access

import (
	"errors"

	"approdo/internal/base/audit"
	"approdo/internal/kit/fault"
)

// Refusal lies behind the answer Missing when policies said no: nobody is shown it, and whoever
// answers the request notes it. A question that a use case asks itself and whose answer it swallows
// is no refusal, since it never becomes an answer.
type Refusal struct {
	Actor  Actor
	Action string
	Type   string // of the resource; "" at the door
}

// Error is for the log of the program.
func (r Refusal) Error() string { return "refused: " + r.Action }

// Refuse is Missing with the refusal behind it.
func Refuse(a Actor, action, typ string) error {
	return fault.NotFound("fault.no_page").Because(Refusal{a, action, typ})
}

// RefusalIn gives the refusal behind an error, as the log keeps it.
func RefusalIn(err error, route string) (audit.Refusal, bool) {
	var r Refusal
	if !errors.As(err, &r) {
		return audit.Refusal{}, false
	}
	return audit.Refusal{Actor: r.Actor.Audited(), Action: r.Action, Kind: r.Type, Route: route}, true
}
