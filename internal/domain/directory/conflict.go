// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// conflict is what a dataset says of a service otherwise than somebody here.
type conflict struct {
	service string
	parts   []string
	theirs  *Service // nil: the dataset has it no more
}

// Conflict is a service that was changed here and by its dataset, until a person chooses.
type Conflict struct {
	Service Service // as it is here
	Dataset string
	At      time.Time
	// Theirs is the service as its dataset has it; nil when it has it no more.
	Theirs *Service
	Parts  []PartConflict
	// Version is that of both sides: whoever chooses has seen them.
	Version string
}

// PartConflict is one part with the fields in which the sides differ: before is here, after the dataset.
type PartConflict struct {
	Part    string
	Changes []FieldChange
}

func (d *difference) inConflict(id string) bool {
	return slices.ContainsFunc(d.conflicts, func(c conflict) bool { return c.service == id })
}

// findSettled finds the conflicts that are none any more, since both sides say the same again.
func (d *difference) findSettled(ctx context.Context, tx *db.Tx, b Batch) error {
	if b.edit || b.Source == "" {
		return nil
	}
	open, err := db.Rows(ctx, tx, db.Column[string], `SELECT service_id FROM directory_conflict WHERE dataset = $1 ORDER BY service_id`, b.Source)
	if err != nil || len(open) == 0 {
		return err
	}
	seen := map[string]bool{}
	for _, id := range slices.Concat(idsOf(b.Services, func(s Service) string { return s.ID }), b.Kept, d.goneServices) {
		seen[id] = true
	}
	for _, id := range open {
		if seen[id] && !d.inConflict(id) {
			d.settled = append(d.settled, id)
		}
	}
	return nil
}

// writeConflicts keeps what waits for somebody's choice, and what is known of datasets whose services
// stay as they are.
func (u *UseCases) writeConflicts(ctx context.Context, tx *db.Tx, d difference) error {
	for id, from := range d.renewed {
		if _, err := db.Exec(ctx, tx, `UPDATE directory_service SET origin = $1 WHERE id = $2`, db.JSON(from), id); err != nil {
			return err
		}
	}
	err := eachChunk(append(slices.Clone(d.settled), d.goneServices...), func(in string, args []any) error {
		_, err := db.Exec(ctx, tx, `DELETE FROM directory_conflict WHERE service_id IN (`+in+`)`, args...)
		return err
	})
	if err != nil {
		return err
	}
	rows := make([][]any, len(d.conflicts))
	for i, c := range d.conflicts {
		record := ""
		if c.theirs != nil {
			text, err := json.Marshal(c.theirs)
			if err != nil {
				return err
			}
			record = string(text)
		}
		rows[i] = []any{c.service, d.source, db.JSON(c.parts), record, db.Millis(u.clock())}
	}
	// The same again every night waits since the first time.
	_, err = db.Insert(ctx, tx, `directory_conflict (service_id, dataset, parts, record, at)`,
		`ON CONFLICT (service_id) DO UPDATE SET dataset = excluded.dataset, parts = excluded.parts, record = excluded.record,
			at = CASE WHEN directory_conflict.record = excluded.record THEN directory_conflict.at ELSE excluded.at END`, rows)
	return err
}

const conflictFrom = ` FROM directory_conflict c JOIN directory_service s ON s.id = c.service_id JOIN directory_summary m ON m.id = s.id`

func scanConflict(row db.Scanner) (Conflict, error) {
	var c Conflict
	var parts []string
	var theirs, origin string
	if err := row.Scan(&c.Dataset, db.JSON(&parts), &theirs, db.ScanTime(&c.At), &origin, db.JSON(&c.Service)); err != nil {
		return c, err
	}
	if theirs != "" {
		c.Theirs = &Service{}
		if err := json.Unmarshal([]byte(theirs), c.Theirs); err != nil {
			return c, err
		}
		for _, part := range parts {
			c.Parts = append(c.Parts, PartConflict{Part: part})
		}
		for _, change := range Difference(c.Service, *c.Theirs) {
			part := partOfPath(change.Path)
			for i := range c.Parts {
				if c.Parts[i].Part == part {
					c.Parts[i].Changes = append(c.Parts[i].Changes, change)
				}
			}
		}
	}
	here, err := c.Service.fingerprint()
	c.Version = textDigest(here + "\x00" + theirs)
	return c, err
}

// partOfPath is the part of a path of Difference.
func partOfPath(path string) string {
	for i, r := range path {
		if name := path[:i]; r == '/' && name != "card" {
			path = name
			break
		}
	}
	return fieldSet{}.part(path)
}

const conflictColumns = `c.dataset, c.parts, c.record, c.at, s.origin, s.record`

