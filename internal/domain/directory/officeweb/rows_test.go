// SPDX-License-Identifier: EUPL-1.2

package officeweb_test

import (
	"net/http"
	"strings"
	"testing"

	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

func TestListsGrowShrinkAndMoveWithoutScript(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := serve(t, d)
		const at = "/it/office/services/meals"
		form := o.fields(o.get(at, http.StatusOK), at)
		press := func(button string) {
			t.Helper()
			form.Set("do", button)
			form = o.fields(o.post(at, form, http.StatusOK).Body.String(), at)
		}
		form.Set("summary", "Scritto e non salvato.")
		press("add:phones")
		form.Set("phones.1.number", "0923 000555")
		press("up:phones.1")
		if form.Get("phones.0.number") != "0923 000555" || form.Get("phones.1.number") != "0923 000111" || form.Get("phones.1.id") != "meals-phone" || form.Get("summary") != "Scritto e non salvato." {
			t.Errorf("%v", form)
		}
		press("drop:phones.1")
		press("add:places.0.hours")
		press("add:places")
		press("up:places.1")
		if form.Get("places.1.id") != "meals-site" || form.Get("places.1.hours.0.id") == "" || form.Has("phones.1.id") || form.Get("places.0.id") == "" {
			t.Errorf("%v", form)
		}
		press("add:documents")
		form.Set("documents.0.uri", "https://ente.example/modulo")
		form.Set("do", "save")
		refused := o.post(at, form, http.StatusUnprocessableEntity).Body.String()
		if back := o.fields(refused, at); back.Get("documents.0.uri") == "" || !strings.Contains(refused, "Completa la riga") {
			t.Error("half a row went away in silence")
		}
		form.Set("documents.0.document", "Il modulo")
		o.post(at, form, http.StatusSeeOther)
		w, err := o.directory.Edit(t.Context(), editor, "meals")
		if err != nil || len(w.Service.Phones) != 1 || w.Service.Phones[0].Number != "0923 000555" || len(w.Service.Sites) != 1 || len(w.Service.RequiredDocuments) != 1 || w.Version != 1 {
			t.Errorf("%+v, %v", w.Service, err)
		}
		// What is none of its lists is a button to save.
		form = o.fields(o.get(at, http.StatusOK), at)
		for _, button := range []string{"drop:name.0", "drop:phones.9", "add:places.0.phones.1", "add:", "up:"} {
			form.Set("do", button)
			form.Set("version", "0")
			o.post(at, form, http.StatusConflict)
		}
	})
}
