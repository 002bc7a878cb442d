// SPDX-License-Identifier: EUPL-1.2

package pace_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"approdo/internal/kit/pace"
)

func TestABudgetComesBack(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	p := pace.New(pace.Limits{Hourly: 3, Turns: 1, Wait: time.Second})
	spend := func(who string, want error) {
		t.Helper()
		if err := p.Spend(who, now); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", who, err, want)
		}
	}
	for range 3 {
		spend("amina", nil)
	}
	spend("amina", pace.ErrSpent)
	spend("bruno", nil)
	now = now.Add(20 * time.Minute) // one of three
	spend("amina", nil)
	spend("amina", pace.ErrSpent)
	for i := range 3000 { // whoever has their whole budget is forgotten, others are not
		spend("visitor "+strconv.Itoa(i), nil)
	}
	spend("amina", pace.ErrSpent)
	now = now.Add(24 * time.Hour)
	for range 3 {
		spend("amina", nil)
	}
	spend("amina", pace.ErrSpent)
}

func TestFewWorkAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := pace.New(pace.Limits{Hourly: 1, Turns: 2, Wait: 10 * time.Second})
		turn := func(ctx context.Context, who string, want error) func() {
			t.Helper()
			end, err := p.Turn(ctx, who, time.Now())
			if !errors.Is(err, want) {
				t.Fatalf("%s: %v, want %v", who, err, want)
			}
			return end
		}
		first := turn(t.Context(), "amina", nil)
		began := time.Now()
		turn(t.Context(), "amina", pace.ErrBusy) // one thing at a time
		if waited := time.Since(began); waited != 10*time.Second {
			t.Errorf("waited %s", waited)
		}
		second := turn(t.Context(), "bruno", nil)
		turn(t.Context(), "chiara", pace.ErrBusy) // two at once
		gone, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		turn(gone, "chiara", context.DeadlineExceeded)
		go func() { time.Sleep(5 * time.Second); first() }()
		third := turn(t.Context(), "chiara", nil) // who waited in vain holds nothing
		second()
		turn(t.Context(), "amina", nil)()
		third()
	})
}
