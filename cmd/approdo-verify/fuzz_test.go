// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// One changed byte anywhere in the log, and it is not whole.
func FuzzEveryByteCounts(f *testing.F) {
	dir := export(f)
	whole, err := os.ReadFile(filepath.Join(dir, "events.ndjson"))
	if err != nil {
		f.Fatal(err)
	}
	keys, err := os.ReadFile(filepath.Join(dir, "keys.txt"))
	if err != nil {
		f.Fatal(err)
	}
	checkpoints, err := os.ReadFile(filepath.Join(dir, "checkpoints.txt"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint16(0), byte('['))
	f.Add(uint16(40), byte('\n'))
	f.Add(uint16(700), byte(0xff))
	f.Fuzz(func(t *testing.T, at uint16, b byte) {
		changed := bytes.Clone(whole)
		place := int(at) % len(changed)
		if changed[place] == b {
			return
		}
		changed[place] = b
		copied := t.TempDir()
		for name, content := range map[string][]byte{"events.ndjson": changed, "keys.txt": keys, "checkpoints.txt": checkpoints} {
			if err := os.WriteFile(filepath.Join(copied, name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var out, errs bytes.Buffer
		if code := run([]string{copied}, &out, &errs); code != 4 {
			t.Errorf("byte %d made %q: %d %s", place, b, code, out.String())
		}
	})
}
