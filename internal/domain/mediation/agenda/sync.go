// SPDX-License-Identifier: EUPL-1.2

package agenda

import (
	"context"
	"slices"
	"strings"
	"time"

	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// keepStates is how long a program may stay away and be told what changed; after that it reads everything.
const keepStates = 90 * 24 * time.Hour

// State is what a calendar holds, in a word that differs whenever it does.
func State(list []Item) string {
	var b strings.Builder
	for _, i := range list {
		b.WriteString(i.Name + " " + i.Tag + "\n")
	}
	return tagOf(b.String())
}

// Remember keeps a state, so that Since can be asked about it.
func (u *UseCases) Remember(ctx context.Context, k Key, list []Item) (token string, err error) {
	token = State(list)
	tags := make(map[string]string, len(list))
	for _, i := range list {
		tags[i.Name] = i.Tag
	}
	// Most programs ask again and again and find what they know.
	known, err := db.Row(ctx, u.DB, db.Column[int], `SELECT count(*) FROM mediation_calendar_state WHERE mediator = $1 AND token = $2`, k.Mediator, token)
	if err != nil || known > 0 {
		return token, err
	}
	_, err = db.Exec(ctx, u.DB, `INSERT INTO mediation_calendar_state (mediator, token, record, at) VALUES ($1, $2, $3, $4) ON CONFLICT (mediator, token) DO NOTHING`,
		k.Mediator, token, db.JSON(tags), db.Millis(u.Clock()))
	return token, err
}

// Since compares a calendar with a state that was remembered: the entries that are new or changed, and the
// names of those that are gone. The fault NotFound when the state is not known.
func (u *UseCases) Since(ctx context.Context, k Key, token string, list []Item) (changed []Item, gone []string, err error) {
	tags := map[string]string{}
	if err := db.Walk(ctx, u.DB, func(s db.Scanner) error { return s.Scan(db.JSON(&tags)) },
		`SELECT record FROM mediation_calendar_state WHERE mediator = $1 AND token = $2`, k.Mediator, token); err != nil {
		return nil, nil, err
	}
	if len(tags) == 0 && token != State(nil) {
		return nil, nil, fault.NotFound("agenda.state")
	}
	for _, i := range list {
		if tags[i.Name] != i.Tag {
			changed = append(changed, i)
		}
		delete(tags, i.Name)
	}
	for name := range tags {
		gone = append(gone, name)
	}
	slices.Sort(gone)
	return changed, gone, nil
}
