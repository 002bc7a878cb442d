// SPDX-License-Identifier: EUPL-1.2

package census

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// States of an import.
const (
	ImportRefused   = "refused"   // it has mistakes that have to be mended first
	ImportChecked   = "checked"   // looked at, and waiting for somebody to apply it
	ImportQueued    = "queued"    // to be applied behind the page
	ImportApplied   = "applied"   //
	ImportNothing   = "nothing"   // applied, and nothing was new
	ImportFailed    = "failed"    // it could not be read or written
	ImportUndone    = "undone"    //
	ImportDiscarded = "discarded" // nobody applied it
)

// MaxUpload is how large a file may be that is brought in the browser, in bytes.
const MaxUpload = 32 << 20

// quick is how large a file is applied while somebody waits; others go behind the page.
const quick = 1 << 20

// Import is one taking in of a dataset.
type Import struct {
	ID        string
	Dataset   string
	Member    string // the body acted for
	Account   string
	Via       string // audit.ViaPage, audit.ViaJob
	Name      string // of the file, or the address
	State     string
	Options   Options
	Look      Look
	Version   int64
	StartedAt time.Time
	EndedAt   time.Time
	HasFile   bool // it is kept, so that it can be looked at again and applied
	failed    error
}

// Look is what an import would do, or did.
type Look struct {
	Report  exchange.Report   `json:"report"`
	Errors  int               `json:"errors"`
	Outcome directory.Outcome `json:"outcome,omitempty"`
	Held    []directory.Held  `json:"held,omitempty"`
	Faults  []Refusal         `json:"faults,omitempty"`
	Sample  []Sampled         `json:"sample,omitempty"`
	Sheets  []exchange.Sheet  `json:"sheets,omitempty"` // tables nobody knows, to be mapped
	// Unchanged: the address had nothing newer than the last time.
	Unchanged bool `json:"unchanged,omitempty"`
	// Undone is what could not be put back, after undoing.
	Undone []directory.Held `json:"undone,omitempty"`
}

// Refusal is a fault that stops an import, kept for the page that shows it.
type Refusal struct {
	Field string         `json:"field,omitempty"`
	Key   string         `json:"key"`
	Args  map[string]any `json:"args,omitempty"`
}

// Fault gives the fault back.
func (r Refusal) Fault() *fault.Error {
	return &fault.Error{Kind: fault.KindInvalid, Field: r.Field, Message: fault.Message{Key: r.Key, Args: r.Args}}
}

// Sampled is one of the first services of an import, to see that it was read as it was meant.
type Sampled struct{ Name, Body, Needs, Place, Phone string }

// sampled and mostHeld bound what is kept of a look.
const (
	sampled  = 8
	mostHeld = 500
)

// UploadRequest is a file that somebody brings.
type UploadRequest struct {
	Name    string // of the file
	Data    []byte
	Dataset string
	Options Options
}

// Upload keeps a file and looks at it: nothing is written to the census. It fails with access.Missing
// when the dataset is another body's, Invalid("dataset"), Invalid("file"), TooLarge("file"), and TooMany when
// the account, or all together, read too much.
func (u *UseCases) Upload(ctx context.Context, actor access.Actor, r UploadRequest) (Import, error) {
	if err := checkName(r.Dataset); err != nil {
		return Import{}, err
	}
	if len(r.Data) == 0 {
		return Import{}, fault.Invalid("file", "import.file_missing")
	}
	if len(r.Data) > MaxUpload {
		return Import{}, fault.TooLarge("file", "import.file_large", "megabytes", MaxUpload>>20)
	}
	i := Import{ID: db.NewID(), Dataset: r.Dataset, Member: actor.Member, Account: actor.Account, Via: actor.Via, Name: r.Name, Options: r.Options, StartedAt: u.Clock()}
	if !actor.Has(access.NetworkAdministrator) {
		i.Options.Own, i.Options.TakesOver = true, nil
	}
	// Whether the actor may at all is asked before a large file is read.
	if err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := u.begin(ctx, tx, actor, r.Dataset)
		return err
	}); err != nil {
		return i, err
	}
	if err := u.lookInTurn(ctx, actor, &i, of(r.Name, r.Data)); err != nil {
		return i, err
	}
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := u.begin(ctx, tx, actor, r.Dataset); err != nil {
			return err
		}
		if err := insertImport(ctx, tx, i, r.Data); err != nil {
			return err
		}
		return u.recordImport(ctx, tx, actor, i, "")
	})
	return i, err
}

