// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"io"
	"log/slog"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/identity"
	"approdo/internal/base/notice"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// letters are the texts in the outbox, by recipient, with headers.
func letters(t *testing.T, a *App) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(a.Config.Data, "outbox", "*.eml"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, name := range files {
		file, err := os.Open(name) // #nosec G304 -- in the folder of the test
		if err != nil {
			t.Fatal(err)
		}
		m, err := mail.ReadMessage(file)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
		if err != nil && !strings.Contains(err.Error(), "quotedprintable") {
			t.Fatal(err)
		}
		to, err := m.Header.AddressList("To")
		if err != nil || len(to) != 1 {
			t.Fatalf("to %v, %v", to, err)
		}
		found[to[0].Address] += m.Header.Get("Content-Language") + "\n" + string(text)
		_ = file.Close()
	}
	return found
}

// runs lets the program do what goes on behind the pages; the function it gives stops it.
func runs(t *testing.T, a *App) (stop func()) {
	t.Helper()
	_, follow, err := a.Site(t.Context(), ServeConfig{Log: slog.New(slog.DiscardHandler), PublicURL: "https://rete.example"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		follow(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

// awaitSent waits until n letters have left.
func awaitSent(t *testing.T, a *App, n int) {
	t.Helper()
	boss := access.Actor{Account: "boss", Member: "m1", Roles: []access.Role{access.NetworkAdministrator}, Strong: true, Via: audit.ViaPage}
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		page, err := a.Notice.Fates(t.Context(), boss, notice.Filter{Channel: notice.Mail})
		if err != nil {
			t.Fatal(err)
		}
		sent := 0
		for _, d := range page.List {
			if d.State == notice.Sent {
				sent++
			}
		}
		if sent >= n {
			return
		}
	}
	t.Errorf("fewer than %d letters have left", n)
}

// officerAndOther finds the officer of m1 and somebody else, who asks in vain for a new password: that of an
// example is shown to everybody.
func officerAndOther(t *testing.T, a *App, examples []identity.Example) (officer, other string) {
	t.Helper()
	officers, err := a.Identity.Holders(t.Context(), a.DB, "m1", access.DataProtectionOfficer)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range examples {
		account, err := a.Identity.AccountByEmail(t.Context(), e.Email)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case len(officers) == 1 && officers[0] == account.ID:
			officer = account.ID
		case other == "":
			other = account.ID
			if err := a.Identity.AskReset(t.Context(), identity.Source{Address: "192.0.2.1"}, e.Email); err != nil {
				t.Fatal(err)
			}
		}
	}
	return officer, other
}

// The whole way of a letter: a use case asks for it, the program delivers it in the reader's language.
func TestLettersLeaveTheProgram(t *testing.T) {
	t.Parallel()
	a, err := Open(t.Context(), Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	examples, err := a.Identity.Demo(t.Context(), "m1", "m2")
	if err != nil {
		t.Fatal(err)
	}
	command := access.Actor{Via: audit.ViaCommand}
	invitation, err := a.Identity.Invite(t.Context(), command, identity.Invitation{
		Member: "m1", Name: "Grace", Email: "grace@example.org", Language: "ar", Roles: []access.Role{access.Translator},
	})
	if err != nil {
		t.Fatal(err)
	}
	// Somebody who came of themselves forgets the password.
	link, err := a.Identity.Invite(t.Context(), command, identity.Invitation{Member: "m1", Name: "Ivo", Email: "ivo@example.org", Language: "it", Roles: []access.Role{access.Translator}})
	if err != nil {
		t.Fatal(err)
	}
	ivo := identity.Source{Address: "192.0.2.2"}
	if _, err := a.Identity.Accept(t.Context(), ivo, strings.TrimPrefix(link, identity.InvitationPath), "Ivo", "quattro parole messe insieme", "it"); err != nil {
		t.Fatal(err)
	}
	if err := a.Identity.AskReset(t.Context(), ivo, "ivo@example.org"); err != nil {
		t.Fatal(err)
	}
	officer, other := officerAndOther(t, a, examples)
	if officer == "" || other == "" {
		t.Fatal("the example network has no data-protection officer, or nobody else")
	}
	glass := access.Glass{ID: "g1", Account: other, Name: "Carla", Member: "m1", Until: time.Date(2026, 7, 1, 10, 0, 0, 0, time.UTC)}
	if err := a.DB.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error { return a.tellGlass(ctx, tx, glass) }); err != nil {
		t.Fatal(err)
	}

	defer runs(t, a)()
	awaitSent(t, a, 5)
	got := letters(t, a)
	if text := got["grace@example.org"]; !strings.HasPrefix(text, "ar\n") || !strings.Contains(text, "https://rete.example/ar"+invitation) {
		t.Errorf("the invitation: %q", text)
	}
	account, err := a.Identity.AccountByID(t.Context(), a.DB, other)
	if err != nil {
		t.Fatal(err)
	}
	if text := got[account.Email]; strings.Contains(text, identity.ResetPath) || !strings.Contains(text, "Carla ha aperto dati") || !strings.Contains(text, "12:00") {
		t.Errorf("the letter of an example: %q", text)
	}
	if text := got["ivo@example.org"]; !strings.Contains(text, "https://rete.example/it"+identity.ResetPath) {
		t.Errorf("the way to a new password: %q", text)
	}
	// What opens an account is in no inbox, where a borrowed session could use it.
	for _, id := range []string{officer, other} {
		in, err := a.Notice.Inbox(t.Context(), access.Actor{Account: id}, "it", false, 0, 0)
		if err != nil || len(in.Entries) != 1 || in.Entries[0].Link != "/it/office/access/emergencies/g1" {
			t.Errorf("the inbox of %s: %+v %v", id, in.Entries, err)
		}
	}
	for _, c := range examineMessages(t.Context(), a.Config, a.DB) {
		if !c.OK {
			t.Errorf("doctor: %+v", c)
		}
	}
}

func TestDoctorSeesWhatDidNotArrive(t *testing.T) {
	t.Parallel()
	a, err := Open(t.Context(), Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	if err := a.DB.InTx(t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return a.Notice.Tell(ctx, tx, notice.Message{Key: "x", To: notice.Outside("a@example.org", "it"), Template: "identity.reset", Link: "/x"})
	}); err != nil {
		t.Fatal(err)
	}
	later := a.Config
	later.Clock = func() time.Time { return time.Now().Add(25 * time.Hour) }
	for hours, want := range map[*Config]bool{&a.Config: true, &later: false} {
		if checks := examineMessages(t.Context(), *hours, a.DB); checks[0].OK != want {
			t.Errorf("%+v", checks[0])
		}
	}
	for name, m := range map[string]MessagesConfig{
		"no address": {SMTP: "mail.example"}, "no sender": {SMTP: "smtp://mail.example"}, "nobody there": {SMTP: "smtp://127.0.0.1:1?tls=none", MailFrom: "a@rete.example"},
		"no file": {SMS: filepath.Join(t.TempDir(), "sms.json")},
	} {
		ok := true
		for _, c := range ExamineCarriers(t.Context(), m) {
			ok = ok && c.OK
		}
		if ok {
			t.Errorf("%s: all is well", name)
		}
	}
	if _, _, err := a.Site(t.Context(), ServeConfig{Log: slog.New(slog.DiscardHandler), Messages: MessagesConfig{SMTP: "smtp://mail.example"}}); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("a mail server without a sender: %v", err)
	}
}
