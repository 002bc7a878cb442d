// SPDX-License-Identifier: EUPL-1.2

package directory_test

import (
	"testing"
	"time"

	"approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/hsds"
)

// refuge is a body with a confidential place in via del Segreto 5, and a counter in via Roma 1.
func refuge() directory.Batch {
	body := network.Organization{}
	body.ID, body.Name = "o1", "Associazione"
	at := func(id, address string) directory.Site {
		site := directory.Site{ID: "at-" + id}
		site.Location.ID, site.Location.LocationType = id, "physical"
		site.Location.Addresses = []hsds.Address{{ID: "a-" + id, Address1: address, City: "Marsala"}}
		return site
	}
	shelter, counter := directory.Service{}, directory.Service{}
	shelter.ID, shelter.OrganizationID, shelter.Name, shelter.Status = "shelter", "o1", "Casa", directory.StatusActive
	shelter.Confidential = []directory.ConfidentialSite{{ID: "at-hidden", Province: "TP", Place: at("hidden", "Via del Segreto, 5")}}
	counter.ID, counter.OrganizationID, counter.Name, counter.Status = "counter", "o1", "Sportello", directory.StatusActive
	counter.Sites = []directory.Site{at("open", "Via Roma, 1")}
	return directory.Batch{Source: "uno", Organizations: []network.Organization{body}, Services: []directory.Service{shelter, counter}}
}

// opened is the shelter of refuge as a form of the data has it that knows no confidential places.
func opened(b directory.Batch) directory.Batch {
	s := b.Services[0]
	s.Sites, s.Confidential = []directory.Site{s.Confidential[0].Place}, nil
	b.Services = []directory.Service{s}
	return b
}

func TestSilenceOpensNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		if _, err := u.Save(t.Context(), refuge()); err != nil {
			t.Fatal(err)
		}
		silent, other, said, emptied := opened(refuge()), opened(refuge()), opened(refuge()), opened(refuge())
		emptied.Services[0].Sites = nil
		other.Source, other.Opens, other.TakesOver = "due", map[string]bool{"shelter": true}, []string{"uno"}
		said.Opens = map[string]bool{"shelter": true}
		for name, b := range map[string]directory.Batch{"silence": silent, "another dataset": other, "no place at all": emptied} {
			if _, err := u.Save(t.Context(), b); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s opens the place: %v", name, err)
			}
			if e, err := u.Entry(t.Context(), "shelter"); err != nil || !e.Reserved() {
				t.Errorf("%s: %+v, %v", name, e, err)
			}
		}
		if _, err := u.Save(t.Context(), said); err != nil {
			t.Fatal(err)
		}
		if e, err := u.Entry(t.Context(), "shelter"); err != nil || e.Reserved() || len(e.Sites) != 1 {
			t.Errorf("its own dataset may open it: %+v, %v", e, err)
		}
	})
}

// A hidden address is shown nowhere else by the body it belongs to, in whatever order records come.
func TestTheBodyShowsItsHiddenAddressNowhere(t *testing.T) {
	t.Parallel()
	const told = "Siamo in v. del Segreto n. 5"
	for name, tell := range map[string]func(*directory.Batch){
		"address of the body":    func(b *directory.Batch) { b.Organizations[0].Address = "Via Del Segreto 5, Marsala" },
		"description of it":      func(b *directory.Batch) { b.Organizations[0].Description = told },
		"text of another":        func(b *directory.Batch) { b.Services[1].Description = told },
		"translation of another": func(b *directory.Batch) { b.Services[1].Card.Translations = inEnglish(told) },
		"place of another": func(b *directory.Batch) {
			b.Services[1].Sites[0].Location.Addresses[0].Address1 = "via del segreto 5/A"
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				u := directory.New(d, clock)
				whole := refuge()
				tell(&whole)
				if _, err := u.Save(t.Context(), whole); !fault.Is(err, fault.KindInvalid) {
					t.Errorf("together: %v", err)
				}
				shelter, counter := whole, whole
				shelter.Services, counter.Services = whole.Services[:1], whole.Services[1:]
				if _, err := u.Save(t.Context(), counter); err != nil {
					t.Fatalf("alone it tells nothing: %v", err)
				}
				if _, err := u.Save(t.Context(), shelter); !fault.Is(err, fault.KindInvalid) {
					t.Errorf("the shelter comes after: %v", err)
				}
			})
		})
	}
}

