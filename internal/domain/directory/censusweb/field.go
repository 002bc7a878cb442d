// SPDX-License-Identifier: EUPL-1.2

package censusweb

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

var fieldLevels = map[string]ui.Level{census.FieldNew: ui.Warning, census.FieldAdopted: ui.Success, census.FieldDropped: ui.Neutral}

func (p *pages) getFields(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	l := ui.ReadList(r)
	list, total, err := p.Census.FieldReports(ctx, access.From(ctx), l.Filter("status"), l.Page, l.Size)
	if err != nil {
		return err
	}
	words := web.Words(ctx)
	v := ui.TableView{Caption: said(r, "field.title"), List: l, Total: total, Empty: ui.Empty("pin", said(r, "field.empty")), Columns: []ui.Column{
		{Title: said(r, "inbox.service")}, {Title: said(r, "field.where")}, {Title: said(r, "inbox.status")}, {Title: said(r, "field.received"), Spare: true}, {Title: said(r, "intake.who"), Spare: true},
	}}
	for _, one := range list {
		v.Rows = append(v.Rows, ui.Row{Cells: []ui.Cell{
			{Text: one.Name, Href: web.Path(ctx, "/office/field/"+one.ID), Small: needNames(words.Lang(), one.Needs)}, {Text: comuneName(one.Comune), Small: one.Address},
			{Body: ui.Status(fieldLevels[one.Status], said(r, "field.status."+one.Status))}, {Text: momentOf(words, one.ReceivedAt)}, {Text: p.name(ctx, one.Account)},
		}})
	}
	statuses := []ui.Option{{Value: "", Text: said(r, "inbox.all")}}
	for _, status := range census.FieldStatuses {
		statuses = append(statuses, ui.Option{Value: status, Text: said(r, "field.status."+status)})
	}
	head := ui.OfficeHead{
		Title: said(r, "field.title"), Lead: said(r, "field.lead"), Crumbs: []ui.Link{{Text: said(r, "field.menu")}}, Help: "field.help",
		Actions: ui.ButtonLink(ui.Primary, ui.Href(ctx, "/office/field/new"), said(r, "field.new"), ""),
	}
	return p.show(w, r, http.StatusOK, head, listPage(ui.FilterView{List: l}, []ui.SelectView{{ID: "filter-status", Name: "status", Label: said(r, "inbox.status"), Options: chosen(statuses, l.Filter("status"))}}, v))
}

func needNames(language string, codes []string) string {
	var names []string
	for _, code := range codes {
		if n, ok := need.ByCode(code); ok {
			names = append(names, n.Name(language))
		}
	}
	return strings.Join(names, "; ")
}

func comuneName(istat string) string {
	if c, ok := network.Territories().Comune(istat); ok {
		return c.Label()
	}
	return ""
}

// fieldForm is the form for the phone. It is a page of its own, small enough to be kept whole.
type fieldForm struct {
	ID       string
	Values   map[string]string
	Needs    []ui.Option
	Tongues  []ui.Option
	Mistakes ui.Mistakes
	Sent     bool
	Network  string // what it calls itself
}

// fieldTongues are the languages offered on the form, those most often spoken at desks.
var fieldTongues = []string{"it", "en", "fr", "es", "ar", "uk", "sq", "zh", "bn", "ur", "ro", "ru", "wo", "pa", "ti", "fa", "tr", "pt", "hi", "so"}

func (p *pages) getFieldForm(w http.ResponseWriter, r *http.Request) error {
	return p.showFieldForm(w, r, http.StatusOK, fieldForm{ID: db.NewID(), Values: map[string]string{}, Sent: r.FormValue("sent") != ""}, nil)
}

func (p *pages) showFieldForm(w http.ResponseWriter, r *http.Request, status int, v fieldForm, tongues []string) error {
	v.Network = p.Site.NameIn(r.Context())
	v.Needs = []ui.Option{{Value: "", Text: said(r, "field.choose")}}
	for _, n := range need.All() {
		if !n.Top() {
			v.Needs = append(v.Needs, ui.Option{Value: n.Code, Text: n.Name(web.Lang(r.Context())), Selected: n.Code == v.Values["need"]})
		}
	}
	for _, code := range fieldTongues {
		one := ui.Option{Value: code, Text: lang.NativeName(code), Lang: code}
		for _, t := range tongues {
			one.Selected = one.Selected || t == code
		}
		v.Tongues = append(v.Tongues, one)
	}
	return web.Render(w, r, status, fieldPage(v))
}

// readFound reads the form. A comune is written as people do: "Palermo", "Samone (TO)".
func readFound(r *http.Request) (census.Found, error) {
	f := census.Found{
		Name: r.FormValue("name"), Address: r.FormValue("address"), Hours: r.FormValue("hours"), Phone: r.FormValue("phone"), Note: r.FormValue("note"),
		Languages: r.Form["language"], SeenOn: r.FormValue("seen"),
	}
	if code := r.FormValue("need"); code != "" {
		f.Needs = []string{code}
	}
	if lat, err := strconv.ParseFloat(r.FormValue("lat"), 64); err == nil {
		if lon, err := strconv.ParseFloat(r.FormValue("lon"), 64); err == nil {
			f.Lat, f.Lon = &lat, &lon
		}
	}
	if name := strings.TrimSpace(r.FormValue("comune")); name != "" {
		name, sigla, _ := strings.Cut(strings.TrimSuffix(name, ")"), "(")
		for _, c := range network.Territories().ComuniNamed(strings.TrimSpace(name)) {
			if sigla == "" || strings.EqualFold(c.Province, strings.TrimSpace(sigla)) {
				f.Comune = c.ISTAT
				break
			}
		}
		if f.Comune == "" {
			return f, fault.Invalid("comune", "field.comune")
		}
	}
	return f, nil
}

