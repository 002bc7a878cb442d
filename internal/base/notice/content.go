// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"approdo/internal/kit/db"
	"approdo/internal/kit/vault"
)

// content is what is sealed of a message.
type content struct {
	Args  map[string]string `json:"args,omitempty"`
	Link  string            `json:"link,omitempty"`
	Mail  string            `json:"mail,omitempty"`
	Phone string            `json:"phone,omitempty"`
	Event *Event            `json:"event,omitempty"`
}

// errErased says that what a message held was taken away for good.
var errErased = errors.New("notice: the content was erased")

const columnContent = "notice_message.sealed"

// subject owns the key of a message: the account, or the message itself.
func (m messageRow) subject() string {
	if m.Account != "" {
		return m.Account
	}
	return m.ID
}

func (u *UseCases) seal(ctx context.Context, tx *db.Tx, m messageRow, c content) ([]byte, error) {
	plain, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("notice: %w", err)
	}
	return u.Vault.Seal(ctx, tx, m.subject(), columnContent, plain)
}

// open reads what a message says; errErased when its key was destroyed.
func (u *UseCases) open(ctx context.Context, q db.Querier, m messageRow) (c content, err error) {
	if len(m.Sealed) == 0 {
		return c, errErased
	}
	plain, err := u.Vault.Open(ctx, q, m.subject(), columnContent, m.Sealed)
	if errors.Is(err, vault.ErrDestroyed) {
		return c, errErased
	}
	if err != nil {
		return c, fmt.Errorf("notice: %w", err)
	}
	if err := json.Unmarshal(plain, &c); err != nil {
		return c, fmt.Errorf("notice: %w", err)
	}
	return c, nil
}
