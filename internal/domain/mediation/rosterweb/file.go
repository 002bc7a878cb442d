// SPDX-License-Identifier: EUPL-1.2

package rosterweb

import (
	"context"
	"mime/multipart"
	"net/http"
	"strconv"

	"approdo/internal/base/access"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

var standingLevels = map[mediation.Standing]ui.Level{
	mediation.Applied: ui.Warning, mediation.Listed: ui.Success, mediation.Refused: ui.Neutral, mediation.Suspended: ui.Danger, mediation.Left: ui.Neutral,
}

func (p *Pages) getApplicants(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	actor := access.From(ctx)
	l := ui.ReadList(r)
	list, total, err := p.Roster.Applicants(ctx, actor, l.Filter("window"), l.Page, l.Size)
	if err != nil {
		return err
	}
	windows, err := p.Roster.Windows(ctx, actor)
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	names := map[string]string{}
	options := []ui.Option{{Text: said(r, "mediation.state.all")}}
	for _, one := range windows {
		names[one.ID] = one.Title
		options = append(options, ui.Option{Value: one.ID, Text: one.Title, Selected: one.ID == l.Filter("window")})
	}
	v := ui.TableView{Caption: said(r, "roster.applicants.title"), List: l, Total: total, Empty: ui.Empty("inbox", said(r, "roster.applicants.none")), Columns: []ui.Column{
		{Title: said(r, "mediation.name")}, {Title: said(r, "mediation.languages")}, {Title: said(r, "roster.applicants.sent"), Spare: true}, {Title: said(r, "roster.applicants.judged"), Number: true}, {Title: said(r, "mediation.state")},
	}}
	for _, a := range list {
		judged := strconv.Itoa(a.Judged)
		if a.Shown {
			judged += " · " + said(r, "roster.points.mean", "n", words.Decimal(a.Mean, 1))
		}
		sent := ui.Cell{Text: momentOf(words, a.Sent)}
		if !a.Confirmed {
			sent.Small = said(r, "roster.applicants.unconfirmed")
		}
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{
			{Text: a.Entry.Name, Href: web.Path(ctx, filePath+a.Entry.ID), Small: names[a.Window]}, {Text: tonguesOf(words, a.Entry.Languages)}, sent, {Text: judged},
			{Body: ui.Status(standingLevels[a.Entry.Standing], said(r, "mediation.standing."+string(a.Entry.Standing)))},
		}})
	}
	head := ui.OfficeHead{Title: said(r, "roster.applicants.title"), Lead: said(r, "roster.applicants.lead"), Crumbs: []ui.Link{link(ctx, "roster.applicants.title", "")}, Actions: applicantActions()}
	filters := []ui.SelectView{{ID: "filter-window", Name: "window", Label: said(r, "roster.window.one"), Options: options}}
	return p.show(w, r, http.StatusOK, head, applicantsPage(ui.FilterView{List: l, Open: true}, filters, v))
}

// fileView is all that is known of an entry by those who decide about it.
type fileView struct {
	form
	roster.File
	Names    map[string]string // of accounts
	Own      roster.Points     // of the actor
	Judge    ui.Mistakes
	Paper    ui.Mistakes
	Decision ui.Mistakes
}

func (p *Pages) getFile(w http.ResponseWriter, r *http.Request) error {
	return p.showFile(w, r, http.StatusOK, fileView{form: emptyForm(r)})
}

func (p *Pages) showFile(w http.ResponseWriter, r *http.Request, status int, v fileView) error {
	ctx := r.Context()
	actor := access.From(ctx)
	f, err := p.Roster.Open(ctx, actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	v.File, v.Names = f, map[string]string{}
	for _, one := range f.Points {
		v.Names[one.Account] = p.Name(ctx, one.Account)
		if one.Account == actor.Account {
			v.Own = one
		}
	}
	for _, d := range f.Decisions {
		if d.Account != "" {
			v.Names[d.Account] = p.Name(ctx, d.Account)
		}
	}
	if v.typed.Get("day") == "" {
		v.typed.Set("day", calendar.DayOf(p.Clock(), calendar.Rome()).String())
	}
	head := ui.OfficeHead{
		Title: f.Entry.Name, Badge: ui.Status(standingLevels[f.Entry.Standing], said(r, "mediation.standing."+string(f.Entry.Standing))), Active: applicants,
		Crumbs: []ui.Link{link(ctx, "roster.applicants.title", applicants), {Text: f.Entry.Name}}, Actions: fileActions(f.Entry.ID),
	}
	return p.show(w, r, status, head, filePage(v))
}

func (p *Pages) postPoints(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	var points []int
	for i := range min(f.number("criteria"), 50) {
		n, bad := strconv.Atoi(f.text("points." + strconv.Itoa(i)))
		if bad != nil {
			n = -1 // refused, as it is no number of points
		}
		points = append(points, n)
	}
	err = p.Roster.Judge(r.Context(), access.From(r.Context()), r.PathValue("id"), points, f.text("notes"))
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showFile(w, r, http.StatusUnprocessableEntity, fileView{form: f, Judge: m})
	}
	return p.didFile(w, r, err, "roster.points.saved")
}

