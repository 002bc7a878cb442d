// SPDX-License-Identifier: EUPL-1.2

package send_test

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"approdo/internal/kit/send"
)

// A file goes with a letter under its name and type, beside the two forms of the text.
func TestALetterWithAFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o, err := send.NewOutbox(dir, send.From{Name: "Rete", Address: "rete@approdo.example"})
	if err != nil {
		t.Fatal(err)
	}
	data := "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
	if err := o.Mail(t.Context(), send.Mail{
		ID: "m1", To: "ada@posta.example", Subject: "Prenotata", Text: "Ciao", HTML: "<p>Ciao</p>", Language: "it", At: time.Unix(0, 0),
		Attached: &send.Attachment{Name: "approdo.ics", Type: "text/calendar; charset=utf-8; method=PUBLISH", Data: []byte(data)},
	}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "m1.eml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"multipart/mixed", "multipart/alternative", "Content-Type: text/calendar; charset=utf-8; method=PUBLISH", `filename="approdo.ics"`, base64.StdEncoding.EncodeToString([]byte(data))} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}
