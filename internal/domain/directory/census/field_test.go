// SPDX-License-Identifier: EUPL-1.2

package census_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

const (
	reportOne = "0199a000-0000-7000-8000-000000000001"
	reportTwo = "0199a000-0000-7000-8000-000000000002"
)

func mediator(member string) access.Actor {
	a := editor(member)
	a.Account, a.Roles = "mediator-"+member, []access.Role{access.Mediator}
	return a
}

func found(name string) census.Found {
	lat, lon := 38.1157, 13.3615
	return census.Found{Name: name, Needs: []string{"food-and-meals"}, Lat: &lat, Lon: &lon, Hours: "ogni sera", Phone: "000 1234567", Languages: []string{"it", "wo"}}
}

func TestFieldReportsBecomeDrafts(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		var photo bytes.Buffer
		o.must(jpeg.Encode(&photo, image.NewRGBA(image.Rect(0, 0, 40, 30)), nil))
		withPlace := append(photo.Bytes()[:2:2], append([]byte("\xff\xe1\x00\x18Exif\x00\x00GPS 38.1157 N\x00"), photo.Bytes()[2:]...)...)
		for range 2 { // a phone that does not know whether it arrived sends again
			o.must(o.Bring(ctx, mediator("coop"), reportOne, found("Mensa della sera"), bytes.NewReader(withPlace)))
		}
		o.must(o.Bring(ctx, mediator("comune"), reportTwo, found("Biblioteca"), nil))
		list, total, err := o.FieldReports(ctx, editor("coop"), census.FieldNew, 1, 10)
		if err != nil || total != 1 || list[0].Name != "Mensa della sera" || list[0].Comune != "082053" || list[0].SeenOn != "2026-11-24" {
			t.Fatalf("%+v, %v", list, err)
		}
		picture, kind, err := o.FieldPhoto(ctx, editor("coop"), reportOne)
		if err != nil || kind != "image/png" || bytes.Contains(picture, []byte("GPS")) || bytes.Contains(picture, []byte("Exif")) {
			t.Errorf("the picture: %s of %d bytes, %v", kind, len(picture), err)
		}
		if own, _, err := o.FieldReports(ctx, mediator("coop"), "", 1, 10); err != nil || len(own) != 1 {
			t.Errorf("whoever brought it sees %v, %v", own, err)
		}
		_, _, err = o.ReadField(ctx, mediator("comune"), reportOne)
		o.missing("another body's report", err)
		_, err = o.Adopt(ctx, mediator("coop"), reportOne, "")
		o.missing("a mediator decides nothing", err)
		id, err := o.Adopt(ctx, editor("coop"), reportOne, "")
		o.must(err)
		draft, err := o.Directory.Edit(ctx, editor("coop"), id)
		if err != nil || draft.Published != nil || draft.Service.Name != "Mensa della sera" || len(draft.Service.Sites) != 1 || len(draft.Service.Languages) != 2 {
			t.Errorf("the draft: %+v, %v", draft, err)
		}
		if _, err := o.Adopt(ctx, editor("coop"), reportOne, ""); !fault.Is(err, fault.KindConflict) {
			t.Errorf("twice: %v", err)
		}
		if err := o.Drop(ctx, editor("comune"), reportTwo, " "); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("without a reason: %v", err)
		}
		o.must(o.Drop(ctx, editor("comune"), reportTwo, "c'è già"))
	})
}

func TestAShelterFoundInTheFieldIsHidden(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		f := found("Casa")
		f.Needs = []string{"gender-violence"}
		o.must(o.Bring(t.Context(), mediator("coop"), reportOne, f, nil))
		id, err := o.Adopt(t.Context(), editor("coop"), reportOne, "")
		o.must(err)
		draft, err := o.Directory.Edit(t.Context(), editor("coop"), id)
		if err != nil || len(draft.Service.Sites) != 0 || len(draft.Service.Confidential) != 1 {
			t.Errorf("%+v, %v", draft.Service, err)
		}
	})
}

func TestFieldReportsRefuse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		nowhere := found("Mensa")
		nowhere.Lat, nowhere.Lon = nil, nil
		strange := found("Mensa")
		strange.Needs = []string{"nothing"}
		for name, f := range map[string]census.Found{"no name": found(" "), "no place": nowhere, "no such need": strange} {
			if err := o.Bring(t.Context(), mediator("coop"), reportOne, f, nil); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := o.Bring(t.Context(), mediator("coop"), "x", found("Mensa"), nil); !fault.Is(err, fault.KindInvalid) {
			t.Errorf("no identifier: %v", err)
		}
		if err := o.Bring(t.Context(), mediator("coop"), reportOne, found("Mensa"), bytes.NewReader([]byte("<svg/>"))); !fault.Is(err, fault.KindUnsupported) {
			t.Errorf("no picture: %v", err)
		}
		o.missing("a stranger", o.Bring(t.Context(), access.Actor{}, reportOne, found("Mensa"), nil))
	})
}

func TestTheSearchBoxStandsWhereTheBodySays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		o.must(o.ShareOn(ctx, editor("comune"), "ufficio", "https://www.comune.example/servizi\nhttps://Intranet.comune.example:8443 http://localhost:8000"))
		if list, err := o.Origins(ctx, "ufficio"); err != nil || len(list) != 3 || list[0] != "https://www.comune.example" || list[1] != "https://intranet.comune.example:8443" {
			t.Errorf("%v, %v", list, err)
		}
		o.missing("another body", o.ShareOn(ctx, editor("coop"), "ufficio", ""))
		for _, bad := range []string{"http://www.comune.example", "*", "https://*.example", "javascript:alert(1)", "https://a.example;script-src", "https://[::1%25a%2Cb]"} {
			if err := o.ShareOn(ctx, editor("comune"), "comune", bad); !fault.Is(err, fault.KindInvalid) {
				t.Errorf("%q: %v", bad, err)
			}
		}
	})
}
