// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// ReportPath is where a link to one's own report leads, without language.
const ReportPath = "/reports/"

// keepLink is how long a link to one's own report opens it, in days.
const keepLink = 365

// Report is a feedback as whoever gave it reads it, by a link of their own and without an account. Who
// looks into it, and what they write for each other, is not in it.
type Report struct {
	Entry    string // "" when it is no more in the census
	Service  string
	Kind     string
	Language string // of the page on which it was said
	Word     string
	Day      string // ISO
	Status   string
	Reply    string
	Settled  string // ISO; "" while it waits
}

// followed tells whether whoever gave the feedback was given a link to follow it: what can be answered is,
// unless nothing may be left behind on the phone.
func (u *UseCases) followed(ctx context.Context, f Feedback) bool {
	if !u.follows(f.Kind, f.Word) {
		return false
	}
	e, err := u.Directory.Entry(ctx, f.Entry)
	return err != nil || !e.Discreet() && !e.Reserved() // what is no more in the census was followed while it was
}

// follows is followed as far as the feedback alone says.
func (u *UseCases) follows(kind, word string) bool {
	return len(u.Key) > 0 && kind != directory.FeedbackClear && (kind != directory.FeedbackUnclear || word != "")
}

// linkOf is the secret part of the address of a report. It is made anew from the key of the installation
// whenever it is needed, so that nobody who has the database alone can open reports.
func (u *UseCases) linkOf(id string) string {
	mac := hmac.New(sha256.New, u.Key)
	mac.Write([]byte("census.report\x00" + id))
	return id + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}

// Follow opens a report by its link, with what the service is called in a language. It fails with NotFound for a link that opens nothing, or nothing any more.
func (u *UseCases) Follow(ctx context.Context, link, language string) (Report, error) {
	lost := fault.NotFound("feedback.link")
	id, _, _ := strings.Cut(link, ".")
	if len(u.Key) == 0 || !hmac.Equal([]byte(link), []byte(u.linkOf(id))) {
		return Report{}, lost
	}
	f, err := readFeedback(ctx, u.DB, id)
	if fault.Is(err, fault.KindNotFound) {
		return Report{}, lost
	}
	if err != nil {
		return Report{}, err
	}
	day, err := calendar.ParseDay(f.Day)
	if err != nil || day+keepLink < u.today() {
		return Report{}, lost
	}
	r := Report{Kind: f.Kind, Language: f.Language, Word: f.Word, Day: f.Day, Status: f.Status, Reply: f.Reply}
	if r.Settled, err = db.Row(ctx, u.DB, db.Column[string], `SELECT settled_on FROM directory_feedback WHERE id = $1`, id); err != nil {
		return Report{}, err
	}
	// An entry that was taken out since, or hidden, is not told of by an old link.
	if e, err := u.Directory.Entry(ctx, f.Entry); err == nil && !e.Discreet() && !e.Reserved() {
		shown, _ := e.In(language)
		r.Entry, r.Service = f.Entry, shown.Name
	} else if err != nil && !fault.Is(err, fault.KindNotFound) {
		return Report{}, err
	}
	return r, nil
}
