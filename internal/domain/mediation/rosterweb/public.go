// SPDX-License-Identifier: EUPL-1.2

package rosterweb

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/roster"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/sheet"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// publicView is the page for everybody: where one may apply, and who is listed.
type publicView struct {
	words   lang.Words
	Windows []windowCard
	Lists   []roster.PublicList
}

type windowCard struct {
	roster.Window
	Body string
	Open bool
}

func (p *Pages) getPublic(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	windows, err := p.Roster.OpenWindows(ctx)
	if err != nil {
		return err
	}
	names, err := p.bodyNames(ctx)
	if err != nil {
		return err
	}
	v := publicView{words: web.Words(ctx)}
	today := calendar.DayOf(p.Clock(), calendar.Rome())
	for _, one := range windows {
		v.Windows = append(v.Windows, windowCard{Window: one, Body: names[one.Member], Open: one.Open(today)})
	}
	if v.Lists, err = p.Roster.Published(ctx); err != nil {
		return err
	}
	head := ui.Head{Title: said(r, "roster.public.title"), Description: said(r, "roster.public.lead"), Crumbs: []ui.Link{{Text: said(r, "roster.public.title")}}}
	return web.Render(w, r, http.StatusOK, p.Site.Page(r, head, publicPage(v)))
}

// applyForm is the form of somebody who applies.
type applyForm struct {
	form
	Window roster.Window
	Body   string
	Rows   int // of languages
}

// tongueRows is how many languages one may write without asking for more.
const tongueRows = 4

func (p *Pages) getApply(w http.ResponseWriter, r *http.Request) error {
	f := applyForm{form: emptyForm(r), Rows: tongueRows}
	for _, m := range []mediation.Mode{mediation.InPerson, mediation.Video, mediation.Phone} {
		f.typed.Add("modes", string(m))
	}
	return p.showApply(w, r, http.StatusOK, f)
}

func (p *Pages) showApply(w http.ResponseWriter, r *http.Request, status int, f applyForm) (err error) {
	ctx := r.Context()
	if f.Window, err = p.Roster.OpenWindow(ctx, r.PathValue("id")); err != nil {
		return err
	}
	names, err := p.bodyNames(ctx)
	if err != nil {
		return err
	}
	f.Body = names[f.Window.Member]
	web.NoStore(w)
	head := ui.Head{Title: said(r, "roster.apply.title"), NoIndex: true, Crumbs: []ui.Link{link(ctx, "roster.public.title", "/mediators"), {Text: said(r, "roster.apply.title")}}}
	return web.Render(w, r, status, p.Site.Page(r, head, applyPage(f)))
}

func (p *Pages) postApplication(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := p.senders.Allow(w, r); err != nil {
		return err
	}
	typed, err := readForm(r)
	if fault.Is(err, fault.KindTooLarge) { // what was typed came with it, and is lost: nothing was read
		f := applyForm{form: typed, Rows: tongueRows}
		f.again(r, err)
		return p.showApply(w, r, http.StatusRequestEntityTooLarge, f)
	} else if err != nil {
		return err
	}
	f := applyForm{form: typed, Rows: tongueRows}
	a, rows, err := ReadApplication(f.typed)
	a.Window, a.Language, f.Rows = r.PathValue("id"), web.Lang(ctx), max(f.Rows, rows)
	sent, done := sentFiles(r, func(field string) string { return f.text("kind." + field) })
	defer done()
	a.Papers = sent
	if bad := p.weigh(w, r); bad != nil {
		f.again(r, bad)
		return p.showApply(w, r, http.StatusTooManyRequests, f)
	}
	if err == nil {
		err = a.Check()
	}
	if err == nil && p.taken.Spend(w, r, anHour) != nil {
		f.again(r, fault.Invalid("mail", "roster.apply.often"))
		return p.showApply(w, r, http.StatusTooManyRequests, f)
	}
	if err == nil {
		err = p.Roster.Apply(ctx, a)
	}
	if f.again(r, err) {
		return p.showApply(w, r, http.StatusUnprocessableEntity, f)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, web.Path(ctx, "/mediators/sent"))
}

// weigh counts the papers of a form against what one sender may send in a day. Faults: Invalid.
func (p *Pages) weigh(w http.ResponseWriter, r *http.Request) error {
	if r.MultipartForm == nil {
		return nil
	}
	n := int64(0)
	for _, files := range r.MultipartForm.File {
		for _, header := range files {
			n += header.Size
		}
	}
	if err := p.bytes.Spend(w, r, n); err != nil {
		return fault.Invalid("papers", "roster.paper.day").Because(err)
	}
	return nil
}

// ReadApplication reads the fields of the form of who applies, without papers. rows is how many rows of languages it
// takes to show them again. Faults: Invalid by field.
func ReadApplication(typed url.Values) (a roster.Applying, rows int, err error) {
	f := form{typed: typed}
	a = roster.Applying{Informed: f.text("informed") != "", Statement: roster.Statement{Experience: f.text("experience"), Training: f.text("training")}}
	m := &a.Entry
	m.Name, m.Gender, m.Own, m.Employer, m.Shown = f.text("name"), f.text("gender"), f.text("own") != "", f.text("employer"), mediation.Shown(f.text("shown"))
	m.Contact = mediation.Contact{Mail: f.text("mail"), Phone: f.text("phone"), TaxCode: strings.ToUpper(f.text("tax_code"))}
	for i := range 20 {
		n := strconv.Itoa(i)
		if code := f.text("language." + n); code != "" {
			m.Languages = append(m.Languages, mediation.Language{Code: code, Level: f.text("level." + n), Dialect: f.text("dialect." + n), Direction: mediation.Direction(f.text("direction." + n)), Written: f.text("written."+n) != ""})
			rows = i + 1
		}
	}
	for _, mode := range f.typed["modes"] {
		m.Modes = append(m.Modes, mediation.Mode(mode))
	}
	for _, s := range f.typed["skills"] {
		m.Skills = append(m.Skills, mediation.Skill{Code: s})
	}
	place, err := f.place()
	m.Home = mediation.Place{Comune: place.Comune, Point: place.Point}
	return a, rows, err
}

