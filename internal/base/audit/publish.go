// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
)

// Sink is a place that keeps checkpoints where whoever can write to the database can't.
type Sink interface {
	Name() string // for messages: "file /media/proof/checkpoints.txt"
	Publish(ctx context.Context, c Checkpoint) error
}

// SinkFunc makes a Sink of a function, such as one that sends a mail.
func SinkFunc(name string, publish func(ctx context.Context, c Checkpoint) error) Sink {
	return sinkFunc{name, publish}
}

type sinkFunc struct {
	name    string
	publish func(ctx context.Context, c Checkpoint) error
}

func (s sinkFunc) Name() string                                    { return s.name }
func (s sinkFunc) Publish(ctx context.Context, c Checkpoint) error { return s.publish(ctx, c) }

// FileSink keeps checkpoints in a file, one after the other. Put it on another machine's disk, or
// where files can only be added to.
type FileSink struct{ Path string }

// Name implements Sink.
func (f FileSink) Name() string { return "file " + f.Path }

// Publish adds a checkpoint and returns when it is on the disk.
func (f FileSink) Publish(_ context.Context, c Checkpoint) error {
	if err := os.MkdirAll(filepath.Dir(f.Path), 0o700); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	file, err := os.OpenFile(f.Path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	_, err = file.WriteString(c.Note + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}

// ReadCheckpoints reads a file of checkpoints that one of the keys has signed. A file that is not
// there holds none. One that nobody signed is an error: it may be the trace of a forgery.
func (k *Keys) ReadCheckpoints(path string) ([]Checkpoint, error) {
	text, err := os.ReadFile(path) // #nosec G304 -- whoever runs the program names it
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	return k.Checkpoints(path, text)
}

// Checkpoints reads what was kept at a place that is named in errors: notes one after the other, or a
// letter as a mail program saves it.
func (k *Keys) Checkpoints(place string, text []byte) ([]Checkpoint, error) {
	var list []Checkpoint
	for i, one := range SplitNotes(string(unletter(text))) {
		c, err := k.Open(one)
		if err != nil {
			return nil, fmt.Errorf("checkpoint %d of %s: %w", i+1, place, err)
		}
		list = append(list, c)
	}
	return list, nil
}

// unletter gives what a saved letter says, and anything else as it is.
func unletter(text []byte) []byte {
	letter, err := mail.ReadMessage(bytes.NewReader(text))
	if err != nil || letter.Header.Get("Message-Id") == "" {
		return text
	}
	body := letter.Body
	if strings.EqualFold(letter.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(body)
	}
	said, err := io.ReadAll(body)
	if err != nil {
		return text
	}
	return said
}

// LastCheckpoint gives the last checkpoint of a file without reading all of it; the zero Checkpoint
// when there is none.
func (k *Keys) LastCheckpoint(path string) (Checkpoint, error) {
	file, err := os.Open(path) // #nosec G304 -- whoever runs the program names it
	if errors.Is(err, os.ErrNotExist) {
		return Checkpoint{}, nil
	}
	if err != nil {
		return Checkpoint{}, fmt.Errorf("audit: %w", err)
	}
	defer file.Close()
	const enough = 4096 // a note is some 250 bytes
	if info, err := file.Stat(); err == nil && info.Size() > enough {
		if _, err := file.Seek(-enough, io.SeekEnd); err != nil {
			return Checkpoint{}, fmt.Errorf("audit: %w", err)
		}
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("audit: %w", err)
	}
	notes := SplitNotes(string(text))
	if len(notes) == 0 {
		return Checkpoint{}, nil
	}
	c, err := k.Open(notes[len(notes)-1])
	if err != nil {
		return c, fmt.Errorf("the last checkpoint of %s: %w", path, err)
	}
	return c, nil
}
