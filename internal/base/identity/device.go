// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"crypto/hmac"
	"encoding/base64"
	"strings"
)

// A device on which an account has been logged in carries a signed mark of it: the attempts that
// strangers use up are not its own. It opens nothing by itself, and names the account only to us.

// knownDevices is how many accounts one browser is known for.
const knownDevices = 5

// knownDevice gives the marks of a browser with that of account first.
func (u *UseCases) knownDevice(account, marks string) string {
	mine := ""
	var others []string
	for mark := range strings.SplitSeq(marks, ".") {
		switch {
		case u.isMark(account, mark):
			mine = mark
		case len(mark) == markLength && len(others) < knownDevices-1:
			others = append(others, mark)
		}
	}
	if mine == "" {
		nonce := base64.RawURLEncoding.EncodeToString(random(12))
		mine = nonce + u.markOf(account, nonce)
	}
	return strings.Join(append([]string{mine}, others...), ".")
}

// deviceOf finds the mark of account among marks, or "".
func (u *UseCases) deviceOf(account, marks string) string {
	if len(marks) > knownDevices*(markLength+1) {
		return ""
	}
	for mark := range strings.SplitSeq(marks, ".") {
		if u.isMark(account, mark) {
			return mark
		}
	}
	return ""
}

const (
	nonceLength = 16 // 12 bytes in base 64
	markLength  = nonceLength + 43
)

func (u *UseCases) markOf(account, nonce string) string {
	return base64.RawURLEncoding.EncodeToString(u.mac("device", account, nonce))
}

func (u *UseCases) isMark(account, mark string) bool {
	return len(mark) == markLength && account != "" &&
		hmac.Equal([]byte(mark[nonceLength:]), []byte(u.markOf(account, mark[:nonceLength])))
}
