// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
)

// exampleMediator is somebody made up: their surname says so, and they can't be rung or written to.
type exampleMediator struct {
	name, gender, comune string
	languages            []Language
	skills               []string
	remote               bool
}

var examples = []exampleMediator{
	{"Farida Esempio", "f", "082053", []Language{{Code: "ar", Level: "native", Dialect: "tunisino", Written: true}, {Code: "fr", Level: "C1"}}, []string{"health", "minors"}, false},
	{"Amal Esempio", "f", "082053", []Language{{Code: "ar", Level: "native", Dialect: "marocchino", Written: true}}, []string{"violence", "health"}, false},
	{"Samir Esempio", "m", "081021", []Language{{Code: "ar", Level: "native"}, {Code: "en", Level: "C1", Written: true}}, []string{"legal", "asylum"}, false},
	{"Oksana Esempio", "f", "082053", []Language{{Code: "uk", Level: "native", Written: true}, {Code: "ru", Level: "C2"}}, []string{"school", "health"}, false},
	{"Arben Esempio", "m", "044007", []Language{{Code: "sq", Level: "native", Written: true}}, []string{"work", "housing"}, false},
	{"Mei Esempio", "f", "040007", []Language{{Code: "zh", Level: "native", Written: true}}, []string{"health"}, true},
	{"Rafiq Esempio", "m", "082053", []Language{{Code: "bn", Level: "native"}, {Code: "hi", Level: "B2"}}, []string{"work"}, false},
	{"Nasreen Esempio", "f", "040007", []Language{{Code: "ur", Level: "native"}, {Code: "pa", Level: "C1"}}, []string{"violence", "school"}, false},
	{"Lucía Esempio", "f", "082053", []Language{{Code: "es", Level: "native", Written: true}}, []string{"health", "trafficking"}, false},
	{"Awa Esempio", "f", "081021", []Language{{Code: "wo", Level: "native"}, {Code: "fr", Level: "C2", Written: true}}, []string{"minors"}, false},
	{"Tesfay Esempio", "m", "082053", []Language{{Code: "ti", Level: "native"}, {Code: "am", Level: "B2"}, {Code: "en", Level: "B2"}}, []string{"asylum"}, true},
	{"Hodan Esempio", "f", "081021", []Language{{Code: "so", Level: "native"}, {Code: "ar", Level: "B2"}}, []string{"health", "violence"}, false},
	{"Parisa Esempio", "f", "044007", []Language{{Code: "fa", Level: "native", Written: true}, {Code: "prs", Level: "C1"}}, []string{"asylum", "mental_health"}, false},
	{"Joy Esempio", "f", "082053", []Language{{Code: "en", Level: "native", Written: true}, {Code: "pcm", Level: "native"}, {Code: "bin", Level: "native"}}, []string{"trafficking", "violence"}, false},
}

// Demo puts the example mediators on the roster of an example body; account is that of the first of
// them. Done again it changes nothing.
func (u *UseCases) Demo(ctx context.Context, member, account string) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		now := u.Clock()
		there, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_mediator WHERE id LIKE 'example-mediator-%'`)
		if err != nil || there > 0 {
			return err
		}
		for i, e := range examples {
			m := e.mediator(now)
			m.ID, m.Member = "example-mediator-"+strconv.Itoa(i+1), member
			if i == 0 {
				m.Account = account
			}
			if err := m.check(); err != nil {
				return err
			}
			if err := u.writeMediator(ctx, tx, now, &m); err != nil {
				return err
			}
			if err := audit.Record(ctx, tx, now, audit.Event{Actor: access.Actor{Via: audit.ViaCommand}.Audited(), Action: "mediation.roster.edit", Kind: "mediator", Record: m.ID}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (e exampleMediator) mediator(now time.Time) Mediator {
	m := Mediator{
		Section: MediatorSection, Standing: Listed, Name: e.name, Gender: e.gender, Languages: e.languages, Since: now.Add(-fairOver), Informed: calendar.DayOf(now, calendar.Rome()),
		Modes: []Mode{InPerson, Video, Phone}, Rates: []Rate{{InPerson, 28_00}, {Video, 25_00}, {Phone, 22_00}}, Limits: Limits{DayMinutes: 6 * 60, WeekMinutes: 30 * 60},
	}
	if e.remote {
		m.Modes, m.Rates = []Mode{Video, Phone}, m.Rates[1:]
	}
	if c, ok := network.Territories().Comune(e.comune); ok {
		m.Home.Comune = c.ISTAT
		m.Home.Point, _, _ = network.Territories().PointOf(c)
	}
	for _, s := range e.skills {
		m.Skills = append(m.Skills, Skill{Code: s})
	}
	for d := time.Monday; d <= time.Friday; d++ {
		m.Hours = append(m.Hours, Weekly{Weekday: d, From: calendar.Clock(9 * 60), To: calendar.Clock(13 * 60)}, Weekly{Weekday: d, From: calendar.Clock(14 * 60), To: calendar.Clock(18 * 60)})
	}
	return m
}
