// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// frame is an operator who acts for one of two bodies. A key that no catalogue has is shown as it is,
// which is enough for a gallery.
func frame(*http.Request) ui.Frame {
	comune := ui.Acting{ID: "1", Name: "Comune di Esempio", Role: "Redattrice del censimento"}
	return ui.Frame{
		Name: "Anna Esempio", Body: comune, Account: "/account", Switch: "/office/form", LogOut: "/office/form", Search: "/office/search", Waiting: 3,
		Bodies: []ui.Acting{comune, {ID: "2", Name: "Ambito Territoriale Sociale dell’Esempio Lungo", Role: "Traduttrice"}},
		Menu: []ui.OfficeItem{
			{Key: "office.home", Path: ui.HomePath, Icon: "home"},
			{Key: "Servizi", Path: "/office/list", Icon: "list", Group: ui.GroupCensus}, {Key: "Scheda", Path: "/office/form", Icon: "edit", Group: ui.GroupCensus},
			{Key: "Versioni", Path: "/office/compare", Icon: "exchange", Group: ui.GroupCensus}, {Key: "Traduzioni", Path: "/office/translations", Icon: "translate", Group: ui.GroupCensus},
			{Key: "Enti", Path: "/office/bodies", Icon: "body", Group: ui.GroupNetwork}, {Key: "Progetti", Path: "/office/projects", Icon: "flag", Group: ui.GroupNetwork},
			{Key: "Registro", Path: "/office/log", Icon: "shield", Group: ui.GroupProof}, {Key: "Avvisi", Path: "/office/notices", Icon: "bell", Group: ui.GroupMessages},
			{Key: "Numeri", Path: "/office/charts", Icon: "chart", Group: ui.GroupCensus},
			{Key: "Persone", Path: "/office/people", Icon: "team", Group: ui.GroupAccess},
		},
	}
}

// officePages shows the frame and the components of operators.
func officePages(rs *web.Routes, site *ui.Site) {
	show := func(path, name string, make func(r *http.Request) (ui.OfficeHead, templ.Component)) {
		rs.Office("GET "+path, name, web.Public, func(w http.ResponseWriter, r *http.Request) error {
			head, body := make(r)
			return web.Render(w, r, http.StatusOK, site.OfficePage(r, head, body))
		})
	}
	show(ui.HomePath, "home", func(*http.Request) (ui.OfficeHead, templ.Component) {
		return ui.OfficeHead{Title: "Buongiorno, Anna"}, homePage()
	})
	show("/office/charts", "charts", func(*http.Request) (ui.OfficeHead, templ.Component) {
		return ui.OfficeHead{Title: "Numeri", Crumbs: []ui.Link{{Text: "Numeri"}}}, chartPage()
	})
	show("/office/list", "list", func(r *http.Request) (ui.OfficeHead, templ.Component) {
		return ui.OfficeHead{
			Title: "Servizi", Lead: "Quello che il tuo ente offre.", Actions: buttons(), Crumbs: []ui.Link{{Text: "Servizi"}},
			Help: "Cerca, filtra, ordina con i titoli delle colonne.\nLe azioni in basso valgono per tutte le righe selezionate.",
		}, listPage(ui.ReadList(r, "name", "-changed", "seen"))
	})
	show("/office/form", "form", func(r *http.Request) (ui.OfficeHead, templ.Component) {
		m := ui.Mistakes{}
		if r.URL.Query().Has("wrong") {
			m = mistakes(r)
		}
		return ui.OfficeHead{
			Title: "Sportello di esempio", Badge: ui.Status(ui.Neutral, "Bozza"), Crumbs: []ui.Link{{Text: "Servizi", Href: "list"}, {Text: "Sportello di esempio"}},
			Tabs: []ui.Tab{{Text: "Scheda", Href: "form", Current: true}, {Text: "Orari", Href: "form", Faulty: true}, {Text: "Traduzioni", Href: "form", Count: 4, HasCount: true}, {Text: "Storia", Href: "form", Icon: "history"}},
		}, formPage(m)
	})
	show("/office/compare", "compare", func(*http.Request) (ui.OfficeHead, templ.Component) {
		return ui.OfficeHead{Title: "Due versioni", Crumbs: []ui.Link{{Text: "Due versioni"}}}, comparePage()
	})
	rs.Office("POST /office/form", "say", web.Public, func(w http.ResponseWriter, r *http.Request) error {
		ui.Flash(w, r, ui.Success, "ui.alert.success", 1)
		return web.Redirect(w, r, web.Path(r.Context(), "/office/list"))
	})
	rs.Office("GET /office/broken", "office broken", web.Public, func(http.ResponseWriter, *http.Request) error {
		return fault.NotFound("fault.no_page")
	})
}

var now = time.Date(2026, 3, 7, 9, 41, 0, 0, time.UTC)

func rows(l ui.List) []ui.Row {
	states := []struct {
		level ui.Level
		text  string
	}{{ui.Success, "Pubblicato"}, {ui.Neutral, "Bozza"}, {ui.Warning, "Da rivedere"}, {ui.Danger, "Scaduto"}}
	var list []ui.Row
	for i := range 25 {
		n := l.Offset() + i + 1
		state := states[i%len(states)]
		row := ui.Row{ID: fmt.Sprint(n), Cells: []ui.Cell{
			{Text: fmt.Sprintf("Sportello di esempio %d per il rinnovo del permesso", n), Href: "form", Small: "Comune di Esempio"},
			{Body: ui.Status(state.level, state.text)}, {Text: "7 mar 2026"}, {Text: fmt.Sprint(n * 37 % 900)}, {Text: "Anna Esempio"},
		}}
		if state.level == ui.Danger {
			row.Level = ui.Danger
		}
		list = append(list, row)
	}
	return list
}

// mistakes are what the form shows when it was sent empty.
func mistakes(r *http.Request) ui.Mistakes {
	m, _ := ui.MistakesOf(r, errors.Join(
		fault.Invalid("name", "fault.invalid.title"), fault.Invalid("mail", "fault.invalid.title"), fault.Invalid("file", "fault.invalid.title")))
	return m
}
