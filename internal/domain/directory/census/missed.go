// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"
	"slices"
	"strconv"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/need"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Decisions about a search that found nothing.
const (
	DecisionNone    = ""
	DecisionWords   = "words"   // the taxonomy of needs is to learn these words
	DecisionService = "service" // a service is being looked for
	DecisionNo      = "no"      // nothing is to be done
)

// Decisions lists what can be decided.
var Decisions = []string{DecisionWords, DecisionService, DecisionNo}

// Lack is something that people look for and the census does not have.
type Lack struct {
	ID       string
	Language string
	Words    string
	Visits   int
	Day      string  // of the last visit
	Places   []Place // provinces from which enough visits looked, the most first
	Nearest  []need.Reading
	Decision string
	Remark   string
}

// Place is a province with how many visits looked there.
type Place struct {
	Province string
	Visits   int
}

// LackSelection says which searches a list holds.
type LackSelection struct {
	Language string
	Province string
	Decision string // "" is what nobody has decided about, "all" is everything
	Most     int
}

// Lacks lists what enough visits asked in vain, the most asked first: in a province by the visits that
// looked there. Nearest are the needs that the words are nearest to, for whoever asks the taxonomy to
// learn them. It fails with access.Missing.
func (u *UseCases) Lacks(ctx context.Context, actor access.Actor, s LackSelection) (list []Lack, err error) {
	if err := u.Guard.Check(ctx, actor, "directory.missed.read", network("Census")); err != nil {
		return nil, err
	}
	query := `SELECT s.hash, s.language, s.words, s.visits, s.day, s.decision, s.remark FROM directory_missed_search s`
	args := []any{}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	order := `s.visits`
	if s.Province != "" {
		query += ` JOIN directory_missed_place p ON p.hash = s.hash AND p.place = ` + arg(s.Province) + ` AND p.visits >= ` + arg(directory.EnoughVisits)
		order = `p.visits`
	}
	query += ` WHERE s.words <> ''`
	if s.Language != "" {
		query += ` AND s.language = ` + arg(s.Language)
	}
	if s.Decision != "all" {
		query += ` AND s.decision = ` + arg(s.Decision)
	}
	query += ` ORDER BY ` + order + ` DESC, s.hash LIMIT ` + strconv.Itoa(max(s.Most, 1))
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if list, err = db.Rows(ctx, tx, func(row db.Scanner) (Lack, error) {
			var l Lack
			return l, row.Scan(&l.ID, &l.Language, &l.Words, &l.Visits, &l.Day, &l.Decision, &l.Remark)
		}, query, args...); err != nil {
			return err
		}
		for i := range list {
			if list[i].Places, err = db.Rows(ctx, tx, func(row db.Scanner) (Place, error) {
				var p Place
				return p, row.Scan(&p.Province, &p.Visits)
			}, `SELECT place, visits FROM directory_missed_place WHERE hash = $1 AND visits >= $2 ORDER BY visits DESC, place`, list[i].ID, directory.EnoughVisits); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range list {
		near := need.Read(list[i].Words, list[i].Language, false)
		list[i].Nearest = near[:min(len(near), 3)]
	}
	return list, err
}

// DecideLack writes down what is to be done about a search. It fails with access.Missing and
// Invalid("decision").
func (u *UseCases) DecideLack(ctx context.Context, actor access.Actor, id, decision, remark string) error {
	if err := u.Guard.Check(ctx, actor, "directory.missed.decide", network("Census")); err != nil {
		return err
	}
	if decision != DecisionNone && !slices.Contains(Decisions, decision) {
		return fault.Invalid("decision", "missed.decision")
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, err := db.Row(ctx, tx, db.Column[string], `SELECT decision FROM directory_missed_search WHERE hash = $1 AND words <> ''`, id)
		if fault.Is(err, fault.KindNotFound) {
			return access.Missing()
		}
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE directory_missed_search SET decision = $1, decided_by = $2, remark = $3 WHERE hash = $4`, decision, actor.Account, remark, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{
			Actor: actor.Audited(), Action: "directory.missed.decide", Kind: "missed-search", Record: id,
			Changes: []audit.Change{{Field: "decision", Before: before, After: decision}},
		})
	})
}
