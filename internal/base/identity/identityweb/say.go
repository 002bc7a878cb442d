// SPDX-License-Identifier: EUPL-1.2

package identityweb

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/identity"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// grouped puts a space after every four characters, as people type.
func grouped(text string) string {
	var b strings.Builder
	for i, r := range text {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func codeLabel(ctx context.Context, v secondView) string {
	if v.Code {
		return ui.T(ctx, "second.code")
	}
	return ui.T(ctx, "second.recovery_code")
}

func factorName(ctx context.Context, f identity.Factor) string {
	if f.Name != "" {
		return f.Name
	}
	return ui.T(ctx, "factor."+f.Kind)
}

func factorUsed(ctx context.Context, f identity.Factor) string {
	kind := ui.T(ctx, "factor."+f.Kind)
	if f.Used.IsZero() {
		return kind + " · " + ui.T(ctx, "account.added", "when", moment(ctx, f.Created))
	}
	return kind + " · " + ui.T(ctx, "account.used", "when", moment(ctx, f.Used))
}

func deviceName(ctx context.Context, s identity.Session) string {
	if s.Device == "" {
		return ui.T(ctx, "account.some_device")
	}
	return s.Device
}

func sessionSeen(ctx context.Context, s identity.Session) string {
	return ui.T(ctx, "account.seen", "when", moment(ctx, s.Seen), "since", moment(ctx, s.Created))
}

// exampleText says what to do with the code of an example account: somebody else may have just used it.
func exampleText(ctx context.Context, wait int) string {
	if wait > 0 {
		return ui.T(ctx, "second.example_wait", "n", wait)
	}
	return ui.T(ctx, "second.example")
}

// phoneText is the end of a telephone, or that there is none.
func phoneText(ctx context.Context, hint string) string {
	if hint == "" {
		return ui.T(ctx, "phone.none")
	}
	return "\u2066" + hint + "\u2069" // from left to right, whatever stands around it
}

// phoneDo is what can be done about it.
func phoneDo(hint string) string {
	if hint == "" {
		return "phone.add"
	}
	return "phone.change"
}

// moment is a day and the time on it, in Italy.
func moment(ctx context.Context, t time.Time) string {
	t = t.In(calendar.Rome())
	words := web.Words(ctx)
	return words.Date(t, lang.Short) + " " + words.Time(t)
}

// loginThen is the way to the login that comes back to a path.
func loginThen(ctx context.Context, path string) templ.SafeURL {
	return templ.SafeURL(withNext(web.Path(ctx, "/login"), web.Path(ctx, path)))
}

// chooseAction is where a new password goes: with the link that was sent, or from one's own account.
func chooseAction(ctx context.Context, v resetView) templ.SafeURL {
	if v.Token == "" {
		return ui.Href(ctx, "/account/password")
	}
	return ui.Href(ctx, identity.ResetPath+v.Token)
}
