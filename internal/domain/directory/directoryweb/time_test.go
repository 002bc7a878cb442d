// SPDX-License-Identifier: EUPL-1.2

package directoryweb_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/demo"
	"approdo/internal/domain/directory/directoryweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
	"approdo/migrations"
)

// BenchmarkPages times what the server does for a page of the demo network, without the network.
func BenchmarkPages(b *testing.B) {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	if _, err := d.Migrate(ctx, migrations.FS); err != nil {
		b.Fatal(err)
	}
	u := directory.New(d, clock)
	batch, err := demo.Census(clock())
	if err != nil {
		b.Fatal(err)
	}
	if _, err := u.Save(ctx, batch); err != nil {
		b.Fatal(err)
	}
	finder := directory.NewFinder(u)
	if err := finder.Load(ctx); err != nil {
		b.Fatal(err)
	}
	words, err := lang.Open(ui.Locales(), directoryweb.Locales())
	if err != nil {
		b.Fatal(err)
	}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	site := &ui.Site{Network: "Rete di prova", Demo: true}
	routes := web.New(web.Options{Catalogue: words, ErrorPage: site.ErrorPage, Log: quiet})
	directoryweb.Register(routes, directoryweb.Deps{Directory: u, Finder: finder, Site: site, Log: quiet})
	handler := routes.Handler()
	for name, path := range map[string]string{
		"home": "/ar/", "all": "/it/services", "words": "/it/services?q=medico+Marsala", "filters": "/it/services?need=health&territory=r:19&spoken=ar&age=30",
		"service": "/ar/services/" + batch.Services[0].ID, "territory": "/it/territories/r:19", "statistics": "/it/statistics",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequest(http.MethodGet, path, nil)
				r.Header.Set("Accept-Encoding", "br")
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Code)
				}
			}
		})
	}
}
