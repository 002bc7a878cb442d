// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"time"
)

// Quiet are the hours in which a telephone stays silent, every day.
type Quiet struct {
	On            bool
	Start, Finish int // minutes of the day; Start after Finish goes over midnight
	Zone          string
}

// Usual are the quiet hours of whoever has chosen none.
var Usual = Quiet{On: true, Start: 22 * 60, Finish: 7 * 60, Zone: "Europe/Rome"}

// Ends gives the end of the quiet hours that now lies in; false outside them. It asks the clock on the
// wall minute by minute, which is right too in the nights when an hour is skipped or comes twice.
func (q Quiet) Ends(now time.Time) (time.Time, bool) {
	zone, err := time.LoadLocation(q.Zone)
	if err != nil || !q.On || q.Start == q.Finish || !q.hold(now.In(zone)) {
		return time.Time{}, false
	}
	end := now.In(zone).Truncate(time.Minute)
	for q.hold(end) { // a minute of the day lies outside, since Start is not Finish
		end = end.Add(time.Minute)
	}
	return end, true
}

// hold says whether a time on the wall lies in the quiet hours.
func (q Quiet) hold(wall time.Time) bool {
	at := wall.Hour()*60 + wall.Minute()
	if q.Start < q.Finish {
		return at >= q.Start && at < q.Finish
	}
	return at >= q.Start || at < q.Finish
}
