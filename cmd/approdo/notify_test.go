// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"net"
	"path/filepath"
	"testing"
)

// The environment belongs to the whole program: this test does not run beside others.
func TestNotifyReady(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	if err := notifyReady(); err != nil {
		t.Errorf("without systemd: %v", err)
	}
	for _, name := range []string{filepath.Join(t.TempDir(), "notify"), "@approdo-notify-test"} {
		address := name
		if name[0] == '@' {
			address = "\x00" + name[1:]
		}
		conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: address, Net: "unixgram"})
		if err != nil {
			t.Fatal(err)
		}
		t.Setenv("NOTIFY_SOCKET", name)
		if err := notifyReady(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		buffer := make([]byte, 64)
		n, err := conn.Read(buffer)
		if err != nil || string(buffer[:n]) != "READY=1" {
			t.Errorf("%s heard %q, %v", name, buffer[:n], err)
		}
		_ = conn.Close()
	}
	t.Setenv("NOTIFY_SOCKET", "/nowhere/notify")
	if notifyReady() == nil {
		t.Error("a socket that is not there is no error")
	}
}
