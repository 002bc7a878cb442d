// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"slices"
	"time"
)

// Interval is a stretch of time that includes From and excludes To.
type Interval struct{ From, To time.Time }

// Empty says that the interval contains no instant.
func (i Interval) Empty() bool { return !i.From.Before(i.To) }

// Contains says whether the instant t lies in the interval.
func (i Interval) Contains(t time.Time) bool { return !t.Before(i.From) && t.Before(i.To) }

// Overlaps says whether the two intervals share an instant.
func (i Interval) Overlaps(o Interval) bool {
	return !i.Empty() && !o.Empty() && i.From.Before(o.To) && o.From.Before(i.To)
}

// Duration returns the length, zero when empty.
func (i Interval) Duration() time.Duration {
	if i.Empty() {
		return 0
	}
	return i.To.Sub(i.From)
}

// Intersect returns what both share, and false when they share nothing.
func (i Interval) Intersect(o Interval) (Interval, bool) {
	shared := i
	if o.From.After(shared.From) {
		shared.From = o.From
	}
	if o.To.Before(shared.To) {
		shared.To = o.To
	}
	if shared.Empty() {
		return Interval{}, false
	}
	return shared, true
}

// Merge returns the same instants as separate intervals in order: empty ones
// go, overlapping and touching ones become one. The argument is not changed.
func Merge(intervals []Interval) []Interval {
	kept := make([]Interval, 0, len(intervals))
	for _, i := range intervals {
		if !i.Empty() {
			kept = append(kept, i)
		}
	}
	slices.SortFunc(kept, func(a, b Interval) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return a.To.Compare(b.To)
	})
	merged := kept[:0]
	for _, i := range kept {
		if last := len(merged) - 1; last >= 0 && !i.From.After(merged[last].To) {
			if i.To.After(merged[last].To) {
				merged[last].To = i.To
			}
			continue
		}
		merged = append(merged, i)
	}
	return merged
}

// Subtract returns the instants of the first that are in none of the second,
// as separate intervals in order.
func Subtract(from, taken []Interval) []Interval {
	taken = Merge(taken)
	var left []Interval
	for _, i := range Merge(from) {
		for _, t := range taken {
			if !i.Overlaps(t) {
				continue
			}
			if i.From.Before(t.From) {
				left = append(left, Interval{i.From, t.From})
			}
			i.From = t.To
			if i.Empty() {
				break
			}
		}
		if !i.Empty() {
			left = append(left, i)
		}
	}
	return left
}

// Slot is a stretch of the day on the wall. When it closes at or before the
// hour it opens, it ends the next day (a night slot).
type Slot struct{ Opens, Closes Clock }

// Whole says that the slot lasts from midnight to midnight.
func (s Slot) Whole() bool { return s.Opens == 0 && (s.Closes == EndOfDay || s.Closes == 0) }

// Night says that the slot ends on the day after it opens.
func (s Slot) Night() bool { return s.Closes <= s.Opens && !s.Whole() }

// On returns the slot as it is lived on day d in loc: from the first time the
// wall shows the opening to the last time it shows the closing.
func (s Slot) On(d Day, loc *time.Location) Interval {
	end := d
	if s.Closes <= s.Opens {
		end++
	}
	return Interval{From: Earliest(d, s.Opens, loc), To: Latest(end, s.Closes, loc)}
}
