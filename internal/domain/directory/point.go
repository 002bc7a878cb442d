// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"strconv"
	"strings"

	"approdo/internal/kit/fault"
	"approdo/internal/kit/geo"
)

// ParsePoint reads "LAT,LON" in degrees. It fails with Invalid("near").
func ParsePoint(s string) (geo.Point, error) {
	lat, lon, ok := strings.Cut(s, ",")
	p := geo.Point{}
	var err1, err2 error
	p.Lat, err1 = strconv.ParseFloat(strings.TrimSpace(lat), 64)
	p.Lon, err2 = strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if !ok || err1 != nil || err2 != nil || !p.Valid() {
		return geo.Point{}, fault.Invalid("near", "query.near", "value", s)
	}
	return p, nil
}
