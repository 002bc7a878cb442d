// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"
	"slices"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// mostJudges is how many people judge an application.
const mostJudges = 2

// Points are what one evaluator gave, in the order of the criteria.
type Points struct {
	Account string
	Points  []int
	Notes   string
	At      time.Time
}

// Sum is how many points there are.
func (p Points) Sum() int {
	n := 0
	for _, one := range p.Points {
		n += one
	}
	return n
}

// mean is what an entry was given by all who judged it.
func mean(list []Points) float64 {
	n := 0
	for _, p := range list {
		n += p.Sum()
	}
	return float64(n) / float64(max(len(list), 1))
}

type application struct {
	Window    string
	Language  string
	Sent      time.Time
	Confirmed time.Time
}

func applicationOf(ctx context.Context, q db.Querier, mediator string) (application, bool, error) {
	list, err := db.Rows(ctx, q, func(s db.Scanner) (application, error) {
		var a application
		return a, s.Scan(&a.Window, &a.Language, db.ScanTime(&a.Sent), db.ScanTime(&a.Confirmed))
	}, `SELECT time_window, language, sent, confirmed FROM mediation_application WHERE id = $1`, mediator)
	if err != nil || len(list) == 0 {
		return application{}, false, err
	}
	return list[0], true, nil
}

func (u *UseCases) statementOf(ctx context.Context, q db.Querier, mediator string) (s Statement, err error) {
	list, err := db.Rows(ctx, q, db.Column[[]byte], `SELECT sealed FROM mediation_application WHERE id = $1`, mediator)
	if err != nil || len(list) == 0 {
		return s, err
	}
	return s, u.unseal(ctx, q, mediator, columnStatement, list[0], &s)
}

func (u *UseCases) pointsOf(ctx context.Context, q db.Querier, mediator string) ([]Points, error) {
	sealed := map[string][]byte{}
	list, err := db.Rows(ctx, q, func(s db.Scanner) (Points, error) {
		var p Points
		var notes []byte
		err := s.Scan(&p.Account, db.JSON(&p.Points), db.ScanTime(&p.At), &notes)
		sealed[p.Account] = notes
		return p, err
	}, `SELECT account, points, at, sealed FROM mediation_points WHERE mediator = $1 ORDER BY at, account`, mediator)
	for i := range list {
		if err := u.unseal(ctx, q, mediator, columnNotes, sealed[list[i].Account], &list[i].Notes); err != nil {
			return nil, err
		}
	}
	return list, err
}

// Applicant is an application in a list.
type Applicant struct {
	Entry     mediation.Mediator // without contact
	Window    string
	Sent      time.Time
	Confirmed bool
	Judged    int     // by how many
	Mean      float64 // of the points, once the actor has judged or nobody else may
	Shown     bool    // Mean is
}