func (p *Pages) postDecide(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	err = p.Roster.Decide(r.Context(), access.From(r.Context()), r.PathValue("id"), f.version(), roster.Decision{
		Kind: roster.Kind(f.text("kind")), Number: f.text("number"), Day: f.day("day"), Until: f.day("until"), Due: f.day("due"), Reason: f.text("reason"),
	})
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showFile(w, r, http.StatusUnprocessableEntity, fileView{form: f, Decision: m})
	}
	return p.didFile(w, r, err, "roster.decide.saved")
}

// sentFiles are the files of the fields paper, each with its kind beside it.
func sentFiles(r *http.Request, kind func(field string) string) (list []roster.Sent, close func()) {
	var files []multipart.File
	close = func() {
		for _, f := range files {
			_ = f.Close()
		}
	}
	if r.MultipartForm == nil {
		return nil, close
	}
	for i := range roster.MostSent {
		field := "paper" + strconv.Itoa(i)
		for _, header := range r.MultipartForm.File[field] {
			if header.Size == 0 && header.Filename == "" {
				continue
			}
			f, err := header.Open()
			if err != nil {
				continue // gone from the disk: it is asked for again
			}
			files = append(files, f)
			list = append(list, roster.Sent{Field: field, Kind: kind(field), Source: f})
		}
	}
	return list, close
}

func (p *Pages) postPapers(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	sent, done := sentFiles(r, func(field string) string { return f.text("kind." + field) })
	defer done()
	err = p.Roster.AddPapers(r.Context(), access.From(r.Context()), r.PathValue("id"), sent)
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showFile(w, r, http.StatusUnprocessableEntity, fileView{form: f, Paper: m})
	}
	return p.didFile(w, r, err, "roster.paper.saved")
}

func (p *Pages) didFile(w http.ResponseWriter, r *http.Request, err error, key string) error {
	if fault.Is(err, fault.KindConflict) {
		ui.Flash(w, r, ui.Warning, "roster.changed", 1)
		return web.Redirect(w, r, web.Path(r.Context(), filePath+r.PathValue("id")))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, key, 1)
	return web.Redirect(w, r, web.Path(r.Context(), filePath+r.PathValue("id")))
}

// getPaper hands a paper out to be kept, never to be shown: nothing that somebody sent runs on our pages.
func (p *Pages) getPaper(w http.ResponseWriter, r *http.Request) error {
	paper, content, err := p.Roster.ReadPaper(r.Context(), access.From(r.Context()), r.PathValue("id"), r.PathValue("paper"))
	if err != nil {
		return err
	}
	return web.Attachment(w, paper.Media, paper.Kind+"-"+paper.ID+roster.Ending(paper.Media), content)
}

func (p *Pages) getData(w http.ResponseWriter, r *http.Request) error {
	return p.handData(w, r.Context(), r.PathValue("id"))
}

// getOwnData hands mediators what is kept about them.
func (p *Pages) getOwnData(w http.ResponseWriter, r *http.Request) error {
	m, err := p.Mediation.OwnEntry(r.Context(), access.From(r.Context()))
	if err != nil {
		return err
	}
	return p.handData(w, r.Context(), m.ID)
}

func (p *Pages) handData(w http.ResponseWriter, ctx context.Context, id string) error {
	file, err := p.Roster.Export(ctx, access.From(ctx), id)
	if err != nil {
		return err
	}
	return web.Attachment(w, "application/zip", "dati.zip", file)
}

func (p *Pages) getErase(w http.ResponseWriter, r *http.Request) error {
	return p.showErase(w, r, http.StatusOK, emptyForm(r))
}

func (p *Pages) showErase(w http.ResponseWriter, r *http.Request, status int, f form) error {
	ctx := r.Context()
	file, err := p.Roster.Open(ctx, access.From(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	here := filePath + file.Entry.ID
	reason := f.helped(f.required(f.field("reason", "roster.erase.why")), "roster.erase.why_help")
	head := ui.OfficeHead{Title: said(r, "roster.erase.title"), Narrow: true, Active: applicants, Crumbs: []ui.Link{link(ctx, "roster.applicants.title", applicants), {Text: file.Entry.Name, Href: web.Path(ctx, here)}, link(ctx, "roster.erase.title", "")}}
	return p.show(w, r, status, head, ui.Confirm(ui.ConfirmView{
		Action: ui.Href(ctx, here+"/erase"), Question: said(r, "roster.erase.question", "name", file.Entry.Name), Errors: f.Mistakes.Summary(""), Reason: &reason,
		Effects: []string{said(r, "roster.erase.gone"), said(r, "roster.erase.stays"), said(r, "roster.erase.ever")}, Button: said(r, "roster.erase.title"), Cancel: ui.Href(ctx, here),
	}))
}

func (p *Pages) postErase(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := readForm(r)
	if err != nil {
		return err
	}
	err = p.Roster.Erase(ctx, access.From(ctx), r.PathValue("id"), f.text("reason"))
	if f.again(r, err) {
		return p.showErase(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "roster.erase.done", 1)
	return web.Redirect(w, r, web.Path(ctx, rosterPath))
}
