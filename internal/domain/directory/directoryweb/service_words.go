// SPDX-License-Identifier: EUPL-1.2

package directoryweb

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// jsonText is JSON that is written as it is.
type jsonText []byte

// MarshalJSON gives the text; it fails when it is no JSON.
func (t jsonText) MarshalJSON() ([]byte, error) { return json.RawMessage(t).MarshalJSON() }

// paragraphs cuts a text at its line breaks.
func paragraphs(text string) []string {
	var list []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

func numbered(name string, i int) string { return name + "-" + strconv.Itoa(i+1) }

func statusSaid(ctx context.Context, status string) string {
	switch status {
	case directory.StatusTemporarilyClosed:
		return ui.T(ctx, "service.status_closed")
	case directory.StatusInactive:
		return ui.T(ctx, "service.status_inactive")
	}
	return ui.T(ctx, "service.status_defunct")
}

// siteName is the name of a place, or its address when it has none.
func siteName(s siteView) string {
	if s.Location.Name != "" {
		return s.Location.Name
	}
	return s.Address
}

// scheduleTexts are what the schedules say beyond times.
func scheduleTexts(e directory.Entry) []string {
	var list []string
	for _, s := range e.Schedules {
		if s.Description != "" {
			list = append(list, s.Description)
		}
	}
	return list
}

func topicNames(codes []string) string { return strings.Join(codes, ", ") }

// sheetHref leads to the printed sheet of this service alone, with Italian beside it.
func sheetHref(ctx context.Context, v serviceView) templ.SafeURL {
	return templ.SafeURL(web.Path(ctx, "/shortlist") + "?" + url.Values{"ids": {v.Entry.ID}}.Encode())
}
