// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"approdo/internal/kit/db"
)

// Checkpoint says, signed, which entries there were at a moment.
type Checkpoint struct {
	Origin string
	Size   int64 // entries 1 to Size
	Hash   tlog.Hash
	At     time.Time
	Note   string // as it was signed
}

// errCheckpoint is for a note that says something else than a checkpoint.
var errCheckpoint = errors.New("audit: this is no checkpoint")

// sign makes a checkpoint.
func (k *Keys) sign(size int64, hash tlog.Hash, at time.Time) (Checkpoint, error) {
	if k.signer == nil {
		return Checkpoint{}, errors.New("audit: the signing key is not there: name the folder of keys")
	}
	c := Checkpoint{Origin: k.Origin, Size: size, Hash: hash, At: at.UTC().Truncate(time.Millisecond)}
	text := fmt.Sprintf("%s\n%d\n%s\nat %s\n", c.Origin, size, hash, c.At.Format(stamp))
	signed, err := note.Sign(&note.Note{Text: text}, k.signer)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("audit: sign: %w", err)
	}
	c.Note = string(signed)
	return c, nil
}

// stamp is how a checkpoint writes its time.
const stamp = "2006-01-02T15:04:05.000Z"

// Open reads a checkpoint that one of the keys has signed.
func (k *Keys) Open(text string) (Checkpoint, error) {
	signed, err := note.Open([]byte(text), k.known)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("audit: a checkpoint that none of our keys has signed: %w", err)
	}
	c, err := parseCheckpoint(signed.Text)
	c.Note = text
	return c, err
}

func parseCheckpoint(text string) (c Checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] == "" {
		return c, errCheckpoint
	}
	c.Origin = lines[0]
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.Size < 0 || strconv.FormatInt(c.Size, 10) != lines[1] {
		return c, errCheckpoint
	}
	hash, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(hash) != tlog.HashSize {
		return c, errCheckpoint
	}
	copy(c.Hash[:], hash)
	for _, line := range lines[3:] {
		if at, ok := strings.CutPrefix(line, "at "); ok {
			if c.At, err = time.Parse(stamp, at); err != nil {
				return c, errCheckpoint
			}
		}
	}
	return c, nil
}

// SplitNotes cuts a file of checkpoints, one after the other with an empty line between, into notes.
func SplitNotes(text string) []string {
	var notes []string
	var b strings.Builder
	signed := false
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		isSignature := strings.HasPrefix(line, "— ")
		if signed && !isSignature {
			notes = append(notes, b.String())
			b.Reset()
			signed = false
			if strings.TrimSpace(line) == "" {
				continue
			}
		}
		signed = isSignature
		b.WriteString(line)
	}
	if strings.TrimSpace(b.String()) != "" {
		notes = append(notes, b.String())
	}
	return notes
}

// storedCheckpoint is a row of audit_checkpoint, of which nothing is believed yet.
type storedCheckpoint struct {
	size int64
	note string
}

func scanCheckpoint(s db.Scanner) (c storedCheckpoint, err error) {
	err = s.Scan(&c.size, &c.note)
	return c, err
}

// latest gives the last checkpoint, size 0 when there is none.
func latest(ctx context.Context, q db.Querier) (storedCheckpoint, error) {
	list, err := db.Rows(ctx, q, scanCheckpoint, `SELECT size, note FROM audit_checkpoint ORDER BY size DESC LIMIT 1`)
	if err != nil || len(list) == 0 {
		return storedCheckpoint{}, err
	}
	return list[0], nil
}

// Latest gives the last checkpoint of the log, checked; false when nothing is signed yet.
func (k *Keys) Latest(ctx context.Context, q db.Querier) (Checkpoint, bool, error) {
	last, err := latest(ctx, q)
	if err != nil || last.note == "" {
		return Checkpoint{}, false, err
	}
	c, err := k.Open(last.note)
	return c, err == nil, err
}
