// SPDX-License-Identifier: EUPL-1.2

package jobs

import (
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/riverqueue/river"
)

// Later is the error of a handler that wants to be called again after d, which is no failure.
func Later(d time.Duration) error { return river.JobSnooze(d) }

// Never is the error of a handler that has failed for good: the job is a dead letter at once.
func Never(err error) error { return &finalError{err} }

type finalError struct{ error }

func (e *finalError) Unwrap() error { return e.error }

// Outcomes of one attempt, as the metrics name them.
const (
	outcomeDone   = "done"
	outcomeLater  = "later"
	outcomeFailed = "failed"
	outcomeNever  = "never"
)

func outcome(err error) string {
	var snooze *river.JobSnoozeError
	var final *finalError
	switch {
	case err == nil:
		return outcomeDone
	case errors.As(err, &snooze):
		return outcomeLater
	case errors.As(err, &final):
		return outcomeNever
	}
	return outcomeFailed
}

// clean is what the queue is told of an error: it keeps and logs the text.
func clean(err error) error {
	switch outcome(err) {
	case outcomeDone, outcomeLater:
		return err
	case outcomeNever:
		return river.JobCancel(errors.New(scrub(err.Error())))
	}
	if text := err.Error(); scrub(text) != text {
		return errors.New(scrub(text))
	}
	return fmt.Errorf("job: %w", err)
}

var (
	mailAddress = regexp.MustCompile(`[^\s<>"'(),;:]+@[^\s<>"'(),;:]+`)
	longNumber  = regexp.MustCompile(`\+?\d[\d .\-/]{6,}\d`)
)

// scrub takes out what looks like somebody's address or number.
func scrub(text string) string {
	return longNumber.ReplaceAllString(mailAddress.ReplaceAllString(text, "…"), "…")
}
