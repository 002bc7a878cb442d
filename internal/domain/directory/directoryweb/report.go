// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"net/http"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// reportView is what became of a report, as whoever made it reads it.
type reportView struct {
	census.Report
	On, SettledOn string // days in words
	Level         ui.Level
	Thanks        bool // it was made just now
	URL           string
}

var reportLevels = map[string]ui.Level{
	census.StatusNew: ui.Info, census.StatusTaken: ui.Info, census.StatusAnswered: ui.Success, census.StatusClosed: ui.Success,
}

// getReport opens a report to whoever holds its link.
func (p *pages) getReport(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	report, err := p.Census.Follow(ctx, r.PathValue("link"), web.Lang(ctx))
	if err != nil {
		return err
	}
	v := reportView{Report: report, Level: reportLevels[report.Status], Thanks: r.URL.Query().Has("thanks")}
	v.URL = web.Absolute(ctx, web.Path(ctx, census.ReportPath+r.PathValue("link")))
	words := web.Words(ctx)
	if day, err := calendar.ParseDay(report.Day); err == nil {
		v.On = dateSaid(words, day)
	}
	if day, err := calendar.ParseDay(report.Settled); err == nil && report.Settled != "" {
		v.SettledOn = dateSaid(words, day)
	}
	head := ui.Head{Title: ui.T(ctx, "report.title"), NoIndex: true, Crumbs: []ui.Link{{Text: ui.T(ctx, "report.title")}}}
	return p.show(w, r, head, reportPage(v))
}

// kindKey names what somebody said something is about, as they were asked.
func kindKey(kind string) string {
	if kind == directory.FeedbackUnclear {
		return "feedback.word_label"
	}
	return "feedback." + kind
}
