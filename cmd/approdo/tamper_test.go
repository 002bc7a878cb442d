// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"approdo/internal/app"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
)

// verifier builds the second program, which shares no code with the first.
func verifier(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "approdo-verify")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", file, "approdo/cmd/approdo-verify")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return file
}

// logged makes an installation whose log has entries with numbers, and gives its folder and how many.
func logged(t *testing.T) (dir string, entries int) {
	t.Helper()
	dir = t.TempDir()
	where := []string{"--data", dir}
	for _, n := range []int{1, 5} {
		a, err := app.Open(t.Context(), app.Config{Data: dir})
		if err != nil {
			t.Fatal(err)
		}
		if err := a.DB.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			for range n {
				if err := audit.Record(ctx, tx, time.Now(), audit.Event{Action: "tamper.test.write", Kind: "test", Record: db.NewID()}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
		if r := run(t, where, "audit", "seal"); r.code != 0 {
			t.Fatalf("seal: %+v", r)
		}
	}
	var report struct {
		Whole bool `json:"whole"`
		Size  int  `json:"size"`
		Tail  int  `json:"tail"`
	}
	r := run(t, where, "audit", "verify", "--json")
	if err := json.Unmarshal([]byte(r.out), &report); err != nil || r.code != 0 || !report.Whole || report.Tail != 0 || report.Size != 6 {
		t.Fatalf("before anything was done to it: %v, %+v", err, r)
	}
	return dir, report.Size
}

// What somebody does to the file of the database while nothing runs: both programs find it, and each
// said that all was well before.
func TestVerifyBeforeAndAfterTampering(t *testing.T) {
	t.Parallel()
	second := verifier(t)
	whole, n := logged(t)
	for name, attack := range map[string]struct {
		sql  []string
		want string
	}{
		"flip":     {[]string{`UPDATE audit_event SET record = record || 'x' WHERE seq = 2`}, audit.Altered},
		"drop":     {[]string{`DELETE FROM audit_event WHERE seq = 2`}, audit.Missing},
		"insert":   {[]string{copyOf(2, fmt.Sprint(n+1))}, audit.Inserted},
		"reorder":  {[]string{`UPDATE audit_event SET seq = -seq WHERE seq IN (2, 3)`, `UPDATE audit_event SET seq = 5 + seq WHERE seq < 0`}, audit.Altered},
		"truncate": {[]string{`DELETE FROM audit_event WHERE seq > 1`, `DELETE FROM audit_checkpoint WHERE size > 1`, `DELETE FROM audit_hash WHERE place > 0`}, audit.Truncated},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "copy")
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			elsewhere := filepath.Join(dir, "keys", "checkpoints.txt")
			independent := func(export string) (int, string) {
				if r := run(t, []string{"--data", dir}, "audit", "export", "--out", export); r.code != 0 {
					t.Fatalf("export: %+v", r)
				}
				c := exec.CommandContext(t.Context(), second, "--key", filepath.Join(dir, "keys", "audit-0001.pub"), "--checkpoint", elsewhere, export)
				out, err := c.CombinedOutput()
				if c.ProcessState == nil {
					t.Fatal(err)
				}
				return c.ProcessState.ExitCode(), string(out)
			}
			if code, out := independent(filepath.Join(dir, "before")); code != 0 {
				t.Fatalf("approdo-verify before: %d: %s", code, out)
			}
			d, err := db.Open(t.Context(), db.Config{Dir: dir})
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range attack.sql {
				if _, err := db.Exec(t.Context(), d, text); err != nil {
					t.Fatal(err)
				}
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			r := run(t, []string{"--data", dir}, "audit", "verify", "--json")
			var report struct {
				Whole    bool            `json:"whole"`
				Findings []audit.Finding `json:"findings"`
			}
			if err := json.Unmarshal([]byte(r.out), &report); err != nil || r.code != exitAttention || report.Whole ||
				!slices.ContainsFunc(report.Findings, func(f audit.Finding) bool { return f.Kind == attack.want }) {
				t.Errorf("approdo audit verify: %v, %+v, want %s", err, r, attack.want)
			}
			if code, out := independent(filepath.Join(dir, "after")); code != 4 || !strings.HasPrefix(out, "NOT WHOLE") {
				t.Errorf("approdo-verify: %d: %s", code, out)
			}
		})
	}
}

// copyOf puts in an entry that looks like one that is there.
func copyOf(seq int, as string) string {
	return fmt.Sprintf(`INSERT INTO audit_event (id, at, account, member, roles, session, address, via, action, kind, record, subject, is_read, basis, purpose, reason, changes, seq)
		SELECT 'forged', at, account, member, roles, session, address, via, action, kind, record, subject, is_read, basis, purpose, reason, changes, %s
		FROM audit_event WHERE seq = %d`, as, seq)
}
