// SPDX-License-Identifier: EUPL-1.2

package exchange

// Format is a form in which the directory goes out.
type Format string

// The formats.
const (
	HSDSJSON  Format = "hsds-json"
	HSDSPages Format = "hsds-pages"
	HSDSCSV   Format = "hsds-csv"
	NDJSON    Format = "ndjson"
	XLSX      Format = "xlsx"
	CSV       Format = "csv"
	CPSV      Format = "cpsv-ap_it"
	SchemaLD  Format = "schema.org"
	DCAT      Format = "dcat-ap_it"
	GeoJSON   Format = "geojson"
)
