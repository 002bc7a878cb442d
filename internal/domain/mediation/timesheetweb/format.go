// SPDX-License-Identifier: EUPL-1.2

package timesheetweb

import (
	"fmt"
	"math"
	"net/url"
	"strconv"
	"strings"
	"time"

	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
)

// conflictOf is the key of the words of a conflict.
func conflictOf(err error) (string, bool) {
	if !fault.Is(err, fault.KindConflict) {
		return "", false
	}
	return fault.All(err)[0].Message.Key, true
}

// typedMoment is how browsers write a day with an hour.
const typedMoment = "2006-01-02T15:04"

func typedAt(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(calendar.Rome()).Format(typedMoment)
}

func momentIn(text string) time.Time {
	at, err := time.ParseInLocation(typedMoment, strings.TrimSpace(text), calendar.Rome())
	if err != nil {
		return time.Time{}
	}
	return at
}

// momentText writes an instant as the reader does, in Italy.
func momentText(w lang.Words, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	at = at.In(calendar.Rome())
	return w.Date(at, lang.Short) + " " + w.Time(at)
}

// slotText writes a slot as the reader does: the day once.
func slotText(w lang.Words, s mediation.Slot) string {
	from, to := s.Start.In(calendar.Rome()), s.End.In(calendar.Rome())
	return w.Date(from, lang.Short) + " " + w.Time(from) + "–" + w.Time(to)
}

// hoursText writes minutes as hours and minutes: "1:15", "-0:30".
func hoursText(minutes int) string {
	sign := ""
	if minutes < 0 {
		sign, minutes = "-", -minutes
	}
	return fmt.Sprintf("%s%d:%02d", sign, minutes/60, minutes%60)
}

// eurosText writes cents as the reader does, always with two digits.
func eurosText(w lang.Words, cents int64) string {
	text := fmt.Sprintf("%.2f", float64(cents)/100)
	if w.Lang() != "en" && w.Lang() != "zh" && w.Lang() != "bn" && w.Lang() != "ur" && w.Lang() != "ar" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text + " €"
}

// centsIn reads euros as people write them; ok is false for what is no sum.
func centsIn(text string) (cents int64, ok bool) {
	text = strings.TrimSpace(strings.NewReplacer("€", "", ",", ".").Replace(text))
	if text == "" {
		return 0, true
	}
	euros, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(euros) || math.Abs(euros) > 1e9 {
		return 0, false
	}
	return int64(math.Round(euros * 100)), true
}

// mostNumber is more than any rule takes, and small enough to be counted on with.
const mostNumber = 1_000_000_000

// numberIn reads a whole number; an empty field is 0, anything else that is none, or is beyond all measure, is -1,
// which every rule refuses.
func numberIn(v url.Values, name string) int {
	text := strings.TrimSpace(v.Get(name))
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n > mostNumber || n < -mostNumber {
		return -1
	}
	return n
}

// monthText is a month as people call it.
func monthText(w lang.Words, month string) string {
	at, err := time.Parse("2006-01", month)
	if err != nil {
		return month
	}
	return w.Month(at.Month(), lang.Full) + " " + strconv.Itoa(at.Year())
}

// dayText is a day as the reader writes it.
func dayText(w lang.Words, day string) string {
	at, err := time.Parse("2006-01-02", day)
	if err != nil {
		return day
	}
	return w.Date(at, lang.Short)
}

// listed are the words of codes, on one line.
func listed(w lang.Words, prefix string, codes []string) string {
	list := make([]string, len(codes))
	for i, c := range codes {
		list[i] = w.Text(prefix + c)
	}
	return strings.Join(list, ", ")
}