func inEnglish(text string) []directory.Translation {
	return []directory.Translation{{Language: "en", Group: directory.GroupBody, State: directory.TranslationUpToDate, Fields: map[string]string{"description": text}}}
}

// The same street elsewhere, and the same address of another body, are no secret.
func TestOthersMayStandInTheSameStreet(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		b := refuge()
		b.Organizations[0].Address = "Via del Segreto 51"
		hospital := network.Organization{Address: "Via del Segreto 5"}
		hospital.ID, hospital.Name = "o2", "Ospedale"
		b.Organizations = append(b.Organizations, hospital)
		ward := b.Services[1]
		ward.ID, ward.OrganizationID, ward.Sites = "ward", "o2", nil
		b.Services = append(b.Services, ward)
		if _, err := u.Save(t.Context(), b); err != nil {
			t.Errorf("%v", err)
		}
	})
}

// A place of the body without a service, at the hidden address under another identifier, is hidden,
// whether it comes with the shelter, after or before it.
func TestPlacesOfTheBodyAreHiddenWithTheShelter(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		u := directory.New(d, clock)
		place := func(id, address string) directory.BodyLocation {
			l := directory.BodyLocation{}
			l.ID, l.OrganizationID, l.LocationType = id, "o1", "physical"
			l.Addresses = []hsds.Address{{ID: "a-" + id, Address1: address, City: "Marsala"}}
			return l
		}
		before := refuge()
		before.Services = before.Services[1:]
		before.Locations = []directory.BodyLocation{place("early", "Via del Segreto, 5"), place("seat", "Via Roma 2")}
		after := refuge()
		after.Locations = []directory.BodyLocation{place("late", "V. del Segreto 5")}
		for _, b := range []directory.Batch{before, after} {
			if _, err := u.Save(t.Context(), b); err != nil {
				t.Fatal(err)
			}
		}
		list, err := u.BodyLocations(t.Context())
		if err != nil || len(list) != 1 || list[0].ID != "seat" {
			t.Errorf("%+v, %v", list, err)
		}
		if again, err := u.Save(t.Context(), after); err != nil || again.Changed() {
			t.Errorf("again: %+v, %v", again, err)
		}
	})
}

// That a hidden place has moved is not to be read from the date of the entry or from the feed.
func TestHiddenChangesAreSilent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now := clock()
		u := directory.New(d, func() time.Time { return now })
		if _, err := u.Save(t.Context(), refuge()); err != nil {
			t.Fatal(err)
		}
		_, reached, err := u.Changes(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		before, err := u.Entry(t.Context(), "shelter")
		if err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Hour)
		moved := refuge()
		moved.Services[0].Confidential[0].Place.Location.Addresses[0].Address1 = "Via Nuova 9"
		if outcome, err := u.Save(t.Context(), moved); err != nil || outcome["service"].Updated != 1 {
			t.Fatalf("%+v, %v", outcome, err)
		}
		after, err := u.Entry(t.Context(), "shelter")
		if err != nil || after.LastModified != before.LastModified || after.Seq != before.Seq {
			t.Errorf("%s then %s, %v", before.LastModified, after.LastModified, err)
		}
		if list, _, err := u.Changes(t.Context(), reached); err != nil || len(list) != 0 {
			t.Errorf("the feed tells: %v, %v", list, err)
		}
		moved.Services[0].Description = "Accoglienza"
		if _, err := u.Save(t.Context(), moved); err != nil {
			t.Fatal(err)
		}
		if list, _, err := u.Changes(t.Context(), reached); err != nil || len(list) != 1 {
			t.Errorf("what is public is told: %v, %v", list, err)
		}
	})
}
