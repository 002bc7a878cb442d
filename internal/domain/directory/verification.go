// SPDX-License-Identifier: EUPL-1.2

package directory

import "approdo/internal/kit/calendar"

// How long an assurance holds, in days, by the first need of the service. Where a wrong entry does
// the most harm, or changes the most often, it is confirmed most often. Network rule, not a law.
const (
	cycleUrgent = 90
	cycleRules  = 180
	cycleUsual  = 365
)

var cycles = map[string]int{
	"emergency-shelter": cycleUrgent, "gender-violence": cycleUrgent, "trafficking": cycleUrgent,
	"suicide-crisis": cycleUrgent, "emergency-room": cycleUrgent, "emergency-numbers": cycleUrgent,
	"food-and-meals": cycleUrgent, "clothes-and-showers": cycleUrgent, "child-protection": cycleUrgent,
	"asylum-application": cycleRules, "residence-permit": cycleRules, "family-reunification": cycleRules,
	"citizenship": cycleRules, "permit-conversion": cycleRules, "temporary-protection": cycleRules,
	"work-visa": cycleRules, "legal-advice": cycleRules, "asylum-appeal": cycleRules, "expulsion": cycleRules,
	"health-card-stp": cycleRules, "italian-course": cycleRules, "rent-help": cycleRules,
	"family-benefits": cycleRules, "income-support": cycleRules, "unemployment-benefit": cycleRules,
}

// Verification is how far one may trust an entry today.
type Verification struct {
	On  calendar.Day // when the body last confirmed it; 0: never
	Due calendar.Day // when it must be confirmed again; 0: never confirmed
	By  string       // which body or office confirmed it
}

// Overdue: never confirmed, or not again in time.
func (v Verification) Overdue(today calendar.Day) bool { return v.On == 0 || today > v.Due }

// Verification tells when the record was confirmed and until when that holds.
func (r Record) Verification() Verification {
	on, err := calendar.ParseDay(r.AssuredDate)
	if err != nil || on == 0 {
		return Verification{}
	}
	days := cycleUsual
	if len(r.Card.Needs) > 0 {
		if d, ok := cycles[r.Card.Needs[0]]; ok {
			days = d
		}
	}
	return Verification{On: on, Due: on + calendar.Day(days), By: r.Card.AssuredBy}
}
