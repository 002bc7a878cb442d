// SPDX-License-Identifier: EUPL-1.2

package identity_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/migrations"
)

// texts are the codes that went to a number.
func (h *house) texts(number string) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []string
	for _, l := range h.mail {
		if l.Template == "phone" && l.Phone == number && l.Email == "" {
			list = append(list, l.Code)
		}
	}
	return list
}

func TestATelephoneIsConfirmedByItsCode(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		session, _, _ := h.armed("amina@ente.example", bodyA, access.DeskOperator)
		me, account := from("here"), h.actor(session).Account
		errand, err := h.AskPhone(t.Context(), me, session.Token, " 320 000-00 01 ")
		must(t, err)
		sent := h.texts("+393200000001")
		if len(sent) != 1 || len(sent[0]) != 6 {
			t.Fatalf("sent: %v", h.mail)
		}
		if number, err := h.Phone(t.Context(), d, account); err != nil || number != "" {
			t.Errorf("before the code: %q %v", number, err)
		}
		wrong := "000000"
		if sent[0] == wrong {
			wrong = "000001"
		}
		if err := h.ConfirmPhone(t.Context(), me, session.Token, errand, wrong); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("a wrong code: %v", err)
		}
		other, _, _ := h.armed("bruno@ente.example", bodyA, access.DeskOperator)
		if err := h.ConfirmPhone(t.Context(), me, other.Token, errand, sent[0]); !fault.Is(err, fault.KindConflict) {
			t.Errorf("somebody else with the code: %v", err)
		}
		must(t, h.ConfirmPhone(t.Context(), me, session.Token, errand, sent[0][:3]+" "+sent[0][3:]))
		if err := h.ConfirmPhone(t.Context(), me, session.Token, errand, sent[0]); !fault.Is(err, fault.KindConflict) {
			t.Errorf("the same code again: %v", err)
		}
		if number, err := h.Phone(t.Context(), d, account); err != nil || number != "+393200000001" {
			t.Errorf("kept: %q %v", number, err)
		}
		hint, err := h.PhoneHint(t.Context(), h.actor(session))
		if err != nil || !strings.HasSuffix(hint, "001") || strings.Contains(hint, "320") {
			t.Errorf("shown: %q %v", hint, err)
		}
		kept, err := db.Row(t.Context(), d, db.Column[[]byte], `SELECT phone FROM identity_account WHERE id = $1`, account)
		if err != nil || bytes.Contains(kept, []byte("3200000001")) {
			t.Errorf("the number stands in clear: %v", err)
		}
		logged, err := db.Rows(t.Context(), d, db.Column[string], `SELECT action || ' ' || record || ' ' || changes || ' ' || reason FROM audit_event`)
		must(t, err)
		if text := strings.Join(logged, "\n"); strings.Contains(text, "3200000001") || strings.Contains(text, sent[0]) || !strings.Contains(text, "identity.phone.confirm") {
			t.Error("the log holds the number or the code, or not that it was confirmed")
		}
		if n := len(h.letters("changed", "amina@ente.example")); n != 1 {
			t.Errorf("%d letters to the owner", n)
		}
		must(t, h.RemovePhone(t.Context(), me, session.Token))
		if number, err := h.Phone(t.Context(), d, account); err != nil || number != "" {
			t.Errorf("taken away: %q %v", number, err)
		}
	})
}

func TestWhoMayNameATelephone(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t, migrations.FS)
	h := newHouse(t, d)
	session, _, _ := h.armed("amina@ente.example", bodyA, access.DeskOperator)
	me := from("here")
	for _, bad := range []string{"", "12345", "+0390000000", "trecentoventi", "+39 320 000 000 000 000 0", "320000000x"} {
		if _, err := h.AskPhone(t.Context(), me, session.Token, bad); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	first, err := h.AskPhone(t.Context(), me, session.Token, "+393200000001")
	must(t, err)
	_, err = h.AskPhone(t.Context(), me, session.Token, "0039 320 0000001")
	must(t, err)
	sent := h.texts("+393200000001")
	if err := h.ConfirmPhone(t.Context(), me, session.Token, first, sent[0]); !fault.Is(err, fault.KindConflict) {
		t.Errorf("an older code: %v", err)
	}
	_, err = h.AskPhone(t.Context(), me, session.Token, "+393200000002")
	must(t, err)
	if _, err := h.AskPhone(t.Context(), me, session.Token, "+393200000003"); !fault.Is(err, fault.KindTooMany) {
		t.Errorf("a fourth code: %v", err)
	}
	// Three accounts together can't pester one number either.
	for n := range 2 {
		other, _, _ := h.armed(fmt.Sprintf("altro%d@ente.example", n), bodyA, access.DeskOperator)
		_, err := h.AskPhone(t.Context(), me, other.Token, "+393200000001")
		if want := n > 0; fault.Is(err, fault.KindTooMany) != want {
			t.Errorf("account %d: %v", n, err)
		}
	}
	h.wait(access.StepUpHolds)
	if _, err := h.AskPhone(t.Context(), me, session.Token, "+393200000001"); !identity.WantsStepUp(err) {
		t.Errorf("a session that was proved a while ago: %v", err)
	}
	if err := h.RemovePhone(t.Context(), me, session.Token); !identity.WantsStepUp(err) {
		t.Errorf("taken away by one: %v", err)
	}
	unarmed := h.member("carla@ente.example", bodyA, access.DeskOperator)
	if _, err := h.AskPhone(t.Context(), me, unarmed.Token, "+393200000009"); !fault.Is(err, fault.KindForbidden) {
		t.Errorf("a session without its second factor: %v", err)
	}
	examples, err := h.Demo(t.Context(), bodyA, bodyB)
	must(t, err)
	for _, e := range examples {
		if e.Secret == "" {
			continue
		}
		ticket, err := h.LogIn(t.Context(), me, e.Email, e.Password)
		must(t, err)
		ticket, err = h.ConfirmCode(t.Context(), me, ticket.Token, phone(e.Secret).code(t, h.clock().Add(time.Second)))
		must(t, err)
		if _, err := h.AskPhone(t.Context(), me, ticket.Token, "+393200000009"); !fault.Is(err, fault.KindConflict) {
			t.Errorf("an example account: %v", err)
		}
		break
	}
}
