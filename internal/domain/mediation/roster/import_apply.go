// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/sheet"
)

// look reads the rows of the sheet that was chosen and says what each would do.
func (u *UseCases) look(ctx context.Context, q db.Querier, i Import, tables []sheet.Table) (Look, []candidate, error) {
	l := Look{}
	at := 0
	for n, t := range tables {
		l.Sheets = append(l.Sheets, t.Name)
		if t.Name == i.Options.Sheet {
			at = n
		}
	}
	t := tables[at]
	h := headerOf(t)
	for c, title := range h.titles {
		field := h.fields[c]
		if c < len(i.Options.Columns) {
			field = i.Options.Columns[c]
		}
		h.fields[c] = field
		l.Columns = append(l.Columns, Column{Title: title, Field: field, Examples: examples(t, h.row, c, field)})
	}
	var problems []Problem
	list := rowsOf(t, h, i.Options, &problems)
	l.Rows = len(list)
	if len(h.titles) == 0 || len(list) == 0 {
		problems = append(problems, Problem{Key: "roster.row.none", Wrong: true})
	}
	if len(list) > maxRows {
		return l, nil, fault.TooLarge("file", "roster.fault.rows", "most", maxRows)
	}
	if err := u.match(ctx, q, i, list, &problems); err != nil {
		return l, nil, err
	}
	for _, c := range list {
		switch {
		case c.wrong:
			l.Outcome.Wrong++
		case c.matched == "":
			l.Outcome.Made++
		case same(c.entry, c.old):
			l.Outcome.Same++
		default:
			l.Outcome.Changed++
		}
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.Line - b.Line })
	l.Left = max(len(problems)-mostTold, 0)
	l.Problems = problems[:len(problems)-l.Left]
	return l, list, nil
}

// examples are the first texts of a column.
func examples(t sheet.Table, header, column int, field string) (list []string) {
	for _, row := range t.Rows[header+1:] {
		text := row.Cell(column)
		if day, ok := sheet.Day(text, t.Since04); ok && slices.Contains([]string{"act_day", "expires", "informed"}, field) {
			text = day.Format("02/01/2006")
		}
		if text != "" && !slices.Contains(list, text) {
			if list = append(list, text); len(list) == 3 {
				break
			}
		}
	}
	return list
}

// Understand reads the rows of a table as entries, without anything that is known already, and says what is
// wrong with them.
func Understand(t sheet.Table, o Options) (entries []mediation.Mediator, problems []Problem) {
	for _, c := range rowsOf(t, headerOf(t), o, &problems) {
		if !c.wrong {
			entries = append(entries, c.entry)
		}
	}
	return entries, problems
}

// rowsOf makes candidates of the rows: rows of one person that differ in the language alone are one.
func rowsOf(t sheet.Table, h header, o Options, problems *[]Problem) (list []candidate) {
	known := map[string]int{}
	if len(h.titles) == 0 {
		return nil
	}
	for _, row := range t.Rows[h.row+1:] {
		cells := map[string][]string{}
		for c, field := range h.fields {
			if text := row.Cell(c); field != "" && text != "" {
				cells[field] = append(cells[field], text)
			}
		}
		if len(cells) == 0 {
			continue
		}
		r := rowReader{o: o, since04: t.Since04, line: row.Line, problems: problems}
		c := r.read(cells)
		if first, ok := known[c.key]; ok {
			joined(&list[first], c, &r)
			continue
		}
		if !c.wrong {
			checked := c.entry
			checked.Standing = o.Standing
			r.refusals(checked)
			c.wrong = r.wrong
		}
		known[c.key] = len(list)
		list = append(list, c)
	}
	return list
}

// joined adds the languages of another row of the same person, and of nobody else's.
func joined(to *candidate, c candidate, r *rowReader) {
	if lang.Fold(to.entry.Name) != lang.Fold(c.entry.Name) {
		r.problem(true, "key", "roster.row.twice")
		to.wrong = true
		return
	}
	for _, l := range c.entry.Languages {
		if _, has := to.entry.Speaks(l.Code); !has {
			to.entry.Languages = append(to.entry.Languages, l)
		}
	}
	to.wrong = to.wrong || c.wrong
}

// mark is what tells a row of the files of a body from others, as it is kept.
func (u *UseCases) mark(member, key string) []byte {
	return u.Vault.Index("mediation.origin", member+"/"+key)
}

