// SPDX-License-Identifier: EUPL-1.2

package officeweb

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// headOf is the head of a page of one service.
func (p *Pages) headOf(r *http.Request, id, name, part string, badge templ.Component) ui.OfficeHead {
	head := ui.OfficeHead{Title: name, Lang: "it", Badge: badge, Active: "/office/services", Tabs: p.tabs(r, id, part),
		Crumbs: []ui.Link{{Text: text(r, "census.menu.services"), Href: path(r.Context())}, {Text: name}}}
	if part != "" {
		head.Help = "census.help." + part
	}
	return head
}

// translationLevel is how good a state is.
func translationLevel(state string) ui.Level {
	switch state {
	case directory.TranslationUpToDate:
		return ui.Success
	case directory.TranslationOutdated, directory.TranslationMachine:
		return ui.Warning
	case directory.TranslationDraft:
		return ui.Info
	}
	return ui.Neutral
}

type languagesView struct{ Table ui.TableView }

// getLanguages lists the languages of one service with the state of each group.
func (p *Pages) getLanguages(w http.ResponseWriter, r *http.Request) error {
	ctx, actor, id := r.Context(), access.From(r.Context()), r.PathValue("id")
	words := web.Words(ctx)
	v := languagesView{ui.TableView{Plain: true, Caption: text(r, "census.tab.translations"), Columns: []ui.Column{{Title: text(r, "census.col.language")}}}}
	for _, group := range directory.Groups {
		v.Table.Columns = append(v.Table.Columns, ui.Column{Title: text(r, "census.group."+group)})
	}
	v.Table.Columns = append(v.Table.Columns, ui.Column{Title: text(r, "census.col.words"), Number: true})
	name := ""
	for _, code := range lang.All {
		sheet, err := p.Directory.Sheet(ctx, actor, id, code)
		if fault.Is(err, fault.KindInvalid) {
			continue // the original language
		}
		if err != nil {
			return err
		}
		name = sheet.Name
		row := ui.Row{Cells: []ui.Cell{{Text: lang.Name(words.Lang(), code), Href: path(ctx, id, "translations", code)}}}
		left := 0
		for _, group := range directory.Groups {
			cell := ui.Cell{Text: "–"}
			for _, g := range sheet.Groups {
				if g.Group == group {
					cell = ui.Cell{Body: ui.Status(translationLevel(g.State), words.Text("census.translation."+g.State))}
					if g.State != directory.TranslationUpToDate {
						left += wordsOf(g)
					}
				}
			}
			row.Cells = append(row.Cells, cell)
		}
		row.Cells = append(row.Cells, ui.Cell{Text: words.Number(left)})
		v.Table.Rows = append(v.Table.Rows, row)
	}
	return p.show(w, r, http.StatusOK, p.headOf(r, id, name, "translations", nil), languagesPage(v))
}

func wordsOf(g directory.SheetGroup) int {
	n := 0
	for _, f := range g.Fields {
		n += lang.Measure(f.Source).Words
	}
	return n
}

// sheetView is a service beside its translation.
type sheetView struct {
	directory.Sheet
	mistakes map[string]ui.Mistakes // by group
	conflict map[string]string
	typed    map[string]map[string]string // what was typed, by group and field
	both     map[string]*ui.CompareView   // what others saved beside what was typed, by group
	words    lang.Words
}

// value is what stands in the field of a translation.
func (v sheetView) value(g directory.SheetGroup, f directory.SheetField) string {
	if typed, ok := v.typed[g.Group]; ok {
		return typed[f.Name]
	}
	return f.Text
}

// counts are the elements of a group that follow from what is saved, for the script.
func (v sheetView) counts(g directory.SheetGroup) string {
	names := make([]string, len(g.Fields))
	for i, f := range g.Fields {
		names[i] = "count/" + f.Name
	}
	return strings.Join(names, " ")
}

// letters is how many letters a translation has for one of an original in a language of letters, about.
var letters = map[string]float64{"zh": 0.35}

// count is what there is to say about the length of a text and how it reads.
type count struct {
	Words int
	Hints []string
	Index string // Gulpease, of Italian
	Hard  bool
}

// countOf measures a text; source is what it translates, "" for an original.
func (v sheetView) countOf(language, name, written, source string) count {
	m := lang.Measure(written)
	c := count{Words: m.Words}
	if index, ok := m.Gulpease(); ok && language == lang.Default && m.Words >= 8 {
		c.Index, c.Hard = strconv.Itoa(index), index < hardBelow
	}
	if source == "" || strings.TrimSpace(written) == "" {
		return c
	}
	size := utf8.RuneCountInString(written)
	if most := map[string]int{"name": directory.LongestName, "summary": directory.LongestSummary}[name]; most > 0 && size > most {
		c.Hints = append(c.Hints, v.words.Text("census.hint.cut", "n", size, "limit", most))
	}
	usual := 1.0
	if share := letters[language]; share > 0 {
		usual = share
	}
	switch ratio := float64(size) / (usual * float64(utf8.RuneCountInString(source))); {
	case utf8.RuneCountInString(source) < 40:
	case ratio > 2:
		c.Hints = append(c.Hints, v.words.Text("census.hint.longer"))
	case ratio < 0.4:
		c.Hints = append(c.Hints, v.words.Text("census.hint.shorter"))
	}
	return c
}

func (v sheetView) fieldLabel(name string) string { return label(v.words, name) }

func (p *Pages) getSheet(w http.ResponseWriter, r *http.Request) error {
	sheet, err := p.Directory.Sheet(r.Context(), access.From(r.Context()), r.PathValue("id"), r.PathValue("language"))
	if fault.Is(err, fault.KindInvalid) {
		return access.Missing()
	}
	if err != nil {
		return err
	}
	return p.sheet(w, r, http.StatusOK, sheetView{Sheet: sheet})
}

