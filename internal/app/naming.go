// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"sync"
	"time"

	"approdo/internal/kit/web/ui"
)

// nameHolds is how long a node may go on calling the network by a name that another node has changed.
const nameHolds = 2 * time.Second

// naming remembers what the network is called, since every page says so.
type naming struct {
	read  func(context.Context) (string, error)
	clock func() time.Time
	mu    sync.Mutex
	name  string
	at    time.Time // when it was read; zero makes the next page look
}

func newNaming(read func(context.Context) (string, error), clock func() time.Time) *naming {
	return &naming{read: read, clock: clock, name: ui.Name}
}

// Name is what the network calls itself, or the name of the program. When the database does not answer
// the name is as it was: the page itself will say what is wrong.
func (n *naming) Name(ctx context.Context) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.clock()
	if !n.at.IsZero() && now.Sub(n.at) < nameHolds {
		return n.name
	}
	name, err := n.read(ctx)
	switch {
	case err != nil:
		return n.name
	case name == "":
		name = ui.Name
	}
	n.name, n.at = name, now
	return name
}

// Forget makes the next page look: the name was changed here.
func (n *naming) Forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.at = time.Time{}
}