// match finds the entries that rows are already, and makes of each what it would be.
func (u *UseCases) match(ctx context.Context, q db.Querier, i Import, list []candidate, problems *[]Problem) error {
	entries, err := u.Mediation.Entries(ctx, q, `m.member = $1 AND m.state <> 'left' ORDER BY m.id`, i.Member)
	if err != nil {
		return err
	}
	named := map[string][]string{}
	byID := map[string]bool{}
	for _, m := range entries {
		named[lang.Fold(m.Name)] = append(named[lang.Fold(m.Name)], m.ID)
		byID[m.ID] = true
	}
	origins, err := u.origins(ctx, q, i.Member)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for n := range list {
		c := &list[n]
		if c.wrong {
			continue
		}
		r := rowReader{line: c.line, problems: problems}
		id := origins[string(u.mark(i.Member, c.key))]
		if !byID[id] {
			if id, err = u.known(ctx, q, named[lang.Fold(c.entry.Name)], c.entry, &r); err != nil {
				return err
			}
		}
		if id != "" && taken[id] {
			r.problem(true, "key", "roster.row.twice")
			c.wrong = true
			continue
		}
		taken[id] = id != ""
		if id == "" {
			c.entry.Standing = i.Options.Standing
			if c.entry.Informed == 0 {
				c.entry.Informed = i.Options.Informed
			}
			continue
		}
		if c.old, err = u.Mediation.Entry(ctx, q, id); err != nil {
			return err
		}
		coming, err := u.Mediation.Coming(ctx, q, id)
		if err != nil {
			return err
		}
		c.matched = id
		c.entry = over(c.old, *c, coming > 0, &r)
		r.refusals(c.entry)
		c.wrong = r.wrong
	}
	return nil
}

func (u *UseCases) origins(ctx context.Context, q db.Querier, member string) (map[string]string, error) {
	found := map[string]string{}
	return found, db.Walk(ctx, q, func(s db.Scanner) error {
		var mark []byte
		var id string
		if err := s.Scan(&mark, &id); err != nil {
			return err
		}
		found[string(mark)] = id
		return nil
	}, `SELECT mark, mediator FROM mediation_origin WHERE member = $1`, member)
}

// known finds the entry of somebody of the same name with the same tax code, mail or telephone. Another of
// the same name is told.
func (u *UseCases) known(ctx context.Context, q db.Querier, ids []string, m mediation.Mediator, r *rowReader) (string, error) {
	for _, id := range ids {
		old, err := u.Mediation.Entry(ctx, q, id)
		if err != nil {
			return "", err
		}
		a, b := old.Contact, m.Contact
		if a.TaxCode != "" && a.TaxCode == b.TaxCode || a.Mail != "" && strings.EqualFold(a.Mail, b.Mail) || a.Phone != "" && strings.TrimPrefix(a.Phone, "+39") == strings.TrimPrefix(b.Phone, "+39") {
			return id, nil
		}
	}
	if len(ids) > 0 {
		r.problem(false, "name", "roster.row.namesake")
	}
	return "", nil
}

// over is an entry with what a row says, and the rest as it was. From somebody who is booked ahead a file
// takes nothing away that they may be booked for.
func over(old mediation.Mediator, c candidate, booked bool, r *rowReader) mediation.Mediator {
	m, row := old, c.entry
	says := func(fields ...string) bool {
		return slices.ContainsFunc(fields, func(f string) bool { return c.says[f] })
	}
	if says("name", "given", "family") {
		m.Name = row.Name
	}
	if says("section") {
		m.Section = row.Section
	}
	if says("gender") && row.Gender != "" {
		m.Gender = row.Gender
	}
	if says("language") {
		m.Languages = languagesOver(old.Languages, row.Languages, c.says, booked, r)
	}
	if says("modes") {
		m.Modes = row.Modes
		for _, mode := range old.Modes {
			if booked && !slices.Contains(m.Modes, mode) {
				m.Modes = append(slices.Clone(m.Modes), mode)
				r.problem(false, "modes", "roster.row.booked")
			}
		}
	}
	if says("comune") && row.Home.Comune != "" && row.Home.Comune != old.Home.Comune {
		if booked {
			r.problem(false, "comune", "roster.row.booked")
		} else {
			m.Home = row.Home
		}
	}
	if says("areas") && !booked {
		m.Areas = row.Areas
	}
	if says("range") && !booked {
		m.Range = row.Range
	}
	for _, s := range row.Skills {
		if !slices.ContainsFunc(m.Skills, func(o mediation.Skill) bool { return o.Code == s.Code }) {
			m.Skills = append(slices.Clone(m.Skills), s)
		}
	}
	contact(&m, row, says)
	return m
}

