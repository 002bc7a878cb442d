// SPDX-License-Identifier: EUPL-1.2

package directoryweb_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	keeping "approdo/internal/domain/directory/census"
	"approdo/internal/domain/directory/directoryweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// sealing is a vault that keeps what it was given where no page can reach it.
type sealing struct{ kept map[string]string }

func (s *sealing) Seal(_ context.Context, _ *db.Tx, subject, _ string, plain []byte) ([]byte, error) {
	s.kept[subject] = string(plain)
	return []byte("sealed"), nil
}

func (s *sealing) Open(context.Context, db.Querier, string, string, []byte) ([]byte, error) {
	return nil, errors.New("nobody opens it here")
}

func (s *sealing) Destroy(context.Context, *db.Tx, string) error { return nil }

func TestAWayBackAndHowMuchItIsUsed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		vault := &sealing{kept: map[string]string{}}
		var uses *keeping.UseCases
		var counter *keeping.Counter
		s := serve(t, d, census(), func(deps *directoryweb.Deps) {
			guard, err := access.New(deps.Directory.Now, access.Base(), directory.Policy(), keeping.Policy())
			if err != nil {
				t.Fatal(err)
			}
			uses = keeping.New(keeping.Deps{
				DB: d, Directory: deps.Directory, Clock: deps.Directory.Now, Guard: guard, Vault: vault,
				Answer: func(context.Context, *db.Tx, keeping.Reply) error { return nil },
			})
			counter = uses.Counter(nil)
			deps.Census, deps.Counter = uses, counter
		})
		if fields := all(s.page("/it/services/meals"), having("name", "contact")); len(fields) != 1 {
			t.Fatalf("%d fields for an address", len(fields))
		}
		if fields := all(s.page("/it/services/reserved"), having("name", "contact")); len(fields) != 0 {
			t.Error("a page about violence asks for an address")
		}
		if w := s.post("/it/services/meals/mistake", "kind=mistake-hours&contact=nobody"); !strings.Contains(w.Body.String(), `value="nobody"`) || len(vault.kept) != 0 {
			t.Errorf("what is no address: %d", w.Code)
		}
		if w := s.post("/it/services/meals/mistake", "kind=mistake-hours&contact=chi%40posta.example"); w.Code != 303 || len(vault.kept) != 1 {
			t.Errorf("an address: %d, kept %v", w.Code, vault.kept)
		}
		phone := "Mozilla/5.0 (Android 14) Firefox/130"
		for range 6 {
			s.get("/it/services/meals", "User-Agent", phone)
			s.get("/ar/services?q=mensa", "User-Agent", phone)
			s.get("/it/services/reserved", "User-Agent", phone)
		}
		for range 20 {
			s.get("/it/services/school", "User-Agent", "Googlebot/2.1")
		}
		if err := counter.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if found := all(s.page("/it/statistics"), having("id", "use")); len(found) != 0 {
			t.Error("the numbers of today are shown")
		}
		s.now = s.now.AddDate(0, 0, 1)
		page := s.page("/it/statistics")
		services := all(page, having("id", "use-services"))
		if len(services) != 1 || !strings.Contains(text(services[0]), "Mensa serale 6") {
			t.Fatalf("the services most opened: %v", services)
		}
		if said := text(services[0]); strings.Contains(said, "Accoglienza per donne") || strings.Contains(said, "Corso di italiano") {
			t.Errorf("a service about violence, or what a machine read, is among them: %s", said)
		}
		if languages := all(page, having("id", "use-languages")); len(languages) != 1 || !strings.Contains(text(languages[0]), "العربية 6") {
			t.Errorf("languages: %v", languages)
		}
	})
}
