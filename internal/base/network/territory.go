// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"approdo/data"
	"approdo/internal/kit/geo"
)

// Comune is a municipality, the smallest territory. Its codes are ISTAT's.
type Comune struct {
	ISTAT     string
	Name      string // the official one; "Bolzano/Bozen" where there are two
	Province  string // sigla: TP
	Region    string // two digits
	Cadastral string // the Belfiore code of tax codes; "" for the newest mergers
	Lat, Lon  float64
	HasPoint  bool // false: no public list has a centre for it, ask PointOf
	// Population is GeoNames' rounded figure, 0 when unknown. It only tells how likely it is that a
	// name means this place; it is no statistic.
	Population int
}

// Label is the name with the province, as Italians write it: "Marsala (TP)".
func (c Comune) Label() string { return c.Name + " (" + c.Province + ")" }

// Province is a province, metropolitan city or free consortium of comuni.
type Province struct {
	Code, Sigla, Name, Region string
	// Center is the middle of the known points of its comuni.
	Center geo.Point
}

// Region is one of the twenty regions.
type Region struct{ Code, Name string }

// SocialDistrict is a joint area of several comuni for social services. Comuni is empty when no
// source states which ones: then it contains none, rather than guessed ones.
type SocialDistrict struct {
	Code, Name, Region string
	Comuni             []string
	Source             string
}

// Territory is the map of Italy by name and code. It does not change while the program runs.
type Territory struct {
	comuni    []Comune // sorted by ISTAT code
	provinces []Province
	regions   []Region
	districts []SocialDistrict
	byName    []int // positions in comuni, sorted by name
	index     func() *nameIndex
}

// Territories returns the territories that the program carries with it.
var Territories = sync.OnceValue(func() *Territory {
	t, err := NewTerritory(table("comuni"), table("provinces"), table("regions"), table("social-districts"))
	if err != nil {
		panic("network: embedded territories: " + err.Error())
	}
	return t
})

// table reads an embedded table; what is embedded is tested, so a fault is a bug.
func table(name string) string {
	text, err := data.FS.ReadFile("italy/" + name + ".csv")
	if err != nil {
		panic("network: embedded table: " + err.Error())
	}
	return string(text)
}

// NewTerritory reads the four tables, each CSV with a header.
func NewTerritory(comuni, provinces, regions, districts string) (*Territory, error) {
	t := &Territory{}
	for _, step := range []struct {
		name, text string
		columns    int
		take       func(row []string) error
	}{
		{"regions", regions, 2, func(r []string) error {
			t.regions = append(t.regions, Region{r[0], r[1]})
			return nil
		}},
		{"provinces", provinces, 4, func(r []string) error {
			t.provinces = append(t.provinces, Province{Code: r[0], Sigla: r[1], Name: r[2], Region: r[3]})
			return nil
		}},
		{"comuni", comuni, 8, t.takeComune},
		{"social-districts", districts, 5, func(r []string) error {
			t.districts = append(t.districts, SocialDistrict{r[0], r[1], r[2], strings.Fields(r[3]), r[4]})
			return nil
		}},
	} {
		if err := eachRow(step.text, step.columns, step.take); err != nil {
			return nil, fmt.Errorf("%s: %w", step.name, err)
		}
	}
	slices.SortFunc(t.comuni, func(a, b Comune) int { return strings.Compare(a.ISTAT, b.ISTAT) })
	slices.SortFunc(t.provinces, func(a, b Province) int { return strings.Compare(a.Sigla, b.Sigla) })
	t.byName = make([]int, len(t.comuni))
	for i := range t.comuni {
		t.byName[i] = i
	}
	slices.SortFunc(t.byName, func(a, b int) int {
		return cmp.Or(strings.Compare(t.comuni[a].Name, t.comuni[b].Name), a-b)
	})
	t.index = sync.OnceValue(func() *nameIndex { return newNameIndex(t) })
	return t, t.check()
}

func eachRow(text string, columns int, take func([]string) error) error {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = columns
	r.ReuseRecord = true
	rows := 0
	for {
		row, err := r.Read()
		if err != nil {
			if rows == 0 || err.Error() != "EOF" {
				return err
			}
			return nil
		}
		if rows++; rows == 1 {
			continue
		}
		if err := take(row); err != nil {
			return fmt.Errorf("row %d: %w", rows, err)
		}
	}
}

func (t *Territory) takeComune(r []string) error {
	c := Comune{ISTAT: r[0], Name: r[1], Province: r[2], Region: r[3], Cadastral: r[4]}
	if r[5] != "" {
		var err1, err2 error
		c.Lat, err1 = strconv.ParseFloat(r[5], 64)
		c.Lon, err2 = strconv.ParseFloat(r[6], 64)
		if err1 != nil || err2 != nil || !(geo.Point{Lat: c.Lat, Lon: c.Lon}).Valid() {
			return fmt.Errorf("%s: %q %q is no point", r[0], r[5], r[6])
		}
		c.HasPoint = true
	}
	if r[7] != "" {
		n, err := strconv.Atoi(r[7])
		if err != nil {
			return fmt.Errorf("%s: population %q", r[0], r[7])
		}
		c.Population = n
	}
	t.comuni = append(t.comuni, c)
	return nil
}

