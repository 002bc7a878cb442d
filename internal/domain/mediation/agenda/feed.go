// SPDX-License-Identifier: EUPL-1.2

package agenda

import (
	"context"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/calendar/ical"
	"approdo/internal/kit/db"
)

// Subscription is a feed as a program gets it.
type Subscription struct {
	Text    string
	Tag     string
	Changed time.Time // of its latest change; zero for an empty one
}

// Subscribe reads the feed behind the secret of an address. access.Missing when there is none any more.
func (u *UseCases) Subscribe(ctx context.Context, secret, origin string) (Subscription, error) {
	k, err := u.open(ctx, secret)
	if err == nil && k.Kind == App {
		err = access.Missing() // an address lies around in more places than a password should
	}
	if err != nil {
		return Subscription{}, err
	}
	column, id, link := ofBody, k.Member, "/office/mediation/requests/"
	if k.Kind == Feed {
		if _, err := u.holder(ctx, k); err != nil {
			return Subscription{}, err
		}
		column, id, link = ofMediator, k.Mediator, ""
	}
	bookings, err := slots(ctx, u.DB, column, id, u.shown())
	if err != nil {
		return Subscription{}, err
	}
	w := u.Words(k.Language)
	c := ical.New("PUBLISH")
	c.Add(ical.Text("NAME", w.Text("agenda.name")), ical.Text("X-WR-CALNAME", w.Text("agenda.name")), ical.Raw("X-WR-TIMEZONE", "Europe/Rome"),
		ical.Prop{Name: "REFRESH-INTERVAL", Params: map[string]string{"VALUE": "DURATION"}, Value: "PT15M"}, ical.Raw("X-PUBLISHED-TTL", "PT15M"))
	c.Children = slices.Clone(c.Children)
	s := Subscription{}
	for _, b := range bookings {
		to := "/mediation"
		switch {
		case link != "" && b.Member != k.Member:
			to = "/office/mediation/meetings"
		case link != "":
			to = link + b.Request
		}
		c.Children = append(c.Children, u.item(b, Voice{Language: k.Language, Origin: origin}, to).events...)
		if b.Changed.After(s.Changed) {
			s.Changed = b.Changed
		}
	}
	s.Text = c.String()
	s.Tag = tagOf(s.Text)
	return s, nil
}

// Tidy forgets states that no program will ask about any more. A job calls it.
func (u *UseCases) Tidy(ctx context.Context) error {
	_, err := db.Exec(ctx, u.DB, `DELETE FROM mediation_calendar_state WHERE at < $1`, db.Millis(u.Clock().Add(-keepStates)))
	return err
}