func (p *Pages) sheet(w http.ResponseWriter, r *http.Request, status int, v sheetView) error {
	v.words = web.Words(r.Context())
	head := p.headOf(r, v.ID, v.Name, "translations", nil)
	head.Lead = text(r, "census.translating", "language", lang.Name(v.words.Lang(), v.Language))
	head.Crumbs = append(head.Crumbs[:1], ui.Link{Text: v.Name, Href: path(r.Context(), v.ID)}, ui.Link{Text: text(r, "census.tab.translations"), Href: path(r.Context(), v.ID, "translations")}, ui.Link{Text: lang.Name(v.words.Lang(), v.Language)})
	return p.show(w, r, status, head, sheetPage(v))
}

// postSheet keeps or publishes one group. The script saves drafts while somebody types.
func (p *Pages) postSheet(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.Invalid("", "census.form").Because(err)
	}
	ctx, f := r.Context(), r.PostForm
	version, err := strconv.ParseInt(f.Get("version"), 10, 64)
	if err != nil {
		return fault.Invalid("", "census.form").Because(err)
	}
	request := directory.TranslationRequest{ID: r.PathValue("id"), Language: r.PathValue("language"), Group: f.Get("group"), Digest: f.Get("digest"), Version: version,
		Fields: map[string]string{}, Publish: f.Get("do") == "publish", Auto: f.Get("do") == ""}
	for name := range f {
		if field, ok := strings.CutPrefix(name, "t/"); ok {
			request.Fields[field] = f.Get(name)
		}
	}
	sheet, err := p.Directory.SaveTranslation(ctx, access.From(ctx), request)
	if request.Auto && web.WantsJSON(r) {
		return p.sheetSaved(w, r, sheet, request.Group, err)
	}
	switch {
	case err == nil:
		key := "census.done.translation_kept"
		if request.Publish {
			key = "census.done.translation_published"
		}
		ui.Flash(w, r, ui.Success, key, 1)
		return web.Redirect(w, r, path(ctx, request.ID, "translations", request.Language))
	case fault.Is(err, fault.KindConflict), fault.Is(err, fault.KindInvalid) && sheet.ID != "":
		v := sheetView{Sheet: sheet, mistakes: map[string]ui.Mistakes{}, conflict: map[string]string{}, typed: map[string]map[string]string{request.Group: request.Fields}}
		v.mistakes[request.Group], _ = ui.MistakesOf(r, err)
		if fault.Is(err, fault.KindConflict) {
			v.conflict[request.Group] = web.Say(r, fault.All(err)[0])
			v.both = map[string]*ui.CompareView{request.Group: bothOf(r, sheet, request)}
		}
		return p.sheet(w, r, statusOf(err), v)
	}
	return err
}

// bothOf sets what others saved beside what was typed; nil where they are the same.
func bothOf(r *http.Request, sheet directory.Sheet, request directory.TranslationRequest) *ui.CompareView {
	view := &ui.CompareView{Before: text(r, "census.theirs"), After: text(r, "census.mine")}
	for _, g := range sheet.Groups {
		for _, f := range g.Fields {
			one := ui.Compared{Name: "both-" + f.Name, Label: label(web.Words(r.Context()), f.Name), Before: f.Text, After: request.Fields[f.Name], Lang: request.Language}
			if g.Group == request.Group && one.Differs() {
				view.Fields = append(view.Fields, one)
			}
		}
	}
	if len(view.Fields) == 0 {
		return nil
	}
	return view
}

// sheetSaved answers the script.
func (p *Pages) sheetSaved(w http.ResponseWriter, r *http.Request, sheet directory.Sheet, group string, err error) error {
	switch {
	case fault.Is(err, fault.KindConflict):
		return web.JSON(w, r, http.StatusConflict, saved{Said: text(r, "census.auto_conflict")})
	case fault.Is(err, fault.KindInvalid):
		return web.JSON(w, r, http.StatusUnprocessableEntity, saved{Said: text(r, "census.auto_invalid")})
	case err != nil:
		return err
	}
	for _, g := range sheet.Groups {
		if g.Group == group {
			return web.JSON(w, r, http.StatusOK, saved{Version: strconv.FormatInt(g.Version, 10), Said: text(r, "census.autosaved", "time", web.Words(r.Context()).Time(p.now()))})
		}
	}
	return access.Missing()
}

// getTranslations is what translators have to do: by language, what is missing and what is out of date.
func (p *Pages) getTranslations(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	words := web.Words(ctx)
	v := ui.TableView{Plain: true, Caption: text(r, "census.menu.translations"), Columns: []ui.Column{
		{Title: text(r, "census.col.language")}, {Title: text(r, "census.col.lacks"), Number: true}, {Title: text(r, "census.col.outdated"), Number: true}}}
	for _, code := range lang.All {
		_, lacks, err := p.Directory.Summaries(ctx, actor, directory.SummaryFilter{Lacks: code, Size: 1})
		if err != nil {
			return err
		}
		_, outdated, err := p.Directory.Summaries(ctx, actor, directory.SummaryFilter{Outdated: code, Size: 1})
		if err != nil {
			return err
		}
		if lacks+outdated == 0 && code == lang.Default {
			continue
		}
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{{Text: lang.Name(words.Lang(), code)},
			{Text: words.Number(lacks), Href: path(ctx) + "?lacks=" + code}, {Text: words.Number(outdated), Href: path(ctx) + "?outdated=" + code}}})
	}
	head := ui.OfficeHead{Title: text(r, "census.menu.translations"), Crumbs: []ui.Link{{Text: text(r, "census.menu.translations")}}, Help: "census.help.translation_list"}
	return p.show(w, r, http.StatusOK, head, ui.Table(v))
}
