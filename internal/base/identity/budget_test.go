// SPDX-License-Identifier: EUPL-1.2

package identity_test

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

func TestStrangersCantLockAnybodyOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		h.member("amina@ente.example", bodyA, access.DirectoryEditor)
		mine, err := h.LogIn(ctx, from("home"), "amina@ente.example", password)
		must(t, err)
		known, other := from("home"), from("home")
		known.Device = mine.Device
		for i := range 40 { // each from another address
			_, err = h.LogIn(ctx, from("botnet-"+strconv.Itoa(i)), "amina@ente.example", "guess number "+strconv.Itoa(i))
		}
		wantKind(t, "the fortieth guess", err, fault.KindTooMany)
		_, err = h.LogIn(ctx, other, "amina@ente.example", password)
		wantKind(t, "a new device meanwhile", err, fault.KindTooMany)
		_, err = h.LogIn(ctx, known, "amina@ente.example", password)
		must(t, err)
		// The same limits hold for an address without account, or they would tell.
		for i := range 40 {
			_, err = h.LogIn(ctx, from("botnet-"+strconv.Itoa(i)), "nobody@ente.example", "guess")
		}
		wantKind(t, "the fortieth guess at nobody", err, fault.KindTooMany)
		// A mark of somebody else's opens no budget.
		stranger := h.member("bad@ente.example", bodyA, access.DirectoryEditor)
		other.Device = stranger.Device
		_, err = h.LogIn(ctx, other, "amina@ente.example", password)
		wantKind(t, "with a mark of another account", err, fault.KindTooMany)
		h.wait(time.Hour)
		_, err = h.LogIn(ctx, from("home"), "amina@ente.example", password)
		must(t, err)
	})
}

func TestTheLinkByMailOpensWhileStrangersKnock(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		h.member("amina@ente.example", bodyA, access.DirectoryEditor)
		for i := range 25 {
			_, _ = h.LogIn(ctx, from("botnet-"+strconv.Itoa(i)), "amina@ente.example", "guess")
		}
		must(t, h.AskReset(ctx, from("phone"), "amina@ente.example"))
		link := h.letters("reset", "amina@ente.example")[0].Link
		source := from("phone")
		var err error
		source.Device, err = h.Reset(ctx, source, link[len("/login/reset/"):], "la mia nuova frase")
		must(t, err)
		_, err = h.LogIn(ctx, source, "amina@ente.example", "la mia nuova frase")
		must(t, err)
	})
}

func TestBudgetsHoldOverNodes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		keys := t.TempDir()
		first, second := newNode(t, d, keys), newNode(t, d, keys)
		var passed atomic.Int32
		var group sync.WaitGroup
		for i := range 40 {
			node := first
			if i%2 == 1 {
				node = second
			}
			group.Go(func() {
				_, err := node.LogIn(t.Context(), from("s-"+strconv.Itoa(i)), "one@ente.example", "guess")
				if fault.Is(err, fault.KindInvalid) {
					passed.Add(1)
				} else if !fault.Is(err, fault.KindTooMany) {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if passed.Load() != 20 {
			t.Errorf("two nodes together let %d guesses through, want 20", passed.Load())
		}
		must(t, first.Tidy(t.Context()))
		n, err := db.Row(t.Context(), d, db.Column[int], `SELECT count(*) FROM identity_budget`)
		must(t, err)
		first.wait(24 * time.Hour)
		must(t, first.Tidy(t.Context()))
		left, err := db.Row(t.Context(), d, db.Column[int], `SELECT count(*) FROM identity_budget`)
		must(t, err)
		if n == 0 || left != 0 {
			t.Errorf("%d budgets, %d after a day: full ones are to be forgotten and others not", n, left)
		}
	})
}

func TestLettersAreFew(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		h.member("amina@ente.example", bodyA, access.DirectoryEditor)
		for i := range 3 {
			must(t, h.AskReset(ctx, from("s"+strconv.Itoa(i)), "amina@ente.example"))
		}
		wantKind(t, "a fourth letter", h.AskReset(ctx, from("s9"), "amina@ente.example"), fault.KindTooMany)
		letters := h.letters("reset", "amina@ente.example")
		first, last := letters[0].Link, letters[2].Link
		wantKind(t, "an older link", h.CheckReset(ctx, first[len("/login/reset/"):]), fault.KindNotFound)
		must(t, h.CheckReset(ctx, last[len("/login/reset/"):]))
		h.wait(31 * time.Minute)
		wantKind(t, "after half an hour", h.CheckReset(ctx, last[len("/login/reset/"):]), fault.KindNotFound)
	})
}

// TestAnswersTakeAsLong compares the work, not the wall clock, for passwords, and the wall clock where
// the answer waits for it.
func TestAnswersTakeAsLong(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		h.member("amina@ente.example", bodyA, access.DirectoryEditor)
		for _, email := range []string{"amina@ente.example", "nobody@ente.example"} {
			began := time.Now()
			must(t, h.AskReset(ctx, from("x"), email))
			if took := time.Since(began); took < 50*time.Millisecond {
				t.Errorf("%s: answered after %s, before the silence was over", email, took)
			}
		}
	})
}
