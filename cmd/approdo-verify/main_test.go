// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/migrations"
)

// export makes a log of 11 entries with checkpoints at 3, 4 and 11 and exports it.
func export(t testing.TB) string {
	t.Helper()
	d := dbtest.SQLite(t, migrations.FS)
	keys, err := audit.OpenKeys(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s := audit.NewSequencer(d, keys, time.Now, audit.Checkpoint{})
	for _, n := range []int{3, 1, 7} {
		if err := d.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			for i := range n {
				if err := audit.Record(ctx, tx, time.Now(), audit.Event{Action: "a", Kind: "b", Record: fmt.Sprint("r<&>", i)}); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if done, err := s.Step(t.Context()); err != nil || done != n {
			t.Fatal(done, err)
		}
	}
	dir := filepath.Join(t.TempDir(), "export")
	if _, err := audit.Export(t.Context(), d, keys, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func verify(t *testing.T, args ...string) (int, string) {
	t.Helper()
	var out, errs bytes.Buffer
	code := run(args, &out, &errs)
	return code, out.String() + errs.String()
}

func edit(t *testing.T, path string, change func(lines []string) []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "\n")
	lines[len(lines)-1] += "\n"
	if err := os.WriteFile(path, []byte(strings.Join(change(lines), "")), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAWholeExport(t *testing.T) {
	t.Parallel()
	dir := export(t)
	code, out := verify(t, "--key", filepath.Join(dir, "keys.txt"), "--checkpoint", filepath.Join(dir, "checkpoints.txt"), dir)
	if code != 0 || !strings.HasPrefix(out, "WHOLE: 11 entries, held against 6 checkpoints (3 kept elsewhere)") || strings.Contains(out, "came with") {
		t.Errorf("%d: %s", code, out)
	}
	if code, out := verify(t, dir); code != 0 || !strings.Contains(out, "The key came with the export") || !strings.Contains(out, "No checkpoint was kept elsewhere") {
		t.Errorf("%d: %s", code, out)
	}
}

func TestEveryEditIsFound(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(lines []string) []string{
		"flipped":      func(l []string) []string { l[4] = strings.Replace(l[4], `"action":"a"`, `"action":"b"`, 1); return l },
		"spaced":       func(l []string) []string { l[4] = strings.Replace(l[4], `"action":"a"`, `"action": "a"`, 1); return l },
		"dropped":      func(l []string) []string { return append(l[:4], l[5:]...) },
		"cut off":      func(l []string) []string { return l[:10] },
		"cut to 4":     func(l []string) []string { return l[:4] },
		"first gone":   func(l []string) []string { return l[1:] },
		"twice":        func(l []string) []string { return append(l[:5], l[4:]...) },
		"added":        func(l []string) []string { return append(l, strings.Replace(l[10], `"seq":11`, `"seq":12`, 1)) },
		"reordered":    func(l []string) []string { l[4], l[5] = l[5], l[4]; return l },
		"no JSON":      func(l []string) []string { l[4] = "x\n"; return l },
		"line end cut": func(l []string) []string { l[4] = strings.TrimSuffix(l[4], "\n"); return l },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := export(t)
			edit(t, filepath.Join(dir, "events.ndjson"), change)
			if code, out := verify(t, dir); code != 4 || !strings.HasPrefix(out, "NOT WHOLE") {
				t.Errorf("%d: %s", code, out)
			}
		})
	}
}

func TestCheckpointsAndKeys(t *testing.T) {
	t.Parallel()
	dir, other := export(t), export(t)
	if code, out := verify(t, "--key", filepath.Join(other, "keys.txt"), dir); code != 4 || !strings.Contains(out, "signed by nobody we know") {
		t.Errorf("the key of another log: %d: %s", code, out)
	}
	for _, args := range [][]string{{}, {"a", "b"}, {"--colour", dir}} {
		if code, _ := verify(t, args...); code != 2 {
			t.Errorf("%v: %d", args, code)
		}
	}
	if code, _ := verify(t, filepath.Join(dir, "none")); code != 1 {
		t.Errorf("a folder that is not there: %d", code)
	}
	if code, _ := verify(t, "--checkpoint", filepath.Join(dir, "tail.ndjson"), dir); code != 1 {
		t.Errorf("a file without checkpoints: %d", code)
	}
	// The last checkpoint is gone: what it covered is signed by nothing.
	kept := filepath.Join(t.TempDir(), "kept.txt")
	whole, err := os.ReadFile(filepath.Join(dir, "checkpoints.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(kept, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	edit(t, filepath.Join(dir, "checkpoints.txt"), func(l []string) []string { return l[:14] })
	if code, out := verify(t, dir); code != 4 || !strings.Contains(out, "no checkpoint covers the entries after number 4") {
		t.Errorf("%d: %s", code, out)
	}
	if code, out := verify(t, "--checkpoint", kept, dir); code != 0 {
		t.Errorf("with the checkpoints that were kept elsewhere: %d: %s", code, out)
	}
	edit(t, kept, func(l []string) []string { l[1] = "2\n"; return l })
	if code, out := verify(t, "--checkpoint", kept, dir); code != 4 || !strings.Contains(out, "a signature that is wrong") {
		t.Errorf("an altered checkpoint: %d: %s", code, out)
	}
}
