// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// mailbox is a mail server that keeps what it takes over.
type mailbox struct {
	mu      sync.Mutex
	letters []string
}

func (m *mailbox) NewSession(*smtp.Conn) (smtp.Session, error) { return letterBox{m}, nil }

type letterBox struct{ *mailbox }

func (letterBox) Reset()                               {}
func (letterBox) Logout() error                        { return nil }
func (letterBox) Mail(string, *smtp.MailOptions) error { return nil }
func (letterBox) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (b letterBox) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.letters = append(b.letters, string(text))
	return err
}

func (m *mailbox) first() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.letters) == 0 {
		return ""
	}
	return m.letters[0]
}

// open opens an empty installation and what it keeps.
func open(t *testing.T) *App {
	t.Helper()
	a, err := Open(t.Context(), Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// served begins what goes on behind the pages of an installation.
func served(t *testing.T, a *App, c ServeConfig) *httptest.Server {
	t.Helper()
	c.Log = slog.New(slog.DiscardHandler)
	handler, follow, err := a.Site(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { follow(ctx) })
	server := httptest.NewServer(handler)
	t.Cleanup(func() {
		cancel()
		running.Wait()
		server.Close()
	})
	return server
}

func note(t *testing.T, a *App) {
	t.Helper()
	if err := a.DB.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return audit.Record(ctx, tx, time.Now(), audit.Event{Action: "proof.test.write", Kind: "test", Record: db.NewID()})
	}); err != nil {
		t.Fatal(err)
	}
}

func sinkCheck(t *testing.T, a *App) Check {
	t.Helper()
	return examineSinks(t.Context(), a.Config, a.DB)
}

// until waits for something that goes on behind the pages.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(what)
		}
	}
}

// Checkpoints go to another installation and to a mailbox; a place that does not take them is seen by
// doctor and tried again; from each of the two the log can be checked, and a log made anew is found.
func TestCheckpointsLeaveForAnotherNodeAndAMailbox(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	box := &mailbox{}
	post := smtp.NewServer(box)
	go func() { _ = post.Serve(listener) }()
	t.Cleanup(func() { _ = post.Close() })
	keeper, a := open(t), open(t)
	if check := sinkCheck(t, a); !check.OK || !strings.Contains(check.Detail, "none leaves") {
		t.Errorf("%+v", check)
	}
	there := served(t, keeper, ServeConfig{})
	address := there.URL + "/audit/checkpoints"
	smtpAddress := "smtp://" + listener.Addr().String() + "?tls=none"
	served(t, a, ServeConfig{
		Messages: MessagesConfig{SMTP: smtpAddress, MailFrom: "noreply@rete.example"},
		Proof:    ProofConfig{URLs: []string{address}, Inside: "127.0.0.0/8", Mail: []string{"auditor@altrove.example"}, Every: time.Second},
	})
	note(t, a)
	// They don't know us yet.
	until(t, "doctor says nothing of a place that takes no checkpoints", func() bool {
		check := sinkCheck(t, a)
		return !check.OK && strings.Contains(check.Detail, "peers.txt") && strings.Contains(check.Detail, "never took one")
	})
	until(t, "no letter came", func() bool { return box.first() != "" })
	letter := filepath.Join(t.TempDir(), "letter.eml")
	if err := os.WriteFile(letter, []byte(box.first()), 0o600); err != nil {
		t.Fatal(err)
	}
	public, err := os.ReadFile(filepath.Join(a.Config.KeysDir(), "audit-0001.pub"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(keeper.Config.KeysDir(), "peers.txt"), public, 0o600); err != nil {
		t.Fatal(err)
	}
	note(t, a)
	until(t, "it was not tried again", func() bool { return sinkCheck(t, a).OK })
	if check := sinkCheck(t, a); !strings.Contains(check.Detail, "in 2 places") {
		t.Errorf("%+v", check)
	}
	for _, elsewhere := range []string{address, letter} {
		if r, err := VerifyLog(t.Context(), a.Config, []string{elsewhere}, "127.0.0.1"); err != nil || !r.Whole() || r.Outside == 0 {
			t.Errorf("%s: %+v, %v", elsewhere, r, err)
		}
	}
	if _, err := VerifyLog(t.Context(), a.Config, []string{address}, ""); err == nil {
		t.Error("an address in the house was asked though nobody named it")
	}
}

func TestWhereCheckpointsCannotGo(t *testing.T) {
	t.Parallel()
	smtpAddress := MessagesConfig{SMTP: "smtp://localhost"}
	for name, c := range map[string]struct {
		proof    ProofConfig
		messages MessagesConfig
	}{
		"a mailbox without a mail server": {ProofConfig{Mail: []string{"auditor@altrove.example"}}, MessagesConfig{}},
		"no mailbox":                      {ProofConfig{Mail: []string{"auditor"}}, smtpAddress},
		"in clear over the net":           {ProofConfig{URLs: []string{"http://altrove.example/audit/checkpoints"}}, smtpAddress},
		"with a password in it":           {ProofConfig{URLs: []string{"https://a:b@altrove.example/audit/checkpoints"}}, smtpAddress},
		"no address":                      {ProofConfig{URLs: []string{"altrove"}}, smtpAddress},
		"nonsense for the house":          {ProofConfig{Inside: "home"}, smtpAddress},
	} {
		if sinks, err := c.proof.sinks(c.messages, nil, time.Now); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%s: %v, %v", name, sinks, err)
		}
	}
}

// The names of the places go into the log of the program, where addresses of people don't belong.
func TestMailboxesAreNamedByNumber(t *testing.T) {
	t.Parallel()
	sinks, err := ProofConfig{Mail: []string{"uno@altrove.example", "due@altrove.example"}}.sinks(MessagesConfig{SMTP: "smtp://localhost"}, nil, time.Now)
	if err != nil || len(sinks) != 2 || sinks[0].Name() != "mailbox 1" || sinks[1].Name() != "mailbox 2" {
		t.Errorf("%v, %v", sinks, err)
	}
}
