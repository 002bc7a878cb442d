// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"
	"errors"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/pace"
	"approdo/internal/kit/sheet"
)

// States of an import.
const (
	ImportChecked   = "checked" // looked at, and waiting for somebody to apply it
	ImportApplied   = "applied"
	ImportUndone    = "undone"
	ImportDiscarded = "discarded"
)

// MaxImport is how large a file may be, in bytes; the other limits bound what it unfolds to.
const (
	MaxImport  = 4 << 20
	maxRows    = 5000
	maxName    = 200
	mostTold   = 300 // problems that are shown
	keepImport = 90 * 24 * time.Hour
)

var importLimits = sheet.Limits{Bytes: 64 << 20, Cells: 400_000, Columns: 100}

// Options say how a file is read.
type Options struct {
	Sheet    string             `json:"sheet"`
	Columns  []string           `json:"columns"` // one of Fields for each column, "" leaves it out; none: as the titles say
	Section  mediation.Section  `json:"section"` // where the file says none
	Level    string             `json:"level"`
	Modes    []mediation.Mode   `json:"modes"`
	Standing mediation.Standing `json:"standing"` // of new entries
	Informed calendar.Day       `json:"informed"` // day on which all were given the notice on data; zero for not
	Partial  bool               `json:"partial"`  // leave out the rows that can't be taken
}

// Outcome is what an import does with entries, or did.
type Outcome struct {
	Made, Changed, Same, Wrong int
	Kept                       int `json:",omitempty"` // that could not be put back
}

// Import is one file.
type Import struct {
	ID      string
	Version int64
	Member  string
	Account string
	Name    string // of the file
	State   string
	Options Options
	Outcome Outcome
	At      time.Time
	Ended   time.Time
	HasFile bool
}

// Look is what a file holds and what an import of it would do.
type Look struct {
	Sheets   []string
	Columns  []Column
	Rows     int
	Outcome  Outcome
	Problems []Problem
	Left     int // problems beyond those that are told
	Sample   []mediation.Mediator
}

// Column is one column of the file.
type Column struct {
	Title    string
	Field    string
	Examples []string
}

type keptImport struct {
	Options Options
	Outcome Outcome
}

const importColumns = `i.id, i.version, i.member, i.account, i.name, i.state, i.record, i.at, i.ended, i.file IS NOT NULL`

func scanImport(s db.Scanner) (Import, error) {
	var i Import
	var k keptImport
	err := s.Scan(&i.ID, &i.Version, &i.Member, &i.Account, &i.Name, &i.State, db.JSON(&k), db.ScanTime(&i.At), db.ScanTime(&i.Ended), &i.HasFile)
	i.Options, i.Outcome = k.Options, k.Outcome
	return i, err
}

var importTable = access.Table{Type: "RosterImport", ID: "i.id", Columns: map[string]access.Column{"member": {SQL: "i.member", Kind: access.Text}}}

