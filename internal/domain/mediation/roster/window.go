// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Window is a time in which one may apply for a section of the roster of a body.
type Window struct {
	ID       string            `json:"-"`
	Version  int64             `json:"-"`
	Member   string            `json:"-"`
	Section  mediation.Section `json:"-"`
	From     calendar.Day      `json:"-"`
	Until    calendar.Day      `json:"-"`
	Title    string            `json:"title"`
	Notice   string            `json:"notice"`        // what is asked for, in plain words
	Act      string            `json:"act,omitempty"` // that it rests on
	URL      string            `json:"url,omitempty"` // where the whole notice is
	Criteria []Criterion       `json:"criteria"`
	Pass     int               `json:"pass,omitempty"`  // least points to be listed; 0 for none
	Years    int               `json:"years,omitempty"` // how long one is listed; 0 for no end
}

// Criterion is one thing that is judged, with the most points it can have.
type Criterion struct {
	Name string `json:"name"`
	Most int    `json:"most"`
}

// Open says whether one may apply on a day.
func (w Window) Open(day calendar.Day) bool { return w.From <= day && day <= w.Until }

// Most is how many points there are in all.
func (w Window) Most() int {
	n := 0
	for _, c := range w.Criteria {
		n += c.Most
	}
	return n
}

var windowTable = access.Table{Type: "RosterWindow", ID: "w.id", Columns: map[string]access.Column{"member": {SQL: "w.member", Kind: access.Text}}}

const windowColumns = `w.id, w.version, w.member, w.section, w.from_day, w.last_day, w.record`

func scanWindow(s db.Scanner) (Window, error) {
	var w Window
	var from, until string
	err := s.Scan(&w.ID, &w.Version, &w.Member, &w.Section, &from, &until, db.JSON(&w))
	w.From, w.Until = dayOf(from), dayOf(until)
	return w, err
}

// Windows lists the windows that the actor may see, the latest first.
func (u *UseCases) Windows(ctx context.Context, actor access.Actor) ([]Window, error) {
	scope, args, err := u.Guard.Scope(actor, "mediation.window.read", windowTable, 1)
	if err != nil {
		return nil, err
	}
	return db.Rows(ctx, u.DB, scanWindow, `SELECT `+windowColumns+` FROM mediation_window w WHERE (`+scope+`) ORDER BY w.from_day DESC, w.id LIMIT 200`, args...)
}

// Window is one of them; access.Missing when there is none that the actor may see.
func (u *UseCases) Window(ctx context.Context, actor access.Actor, id string) (Window, error) {
	w, err := windowByID(ctx, u.DB, id)
	if err != nil {
		return w, err
	}
	return w, u.Guard.Check(ctx, actor, "mediation.window.read", ofBody("RosterWindow", w.ID, w.Member))
}

func windowByID(ctx context.Context, q db.Querier, id string) (Window, error) {
	w, err := db.Row(ctx, q, scanWindow, `SELECT `+windowColumns+` FROM mediation_window w WHERE w.id = $1`, id)
	if fault.Is(err, fault.KindNotFound) {
		err = access.Missing()
	}
	return w, err
}

// OpenWindows are those in which anybody may apply today, and those that open within thirty days.
func (u *UseCases) OpenWindows(ctx context.Context) ([]Window, error) {
	today := u.today()
	return db.Rows(ctx, u.DB, scanWindow, `SELECT `+windowColumns+` FROM mediation_window w WHERE w.last_day >= $1 AND w.from_day <= $2 ORDER BY w.last_day, w.id LIMIT 200`, today.String(), (today + 30).String())
}

// OpenWindow is one in which anybody may apply today; access.Missing when there is none.
func (u *UseCases) OpenWindow(ctx context.Context, id string) (Window, error) {
	w, err := windowByID(ctx, u.DB, id)
	if err == nil && !w.Open(u.today()) {
		err = access.Missing()
	}
	return w, err
}

