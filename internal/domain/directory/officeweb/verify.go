// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"net/http"
	"slices"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// questionView is the page of one service about its confirmation.
type questionView struct {
	ID        string
	On, Due   string
	By        string
	Overdue   bool
	Question  *directory.Question
	Asked     string // when
	Answered  string
	Contact   directory.Contact
	CanSet    bool // the contact
	Languages []ui.Option
	Mistakes  ui.Mistakes
	Link      string // just made: to hand over in another way
}

func (p *Pages) getQuestion(w http.ResponseWriter, r *http.Request) error {
	return p.question(w, r, http.StatusOK, nil, "")
}

// question shows how the confirmation of a service stands. err is why a form came back, link one that
// was just made.
func (p *Pages) question(w http.ResponseWriter, r *http.Request, status int, err error, link string) error {
	ctx, actor, id := r.Context(), access.From(r.Context()), r.PathValue("id")
	list, _, failed := p.Directory.Summaries(ctx, actor, directory.SummaryFilter{IDs: []string{id}, Size: 1})
	if failed != nil {
		return failed
	}
	if len(list) == 0 || !list[0].Published {
		return access.Missing()
	}
	e, failed := p.Directory.Entry(ctx, id)
	if failed != nil {
		return failed
	}
	words := web.Words(ctx)
	v := questionView{ID: id, On: day(words, e.AssuredDate), By: e.Card.AssuredBy, Due: day(words, list[0].Due), Link: link}
	v.Overdue = e.Verification().Overdue(calendar.DayOf(p.now(), calendar.Rome()))
	v.Mistakes, _ = ui.MistakesOf(r, err)
	questions, failed := p.Directory.Questions(ctx, actor, []string{id})
	if failed != nil {
		return failed
	}
	if q, ok := questions[id]; ok {
		v.Question, v.Asked = &q, words.Date(q.AskedAt.In(zone()), lang.Short)
		if !q.AnsweredAt.IsZero() {
			v.Answered = words.Date(q.AnsweredAt.In(zone()), lang.Short)
		}
	}
	if c, failed := p.Directory.ContactFor(ctx, actor, id); failed == nil {
		v.Contact, v.CanSet = c, true
	}
	if r.PostForm.Get("do") == "contact" {
		v.Contact = directory.Contact{Email: r.PostForm.Get("email"), Language: r.PostForm.Get("language")}
	}
	for _, code := range lang.All {
		v.Languages = append(v.Languages, ui.Option{Value: code, Text: lang.Name(words.Lang(), code), Selected: code == v.Contact.Language})
	}
	return p.show(w, r, status, p.headOf(r, id, e.Name, "verification", stateBadge(words, list[0])), questionPage(v))
}

func (p *Pages) postQuestion(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "census.form").Because(err)
	}
	ctx, actor, id := r.Context(), access.From(r.Context()), r.PathValue("id")
	var err error
	done := ""
	switch r.PostForm.Get("do") {
	case "ask":
		var token string
		if token, err = p.Verifier.Ask(ctx, actor, id); err == nil {
			return p.question(w, r, http.StatusOK, nil, web.Absolute(ctx, web.Path(ctx, "/verify/"+token)))
		}
	case "confirm":
		done, err = "census.done.confirm", p.Verifier.ConfirmHere(ctx, actor, id)
	case "contact":
		done, err = "census.done.contact", p.Directory.SetContact(ctx, actor, id, directory.Contact{Email: r.PostForm.Get("email"), Language: r.PostForm.Get("language")})
	default:
		return fault.Invalid("", "census.form")
	}
	if fault.Is(err, fault.KindInvalid) {
		return p.question(w, r, http.StatusUnprocessableEntity, err, "")
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, done, 1)
	return web.Redirect(w, r, path(ctx, id, "verification"))
}

// staleView is the coordinator's page of what nobody has confirmed in time.
type staleView struct {
	Figures []ui.Figure
	Table   ui.TableView
}

func (p *Pages) getStale(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	words := web.Words(ctx)
	l := ui.ReadList(r, directory.SortDue, directory.SortName)
	due := l.Filter("due")
	if !slices.Contains([]string{"overdue", "soon"}, due) {
		due = "overdue"
	}
	list, total, err := p.Directory.Summaries(ctx, actor, directory.SummaryFilter{Query: l.Text, Due: due, Sort: l.Sort, Down: l.Desc, Page: l.Page, Size: l.Size})
	if err != nil {
		return err
	}
	v := staleView{}
	for _, one := range []struct {
		key   string
		level ui.Level
	}{{"overdue", ui.Danger}, {"soon", ui.Warning}} {
		_, n, err := p.Directory.Summaries(ctx, actor, directory.SummaryFilter{Due: one.key, Size: 1})
		if err != nil {
			return err
		}
		v.Figures = append(v.Figures, ui.Figure{Value: words.Number(n), Label: text(r, "census.due."+one.key), Href: l.With("due", one.key), Level: one.level})
	}
	var ids []string
	for _, m := range list {
		ids = append(ids, m.ID)
	}
	questions, err := p.Directory.Questions(ctx, actor, ids)
	if err != nil {
		return err
	}
	v.Table = ui.TableView{Caption: text(r, "census.due."+due), List: l, Total: total, Columns: []ui.Column{{Name: directory.SortName, Title: text(r, "census.f.name")},
		{Name: directory.SortDue, Title: text(r, "census.col.due")}, {Title: text(r, "census.col.asked")}}}
	for _, m := range list {
		said := day(words, m.Due)
		if said == "" {
			said = text(r, "census.never")
		}
		row := ui.Row{Cells: []ui.Cell{{Text: m.Name, Lang: "it", Href: path(ctx, m.ID, "verification"), Small: m.BodyName}, {Text: said}, {Text: text(r, "census.not_asked")}}}
		if q, ok := questions[m.ID]; ok {
			row.Cells[2] = ui.Cell{Body: ui.Status(questionLevel(q), text(r, questionKey(q))), Small: words.Date(q.AskedAt.In(zone()), lang.Short)}
		} else if c, err := p.Directory.ContactFor(ctx, actor, m.ID); err == nil && c.Email == "" {
			row.Cells[2] = ui.Cell{Body: ui.Status(ui.Danger, text(r, "census.nobody"))}
		}
		v.Table.Rows = append(v.Table.Rows, row)
	}
	head := ui.OfficeHead{Title: text(r, "census.menu.verification"), Crumbs: []ui.Link{{Text: text(r, "census.menu.verification")}}, Help: "census.help.stale"}
	return p.show(w, r, http.StatusOK, head, stalePage(v))
}

// questionKey says how a question stands.
func questionKey(q directory.Question) string {
	switch {
	case q.State != directory.VerificationAsked:
		return "census.question." + q.State
	case !q.EscalatedAt.IsZero():
		return "census.question.escalated"
	case !q.RemindedAt.IsZero():
		return "census.question.reminded"
	}
	return "census.question.asked"
}

func questionLevel(q directory.Question) ui.Level {
	switch {
	case q.State == directory.VerificationConfirmed:
		return ui.Success
	case q.State == directory.VerificationCorrected || q.State == directory.VerificationAsked && q.EscalatedAt.IsZero():
		return ui.Info
	case q.State == directory.VerificationAsked:
		return ui.Danger
	}
	return ui.Neutral
}
