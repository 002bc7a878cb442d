// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"net"
	"os"
	"strings"
)

// notifyReady tells systemd that requests are taken (sd_notify), when it started this program with
// Type=notify: the next node of a rolling upgrade goes only when this one is there.
func notifyReady() error {
	path := os.Getenv("NOTIFY_SOCKET")
	if path == "" {
		return nil
	}
	if after, abstract := strings.CutPrefix(path, "@"); abstract {
		path = "\x00" + after
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		return err
	}
	_, err = conn.Write([]byte("READY=1"))
	return errors.Join(err, conn.Close())
}
