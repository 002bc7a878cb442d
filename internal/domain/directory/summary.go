// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/lang"
)

// Summary is one line of the editors' list.
type Summary struct {
	ID, Body, Name string
	BodyName       string
	Published      bool
	Reserved       bool
	State          string // of the working copy, "" for none
	Status         string
	Needs          []string
	Languages      []string // in which the title can be read
	Outdated       []string // in which some translation is out of date
	Due            string   // day of the next confirmation, "" when it was never confirmed
	ModifiedAt     time.Time
}

// Orders of the editors' list.
const (
	SortName     = "name"
	SortModified = "modified"
	SortDue      = "due"
)

// SummaryFilter says which services to list. Empty fields ask nothing.
type SummaryFilter struct {
	Query    string // words of the name
	State    string // a DraftState, "none" for published without a working copy, "new" for never published
	Status   string
	Need     string
	Body     string
	Lacks    string // language in which the title can't be read
	Outdated string // language in which something is out of date
	Due      string // "overdue", or "soon": within thirty days
	IDs      []string
	Sort     string
	Down     bool
	Page     int // from 1
	Size     int
}

// soonDays is how far ahead the filter "soon" looks.
const soonDays = 30

// mostListed bounds a page of the list, and what one bulk change may touch.
const mostListed = 500

// Summaries lists the services that an actor may edit or translate, and how many there are in all.
func (u *UseCases) Summaries(ctx context.Context, actor access.Actor, f SummaryFilter) (list []Summary, total int, err error) {
	if u.guard == nil || !u.guard.May(actor, "directory.service.list") {
		return nil, 0, access.Missing()
	}
	where, args, err := u.summaryWhere(actor, f)
	if err != nil {
		return nil, 0, err
	}
	err = u.db.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		n, err := db.Row(ctx, tx, db.Column[int64], `SELECT count(*) FROM directory_summary m WHERE `+where, args...)
		if err != nil {
			return err
		}
		total = int(n)
		size := min(max(f.Size, 1), mostListed)
		list, err = db.Rows(ctx, tx, scanSummary, `SELECT m.id, m.organization_id, COALESCE(o.name, ''), m.published, m.confidential, m.state, m.status, m.name, m.needs, m.languages, m.outdated, m.due, m.modified_at
			FROM directory_summary m LEFT JOIN network_organization o ON o.id = m.organization_id WHERE `+where+` ORDER BY `+f.order()+
			` LIMIT `+strconv.Itoa(size)+` OFFSET `+strconv.Itoa((max(f.Page, 1)-1)*size), args...)
		return err
	})
	return list, total, err
}

func (f SummaryFilter) order() string {
	down := ""
	if f.Down {
		down = " DESC"
	}
	switch f.Sort {
	case SortModified:
		return "m.modified_at" + down + ", m.id"
	case SortDue:
		return "m.due" + down + ", m.sort_key, m.id"
	}
	return "m.sort_key" + down + ", m.id"
}

// conditions gathers parts of a WHERE with their arguments.
type conditions struct {
	parts []string
	args  []any
}

// add takes a condition in which each "?" stands for one of args.
func (c *conditions) add(text string, args ...any) {
	for _, a := range args {
		c.args = append(c.args, a)
		text = strings.Replace(text, "?", "$"+strconv.Itoa(len(c.args)), 1)
	}
	c.parts = append(c.parts, text)
}