// check makes sure that every code leads somewhere, and fills in the centres.
func (t *Territory) check() error {
	points := make(map[string][]geo.Point, len(t.provinces))
	for i, c := range t.comuni {
		if i > 0 && c.ISTAT == t.comuni[i-1].ISTAT {
			return fmt.Errorf("comune %s is there twice", c.ISTAT)
		}
		if p, ok := t.Province(c.Province); !ok || p.Region != c.Region {
			return fmt.Errorf("comune %s: no province %s in region %s", c.ISTAT, c.Province, c.Region)
		}
		if c.HasPoint {
			points[c.Province] = append(points[c.Province], geo.Point{Lat: c.Lat, Lon: c.Lon})
		}
	}
	for i, p := range t.provinces {
		if _, ok := t.Region(p.Region); !ok {
			return fmt.Errorf("province %s: no region %s", p.Sigla, p.Region)
		}
		center, ok := geo.Center(points[p.Sigla])
		if !ok {
			return fmt.Errorf("province %s: none of its comuni has a point", p.Sigla)
		}
		t.provinces[i].Center = center
	}
	for _, d := range t.districts {
		for _, istat := range d.Comuni {
			if _, ok := t.Comune(istat); !ok {
				return fmt.Errorf("social district %s: no comune %s", d.Code, istat)
			}
		}
	}
	return nil
}

// Comune finds a comune by its ISTAT code.
func (t *Territory) Comune(istat string) (Comune, bool) {
	i, ok := slices.BinarySearchFunc(t.comuni, istat, func(c Comune, code string) int { return strings.Compare(c.ISTAT, code) })
	if !ok {
		return Comune{}, false
	}
	return t.comuni[i], true
}

// Province finds a province by its sigla.
func (t *Territory) Province(sigla string) (Province, bool) {
	i, ok := slices.BinarySearchFunc(t.provinces, sigla, func(p Province, s string) int { return strings.Compare(p.Sigla, s) })
	if !ok {
		return Province{}, false
	}
	return t.provinces[i], true
}

// Region finds a region by its two digits.
func (t *Territory) Region(code string) (Region, bool) {
	i := slices.IndexFunc(t.regions, func(r Region) bool { return r.Code == code })
	if i < 0 {
		return Region{}, false
	}
	return t.regions[i], true
}

// District finds a social district by its code.
func (t *Territory) District(code string) (SocialDistrict, bool) {
	i := slices.IndexFunc(t.districts, func(d SocialDistrict) bool { return d.Code == code })
	if i < 0 {
		return SocialDistrict{}, false
	}
	return t.districts[i], true
}

// Comuni lists all comuni by name.
func (t *Territory) Comuni() []Comune {
	list := make([]Comune, len(t.byName))
	for i, at := range t.byName {
		list[i] = t.comuni[at]
	}
	return list
}

// Provinces lists all provinces by sigla.
func (t *Territory) Provinces() []Province { return slices.Clone(t.provinces) }

// Regions lists the regions by code.
func (t *Territory) Regions() []Region { return slices.Clone(t.regions) }

// Districts lists the known social districts in the order of their table.
func (t *Territory) Districts() []SocialDistrict { return slices.Clone(t.districts) }

// PointOf returns the centre of a comune. Without one of its own it gives the centre of its
// province and exact is false: whoever shows a distance then says that it is rough.
func (t *Territory) PointOf(c Comune) (p geo.Point, exact, ok bool) {
	if c.HasPoint {
		return geo.Point{Lat: c.Lat, Lon: c.Lon}, true, true
	}
	province, ok := t.Province(c.Province)
	return province.Center, false, ok
}

// Nearest returns the comune whose centre is nearest, and how many metres away it is. It is false
// for a place that is none.
func (t *Territory) Nearest(lat, lon float64) (Comune, float64, bool) {
	here := geo.Point{Lat: lat, Lon: lon}
	if !here.Valid() {
		return Comune{}, 0, false
	}
	best, found := math.Inf(1), -1
	shrink := math.Cos(lat * math.Pi / 180)
	for i := range t.comuni {
		c := &t.comuni[i]
		if !c.HasPoint {
			continue
		}
		// Degrees on a plane are enough to tell which of them is nearest.
		dLat, dLon := c.Lat-lat, (c.Lon-lon)*shrink
		if d := dLat*dLat + dLon*dLon; d < best {
			best, found = d, i
		}
	}
	if found < 0 {
		return Comune{}, 0, false
	}
	c := t.comuni[found]
	return c, geo.Distance(here, geo.Point{Lat: c.Lat, Lon: c.Lon}), true
}
