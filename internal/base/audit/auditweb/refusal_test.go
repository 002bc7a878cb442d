// SPDX-License-Identifier: EUPL-1.2

package auditweb_test

import (
	"net/http"
	"strings"
	"testing"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// What was refused is read by auditors in words: who, what they asked for, how often, where.
func TestRefusalsAreRead(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		r := audit.NewRefusals(d, clock)
		carla := audit.Actor{Account: "carla", Member: "m2", Roles: "translator", Via: audit.ViaPage}
		for range 3 {
			r.Note(audit.Refusal{Actor: carla, Action: "casework.case.read", Kind: "Case", Route: "GET /{lang}/office/cases/{id}"})
		}
		if err := r.Write(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		events, err := audit.Select(t.Context(), d, "e.action = $1", audit.ActionRefuse)
		if err != nil || len(events) != 1 {
			t.Fatal(events, err)
		}
		code, page := h.get(t, "auditor", "/it/office/log?action="+audit.ActionRefuse)
		if lines := cells(t, page, "events"); code != http.StatusOK || len(lines) != 1 || !strings.Contains(lines[0], "Rifiutato: Richiesta di ciò che non è permesso") {
			t.Errorf("%d: %q", code, lines)
		}
		_, page = h.get(t, "auditor", "/en/office/log/"+events[0].ID)
		for _, want := range []string{"Nome di carla asked 3 times", "Asked for: Looked at: casework.case", "GET /{lang}/office/cases/{id}"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
		if code, _ := h.get(t, "officer", "/it/office/log/"+events[0].ID); code != http.StatusNotFound {
			t.Errorf("the officer of another body: %d", code)
		}
	})
}
