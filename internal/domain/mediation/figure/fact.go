// SPDX-License-Identifier: EUPL-1.2

package figure

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// outcome is what became of a request.
type outcome string

const (
	fulfilled  outcome = "fulfilled"
	absent     outcome = "absent" // the mediator came for nobody
	unreported outcome = "unreported"
	unmet      outcome = "unmet"
	cancelled  outcome = "cancelled"
)

// fact is one request that is over, or one search that found nobody.
type fact struct {
	member, language string
	province         string // sigla; "" for remote work
	month            string // "2027-03"
	mode             mediation.Mode
	kind             mediation.Kind
	at               time.Time // in Italy
	became           outcome
	minutes          int
	wait             time.Duration // to the first yes; negative when nobody said it
}

// figureTable says how figures of a body lie in SQL: f is a request, or a search that found nobody.
var figureTable = access.Table{Type: "MediationFigures", ID: "f.member", Columns: map[string]access.Column{"member": {SQL: "f.member", Kind: access.Text}}}

// facts are requests that began within [$1, $2) and are over at $3, with what became of them, and
// searches that found nobody and were not made up for. It has two places for the condition of a scope. A
// booking that was given up is none; of several seats the best counts.
func facts(scope string) string {
	return `SELECT f.member, f.language, f.comune, f.mode, f.kind, f.start,
			CASE WHEN f.state = 'cancelled' THEN 'cancelled'
				WHEN SUM(CASE WHEN b.state = 'done' THEN 1 ELSE 0 END) > 0 THEN 'fulfilled'
				WHEN SUM(CASE WHEN b.state = 'user_absent' THEN 1 ELSE 0 END) > 0 THEN 'absent'
				WHEN f.state = 'done' THEN 'fulfilled'
				WHEN SUM(CASE WHEN b.state = 'confirmed' THEN 1 ELSE 0 END) > 0 THEN 'unreported'
				ELSE 'unmet' END,
			CAST(coalesce(SUM(CASE WHEN b.state IN ('done', 'user_absent', 'confirmed') THEN b.finish - b.start ELSE 0 END), 0) AS BIGINT),
			MIN(b.accepted) - f.created
		FROM mediation_request f LEFT JOIN mediation_booking b ON b.request = f.id
		WHERE f.start >= $1 AND f.start < $2 AND f.finish <= $3 AND (` + scope + `)
		GROUP BY f.id
		UNION ALL
		SELECT f.member, f.language, f.comune, f.mode, f.kind, f.start, 'unmet', 0, NULL
		FROM mediation_lack f
		WHERE f.start >= $1 AND f.start < $2 AND f.start <= $3 AND (` + scope + `) AND NOT EXISTS (SELECT 1 FROM mediation_request r
			WHERE r.member = f.member AND r.code = f.code AND r.language = f.language AND r.created >= f.at AND r.created < f.at + ` + comeBack + `)`
}

// comeBack is LackDays in milliseconds.
var comeBack = strconv.Itoa(mediation.LackDays * 24 * 60 * 60 * 1000)

// remembered looks a text up once.
func remembered[K comparable](known map[K]string, key K, look func() string) string {
	text, ok := known[key]
	if !ok {
		text = look()
		known[key] = text
	}
	return text
}

// walk gives each fact of a time that a scope allows; its arguments are from $4 on.
func (u *UseCases) walk(ctx context.Context, q db.Querier, span calendar.Interval, scope string, args []any, each func(fact)) error {
	provinces, months := map[string]string{}, map[int]string{}
	return db.Walk(ctx, q, func(row db.Scanner) error {
		var f fact
		var start, ms int64
		var comune string
		var wait sql.NullInt64
		if err := row.Scan(&f.member, &f.language, &comune, &f.mode, &f.kind, &start, &f.became, &ms, &wait); err != nil {
			return err
		}
		f.at = db.FromMillis(start).In(calendar.Rome())
		f.province = remembered(provinces, comune, func() string { return provinceOf(comune) })
		f.month = remembered(months, f.at.Year()*12+int(f.at.Month()), func() string { return f.at.Format("2006-01") })
		f.minutes, f.wait = int(ms/60_000), -1
		if wait.Valid {
			f.wait = max(time.Duration(wait.Int64)*time.Millisecond, 0)
		}
		if f.became == cancelled {
			f.minutes = 0
		}
		each(f)
		return nil
	}, facts(scope), append([]any{db.Millis(span.From), db.Millis(span.To), db.Millis(u.Clock())}, args...)...)
}
