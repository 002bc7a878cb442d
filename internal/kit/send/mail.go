// SPDX-License-Identifier: EUPL-1.2

package send

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	mail "github.com/wneessen/go-mail"
)

// Mail is one letter to one reader.
type Mail struct {
	ID       string // the same each time: becomes the Message-ID
	From     string // name of the sender; "" for the one that is set up
	To       string
	Subject  string
	Text     string
	HTML     string
	Language string
	At       time.Time
	Attached *Attachment // nil for none
}

// Attachment is a file that goes with a letter.
type Attachment struct {
	Name, Type string
	Data       []byte
}

// Mailer takes letters over.
type Mailer interface {
	Mail(ctx context.Context, m Mail) error
}

// From is who letters come from.
type From struct{ Name, Address string }

// domain is the part of the address after the @, in which identifiers are unique.
func (f From) domain() string {
	_, domain, found := strings.Cut(f.Address, "@")
	if !found {
		return "localhost"
	}
	return domain
}

// letter puts a message together: plain text first, HTML for those who show it.
func letter(from From, m Mail) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(oneLine(cmp.Or(m.From, from.Name)), from.Address); err != nil {
		return nil, fmt.Errorf("send: the sender of mail: %w", err)
	}
	if err := msg.To(m.To); err != nil {
		return nil, failed(Address, "", true, err)
	}
	msg.Subject(oneLine(m.Subject))
	msg.SetMessageIDWithValue(m.ID + "@" + from.domain())
	msg.SetDateWithValue(m.At)
	msg.SetGenHeader("Content-Language", m.Language)
	// So that answering machines stay silent (RFC 3834).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	if a := m.Attached; a != nil {
		if err := msg.AttachReader(oneLine(a.Name), bytes.NewReader(a.Data), mail.WithFileContentType(mail.ContentType(oneLine(a.Type)))); err != nil {
			return nil, fmt.Errorf("send: the attachment: %w", err)
		}
	}
	return msg, nil
}

// oneLine keeps a subject from becoming two headers.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
