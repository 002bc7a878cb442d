// SPDX-License-Identifier: EUPL-1.2

package mediationweb

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

const rosterPath = "/office/mediation/roster"

var standingLevels = map[mediation.Standing]ui.Level{
	mediation.Applied: ui.Warning, mediation.Listed: ui.Success, mediation.Refused: ui.Neutral, mediation.Suspended: ui.Danger, mediation.Left: ui.Neutral,
}

func (p *Pages) getRoster(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l := ui.ReadList(r)
	list, total, err := p.Mediation.Roster(ctx, access.From(ctx), mediation.RosterQuery{Text: l.Filter("text"), Language: l.Filter("language"), Standing: mediation.Standing(l.Filter("standing")), Page: l.Page, Size: l.Size})
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := ui.TableView{
		Caption: said(r, "mediation.roster.title"), List: l, Total: total, Empty: ui.Empty("user", said(r, "mediation.roster.none")),
		Columns: []ui.Column{{Title: said(r, "mediation.name")}, {Title: said(r, "mediation.languages")}, {Title: said(r, "mediation.home"), Spare: true}, {Title: said(r, "mediation.skills"), Spare: true}, {Title: said(r, "mediation.state")}},
	}
	for _, m := range list {
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{
			{Text: m.Name, Href: web.Path(ctx, rosterPath+"/"+m.ID), Small: said(r, "mediation.section."+string(m.Section))},
			{Text: tonguesOf(words, m)}, {Text: comuneOf(m.Home)}, {Text: skillsOf(words, m)},
			{Body: ui.Status(standingLevels[m.Standing], said(r, "mediation.standing."+string(m.Standing)))},
		}})
	}
	head := ui.OfficeHead{Title: said(r, "mediation.roster.title"), Lead: said(r, "mediation.roster.lead"), Crumbs: []ui.Link{{Text: said(r, "mediation.menu.roster")}}}
	if p.Guard.May(access.From(ctx), "mediation.roster.edit") {
		head.Actions = rosterActions()
	}
	return p.show(w, r, http.StatusOK, head, requestsPage(ui.FilterView{List: l, Open: true}, rosterFilters(words, l), v))
}

func rosterFilters(w lang.Words, l ui.List) []ui.SelectView {
	tongues := []ui.Option{{Text: w.Text("mediation.language.all")}}
	for _, code := range mediation.Tongues(w.Lang()) {
		tongues = append(tongues, ui.Option{Value: code, Text: lang.Name(w.Lang(), code), Selected: l.Filter("language") == code})
	}
	standings := []ui.Option{{Text: w.Text("mediation.state.all")}}
	for _, s := range mediation.Standings {
		standings = append(standings, ui.Option{Value: string(s), Text: w.Text("mediation.standing." + string(s)), Selected: l.Filter("standing") == string(s)})
	}
	return []ui.SelectView{
		{ID: "filter-language", Name: "language", Label: w.Text("mediation.language"), Options: tongues},
		{ID: "filter-standing", Name: "standing", Label: w.Text("mediation.state"), Options: standings},
	}
}

