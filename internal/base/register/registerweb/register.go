// SPDX-License-Identifier: EUPL-1.2

package registerweb

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/base/register"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

//go:embed locales
var localeFiles embed.FS

// Locales are the words of the pages, and of what package register refuses.
func Locales() fs.FS {
	sub, err := fs.Sub(localeFiles, "locales")
	if err != nil {
		panic("registerweb: " + err.Error()) // the folder is embedded above
	}
	return sub
}

// Deps is what the pages stand on. Register and Site are required.
type Deps struct {
	Register *register.UseCases
	Site     *ui.Site
	// Bodies gives the names of bodies; nil shows none.
	Bodies func(ctx context.Context, ids []string) (map[string]string, error)
	// Names gives the names of accounts; nil shows none.
	Names func(ctx context.Context, accounts []string) (map[string]string, error)
	// Body tells of one what the register has to say of it; nil tells nothing.
	Body func(ctx context.Context, actor access.Actor, id string) (Body, error)
}

type pages struct {
	Deps
	voices *web.Limiter
}

// OfficeMenu is what operators find of the registers.
func OfficeMenu() []ui.OfficeItem {
	return []ui.OfficeItem{
		{Key: "register.processings", Path: "/office/processings", Action: "register.processing.read", Icon: "list", Group: ui.GroupProof},
		{Key: "register.breaches", Path: "/office/breaches", Action: "register.breach.read", Icon: "warning", Group: ui.GroupProof},
		{Key: "register.report", Path: "/office/breaches/new", Action: "register.breach.report", Icon: "flag", Group: ui.GroupProof},
		{Key: "register.remarks", Path: "/office/accessibility", Action: "register.accessibility.read", Icon: "wheelchair", Group: ui.GroupProof},
	}
}

// FeedbackPath is where people say what is not accessible, without language.
const FeedbackPath = "/accessibility/feedback"

// Feedback is that form, for the accessibility statement to lead to.
func Feedback() ui.Item { return ui.Item{Key: "register.feedback", Path: FeedbackPath} }

// Register puts the pages into the route table.
func Register(rs *web.Routes, d Deps) {
	p := &pages{d, web.NewLimiter(4, 8, d.Register.Clock)}
	for _, one := range []struct {
		pattern, name, action string
		handler               web.Handler
	}{
		{"GET /office/processings", "office-processings", "register.processing.read", p.getProcessings},
		{"GET /office/processings.csv", "office-processings-csv", "register.processing.export", p.getProcessingsFile},
		{"GET /office/processings.xlsx", "office-processings-xlsx", "register.processing.export", p.getProcessingsFile},
		{"GET /office/processings/sheet", "office-processings-sheet", "register.processing.read", p.getSheet},
		{"GET /office/processings/new", "office-processing-new", "register.processing.write", p.getProcessingForm},
		{"POST /office/processings/new", "office-processing-create", "register.processing.write", p.postProcessing},
		{"GET /office/processings/{id}", "office-processing", "register.processing.read", p.getProcessing},
		{"GET /office/processings/{id}/edit", "office-processing-edit", "register.processing.write", p.getProcessingForm},
		{"POST /office/processings/{id}/edit", "office-processing-save", "register.processing.write", p.postProcessing},
		{"GET /office/processings/{id}/assessment", "office-processing-assessment", "register.processing.read", p.getAssessment},
		{"GET /office/processings/{id}/history", "office-processing-history", "register.processing.read", p.getProcessingHistory},
		{"POST /office/processings/{id}/restore", "office-processing-restore", "register.processing.write", p.postRestore},
		{"GET /office/breaches", "office-breaches", "register.breach.read", p.getBreaches},
		{"GET /office/breaches/new", "office-breach-new", "register.breach.report", p.getReport},
		{"POST /office/breaches/new", "office-breach-report", "register.breach.report", p.postReport},
		{"GET /office/breaches.csv", "office-breaches-csv", "register.breach.export", p.getBreachesFile},
		{"GET /office/breaches.xlsx", "office-breaches-xlsx", "register.breach.export", p.getBreachesFile},
		{"GET /office/breaches/{id}", "office-breach", "register.breach.read", p.getBreach},
		{"GET /office/breaches/{id}/notice", "office-breach-notice", "register.breach.read", p.getNotice},
		{"GET /office/breaches/{id}/history", "office-breach-history", "register.breach.read", p.getBreachHistory},
		{"POST /office/breaches/{id}", "office-breach-handle", "register.breach.handle", p.postBreach},
		{"GET /office/accessibility", "office-remarks", "register.accessibility.read", p.getRemarks},
		{"POST /office/accessibility/{id}", "office-remark-answer", "register.accessibility.answer", p.postRemark},
	} {
		rs.Office(one.pattern, one.name, web.May(one.action), one.handler)
	}
	rs.Page("GET "+FeedbackPath, "accessibility-feedback", web.Public, p.getFeedback)
	rs.Page("POST "+FeedbackPath, "accessibility-say", web.Public, p.postFeedback)
}

