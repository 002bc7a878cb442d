// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"
	"net/url"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Origin is where an entry comes from.
type Origin struct {
	Dataset  string // "" when it was entered here
	Address  string // from where the dataset is fetched; "" when people bring it
	Import   string // the last that wrote the entry; "" when that is not kept any more
	Readable bool   // the actor may read that import
	Name     string // of its file, or its address, without the keys in it
	Via      string
	Account  string
	At       time.Time
	Edited   bool // it was changed here since
	Conflict bool // the dataset has changed the same since, and somebody has to choose
}

// OriginOf tells an editor where an entry comes from. It fails with access.Missing.
func (u *UseCases) OriginOf(ctx context.Context, actor access.Actor, service string) (o Origin, err error) {
	working, err := u.Directory.Edit(ctx, actor, service)
	if err != nil || working.Published == nil {
		return o, err
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		o, err = db.Row(ctx, tx, func(s db.Scanner) (o Origin, err error) {
			return o, s.Scan(&o.Dataset, &o.Address, &o.Conflict)
		}, `SELECT s.source, COALESCE(d.address, ''), EXISTS (SELECT 1 FROM directory_conflict c WHERE c.service_id = s.id)
			FROM directory_service s LEFT JOIN directory_dataset d ON d.name = s.source WHERE s.id = $1`, service)
		if err != nil || o.Dataset == "" {
			return err
		}
		o.Address = withoutKeys(o.Address)
		if o.Edited, err = u.Directory.EditedHere(ctx, tx, service); err != nil {
			return err
		}
		last, err := db.Rows(ctx, tx, func(s db.Scanner) (i Import, err error) {
			return i, s.Scan(&i.ID, &i.Name, &i.Via, &i.Account, db.ScanTime(&i.StartedAt))
		}, `SELECT i.id, i.name, i.via, i.account, i.started_at FROM directory_import_change c JOIN directory_import i ON i.id = c.import_id
			WHERE c.kind = $1 AND c.record_id = $2 AND c.after <> '' AND i.dataset = $3 AND i.state = $4 ORDER BY i.started_at DESC, i.id DESC LIMIT 1`,
			directory.KindService, service, o.Dataset, ImportApplied)
		if err != nil || len(last) == 0 {
			return err
		}
		o.Import, o.Name, o.Via, o.Account, o.At = last[0].ID, withoutKeys(last[0].Name), last[0].Via, last[0].Account, last[0].StartedAt
		_, denied := u.datasetFor(ctx, tx, actor, "directory.import.read", o.Dataset)
		o.Readable = denied == nil
		return nil
	})
	return o, err
}

// Feed is the source of an entry that comes from somebody else's address.
type Feed struct {
	Dataset, Address string
	At               time.Time // when it was last read
}

// FeedOf tells of which feed a public entry is; false when it comes from none. Anybody may ask: a feed is
// public where it comes from, and whoever reads the entry should know whom to tell of a mistake.
func (u *UseCases) FeedOf(ctx context.Context, service string) (f Feed, found bool, err error) {
	f, err = db.Row(ctx, u.DB, func(s db.Scanner) (f Feed, err error) {
		return f, s.Scan(&f.Dataset, &f.Address, db.ScanTime(&f.At))
	}, `SELECT d.name, d.address, (SELECT MAX(i.ended_at) FROM directory_import i WHERE i.dataset = d.name AND i.state IN ($1, $2))
		FROM directory_service s JOIN directory_dataset d ON d.name = s.source WHERE s.id = $3 AND d.address <> '' AND NOT s.confidential`,
		ImportApplied, ImportNothing, service)
	if fault.Is(err, fault.KindNotFound) {
		return f, false, nil
	}
	f.Address = withoutKeys(f.Address)
	return f, err == nil, err
}

// withoutKeys is an address as others than its keepers may see it: keys of interfaces stand in queries, and in
// front of the host. The name of a file stays as it is.
func withoutKeys(name string) string {
	address, err := url.Parse(name)
	if err != nil || address.Host == "" {
		return name
	}
	address.User, address.RawQuery, address.Fragment = nil, "", ""
	return address.String()
}
