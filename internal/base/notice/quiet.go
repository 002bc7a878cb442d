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

// Ends gives the end of the quiet hours that now lies in; false outside them.
func (q Quiet) Ends(now time.Time) (time.Time, bool) {
	zone, err := time.LoadLocation(q.Zone)
	if err != nil || !q.On || q.Start == q.Finish {
		return time.Time{}, false
	}
	local := now.In(zone)
	at := local.Hour()*60 + local.Minute()
	end := time.Date(local.Year(), local.Month(), local.Day(), q.Finish/60, q.Finish%60, 0, 0, zone)
	switch {
	case q.Start < q.Finish && at >= q.Start && at < q.Finish:
	case q.Start > q.Finish && at < q.Finish:
	case q.Start > q.Finish && at >= q.Start:
		end = time.Date(local.Year(), local.Month(), local.Day()+1, q.Finish/60, q.Finish%60, 0, 0, zone)
	default:
		return time.Time{}, false
	}
	// In the hour that is skipped in spring the end may not lie ahead; then there is nothing to wait for.
	return end, end.After(now)
}
