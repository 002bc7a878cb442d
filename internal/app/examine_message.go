// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"approdo/internal/base/notice"
	"approdo/internal/kit/db"
	"approdo/internal/kit/jobs"
	"approdo/internal/kit/send"
	"approdo/internal/kit/web/ui"
)

// mostDelay is how long a job may wait: nobody need serve for some hours at night.
const mostDelay = 12 * time.Hour

// examineMessages says whether messages get out and work gets done.
func examineMessages(ctx context.Context, c Config, d *db.DB) []Check {
	h, err := notice.Check(ctx, d, c.Clock())
	if err != nil {
		return []Check{{"messages", false, Explain(err, "en")}}
	}
	checks := []Check{{"messages", h.Late == 0 && h.Failed == 0, fmt.Sprintf("%d waiting (%d for more than a day), %d did not arrive", h.Waiting, h.Late, h.Failed)}}
	if !checks[0].OK {
		checks[0].Detail += ": look at /office/messages, and see that approdo serve is running"
	}
	dead, err := jobs.Dead(ctx, d, 100)
	switch {
	case err != nil:
		return append(checks, Check{"work", false, Explain(err, "en")})
	case len(dead) > 0:
		return append(checks, Check{"work", false, fmt.Sprintf("%d jobs have failed for good: look at /office/work", len(dead))})
	}
	since, err := jobs.DueSince(ctx, d)
	if err != nil {
		return append(checks, Check{"work", false, Explain(err, "en")})
	}
	if late := c.Clock().Sub(since); !since.IsZero() && late > mostDelay {
		return append(checks, Check{"work", false, fmt.Sprintf("a job has waited since %s: is approdo serve running?", since.Format(time.RFC3339))})
	}
	return append(checks, Check{"work", true, "no job has failed for good, none waits for long"})
}

// ExamineCarriers tries whoever carries messages, without sending any.
func ExamineCarriers(ctx context.Context, m MessagesConfig) []Check {
	checks := []Check{examineSMTP(ctx, m)}
	if m.SMS == "" {
		return append(checks, Check{"text messages", true, "left in the outbox: give --sms to send them"})
	}
	if _, err := send.ReadGateway(m.SMS); err != nil {
		return append(checks, Check{"text messages", false, Explain(err, "en")})
	}
	return append(checks, Check{"text messages", true, "the gateway is described in " + m.SMS})
}

func examineSMTP(ctx context.Context, m MessagesConfig) Check {
	if m.SMTP == "" {
		return Check{"mail", true, "letters are left in the outbox: give --smtp to send them"}
	}
	server, err := send.NewSMTP(m.SMTP, send.From{Name: ui.Name, Address: m.MailFrom})
	if err != nil {
		return Check{"mail", false, Explain(err, "en")}
	}
	err = server.Check(ctx)
	var failure *send.Failure
	if errors.As(err, &failure) {
		return Check{"mail", false, fmt.Sprintf("the mail server does not let us in (%s %s): %v", failure.Why, failure.Code, failure.Cause())}
	}
	if err != nil {
		return Check{"mail", false, Explain(err, "en")}
	}
	return Check{"mail", true, "the mail server lets us in"}
}
