// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
)

// gateway is somebody who carries text messages, and the file that describes how to call them.
func gateway(t *testing.T) (texts chan map[string]string, file string) {
	t.Helper()
	texts = make(chan map[string]string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var got map[string]string
		if body, err := io.ReadAll(r.Body); err == nil && json.Unmarshal(body, &got) == nil {
			texts <- got
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(server.Close)
	file = filepath.Join(t.TempDir(), "sms.json")
	config := fmt.Sprintf(`{"url": %q, "headers": {"Content-Type": "application/json"}, "body": "{\"to\": \"{to}\", \"text\": \"{text}\", \"id\": \"{id}\"}", "allow": ["127.0.0.0/8"]}`, server.URL)
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return texts, file
}

// The whole way of a text message: the owner of an account says where to, proves it, and is told there
// what is urgent.
func TestTextMessagesReachTheGateway(t *testing.T) {
	t.Parallel()
	a, err := Open(t.Context(), Config{Data: t.TempDir()})
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(err)
	t.Cleanup(func() { _ = a.Close() })
	texts, file := gateway(t)
	var said bytes.Buffer
	_, follow, err := a.Site(t.Context(), ServeConfig{Log: slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug})), Messages: MessagesConfig{SMS: file}})
	must(err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		follow(ctx)
	}()
	next := func() map[string]string {
		t.Helper()
		select {
		case got := <-texts:
			return got
		case <-time.After(30 * time.Second):
			t.Fatal("no text message came")
			return nil
		}
	}

	const number, password = "+393200000001", "quattro parole messe insieme"
	me := identity.Source{Address: "192.0.2.1"}
	path, err := a.Identity.Invite(t.Context(), Console, identity.Invitation{Member: "m1", Name: "Grace", Email: "grace@ente.example", Language: "fr", Roles: []access.Role{access.Translator}})
	must(err)
	ticket, err := a.Identity.Accept(t.Context(), me, strings.TrimPrefix(path, identity.InvitationPath), "Grace", password, "fr")
	must(err)
	ticket, err = a.Identity.ConfirmPassword(t.Context(), me, ticket.Token, password)
	must(err)
	errand, err := a.Identity.AskPhone(t.Context(), me, ticket.Token, number)
	must(err)
	got := next()
	code, _, _ := strings.Cut(strings.TrimPrefix(got["text"], "Approdo: "), " ")
	if got["to"] != number || !strings.Contains(got["text"], "pour confirmer ce numéro") || len(code) != 6 {
		t.Fatalf("the code: %v", got)
	}
	must(a.Identity.ConfirmPhone(t.Context(), me, ticket.Token, errand, code))
	if got := next(); got["to"] != number || got["text"] == "" {
		t.Errorf("that something has changed: %v", got)
	}
	must(a.Identity.ChangePassword(t.Context(), me, ticket.Token, password+" di nuovo"))
	if got := next(); got["to"] != number || !strings.Contains(got["text"], "mot de passe") {
		t.Errorf("that the password has changed: %v", got)
	}
	cancel()
	<-done
	if strings.Contains(said.String(), "3200000001") || strings.Contains(said.String(), code) {
		t.Error("the program's own log holds the number or the code")
	}
}
