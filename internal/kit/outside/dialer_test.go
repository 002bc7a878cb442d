// SPDX-License-Identifier: EUPL-1.2

package outside_test

import (
	"net"
	"net/netip"
	"testing"

	"approdo/internal/kit/outside"
)

func TestDialer(t *testing.T) {
	t.Parallel()
	inside, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = inside.Close() }()
	if c, err := outside.Dialer(nil).Dial("tcp", inside.Addr().String()); err == nil {
		_ = c.Close()
		t.Error("this machine was reached from outside's guard")
	}
	for _, address := range []string{"169.254.169.254:80", "10.0.0.1:443", "[::1]:80", "[fd00::1]:443", "0.0.0.0:80"} {
		if c, err := outside.Dialer(nil).Dial("tcp", address); err == nil {
			_ = c.Close()
			t.Errorf("%s was reached", address)
		}
	}
	allowed := outside.Dialer([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")})
	c, err := allowed.Dial("tcp", inside.Addr().String())
	if err != nil {
		t.Fatalf("what is allowed is refused: %v", err)
	}
	_ = c.Close()
}
