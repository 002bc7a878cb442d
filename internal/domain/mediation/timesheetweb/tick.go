// SPDX-License-Identifier: EUPL-1.2

package timesheetweb

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// ticks are the check marks of the list of sessions as they were sent, and what could not be countersigned.
type ticks struct {
	all  bool // who has no script asks for all of the page
	sent []timesheet.Marked
	not  []timesheet.Unsigned
}

// row is the line of a session with its mark: one that could not be signed loses it, the others keep theirs.
func (m ticks) row(l timesheet.Listed) ui.Row {
	row := ui.Row{}
	failed := slices.ContainsFunc(m.not, func(u timesheet.Unsigned) bool { return u.Booking == l.Booking })
	if failed {
		row.Level = ui.Warning
	}
	if l.Countersigns {
		row.ID = l.Booking + "." + strconv.FormatInt(l.Version, 10)
		row.Marked = !failed && (m.all || slices.ContainsFunc(m.sent, func(s timesheet.Marked) bool { return s.Booking == l.Booking }))
	}
	return row
}

// ticksView is what the page says above the list.
type ticksView struct {
	All templ.SafeURL // where all of the page are marked
	Not []unsignedView
}

type unsignedView struct{ Href, What, Why string }

func (m ticks) view(r *http.Request, l ui.List) ticksView {
	query := url.Values{"mark": {"all"}}
	maps.Copy(query, l.Query)
	v := ticksView{All: templ.URL(l.Path + "?" + query.Encode())}
	for _, one := range m.not {
		v.Not = append(v.Not, unsignedView{
			Href: web.Path(r.Context(), sessionsPath+"/"+one.Booking), What: slotText(web.Words(r.Context()), one.Slot) + ", " + one.Name, Why: web.Say(r, one.Why),
		})
	}
	return v
}

// chargesOf are the words for what the sessions of a list are charged to, where that is known.
func (p *Pages) chargesOf(ctx context.Context, list []timesheet.Listed) (map[timesheet.Charge]string, error) {
	words := map[timesheet.Charge]string{}
	member := access.From(ctx).Member
	if !slices.ContainsFunc(list, func(l timesheet.Listed) bool { return l.Member == member && l.Project != "" }) {
		return words, nil
	}
	known, err := p.Timesheet.Charges(ctx, member)
	for _, b := range known {
		words[b.Charge] = b.Title + " · " + b.What
	}
	return words, err
}

// ReadMarks reads the check marks of a form: each names a session and the version that was seen. What is none
// is of version -1, which no session has.
func ReadMarks(values []string) []timesheet.Marked {
	var list []timesheet.Marked
	for _, value := range values {
		booking, text, _ := strings.Cut(value, ".")
		version, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			version = -1
		}
		list = append(list, timesheet.Marked{Booking: booking, Version: version})
	}
	return list
}

// postCountersignAll countersigns those that are marked, or shows the list again with what could not be and why.
func (p *Pages) postCountersignAll(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "mediation.form").Because(err)
	}
	m := ticks{sent: ReadMarks(r.PostForm["id"])}
	var err error
	m.not, err = p.Timesheet.CountersignAll(ctx, access.From(ctx), m.sent)
	switch {
	case fault.Is(err, fault.KindConflict) && len(m.not) > 0:
		return p.showSessions(w, r, http.StatusConflict, m)
	case fault.Is(err, fault.KindInvalid):
		ui.Flash(w, r, ui.Warning, "session.marked.nothing", 1)
	case err != nil:
		return err
	default:
		ui.Flash(w, r, ui.Success, "session.said.countersigned", len(m.sent))
	}
	return web.Redirect(w, r, sessionList(r).With("page", ""))
}

// sessionList reads the address of the list, also where the marked ones are sent. That all are to be marked holds for
// one page.
func sessionList(r *http.Request) ui.List {
	l := ui.ReadList(r)
	l.Path, l.Query = web.Path(r.Context(), sessionsPath), maps.Clone(l.Query)
	l.Query.Del("mark")
	return l
}
