// SPDX-License-Identifier: EUPL-1.2

package network_test

import (
	"testing"

	"approdo/internal/base/network"
)

func TestDemoNetwork(t *testing.T) {
	t.Parallel()
	bodies, projects, funds, err := network.Demo()
	if err != nil {
		t.Fatal(err)
	}
	if len(projects) != 12 {
		t.Errorf("%d projects, want the twelve", len(projects))
	}
	if len(funds) != 4 || funds[0].Emblems[0].Text != "Unione europea" {
		t.Errorf("funds: %+v", funds)
	}
	known := map[string]network.Organization{}
	for _, b := range bodies {
		known[b.ID] = b
		if b.Name == "" || b.Kind == "" || b.Example {
			t.Errorf("body %+v", b)
		}
	}
	codes := map[string]network.Project{}
	for _, p := range projects {
		codes[p.Code] = p
		members := append([]string{}, p.Partners...)
		if p.Lead != "" {
			members = append(members, p.Lead)
		}
		for _, id := range members {
			if _, ok := known[id]; !ok {
				t.Errorf("%s: partner %s is not among the bodies", p.Code, id)
			}
		}
		if len(p.Activities) == 0 || p.Title == "" {
			t.Errorf("%s does nothing: %+v", p.Code, p)
		}
	}
	if care := codes["CARE"]; care.CUP != "I61E20000000007" || care.End != "2022-06-30" || len(care.Contractors) != 1 || care.FundAuthority == "" {
		t.Errorf("CARE: %+v", care)
	}
	hours := 0
	for _, a := range codes["E-QUALITY"].Activities {
		for _, h := range a.Hours {
			hours += h
		}
	}
	if hours != 17+7+7+8 {
		t.Errorf("E-QUALITY teaches %d hours, want 39", hours)
	}
	if kind := known[network.BodyID("asp-cesena")].Kind; kind != "public-services-company" {
		t.Errorf("ASP Cesena is a %s: its kind was inferred from its acronym", kind)
	}
}
