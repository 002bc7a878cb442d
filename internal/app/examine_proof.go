// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/vault"
)

// examineProof looks at the keys, at what is sealed and at the log.
func examineProof(ctx context.Context, c Config, d *db.DB) []Check {
	checks := []Check{examineKeys(c.KeysDir())}
	if !checks[0].OK {
		return checks
	}
	return append(checks, examineVault(ctx, c, d), examineErasures(ctx, c, d), examineLog(ctx, c, d), examineSinks(ctx, c, d))
}

func examineKeys(dir string) Check {
	const name = "keys"
	entries, err := os.ReadDir(dir)
	if err != nil {
		return Check{name, false, dir + " can't be read: name the folder with --keys, or put it back from its copy"}
	}
	var open []string
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().Perm()&0o077 != 0 {
			open = append(open, e.Name())
		}
	}
	if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o077 != 0 {
		open = append(open, ".")
	}
	if len(open) > 0 {
		return Check{name, false, fmt.Sprintf("other users of this machine can read %s in %s: chmod -R go= %s", strings.Join(open, ", "), dir, dir)}
	}
	path, err := filepath.Abs(dir)
	if err != nil {
		path = dir
	}
	return Check{name, true, path + " (keep a copy of it elsewhere, apart from the backups)"}
}

func examineVault(ctx context.Context, c Config, d *db.DB) Check {
	const name = "vault"
	folder, err := vault.OpenFolder(c.KeysDir())
	if err != nil {
		return Check{name, false, Explain(err, "en")}
	}
	report, err := vault.Check(ctx, d, folder)
	if err != nil {
		return Check{name, false, Explain(err, "en")}
	}
	total, old := 0, 0
	for id, n := range report.Wrapped {
		total += n
		if id != report.Current {
			old += n
		}
	}
	switch {
	case len(report.Missing) > 0:
		return Check{name, false, fmt.Sprintf("the keys %s are needed and not in the folder: put them back from its copy", strings.Join(report.Missing, ", "))}
	case report.Damaged > 0:
		return Check{name, false, fmt.Sprintf("%d of %d data keys do not open: the table was changed, restore it from a backup", report.Damaged, total)}
	}
	detail := fmt.Sprintf("%d data keys open", total)
	if old > 0 {
		detail += fmt.Sprintf("; %d are not under the newest key yet: serving moves them, or approdo keys rotate", old)
	}
	return Check{name, true, detail}
}

func examineErasures(ctx context.Context, c Config, d *db.DB) Check {
	const name = "ledger of erasures"
	missing, known, err := c.Ledger().Lacks(ctx, d)
	switch {
	case err != nil:
		return Check{name, false, Explain(err, "en")}
	case missing > 0:
		return Check{name, false, fmt.Sprintf("%d erasures are not in the ledger: serve, which writes them", missing)}
	}
	return Check{name, true, fmt.Sprintf("%d erasures", known)}
}

// tooLong is how old the tail of the log may be before somebody should look.
const tooLong = time.Minute

func examineLog(ctx context.Context, c Config, d *db.DB) Check {
	const name = "log of what was done"
	keys, err := audit.ReadKeys(c.KeysDir())
	if err != nil {
		return Check{name, false, Explain(err, "en")}
	}
	own, err := keys.ReadCheckpoints(c.checkpointFile())
	if err != nil {
		return Check{name, false, Explain(err, "en")}
	}
	report, err := audit.Verify(ctx, d, keys, own)
	switch {
	case err != nil:
		return Check{name, false, Explain(err, "en")}
	case !report.Whole():
		return Check{name, false, fmt.Sprintf("%d findings, the first: %s at %d: run approdo audit verify, and see docs/proof.md", len(report.Findings)+report.More, report.Findings[0].Kind, report.Findings[0].Seq)}
	}
	detail := fmt.Sprintf("%d entries are whole, held against %d checkpoints", report.Size, report.Checkpoints)
	if report.Tail > 0 {
		detail += fmt.Sprintf("; %d not numbered yet", report.Tail)
		if c.Clock().Sub(report.TailSince) > tooLong {
			detail += ": serve, or run approdo audit seal"
		}
	}
	return Check{name, true, detail}
}

// examineSinks says whether checkpoints arrive where they are kept outside, and whether those that are
// kept here for others agree with one another.
func examineSinks(ctx context.Context, c Config, d *db.DB) Check {
	const name = "checkpoints elsewhere"
	month := c.Clock().Add(-30 * 24 * time.Hour)
	forked, err := audit.Forked(ctx, d, month)
	if err != nil {
		return Check{name, false, Explain(err, "en")}
	}
	if len(forked) > 0 {
		return Check{name, false, fmt.Sprintf("two histories of %s are kept here: its log was rewritten or restored, tell its owner", strings.Join(forked, ", "))}
	}
	// A place that is not tried any more is not set up any more.
	fates, err := audit.Fates(ctx, d, month)
	if err != nil {
		return Check{name, false, Explain(err, "en")}
	}
	elsewhere, last := 0, time.Time{}
	for _, f := range fates {
		if f.Problem != "" && f.Tried.After(c.Clock().Add(-24*time.Hour)) {
			since := "never took one"
			if !f.Sent.IsZero() {
				since = "took the last one on " + f.Sent.UTC().Format(time.RFC3339)
			}
			return Check{name, false, fmt.Sprintf("%s (it %s; it is tried again every minute while the program serves)", f.Problem, since)}
		}
		if f.Name != (audit.FileSink{Path: c.checkpointFile()}).Name() && !f.Sent.IsZero() {
			elsewhere++
			if f.Sent.After(last) {
				last = f.Sent
			}
		}
	}
	if elsewhere == 0 {
		return Check{name, true, "none leaves this machine: who has the keys could make the log anew (serve with --checkpoint-mail, --checkpoint-url or --checkpoint-file)"}
	}
	return Check{name, true, fmt.Sprintf("in %d places, the last on %s", elsewhere, last.UTC().Format(time.RFC3339))}
}
