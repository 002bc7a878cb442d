// SPDX-License-Identifier: EUPL-1.2

package send_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/send"
)

// postOffice is a real SMTP server that keeps what it takes over.
type postOffice struct {
	mu      sync.Mutex
	letters []string
	to      []string
	secure  []bool
	addr    string
	ca      string // file with its certificate
}

type counter struct { // one session
	office *postOffice
	conn   *smtp.Conn
	login  bool
	to     string
}

func (c *counter) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *counter) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, name, password string) error {
		if name != "rete" || password != "segreta" {
			return smtp.ErrAuthFailed
		}
		c.login = true
		return nil
	}), nil
}

func (c *counter) Mail(string, *smtp.MailOptions) error { return nil }

func (c *counter) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch {
	case strings.HasPrefix(to, "unknown"):
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user " + to}
	case strings.HasPrefix(to, "grey"):
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "come back later, " + to}
	}
	c.to = to
	return nil
}

func (c *counter) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if strings.Contains(string(text), "Subject: spam") {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "unwanted"}
	}
	_, secure := c.conn.TLSConnectionState()
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	c.office.letters = append(c.office.letters, string(text))
	c.office.to = append(c.office.to, c.to)
	c.office.secure = append(c.office.secure, secure)
	return nil
}

func (c *counter) Reset()        {}
func (c *counter) Logout() error { return nil }

// openOffice starts a server: how is "starttls", "tls" or "plain".
func openOffice(t *testing.T, how string) *postOffice {
	t.Helper()
	office := &postOffice{ca: filepath.Join(t.TempDir(), "ca.pem")}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &counter{office: office, conn: c}, nil
	}))
	server.Domain, server.MaxMessageBytes = "localhost", 1<<20
	server.AllowInsecureAuth = how == "plain"
	config := certificate(t, office.ca)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	switch how {
	case "starttls":
		server.TLSConfig = config
	case "tls":
		listener = tls.NewListener(listener, config)
	}
	office.addr = listener.Addr().String()
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return office
}

// certificate makes one for 127.0.0.1 and writes it to a file.
func certificate(t *testing.T, file string) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "post office"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, MinVersion: tls.VersionTLS12}
}

var from = send.From{Name: "Rete Approdo", Address: "noreply@rete.example"}

func letterTo(to string) send.Mail {
	return send.Mail{
		ID: "018f-1", To: to, Language: "ar", Subject: "دعوة إلى الشبكة", At: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC),
		Text: "مرحبا.\n\nhttps://rete.example/ar/x", HTML: `<p dir="rtl">مرحبا.</p>`,
	}
}

func TestLettersReachAMailServer(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"starttls", "tls", "plain"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			office := openOffice(t, how)
			address := map[string]string{
				"starttls": "smtp://rete:segreta@" + office.addr + "?ca=" + office.ca,
				"tls":      "smtps://rete:segreta@" + office.addr + "?ca=" + office.ca,
				"plain":    "smtp://" + office.addr + "?tls=none",
			}[how]
			s, err := send.NewSMTP(address, from)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Check(t.Context()); err != nil {
				t.Fatal(cause(err))
			}
			if err := s.Mail(t.Context(), letterTo("ada@example.org")); err != nil {
				t.Fatal(cause(err))
			}
			if len(office.letters) != 1 || office.to[0] != "ada@example.org" || office.secure[0] != (how != "plain") {
				t.Fatalf("taken over: %d letters to %v, secure %v", len(office.letters), office.to, office.secure)
			}
			readLetter(t, office.letters[0])
		})
	}
}

