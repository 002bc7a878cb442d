// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
)

// PaperKinds are what a paper shows.
var PaperKinds = []string{"curriculum", "evidence", "identity", "consent", "other"}

// Papers are documents as people have them on a telephone, too.
var Papers = upload.Accept{Bytes: 5 << 20, Pixels: 24_000_000, Papers: true}

// MostPapers is how many papers an entry has at most, MostSent how many come with one form, and MostBytes
// what all papers come to that somebody sends who applies: anybody can.
const (
	MostPapers = 30
	MostSent   = 5
	MostBytes  = 10 << 20
)

// Sent is a file of a form.
type Sent struct {
	Field  string // of the form
	Kind   string // one of PaperKinds
	Source io.Reader
}

// Paper is what is kept of one, without what stands in it.
type Paper struct {
	ID    string
	Kind  string
	Media string
	Size  int64
	Added time.Time
}

// taken is a paper that was read and accepted.
type taken struct {
	kind    string
	kept    upload.Kept
	content []byte
}

// take reads the files of a form. Faults: TooLarge, Unsupported, Invalid by field.
func take(sent []Sent) (list []taken, err error) {
	if len(sent) > MostSent {
		return nil, fault.Invalid(sent[0].Field, "roster.paper.many", "most", MostSent)
	}
	for _, s := range sent {
		if !slices.Contains(PaperKinds, s.Kind) {
			return nil, fault.Invalid(s.Field, "roster.apply.choose")
		}
		content, k, bad := Papers.Take(s.Field, s.Source)
		switch {
		case fault.Is(bad, fault.KindTooLarge):
			err = errors.Join(err, fault.TooLarge(s.Field, "roster.paper.large", "megabytes", Papers.Bytes>>20))
		case fault.Is(bad, fault.KindUnsupported):
			err = errors.Join(err, fault.Unsupported(s.Field, "roster.paper.kind"))
		case bad != nil:
			return nil, bad
		}
		list = append(list, taken{s.Kind, k, content})
	}
	return list, err
}

// keepPapers seals papers under the key of an entry, as long as all come to no more bytes than most.
func (u *UseCases) keepPapers(ctx context.Context, tx *db.Tx, mediator string, list []taken, most int64) error {
	have, err := db.Row(ctx, tx, db.Column[int], `SELECT count(*) FROM mediation_document WHERE mediator = $1`, mediator)
	if err != nil {
		return err
	}
	if len(list) > 0 && have+len(list) > MostPapers {
		return fault.Invalid("papers", "roster.paper.many", "most", MostPapers)
	}
	bytes, err := db.Row(ctx, tx, db.Column[int64], `SELECT CAST(coalesce(SUM(size), 0) AS BIGINT) FROM mediation_document WHERE mediator = $1`, mediator)
	if err != nil {
		return err
	}
	for _, p := range list {
		if bytes += p.kept.Size; bytes > most {
			return fault.TooLarge("papers", "roster.paper.together", "megabytes", most>>20)
		}
		sealed, err := u.Vault.Seal(ctx, tx, mediator, columnPaper, p.content)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_document (id, mediator, kind, media, size, sha256, added, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			db.NewID(), mediator, p.kind, p.kept.Type, p.kept.Size, p.kept.SHA256, db.Millis(u.Clock()), sealed); err != nil {
			return err
		}
	}
	return nil
}

func papersOf(ctx context.Context, q db.Querier, mediator string) ([]Paper, error) {
	return db.Rows(ctx, q, func(s db.Scanner) (Paper, error) {
		var p Paper
		return p, s.Scan(&p.ID, &p.Kind, &p.Media, &p.Size, db.ScanTime(&p.Added))
	}, `SELECT id, kind, media, size, added FROM mediation_document WHERE mediator = $1 ORDER BY added, id`, mediator)
}

// AddPapers adds papers to an entry that the actor keeps. Faults: Invalid, TooLarge, Unsupported; access.Missing.
func (u *UseCases) AddPapers(ctx context.Context, actor access.Actor, mediator string, sent []Sent) error {
	papers, err := take(sent)
	if err != nil {
		return err
	}
	if len(papers) == 0 {
		return fault.Invalid("paper", "roster.paper.none")
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := u.entryFor(ctx, tx, actor, "mediation.application.review", mediator); err != nil {
			return err
		}
		if err := u.keepPapers(ctx, tx, mediator, papers, MostPapers*int64(Papers.Bytes)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.application.review", Kind: "mediator", Record: mediator, Subject: mediator, Changes: []audit.Change{{Field: "papers", Hidden: true}}})
	})
}

// ReadPaper gives a paper of an entry, which is recorded. Faults: access.Missing.
func (u *UseCases) ReadPaper(ctx context.Context, actor access.Actor, mediator, id string) (p Paper, content []byte, err error) {
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := u.entryFor(ctx, tx, actor, "mediation.application.read", mediator); err != nil {
			return err
		}
		if p, content, err = u.paper(ctx, tx, mediator, id); err != nil {
			return err
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.application.read", Kind: "mediator", Record: mediator, Subject: mediator, Read: true})
	})
	return p, content, err
}

// paper opens a paper and holds it against what was kept.
func (u *UseCases) paper(ctx context.Context, q db.Querier, mediator, id string) (p Paper, content []byte, err error) {
	var sum string
	var sealed []byte
	p, err = db.Row(ctx, q, func(s db.Scanner) (Paper, error) {
		var p Paper
		return p, s.Scan(&p.ID, &p.Kind, &p.Media, &p.Size, db.ScanTime(&p.Added), &sum, &sealed)
	}, `SELECT id, kind, media, size, added, sha256, sealed FROM mediation_document WHERE id = $1 AND mediator = $2`, id, mediator)
	if fault.Is(err, fault.KindNotFound) {
		return p, nil, access.Missing()
	} else if err != nil {
		return p, nil, err
	}
	if content, err = u.Vault.Open(ctx, q, mediator, columnPaper, sealed); err != nil {
		return p, nil, err
	}
	if got := sha256.Sum256(content); hex.EncodeToString(got[:]) != sum {
		return p, nil, errors.New("roster: a paper is not what was kept")
	}
	return p, content, nil
}
