// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Kinds of feedback on an entry. A mistake says what it is about.
const (
	FeedbackClear   = "clear"
	FeedbackUnclear = "unclear"
	MistakePhone    = "mistake-phone"
	MistakeHours    = "mistake-hours"
	MistakeAddress  = "mistake-address"
	MistakeClosed   = "mistake-closed" // the service is no more
	MistakeOther    = "mistake-other"
)

// Mistakes lists what a mistake can be about, in the order in which people are asked.
var Mistakes = []string{MistakePhone, MistakeHours, MistakeAddress, MistakeClosed, MistakeOther}

// maxWord is how many letters the optional word may have.
const maxWord = 500

// Feedback is what somebody said of an entry. Who said it is not known and the time is only a day.
type Feedback struct {
	Entry    string
	Kind     string
	Language string // of the page on which it was said
	Word     string
	Day      string // ISO; set by TakeFeedback
}

// TakeFeedback writes down what somebody said. Anybody may. Companions run in the same transaction
// with its identifier. It fails with NotFound when there is no such entry, Invalid("kind") and
// Invalid("word").
func (u *UseCases) TakeFeedback(ctx context.Context, f Feedback, companions ...func(ctx context.Context, tx *db.Tx, id string) error) error {
	f.Word = strings.TrimSpace(f.Word)
	switch {
	case f.Kind != FeedbackClear && f.Kind != FeedbackUnclear && !slices.Contains(Mistakes, f.Kind):
		return fault.Invalid("kind", "feedback.kind")
	case f.Kind == MistakeOther && f.Word == "":
		return fault.Invalid("word", "feedback.word_missing")
	case utf8.RuneCountInString(f.Word) > maxWord:
		return fault.Invalid("word", "feedback.word_long", "limit", maxWord)
	}
	if _, err := u.Entry(ctx, f.Entry); err != nil {
		return err
	}
	f.Day = calendar.DayOf(u.clock(), calendar.Rome()).String()
	id := db.NewID()
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `INSERT INTO directory_feedback (id, entry_id, kind, language, word, day) VALUES ($1, $2, $3, $4, $5, $6)`,
			id, f.Entry, f.Kind, f.Language, f.Word, f.Day); err != nil {
			return err
		}
		for _, companion := range companions {
			if err := companion(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// FeedbackOn lists what was said of an entry, in the order in which it came.
func (u *UseCases) FeedbackOn(ctx context.Context, entry string) ([]Feedback, error) {
	return db.Rows(ctx, u.db, func(s db.Scanner) (Feedback, error) {
		var f Feedback
		return f, s.Scan(&f.Entry, &f.Kind, &f.Language, &f.Word, &f.Day)
	}, `SELECT entry_id, kind, language, word, day FROM directory_feedback WHERE entry_id = $1 ORDER BY id`, entry)
}
