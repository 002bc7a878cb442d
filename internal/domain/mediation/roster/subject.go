// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// export is what somebody of the roster is handed over (art. 15 GDPR).
type export struct {
	Name      string                    `json:"name"`
	Section   mediation.Section         `json:"section"`
	Standing  mediation.Standing        `json:"standing"`
	Contact   mediation.Contact         `json:"contact"`
	Entry     mediation.Mediator        `json:"entry"`
	Statement Statement                 `json:"statement,omitzero"`
	Decisions []exportDecision          `json:"decisions,omitempty"`
	Papers    []string                  `json:"papers,omitempty"`
	Points    [][]int                   `json:"points,omitempty"`
	Bookings  []exportBooking           `json:"bookings,omitempty"`
	TimesOff  []exportTime              `json:"times,omitempty"`
	Residence []mediation.ResidencyFile `json:"residencies,omitempty"`
}

type exportDecision struct {
	Kind   Kind   `json:"kind"`
	Number string `json:"act,omitempty"`
	Day    string `json:"day"`
	Until  string `json:"until,omitempty"`
	Due    string `json:"due,omitempty"`
	Reason string `json:"reason,omitempty"`
}

type exportTime struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	Free  bool      `json:"free"`
}

type exportBooking struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
	Mode  string    `json:"mode"`
	State string    `json:"state"`
	Body  string    `json:"body"`
}

// Export makes a file of all that is kept about somebody of the roster, which is recorded. What evaluators
// noted in confidence and the persons they worked for are not in it. Faults: access.Missing.
func (u *UseCases) Export(ctx context.Context, actor access.Actor, id string) (file []byte, err error) {
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := u.entryFor(ctx, tx, actor, "mediation.roster.export", id)
		if err != nil {
			return err
		}
		if file, err = u.archive(ctx, tx, m); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.roster.export", Kind: "mediator", Record: id, Subject: id, Read: true})
	})
	return file, err
}

func (u *UseCases) archive(ctx context.Context, q db.Querier, m mediation.Mediator) ([]byte, error) {
	e := export{Name: m.Name, Section: m.Section, Standing: m.Standing, Contact: m.Contact, Entry: m}
	var err error
	if e.Statement, err = u.statementOf(ctx, q, m.ID); err != nil {
		return nil, err
	}
	decisions, err := u.decisionsOf(ctx, q, m.ID)
	if err != nil {
		return nil, err
	}
	for _, d := range decisions {
		e.Decisions = append(e.Decisions, exportDecision{d.Kind, d.Number, d.Day.String(), d.Until.String(), d.Due.String(), d.Reason})
	}
	points, err := u.pointsOf(ctx, q, m.ID)
	if err != nil {
		return nil, err
	}
	for _, p := range points {
		e.Points = append(e.Points, p.Points)
	}
	if e.Bookings, err = db.Rows(ctx, q, func(s db.Scanner) (exportBooking, error) {
		var b exportBooking
		return b, s.Scan(db.ScanTime(&b.Start), db.ScanTime(&b.End), &b.Mode, &b.State, &b.Body)
	}, `SELECT start, finish, mode, state, member FROM mediation_booking WHERE mediator = $1 ORDER BY start, id`, m.ID); err != nil {
		return nil, err
	}
	if e.TimesOff, err = db.Rows(ctx, q, func(s db.Scanner) (exportTime, error) {
		var t exportTime
		return t, s.Scan(db.ScanTime(&t.Start), db.ScanTime(&t.End), &t.Free)
	}, `SELECT start, finish, free FROM mediation_exception WHERE mediator = $1 ORDER BY start, id`, m.ID); err != nil {
		return nil, err
	}
	if e.Residence, err = db.Rows(ctx, q, func(s db.Scanner) (mediation.ResidencyFile, error) {
		var f mediation.ResidencyFile
		return f, s.Scan(db.JSON(&f))
	}, `SELECT record FROM mediation_residency WHERE mediator = $1 ORDER BY from_day`, m.ID); err != nil {
		return nil, err
	}
	return u.packed(ctx, q, m.ID, e)
}

// packed puts the data and the papers into one file.
func (u *UseCases) packed(ctx context.Context, q db.Querier, id string, e export) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	papers, err := papersOf(ctx, q, id)
	if err != nil {
		return nil, err
	}
	for _, p := range papers {
		_, content, err := u.paper(ctx, q, id, p.ID)
		if err != nil {
			return nil, err
		}
		name := "documenti/" + p.Kind + "-" + p.ID + Ending(p.Media)
		e.Papers = append(e.Papers, name)
		w, err := z.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(content); err != nil {
			return nil, err
		}
	}
	w, err := z.Create("dati.json")
	if err != nil {
		return nil, err
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	if err := enc.Encode(e); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Ending is how the name of a file of a media type ends.
func Ending(media string) string {
	switch media {
	case "application/pdf":
		return ".pdf"
	case "application/pkcs7-mime":
		return ".p7m"
	case "image/jpeg":
		return ".jpg"
	case "image/png":
		return ".png"
	}
	return ".bin"
}

// Erase takes away for good who somebody of the roster is. Their bookings stay, for the accounts, under an
// identifier that leads to nobody. Faults: Invalid("reason"); Conflict while they are booked ahead;
// access.Missing.
func (u *UseCases) Erase(ctx context.Context, actor access.Actor, id, reason string) error {
	reason = strings.TrimSpace(reason)
	if reason == "" || len(reason) > 2000 {
		return fault.Invalid("reason", "roster.erase.reason")
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := u.entryFor(ctx, tx, actor, "mediation.roster.delete", id)
		if err != nil {
			return err
		}
		coming, err := u.Mediation.Coming(ctx, tx, id)
		if err != nil {
			return err
		}
		if coming > 0 {
			return fault.Invalid("reason", "roster.erase.booked", "n", coming)
		}
		if err := u.Vault.Destroy(ctx, tx, m.ID); err != nil {
			return err
		}
		if err := u.Forget(ctx, tx, m.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.roster.delete", Kind: "mediator", Record: id, Subject: id, Reason: reason})
	})
}

// Erased takes away what is kept unsealed about somebody whose key was destroyed: of a mediator, or of the
// owner of an account. Acts stay, by number and day.
func (u *UseCases) Erased(ctx context.Context, tx *db.Tx, subject string) error {
	for _, text := range []string{
		`DELETE FROM mediation_follow WHERE mediator = $1`,
		`DELETE FROM mediation_document WHERE mediator = $1`,
		`DELETE FROM mediation_points WHERE mediator = $1`,
		`DELETE FROM mediation_origin WHERE mediator = $1`,
		`UPDATE mediation_import_change SET sealed = NULL WHERE mediator = $1`,
		`UPDATE mediation_decision SET sealed = NULL WHERE mediator = $1`,
		`UPDATE mediation_application SET sealed = NULL WHERE id = $1`,
		`UPDATE mediation_import SET file = NULL WHERE id = $1`,
	} {
		if _, err := db.Exec(ctx, tx, text, subject); err != nil {
			return err
		}
	}
	list, err := db.Rows(ctx, tx, scanPosting, `SELECT `+postingColumns+` FROM mediation_posting p WHERE p.account = $1`, subject)
	if err != nil {
		return err
	}
	for _, p := range list {
		p.Name, p.Notes = "–", ""
		if _, err := db.Exec(ctx, tx, `UPDATE mediation_posting SET version = version + 1, account = '', record = $2 WHERE id = $1`, p.ID, db.JSON(p)); err != nil {
			return err
		}
	}
	return nil
}