// postField takes a report: as a form, or from the script that sends what waits in the phone.
func (p *pages) postField(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	script := strings.Contains(r.Header.Get("Accept"), "application/json")
	photo, _, err := r.FormFile("photo")
	var picture io.Reader
	if err == nil {
		defer func() { _ = photo.Close() }()
		picture = photo
	}
	found, err := readFound(r)
	if err == nil {
		err = p.Census.Bring(ctx, access.From(ctx), r.FormValue("id"), found, picture)
	}
	m, ok := ui.MistakesOf(r, err)
	switch {
	case err == nil && script:
		w.WriteHeader(http.StatusNoContent)
		return nil
	case err == nil:
		return web.Redirect(w, r, web.Path(ctx, "/office/field/new")+"?sent=1")
	case ok && script:
		texts := []string{}
		for _, one := range m.Summary("") {
			texts = append(texts, one.Text)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnprocessableEntity)
		return json.NewEncoder(w).Encode(map[string]any{"mistakes": texts})
	case ok:
		values := map[string]string{}
		for _, name := range []string{"name", "need", "comune", "address", "lat", "lon", "hours", "phone", "note"} {
			values[name] = r.FormValue(name)
		}
		return p.showFieldForm(w, r, http.StatusUnprocessableEntity, fieldForm{ID: r.FormValue("id"), Values: values, Mistakes: m}, r.Form["language"])
	}
	return err
}

// getFieldWorker is the service worker of the form. Its address stands above the form, which has to be
// allowed in words; its scope is the form alone.
func (p *pages) getFieldWorker(w http.ResponseWriter, _ *http.Request) error {
	shell := []string{}
	for _, name := range []string{"site.css", "field.js", "icons.svg", "titillium-400.woff2", "titillium-700.woff2", "favicon.svg"} {
		shell = append(shell, web.Asset(name))
	}
	list, err := json.Marshal(shell)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Service-Worker-Allowed", "/")
	h.Set("Content-Type", "text/javascript; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	_, err = io.WriteString(w, "const shell = "+string(list)+";\n"+string(web.AssetBytes("field-worker.js")))
	return err
}

// fieldView is the page of one report.
type fieldView struct {
	census.FieldReport
	Reviews  bool
	Who      string
	Facts    []ui.Definition
	Mistakes ui.Mistakes
	Remark   string
}

func (p *pages) getField(w http.ResponseWriter, r *http.Request) error {
	return p.showField(w, r, http.StatusOK, "", ui.Mistakes{})
}

func (p *pages) showField(w http.ResponseWriter, r *http.Request, status int, remark string, m ui.Mistakes) error {
	ctx := r.Context()
	one, reviews, err := p.Census.ReadField(ctx, access.From(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	v := fieldView{FieldReport: one, Reviews: reviews && one.Status == census.FieldNew, Who: p.name(ctx, one.Account), Remark: remark, Mistakes: m}
	v.Facts = fieldFacts(ctx, v)
	head := ui.OfficeHead{
		Title: one.Name, Lang: "it", Badge: ui.Status(fieldLevels[one.Status], said(r, "field.status."+one.Status)), Narrow: true,
		Crumbs: []ui.Link{{Text: said(r, "field.menu"), Href: web.Path(ctx, "/office/field")}, {Text: one.Name}},
	}
	return p.show(w, r, status, head, fieldReportPage(v))
}

func fieldFacts(ctx context.Context, v fieldView) []ui.Definition {
	w := web.Words(ctx)
	var list []ui.Definition
	add := func(key, text string) {
		if text != "" {
			list = append(list, ui.Definition{Term: w.Text(key), Text: text})
		}
	}
	var tongues []string
	for _, code := range v.Languages {
		tongues = append(tongues, lang.NativeName(code))
	}
	add("field.f.need", needNames(w.Lang(), v.Needs))
	add("field.where", strings.TrimPrefix(strings.Join([]string{v.Address, comuneName(v.Comune)}, ", "), ", "))
	if v.Lat != nil {
		add("field.point_term", w.Decimal(*v.Lat, 5)+" / "+w.Decimal(*v.Lon, 5))
	}
	add("field.f.hours", v.Hours)
	add("field.f.phone", v.Phone)
	add("field.f.languages", w.List(tongues))
	add("field.f.note", v.Note)
	add("field.seen", dayOf(w, v.SeenOn))
	add("intake.who", v.Who)
	add("lack.remark", v.FieldReport.Remark)
	return list
}

func (p *pages) getFieldPhoto(w http.ResponseWriter, r *http.Request) error {
	picture, kind, err := p.Census.FieldPhoto(r.Context(), access.From(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(picture) // #nosec G705 -- a picture drawn anew by the program; the reader has gone: nothing to be done
	return nil
}

func (p *pages) postFieldAdopt(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := p.Census.Adopt(ctx, access.From(ctx), r.PathValue("id"), "")
	if fault.Is(err, fault.KindConflict) {
		return p.showField(w, r, http.StatusConflict, "", conflict(r, err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "field.adopted", 1)
	return web.Redirect(w, r, entryHref(ctx, id))
}

func (p *pages) postFieldDrop(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	err := p.Census.Drop(ctx, access.From(ctx), r.PathValue("id"), r.FormValue("remark"))
	if m, ok := ui.MistakesOf(r, err); err != nil && ok {
		return p.showField(w, r, http.StatusUnprocessableEntity, r.FormValue("remark"), m)
	}
	if fault.Is(err, fault.KindConflict) {
		return p.showField(w, r, http.StatusConflict, r.FormValue("remark"), conflict(r, err))
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "field.dropped", 1)
	return web.Redirect(w, r, web.Path(ctx, "/office/field"))
}
