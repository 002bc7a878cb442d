// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// key is a public key in the form of C2SP signed-note: name+hash+base64(1, 32 bytes of Ed25519).
type key struct {
	name string
	hash uint32
	raw  ed25519.PublicKey
}

func parseKey(text string) (key, error) {
	parts := strings.SplitN(strings.TrimSpace(text), "+", 3)
	if len(parts) != 3 {
		return key{}, errors.New("a key is name+hash+base64")
	}
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != 1 {
		return key{}, errors.New("this is no Ed25519 key of a log")
	}
	k := key{name: parts[0], hash: keyHash(parts[0], raw), raw: raw[1:]}
	if fmt.Sprintf("%08x", k.hash) != parts[1] {
		return key{}, errors.New("name, hash and key don't belong together")
	}
	return k, nil
}

// keyHash is the first four bytes of SHA-256(name, line end, key).
func keyHash(name string, raw []byte) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n"), raw...))
	return binary.BigEndian.Uint32(sum[:4])
}

// checkpoint is what a note says.
type checkpoint struct {
	origin string
	size   int64
	root   [32]byte
	at     string
}

// openNote checks the signatures of a note and reads the checkpoint in it.
func openNote(note string, keys []key) (checkpoint, error) {
	text, signatures, found := strings.Cut(note, "\n\n")
	text += "\n" // the line end belongs to what is signed, the empty line does not
	if !found {
		return checkpoint{}, errors.New("a note without signature")
	}
	good := false
	for line := range strings.Lines(signatures) {
		fields := strings.Fields(line)
		if len(fields) != 3 || fields[0] != "—" {
			return checkpoint{}, errors.New("a line that is no signature")
		}
		raw, err := base64.StdEncoding.DecodeString(fields[2])
		if err != nil || len(raw) != 4+ed25519.SignatureSize {
			return checkpoint{}, errors.New("a signature that can't be read")
		}
		for _, k := range keys {
			if k.name != fields[1] || k.hash != binary.BigEndian.Uint32(raw[:4]) {
				continue
			}
			if !ed25519.Verify(k.raw, []byte(text), raw[4:]) {
				return checkpoint{}, errors.New("a signature that is wrong")
			}
			good = true
		}
	}
	if !good {
		return checkpoint{}, errors.New("signed by nobody we know")
	}
	lines := strings.Split(text, "\n")
	if len(lines) < 4 {
		return checkpoint{}, errors.New("no checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	root, bad := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || bad != nil || size < 0 || len(root) != sha256.Size {
		return checkpoint{}, errors.New("no checkpoint")
	}
	c := checkpoint{origin: lines[0], size: size, root: [32]byte(root)}
	for _, line := range lines[3:] {
		if at, ok := strings.CutPrefix(line, "at "); ok {
			c.at = at
		}
	}
	return c, nil
}

// splitNotes cuts a file of notes: each ends with its signatures and an empty line.
func splitNotes(file []byte) []string {
	var notes []string
	for part := range bytes.SplitSeq(bytes.ReplaceAll(file, []byte("\r\n"), []byte("\n")), []byte("\n\n")) {
		switch {
		case len(bytes.TrimSpace(part)) == 0:
		case bytes.HasPrefix(part, []byte("— ")) && len(notes) > 0:
			notes[len(notes)-1] += "\n\n" + string(part)
		default:
			notes = append(notes, string(part))
		}
	}
	return notes
}
