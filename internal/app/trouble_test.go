// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// What the machine refuses is said with what to do about it.
func TestTrouble(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	_, busy := net.Listen("tcp", taken.Addr().String())
	_, nonsense := net.Listen("tcp", "nonsense")
	_, elsewhere := net.Listen("tcp", "203.0.113.4:8080")
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		err  error
		kind fault.Kind
		says string
	}{
		"taken":      {busy, fault.KindConflict, taken.Addr().String()},
		"nonsense":   {nonsense, fault.KindInvalid, "127.0.0.1:8080"},
		"elsewhere":  {elsewhere, fault.KindInvalid, "127.0.0.1:8080"},
		"a low port": {&net.OpError{Op: "listen", Net: "tcp", Addr: taken.Addr(), Err: syscall.EACCES}, fault.KindForbidden, "1024"},
		"full":       {&os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, fault.KindUnavailable, "full"},
		"newer":      {db.ErrNewer, fault.KindConflict, "newer version"},
		"denied":     {&os.PathError{Op: "open", Path: "/root/x", Err: syscall.EACCES}, fault.KindForbidden, "/root/x"},
		"no folder":  {os.MkdirAll(filepath.Join(file, "data"), 0o700), fault.KindInvalid, "--data"},
	} {
		err := fmt.Errorf("web: %w", tc.err)
		if got := Trouble(err); !fault.Is(got, tc.kind) || !strings.Contains(Explain(got, "en"), tc.says) || !errors.Is(got, tc.err) {
			t.Errorf("%s: %s, %s", name, fault.KindOf(got), Explain(got, "en"))
		}
	}
	own := fault.NotFound("error.not_found").Because(syscall.ENOSPC)
	if got := Trouble(own); !errors.Is(got, error(own)) || !fault.Is(got, fault.KindNotFound) {
		t.Errorf("a fault is said anew: %v", got)
	}
}

func TestTheDoctorLooksAtBackups(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	m := MachineConfig{Backups: dir, BackupAge: 50 * time.Hour}
	if k := examineBackups(MachineConfig{}, now); !k.OK {
		t.Errorf("no folder was named: %+v", k)
	}
	if k := examineBackups(MachineConfig{Backups: filepath.Join(dir, "none")}, now); k.OK {
		t.Errorf("a folder that is not there: %+v", k)
	}
	// A backup that is not whole is none.
	if err := os.WriteFile(filepath.Join(dir, "a.age.part"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if k := examineBackups(m, now); k.OK {
		t.Errorf("no backup: %+v", k)
	}
	path := filepath.Join(dir, "a.age")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for age, want := range map[time.Duration]bool{time.Hour: true, 49 * time.Hour: true, 51 * time.Hour: false} {
		if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
		if k := examineBackups(m, now); k.OK != want {
			t.Errorf("%s old: %+v", age, k)
		}
	}
}
