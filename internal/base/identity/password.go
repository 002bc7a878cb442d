// SPDX-License-Identifier: EUPL-1.2

package identity

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"approdo/internal/kit/fault"
)

// Lengths of a password in characters. The upper one only keeps a login from being work.
const (
	MinPassword = 15
	MaxPassword = 200
)

// Hashing is how much work a password costs (RFC 9106).
type Hashing struct {
	Memory  uint32 // KiB
	Time    uint32
	Threads uint8
}

// DefaultHashing is the first choice of the OWASP Password Storage Cheat Sheet.
var DefaultHashing = Hashing{Memory: 46 << 10, Time: 1, Threads: 1}

const (
	saltLength = 16
	hashLength = 32
)

// hasher does the work of passwords for few at once, since each takes the memory of Hashing.
type hasher struct {
	cost  Hashing
	turns chan struct{}
	dummy string // of nobody's password, so that who has no account waits as long
}

func newHasher(cost Hashing) *hasher {
	h := &hasher{cost: cost, turns: make(chan struct{}, 4)}
	h.dummy = h.encode(cost, random(saltLength), random(hashLength))
	return h
}

// random gives n random bytes.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails, says crypto/rand
	return b
}

var b64 = base64.RawStdEncoding

func (h *hasher) encode(cost Hashing, salt, sum []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, cost.Memory, cost.Time, cost.Threads, b64.EncodeToString(salt), b64.EncodeToString(sum))
}

// prepare makes one password of the many ways to write it (NIST SP 800-63B-4, 3.1.1.2).
func prepare(password string) []byte { return []byte(norm.NFKC.String(password)) }

func (h *hasher) sum(ctx context.Context, cost Hashing, password string, salt []byte) ([]byte, error) {
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return argon2.IDKey(prepare(password), salt, cost.Time, cost.Memory, cost.Threads, hashLength), nil
}

// hash gives what is kept of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := random(saltLength)
	sum, err := h.sum(ctx, h.cost, password, salt)
	if err != nil {
		return "", err
	}
	return h.encode(h.cost, salt, sum), nil
}

// verify compares, and works as long when kept is empty. stale says that the work has grown since.
func (h *hasher) verify(ctx context.Context, kept, password string) (right, stale bool, err error) {
	nobody := kept == ""
	if nobody {
		kept = h.dummy
	}
	parts := strings.Split(kept, "$")
	var version int
	var cost Hashing
	if len(parts) != 6 {
		return false, false, fmt.Errorf("identity: a stored password has %d parts", len(parts))
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &cost.Memory, &cost.Time, &cost.Threads); err != nil || version != argon2.Version {
		return false, false, fmt.Errorf("identity: a stored password can't be read: %w", err)
	}
	salt, err := b64.DecodeString(parts[4])
	if err != nil {
		return false, false, fmt.Errorf("identity: a stored password can't be read: %w", err)
	}
	want, err := b64.DecodeString(parts[5])
	if err != nil {
		return false, false, fmt.Errorf("identity: a stored password can't be read: %w", err)
	}
	if utf8.RuneCountInString(password) > MaxPassword {
		password = "" // too long to be one of ours, and not worth the work
	}
	sum, err := h.sum(ctx, cost, password, salt)
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(sum, want) == 1 && !nobody, cost != h.cost, nil
}

// commonFile are passwords known from leaks; its README says which and whose work the list is.
//
//go:embed common/passwords.txt.gz
var commonFile []byte

var common = sync.OnceValue(func() map[string]bool {
	unzip, err := gzip.NewReader(bytes.NewReader(commonFile))
	if err != nil {
		panic("identity: " + err.Error()) // embedded: only a broken build gets here
	}
	text, err := io.ReadAll(unzip)
	if err != nil {
		panic("identity: " + err.Error())
	}
	list := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		list[strings.TrimSpace(line)] = true
	}
	return list
})

// CheckPassword refuses what is short, common, or made of words that others know of the account.
func CheckPassword(password string, about ...string) error {
	n := utf8.RuneCountInString(norm.NFKC.String(password))
	switch {
	case n < MinPassword:
		return fault.Invalid("password", "identity.password_short", "n", MinPassword)
	case utf8.RuneCountInString(password) > MaxPassword:
		return fault.Invalid("password", "identity.password_long", "n", MaxPassword)
	}
	plain := strings.ToLower(norm.NFKC.String(password))
	if isCommon(plain) {
		return fault.Invalid("password", "identity.password_common")
	}
	rest := plain
	for _, a := range about {
		for _, word := range strings.FieldsFunc(strings.ToLower(a), func(r rune) bool { return strings.ContainsRune(" .@-_'’", r) }) {
			if utf8.RuneCountInString(word) >= 4 {
				rest = strings.ReplaceAll(rest, word, "")
			}
		}
	}
	if utf8.RuneCountInString(rest) <= MinPassword/2 {
		return fault.Invalid("password", "identity.password_own")
	}
	return nil
}

// isCommon knows the list, repetitions ("abcabcabcabcabc") and common ones with little before or
// after them ("password1234567").
func isCommon(plain string) bool {
	known := common()
	if known[plain] || known[strings.ReplaceAll(plain, " ", "")] {
		return true
	}
	for length := 1; length <= len(plain)/2; length++ {
		if strings.HasPrefix(strings.Repeat(plain[:length], len(plain)/length+1), plain) {
			return true
		}
	}
	core := strings.Trim(plain, "0123456789!?.*#@$-_+ ")
	return utf8.RuneCountInString(core) < 4 || core != plain && known[core]
}
