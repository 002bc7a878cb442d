// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/kit/db"
)

// furnishRoster enters, for a body, a window with an application and its paper, an import that was applied,
// a residency and a posting.
func furnishRoster(ctx context.Context, tx *db.Tx, a *App, id, body, third string) error {
	paper := []byte("%PDF-1.7\nun attestato")
	sum := sha256.Sum256(paper)
	sealed, err := a.Vault.Seal(ctx, tx, id, "mediation.paper", paper)
	if err != nil {
		return err
	}
	at := db.Millis(still)
	hours := []mediation.Weekly{{Weekday: 1, From: 540, To: 780}}
	return enter(ctx, tx, []row{
		{`INSERT INTO mediation_window (id, version, member, section, from_day, last_day, record) VALUES ($1, 1, $2, 'mediator', '2026-01-01', '2099-01-01', $3)`, []any{id, body, db.JSON(roster.Window{Title: "Avviso di prova", Notice: "x", Criteria: []roster.Criterion{{Name: "Lingue", Most: 10}}})}},
		{`INSERT INTO mediation_application (id, time_window, language, sent) VALUES ($1, $1, 'it', $2)`, []any{id, at}},
		{`INSERT INTO mediation_document (id, mediator, kind, media, size, sha256, added, sealed) VALUES ($1, $1, 'evidence', 'application/pdf', $2, $3, $4, $5)`, []any{id, len(paper), hex.EncodeToString(sum[:]), at, sealed}},
		{`INSERT INTO mediation_import (id, version, member, account, name, state, record, at) VALUES ($1, 1, $2, '', 'elenco.csv', 'applied', '{}', $3)`, []any{id, body, at}},
		{`INSERT INTO mediation_residency (id, version, mediator, member, from_day, last_day, record) VALUES ($1, 1, 'example-mediator-1', $2, '2026-01-01', '2026-02-01', $3)`, []any{id, body, db.JSON(mediation.ResidencyFile{Office: mediation.Place{Name: "Casa di quartiere"}, Hours: hours})}},
		{`INSERT INTO mediation_posting (id, version, member, host, account, from_day, last_day, record) VALUES ($1, 1, $2, $3, '', '2026-01-01', '', $4)`, []any{id, body, third, db.JSON(roster.Posting{Name: "Qualcuno Esempio", Office: mediation.Place{Name: "Anagrafe"}, Hours: hours})}},
	})
}
