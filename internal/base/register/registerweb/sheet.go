// SPDX-License-Identifier: EUPL-1.2

package registerweb

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"approdo/internal/base/register"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// Body is who answers for the data, as the register has to say it (art. 30(1)(a) GDPR).
type Body struct {
	Name, Address, TaxID, Email, Website string
	Officer                              string // data-protection officer, with the ways to reach them
	Agreements                           []string
}

// AuthorityService is where a breach is notified (the authority's own service, order of 27 May 2021).
const AuthorityService = "https://servizi.gpdp.it/databreach/s/"

func (p *pages) body(r *http.Request, id string) (Body, error) {
	if p.Body == nil {
		return Body{}, nil
	}
	return p.Body(r.Context(), actorOf(r), id)
}

func bodyFacts(ctx context.Context, b Body) []ui.Definition {
	var list []ui.Definition
	for _, f := range [][2]string{
		{"controller", b.Name}, {"address", b.Address}, {"tax_id", b.TaxID}, {"email", b.Email}, {"website", b.Website}, {"officer", cmp.Or(b.Officer, ui.T(ctx, "register.officer_missing"))},
		{"agreements", strings.Join(b.Agreements, "; ")},
	} {
		if f[1] != "" {
			list = append(list, ui.Definition{Term: ui.T(ctx, "register.field."+f[0]), Text: f[1]})
		}
	}
	return list
}

// getSheet is the whole register of the body acted for, to be printed and signed: who answers for the
// data, what it decides itself, and what it does for others (art. 30(1) and (2) GDPR).
func (p *pages) getSheet(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all, err := p.entries(r)
	if err != nil {
		return err
	}
	b, err := p.body(r, actorOf(r).Member)
	if err != nil {
		return err
	}
	var own, forOthers []entry
	for _, e := range all {
		if e.EndedOn == "" && e.processor() != "" {
			forOthers = append(forOthers, e)
		} else {
			own = append(own, e)
		}
	}
	title := ui.T(ctx, "register.sheet")
	head := p.entryHead(r, title)
	head.Lead = ui.T(ctx, "register.sheet_lead", "date", web.Words(ctx).Date(p.Register.Clock(), lang.Long))
	head.Actions = ui.PrintButton()
	return p.office(w, r, http.StatusOK, head, sheetPage(b, own, forOthers))
}

// processor is on whose behalf an entry is, "" for what the body decides itself.
func (e entry) processor() string {
	for _, f := range e.Facts {
		if f[0] == "processor" {
			return f[1]
		}
	}
	return ""
}

func breachPath(id string) string { return "/office/breaches/" + id }

// getNotice is what the notification to the authority has to say (art. 33(3) GDPR), to be copied into
// its form or kept with the papers.
func (p *pages) getNotice(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	b, err := p.Register.Breach(ctx, actorOf(r), r.PathValue("id"))
	if err != nil {
		return err
	}
	body, err := p.body(r, b.Member)
	if err != nil {
		return err
	}
	body.Agreements = nil // of the register, not of a notification
	title := ui.T(ctx, "register.notice")
	head := p.breachHead(ctx, title)
	head.Crumbs = []ui.Link{head.Crumbs[0], {Text: b.Title, Href: web.Path(ctx, breachPath(b.ID))}, {Text: title}}
	head.Lead, head.Badge, head.Actions = b.Title, breachMark(b.StateAt(p.Register.Clock())), ui.PrintButton()
	return p.office(w, r, http.StatusOK, head, noticePage(body, b))
}

// noticeParts are the parts of a notification, by letters of art. 33(3), with their fields.
var noticeParts = []struct {
	key    string
	fields []string
}{
	{"nature", []string{"title", "known_at", "happened_on", "what", "nature", "persons", "data"}},
	{"officer", nil},
	{"effects", []string{"effects", "risk", "risk_why"}},
	{"measures", []string{"measures", "told_on", "told_how"}},
	{"sent", []string{"notified_at", "protocol", "late"}},
}

func breachFacts(ctx context.Context, b register.Breach, names []string) []ui.Definition {
	values := breachValues(b)
	list := make([]ui.Definition, len(names))
	for i, name := range names {
		list[i] = ui.Definition{Term: ui.T(ctx, "register.field."+name), Text: inWords(ctx, name, values[name])}
		if list[i].Text == "" {
			list[i].Text = "–"
		}
	}
	return list
}

// getBreachesFile is the log of breaches that the authority may ask for (art. 33(5) GDPR).
func (p *pages) getBreachesFile(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list, err := p.Register.ExportBreaches(ctx, actorOf(r))
	if err != nil {
		return err
	}
	titles := []string{ui.T(ctx, "register.field.state"), ui.T(ctx, "register.deadline")}
	for _, name := range breachFields {
		titles = append(titles, ui.T(ctx, "register.field."+name))
	}
	rows := [][]string{titles}
	for _, b := range list {
		row := []string{ui.T(ctx, "register.state."+string(b.StateAt(p.Register.Clock()))), moment(ctx, b.Deadline())}
		values := breachValues(b)
		for _, name := range breachFields {
			row = append(row, inWords(ctx, name, values[name]))
		}
		rows = append(rows, row)
	}
	return web.Sheet(w, r, "registro-violazioni", rows)
}
