// SPDX-License-Identifier: EUPL-1.2

package identity_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

func TestWhoComesNearPeopleNeedsASecondFactor(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		ticket := h.member("amina@ente.example", bodyA, access.CaseWorker)
		if ticket.Needs != identity.NeedsFactor {
			t.Errorf("needs %q, want a factor", ticket.Needs)
		}
		_, err := h.Session(ctx, ticket.Token)
		wantKind(t, "without a second factor", err, fault.KindForbidden)
		e, err := h.BeginTOTP(ctx, ticket.Token)
		must(t, err)
		if !strings.HasPrefix(e.URL, "otpauth://totp/Approdo:amina@ente.example?") {
			t.Errorf("address %s", e.URL)
		}
		must(t, h.RenameNetwork(ctx, access.Actor{Account: "boss", Member: bodyA, Roles: []access.Role{access.NetworkAdministrator}, Strong: true}, "", "Rete: Prova 1"))
		if e, err = h.ResumeTOTP(ctx, ticket.Token, e.Errand); err != nil || !strings.HasPrefix(e.URL, "otpauth://totp/Rete%20Prova%201:amina@ente.example?issuer=Rete%20Prova%201&") {
			t.Errorf("address of a network with a name %s, %v", e.URL, err)
		}
		_, _, err = h.FinishTOTP(ctx, from("x"), ticket.Token, e.Errand, "000000", "")
		wantKind(t, "a wrong first code", err, fault.KindInvalid)
		p := phone(e.Secret)
		strong, codes, err := h.FinishTOTP(ctx, from("x"), ticket.Token, e.Errand, p.code(t, h.clock()), "")
		must(t, err)
		if len(codes) != 10 || !h.actor(strong).Strong {
			t.Errorf("%d recovery codes, actor %+v", len(codes), h.actor(strong))
		}
		_, err = h.Authenticate(ctx, ticket.Token)
		wantKind(t, "the secret from before the second factor", err, fault.KindForbidden)
		sealed, err := db.Rows(ctx, d, db.Column[[]byte], `SELECT secret FROM identity_factor`)
		must(t, err)
		if len(sealed) != 1 || strings.Contains(string(sealed[0]), e.Secret) {
			t.Error("the secret of the phone stands in clear")
		}
		if n := len(h.letters("new_factor", "amina@ente.example")); n != 1 {
			t.Errorf("%d letters about a new factor", n)
		}
	})
}

func TestACodeOpensOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		_, p, _ := h.armed("amina@ente.example", bodyA, access.Mediator)
		code := p.code(t, h.clock())
		var won atomic.Int32
		var group sync.WaitGroup
		for range 6 {
			half, err := h.LogIn(ctx, from("x"), "amina@ente.example", password)
			must(t, err)
			if half.Needs != identity.NeedsCode {
				t.Errorf("needs %q, want a code", half.Needs)
			}
			group.Go(func() {
				if _, err := h.ConfirmCode(ctx, from("x"), half.Token, code); err == nil {
					won.Add(1)
				} else if !fault.Is(err, fault.KindInvalid) {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if won.Load() != 1 {
			t.Errorf("the same code opened %d sessions, want 1", won.Load())
		}
		h.wait(time.Minute)
		half, err := h.LogIn(ctx, from("x"), "amina@ente.example", password)
		must(t, err)
		_, err = h.ConfirmCode(ctx, from("x"), half.Token, code)
		wantKind(t, "a code of two minutes ago", err, fault.KindInvalid)
		arabic := strings.Map(func(r rune) rune { return r - '0' + '٠' }, p.code(t, h.clock()))
		_, err = h.ConfirmCode(ctx, from("x"), half.Token, arabic)
		must(t, err)
	})
}

func TestARecoveryCodeStandsInOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		_, _, codes := h.armed("amina@ente.example", bodyA, access.Mediator)
		half, err := h.LogIn(ctx, from("x"), "amina@ente.example", password)
		must(t, err)
		typed := strings.ToLower(strings.ReplaceAll(codes[3], "-", " "))
		strong, err := h.ConfirmCode(ctx, from("x"), half.Token, typed)
		must(t, err)
		if n, err := h.RecoveryCodes(ctx, h.actor(strong)); err != nil || n != 9 {
			t.Errorf("%d codes left, %v", n, err)
		}
		again, err := h.LogIn(ctx, from("x"), "amina@ente.example", password)
		must(t, err)
		_, err = h.ConfirmCode(ctx, from("x"), again.Token, codes[3])
		wantKind(t, "a recovery code used before", err, fault.KindInvalid)
		if n := len(h.letters("recovery_used", "amina@ente.example")); n != 1 {
			t.Errorf("%d letters about a recovery code", n)
		}
	})
}

func TestChangingWhatOpensAnAccountWantsAStepUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		strong, p, _ := h.armed("amina@ente.example", bodyA, access.Mediator)
		h.wait(access.StepUpHolds)
		_, err := h.BeginTOTP(ctx, strong.Token)
		if !identity.WantsStepUp(err) {
			t.Errorf("adding a factor later: %v", err)
		}
		if err := h.ChangePassword(ctx, from("x"), strong.Token, "un'altra frase lunga"); !identity.WantsStepUp(err) {
			t.Errorf("a new password later: %v", err)
		}
		up, err := h.ConfirmCode(ctx, from("x"), strong.Token, p.code(t, h.clock()))
		must(t, err)
		_, err = h.Authenticate(ctx, strong.Token)
		wantKind(t, "the secret from before the step-up", err, fault.KindForbidden)
		other, err := h.LogIn(ctx, from("y"), "amina@ente.example", password)
		must(t, err)
		must(t, h.ChangePassword(ctx, from("x"), up.Token, "un'altra frase lunga"))
		h.actor(up)
		_, err = h.Authenticate(ctx, other.Token)
		wantKind(t, "another session after a new password", err, fault.KindForbidden)
		factors, err := h.Factors(ctx, h.actor(up))
		must(t, err)
		wantKind(t, "removing the last factor", h.RemoveFactor(ctx, from("x"), up.Token, factors[0].ID), fault.KindConflict)
	})
}

func TestAnEditorStepsUpWithThePassword(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h, ctx := newHouse(t, d), t.Context()
		ticket := h.member("editor@ente.example", bodyA, access.DirectoryEditor)
		if _, err := h.BeginTOTP(ctx, ticket.Token); !identity.WantsStepUp(err) {
			t.Errorf("a first factor without a step-up: %v", err)
		}
		_, err := h.ConfirmPassword(ctx, from("x"), ticket.Token, "wrong")
		wantKind(t, "a wrong password", err, fault.KindInvalid)
		up, err := h.ConfirmPassword(ctx, from("x"), ticket.Token, password)
		must(t, err)
		if h.actor(up).Strong {
			t.Error("a password twice is no second factor")
		}
		e, err := h.BeginTOTP(ctx, up.Token)
		must(t, err)
		_, _, err = h.FinishTOTP(ctx, from("x"), up.Token, e.Errand, phone(e.Secret).code(t, h.clock()), "")
		must(t, err)
		half, err := h.LogIn(ctx, from("x"), "editor@ente.example", password)
		must(t, err)
		if half.Needs != identity.NeedsCode {
			t.Error("who has a second factor is not asked for it")
		}
	})
}
