// SPDX-License-Identifier: EUPL-1.2

package census_test

import (
	"testing"
	"time"

	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
	"approdo/internal/kit/fault"
)

// Reading is what one request can make dear: each account reads so many files an hour, whatever is in them.
func TestAnAccountReadsFilesAtAPace(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		o := open(t, d)
		upload := func(account string) (census.Import, error) {
			who := editor("coop")
			who.Account = account
			return o.Upload(ctx, who, census.UploadRequest{Name: "elenco.csv", Data: []byte("a;b\n"), Dataset: "coop-elenco"})
		}
		i, err := upload("editor-coop")
		o.must(err)
		for range 14 {
			_, err := upload("editor-coop")
			o.must(err)
			o.must(o.Reconsider(ctx, editor("coop"), i.ID, i.Version, census.Options{}))
			i.Version++
		}
		_, err = upload("editor-coop")
		o.must(err)
		if _, err := upload("editor-coop"); !fault.Is(err, fault.KindTooMany) {
			t.Errorf("the thirty-first: %v", err)
		}
		if err := o.Reconsider(ctx, editor("coop"), i.ID, i.Version, census.Options{}); !fault.Is(err, fault.KindTooMany) {
			t.Errorf("looking again: %v", err)
		}
		_, total, err := o.Imports(ctx, editor("coop"), "", 1, 1)
		o.must(err)
		if total != 16 {
			t.Errorf("%d imports are written down, want 16: what is refused is not", total)
		}
		_, err = upload("second")
		o.must(err)
		o.now = o.now.Add(2 * time.Minute)
		_, err = upload("editor-coop")
		o.must(err)
	})
}
