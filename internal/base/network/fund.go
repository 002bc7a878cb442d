// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"context"
	"errors"
	"regexp"
	"strconv"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

const fundColumns = `SELECT record, version FROM network_fund`

func scanFund(s db.Scanner) (Fund, error) {
	var f Fund
	return f, s.Scan(db.JSON(&f), &f.Version)
}

// Funds lists the funds by code.
func Funds(ctx context.Context, q db.Querier) ([]Fund, error) {
	return db.Rows(ctx, q, scanFund, fundColumns+` ORDER BY code`)
}

// FundByCode fails with NotFound.
func FundByCode(ctx context.Context, q db.Querier, code string) (Fund, error) {
	return db.Row(ctx, q, scanFund, fundColumns+` WHERE code = $1`, code)
}

// AddFunds puts in the funds that are not there yet.
func AddFunds(ctx context.Context, tx *db.Tx, list []Fund) error {
	rows := make([][]any, len(list))
	for i, f := range list {
		rows[i] = []any{f.Code, int64(1), db.JSON(f)}
	}
	_, err := db.Insert(ctx, tx, `network_fund (code, version, record)`, `ON CONFLICT (code) DO NOTHING`, rows)
	return err
}

var fundCode = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{1,39}$`)

// SaveFund enters a fund (version 0) or changes one; its projects bear its new name from then on.
// Faults: Missing, Invalid (joined), Conflict.
func (u *UseCases) SaveFund(ctx context.Context, actor access.Actor, sent Fund) (Fund, error) {
	if err := u.check(ctx, actor, "network.fund.write", fundResource(sent.Code)); err != nil {
		return sent, err
	}
	out := sent
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		out = sent
		c := change{action: "network.fund.write"}
		before, err := FundByCode(ctx, tx, sent.Code)
		switch {
		case fault.Is(err, fault.KindNotFound) && sent.Version == 0:
		case err != nil:
			return access.Missing()
		case sent.Version == 0:
			return fault.Invalid("code", "network.project_code_taken")
		default:
			if err := same(sent.Version, before.Version); err != nil {
				return err
			}
			c.from, c.before = before.Version, before
		}
		return u.writeFund(ctx, tx, actor, &out, c)
	})
	return out, err
}

// RestoreFund writes an earlier state anew, and gives its projects the name that it had.
// Faults: Missing, NotFound, Invalid, Conflict.
func (u *UseCases) RestoreFund(ctx context.Context, actor access.Actor, code string, version, number int64) (Fund, error) {
	if err := u.check(ctx, actor, "network.fund.write", fundResource(code)); err != nil {
		return Fund{}, err
	}
	var f Fund
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, err := FundByCode(ctx, tx, code)
		if err != nil {
			return access.Missing()
		}
		if err := same(version, before.Version); err != nil {
			return err
		}
		f = Fund{}
		if err := stateOf(ctx, tx, KindFund, code, number, &f); err != nil {
			return err
		}
		f.Code = code
		return u.writeFund(ctx, tx, actor, &f, change{action: "network.fund.restore", from: before.Version, before: before})
	})
	return f, err
}

// FundHistory lists the states of a fund, the newest first. Faults: Missing.
func (u *UseCases) FundHistory(ctx context.Context, actor access.Actor, code string) ([]Version, error) {
	if err := u.check(ctx, actor, "network.fund.write", fundResource(code)); err != nil {
		return nil, err
	}
	return history(ctx, u.DB, KindFund, code)
}

func fundResource(code string) access.Resource { return access.Resource{Type: "Fund", ID: code} }

func (u *UseCases) writeFund(ctx context.Context, tx *db.Tx, actor access.Actor, f *Fund, c change) error {
	if err := f.valid(); err != nil {
		return err
	}
	f.Version = c.from + 1
	if _, err := db.Exec(ctx, tx, `INSERT INTO network_fund (code, version, record) VALUES ($1, $2, $3)
		ON CONFLICT (code) DO UPDATE SET version = excluded.version, record = excluded.record`, f.Code, f.Version, db.JSON(*f)); err != nil {
		return err
	}
	c.kind, c.record, c.after = KindFund, f.Code, *f
	if err := u.keep(ctx, tx, actor, c); err != nil {
		return err
	}
	return u.renameFund(ctx, tx, actor, *f)
}

func (u *UseCases) renameFund(ctx context.Context, tx *db.Tx, actor access.Actor, f Fund) error {
	projects, err := Projects(ctx, tx)
	if err != nil {
		return err
	}
	for _, p := range projects {
		if p.Fund != f.Code || p.FundName == f.Name && p.FundAuthority == f.Authority {
			continue
		}
		after := p
		after.FundName, after.FundAuthority = f.Name, f.Authority
		if err := u.writeProject(ctx, tx, actor, &after, change{action: "network.fund.write", from: p.Version, before: p}); err != nil {
			return err
		}
	}
	return nil
}

func (f Fund) valid() error {
	var faults []error
	if !fundCode.MatchString(f.Code) {
		faults = append(faults, fault.Invalid("code", "network.project_code_wrong"))
	}
	if strings.TrimSpace(f.Name) == "" {
		faults = append(faults, fault.Invalid("name", "network.name_missing"))
	}
	for i, e := range f.Emblems {
		if strings.TrimSpace(e.Text) == "" {
			faults = append(faults, fault.Invalid("emblem_text_"+strconv.Itoa(i+1), "network.picture_without_words"))
		}
	}
	return errors.Join(faults...)
}
