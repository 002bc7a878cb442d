// SPDX-License-Identifier: EUPL-1.2

package networkweb

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// noon gives a day as a time, for the words of package lang.
func noon(d calendar.Day) time.Time {
	year, month, day := d.Date()
	return time.Date(year, month, day, 12, 0, 0, 0, time.UTC)
}

func yearText(year int) string { return strconv.Itoa(year) }

// dayText puts an ISO day into words, "" for none.
func dayText(w lang.Words, iso string) string {
	d, err := calendar.ParseDay(iso)
	if err != nil {
		return ""
	}
	return w.Date(noon(d), lang.Long)
}

func paragraphs(text string) []string {
	var list []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

func mailHref(address string) templ.SafeURL {
	return templ.SafeURL("mailto:" + url.PathEscape(address))
}

// phoneHref makes a tel: address (RFC 3966), "" when the number can't be dialled: those of examples
// begin with 000.
func phoneHref(number string) templ.SafeURL {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
	if len(digits) < 3 || strings.HasPrefix(digits, "000") || strings.Contains(digits, "000111") {
		return ""
	}
	return templ.SafeURL("tel:" + digits)
}

// outward lets a page lead only to web addresses.
func outward(address string) templ.SafeURL {
	if strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://") {
		return templ.URL(address)
	}
	return ""
}

// territoryNames are the names of territories, in the order in which they were given.
func territoryNames(list []network.Ref) string {
	names := make([]string, 0, len(list))
	for _, r := range list {
		if name := network.Territories().RefName(r); name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// hoursText says the hours of an activity: "17 ore (ethnopsychology), 7 ore (anthropology)".
func hoursText(ctx context.Context, h network.Hours) string {
	w := web.Words(ctx)
	parts := make([]string, 0, len(h))
	for name := range h {
		parts = append(parts, name)
	}
	slices.Sort(parts)
	for i, name := range parts {
		text := w.Count("project.hours", h[name])
		if name != "" {
			text += " (" + name + ")"
		}
		parts[i] = text
	}
	return strings.Join(parts, ", ")
}

// figure writes a number that somebody stated, and a dash where nobody did.
func figure(ctx context.Context, n *int) string {
	if n == nil {
		return "–"
	}
	return web.Words(ctx).Number(*n)
}

// writtenIn is the language in which the texts of a project were written.
func writtenIn(p network.Project) string {
	if p.Language == "" {
		return lang.Default
	}
	return p.Language
}

// fileHref is the address of the file of a list as it is filtered now.
func fileHref(ctx context.Context, file string, l ui.List) string {
	path := web.Path(ctx, "/office/"+file)
	query := url.Values{}
	for name, values := range l.Query {
		if name != "page" && name != "size" {
			query[name] = values
		}
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// filterOptions are the choices of a filter, the first of which is all.
func filterOptions(ctx context.Context, prefix string, codes []string, chosen string) []ui.Option {
	list := []ui.Option{{Text: ui.T(ctx, "network.form.all")}}
	for _, code := range codes {
		list = append(list, ui.Option{Value: code, Text: ui.T(ctx, prefix+code), Selected: code == chosen})
	}
	return list
}

func shortDay(ctx context.Context, iso string) string {
	d, err := calendar.ParseDay(iso)
	if err != nil {
		return ""
	}
	return web.Words(ctx).Date(noon(d), lang.Short)
}
