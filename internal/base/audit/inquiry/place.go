// SPDX-License-Identifier: EUPL-1.2

package inquiry

import (
	"context"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
)

// abandoned is for how long a place that is tried no more is still told of: it is not set up any more.
const abandoned = 30 * 24 * time.Hour

// Places tells what became of the checkpoints for every place that keeps them. It fails with access.Missing.
func (u *UseCases) Places(ctx context.Context, actor access.Actor) ([]audit.Fate, error) {
	if err := u.Guard.Check(ctx, actor, "audit.place.read", access.Resource{Type: "Place", ID: "log"}); err != nil {
		return nil, err
	}
	return audit.Fates(ctx, u.DB, u.Clock().Add(-abandoned))
}
