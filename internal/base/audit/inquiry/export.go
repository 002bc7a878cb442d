// SPDX-License-Identifier: EUPL-1.2

package inquiry

import (
	"context"
	"fmt"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
)

// MostExported is how many events one export holds; who needs more takes them by month, or the whole
// log by command.
const MostExported = 20_000

// Export gives the events of a filter, newest first, at most MostExported, and records that they were
// exported before it gives any. Faults: NotFound for who may export none.
func (u *UseCases) Export(ctx context.Context, actor access.Actor, f Filter) ([]audit.Entry, error) {
	if !u.Guard.May(actor, ActionExport) {
		return nil, access.Missing()
	}
	where, args, err := u.where(actor, ActionExport, f)
	if err != nil {
		return nil, err
	}
	if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, u.Clock(), audit.Event{
			Actor: actor.Audited(), Action: ActionExport, Kind: "log", Record: f.String(), Read: true,
		})
	}); err != nil {
		return nil, err
	}
	return audit.Select(ctx, u.DB, fmt.Sprintf(`%s ORDER BY e.at DESC, e.id DESC LIMIT %d`, where, MostExported), args...)
}

// String is how the log says what was exported. A name that was searched is not repeated.
func (f Filter) String() string {
	text := ""
	if len(f.Accounts) > 0 {
		f.Text = "(name)"
	}
	for _, part := range []struct{ name, value string }{
		{"text", f.Text}, {"member", f.Member}, {"action", f.Action}, {"account", f.Account}, {"record", f.Record}, {"only", f.Only},
	} {
		if part.value != "" {
			text += " " + part.name + "=" + part.value
		}
	}
	if !f.From.IsZero() {
		text += " from=" + f.From.UTC().Format("2006-01-02")
	}
	if !f.To.IsZero() {
		text += " to=" + f.To.UTC().Format("2006-01-02")
	}
	if text == "" {
		return "all"
	}
	return text[1:]
}
