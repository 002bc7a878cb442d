// SPDX-License-Identifier: EUPL-1.2

package ui_test

import (
	"context"
	"io"
	"slices"
	"testing"

	"github.com/a-h/templ"

	"approdo/internal/kit/web/ui"
)

// The summary of mistakes is in the order of the fields, leads to something that is there, and does not say the
// same twice.
func TestSummaryFollowsTheFields(t *testing.T) {
	t.Parallel()
	fields := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for _, one := range []templ.Component{
			ui.Select(ui.SelectView{ID: "who", Name: "who", Label: "Chi", Error: "Scegli."}),
			ui.Field(ui.FieldView{ID: "from", Name: "from", Label: "Dal", Error: "Scrivi il giorno."}),
			ui.Field(ui.FieldView{ID: "until", Name: "until", Label: "Fino <al>", Error: "Scrivi il giorno."}),
			ui.Checks(ui.ChecksView{ID: "what", Name: "what", Legend: "Che cosa", Error: "Segna qualcosa.", Options: []ui.Option{{Value: "1", Text: "a"}}}),
		} {
			if err := one.Render(ctx, w); err != nil {
				return err
			}
		}
		return nil
	})
	mistakes := []ui.FieldError{{ID: "what", Text: "Segna qualcosa."}, {ID: "until", Text: "Scrivi il giorno."}, {ID: "from", Text: "Scrivi il giorno."}, {ID: "who", Text: "Scegli."}, {ID: "form", Text: "Non si può."}}
	form := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return ui.Form(ui.FormView{Action: "/it/office/page", Errors: mistakes}).Render(templ.WithChildren(ctx, fields), w)
	})
	_, page := get(t, office(t, ui.OfficeHead{Title: "Pagina"}, form, operator), "/it/office/page")
	ids := map[string]int{}
	for _, name := range []string{"form", "select", "input", "fieldset"} {
		for _, one := range elements(page, name) {
			ids[attr(one, "id")]++
		}
	}
	var said []string
	for _, link := range elements(page, "a") {
		if attr(link.Parent.Parent.Parent, "class") != "notice-body" {
			continue
		}
		if target := attr(link, "href")[1:]; ids[target] != 1 {
			t.Errorf("#%s is there %d times", target, ids[target])
		}
		said = append(said, text(link))
	}
	want := []string{"Non si può.", "Scegli.", "Dal: Scrivi il giorno.", "Fino <al>: Scrivi il giorno.", "Segna qualcosa."}
	if !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
}