func (u *UseCases) summaryWhere(actor access.Actor, f SummaryFilter) (string, []any, error) {
	scope, args, err := u.guard.Scope(actor, "directory.service.list", summaryTable, 1)
	c := conditions{[]string{scope}, args}
	for _, word := range strings.Fields(lang.Fold(f.Query)) {
		c.add(`m.folded LIKE ?`, "%"+word+"%") // folding leaves no sign that LIKE knows
	}
	switch f.State {
	case "":
	case "none":
		c.add(`m.state = ''`)
	case "new":
		c.add(`NOT m.published`)
	default:
		c.add(`m.state = ?`, f.State)
	}
	if f.Status != "" {
		c.add(`m.status = ?`, f.Status)
	}
	if f.Need != "" {
		c.add(`m.needs LIKE ?`, "% "+f.Need+" %")
	}
	if f.Body != "" {
		c.add(`m.organization_id = ?`, f.Body)
	}
	if f.Lacks != "" {
		c.add(`m.languages NOT LIKE ?`, "% "+f.Lacks+" %")
	}
	if f.Outdated != "" {
		c.add(`m.outdated LIKE ?`, "% "+f.Outdated+" %")
	}
	today := u.today()
	switch f.Due {
	case "overdue":
		c.add(`m.published AND m.due < ?`, today.String())
	case "soon":
		c.add(`m.published AND m.due >= ? AND m.due <= ?`, today.String(), (today + soonDays).String())
	}
	if len(f.IDs) > 0 {
		args := make([]any, len(f.IDs))
		for i, id := range f.IDs {
			args[i] = id
		}
		c.add(`m.id IN (`+strings.TrimSuffix(strings.Repeat("?, ", len(args)), ", ")+`)`, args...)
	}
	return "(" + strings.Join(c.parts, ") AND (") + ")", c.args, err
}

// summaryTable says where a list finds what policies ask about a service. A test holds it against
// what dossier.resource gives for one.
var summaryTable = access.Table{Type: "Service", ID: "m.id", Columns: map[string]access.Column{
	"member":    {SQL: "m.organization_id", Kind: access.Text},
	"reserved":  {SQL: "m.confidential", Kind: access.Truth},
	"published": {SQL: "m.published", Kind: access.Truth},
	"bodies": {Kind: access.Many, SQL: `m.organization_id IN (WITH RECURSIVE down (id, depth) AS (
			SELECT id, 0 FROM network_organization WHERE id = %s
			UNION SELECT o.id, down.depth + 1 FROM network_organization o JOIN down ON o.parent_id = down.id WHERE down.depth < 8
		) SELECT id FROM down)`},
}}

func scanSummary(s db.Scanner) (Summary, error) {
	var m Summary
	var needs, languages, outdated string
	err := s.Scan(&m.ID, &m.Body, &m.BodyName, &m.Published, &m.Reserved, &m.State, &m.Status, &m.Name, &needs, &languages, &outdated, &m.Due, db.ScanTime(&m.ModifiedAt))
	m.Needs, m.Languages, m.Outdated = strings.Fields(needs), strings.Fields(languages), strings.Fields(outdated)
	return m, err
}

// spaced writes a list so that one item is found with LIKE.
func spaced(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return " " + strings.Join(list, " ") + " "
}

// summarize writes the lines of these services anew from what is stored; one that is neither
// published nor being written has none.
func summarize(ctx context.Context, tx *db.Tx, ids []string) error {
	return eachChunk(ids, func(in string, args []any) error {
		type row struct {
			published, draft *Service
			state            string
			at               int64
		}
		rows := map[string]*row{}
		at := func(id string) *row {
			if rows[id] == nil {
				rows[id] = &row{}
			}
			return rows[id]
		}
		if err := db.Walk(ctx, tx, func(s db.Scanner) error {
			var one Service
			var modified int64
			err := s.Scan(&modified, db.JSON(&one))
			r := at(one.ID)
			r.published, r.at = &one, max(r.at, modified)
			return err
		}, `SELECT modified_at, record FROM directory_service WHERE id IN (`+in+`)`, args...); err != nil {
			return err
		}
		if err := db.Walk(ctx, tx, func(s db.Scanner) error {
			var one Service
			var state string
			var changed int64
			err := s.Scan(&state, &changed, db.JSON(&one))
			r := at(one.ID)
			r.draft, r.state, r.at = &one, state, max(r.at, changed)
			return err
		}, `SELECT state, changed_at, record FROM directory_draft WHERE id IN (`+in+`)`, args...); err != nil {
			return err
		}
		hidden, err := db.Rows(ctx, tx, db.Column[string], `SELECT DISTINCT service_id FROM directory_version WHERE confidential AND service_id IN (`+in+`)`, args...)
		if err != nil {
			return err
		}
		if err := deleteRows(ctx, tx, "directory_summary", textsIn(args)); err != nil {
			return err
		}
		var list [][]any
		for id, r := range rows {
			shown := r.published
			if shown == nil {
				shown = r.draft
			}
			confidential := len(shown.Confidential) > 0 || r.draft != nil && len(r.draft.Confidential) > 0 || slices.Contains(hidden, id)
			list = append(list, summaryRow(*shown, r.published != nil, confidential, r.state, r.at))
		}
		_, err = db.Insert(ctx, tx, summaryInto, ``, list)
		return err
	})
}