// KeepWindow makes a window of the actor's body, or changes one of the version it has; criteria can't be
// changed once somebody was judged by them. Faults: Invalid by field; Conflict; access.Missing.
func (u *UseCases) KeepWindow(ctx context.Context, actor access.Actor, w Window) (Window, error) {
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		kept := w
		old := Window{}
		if w.ID == "" {
			kept.ID, kept.Version, kept.Member = db.NewID(), 0, actor.Member
		} else {
			var err error
			if old, err = windowByID(ctx, tx, w.ID); err != nil {
				return err
			}
			kept.Member = old.Member
		}
		if err := u.Guard.Check(ctx, actor, "mediation.window.edit", ofBody("RosterWindow", kept.ID, kept.Member)); err != nil {
			return err
		}
		if err := w.check(); err != nil {
			return err
		}
		if err := unjudged(ctx, tx, old, w); err != nil {
			return err
		}
		if kept.Version == 0 && w.ID == "" {
			if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_window (id, version, member, section, from_day, last_day, record) VALUES ($1, 1, $2, $3, $4, $5, $6)`,
				kept.ID, kept.Member, kept.Section, kept.From.String(), kept.Until.String(), db.JSON(kept)); err != nil {
				return err
			}
		} else if n, err := db.Exec(ctx, tx, `UPDATE mediation_window SET version = version + 1, section = $3, from_day = $4, last_day = $5, record = $6 WHERE id = $1 AND version = $2`,
			kept.ID, kept.Version, kept.Section, kept.From.String(), kept.Until.String(), db.JSON(kept)); err != nil {
			return err
		} else if n == 0 {
			return fault.Conflict("mediation.changed_meanwhile")
		}
		kept.Version++
		w = kept
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.window.edit", Kind: "roster-window", Record: kept.ID, Changes: []audit.Change{
			{Field: "from", After: kept.From.String()}, {Field: "until", After: kept.Until.String()}, {Field: "section", After: string(kept.Section)},
		}})
	})
	return w, err
}

// unjudged refuses other criteria than those by which somebody was judged.
func unjudged(ctx context.Context, tx *db.Tx, old, w Window) error {
	if old.ID == "" || slices.Equal(old.Criteria, w.Criteria) && old.Section == w.Section {
		return nil
	}
	judged, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_points p JOIN mediation_application a ON a.id = p.mediator WHERE a.time_window = $1`, w.ID)
	if err == nil && judged > 0 {
		err = fault.Invalid("criteria", "roster.window.judged")
	}
	return err
}

func (w Window) check() error {
	var wrong []error
	add := func(bad bool, mistake error) {
		if bad {
			wrong = append(wrong, mistake)
		}
	}
	add(strings.TrimSpace(w.Title) == "" || len(w.Title) > 300, fault.Invalid("title", "roster.fault.title"))
	add(strings.TrimSpace(w.Notice) == "" || len(w.Notice) > 20_000, fault.Invalid("notice", "roster.fault.notice"))
	add(!slices.Contains(mediation.Sections, w.Section), fault.Invalid("section", "mediation.mediator.section"))
	add(w.From == 0, fault.Invalid("from", "roster.day"))
	add(w.Until == 0, fault.Invalid("until", "roster.day"))
	add(w.From != 0 && w.Until != 0 && w.Until < w.From, fault.Invalid("until", "roster.window.until"))
	add(len(w.Criteria) == 0, fault.Invalid("criteria", "roster.fault.criteria"))
	for _, c := range w.Criteria {
		add(c.Name == "" || len(c.Name) > 300 || c.Most < 1 || c.Most > 1000, fault.Invalid("criteria", "roster.fault.criteria"))
	}
	add(w.Pass < 0 || w.Pass > w.Most(), fault.Invalid("pass", "roster.fault.pass", "most", w.Most()))
	add(w.Years < 0 || w.Years > 20, fault.Invalid("years", "roster.fault.years"))
	add(!webAddress(w.URL), fault.Invalid("url", "roster.address"))
	return errors.Join(wrong...)
}

// webAddress says whether a text is empty or an address of the web.
func webAddress(text string) bool {
	if text == "" {
		return true
	}
	at, err := url.Parse(text)
	return err == nil && (at.Scheme == "https" || at.Scheme == "http") && at.Host != ""
}
