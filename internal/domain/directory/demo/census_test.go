// SPDX-License-Identifier: EUPL-1.2

package demo_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"approdo/internal/base/need"
	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/demo"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/lang"
)

func today() time.Time { return time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC) }

func census(t *testing.T) directory.Batch {
	t.Helper()
	b, err := demo.Census(today())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCensusCoversEveryNeed(t *testing.T) {
	t.Parallel()
	b := census(t)
	if len(b.Services) < 320 {
		t.Errorf("%d services, want 320 or more", len(b.Services))
	}
	services, regions := map[string]int{}, map[string]map[string]bool{}
	for _, s := range b.Services {
		main := s.Card.Needs[0]
		services[main]++
		if regions[main] == nil {
			regions[main] = map[string]bool{}
		}
		for _, site := range s.Sites {
			c, ok := network.Territories().Comune(site.Location.Comune)
			if !ok {
				t.Fatalf("%s stands in no comune", s.Name)
			}
			regions[main][c.Region] = true
		}
		for _, c := range s.Confidential {
			p, _ := network.Territories().Province(c.Province)
			regions[main][p.Region] = true
		}
	}
	for _, n := range need.All() {
		if !n.Top() && (services[n.Code] < 3 || len(regions[n.Code]) < 3) {
			t.Errorf("%s: %d services in %d territories", n.Code, services[n.Code], len(regions[n.Code]))
		}
	}
}

func TestCensusLanguages(t *testing.T) {
	t.Parallel()
	b := census(t)
	italian, most := 0, 0
	for _, s := range b.Services {
		n := len(s.TextLanguages())
		if n == 1 {
			italian++
		}
		most = max(most, n)
	}
	if share := float64(italian) / float64(len(b.Services)); share < 0.30 || share > 0.40 {
		t.Errorf("%.2f have Italian texts alone, want a third", share)
	}
	if most != len(lang.All) {
		t.Errorf("the most languages are %d, want %d", most, len(lang.All))
	}
}

// Nothing in the census may be taken for something real.
func TestCensusIsPlainlyAnExample(t *testing.T) {
	t.Parallel()
	b := census(t)
	for _, o := range b.Organizations {
		if !o.Example || !strings.Contains(o.Name, "Esempio") || !strings.HasSuffix(o.Email, ".example") || !strings.HasSuffix(o.Website, ".example/") {
			t.Errorf("body %+v", o)
		}
	}
	for _, s := range b.Services {
		if !s.Card.Example || !strings.HasSuffix(s.Email, ".example") {
			t.Errorf("service %s, %s", s.Name, s.Email)
		}
		for _, p := range s.Phones {
			if !strings.HasPrefix(p.Number, "000 ") {
				t.Errorf("%s: the number %s could be dialled", s.Name, p.Number)
			}
		}
		for _, site := range s.Sites {
			for _, a := range site.Location.Addresses {
				if !strings.HasPrefix(a.Address1, "Via dell'Esempio ") {
					t.Errorf("%s: %s", s.Name, a.Address1)
				}
			}
		}
	}
}

func TestCensusShelters(t *testing.T) {
	t.Parallel()
	for _, s := range census(t).Services {
		if slices.Contains(s.Card.Needs, "gender-violence") || slices.Contains(s.Card.Needs, "trafficking") {
			if len(s.Sites) > 0 || len(s.Confidential) == 0 {
				t.Errorf("%s has an open place", s.Name)
			}
		}
	}
}

func TestCensusIsTheSameAllMonth(t *testing.T) {
	t.Parallel()
	later, err := demo.Census(today().AddDate(0, 0, 5))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(census(t), later, cmpopts.IgnoreUnexported(directory.Batch{})); diff != "" {
		t.Errorf("it differs five days later:\n%s", diff)
	}
}

func TestCensusIsSavedOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, today)
		first, err := u.Save(context.Background(), census(t))
		if err != nil || first["service"].Created < 320 {
			t.Fatalf("%+v, %v", first, err)
		}
		again, err := u.Save(context.Background(), census(t))
		if err != nil || again.Changed() {
			t.Errorf("again: %+v, %v", again, err)
		}
		err = u.Walk(context.Background(), func(e directory.Entry) error {
			text, err := json.Marshal(e)
			if e.Reserved() && strings.Contains(string(text), "Via dell") {
				t.Errorf("%s tells where it is", e.Name)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}