func (p *Pages) getSent(w http.ResponseWriter, r *http.Request) error {
	head := ui.Head{Title: said(r, "roster.sent.title"), NoIndex: true}
	return web.Render(w, r, http.StatusOK, p.Site.Page(r, head, sentPage()))
}

// followView is the page behind the link of a letter.
type followView struct {
	form
	roster.Following
	Secret string
	Done   string // what was done just now
}

func (p *Pages) getFollow(w http.ResponseWriter, r *http.Request) error {
	return p.showFollow(w, r, http.StatusOK, followView{form: emptyForm(r), Done: r.FormValue("done")})
}

func (p *Pages) showFollow(w http.ResponseWriter, r *http.Request, status int, v followView) (err error) {
	v.Secret = r.PathValue("secret")
	if v.Following, err = p.Roster.Follow(r.Context(), v.Secret); err != nil {
		return err
	}
	web.NoStore(w)
	head := ui.Head{Title: said(r, "roster.follow.title"), NoIndex: true, Sensitive: true}
	return web.Render(w, r, status, p.Site.Page(r, head, followPage(v)))
}

func (p *Pages) postFollow(w http.ResponseWriter, r *http.Request) error {
	ctx, secret := r.Context(), r.PathValue("secret")
	if err := p.senders.Allow(w, r); err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		if f.again(r, err) {
			return p.showFollow(w, r, http.StatusRequestEntityTooLarge, followView{form: f})
		}
		return err
	}
	if bad := p.weigh(w, r); bad != nil {
		f.again(r, bad)
		return p.showFollow(w, r, http.StatusTooManyRequests, followView{form: f})
	}
	do := f.text("do")
	switch do {
	case "confirm":
		err = p.Roster.Confirm(ctx, secret)
	case "complete":
		sent, done := sentFiles(r, func(field string) string { return f.text("kind." + field) })
		err = p.Roster.Complete(ctx, secret, f.text("more"), sent)
		done()
	case "withdraw":
		err = p.Roster.Withdraw(ctx, secret)
	case "appeal":
		err = p.Roster.AppealBy(ctx, secret, f.text("reason"))
	default:
		return fault.Invalid("", "mediation.form")
	}
	switch {
	case f.again(r, err):
		return p.showFollow(w, r, http.StatusUnprocessableEntity, followView{form: f})
	case fault.Is(err, fault.KindConflict):
		do = "late"
	case err != nil:
		return err
	}
	return web.Redirect(w, r, web.Path(ctx, "/mediators/follow/"+secret)+"?done="+do)
}

// doneKeys are what the page says after something was done.
var doneKeys = map[string]string{
	"confirm": "roster.follow.confirmed", "complete": "roster.follow.completed", "withdraw": "roster.follow.withdrawn", "appeal": "roster.follow.appealed", "late": "roster.follow.late",
}

// openEntry is an entry of the open data.
type openEntry struct {
	Body      string   `json:"body"`
	BodyName  string   `json:"body_name"`
	Name      string   `json:"name,omitempty"`
	Code      string   `json:"code,omitempty"`
	Section   string   `json:"section"`
	Languages []string `json:"languages"`
	Act       string   `json:"act"`
	ActDate   string   `json:"act_date,omitempty"`
	Until     string   `json:"until,omitempty"`
	Rule      string   `json:"rule"`
	RuleURL   string   `json:"rule_url,omitempty"`
}

func (p *Pages) openData(r *http.Request) ([]openEntry, error) {
	lists, err := p.Roster.Published(r.Context())
	if err != nil {
		return nil, err
	}
	data := []openEntry{}
	for _, l := range lists {
		for _, e := range l.List {
			one := openEntry{Body: l.Body, BodyName: l.Name, Section: string(e.Section), Act: e.Act.Number, ActDate: e.Act.Day.String(), Until: e.Expires.String(), Rule: l.Rule, RuleURL: l.URL}
			if one.Name = e.Name; !e.Named {
				one.Name, one.Code = "", e.Name
			}
			for _, t := range e.Languages {
				one.Languages = append(one.Languages, t.Code)
			}
			data = append(data, one)
		}
	}
	return data, nil
}

func (p *Pages) getJSON(w http.ResponseWriter, r *http.Request) error {
	if err := p.readers.Allow(w, r); err != nil {
		return err
	}
	data, err := p.openData(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	return json.NewEncoder(w).Encode(map[string]any{"mediators": data})
}

func (p *Pages) getCSV(w http.ResponseWriter, r *http.Request) error {
	if err := p.readers.Allow(w, r); err != nil {
		return err
	}
	data, err := p.openData(r)
	if err != nil {
		return err
	}
	rows := [][]string{{"ente", "nome_ente", "nome", "codice", "sezione", "lingue", "atto", "data_atto", "fino_al", "regola", "indirizzo_regola"}}
	for _, e := range data {
		rows = append(rows, []string{e.Body, e.BodyName, e.Name, e.Code, e.Section, strings.Join(e.Languages, " "), e.Act, e.ActDate, e.Until, e.Rule, e.RuleURL})
	}
	var b bytes.Buffer
	if err := sheet.CSV(&b, rows); err != nil {
		return err
	}
	w.Header().Set("Content-Type", sheet.CSVType)
	w.Header().Set("Content-Disposition", `attachment; filename="mediatori.csv"`)
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(b.Bytes()) // the reader has gone: nothing to be done
	return nil
}
