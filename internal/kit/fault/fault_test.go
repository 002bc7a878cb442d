// SPDX-License-Identifier: EUPL-1.2

package fault_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"approdo/internal/kit/fault"
)

func TestKindOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		err  error
		want fault.Kind
	}{
		{"nil", nil, ""},
		{"foreign", io.EOF, fault.KindInternal},
		{"plain", fault.NotFound("x"), fault.KindNotFound},
		{"wrapped", fmt.Errorf("load: %w", fault.Conflict("x")), fault.KindConflict},
		{"joined", errors.Join(io.EOF, fault.Invalid("name", "x")), fault.KindInvalid},
		{"cause stays behind its fault", fault.Forbidden("x").Because(fault.NotFound("y")), fault.KindForbidden},
		{"too large", fault.TooLarge("file", "x"), fault.KindTooLarge},
		{"too many", fault.TooMany("x"), fault.KindTooMany},
		{"unavailable", fault.Unavailable("x"), fault.KindUnavailable},
		{"unsupported", fault.Unsupported("file", "x"), fault.KindUnsupported},
	} {
		if got := fault.KindOf(c.err); got != c.want {
			t.Errorf("%s: kind %q, want %q", c.name, got, c.want)
		}
		if c.want != "" && !fault.Is(c.err, c.want) {
			t.Errorf("%s: Is(%q) is false", c.name, c.want)
		}
	}
}

func TestErrorKeepsWhatWasTypedOutOfTheLog(t *testing.T) {
	t.Parallel()
	err := fault.Invalid("email", "error.email", "value", "amina@posta.example").Because(io.ErrUnexpectedEOF)
	if text := err.Error(); strings.Contains(text, "amina") {
		t.Errorf("the log text %q quotes the argument", text)
	} else if want := "invalid email: error.email: unexpected EOF"; text != want {
		t.Errorf("text %q, want %q", text, want)
	}
	if err.Message.Args["value"] != "amina@posta.example" {
		t.Error("the message lost its argument")
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("the cause cannot be found with errors.Is")
	}
}

func TestBecauseLeavesTheOriginalAlone(t *testing.T) {
	t.Parallel()
	shared := fault.Conflict("taken")
	if _ = shared.Because(io.EOF); shared.Cause != nil {
		t.Error("Because changed a fault that others hold")
	}
}

func TestAllFindsEveryFieldButNoCause(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("save: %w", errors.Join(
		fault.Invalid("name", "required"),
		io.EOF,
		fault.Invalid("phone", "phone").Because(fault.NotFound("hidden")),
	))
	var fields []string
	for _, one := range fault.All(err) {
		fields = append(fields, one.Field)
	}
	if got := strings.Join(fields, ","); got != "name,phone" {
		t.Errorf("fields %q, want name,phone", got)
	}
	if fault.All(io.EOF) != nil || fault.All(nil) != nil {
		t.Error("faults found where there are none")
	}
}

func TestArgumentsComeInPairs(t *testing.T) {
	t.Parallel()
	for _, args := range [][]any{{"alone"}, {1, 2}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%v was taken", args)
				}
			}()
			_ = fault.NotFound("x", args...)
		}()
	}
}
