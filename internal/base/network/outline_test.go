// SPDX-License-Identifier: EUPL-1.2

package network_test

import (
	"bytes"
	"compress/gzip"
	"testing"

	"approdo/data"
	"approdo/internal/base/network"
	"approdo/internal/kit/geo"
)

func TestOutlinesHoldTheirComuni(t *testing.T) {
	t.Parallel()
	all := network.Territories()
	inside, total := 0, 0
	for _, c := range all.Comuni() {
		if !c.HasPoint {
			continue
		}
		total++
		outline, ok := network.RegionOutline(c.Region)
		if !ok {
			t.Fatalf("no outline for region %s", c.Region)
		}
		if outline.Contains(geo.Point{Lat: c.Lat, Lon: c.Lon}) {
			inside++
		}
	}
	// What is left out stands on the coast or at a border that was straightened.
	if inside*1000 < total*985 {
		t.Errorf("only %d of %d comuni lie within their region", inside, total)
	}
	for _, istat := range []string{"081014", "084020"} { // Pantelleria, Lampedusa
		c, _ := all.Comune(istat)
		sicily, _ := network.RegionOutline("19")
		if !sicily.Contains(geo.Point{Lat: c.Lat, Lon: c.Lon}) {
			t.Errorf("%s is not drawn", c.Label())
		}
	}
}

func TestOutlinesAreLight(t *testing.T) {
	t.Parallel()
	text, err := data.FS.ReadFile("maps/italy-regions.geojson")
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(text); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	if packed.Len() > 40*1024 {
		t.Errorf("%d bytes compressed", packed.Len())
	}
	sicily, ok := network.OutlineJSON("19")
	if !ok || len(sicily) > len(text)/5 {
		t.Errorf("Sicily alone is %d bytes, %v", len(sicily), ok)
	}
	if _, ok := network.OutlineJSON("99"); ok {
		t.Error("there is no region 99")
	}
	if whole, ok := network.OutlineJSON(""); !ok || len(whole) < len(sicily) || len(network.RegionOutlines()) != 20 {
		t.Error("the whole of Italy has twenty regions")
	}
}
