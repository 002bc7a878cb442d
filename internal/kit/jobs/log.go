// SPDX-License-Identifier: EUPL-1.2

package jobs

import (
	"context"
	"log/slog"
	"strings"
)

// calm passes on what somebody can act upon. The queue tries again by itself when it could not reach
// the database in time, because an import held the only writer or because the program is stopping:
// that is no warning, and a database that stays away is reported by those who need it.
type calm struct{ next slog.Handler }

func (c calm) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && c.next.Enabled(ctx, level)
}

func (c calm) Handle(ctx context.Context, r slog.Record) error {
	if passing(r) {
		if !c.next.Enabled(ctx, slog.LevelDebug) {
			return nil
		}
		r.Level = slog.LevelDebug
	}
	return c.next.Handle(ctx, r)
}

func (c calm) WithAttrs(attrs []slog.Attr) slog.Handler { return calm{c.next.WithAttrs(attrs)} }

func (c calm) WithGroup(name string) slog.Handler { return calm{c.next.WithGroup(name)} }

// passing says whether a message of the queue, not of a job, is about a moment's wait.
func passing(r slog.Record) bool {
	if strings.Contains(r.Message, "Job errored") || strings.Contains(r.Message, "Job panicked") {
		return false
	}
	found := false
	r.Attrs(func(a slog.Attr) bool {
		text := a.Value.String()
		found = strings.Contains(text, "context deadline exceeded") || strings.Contains(text, "context canceled") ||
			strings.Contains(text, "database is locked") || strings.Contains(text, "SQLITE_BUSY")
		return !found
	})
	return found
}