// contact takes what is on one line each, where the row has something.
func contact(m *mediation.Mediator, row mediation.Mediator, says func(...string) bool) {
	for _, one := range []struct {
		to   *string
		text string
	}{{&m.Contact.Phone, row.Contact.Phone}, {&m.Contact.Mail, row.Contact.Mail}, {&m.Contact.TaxCode, row.Contact.TaxCode}, {&m.Employer, row.Employer}, {&m.Act.Number, row.Act.Number}, {&m.Remarks, row.Remarks}} {
		if one.text != "" {
			*one.to = one.text
		}
	}
	if says("rate") && len(row.Rates) > 0 {
		m.Rates = row.Rates
	}
	if row.Act.Day != 0 {
		m.Act.Day = row.Act.Day
	}
	if row.Expires != 0 {
		m.Expires = row.Expires
	}
	if row.Informed != 0 {
		m.Informed = row.Informed
	}
}

// languagesOver keeps of a language that is there already what the row is silent about.
func languagesOver(old, row []mediation.Language, says map[string]bool, booked bool, r *rowReader) (list []mediation.Language) {
	for _, l := range row {
		for _, o := range old {
			if o.Code == l.Code {
				l.Direction = o.Direction
				if l.Dialect == "" {
					l.Dialect = o.Dialect
				}
				if !says["written"] {
					l.Written = l.Written || o.Written
				}
			}
		}
		list = append(list, l)
	}
	for _, o := range old {
		if booked && !slices.ContainsFunc(list, func(l mediation.Language) bool { return l.Code == o.Code }) {
			list = append(list, o)
			r.problem(false, "language", "roster.row.booked")
		}
	}
	return list
}

func same(a, b mediation.Mediator) bool { return reflect.DeepEqual(a, b) }

// ApplyImport writes what was looked at, in one transaction. Faults: Invalid when rows can't be taken and the
// options do not leave them out; Conflict, Unavailable, TooMany, access.Missing.
func (u *UseCases) ApplyImport(ctx context.Context, actor access.Actor, id string, version int64) (i Import, err error) {
	end, err := u.turn(ctx, actor)
	if err != nil {
		return i, err
	}
	defer end()
	err = u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if i, err = u.importFor(ctx, tx, actor, "mediation.import.run", id); err != nil {
			return err
		}
		if i.State != ImportChecked || i.Version != version {
			return fault.Conflict("mediation.changed_meanwhile")
		}
		tables, err := u.fileOf(ctx, tx, i)
		if err != nil {
			return err
		}
		l, list, err := u.look(ctx, tx, i, tables)
		if err != nil {
			return err
		}
		if l.Outcome.Wrong > 0 && !i.Options.Partial || len(list) == 0 {
			return fault.Invalid("partial", "roster.import.wrong")
		}
		for _, c := range list {
			if c.wrong || c.matched != "" && same(c.entry, c.old) {
				continue
			}
			if err := u.take(ctx, tx, actor, i, c); err != nil {
				return err
			}
		}
		i.State, i.Outcome, i.Ended = ImportApplied, l.Outcome, u.Clock()
		if err := u.keepImport(ctx, tx, &i, version); err != nil {
			return err
		}
		return u.recordImport(ctx, tx, actor, i, "mediation.import.run")
	})
	return i, err
}

// kept is an entry as it was before an import.
type kept struct {
	Entry    mediation.Mediator
	Contact  mediation.Contact
	Name     string
	Section  mediation.Section
	Standing mediation.Standing
}

// take writes one entry, and how it was before.
func (u *UseCases) take(ctx context.Context, tx *db.Tx, actor access.Actor, i Import, c candidate) error {
	m := c.entry
	made := c.matched == ""
	var before []byte
	if made {
		m.ID, m.Version, m.Member = db.NewID(), 0, i.Member
	} else {
		var err error
		if before, err = u.seal(ctx, tx, c.old.ID, columnEntry, kept{c.old, c.old.Contact, c.old.Name, c.old.Section, c.old.Standing}); err != nil {
			return err
		}
	}
	if err := u.Guard.Check(ctx, actor, "mediation.roster.edit", mediation.ResourceOf(m)); err != nil {
		return err
	}
	if err := u.Mediation.KeepEntry(ctx, tx, u.Clock(), &m); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_origin (member, mark, mediator) VALUES ($1, $2, $3) ON CONFLICT (member, mark) DO UPDATE SET mediator = $3`, i.Member, u.mark(i.Member, c.key), m.ID); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_import_change (import, mediator, made, version, sealed) VALUES ($1, $2, $3, $4, $5)`, i.ID, m.ID, made, m.Version, before); err != nil {
		return err
	}
	return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.roster.edit", Kind: "mediator", Record: m.ID})
}
