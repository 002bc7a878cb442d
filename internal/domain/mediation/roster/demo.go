// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// Identifiers of the examples: done again, nothing changes.
const (
	exampleWindow    = "example-window-1"
	exampleResidency = "example-residency-1"
)

// Demo opens an example window of an example body, and makes one of its example mediators resident in an example
// office, whose hours neighbours may use.
func (u *UseCases) Demo(ctx context.Context, member string, neighbours []string) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		there, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_window WHERE id = $1`, exampleWindow)
		if err != nil || there > 0 {
			return err
		}
		w := u.exampleWindow()
		if err := w.check(); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_window (id, version, member, section, from_day, last_day, record) VALUES ($1, 1, $2, $3, $4, $5, $6)`,
			exampleWindow, member, w.Section, w.From.String(), w.Until.String(), db.JSON(w)); err != nil {
			return err
		}
		r := u.exampleResidency(member, neighbours)
		if err := writeResidency(ctx, tx, &r); err != nil {
			return err
		}
		for kind, id := range map[string]string{"mediation.window.edit": exampleWindow, "mediation.residency.edit": exampleResidency} {
			if err := audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: access.Actor{Via: audit.ViaCommand}.Audited(), Action: kind, Kind: "example", Record: id}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (u *UseCases) exampleWindow() Window {
	return Window{
		Section: mediation.MediatorSection, From: u.today() - 10, Until: u.today() + 50,
		Title:  "ESEMPIO: elenco dei mediatori linguistico-culturali",
		Notice: "Questo avviso è inventato: serve a provare la domanda. Cerchiamo persone che parlano bene italiano e un'altra lingua, e hanno lavorato in un servizio pubblico o del privato sociale.",
		Act:    "Atto di esempio 1/2026",
		Criteria: []Criterion{
			{Name: "Conoscenza delle lingue", Most: 40}, {Name: "Esperienza nei servizi", Most: 40}, {Name: "Formazione", Most: 20},
		},
		Pass: 60, Years: 3,
	}
}

func (u *UseCases) exampleResidency(member string, neighbours []string) Residency {
	monday := u.today() - calendar.Day((int(u.today().Weekday())+6)%7)
	r := Residency{ID: exampleResidency, Mediator: "example-mediator-7", Member: member, From: monday - 14, Until: monday + 46, Neighbours: neighbours}
	r.Office = mediation.Place{Name: "Sportello di esempio", Address: "Via dell'Esempio 1"}
	if c, ok := network.Territories().Comune("082053"); ok {
		r.Office.Comune = c.ISTAT
		r.Office.Point, _, _ = network.Territories().PointOf(c)
	}
	for d := time.Monday; d <= time.Friday; d++ {
		r.Hours = append(r.Hours, mediation.Weekly{Weekday: d, From: calendar.Clock(9 * 60), To: calendar.Clock(13 * 60)})
	}
	r.Notes = "Esempio: stanza al piano terra, chiedere all'ingresso."
	return r
}
