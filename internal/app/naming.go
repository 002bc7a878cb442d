// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"sync"
	"time"

	"approdo/internal/kit/web/ui"
)

// nameHolds is how long a node may go on calling the network by a name that another node has changed.
const nameHolds = 2 * time.Second

// nameWait is how long a page waits for the name of its own network.
const nameWait = time.Second

// naming remembers what the network is called, since every page says so.
type naming struct {
	read    func(context.Context) (string, error)
	clock   func() time.Time
	mu      sync.Mutex
	name    string
	at      time.Time // when it was read; zero makes the next page look
	reading bool      // one page looks, and the others take the name as it was
	forgot  int       // how often Forget was called: what was read before may be the old name
}

func newNaming(read func(context.Context) (string, error), clock func() time.Time) *naming {
	return &naming{read: read, clock: clock, name: ui.Name}
}

// Name is what the network calls itself, or the name of the program. When the database does not answer
// the name is as it was: the page itself will say what is wrong.
func (n *naming) Name(ctx context.Context) string {
	now := n.clock()
	n.mu.Lock()
	name, forgot := n.name, n.forgot
	if n.reading || !n.at.IsZero() && now.Sub(n.at) < nameHolds {
		n.mu.Unlock()
		return name
	}
	n.reading = true
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.name, n.reading = name, false
		if n.forgot == forgot {
			n.at = now
		}
	}()
	// The visitor who goes away must not leave the others without the name.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), nameWait)
	defer cancel()
	if found, err := n.read(ctx); err == nil {
		name = cmp.Or(found, ui.Name)
	}
	return name
}

// Forget makes the next page look: the name was changed here.
func (n *naming) Forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.at = time.Time{}
	n.forgot++
}
