// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Options say how a dataset is taken in.
type Options struct {
	Partial   bool              `json:"partial,omitempty"`    // the good rows of a file that has errors
	Complete  bool              `json:"complete,omitempty"`   // what is in it no more goes
	OverEdits bool              `json:"over_edits,omitempty"` // also over what was edited here
	TakesOver []string          `json:"takes_over,omitempty"` // datasets whose entries become this one's
	Own       bool              `json:"own,omitempty"`        // every service is of the body acted for
	Mapping   *exchange.Mapping `json:"mapping,omitempty"`
}

// Dataset is where entries come from.
type Dataset struct {
	Name       string
	Member     string // the body it belongs to; "" is the network
	MemberName string
	Address    string // from where it is fetched by the clock; "" for files that people bring
	EveryHours int    // 0 is never by the clock
	NextAt     time.Time
	Options    Options
	Services   int    // in the census now
	LastState  string // of its last import
	LastAt     time.Time
	// Failures are how often in a row its address failed, and FailingSince when that began.
	Failures     int
	FailingSince time.Time
	validators   exchange.Validators
}

// Bounds of a schedule, in hours.
const (
	leastHours = 1
	mostHours  = 24 * 31
)

const datasetColumns = `d.name, d.member, COALESCE(o.name, ''), d.address, d.every_hours, d.next_at, d.options,
	(SELECT count(*) FROM directory_service s WHERE s.source = d.name),
	COALESCE((SELECT i.state FROM directory_import i WHERE i.dataset = d.name ORDER BY i.started_at DESC, i.id DESC LIMIT 1), ''),
	(SELECT MAX(i.started_at) FROM directory_import i WHERE i.dataset = d.name),
	d.failures, d.failing_since, d.etag, d.answered`

const datasetFrom = ` FROM directory_dataset d LEFT JOIN network_organization o ON o.id = d.member`

func scanDataset(s db.Scanner) (Dataset, error) {
	var d Dataset
	return d, s.Scan(&d.Name, &d.Member, &d.MemberName, &d.Address, &d.EveryHours, db.ScanTime(&d.NextAt), db.JSON(&d.Options), &d.Services, &d.LastState, db.ScanTime(&d.LastAt),
		&d.Failures, db.ScanTime(&d.FailingSince), &d.validators.ETag, &d.validators.Modified)
}

var datasetTable = access.Table{Type: "Dataset", ID: "d.name", Columns: map[string]access.Column{
	"member": {SQL: "d.member", Kind: access.Text},
	"bodies": {SQL: bodiesIn("d.member"), Kind: access.Many},
}}

// Datasets lists those that the actor may read, by name.
func (u *UseCases) Datasets(ctx context.Context, actor access.Actor) ([]Dataset, error) {
	scope, args, err := u.Guard.Scope(actor, "directory.import.read", datasetTable, 1)
	if err != nil {
		return nil, err
	}
	return db.Rows(ctx, u.DB, scanDataset, `SELECT `+datasetColumns+datasetFrom+` WHERE `+scope+` ORDER BY d.name`, args...)
}

// ReadDataset reads one; access.Missing when the actor may not.
func (u *UseCases) ReadDataset(ctx context.Context, actor access.Actor, name string) (d Dataset, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err = u.datasetFor(ctx, tx, actor, "directory.import.read", name)
		return err
	})
	return d, err
}

// datasetFor reads a dataset and asks whether the actor may do action with it. One that was never
// imported in the browser, by a command for one, is the network's.
func (u *UseCases) datasetFor(ctx context.Context, tx *db.Tx, actor access.Actor, action, name string) (Dataset, error) {
	d, err := db.Row(ctx, tx, scanDataset, `SELECT `+datasetColumns+datasetFrom+` WHERE d.name = $1`, name)
	if fault.Is(err, fault.KindNotFound) {
		return d, access.Missing()
	}
	if err != nil {
		return d, err
	}
	r, err := resource(ctx, tx, "Dataset", name, d.Member)
	if err != nil {
		return d, err
	}
	return d, u.Guard.Check(ctx, actor, action, r)
}

// begin makes a dataset for the body acted for, unless it is there. Network administrators begin it for
// the network. A name under which entries came in otherwise belongs to the network.
func (u *UseCases) begin(ctx context.Context, tx *db.Tx, actor access.Actor, name string) (Dataset, error) {
	there, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM directory_dataset WHERE name = $1`, name)
	if err != nil {
		return Dataset{}, err
	}
	if there == 0 {
		member := actor.Member
		if actor.Has(access.NetworkAdministrator) {
			member = ""
		}
		used, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM directory_service WHERE source = $1`, name)
		if err != nil {
			return Dataset{}, err
		}
		if used > 0 {
			member = ""
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO directory_dataset (name, member, changed_at) VALUES ($1, $2, $3)`, name, member, db.Millis(u.Clock())); err != nil {
			return Dataset{}, err
		}
	}
	return u.datasetFor(ctx, tx, actor, "directory.import.run", name)
}

// longestName bounds the name of a dataset.
const longestName = 80

func checkName(name string) error {
	if name == "" {
		return fault.Invalid("dataset", "import.dataset_missing")
	}
	if utf8.RuneCountInString(name) > longestName || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }) {
		return fault.Invalid("dataset", "import.dataset_long", "limit", longestName)
	}
	return nil
}

// SaveDataset sets from where and how often a dataset is fetched. It fails with access.Missing,
// Invalid("dataset"), Invalid("address") and Invalid("every").
func (u *UseCases) SaveDataset(ctx context.Context, actor access.Actor, d Dataset) error {
	d.Name, d.Address = strings.TrimSpace(d.Name), strings.TrimSpace(d.Address)
	if err := checkName(d.Name); err != nil {
		return err
	}
	if address, err := url.Parse(d.Address); d.Address != "" && (err != nil || address.Host == "" || address.User != nil || address.Scheme != "https" && address.Scheme != "http") {
		return fault.Invalid("address", "dataset.address_bad")
	}
	if d.EveryHours != 0 && (d.EveryHours < leastHours || d.EveryHours > mostHours) {
		return fault.Invalid("every", "dataset.hours", "least", leastHours, "most", mostHours)
	}
	if d.EveryHours > 0 && d.Address == "" {
		return fault.Invalid("address", "dataset.address_bad")
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, err := u.begin(ctx, tx, actor, d.Name)
		if err != nil {
			return err
		}
		if _, err := u.datasetFor(ctx, tx, actor, "directory.dataset.edit", d.Name); err != nil {
			return err
		}
		var next time.Time
		if d.EveryHours > 0 {
			next = before.LastAt.Add(time.Duration(d.EveryHours) * time.Hour)
			if now := u.Clock(); next.Before(now) {
				next = now
			}
		}
		if _, err := db.Exec(ctx, tx, `UPDATE directory_dataset SET address = $1, every_hours = $2, next_at = $3, options = $4, changed_at = $5,
			etag = '', answered = '', failures = 0, failing_since = NULL WHERE name = $6`,
			d.Address, d.EveryHours, db.NullMillis(next), db.JSON(d.Options), db.Millis(u.Clock()), d.Name); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "directory.dataset.edit", Kind: "dataset", Record: d.Name, Changes: []audit.Change{
			{Field: "address", Before: before.Address, After: d.Address},
			{Field: "every_hours", Before: strconv.Itoa(before.EveryHours), After: strconv.Itoa(d.EveryHours)},
		}})
	})
}
