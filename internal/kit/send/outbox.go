// SPDX-License-Identifier: EUPL-1.2

package send

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// Outbox is a folder in which messages are left as files: letters as .eml, text messages as .txt.
// It is what a network has that has set up nothing else, and what a developer looks at.
type Outbox struct {
	dir  string
	from From
}

// NewOutbox makes the folder when it is missing; nobody else may read it.
func NewOutbox(dir string, from From) (*Outbox, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("send: the outbox: %w", err)
	}
	return &Outbox{dir, from}, nil
}

// Mail leaves a letter. The same letter again takes the place of the first.
func (o *Outbox) Mail(_ context.Context, m Mail) error {
	msg, err := letter(o.from, m)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if _, err := msg.WriteTo(&text); err != nil {
		return fmt.Errorf("send: %w", err)
	}
	return o.leave(m.ID+".eml", text.Bytes())
}

// Text leaves a text message.
func (o *Outbox) Text(_ context.Context, t Text) error {
	return o.leave(t.ID+".txt", fmt.Appendf(nil, "To: %s\nDate: %s\n\n%s\n", oneLine(t.To), t.At.Format(time.RFC3339), t.Text))
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9-]+\.[a-z]+$`)

// leave writes a file so that nobody ever sees half of it.
func (o *Outbox) leave(name string, content []byte) error {
	if !plainName.MatchString(name) {
		return fmt.Errorf("send: %q is no name of a message", name)
	}
	half, err := os.CreateTemp(o.dir, ".half-*") // with mode 600
	if err != nil {
		return fmt.Errorf("send: the outbox: %w", err)
	}
	_, err = half.Write(content)
	if closing := half.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(half.Name(), filepath.Join(o.dir, name))
	}
	if err != nil {
		_ = os.Remove(half.Name())
		return fmt.Errorf("send: the outbox: %w", err)
	}
	return nil
}
