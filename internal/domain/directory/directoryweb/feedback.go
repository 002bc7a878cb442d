// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

func (p *pages) postClear(w http.ResponseWriter, r *http.Request) error { return p.takeFeedback(w, r) }

func (p *pages) postMistake(w http.ResponseWriter, r *http.Request) error {
	return p.takeFeedback(w, r)
}

// takeFeedback writes down what was said and thanks. What was typed comes back with the reason
// when it can't be taken.
func (p *pages) takeFeedback(w http.ResponseWriter, r *http.Request) error {
	if err := p.voices.Allow(w, r); err != nil {
		return err
	}
	f := directory.Feedback{Entry: r.PathValue("id"), Kind: r.FormValue("kind"), Word: r.FormValue("word"), Language: web.Lang(r.Context())}
	contact := strings.TrimSpace(r.FormValue("contact"))
	link, err := p.say(r.Context(), f, contact)
	var invalid *fault.Error
	switch {
	case fault.Is(err, fault.KindNotFound):
		return lost()
	case errors.As(err, &invalid) && invalid.Kind == fault.KindInvalid:
		return p.showService(w, r, Trouble{Field: invalid.Field, Text: web.Say(r, invalid), Word: f.Word, Kind: f.Kind, Contact: contact}, "")
	case err != nil:
		return err
	case link != "":
		return web.Redirect(w, r, web.Path(r.Context(), census.ReportPath+link+"?thanks=1"))
	}
	return web.Redirect(w, r, web.Path(r.Context(), "/services/"+f.Entry+"?thanks=1"))
}

// say passes on what was said, with the way back to whoever said it where somebody can use one, and gives the
// link by which they follow it.
func (p *pages) say(ctx context.Context, f directory.Feedback, contact string) (link string, err error) {
	if p.Census == nil {
		return "", p.Directory.TakeFeedback(ctx, f)
	}
	return p.Census.Say(ctx, f, contact)
}

// answers tells whether one may leave an address below an entry: never where nothing must be left behind.
func (p *pages) answers(e *directory.Entry) bool {
	return p.Census != nil && p.Census.Answers() && !discreet(e)
}

func isMistake(kind string) bool { return slices.Contains(directory.Mistakes, kind) }

// wordOf is what was typed into one of the two forms.
func wordOf(v serviceView, mistake bool) string {
	if isMistake(v.Kind) != mistake {
		return ""
	}
	return v.Word
}

func errorOf(v serviceView, mistake bool) string {
	if isMistake(v.Kind) != mistake || v.Field != "word" {
		return ""
	}
	return v.Text
}

func mistakeOptions(ctx context.Context, chosen string) []ui.Option {
	if !isMistake(chosen) {
		chosen = directory.MistakeHours
	}
	list := make([]ui.Option, len(directory.Mistakes))
	for i, kind := range directory.Mistakes {
		list[i] = ui.Option{Value: kind, Text: ui.T(ctx, "feedback."+kind), Selected: kind == chosen}
	}
	return list
}

// noNames says what not to write, and that nobody can answer where nobody can.
func noNames(ctx context.Context, v serviceView) string {
	if v.Answers {
		return ui.T(ctx, "feedback.no_names_reply")
	}
	return ui.T(ctx, "feedback.no_names")
}

func contactError(v serviceView) string {
	if v.Field != "contact" {
		return ""
	}
	return v.Trouble.Text
}
