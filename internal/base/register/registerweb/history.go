// SPDX-License-Identifier: EUPL-1.2

package registerweb

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/register"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// fieldWords are where the words of fields stand that hold codes.
var fieldWords = map[string]string{
	"nature": "register.nature.", "risk": "register.risk.", "sensitive": "register.answer.", "closed": "register.answer.",
}

// inWords is what a field holds, for people.
func inWords(ctx context.Context, name string, held []string) string {
	list := make([]string, 0, len(held))
	for _, one := range held {
		if prefix, coded := fieldWords[name]; coded && one != "" && web.Words(ctx).Has(prefix+one) {
			one = ui.T(ctx, prefix+one)
		}
		if t := readTime(one); !t.IsZero() {
			one = moment(ctx, t)
		}
		if one != "" {
			list = append(list, one)
		}
	}
	return strings.Join(list, ", ")
}

// beside sets what somebody else has saved meanwhile beside what was typed, where the two differ.
func beside(ctx context.Context, stored, typed url.Values, names []string) *ui.CompareView {
	v := &ui.CompareView{Before: ui.T(ctx, "register.form.theirs"), After: ui.T(ctx, "register.form.yours")}
	for _, name := range names {
		c := ui.Compared{Name: name, Label: ui.T(ctx, "register.field."+name), Before: inWords(ctx, name, stored[name]), After: inWords(ctx, name, typed[name])}
		if c.Differs() {
			v.Fields = append(v.Fields, c)
		}
	}
	return v
}

var (
	processingFields = []string{"name", "purpose", "basis", "persons", "data", "recipients", "transfers", "kept", "measures", "processor", "sensitive", "ended_on"}
	breachFields     = []string{
		"title", "known_at", "happened_on", "what", "nature", "persons", "data", "effects", "measures", "risk", "risk_why",
		"notified_at", "protocol", "late", "told_on", "told_how", "closed",
	}
)

// moments tells the history of an entry; restore leads to where an earlier state is written anew, ""
// for nowhere.
func (p *pages) moments(r *http.Request, steps []register.Step, restore string) ([]ui.Moment, error) {
	ctx := r.Context()
	var ids []string
	for _, s := range steps {
		if s.Account != "" && !slices.Contains(ids, s.Account) {
			ids = append(ids, s.Account)
		}
	}
	var names map[string]string
	if p.Names != nil {
		var err error
		if names, err = p.Names(ctx, ids); err != nil {
			return nil, err
		}
	}
	list := make([]ui.Moment, len(steps))
	for i, s := range steps {
		m := ui.Moment{At: s.At.In(calendar.Rome()), Who: names[s.Account], What: ui.T(ctx, "register.did."+s.Action)}
		for _, c := range s.Changes {
			m.Changes = append(m.Changes, ui.Changed{Label: ui.T(ctx, "register.field."+c.Field), Before: kept(ctx, c.Field, c.Before), After: kept(ctx, c.Field, c.After)})
		}
		if restore != "" && i > 0 {
			m.Body = restoreButton(ui.Href(ctx, restore), s.Number, steps[0].Number)
		}
		list[i] = m
	}
	return list, nil
}

// kept is what the history holds of a field, for people: times are kept in milliseconds.
func kept(ctx context.Context, name, text string) string {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && strings.HasSuffix(name, "_at") {
		return moment(ctx, time.UnixMilli(n))
	}
	if name == "nature" {
		return inWords(ctx, name, strings.Fields(text))
	}
	return inWords(ctx, name, []string{text})
}

func (p *pages) getProcessingHistory(w http.ResponseWriter, r *http.Request) error {
	e, one, err := p.entryAt(r)
	if err != nil {
		return err
	}
	steps, err := p.Register.ProcessingHistory(r.Context(), actorOf(r), one.ID)
	if err != nil {
		return err
	}
	restore := ""
	if p.writes(r, one) {
		restore = "/office/processings/" + one.ID + "/restore"
	}
	list, err := p.moments(r, steps, restore)
	if err != nil {
		return err
	}
	head := p.entryHead(r, e.Name)
	head.Tabs = p.entryTabs(r, e, "/history")
	return p.office(w, r, http.StatusOK, head, historyPage(list))
}

// entryTabs are the parts of an entry that a body keeps itself; what the program does has none.
func (p *pages) entryTabs(r *http.Request, e entry, current string) []ui.Tab {
	if e.Declared {
		return nil
	}
	return tabs(r.Context(), "/office/processings/"+e.ID, current)
}

func tabs(ctx context.Context, path, current string) []ui.Tab {
	return []ui.Tab{
		{Text: ui.T(ctx, "register.tab.read"), Href: web.Path(ctx, path), Current: current == ""},
		{Text: ui.T(ctx, "register.tab.history"), Href: web.Path(ctx, path+"/history"), Current: current == "/history"},
	}
}

func (p *pages) postRestore(w http.ResponseWriter, r *http.Request) error {
	values, err := sent(r)
	if err != nil {
		return err
	}
	number, err := strconv.ParseInt(values.Get("number"), 10, 64)
	if err != nil {
		return fault.Invalid("", "register.form_unreadable").Because(err)
	}
	if _, err := p.Register.RestoreProcessing(r.Context(), actorOf(r), r.PathValue("id"), versionIn(values), number); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "register.said.restored", 1)
	return web.Redirect(w, r, web.Path(r.Context(), "/office/processings/"+r.PathValue("id")+"/history"))
}

func (p *pages) getBreachHistory(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	b, err := p.Register.Breach(ctx, actorOf(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	steps, err := p.Register.BreachHistory(ctx, actorOf(r), b.ID)
	if err != nil {
		return err
	}
	list, err := p.moments(r, steps, "")
	if err != nil {
		return err
	}
	head := p.breachHead(ctx, b.Title)
	head.Tabs = tabs(ctx, breachPath(b.ID), "/history")
	return p.office(w, r, http.StatusOK, head, historyPage(list))
}
