// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"testing"

	"approdo/internal/domain/directory"
	"approdo/internal/kit/fault"
)

func TestFits(t *testing.T) {
	t.Parallel()
	number := func(n float64) *float64 { return &n }
	tests := []struct {
		name    string
		record  func(*directory.Record)
		profile string
		want    directory.Fit
	}{
		{"no rule excludes nobody", func(*directory.Record) {}, "age:3", directory.FitYes},
		{"without a permit, and they are served", func(r *directory.Record) { r.Card.Eligibility.ResidenceTitles = []string{"none", "work"} }, "title:none", directory.FitYes},
		{"without a permit, and it is asked for", func(r *directory.Record) { r.Card.Eligibility.ResidenceTitles = []string{"work"} }, "title:none", directory.FitNo},
		{"title not said", func(r *directory.Record) { r.Card.Eligibility.ResidenceTitles = []string{"work"} }, "age:30", directory.FitPerhaps},
		{"too young", func(r *directory.Record) { r.MinimumAge = number(18) }, "age:17", directory.FitNo},
		{"just old enough", func(r *directory.Record) { r.MinimumAge = number(18) }, "age:18", directory.FitYes},
		{"just young enough", func(r *directory.Record) { r.MaximumAge = number(25) }, "age:25", directory.FitYes},
		{"age not said", func(r *directory.Record) { r.MaximumAge = number(25) }, "sex:male", directory.FitPerhaps},
		{"for women", func(r *directory.Record) { r.Card.Eligibility.Sex = "female" }, "sex:male", directory.FitNo},
		{"a single parent has children", func(r *directory.Record) { r.Card.Eligibility.Family = "with-children" }, "family:single-parent", directory.FitYes},
		{"with children is not yet alone with them", func(r *directory.Record) { r.Card.Eligibility.Family = "single-parent" }, "family:with-children", directory.FitNo},
		{"an adult is no minor alone", func(r *directory.Record) { r.Card.Eligibility.UnaccompaniedMinor = true }, "age:20", directory.FitNo},
		{"a minor alone", func(r *directory.Record) { r.Card.Eligibility.UnaccompaniedMinor = true }, "age:16,alone-minor:yes", directory.FitYes},
		{"lives there", func(r *directory.Record) { r.Card.Eligibility.Residence = []string{"081011"} }, "comune:081011", directory.FitYes},
		{"lives in the province", func(r *directory.Record) { r.Card.Eligibility.Residence = []string{"TP"} }, "comune:081011", directory.FitYes},
		{"lives in the province, and it is asked for", func(r *directory.Record) { r.Card.Eligibility.Residence = []string{"TP"} }, "province:tp", directory.FitYes},
		{"lives in the province of the comune", func(r *directory.Record) { r.Card.Eligibility.Residence = []string{"081011"} }, "province:TP", directory.FitPerhaps},
		{"lives in another province", func(r *directory.Record) { r.Card.Eligibility.Residence = []string{"081011"} }, "province:PA", directory.FitNo},
		{"lives elsewhere", func(r *directory.Record) { r.Card.Eligibility.Residence = []string{"081011"} }, "comune:082053", directory.FitNo},
		{"all of Italy", func(r *directory.Record) { r.Card.Eligibility.Residence = []string{"IT"} }, "", directory.FitYes},
		{"too rich", func(r *directory.Record) { r.Card.Eligibility.IncomeMax = 9000 }, "income:9001", directory.FitNo},
		{"no outweighs perhaps", func(r *directory.Record) {
			r.Card.Eligibility.IncomeMax = 9000
			r.Card.Eligibility.Sex = "female"
		}, "sex:male", directory.FitNo},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p, err := directory.ParseProfile(tc.profile)
			if err != nil {
				t.Fatal(err)
			}
			var r directory.Record
			tc.record(&r)
			if got := r.Fits(p); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestParseProfileRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"age", "age:old", "age:-1", "age:200", "sex:x", "family:big", "shoe:44", "pregnant:maybe", "income:1e9", "comune:999999", "comune:", "province:XX", "title:passport"} {
		if _, err := directory.ParseProfile(text); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("%q: %v, want an invalid field", text, err)
		}
	}
}

func FuzzParseProfile(f *testing.F) {
	f.Add("title:none,age:17")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := directory.ParseProfile(text)
		if err == nil && (p.Age < -1 || p.Income < -1) {
			t.Errorf("%q gave %+v", text, p)
		}
	})
}