func actorOf(r *http.Request) access.Actor { return access.From(r.Context()) }

func (p *pages) office(w http.ResponseWriter, r *http.Request, status int, head ui.OfficeHead, body templ.Component) error {
	return web.Render(w, r, status, p.Site.OfficePage(r, head, body))
}

// sent reads a form, without the space around what was typed.
func sent(r *http.Request) (url.Values, error) {
	if err := r.ParseForm(); err != nil {
		return nil, fault.Invalid("", "register.form_unreadable").Because(err)
	}
	for name := range r.PostForm {
		for i, text := range r.PostForm[name] {
			r.PostForm[name][i] = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
		}
	}
	return r.PostForm, nil
}

func versionIn(v url.Values) int64 {
	n, err := strconv.ParseInt(v.Get("version"), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// formView is a form with what it holds and what is wrong with it.
type formView struct {
	ui.FormView
	Values   url.Values
	Mistakes ui.Mistakes
	Stored   *ui.CompareView // what somebody else has saved meanwhile, beside what was typed
}

// again shows a form with what is wrong; other errors are returned. What somebody else has written
// meanwhile (stored) is shown beside what was typed, and the next attempt is over that.
func (v *formView) again(r *http.Request, err error, stored url.Values, names []string) (status int, failed error) {
	if fault.Is(err, fault.KindConflict) && stored != nil && stored.Get("version") != v.Values.Get("version") {
		v.Stored = beside(r.Context(), stored, v.Values, names)
		v.Values.Set("version", stored.Get("version"))
		return http.StatusConflict, nil
	}
	mistakes, ok := ui.MistakesOf(r, err)
	if !ok {
		return 0, err
	}
	v.Mistakes, v.Errors = mistakes, mistakes.Summary("f-")
	return http.StatusUnprocessableEntity, nil
}

// field is an input of the form; kind is the type of the input, or "area".
func (v formView) field(ctx context.Context, name, kind string, required bool) ui.FieldView {
	f := ui.FieldView{
		ID: "f-" + name, Name: name, Label: ui.T(ctx, "register.field."+name), Error: v.Mistakes.Of(name), Type: kind, Value: v.Values.Get(name), Required: required,
	}
	if help := "register.hint." + name; web.Words(ctx).Has(help) {
		f.Help = ui.T(ctx, help)
	}
	return f
}

// options are choices whose words stand in the catalogue under prefix.
func (v formView) options(ctx context.Context, name, prefix string, codes []string) []ui.Option {
	var list []ui.Option
	for _, code := range codes {
		o := ui.Option{Value: code, Text: ui.T(ctx, prefix+code)}
		for _, held := range v.Values[name] {
			o.Selected = o.Selected || held == code
		}
		list = append(list, o)
	}
	return list
}

// clockLayout is how browsers write a time of day with its date.
const clockLayout = "2006-01-02T15:04"

func writtenTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(calendar.Rome()).Format(clockLayout)
}

func readTime(text string) time.Time {
	t, err := time.ParseInLocation(clockLayout, text, calendar.Rome())
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// moment is a time in words, in Italy.
func moment(ctx context.Context, t time.Time) string {
	if t.IsZero() {
		return ""
	}
	local := t.In(calendar.Rome())
	return web.Words(ctx).Date(local, lang.Long) + ", " + web.Words(ctx).Time(local)
}