// insertImport writes an import down; file is nil when none is kept.
func insertImport(ctx context.Context, tx *db.Tx, i Import, file []byte) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO directory_import (id, dataset, member, account, via, name, state, options, report, file, started_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, i.ID, i.Dataset, i.Member, i.Account, i.Via, i.Name, i.State, db.JSON(i.Options), db.JSON(i.Look.kept()), file, db.Millis(i.StartedAt))
	return err
}

// Reconsider looks at a file again with other options. It fails with access.Missing, Conflict, Unavailable
// when the file is kept no more, and TooMany.
func (u *UseCases) Reconsider(ctx context.Context, actor access.Actor, id string, version int64, o Options) error {
	i, data, err := u.importFor(ctx, actor, "directory.import.run", id)
	if err != nil {
		return err
	}
	if i.Version != version || i.State != ImportChecked && i.State != ImportRefused {
		return fault.Conflict("import.conflict")
	}
	if !i.HasFile {
		return fault.Unavailable("import.file_gone")
	}
	i.Options = o
	if !actor.Has(access.NetworkAdministrator) {
		i.Options.Own, i.Options.TakesOver = true, nil
	}
	if err := u.lookInTurn(ctx, actor, &i, of(i.Name, data)); err != nil {
		return err
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error { return u.update(ctx, tx, i, version) })
}

// update writes state, options and report, if nobody did so since version.
func (u *UseCases) update(ctx context.Context, tx *db.Tx, i Import, version int64) error {
	n, err := db.Exec(ctx, tx, `UPDATE directory_import SET state = $1, options = $2, report = $3, ended_at = $4, version = version + 1 WHERE id = $5 AND version = $6`,
		i.State, db.JSON(i.Options), db.JSON(i.Look.kept()), db.NullMillis(i.EndedAt), i.ID, version)
	if err == nil && n == 0 {
		return fault.Conflict("import.conflict")
	}
	return err
}

// Apply writes to the census what was looked at: small files at once, others behind the page. It fails
// with access.Missing, Conflict, Invalid when NeedsAnother, and TooMany.
func (u *UseCases) Apply(ctx context.Context, actor access.Actor, id string, version int64) error {
	i, data, err := u.importFor(ctx, actor, "directory.import.run", id)
	if err != nil {
		return err
	}
	if i.Version != version || i.State != ImportChecked {
		return fault.Conflict("import.conflict")
	}
	if another, err := u.NeedsAnother(ctx, actor, i); err != nil {
		return err
	} else if another {
		return fault.Invalid("", "import.four_eyes")
	}
	if u.Enqueue != nil && len(data) > quick {
		return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
			i.State = ImportQueued
			if err := u.update(ctx, tx, i, version); err != nil {
				return err
			}
			return u.Enqueue(ctx, tx, id)
		})
	}
	end, err := u.turn(ctx, actor)
	if err != nil {
		return err
	}
	defer end()
	return u.carryOut(ctx, actor, i, of(i.Name, data))
}

// NeedsAnother tells whether somebody else has to look at an import and apply it, since the body that it is
// for asks for four eyes and the actor brought the file. What the network brings is of no single body.
func (u *UseCases) NeedsAnother(ctx context.Context, actor access.Actor, i Import) (bool, error) {
	if !i.Options.Own || i.Account != actor.Account {
		return false, nil
	}
	return u.Directory.FourEyes(ctx, u.DB, i.Member)
}

// Queued applies an import that waits behind the page; a job calls it, as often as it must.
func (u *UseCases) Queued(ctx context.Context, id string) error {
	i, data, err := u.readImport(ctx, id)
	if err != nil || i.State != ImportQueued {
		return err
	}
	actor := access.Actor{Account: i.Account, Member: i.Member, Via: audit.ViaJob}
	return u.carryOut(ctx, actor, i, of(i.Name, data))
}

// tooMany tells whether a fetch takes away so many services that a person has to say so, all of them or more
// than half: an address that suddenly says little is more often broken than right. Of few, a few may go.
func tooMany(n directory.Count) bool {
	before := n.Removed + n.Unchanged + n.Updated + n.Held
	return n.Removed > 0 && n.Removed == before || n.Removed > max(10, before/2)
}

