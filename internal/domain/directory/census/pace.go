// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"
	"errors"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/pace"
)

// Reading a file is the dearest thing that one request asks for. Each account reads so many an hour, as many
// as somebody who mends a file again and again; so many are read at once beside the pages of everybody else,
// and who waits longer is told to come back.
const (
	hourly  = 30
	readers = 2
	patient = 20 * time.Second
)

// spend takes a reading from the budget of the account. Commands and jobs have none: who has the machine
// needs none to slow it down.
func (u *UseCases) spend(actor access.Actor) error {
	if actor.Account == "" {
		return nil
	}
	if err := u.pace.Spend(actor.Account, u.Clock()); err != nil {
		return fault.TooMany("import.too_many").Because(err)
	}
	return nil
}

// turn waits until the account may read a file, and gives what ends its turn.
func (u *UseCases) turn(ctx context.Context, actor access.Actor) (end func(), err error) {
	if actor.Account == "" {
		return func() {}, nil
	}
	end, err = u.pace.Turn(ctx, actor.Account, u.Clock())
	if errors.Is(err, pace.ErrBusy) {
		err = fault.TooMany("import.busy").Because(err)
	}
	return end, err
}

// lookInTurn spends a reading and looks at a file when its turn comes.
func (u *UseCases) lookInTurn(ctx context.Context, actor access.Actor, i *Import, src source) error {
	if err := u.spend(actor); err != nil {
		return err
	}
	end, err := u.turn(ctx, actor)
	if err != nil {
		return err
	}
	defer end()
	u.look(ctx, i, src)
	return nil
}
