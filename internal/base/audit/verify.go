// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"approdo/internal/kit/db"
)

// Kinds of findings.
const (
	Altered    = "altered"    // the entry is not what was numbered
	Missing    = "missing"    // a number without its entry
	Inserted   = "inserted"   // an entry with a number that was never given
	Unreadable = "unreadable" // a row that can't be read
	Tree       = "tree"       // a node of the tree is not what it was
	Unsigned   = "unsigned"   // a checkpoint that our keys have not signed
	Rewritten  = "rewritten"  // the log is not the one that a checkpoint was signed for
	Truncated  = "truncated"  // a checkpoint knows more entries than there are
	Backdated  = "backdated"  // an entry says it is much older than those numbered before it
)

// Finding is one thing that is wrong.
type Finding struct {
	Kind string `json:"kind"`
	Seq  int64  `json:"seq,omitempty"` // of the entry, or size of the checkpoint
	Text string `json:"text"`
}

// Report is what Verify found.
type Report struct {
	Origin      string    `json:"origin"`
	Size        int64     `json:"size"`        // entries that are numbered
	Root        string    `json:"root"`        // of the tree over them, as recomputed
	Checkpoints int       `json:"checkpoints"` // that were held against the log
	Outside     int       `json:"outside"`     // of these, kept outside the database
	Tail        int       `json:"tail"`        // entries not numbered yet
	TailSince   time.Time `json:"tail_since,omitzero"`
	Findings    []Finding `json:"findings"`
	More        int       `json:"more,omitempty"` // findings beyond those listed
}

// Whole says that nothing is wrong.
func (r *Report) Whole() bool { return len(r.Findings) == 0 }

// maxFindings bounds the list: who deletes a table leaves one finding an entry.
const maxFindings = 1000

func (r *Report) find(kind string, seq int64, format string, args ...any) {
	if len(r.Findings) == maxFindings {
		r.More++
		return
	}
	r.Findings = append(r.Findings, Finding{kind, seq, fmt.Sprintf(format, args...)})
}

// Verify reads the whole log on one snapshot and holds it against its tree, its checkpoints and
// those kept outside. It changes nothing.
func Verify(ctx context.Context, d *db.DB, keys *Keys, outside []Checkpoint) (*Report, error) {
	v := &verification{report: &Report{Origin: keys.Origin, Findings: []Finding{}}, keys: keys}
	err := d.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		v.ctx, v.tx = ctx, tx
		if err := v.readCheckpoints(outside); err != nil {
			return err
		}
		if err := v.walk(); err != nil {
			return err
		}
		v.end()
		return v.tail()
	})
	return v.report, err
}

type verification struct {
	ctx    context.Context
	tx     *db.Tx
	keys   *Keys
	report *Report

	due    []Checkpoint // by size
	signed int64        // size of the largest checkpoint in the database
	forest []node       // complete subtrees of what was read, the largest first
	size   int64        // entries read
	before time.Time    // when the last checkpoint that was met was signed
}

// readCheckpoints collects what the log has to match.
func (v *verification) readCheckpoints(outside []Checkpoint) error {
	stored, err := db.Rows(v.ctx, v.tx, scanCheckpoint, `SELECT size, note FROM audit_checkpoint ORDER BY size`)
	if err != nil {
		return err
	}
	for _, s := range stored {
		c, err := v.keys.Open(s.note)
		switch {
		case err != nil:
			v.report.find(Unsigned, s.size, "the checkpoint of %d entries: %v", s.size, err)
		case c.Size != s.size:
			v.report.find(Unsigned, s.size, "the checkpoint of %d entries was signed for %d", s.size, c.Size)
		default:
			v.due = append(v.due, c)
			v.signed = c.Size
		}
	}
	v.report.Checkpoints, v.report.Outside = len(v.due)+len(outside), len(outside)
	v.due = append(v.due, outside...)
	slices.SortStableFunc(v.due, func(a, b Checkpoint) int { return int(a.Size - b.Size) })
	return nil
}

// chunk is how many entries are held in memory at once.
const chunk = 1000

// walk reads every numbered entry in order.
func (v *verification) walk() error {
	after := int64(-1 << 62)
	for {
		rows, err := v.rows(after)
		if err != nil {
			return err
		}
		last, more := v.signed, len(rows) == chunk
		if more {
			after = rows[chunk-1].Seq
			last = min(last, after)
		}
		for v.size < last && err == nil {
			part := min(last, v.size+chunk)
			n := 0
			for n < len(rows) && rows[n].Seq <= part {
				n++
			}
			err = v.take(rows[:n], part)
			rows = rows[n:]
		}
		if err != nil {
			return err
		}
		for _, r := range rows {
			v.report.find(Inserted, r.Seq, "no checkpoint gave this number")
		}
		if !more {
			return nil
		}
	}
}

// rows gives the next entries. A row that can't be read is a finding, and the others are read.
func (v *verification) rows(after int64) ([]row, error) {
	const where = ` FROM audit_event WHERE seq > $1 ORDER BY seq LIMIT $2`
	rows, err := db.Rows(v.ctx, v.tx, func(s db.Scanner) (row, error) {
		r, err := scanRow(s)
		if err != nil {
			// Only the number is trusted; what can't be read has no hash, so it is found as altered.
			var rest [18]any
			to := make([]any, len(rest))
			for i := range rest {
				to[i] = &rest[i]
			}
			if again := s.Scan(to...); again != nil {
				return r, err
			}
			seq, ok := rest[0].(int64)
			if !ok {
				return r, err
			}
			r = row{Seq: seq, ID: "\xff"}
		}
		return r, nil
	}, `SELECT `+columns+where, after, chunk)
	return rows, err
}

