// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"slices"
	"time"

	"approdo/internal/domain/mediation"
)

// outcome is what became of a year.
type outcome struct {
	Requests  int     `json:"requests"`
	Fill      float64 `json:"fill_rate"`
	OnCall    float64 `json:"fill_rate_on_call"`
	Scheduled float64 `json:"fill_rate_scheduled"`
	AnswerP50 float64 `json:"first_acceptance_p50_s"`
	AnswerP95 float64 `json:"first_acceptance_p95_s"`
	Changed   float64 `json:"met_in_another_mode"` // share of the calls that were met
	WayHours  float64 `json:"way_hours"`
	WayEach   float64 `json:"way_minutes_each_in_person"`
	Hours     float64 `json:"hours"`
	Gini      float64 `json:"gini"`       // of the hours of all mediators
	GiniAlike float64 `json:"gini_alike"` // the same within the mediators of each first language, in the mean
	Euro      float64 `json:"euro_an_hour"`
	Score     float64 `json:"score"`   // mean of the scheduled, by the usual weights
	Seconds   float64 `json:"seconds"` // that the simulation took
	Plans     plans   `json:"plans"`
}

// finish counts.
func (s *simulation) finish(requests int) {
	o := &s.out
	call, meet := s.counts[mediation.OnCall], s.counts[mediation.Scheduled]
	o.Requests = requests
	o.OnCall, o.Scheduled = rate(call), rate(meet)
	o.Fill = rate(&[3]int{call[0] + meet[0], call[1] + meet[1], call[2] + meet[2]})
	slices.Sort(s.waits)
	if n := len(s.waits); n > 0 {
		o.AnswerP50, o.AnswerP95 = s.waits[n/2].Seconds(), s.waits[n*95/100].Seconds()
		o.Changed = float64(s.changed) / float64(n)
	}
	minutes, way, there := 0, time.Duration(0), 0
	var shares []float64
	byTongue := map[string][]float64{}
	for i := range s.hands {
		h := &s.hands[i]
		mine := 0
		for _, e := range h.work {
			mine += e.Slot.Minutes()
			if e.Mode == mediation.InPerson {
				there++
			}
		}
		claims, _ := mediation.Layout(h.Home, h.work)
		for _, c := range claims {
			if c.Travel {
				way += mediation.Quantum
			}
		}
		minutes += mine
		shares = append(shares, float64(mine))
		byTongue[h.Languages[0].Code] = append(byTongue[h.Languages[0].Code], float64(mine))
	}
	o.Hours, o.WayHours = float64(minutes)/60, way.Hours()
	o.WayEach = way.Minutes() / float64(max(there, 1))
	o.Gini = gini(shares)
	weight := 0.0
	for _, list := range byTongue {
		o.GiniAlike += gini(list) * float64(len(list))
		weight += float64(len(list))
	}
	o.GiniAlike /= weight
	o.Euro = float64(s.cents) / 100 / o.Hours
	o.Score = float64(s.score) / float64(max(s.scores, 1))
	o.Plans = s.plans
}

// rate is (fulfilled + user absent) / (requests - cancelled by the requester); who came for nobody is
// among the fulfilled here.
func rate(c *[3]int) float64 { return float64(c[0]) / float64(max(c[1]-c[2], 1)) }

// plans sums up the plans of the days.
type plans struct {
	Days       int     `json:"days"`
	Requests   int     `json:"requests"`
	GreedyMet  int     `json:"greedy_met"`
	BestMet    int     `json:"best_met"`
	GreedyLack int     `json:"greedy_points_lacking"`
	BestLack   int     `json:"best_points_lacking"`
	Bound      int     `json:"bound"`
	WayGreedy  float64 `json:"greedy_way_hours"`
	WayBest    float64 `json:"best_way_hours"`
}

func (p *plans) add(greedy, best mediation.Shared, bound int) {
	p.Days++
	p.Requests += len(best.Choices)
	p.GreedyMet += greedy.Met
	p.BestMet += best.Met
	p.GreedyLack += greedy.Lacks
	p.BestLack += best.Lacks
	p.Bound += bound
	p.WayGreedy += greedy.Way.Hours()
	p.WayBest += best.Way.Hours()
}

func gini(list []float64) float64 {
	slices.Sort(list)
	sum, weighted := 0.0, 0.0
	for i, v := range list {
		sum += v
		weighted += float64(i+1) * v
	}
	if sum == 0 {
		return 0
	}
	n := float64(len(list))
	return 2*weighted/(n*sum) - (n+1)/n
}
