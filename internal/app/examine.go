// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/migrations"
)

// Check is one thing that was looked at.
type Check struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// Examine looks at an installation without changing it and says what it finds, each check with what
// to do when it fails.
func Examine(ctx context.Context, c Config) []Check {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	checks := []Check{examineFolder(c.Data), examineReference()}
	d, err := db.Open(ctx, db.Config{Dir: c.Data, URL: c.Database, Now: c.Clock})
	if err != nil {
		return append(checks, Check{"database", false, Explain(err, "en")})
	}
	defer func() { _ = d.Close() }()
	checks = append(checks, Check{"database", true, string(d.Engine())})
	pending, err := d.Pending(ctx, migrations.FS)
	switch {
	case err != nil:
		return append(checks, Check{"schema", false, Explain(err, "en")})
	case len(pending) > 0:
		return append(checks, Check{"schema", false, fmt.Sprintf("%d migrations to apply: start the program once, or run approdo demo", len(pending))})
	}
	checks = append(checks, Check{"schema", true, "up to date"}, examineClock(ctx, c, d))
	checks = append(checks, examineProof(ctx, c, d)...)
	checks = append(checks, examineMessages(ctx, c, d)...)
	return append(checks, examineDirectory(ctx, directory.New(d, c.Clock))...)
}

func examineFolder(dir string) Check {
	info, err := os.Stat(dir)
	if err != nil || !info.IsDir() {
		return Check{"data folder", false, dir + " is not there: give --data, or run approdo demo"}
	}
	probe, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return Check{"data folder", false, dir + " can't be written: give it to the user that runs approdo"}
	}
	name := probe.Name()
	if err := probe.Close(); err != nil {
		return Check{"data folder", false, Explain(err, "en")}
	}
	if err := os.Remove(name); err != nil {
		return Check{"data folder", false, Explain(err, "en")}
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		path = dir
	}
	detail := path
	if info.Mode().Perm()&0o077 != 0 {
		detail += " (readable by other users of this machine: chmod 700)"
	}
	return Check{"data folder", true, detail}
}

func examineReference() Check {
	without := 0
	comuni := network.Territories().Comuni()
	for _, c := range comuni {
		if !c.HasPoint {
			without++
		}
	}
	return Check{"reference data", true, fmt.Sprintf("%d comuni (%d without a centre point of their own), %d needs", len(comuni), without, len(need.All()))}
}

// examineDirectory reads every entry and counts what a coordinator should look at.
func examineDirectory(ctx context.Context, u *directory.UseCases) []Check {
	var total, overdue, leaks int
	today := calendar.DayOf(u.Now(), calendar.Rome())
	err := u.Walk(ctx, func(e directory.Entry) error {
		total++
		if e.Verification().Overdue(today) {
			overdue++
		}
		if e.Reserved() && len(e.Sites) > 0 {
			leaks++
		}
		return nil
	})
	if err != nil {
		return []Check{{"directory", false, Explain(err, "en")}}
	}
	checks := []Check{{"directory", true, fmt.Sprintf("%d entries, %d overdue for confirmation", total, overdue)}}
	if leaks > 0 {
		return append(checks, Check{"confidential places", false, fmt.Sprintf("%d entries show a place that must not be known", leaks)})
	}
	return append(checks, Check{"confidential places", true, "none is public"})
}