// take holds the rows against the stored tree, up to entry number last.
func (v *verification) take(rows []row, last int64) error {
	stored, err := v.hashes(v.size, last)
	if err != nil {
		return err
	}
	at := 0
	for seq := v.size + 1; seq <= last; seq++ {
		for at < len(rows) && rows[at].Seq < seq {
			v.report.find(Inserted, rows[at].Seq, "an entry more with the number %d", rows[at].Seq)
			at++
		}
		leaf, isKept := stored[tlog.StoredHashIndex(0, seq-1)]
		if at < len(rows) && rows[at].Seq == seq {
			leaf = v.leaf(rows[at], leaf, isKept)
			at++
		} else {
			v.report.find(Missing, seq, "the entry is gone")
		}
		v.grow(leaf, stored)
	}
	for ; at < len(rows); at++ {
		v.report.find(Inserted, rows[at].Seq, "an entry more with the number %d", rows[at].Seq)
	}
	return nil
}

// leaf checks one entry and gives the leaf to go on with: the stored one, so that one altered entry
// is one finding.
func (v *verification) leaf(r row, kept tlog.Hash, isKept bool) tlog.Hash {
	hash, err := r.hash()
	if err != nil {
		v.report.find(Unreadable, r.Seq, "the entry can't be read")
		return kept
	}
	if at := db.FromMillis(r.At); at.Before(v.before.Add(-backdatedAfter)) {
		v.report.find(Backdated, r.Seq, "it says %s, but what came before it was signed on %s", at.Format(time.RFC3339), v.before.Format(time.RFC3339))
	}
	switch {
	case !isKept:
		v.report.find(Tree, r.Seq, "its hash is not in the tree")
		return hash
	case hash != kept:
		v.report.find(Altered, r.Seq, "the entry is not what was numbered")
	}
	return kept
}

// backdatedAfter is how much older than the checkpoint before it an entry may be: commands that run long
// give all they do the time at which they began.
const backdatedAfter = 24 * time.Hour

// hashes gives the stored nodes that entries above from, up to to, brought with them.
func (v *verification) hashes(from, to int64) (map[int64]tlog.Hash, error) {
	found := map[int64]tlog.Hash{}
	err := db.Walk(v.ctx, v.tx, func(s db.Scanner) error {
		var place int64
		var hash []byte
		if err := s.Scan(&place, &hash); err != nil {
			return err
		}
		if len(hash) == tlog.HashSize {
			found[place] = tlog.Hash(hash)
		}
		return nil
	}, `SELECT place, hash FROM audit_hash WHERE place >= $1 AND place < $2`, tlog.StoredHashCount(from), tlog.StoredHashCount(to))
	return found, err
}

// node is the root of a complete subtree.
type node struct {
	level int
	hash  tlog.Hash
}

// grow adds a leaf to the recomputed tree, compares the nodes it completes with the stored ones, and
// the root with the checkpoints of that size.
func (v *verification) grow(leaf tlog.Hash, stored map[int64]tlog.Hash) {
	seq := v.size
	v.size++
	v.forest = append(v.forest, node{0, leaf})
	for n := len(v.forest); n > 1 && v.forest[n-1].level == v.forest[n-2].level; n = len(v.forest) {
		level := v.forest[n-1].level + 1
		hash := tlog.NodeHash(v.forest[n-2].hash, v.forest[n-1].hash)
		if kept, ok := stored[tlog.StoredHashIndex(level, seq>>level)]; !ok || !bytes.Equal(kept[:], hash[:]) {
			v.report.find(Tree, v.size, "a node of level %d is not that of its entries", level)
		}
		v.forest = append(v.forest[:n-2], node{level, hash})
	}
	for len(v.due) > 0 && v.due[0].Size <= v.size {
		c := v.due[0]
		v.due = v.due[1:]
		switch {
		case c.Size < v.size: // one of no entries
		case c.Hash != v.root():
			v.report.find(Rewritten, c.Size, "the first %d entries are not those that were signed on %s", c.Size, c.At.Format(time.RFC3339))
		default:
			v.before = c.At
		}
	}
}

// root is that of the entries read.
func (v *verification) root() tlog.Hash {
	if len(v.forest) == 0 {
		return tlog.Hash{}
	}
	hash := v.forest[len(v.forest)-1].hash
	for i := len(v.forest) - 2; i >= 0; i-- {
		hash = tlog.NodeHash(v.forest[i].hash, hash)
	}
	return hash
}

// end says what the checkpoints know beyond the last entry.
func (v *verification) end() {
	for _, c := range v.due {
		if c.Size > v.size {
			v.report.find(Truncated, c.Size, "%d entries were signed on %s, %d are there", c.Size, c.At.Format(time.RFC3339), v.size)
		}
	}
	v.report.Size, v.report.Root = v.size, v.root().String()
}

// tail counts what is not numbered yet.
func (v *verification) tail() error {
	return db.Walk(v.ctx, v.tx, func(s db.Scanner) error {
		return s.Scan(&v.report.Tail, db.ScanTime(&v.report.TailSince))
	}, `SELECT count(*), min(at) FROM audit_event WHERE seq IS NULL`)
}