// Imports lists the imports that the actor may see, the latest first; and how many there are.
func (u *UseCases) Imports(ctx context.Context, actor access.Actor, page, size int) (list []Import, total int, err error) {
	scope, args, err := u.Guard.Scope(actor, "mediation.import.run", importTable, 1)
	if err != nil {
		return nil, 0, err
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if total, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_import i WHERE (`+scope+`)`, args...); err != nil {
			return err
		}
		size := min(max(size, 1), 100)
		list, err = db.Rows(ctx, tx, scanImport, `SELECT `+importColumns+` FROM mediation_import i WHERE (`+scope+`) ORDER BY i.at DESC, i.id DESC LIMIT `+strconv.Itoa(size)+` OFFSET `+strconv.Itoa(max(page-1, 0)*size), args...)
		return err
	})
	return list, total, err
}

// importFor reads an import for an actor who may do action with it.
func (u *UseCases) importFor(ctx context.Context, q db.Querier, actor access.Actor, action, id string) (Import, error) {
	i, err := db.Row(ctx, q, scanImport, `SELECT `+importColumns+` FROM mediation_import i WHERE i.id = $1`, id)
	if fault.Is(err, fault.KindNotFound) {
		return i, access.Missing()
	} else if err != nil {
		return i, err
	}
	return i, u.Guard.Check(ctx, actor, action, ofBody("RosterImport", id, i.Member))
}

// turn waits until the actor may have a file read.
func (u *UseCases) turn(ctx context.Context, actor access.Actor) (func(), error) {
	end, err := u.pace.Turn(ctx, actor.Account, u.Clock())
	if errors.Is(err, pace.ErrBusy) {
		err = fault.TooMany("roster.import.busy").Because(err)
	}
	return end, err
}

// Upload keeps a file, sealed, to be looked at: nothing is written to the roster. Faults: Invalid, TooLarge,
// Unsupported for "file"; TooMany; access.Missing.
func (u *UseCases) Upload(ctx context.Context, actor access.Actor, name string, data []byte) (Import, error) {
	i := Import{ID: db.NewID(), Member: actor.Member, Account: actor.Account, Name: path.Base(strings.ReplaceAll(name, `\`, "/")), State: ImportChecked, At: u.Clock()}
	if err := u.Guard.Check(ctx, actor, "mediation.import.run", ofBody("RosterImport", i.ID, i.Member)); err != nil {
		return i, err
	}
	switch {
	case len(data) > MaxImport:
		return i, fault.TooLarge("file", "roster.import.large", "megabytes", MaxImport>>20)
	case len(i.Name) > maxName:
		i.Name = strings.ToValidUTF8(i.Name[:maxName], "")
	}
	if err := u.pace.Spend(actor.Account, i.At); err != nil {
		return i, fault.TooMany("roster.import.spent").Because(err)
	}
	end, err := u.turn(ctx, actor)
	if err != nil {
		return i, err
	}
	defer end()
	tables, err := sheet.Read(i.Name, data, importLimits)
	if err != nil {
		return i, err
	}
	if len(tables) == 0 {
		return i, fault.Invalid("file", "sheet.empty")
	}
	i.Options = guessed(tables)
	return i, u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		sealed, err := u.Vault.Seal(ctx, tx, i.ID, columnFile, data)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_import (id, version, member, account, name, state, record, file, at, ended) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, NULL)`,
			i.ID, i.Member, i.Account, i.Name, i.State, db.JSON(keptImport{i.Options, i.Outcome}), sealed, db.Millis(i.At)); err != nil {
			return err
		}
		return u.recordImport(ctx, tx, actor, i, "mediation.import.run")
	})
}

// guessed are the options for a file that nobody has looked at: the sheet of which most is understood.
func guessed(tables []sheet.Table) Options {
	o := Options{Section: mediation.MediatorSection, Modes: []mediation.Mode{mediation.InPerson, mediation.Video, mediation.Phone}, Standing: mediation.Listed}
	most := -1
	for _, t := range tables {
		h := headerOf(t)
		known := len(slices.DeleteFunc(slices.Clone(h.fields), func(f string) bool { return f == "" }))
		if known > most {
			most, o.Sheet, o.Columns = known, t.Name, h.fields
		}
	}
	return o
}

func (u *UseCases) recordImport(ctx context.Context, tx *db.Tx, actor access.Actor, i Import, action string) error {
	n := i.Outcome
	return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: action, Kind: "roster-import", Record: i.ID, Changes: []audit.Change{
		{Field: "state", After: i.State}, {Field: "entries", After: "+" + strconv.Itoa(n.Made) + " ~" + strconv.Itoa(n.Changed)},
	}})
}

// fileOf opens the file of an import.
func (u *UseCases) fileOf(ctx context.Context, q db.Querier, i Import) ([]sheet.Table, error) {
	if !i.HasFile {
		return nil, fault.Unavailable("roster.import.gone")
	}
	sealed, err := db.Row(ctx, q, db.Column[[]byte], `SELECT file FROM mediation_import WHERE id = $1`, i.ID)
	if err != nil {
		return nil, err
	}
	data, err := u.Vault.Open(ctx, q, i.ID, columnFile, sealed)
	if err != nil {
		return nil, err
	}
	return sheet.Read(i.Name, data, importLimits)
}