func tonguesOf(w lang.Words, m mediation.Mediator) string {
	var list []string
	for _, l := range m.Languages {
		text := lang.Name(w.Lang(), l.Code)
		if l.Dialect != "" {
			text += " (" + l.Dialect + ")"
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

func skillsOf(w lang.Words, m mediation.Mediator) string {
	var list []string
	for _, s := range m.Skills {
		list = append(list, w.Text("mediation.skill."+s.Code))
	}
	return strings.Join(list, ", ")
}

// mediatorView is the page of one entry of the roster.
type mediatorView struct {
	mediation.Mediator
	words lang.Words
	Edits bool
}

func (p *Pages) getMediator(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	m, err := p.Mediation.Mediator(ctx, access.From(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := mediatorView{Mediator: m, words: web.Words(ctx), Edits: p.Mediation.Keeps(ctx, access.From(ctx), m)}
	head := ui.OfficeHead{
		Title: m.Name, Badge: ui.Status(standingLevels[m.Standing], said(r, "mediation.standing."+string(m.Standing))),
		Crumbs: []ui.Link{{Text: said(r, "mediation.menu.roster"), Href: web.Path(ctx, rosterPath)}, {Text: m.Name}},
	}
	if v.Edits {
		head.Actions = entryActions(m.ID)
	}
	return p.show(w, r, http.StatusOK, head, mediatorPage(v))
}

// rosterForm is the form of an entry.
type rosterForm struct {
	requestForm
	ID, Version string
	Accounts    map[string]string
}

// languageRows is how many languages the form has rows for, at least; one more than are filled in.
const languageRows = 3

func (p *Pages) getMediatorForm(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f := rosterForm{requestForm: requestForm{words: web.Words(ctx), typed: url.Values{"standing": {"listed"}, "section": {"mediator"}, "modes": {"in_person", "video", "phone"}}}}
	title := said(r, "mediation.roster.add")
	if id := r.PathValue("id"); id != "" {
		m, err := p.Mediation.Mediator(ctx, access.From(ctx), id)
		if err != nil {
			return err
		}
		if !p.Mediation.Keeps(ctx, access.From(ctx), m) {
			return access.Missing()
		}
		f.typed, f.ID, f.Version, title = typedMediator(m), m.ID, strconv.FormatInt(m.Version, 10), m.Name
	}
	return p.showMediatorForm(w, r, http.StatusOK, title, f)
}

func (p *Pages) showMediatorForm(w http.ResponseWriter, r *http.Request, status int, title string, f rosterForm) (err error) {
	ctx := r.Context()
	if f.Accounts, err = p.Mediation.OwnAccounts(ctx, access.From(ctx)); err != nil {
		return err
	}
	head := ui.OfficeHead{Title: title, Crumbs: []ui.Link{{Text: said(r, "mediation.menu.roster"), Href: web.Path(ctx, rosterPath)}, {Text: title}}}
	return p.show(w, r, status, head, mediatorFormPage(f))
}

func (p *Pages) postMediator(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	typed, err := formOf(r)
	if err != nil {
		return err
	}
	f := rosterForm{requestForm: typed, ID: r.PathValue("id"), Version: typed.text("version")}
	old := mediation.Mediator{}
	if f.ID != "" {
		if old, err = p.Mediation.Mediator(ctx, access.From(ctx), f.ID); err != nil {
			return err
		}
	}
	m, err := f.mediator(r, old)
	if err == nil {
		m, err = p.Mediation.Enlist(ctx, access.From(ctx), m)
	}
	if mistakes, ok := ui.MistakesOf(r, err); err != nil && ok {
		f.Mistakes = mistakes
		return p.showMediatorForm(w, r, http.StatusUnprocessableEntity, cmp.Or(f.text("name"), said(r, "mediation.roster.add")), f)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "mediation.roster.saved", 1)
	return web.Redirect(w, r, web.Path(ctx, rosterPath+"/"+m.ID))
}

// typedMediator writes an entry into the fields of the form.
func typedMediator(m mediation.Mediator) url.Values {
	t := url.Values{
		"name": {m.Name}, "section": {string(m.Section)}, "standing": {string(m.Standing)}, "gender": {m.Gender}, "account": {m.Account},
		"comune": {comuneOf(m.Home)}, "phone": {m.Contact.Phone}, "employer": {m.Employer}, "shown": {string(m.Shown)}, "informed": {m.Informed.String()}, "agreed": {m.Agreed.String()}, "mail": {m.Contact.Mail}, "tax_code": {m.Contact.TaxCode}, "remarks": {m.Remarks},
		"range": {blank(m.Range)}, "day": {hoursText(m.Limits.DayMinutes)}, "week": {hoursText(m.Limits.WeekMinutes)}, "notice": {blank(int(m.Limits.Notice.Hours()))},
	}
	for _, mode := range m.Modes {
		t.Add("modes", string(mode))
	}
	for _, s := range m.Skills {
		t.Add("skills", s.Code)
		t.Set("evidence."+s.Code, s.Evidence)
		t.Set("until."+s.Code, s.Until.String())
	}
	for _, r := range m.Rates {
		t.Set("rate."+string(r.Mode), strings.Replace(fmt.Sprintf("%.2f", float64(r.Cents)/100), ".", ",", 1))
	}
	for i, l := range m.Languages {
		n := strconv.Itoa(i)
		t.Set("language."+n, l.Code)
		t.Set("level."+n, l.Level)
		t.Set("dialect."+n, l.Dialect)
		t.Set("direction."+n, string(l.Direction))
		if l.Written {
			t.Set("reads."+n, "1")
		}
	}
	var areas []string
	for _, a := range m.Areas {
		areas = append(areas, network.Territories().RefName(a))
	}
	t.Set("areas", strings.Join(areas, ", "))
	for name, on := range map[string]bool{"asks": m.Asks, "own": m.Own} {
		if on {
			t.Set(name, "1")
		}
	}
	maps.Copy(t, mediation.TypedWeek(m.Hours))
	return t
}

// mediator reads the form; what it does not ask for stays as it was.
func (f rosterForm) mediator(r *http.Request, m mediation.Mediator) (mediation.Mediator, error) {
	m.Version, _ = strconv.ParseInt(f.Version, 10, 64) // what is none is told apart from every version
	m.ID, m.Name, m.Section, m.Gender, m.Account = f.ID, f.text("name"), mediation.Section(f.text("section")), f.text("gender"), f.text("account")
	m.Own, m.Employer, m.Shown = f.text("own") != "", f.text("employer"), mediation.Shown(f.text("shown"))
	if f.ID == "" {
		m.Standing, m.Act.Number = mediation.Standing(f.text("standing")), f.text("act")
	}
	m.Contact = mediation.Contact{Phone: f.text("phone"), Mail: f.text("mail"), TaxCode: strings.ToUpper(f.text("tax_code"))}
	m.Remarks, m.Asks = f.text("remarks"), f.text("asks") != ""
	place, err := f.place()
	if err != nil {
		return m, err
	}
	m.Home = place
	m.Modes, m.Rates = nil, nil
	for _, mode := range f.typed["modes"] {
		m.Modes = append(m.Modes, mediation.Mode(mode))
	}
	if m.Rates, err = f.rates(); err != nil {
		return m, err
	}
	m.Languages = f.tongues()
	if err := f.days(&m); err != nil {
		return m, err
	}
	if m.Areas, err = f.areas(); err != nil {
		return m, err
	}
	if err := f.limits(&m); err != nil {
		return m, err
	}
	m.Hours, err = mediation.ReadWeek(f.typed, m.Hours)
	return m, err
}

func (f rosterForm) rates() (list []mediation.Rate, err error) {
	for _, mode := range mediation.Modes {
		text := strings.Replace(f.text("rate."+string(mode)), ",", ".", 1)
		if text == "" {
			continue
		}
		euros, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(euros) || euros < 0 || euros > 1000 {
			return nil, fault.Invalid("rates", "mediation.mediator.rate")
		}
		list = append(list, mediation.Rate{Mode: mode, Cents: int64(math.Round(euros * 100))})
	}
	return list, nil
}

// rows is how many languages were typed, with one more to add.
func (f rosterForm) rows() int {
	n := 0
	for i := range 20 {
		if f.text("language."+strconv.Itoa(i)) != "" {
			n = i + 1
		}
	}
	return max(n+1, languageRows)
}

func (f rosterForm) tongues() (list []mediation.Language) {
	for i := range 20 {
		n := strconv.Itoa(i)
		if code := f.text("language." + n); code != "" {
			list = append(list, mediation.Language{Code: code, Level: f.text("level." + n), Dialect: f.text("dialect." + n), Direction: mediation.Direction(f.text("direction." + n)), Written: f.text("reads."+n) != ""})
		}
	}
	return list
}

// days reads what holds from a day or until one: evidence of skills, consents, the act.
func (f rosterForm) days(m *mediation.Mediator) error {
	var wrong []error
	day := func(name string) calendar.Day {
		text := f.text(name)
		if text == "" {
			return 0
		}
		d, err := calendar.ParseDay(text)
		if err != nil {
			wrong = append(wrong, fault.Invalid(name, "mediation.mediator.day"))
		}
		return d
	}
	m.Skills = nil
	for _, code := range f.typed["skills"] {
		m.Skills = append(m.Skills, mediation.Skill{Code: code, Evidence: f.text("evidence." + code), Until: day("until." + code)})
	}
	m.Informed, m.Agreed = day("informed"), day("agreed")
	if f.ID == "" {
		m.Act.Day, m.Expires = day("act_day"), day("expires")
	}
	return errors.Join(wrong...)
}

func (f rosterForm) areas() (list []network.Ref, err error) {
	for part := range strings.SplitSeq(f.text("areas"), ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		ref, err := network.ParseRef(string(network.RefNamed(part)))
		if err != nil {
			return nil, fault.Invalid("areas", "mediation.mediator.area")
		}
		list = append(list, ref)
	}
	return list, nil
}

func (f rosterForm) limits(m *mediation.Mediator) error {
	var err error
	read := func(name string, most int) int {
		text := f.text(name)
		if text == "" {
			return 0
		}
		n, bad := strconv.Atoi(text)
		if bad != nil || n < 0 || n > most {
			err = fault.Invalid(name, "mediation.mediator.number", "most", most)
		}
		return n
	}
	m.Range = read("range", 2000)
	m.Limits.DayMinutes, m.Limits.WeekMinutes, m.Limits.Notice = read("day", 24)*60, read("week", 100)*60, time.Duration(read("notice", 720))*time.Hour
	return err
}

func (f rosterForm) select1(name, label string, options ...ui.Option) ui.SelectView {
	for i := range options {
		options[i].Selected = options[i].Value == f.text(name)
	}
	return ui.SelectView{ID: name, Name: name, Label: f.words.Text(label), Error: f.Mistakes.Of(name), Options: options}
}

func (f rosterForm) account() ui.SelectView {
	options := []ui.Option{{Text: f.words.Text("mediation.account.none")}}
	for _, id := range slices.SortedFunc(maps.Keys(f.Accounts), func(a, b string) int { return strings.Compare(f.Accounts[a], f.Accounts[b]) }) {
		options = append(options, ui.Option{Value: id, Text: f.Accounts[id]})
	}
	v := f.select1("account", "mediation.account", options...)
	v.Help = f.words.Text("mediation.account.help")
	return v
}

func blank(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func hoursText(minutes int) string { return blank(minutes / 60) }
