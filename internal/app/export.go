// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"io"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/directoryweb"
	"approdo/internal/domain/directory/exchange"
)

// ExportOptions gathers what an export needs beyond the entries. Base is the public address.
func (a *App) ExportOptions(ctx context.Context, language, base string) (exchange.ExportOptions, error) {
	o := exchange.ExportOptions{Language: language, Base: base, Modified: a.Directory.Now()}
	var err error
	if o.Taxonomies, err = a.Directory.Taxonomies(ctx); err != nil {
		return o, err
	}
	if o.Terms, err = a.Directory.Terms(ctx); err != nil {
		return o, err
	}
	for _, d := range downloads {
		o.Distributions = append(o.Distributions, exchange.Distribution{Title: string(d.format), Path: "/open-data/" + d.file(), Type: d.media, FileType: d.code})
	}
	o.Datasets = datasets
	o.Locations, err = a.Directory.BodyLocations(ctx)
	return o, err
}

// download is a format of the open data page.
type download struct {
	name   string // of its words in the catalogue
	format exchange.Format
	media  string
	code   string // in the European authority table of file types
}

// datasets are what the catalogue of open data holds beside the census.
var datasets = []exchange.Dataset{
	{
		Name: "usage", Title: "Uso del sito dei servizi",
		Description: "Quante volte si sono aperte le pagine e che cosa si è cercato, per giorno. I numeri sotto cinque non ci sono.",
		Frequency:   "DAILY", Keywords: []string{"servizi", "uso", "ricerche"},
		Distributions: []exchange.Distribution{{Title: "CSV", Path: "/open-data/approdo-usage.csv", Type: "text/csv", FileType: "CSV"}, {Title: "JSON", Path: "/open-data/approdo-usage.json", Type: "application/json", FileType: "JSON"}},
	},
	{
		Name: "mediation", Title: "Mediazione linguistico-culturale: domanda e risposta",
		Description: "Richieste di mediatori per mese, lingua, provincia, modo, ente, giorno e ora; quante sono rimaste senza risposta e quanto si è aspettato. I numeri sotto cinque non ci sono.",
		Frequency:   "MONTHLY", Keywords: []string{"mediazione", "lingue", "interpreti", "immigrazione"},
		Distributions: []exchange.Distribution{{Title: "CSV", Path: "/open-data/approdo-mediation.csv", Type: "text/csv", FileType: "CSV"}, {Title: "JSON", Path: "/open-data/approdo-mediation.json", Type: "application/json", FileType: "JSON"}},
	},
}

func (d download) file() string { return "approdo-" + d.name + d.format.Extension() }

var downloads = []download{
	{"hsds-json", exchange.HSDSJSON, "application/json", "JSON"},
	{"hsds-csv", exchange.HSDSCSV, "application/zip", "ZIP"},
	{"ndjson", exchange.NDJSON, "application/x-ndjson", "JSON"},
	{"xlsx", exchange.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"},
	{"csv", exchange.CSV, "text/csv; charset=utf-8", "CSV"},
	{"cpsv", exchange.CPSV, "application/ld+json", "JSON_LD"},
	{"schema", exchange.SchemaLD, "application/ld+json", "JSON_LD"},
	{"dcat", exchange.DCAT, "application/ld+json", "JSON_LD"},
	{"geojson", exchange.GeoJSON, "application/geo+json", "GEOJSON"},
}

func (a *App) formats(base string) []directoryweb.Format {
	list := make([]directoryweb.Format, len(downloads))
	for i, d := range downloads {
		list[i] = directoryweb.Format{
			Name: d.name, File: d.file(), Type: d.media,
			Write: func(ctx context.Context, w io.Writer) error {
				o, err := a.ExportOptions(ctx, "it", base)
				if err != nil {
					return err
				}
				return exchange.Write(ctx, w, d.format, exchange.Walk(ctx, a.Directory.Walk), o)
			},
		}
	}
	return list
}

// schemaOrg describes an entry for search engines.
func schemaOrg(base string) func(directory.Entry, string) ([]byte, error) {
	return func(e directory.Entry, language string) ([]byte, error) {
		return exchange.SchemaOrg(e, language, exchange.ExportOptions{Language: language, Base: base}), nil
	}
}