// carryOut reads and writes; census, list of what was there before, state and log in one transaction.
func (u *UseCases) carryOut(ctx context.Context, actor access.Actor, i Import, src source) error {
	before := i.State
	batch, ok := u.read(ctx, &i, src)
	if !ok {
		return u.stopped(ctx, i, src)
	}
	_, err := u.apply(ctx, actor, i, before, batch, src)
	return err
}

// stopped writes down that nothing was written, and why.
func (u *UseCases) stopped(ctx context.Context, i Import, src source) error {
	i.EndedAt = u.Clock()
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := u.update(ctx, tx, i, i.Version); err != nil {
			return err
		}
		return u.fetched(ctx, tx, i, src)
	})
}

// apply writes a batch. What the census refuses is in the Import, not an error.
func (u *UseCases) apply(ctx context.Context, actor access.Actor, i Import, before string, batch directory.Batch, src source) (done Import, err error) {
	i.EndedAt = u.Clock()
	unchanged := i.Look.Outcome
	_, err = u.Directory.Apply(ctx, batch, func(ctx context.Context, tx *db.Tx, applied directory.Applied) error {
		done = i
		done.Look.took(applied, unchanged)
		done.State = ImportApplied
		if !applied.Outcome.Changed() {
			done.State = ImportNothing
		}
		if gone := done.Look.Outcome["service"]; src.careful && tooMany(gone) {
			return fault.Invalid("import", "import.many_gone", "gone", gone.Removed)
		}
		if err := writeChanges(ctx, tx, i.ID, applied.Written); err != nil {
			return err
		}
		if err := u.update(ctx, tx, done, i.Version); err != nil {
			return err
		}
		if err := u.fetched(ctx, tx, done, src); err != nil {
			return err
		}
		return u.recordImport(ctx, tx, actor, done, before)
	})
	if faults := fault.All(err); fault.Is(err, fault.KindInvalid) && len(faults) > 0 {
		i.State, i.failed = ImportRefused, err
		i.Look.refuse(faults)
		return i, u.stopped(ctx, i, src)
	}
	return done, err
}

func writeChanges(ctx context.Context, tx *db.Tx, id string, list []directory.Written) error {
	rows := make([][]any, len(list))
	for n, w := range list {
		rows[n] = []any{id, w.Kind, w.ID, w.Before, w.Source, w.Origin, w.After}
	}
	_, err := db.Insert(ctx, tx, `directory_import_change (import_id, kind, record_id, before, before_source, before_origin, after)`, ``, rows)
	return err
}

// Undo puts back what was there before an import. What was changed since stays and is told. It fails
// with access.Missing and Conflict.
func (u *UseCases) Undo(ctx context.Context, actor access.Actor, id string, version int64) error {
	i, _, err := u.importFor(ctx, actor, "directory.import.undo", id)
	if err != nil {
		return err
	}
	if i.Version != version || i.State != ImportApplied {
		return fault.Conflict("import.conflict")
	}
	list, err := db.Rows(ctx, u.DB, func(s db.Scanner) (directory.Written, error) {
		var w directory.Written
		return w, s.Scan(&w.Kind, &w.ID, &w.Before, &w.Source, &w.Origin, &w.After)
	}, `SELECT kind, record_id, before, before_source, before_origin, after FROM directory_import_change WHERE import_id = $1 ORDER BY kind, record_id`, id)
	if err != nil {
		return err
	}
	_, err = u.Directory.Revert(ctx, list, func(ctx context.Context, tx *db.Tx, applied directory.Applied) error {
		undone := i
		undone.State, undone.EndedAt = ImportUndone, u.Clock()
		undone.Look.Undone = applied.Held[:min(len(applied.Held), mostHeld)]
		if err := u.update(ctx, tx, undone, version); err != nil {
			return err
		}
		// What is fetched by the clock would come back at once.
		if _, err := db.Exec(ctx, tx, `UPDATE directory_dataset SET next_at = NULL, every_hours = 0, etag = '', answered = '' WHERE name = $1 AND address <> ''`, i.Dataset); err != nil {
			return err
		}
		return u.recordImport(ctx, tx, actor, undone, i.State)
	})
	return err
}

