// SPDX-License-Identifier: EUPL-1.2

package backup_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"

	"approdo/internal/kit/backup"
)

// Whoever has the public key can write a file that decrypts: what is in it is trusted for nothing.
func FuzzInspect(f *testing.F) {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte{})
	f.Add([]byte("not zstd"))
	f.Add([]byte{0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x00, 0x01, 0x00, 0x00})
	f.Fuzz(func(t *testing.T, data []byte) {
		var sealed bytes.Buffer
		w, err := age.Encrypt(&sealed, identity.Recipient())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "x.age")
		if err := os.WriteFile(path, sealed.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if m, end, err := backup.Inspect(path, identity); err == nil {
			t.Errorf("noise is a backup: %+v %+v", m, end)
		}
	})
}