// Conflicts lists the services that wait for a choice by the actor, the longest waiting first, and how
// many there are.
func (u *UseCases) Conflicts(ctx context.Context, actor access.Actor, page, size int) (list []Conflict, total int, err error) {
	scope, args, err := u.guard.Scope(actor, "directory.service.publish", summaryTable, 1)
	if err != nil {
		return nil, 0, err
	}
	from := conflictFrom + ` WHERE (` + scope + `)`
	err = u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if total, err = db.Row(ctx, tx, db.Column[int], `SELECT count(*)`+from, args...); err != nil {
			return err
		}
		list, err = db.Rows(ctx, tx, scanConflict, `SELECT `+conflictColumns+from+` ORDER BY c.at, c.service_id LIMIT `+
			strconv.Itoa(max(size, 1))+` OFFSET `+strconv.Itoa(max(page-1, 0)*max(size, 1)), args...)
		return err
	})
	return list, total, err
}

// Conflict reads one. It fails with access.Missing.
func (u *UseCases) Conflict(ctx context.Context, actor access.Actor, id string) (c Conflict, err error) {
	err = u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, c, err = u.conflictFor(ctx, tx, actor, id)
		return err
	})
	return c, err
}

func (u *UseCases) conflictFor(ctx context.Context, tx *db.Tx, actor access.Actor, id string) (dossier, Conflict, error) {
	d, err := u.open(ctx, tx, actor, "directory.service.publish", id)
	if err != nil {
		return d, Conflict{}, err
	}
	c, err := db.Row(ctx, tx, scanConflict, `SELECT `+conflictColumns+conflictFrom+` WHERE c.service_id = $1`, id)
	if fault.Is(err, fault.KindNotFound) {
		err = access.Missing()
	}
	return d, c, err
}

// Choose settles a conflict: theirs are the parts that become what the dataset says, all others stay,
// until the dataset changes them again. Of a service that the dataset has no more, anything in
// theirs closes it, and nothing leaves it as it is; either way it is ours, and no dataset writes it from then on. It fails with
// access.Missing, Conflict when either side changed since Version, and as Save does.
func (u *UseCases) Choose(ctx context.Context, actor access.Actor, id, version string, theirs []string) error {
	return u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, c, err := u.conflictFor(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if c.Version != version {
			return fault.Conflict("edit.conflict")
		}
		if c.Theirs == nil {
			err = u.chooseGone(ctx, tx, actor, d, c, len(theirs) > 0)
		} else {
			err = u.chooseParts(ctx, tx, actor, d, c, theirs)
		}
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `DELETE FROM directory_conflict WHERE service_id = $1`, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.clock(), audit.Event{Actor: actor.Audited(), Action: "directory.conflict.choose", Kind: "service", Record: id,
			Changes: []audit.Change{{Field: "dataset", After: c.Dataset}, {Field: "taken", After: joined(theirs)}}})
	})
}

func joined(parts []string) string {
	text := ""
	for _, part := range Parts {
		if slices.Contains(parts, part) {
			text += part + " "
		}
	}
	return text
}

// chooseGone makes a service ours that its dataset has no more: closed, or as it is.
func (u *UseCases) chooseGone(ctx context.Context, tx *db.Tx, actor access.Actor, d dossier, c Conflict, closed bool) error {
	next := c.Service
	next.Source = ""
	how := step{action: StepPublish, audit: "directory.service.publish", reason: c.Dataset}
	if closed {
		next.Status, next.Card.StateReason = StatusDefunct, c.Dataset
		how.action, how.audit = StepClose, "directory.service.close"
	}
	if err := u.put(ctx, tx, actor, how, &c.Service, next, d.Reserved); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE directory_service SET origin = '' WHERE id = $1`, c.Service.ID)
	return err
}

func (u *UseCases) chooseParts(ctx context.Context, tx *db.Tx, actor access.Actor, d dossier, c Conflict, theirs []string) error {
	ours, err := recordFields(c.Service)
	if err != nil {
		return err
	}
	brought, err := recordFields(*c.Theirs)
	if err != nil {
		return err
	}
	var take []string
	for _, p := range c.Parts {
		if slices.Contains(theirs, p.Part) {
			take = append(take, p.Part)
		}
	}
	if len(take) > 0 {
		next, err := ours.take(brought, take).service()
		if err != nil {
			return err
		}
		if err := u.put(ctx, tx, actor, step{action: StepPublish, audit: "directory.service.publish", reason: c.Dataset}, &c.Service, next, d.Reserved); err != nil {
			return err
		}
	}
	text, err := db.Row(ctx, tx, db.Column[string], `SELECT origin FROM directory_service WHERE id = $1`, c.Service.ID)
	if err != nil {
		return err
	}
	var from origin
	if err := json.Unmarshal([]byte(text), &from); err != nil {
		return err
	}
	if from.Parts == nil {
		from.Parts = map[string]string{}
	}
	digests := brought.digests()
	for _, p := range c.Parts {
		from.Parts[p.Part] = digests[p.Part]
	}
	_, err = db.Exec(ctx, tx, `UPDATE directory_service SET origin = $1 WHERE id = $2`, db.JSON(from), c.Service.ID)
	return err
}

// EditedHere tells whether a service was changed here since its dataset brought it.
func (u *UseCases) EditedHere(ctx context.Context, tx *db.Tx, id string) (bool, error) {
	stored, err := storedServices(ctx, tx, []string{id})
	if err != nil {
		return false, err
	}
	return stored[id].edited()
}
