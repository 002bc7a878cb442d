// SPDX-License-Identifier: EUPL-1.2

package mediation_test

import (
	"strconv"
	"testing"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/migrations"
)

// BenchmarkPlan reads the load of a week: 150 requests in eight languages, and 160 mediators, of whom nobody
// works at night, when it is asked for. So nothing is shared out, and the time is that of reading.
func BenchmarkPlan(b *testing.B) {
	for name, make := range map[string]func() *db.DB{
		"sqlite":   func() *db.DB { return dbtest.SQLite(b, migrations.FS) },
		"postgres": func() *db.DB { return dbtest.Postgres(b, migrations.FS) },
	} {
		b.Run(name, func(b *testing.B) {
			o := open(b, make())
			languages := []string{"ar", "uk", "bn", "zh", "ur", "sq", "es", "fr"}
			for i := range 160 {
				o.enlist("M"+strconv.Itoa(i), func(m *mediation.Mediator) { m.Languages[0].Code = languages[i%len(languages)] })
			}
			day := calendar.DayOf(now, calendar.Rome()) + 3
			for i := range 150 {
				o.leave(desk, day+calendar.Day(i%7), 1+i%3, func(r *mediation.Request) {
					r.Language, r.Code = languages[i%len(languages)], "A-"+strconv.Itoa(i)
				})
			}
			planner := actor(desk.Member, "mediation-coordinator")
			for b.Loop() {
				if p, err := o.Plan(b.Context(), planner, mediation.PlanQuery{From: day, To: day + 6}); err != nil || len(p.Best.Choices) != 150 || p.Best.Met != 0 {
					b.Fatal(len(p.Best.Choices), p.Best.Met, err)
				}
			}
		})
	}
}