// readLetter takes a letter apart as a mail program does.
func readLetter(t *testing.T, text string) {
	t.Helper()
	m, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "دعوة إلى الشبكة" {
		t.Errorf("subject %q, %v", subject, err)
	}
	for name, want := range map[string]string{
		"Message-Id": "<018f-1@rete.example>", "Content-Language": "ar", "Auto-Submitted": "auto-generated",
		"From": `"Rete Approdo" <noreply@rete.example>`, "To": "<ada@example.org>", "Date": "Wed, 04 Mar 2026 05:06:07 +0000",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("it is %s, %v", kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for _, want := range []string{"text/plain", "text/html"} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil || !strings.Contains(string(body), "مرحبا.") || !strings.HasPrefix(part.Header.Get("Content-Type"), want) {
			t.Errorf("%s: %q %v", part.Header.Get("Content-Type"), body, err)
		}
	}
}

func cause(err error) error {
	var f *send.Failure
	if errors.As(err, &f) {
		return fmt.Errorf("%w: %w", err, f.Cause())
	}
	return err
}

func TestAMailServerSaysWhyNot(t *testing.T) {
	t.Parallel()
	office, plain := openOffice(t, "starttls"), openOffice(t, "plain")
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	good := "smtp://rete:segreta@" + office.addr + "?ca=" + office.ca
	spam := letterTo("ada@example.org")
	spam.Subject = "spam"
	long := letterTo("ada@example.org")
	long.Text = strings.Repeat("x\n", 1<<20)
	for name, c := range map[string]struct {
		address string
		letter  send.Mail
		want    send.Why
		code    string
		final   bool
	}{
		"unknown address":         {good, letterTo("unknown@example.org"), send.Address, "550 5.1.1", true},
		"asked to wait":           {good, letterTo("grey@example.org"), send.Busy, "451 4.7.1", false},
		"unwanted":                {good, spam, send.Refused, "554 5.7.1", true},
		"too long":                {good, long, send.TooLarge, "552 5.3.4", true},
		"no address at all":       {good, letterTo("nobody"), send.Address, "", true},
		"wrong password":          {"smtp://rete:x@" + office.addr + "?ca=" + office.ca, letterTo("a@example.org"), send.Login, "535", false},
		"nobody there":            {"smtp://" + closed.Addr().String(), letterTo("a@example.org"), send.Unreachable, "", false},
		"unknown authority":       {"smtp://rete:segreta@" + office.addr, letterTo("a@example.org"), send.Insecure, "", false},
		"no TLS where we want it": {"smtp://" + plain.addr, letterTo("a@example.org"), send.Insecure, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := send.NewSMTP(c.address, from)
			if err != nil {
				t.Fatal(err)
			}
			err = s.Mail(t.Context(), c.letter)
			var f *send.Failure
			if !errors.As(err, &f) || f.Why != c.want || !strings.HasPrefix(f.Code, c.code) || f.Final != c.final {
				t.Fatalf("got %+v: %v", f, cause(err))
			}
			if strings.Contains(err.Error(), "@") || strings.Contains(err.Error(), "nobody") {
				t.Errorf("the error repeats the address: %v", err)
			}
		})
	}
	if len(plain.letters) != 0 {
		t.Error("a letter went out in the clear")
	}
}

func TestAnEndOfTheContextIsSeen(t *testing.T) {
	t.Parallel()
	office := openOffice(t, "plain")
	s, err := send.NewSMTP("smtp://"+office.addr+"?tls=none", from)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Mail(ctx, letterTo("a@example.org")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAddressesOfMailServers(t *testing.T) {
	t.Parallel()
	for address, key := range map[string]string{
		"mail.example":                          "send.smtp_address",
		"http://mail.example":                   "send.smtp_address",
		"smtp://name:secret@":                   "send.smtp_address",
		"smtp://mail.example:x":                 "send.smtp_address",
		"smtp://mail.example?tls=none":          "send.smtp_plain",
		"smtps://127.0.0.1?tls=none":            "send.smtp_plain",
		"smtp://mail.example?ca=/not/there":     "send.smtp_authority",
		"smtps://mail.example?ca=" + os.Args[0]: "send.smtp_authority",
		"smtp://n:secret@mail.example:587":      "",
		"smtps://mail.example":                  "",
		"smtp://localhost:25?tls=none":          "",
	} {
		_, err := send.NewSMTP(address, from)
		got := ""
		if faults := fault.All(err); len(faults) == 1 {
			got = faults[0].Message.Key
		}
		if got != key {
			t.Errorf("%s: %v, want %s", address, err, key)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
	if _, err := send.NewSMTP("smtp://mail.example", send.From{Name: "x"}); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("without a sender: %v", err)
	}
}

func TestTheOutboxKeepsEachMessageOnce(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "outbox")
	o, err := send.NewOutbox(dir, from)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := o.Mail(t.Context(), letterTo("ada@example.org")); err != nil {
			t.Fatal(err)
		}
		if err := o.Text(t.Context(), send.Text{ID: "018f-2", To: "+390000", Text: "ciao", At: time.Unix(0, 0).UTC()}); err != nil {
			t.Fatal(err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	letter, err := os.ReadFile(filepath.Join(dir, "018f-1.eml"))
	if err != nil {
		t.Fatal(err)
	}
	readLetter(t, string(letter))
	text, err := os.ReadFile(filepath.Join(dir, "018f-2.txt"))
	if err != nil || !strings.HasSuffix(string(text), "\n\nciao\n") {
		t.Errorf("text message: %q %v", text, err)
	}
	for _, file := range files {
		if info, err := file.Info(); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s can be read by others: %v %v", file.Name(), info.Mode(), err)
		}
	}
	outside := letterTo("a@example.org")
	outside.ID = "../x"
	if err := o.Mail(t.Context(), outside); err == nil {
		t.Error("a message was written outside its folder")
	}
}
