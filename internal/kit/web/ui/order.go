// SPDX-License-Identifier: EUPL-1.2

package ui

import (
	"bytes"
	"cmp"
	"context"
	"html"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// Corrected is the fields of a form that came back, under the summary of what is wrong with them. Use cases
// find mistakes in an order of their own; the summary has that of the fields, which are therefore drawn first.
func Corrected(list []FieldError) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		fields := templ.GetChildren(ctx)
		ctx = templ.ClearChildren(ctx)
		if len(list) == 0 {
			return fields.Render(ctx, w)
		}
		var drawn bytes.Buffer
		if err := fields.Render(ctx, &drawn); err != nil {
			return err
		}
		if err := ErrorSummary(inOrder(list, drawn.String())).Render(ctx, w); err != nil {
			return err
		}
		_, err := drawn.WriteTo(w)
		return err
	})
}

// inOrder sorts mistakes as their fields stand in what is drawn, what has no field first. Where two say the same,
// the label of the field stands before.
func inOrder(list []FieldError, drawn string) []FieldError {
	list = slices.Clone(list)
	texts := map[string]int{}
	for _, e := range list {
		texts[e.Text]++
	}
	at := map[string]int{}
	for i, e := range list {
		at[e.ID] = strings.Index(drawn, ` id="`+html.EscapeString(e.ID)+`"`)
		if at[e.ID] < 0 && e.ID != "form" {
			at[e.ID] = math.MaxInt
		}
		if label := labelIn(drawn, e.ID); label != "" && texts[e.Text] > 1 {
			list[i].Text = label + ": " + e.Text
		}
	}
	slices.SortStableFunc(list, func(a, b FieldError) int { return cmp.Compare(at[a.ID], at[b.ID]) })
	return list
}

func labelIn(drawn, id string) string {
	_, rest, found := strings.Cut(drawn, `<label class="field-label" for="`+html.EscapeString(id)+`">`)
	if !found {
		return ""
	}
	text, _, _ := strings.Cut(rest, "<")
	return html.UnescapeString(strings.TrimSpace(text))
}
