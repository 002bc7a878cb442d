// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/outside"
)

// mostOrigins bounds the sites on which the search box of one body may stand.
const mostOrigins = 20

// Origins are the sites on which the search box of a body may stand: "https://www.comune.example".
// Anybody may ask; a body that has named none has an empty list.
func (u *UseCases) Origins(ctx context.Context, body string) ([]string, error) {
	list, err := db.Row(ctx, u.DB, func(s db.Scanner) ([]string, error) {
		var list []string
		return list, s.Scan(db.JSON(&list))
	}, `SELECT origins FROM directory_widget WHERE organization_id = $1`, body)
	if fault.Is(err, fault.KindNotFound) {
		return nil, nil
	}
	return list, err
}

// MayShare tells whether the actor may say where the search box of a body stands; access.Missing when not.
func (u *UseCases) MayShare(ctx context.Context, actor access.Actor, body string) error {
	return u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error { return u.mayShare(ctx, tx, actor, body) })
}

func (u *UseCases) mayShare(ctx context.Context, tx *db.Tx, actor access.Actor, body string) error {
	r, err := resource(ctx, tx, "Widget", body, body)
	if err != nil {
		return err
	}
	if len(r.Attributes["bodies"].([]string)) == 0 {
		return access.Missing()
	}
	return u.Guard.Check(ctx, actor, "directory.widget.edit", r)
}

// ShareOn says on which sites the search box of a body may stand, one a line. It fails with
// access.Missing and Invalid("origins").
func (u *UseCases) ShareOn(ctx context.Context, actor access.Actor, body, text string) error {
	list, err := readOrigins(text)
	if err != nil {
		return err
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := u.mayShare(ctx, tx, actor, body); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO directory_widget (organization_id, origins, changed_at) VALUES ($1, $2, $3)
			ON CONFLICT (organization_id) DO UPDATE SET origins = excluded.origins, changed_at = excluded.changed_at`, body, db.JSON(list), db.Millis(u.Clock())); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{
			Actor: actor.Audited(), Action: "directory.widget.edit", Kind: "widget", Record: body, Changes: []audit.Change{{Field: "origins", After: strings.Join(list, " ")}},
		})
	})
}

// readOrigins reads origins as browsers write them (RFC 6454), and forgives a path behind them.
func readOrigins(text string) ([]string, error) {
	list := []string{}
	for line := range strings.FieldsSeq(strings.ReplaceAll(text, ",", " ")) {
		address, err := url.Parse(line)
		if err != nil {
			return nil, fault.Invalid("origins", "widget.origin", "value", line)
		}
		origin, ok := outside.Origin(address)
		if !ok || address.Scheme != "https" && !local(address.Hostname()) {
			return nil, fault.Invalid("origins", "widget.origin", "value", line)
		}
		if !slices.Contains(list, origin) {
			list = append(list, origin)
		}
	}
	if len(list) > mostOrigins {
		return nil, fault.Invalid("origins", "widget.origins", "most", mostOrigins)
	}
	return list, nil
}

// local is a site on one's own machine, where one tries how it looks.
func local(host string) bool { return host == "localhost" || host == "127.0.0.1" }