// Applicants lists who applied in a window, or in all that the actor may see: the oldest that waits first, and
// those that nobody confirmed last.
func (u *UseCases) Applicants(ctx context.Context, actor access.Actor, window string, page, size int) (list []Applicant, total int, err error) {
	scope, args, err := u.Guard.Scope(actor, "mediation.application.read", mediation.RosterTable, 1)
	if err != nil {
		return nil, 0, err
	}
	from := ` FROM mediation_mediator m JOIN mediation_application a ON a.id = m.id WHERE (` + scope + `)`
	if window != "" {
		args = append(args, window)
		from += ` AND a.time_window = $` + strconv.Itoa(len(args))
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		list = nil
		if total, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*)`+from, args...); err != nil {
			return err
		}
		size := min(max(size, 1), 100)
		ids, err := db.Rows(ctx, tx, db.Column[string], `SELECT m.id`+from+` ORDER BY CASE WHEN m.state <> 'applied' THEN 1 WHEN a.confirmed IS NULL THEN 2 ELSE 0 END, a.sent, m.id LIMIT `+strconv.Itoa(size)+` OFFSET `+strconv.Itoa(max(page-1, 0)*size), args...)
		if err != nil {
			return err
		}
		for _, id := range ids {
			one, err := u.applicant(ctx, tx, actor, id)
			if err != nil {
				return err
			}
			list = append(list, one)
		}
		return nil
	})
	return list, total, err
}

func (u *UseCases) applicant(ctx context.Context, q db.Querier, actor access.Actor, id string) (one Applicant, err error) {
	found, err := u.Mediation.Entries(ctx, q, `m.id = $1`, id)
	if err != nil || len(found) == 0 {
		return one, err
	}
	a, _, err := applicationOf(ctx, q, id)
	if err != nil {
		return one, err
	}
	points, err := u.pointsOf(ctx, q, id)
	one = Applicant{Entry: found[0], Window: a.Window, Sent: a.Sent, Confirmed: !a.Confirmed.IsZero(), Judged: len(points), Mean: mean(points), Shown: len(points) > 0 && sees(points, actor, found[0])}
	return one, err
}

// sees says whether the actor may know what others gave: after they have judged, or when the matter is
// settled.
func sees(points []Points, actor access.Actor, m mediation.Mediator) bool {
	return m.Standing != mediation.Applied || len(points) >= mostJudges || slices.ContainsFunc(points, func(p Points) bool { return p.Account == actor.Account })
}

// File is all of an entry that those see who decide about it.
type File struct {
	Entry     mediation.Mediator // with contact
	Applied   bool
	Window    Window
	Language  string
	Sent      time.Time
	Confirmed bool
	Statement Statement
	Papers    []Paper
	Points    []Points // without those of others before the actor has given theirs
	Judged    int
	Decisions []Decision
	Coming    int // bookings ahead
	Choices   []Kind
	Judges    bool // the actor may give points
}

// Open reads the file of an entry, which is recorded. access.Missing for whoever may not.
func (u *UseCases) Open(ctx context.Context, actor access.Actor, id string) (f File, err error) {
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		f = File{}
		if f.Entry, err = u.entryFor(ctx, tx, actor, "mediation.application.read", id); err != nil {
			return err
		}
		a, found, err := applicationOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if f.Applied = found; found {
			f.Language, f.Sent, f.Confirmed = a.Language, a.Sent, !a.Confirmed.IsZero()
			if f.Window, err = windowByID(ctx, tx, a.Window); err != nil {
				return err
			}
			if f.Statement, err = u.statementOf(ctx, tx, id); err != nil {
				return err
			}
		}
		if f.Papers, err = papersOf(ctx, tx, id); err != nil {
			return err
		}
		points, err := u.pointsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		f.Judged = len(points)
		own := slices.ContainsFunc(points, func(p Points) bool { return p.Account == actor.Account })
		if sees(points, actor, f.Entry) {
			f.Points = points
		}
		f.Judges = f.Applied && f.Entry.Standing == mediation.Applied && (own || len(points) < mostJudges)
		if f.Decisions, err = u.decisionsOf(ctx, tx, id); err != nil {
			return err
		}
		if f.Coming, err = u.Mediation.Coming(ctx, tx, id); err != nil {
			return err
		}
		f.Choices = u.choices(f.Entry, f.Decisions)
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.application.read", Kind: "mediator", Record: id, Subject: id, Read: true})
	})
	return f, err
}

// Judge writes down the points that the actor gives an application. Faults: Invalid("points"), Conflict when
// two others have judged or it is settled, access.Missing.
func (u *UseCases) Judge(ctx context.Context, actor access.Actor, id string, points []int, notes string) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m, err := u.entryFor(ctx, tx, actor, "mediation.application.review", id)
		if err != nil {
			return err
		}
		a, found, err := applicationOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if !found {
			return access.Missing()
		}
		w, err := windowByID(ctx, tx, a.Window)
		if err != nil {
			return err
		}
		given, err := u.pointsOf(ctx, tx, id)
		if err != nil {
			return err
		}
		own := slices.ContainsFunc(given, func(p Points) bool { return p.Account == actor.Account })
		if m.Standing != mediation.Applied || !own && len(given) >= mostJudges {
			return fault.Conflict("roster.judge.settled")
		}
		if len(points) != len(w.Criteria) || len(notes) > 10_000 {
			return fault.Invalid("points", "roster.judge.points")
		}
		for i, c := range w.Criteria {
			if points[i] < 0 || points[i] > c.Most {
				return fault.Invalid("points", "roster.judge.points")
			}
		}
		sealed, err := u.seal(ctx, tx, id, columnNotes, notes)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_points (mediator, account, points, sealed, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (mediator, account) DO UPDATE SET points = $3, sealed = $4, at = $5`, id, actor.Account, db.JSON(points), sealed, db.Millis(u.Clock())); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.application.review", Kind: "mediator", Record: id, Subject: id, Changes: []audit.Change{{Field: "points", Hidden: true}}})
	})
}

// Waiting is what waits for those who keep a roster.
type Waiting struct {
	Applications int
	Appeals      int
	Due          time.Time // by when the first appeal has to be answered
}

// Waits counts what waits for the actor.
func (u *UseCases) Waits(ctx context.Context, actor access.Actor) (n Waiting, err error) {
	scope, args, err := u.Guard.Scope(actor, "mediation.application.read", mediation.RosterTable, 1)
	if err != nil {
		return n, err
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if n.Applications, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_mediator m JOIN mediation_application a ON a.id = m.id WHERE (`+scope+`) AND m.state = 'applied' AND a.confirmed IS NOT NULL`, args...); err != nil {
			return err
		}
		due, err := db.Rows(ctx, tx, db.Column[string], `SELECT d.due FROM mediation_decision d JOIN mediation_mediator m ON m.id = d.mediator WHERE (`+scope+`) AND d.kind = 'appeal' AND m.state IN ('refused', 'suspended')
			AND NOT EXISTS (SELECT 1 FROM mediation_decision o WHERE o.mediator = d.mediator AND o.kind IN ('uphold', 'reject', 'resume', 'list', 'leave') AND o.id > d.id) ORDER BY d.due`, args...)
		n.Appeals = len(due)
		if len(due) > 0 && dayOf(due[0]) != 0 {
			y, m, d := dayOf(due[0]).Date()
			n.Due = time.Date(y, m, d, 23, 59, 0, 0, time.UTC)
		}
		return err
	})
	return n, err
}