func textsIn(args []any) []string {
	list := make([]string, len(args))
	for i, a := range args {
		list[i], _ = a.(string)
	}
	return list
}

const summaryInto = `directory_summary (id, organization_id, published, confidential, state, status, name, sort_key, folded, needs, languages, outdated, due, modified_at)`

func summaryRow(s Service, published, confidential bool, state string, at int64) []any {
	due := ""
	if v := s.Verification(); v.On != 0 {
		due = v.Due.String()
	}
	var outdated []string
	for _, t := range s.Card.Translations {
		if t.State == TranslationOutdated && !slices.Contains(outdated, t.Language) {
			outdated = append(outdated, t.Language)
		}
	}
	folded := lang.Fold(s.Name)
	return []any{s.ID, s.OrganizationID, published, confidential, state, s.Status, s.Name, folded, folded + " " + lang.Fold(s.AlternateName),
		spaced(s.Card.Needs), spaced(s.TextLanguages()), spaced(outdated), due, at}
}

// Summarize writes the lines that are missing: of what was stored before there were lines. The
// program calls it at its start.
func (u *UseCases) Summarize(ctx context.Context) error {
	for {
		var ids []string
		err := u.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
			ids, err = db.Rows(ctx, tx, db.Column[string], `SELECT s.id FROM directory_service s LEFT JOIN directory_summary m ON m.id = s.id WHERE m.id IS NULL ORDER BY s.id LIMIT 1000`)
			if err != nil || len(ids) == 0 {
				return err
			}
			return summarize(ctx, tx, ids)
		})
		if err != nil || len(ids) == 0 {
			return err
		}
	}
}

// summarizeServices writes the lines of services that are being stored, without reading them again:
// an import brings a hundred thousand.
func summarizeServices(ctx context.Context, tx *db.Tx, now time.Time, list []Service) error {
	for chunk := range slices.Chunk(list, 500) {
		args := make([]any, len(chunk))
		for i, s := range chunk {
			args[i] = s.ID
		}
		in := db.Placeholders(1, len(args))
		states, hidden := map[string]string{}, map[string]bool{}
		if err := db.Walk(ctx, tx, func(s db.Scanner) error {
			var id, state string
			var confidential bool
			err := s.Scan(&id, &state, &confidential)
			states[id], hidden[id] = state, confidential
			return err
		}, `SELECT id, state, confidential FROM directory_draft WHERE id IN (`+in+`)`, args...); err != nil {
			return err
		}
		if err := db.Walk(ctx, tx, func(s db.Scanner) error {
			var id string
			err := s.Scan(&id)
			hidden[id] = true
			return err
		}, `SELECT DISTINCT service_id FROM directory_version WHERE confidential AND service_id IN (`+in+`)`, args...); err != nil {
			return err
		}
		rows := make([][]any, len(chunk))
		for i, s := range chunk {
			rows[i] = summaryRow(s, true, len(s.Confidential) > 0 || hidden[s.ID], states[s.ID], db.Millis(now))
		}
		if _, err := db.Insert(ctx, tx, summaryInto, `ON CONFLICT (id) DO UPDATE SET organization_id = excluded.organization_id, published = excluded.published,
			confidential = excluded.confidential, state = excluded.state, status = excluded.status, name = excluded.name, sort_key = excluded.sort_key,
			folded = excluded.folded, needs = excluded.needs, languages = excluded.languages, outdated = excluded.outdated, due = excluded.due,
			modified_at = excluded.modified_at`, rows); err != nil {
			return err
		}
	}
	return nil
}
