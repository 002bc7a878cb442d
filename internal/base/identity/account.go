// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"approdo/internal/base/access"
	"approdo/internal/kit/fault"
)

// Account is a person who logs in.
type Account struct {
	ID, Email, Name, Language string
	Member                    string // body acted for last
	Example                   bool   // of the demo network
	Created                   time.Time
	Closed                    time.Time // zero while it is open
	HasPassword               bool
}

// Membership is what somebody is in a body.
type Membership struct {
	ID, Account, Member string
	Role                access.Role
	From, Until         time.Time // Until is zero while it holds
}

// withoutPeople are the roles that never come near data about people.
var withoutPeople = []access.Role{access.DirectoryEditor, access.Translator}

// NeedsSecondFactor says whether one of the roles wants a second factor: all but those that work
// on public texts alone.
func NeedsSecondFactor(roles []access.Role) bool {
	return slices.ContainsFunc(roles, func(r access.Role) bool { return !slices.Contains(withoutPeople, r) })
}

// Limits are how long a session lasts.
type Limits struct{ Idle, Absolute time.Duration }

// LimitsOf gives the strictest limits among roles. Who may come near data about people is asked
// again after half an hour of silence and every day; who edits public texts after a morning and
// every week (NIST SP 800-63B-4, 2.1.3 and 2.2.3 set 30 days and 24 hours at most).
func LimitsOf(roles []access.Role) Limits {
	if NeedsSecondFactor(roles) {
		return Limits{Idle: 30 * time.Minute, Absolute: 12 * time.Hour}
	}
	return Limits{Idle: 4 * time.Hour, Absolute: 7 * 24 * time.Hour}
}

// unfinishedHolds is how long somebody may take between the password and the second factor.
const unfinishedHolds = 15 * time.Minute

// Lengths of what people write of themselves.
const (
	maxEmail = 254 // RFC 5321, 4.5.3.1
	maxName  = 120
)

// foldEmail is the form by which an address is found. Upper and lower case are one person, whatever
// RFC 5321 allows; no provider known to us sees it otherwise.
func foldEmail(email string) string {
	return strings.ToLower(norm.NFKC.String(strings.TrimSpace(email)))
}

// checkEmail refuses what no letter can be sent to.
func checkEmail(email string) error {
	email = strings.TrimSpace(email)
	if !Mailable(email) {
		return fault.Invalid("email", "identity.email")
	}
	return nil
}

// Mailable says whether a letter can be sent to an address: one mailbox at a host with a whole name, with
// nothing that a program on the way could read as more than an address.
func Mailable(email string) bool {
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Name != "" || parsed.Address != email || len(email) > maxEmail {
		return false
	}
	host := email[strings.LastIndex(email, "@")+1:]
	return strings.Contains(host, ".") && !strings.ContainsFunc(host, func(r rune) bool {
		return r != '.' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}

// checkName refuses what would be no name on a page, in a letter or in the log: addresses, and characters
// that nobody sees but that change how what stands around them is read.
func checkName(name string) error {
	name = strings.TrimSpace(name)
	if utf8.RuneCountInString(name) > maxName || !strings.ContainsFunc(name, unicode.IsLetter) ||
		strings.ContainsAny(name, "<>") || strings.Contains(name, "://") || strings.ContainsFunc(name, unseen) {
		return fault.Invalid("name", "identity.name", "n", maxName)
	}
	return nil
}

// unseen are control characters, separators of lines and marks of direction. The two that join and part
// letters stay: names in Urdu, Persian and Bengali are written with them.
func unseen(r rune) bool {
	return r != '\u200c' && r != '\u200d' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

// checkRoles refuses none and unknown ones.
func checkRoles(roles []access.Role) error {
	if len(roles) == 0 {
		return fault.Invalid("roles", "identity.no_role")
	}
	for _, r := range roles {
		if !slices.Contains(access.Roles, r) {
			return fault.Invalid("roles", "identity.unknown_role")
		}
	}
	return nil
}

// checkPerson is checkName and checkEmail together, so that both are said at once.
func checkPerson(name, email string) error { return errors.Join(checkName(name), checkEmail(email)) }
