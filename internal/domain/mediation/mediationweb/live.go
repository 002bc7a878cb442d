// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"context"
	"net/http"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// liveView is how far a call has come.
type liveView struct {
	mediation.Progress
	Path   string // of this part of the page alone
	Passed string // since the call was made
	Steps  []ui.Step
}

func liveOf(ctx context.Context, id string, p mediation.Progress, now time.Time) liveView {
	v := liveView{Progress: p, Path: "/office/mediation/requests/" + id + "/live", Passed: span(ctx, now.Sub(p.Since), "mediation.live.since", "mediation.live.minutes")}
	for _, s := range p.Chain {
		step := ui.Step{Done: s.Done, Current: s.Now}
		switch {
		case s.Line:
			step.Title = ui.T(ctx, "mediation.live.line")
		case s.Others:
			step.Title, step.Text = ui.T(ctx, "mediation.mode."+string(s.Mode)), ui.T(ctx, "mediation.live.others")
		default:
			step.Title, step.Text = ui.T(ctx, "mediation.mode."+string(s.Mode)), ui.T(ctx, "mediation.live.own")
		}
		v.Steps = append(v.Steps, step)
	}
	return v
}

// span says how long something took: in seconds up to two minutes, in minutes after that.
func span(ctx context.Context, d time.Duration, seconds, minutes string, pairs ...any) string {
	if d < 2*time.Minute {
		return ui.N(ctx, seconds, max(int(d.Seconds()), 0), pairs...)
	}
	return ui.N(ctx, minutes, int(d.Minutes()), pairs...)
}

// tookText says after how long somebody accepted a call.
func tookText(ctx context.Context, v requestView) string {
	p := v.Progress()
	if v.Request.Kind != mediation.OnCall || p.Took <= 0 {
		return ""
	}
	return span(ctx, p.Took, "mediation.took.seconds", "mediation.took.minutes", "wave", p.Wave)
}

// getLive is the part of a request's page that changes while one waits.
func (p *Pages) getLive(w http.ResponseWriter, r *http.Request) error {
	ctx, id := r.Context(), r.PathValue("id")
	progress, err := p.Mediation.Watch(ctx, access.From(ctx), id)
	if err != nil {
		return err
	}
	web.NoStore(w)
	return web.Render(w, r, http.StatusOK, liveRegion(liveOf(ctx, id, progress, p.Clock())))
}

// again is how often a page that somebody asked to watch without script is opened anew.
const again = "10"