// Discard throws away a file that nobody wants to apply. It fails with access.Missing and Conflict.
func (u *UseCases) Discard(ctx context.Context, actor access.Actor, id string, version int64) error {
	i, _, err := u.importFor(ctx, actor, "directory.import.run", id)
	if err != nil {
		return err
	}
	if i.State != ImportChecked && i.State != ImportRefused {
		return fault.Conflict("import.conflict")
	}
	before := i.State
	i.State, i.EndedAt = ImportDiscarded, u.Clock()
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := u.update(ctx, tx, i, version); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `UPDATE directory_import SET file = NULL WHERE id = $1`, id); err != nil {
			return err
		}
		return u.recordImport(ctx, tx, actor, i, before)
	})
}

func (u *UseCases) recordImport(ctx context.Context, tx *db.Tx, actor access.Actor, i Import, before string) error {
	action := "directory.import.run"
	if i.State == ImportUndone {
		action = "directory.import.undo"
	}
	changes := []audit.Change{{Field: "state", Before: before, After: i.State}, {Field: "dataset", After: i.Dataset}}
	if n, ok := i.Look.Outcome["service"]; ok && i.State == ImportApplied {
		changes = append(changes, audit.Change{Field: "services", After: fmt.Sprintf("+%d ~%d -%d", n.Created, n.Updated, n.Removed)})
	}
	return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: action, Kind: "import", Record: i.ID, Changes: changes})
}

const importColumns = `i.id, i.dataset, i.member, i.account, i.via, i.name, i.state, i.options, i.report, i.version, i.started_at, i.ended_at, i.file IS NOT NULL`

func scanImport(s db.Scanner) (Import, error) {
	var i Import
	return i, s.Scan(&i.ID, &i.Dataset, &i.Member, &i.Account, &i.Via, &i.Name, &i.State, db.JSON(&i.Options), db.JSON(&i.Look), &i.Version, db.ScanTime(&i.StartedAt), db.ScanTime(&i.EndedAt), &i.HasFile)
}

func (u *UseCases) readImport(ctx context.Context, id string) (i Import, file []byte, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if i, err = db.Row(ctx, tx, scanImport, `SELECT `+importColumns+` FROM directory_import i WHERE i.id = $1`, id); err != nil {
			return err
		}
		file, err = db.Row(ctx, tx, db.Column[[]byte], `SELECT file FROM directory_import WHERE id = $1`, id)
		return err
	})
	if fault.Is(err, fault.KindNotFound) {
		err = access.Missing()
	}
	return i, file, err
}

// importFor reads an import with its file, for an actor who may do action with its dataset.
func (u *UseCases) importFor(ctx context.Context, actor access.Actor, action, id string) (Import, []byte, error) {
	i, file, err := u.readImport(ctx, id)
	if err != nil {
		return Import{}, nil, err
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := u.datasetFor(ctx, tx, actor, action, i.Dataset)
		return err
	})
	return i, file, err
}

// ReadImport reads one; access.Missing when the actor may not.
func (u *UseCases) ReadImport(ctx context.Context, actor access.Actor, id string) (Import, error) {
	i, _, err := u.importFor(ctx, actor, "directory.import.read", id)
	return i, err
}

// Imports lists the imports of the datasets that the actor may read, the newest first, and how many
// there are. Dataset "" is all of them.
func (u *UseCases) Imports(ctx context.Context, actor access.Actor, dataset string, page, size int) (list []Import, total int, err error) {
	scope, args, err := u.Guard.Scope(actor, "directory.import.read", datasetTable, 1)
	if err != nil {
		return nil, 0, err
	}
	from := ` FROM directory_import i JOIN directory_dataset d ON d.name = i.dataset WHERE (` + scope + `)`
	if dataset != "" {
		args = append(args, dataset)
		from += ` AND i.dataset = $` + strconv.Itoa(len(args))
	}
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if total, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*)`+from, args...); err != nil {
			return err
		}
		list, err = db.Rows(ctx, tx, scanImport, `SELECT `+importColumns+from+` ORDER BY i.started_at DESC, i.id DESC LIMIT `+strconv.Itoa(max(size, 1))+` OFFSET `+strconv.Itoa(max(page-1, 0)*max(size, 1)), args...)
		return err
	})
	return list, total, err
}
