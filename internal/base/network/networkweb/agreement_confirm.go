// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"context"
	"net/http"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// agreementView is the page of an agreement.
type agreementView struct {
	network.Agreement
	Facts    []ui.Definition
	Missing  string // names of the parties that have not confirmed
	Confirms string // names of those for which whoever looks may confirm
	Ends     bool
	Today    calendar.Day
}

func (p *pages) postConfirmAgreement(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	_, err = p.Network.ConfirmAgreement(r.Context(), actorOf(r), r.PathValue("id"), versionIn(values))
	switch {
	case fault.Is(err, fault.KindConflict):
		// Whoever confirms must see what there is now, not what they saw before.
		ui.Flash(w, r, ui.Warning, "network.said.look_again", 1)
	case err != nil:
		return err
	default:
		ui.Flash(w, r, ui.Success, "network.said.confirmed", 1)
	}
	return web.Redirect(w, r, web.Path(r.Context(), agreementPath(r.PathValue("id"))))
}

// Waiting are the agreements that name the own body, and that it has not confirmed: nobody puts a body
// on a paper without its hearing of it.
func Waiting(u *network.UseCases) func(ctx context.Context, actor access.Actor) ([]ui.Waiting, error) {
	return func(ctx context.Context, actor access.Actor) ([]ui.Waiting, error) {
		list, err := u.Agreements(ctx, actor)
		if err != nil {
			return nil, err
		}
		var waiting []ui.Waiting
		for _, a := range list {
			if a.StateOn(u.Today()) != network.AgreementWaiting || !slices.Contains(a.Unconfirmed(), actor.Member) || !slices.Contains(u.Confirms(ctx, actor, a), actor.Member) {
				continue
			}
			var since time.Time
			if day, err := calendar.ParseDay(a.SignedOn); err == nil {
				since = noon(day)
			}
			waiting = append(waiting, ui.Waiting{
				Text: ui.T(ctx, "network.office.waits", "title", a.Title), Href: web.Path(ctx, agreementPath(a.ID)), Since: since, Level: ui.Warning, Icon: "signed",
			})
		}
		return waiting, nil
	}
}
