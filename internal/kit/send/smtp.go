// SPDX-License-Identifier: EUPL-1.2

package send

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/textproto"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	mail "github.com/wneessen/go-mail"

	"approdo/internal/kit/fault"
)

// SMTP is a mail server that takes letters over.
type SMTP struct {
	host    string
	options []mail.Option
	from    From
}

// smtpTime bounds one letter, from the first packet to the last answer.
const smtpTime = 30 * time.Second

// NewSMTP reads the address of a mail server: smtp://name:password@host:587 (STARTTLS) or
// smtps://name:password@host:465. Parameters: ca, a file with the certificate of an authority of
// one's own; tls=none, for a relay on this machine alone. Faults: Invalid.
func NewSMTP(address string, from From) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, fault.Invalid("smtp", "send.smtp_address") // may hold a password: not repeated
	}
	if !strings.Contains(from.Address, "@") {
		return nil, fault.Invalid("mail-from", "send.mail_from")
	}
	s := &SMTP{host: u.Hostname(), from: from, options: []mail.Option{mail.WithTimeout(smtpTime)}}
	port, implicit := 587, u.Scheme == "smtps"
	if implicit {
		port = 465
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return nil, fault.Invalid("smtp", "send.smtp_address")
		}
	}
	s.options = append(s.options, mail.WithPort(port))
	if name := u.User.Username(); name != "" {
		password, _ := u.User.Password()
		s.options = append(s.options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(name), mail.WithPassword(password))
	}
	secure, err := security(u, implicit)
	if err != nil {
		return nil, err
	}
	s.options = append(s.options, secure...)
	return s, nil
}

// security is how the connection is protected.
func security(u *url.URL, implicit bool) ([]mail.Option, error) {
	if u.Query().Get("tls") == "none" {
		if ip := net.ParseIP(u.Hostname()); implicit || u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return nil, fault.Invalid("smtp", "send.smtp_plain")
		}
		return []mail.Option{mail.WithTLSPolicy(mail.NoTLS)}, nil
	}
	config := &tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
	if file := u.Query().Get("ca"); file != "" {
		pem, err := os.ReadFile(file) // #nosec G304 -- the operator chooses the file
		if err != nil {
			return nil, fault.Invalid("smtp", "send.smtp_authority").Because(err)
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fault.Invalid("smtp", "send.smtp_authority")
		}
	}
	options := []mail.Option{mail.WithTLSConfig(config)}
	if implicit {
		return append(options, mail.WithSSL()), nil
	}
	return append(options, mail.WithTLSPolicy(mail.TLSMandatory)), nil
}

// Mail hands a letter to the server. Its error is a *Failure.
func (s *SMTP) Mail(ctx context.Context, m Mail) error {
	msg, err := letter(s.from, m)
	if err != nil {
		return err
	}
	client, err := mail.NewClient(s.host, s.options...)
	if err != nil {
		return failed(Unreachable, "", false, err)
	}
	ctx, cancel := context.WithTimeout(ctx, smtpTime)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, msg); err != nil {
		return smtpFailure(err)
	}
	return nil
}

// Check says whether the server lets us in, without sending anything. Its error is a *Failure.
func (s *SMTP) Check(ctx context.Context) error {
	client, err := mail.NewClient(s.host, s.options...)
	if err != nil {
		return failed(Unreachable, "", false, err)
	}
	ctx, cancel := context.WithTimeout(ctx, smtpTime)
	defer cancel()
	if err := client.DialWithContext(ctx); err != nil {
		return smtpFailure(err)
	}
	if err := client.Close(); err != nil {
		return smtpFailure(err)
	}
	return nil
}

func smtpFailure(err error) *Failure {
	code, enhanced, recipient := 0, "", false
	var sending *mail.SendError
	if errors.As(err, &sending) {
		code, enhanced = sending.ErrorCode(), sending.EnhancedStatusCode()
		recipient = sending.Reason == mail.ErrSMTPRcptTo
	}
	var answer *textproto.Error
	if code == 0 && errors.As(err, &answer) {
		code = answer.Code
	}
	shown := strings.TrimSpace(strconv.Itoa(code) + " " + enhanced)
	switch {
	case code == 0:
		return unreached(err)
	case code == 530 || code == 534 || code == 535 || code == 538:
		return failed(Login, shown, false, err) // an operator mends it, so the letter waits
	case code == 552 || enhanced == "5.3.4" || enhanced == "5.2.3":
		return failed(TooLarge, shown, true, err)
	case code >= 500 && recipient:
		return failed(Address, shown, true, err)
	case code >= 500:
		return failed(Refused, shown, true, err)
	}
	return failed(Busy, shown, false, err)
}
