// SPDX-License-Identifier: EUPL-1.2

package send

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
)

// Why is the reason of a failure.
type Why string

// The reasons.
const (
	Unreachable Why = "unreachable" // no connection, or no answer in time
	Busy        Why = "busy"        // the other side asks to try again later
	Address     Why = "address"     // the other side does not know the recipient
	Refused     Why = "refused"     // the other side does not want the message
	Login       Why = "login"       // our name or password is not accepted
	Insecure    Why = "insecure"    // no TLS, or a certificate that can't be trusted
	TooLarge    Why = "too_large"   // the message is longer than the other side takes
	Gone        Why = "gone"        // the browser has withdrawn its subscription
)

// Whys are all reasons that a sender gives.
var Whys = []Why{Unreachable, Busy, Address, Refused, Login, Insecure, TooLarge, Gone}

// Failure is why a message was not taken over.
type Failure struct {
	Why   Why
	Code  string // of the other side: "550 5.1.1", "503"
	Final bool   // trying again can't help
	cause error
}

// Error says no more than people may be shown.
func (f *Failure) Error() string { return strings.TrimSpace(fmt.Sprintf("send: %s %s", f.Why, f.Code)) }

// Cause is what lies behind. It may name the recipient: for tests, never for a log.
func (f *Failure) Cause() error { return f.cause }

// Is lets a failure of the connection be recognised as the end of a context.
func (f *Failure) Is(target error) bool {
	return (target == context.Canceled || target == context.DeadlineExceeded) && errors.Is(f.cause, target)
}

func failed(why Why, code string, final bool, cause error) *Failure {
	return &Failure{Why: why, Code: code, Final: final, cause: cause}
}

// unreached is a failure before the other side said anything.
func unreached(err error) *Failure {
	text := err.Error()
	for _, part := range []string{"x509:", "tls:", "certificate", "STARTTLS"} {
		if strings.Contains(text, part) {
			return failed(Insecure, "", false, err)
		}
	}
	code := ""
	var network net.Error
	if errors.As(err, &network) && network.Timeout() {
		code = "timeout"
	}
	return failed(Unreachable, code, false, err)
}
