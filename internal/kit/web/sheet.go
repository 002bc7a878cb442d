// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"net/http"
	"strings"

	"approdo/internal/kit/sheet"
)

// Sheet answers with a table to keep, under a name without ending: as XLSX where the address ends so, as
// CSV otherwise. It is made in memory, so that a fault halfway is not a file cut short that looks whole.
func Sheet(w http.ResponseWriter, r *http.Request, name string, rows [][]string) error {
	write, ending, media := sheet.CSV, ".csv", sheet.CSVType
	if strings.HasSuffix(r.URL.Path, ".xlsx") {
		write, ending, media = sheet.XLSX, ".xlsx", sheet.XLSXType
	}
	var b bytes.Buffer
	if err := write(&b, rows); err != nil {
		return err
	}
	return Attachment(w, media, name+ending, b.Bytes())
}