// ReadImport gives an import and, while its file is kept and waits, what it would do. That somebody looked
// is recorded. Faults: access.Missing, TooMany.
func (u *UseCases) ReadImport(ctx context.Context, actor access.Actor, id string) (i Import, l Look, err error) {
	end, err := u.turn(ctx, actor)
	if err != nil {
		return i, l, err
	}
	defer end()
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if i, err = u.importFor(ctx, tx, actor, "mediation.import.run", id); err != nil {
			return err
		}
		if i.State != ImportChecked || !i.HasFile {
			return nil
		}
		tables, err := u.fileOf(ctx, tx, i)
		if err != nil {
			return err
		}
		var list []candidate
		if l, list, err = u.look(ctx, tx, i, tables); err != nil {
			return err
		}
		for _, c := range list[:min(len(list), 8)] {
			l.Sample = append(l.Sample, c.entry)
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.import.run", Kind: "roster-import", Record: id, Read: true})
	})
	return i, l, err
}

// ChooseOptions says how the file of an import is read. Faults: Invalid, Conflict, access.Missing.
func (u *UseCases) ChooseOptions(ctx context.Context, actor access.Actor, id string, version int64, o Options) error {
	if err := o.check(); err != nil {
		return err
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		i, err := u.importFor(ctx, tx, actor, "mediation.import.run", id)
		if err != nil {
			return err
		}
		if i.State != ImportChecked {
			return fault.Conflict("mediation.changed_meanwhile")
		}
		i.Options = o
		return u.keepImport(ctx, tx, &i, version)
	})
}

func (o Options) check() error {
	var wrong []error
	if !slices.Contains(mediation.Sections, o.Section) {
		wrong = append(wrong, fault.Invalid("section", "mediation.mediator.section"))
	}
	if o.Level != "" && !slices.Contains(mediation.Levels, o.Level) {
		wrong = append(wrong, fault.Invalid("level", "mediation.mediator.level"))
	}
	if o.Standing != mediation.Listed && o.Standing != mediation.Applied {
		wrong = append(wrong, fault.Invalid("standing", "mediation.mediator.standing"))
	}
	for _, m := range o.Modes {
		if !slices.Contains(mediation.Modes, m) {
			wrong = append(wrong, fault.Invalid("modes", "mediation.mediator.modes"))
		}
	}
	for _, f := range o.Columns {
		if f != "" && !slices.Contains(Fields, f) {
			wrong = append(wrong, fault.Invalid("columns", "roster.fault.column"))
		}
	}
	return errors.Join(wrong...)
}

// keepImport writes an import that nobody has changed since version.
func (u *UseCases) keepImport(ctx context.Context, tx *db.Tx, i *Import, version int64) error {
	n, err := db.Exec(ctx, tx, `UPDATE mediation_import SET version = version + 1, state = $3, record = $4, ended = $5 WHERE id = $1 AND version = $2`,
		i.ID, version, i.State, db.JSON(keptImport{i.Options, i.Outcome}), db.NullMillis(i.Ended))
	if err == nil && n == 0 {
		err = fault.Conflict("mediation.changed_meanwhile")
	}
	i.Version = version + 1
	return err
}

// DiscardImport throws a file away that nobody wants. Faults: Conflict, access.Missing.
func (u *UseCases) DiscardImport(ctx context.Context, actor access.Actor, id string, version int64) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		i, err := u.importFor(ctx, tx, actor, "mediation.import.run", id)
		if err != nil {
			return err
		}
		if i.State != ImportChecked {
			return fault.Conflict("mediation.changed_meanwhile")
		}
		i.State, i.Ended = ImportDiscarded, u.Clock()
		if err := u.keepImport(ctx, tx, &i, version); err != nil {
			return err
		}
		if err := u.forgetFile(ctx, tx, id); err != nil {
			return err
		}
		return u.recordImport(ctx, tx, actor, i, "mediation.import.run")
	})
}

// forgetFile destroys the key of a file; what it changed can be undone still.
func (u *UseCases) forgetFile(ctx context.Context, tx *db.Tx, id string) error {
	if err := u.Vault.Destroy(ctx, tx, id); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE mediation_import SET file = NULL WHERE id = $1`, id)
	return err
}
