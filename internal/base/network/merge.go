// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Merge is two entries of one body made one.
type Merge struct {
	ID       string
	From     string // the entry that leads to the other now
	Into     string
	At       time.Time
	Account  string
	UndoneAt time.Time
	undo     mergeUndo
}

// mergeUndo is what the way back needs.
type mergeUndo struct {
	From       BodyState           `json:"from"`
	Into       BodyState           `json:"into"`
	IntoAfter  BodyState           `json:"into_after"`
	Moved      map[string][]string `json:"moved"` // by the name of the follower
	Projects   []projectStep       `json:"projects,omitempty"`
	Agreements []agreementStep     `json:"agreements,omitempty"`
	Children   []string            `json:"children,omitempty"` // bodies that had From above them
}

type projectStep struct {
	Before  Project `json:"before"`
	Version int64   `json:"version"` // after the merge
}

type agreementStep struct {
	Before  Agreement `json:"before"`
	Version int64     `json:"version"`
}

// MergeBodies makes the entry from lead to into: services, projects, agreements, members and bodies
// below follow, in one transaction. What from was called becomes another name of into, and its
// membership is taken over. Faults: Missing, Invalid, Conflict.
func (u *UseCases) MergeBodies(ctx context.Context, actor access.Actor, from, into string, fromVersion, intoVersion int64, reason string) (Merge, error) {
	for _, id := range []string{from, into} {
		if err := u.check(ctx, actor, "network.body.merge", bodyResource(id)); err != nil {
			return Merge{}, err
		}
	}
	m := Merge{ID: db.NewID(), From: from, Into: into, At: u.Clock(), Account: actor.Account}
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m.undo = mergeUndo{Moved: map[string][]string{}}
		a, b, err := mergeable(ctx, tx, from, into, fromVersion, intoVersion)
		if err != nil {
			return err
		}
		m.undo.From, m.undo.Into = a.state(), b.state()
		fromBefore, intoBefore := a, b
		takeOver(&a, &b)
		m.undo.IntoAfter = b.state()
		if err := u.writeBody(ctx, tx, actor, &intoBefore, &b, "network.body.merge", reason); err != nil {
			return err
		}
		if err := u.writeBody(ctx, tx, actor, &fromBefore, &a, "network.body.merge", reason); err != nil {
			return err
		}
		if err := u.moveAll(ctx, tx, actor, &m, reason); err != nil {
			return err
		}
		_, err = db.Exec(ctx, tx, `INSERT INTO network_merge (id, from_id, into_id, at, account, record) VALUES ($1, $2, $3, $4, $5, $6)`,
			m.ID, from, into, db.Millis(m.At), m.Account, db.JSON(m.undo))
		return err
	})
	return m, err
}

func mergeable(ctx context.Context, tx *db.Tx, from, into string, fromVersion, intoVersion int64) (a, b Member, err error) {
	if a, err = MemberByID(ctx, tx, from); err == nil {
		b, err = MemberByID(ctx, tx, into)
	}
	switch {
	case err != nil:
		return a, b, access.Missing()
	case from == into:
		return a, b, fault.Invalid("into", "network.merge_with_itself")
	case a.MergedInto != "" || b.MergedInto != "":
		return a, b, fault.Invalid("into", "network.merged_already")
	case a.Example && !b.Example:
		return a, b, fault.Invalid("into", "network.example_merge")
	}
	if err := same(fromVersion, a.Version); err != nil {
		return a, b, err
	}
	return a, b, same(intoVersion, b.Version)
}

// takeOver gives b what a has and b has not, and makes a lead to b.
func takeOver(a, b *Member) {
	names := slices.Clone(b.Aliases)
	for _, name := range append([]string{a.Name, a.AlternateName}, a.Aliases...) {
		if name != "" && name != b.Name && name != b.AlternateName && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	b.Aliases = names
	if b.ParentOrganizationID == a.ID {
		b.ParentOrganizationID = a.ParentOrganizationID
	}
	if a.MemberSince != "" {
		switch {
		case b.MemberSince == "":
			b.MemberSince, b.MemberUntil = a.MemberSince, a.MemberUntil
		default:
			b.MemberSince = min(b.MemberSince, a.MemberSince)
			if a.MemberUntil == "" || b.MemberUntil != "" && a.MemberUntil > b.MemberUntil {
				b.MemberUntil = a.MemberUntil
			}
		}
	}
	b.IPA = cmp.Or(b.IPA, a.IPA)
	for _, r := range a.Territories {
		if !slices.Contains(b.Territories, r) {
			b.Territories = append(slices.Clone(b.Territories), r)
		}
	}
	if b.DPO == (Person{}) {
		b.DPO = a.DPO
	}
	if b.Referent == (Person{}) {
		b.Referent = a.Referent
	}
	if b.Emblem.None() {
		b.Emblem, b.EmblemText = a.Emblem, a.EmblemText
	}
	a.MergedInto = b.ID
}

func (u *UseCases) moveAll(ctx context.Context, tx *db.Tx, actor access.Actor, m *Merge, reason string) error {
	projects, err := Projects(ctx, tx)
	if err != nil {
		return err
	}
	for _, p := range projects {
		after := p.renamed(m.From, m.Into)
		if reflect.DeepEqual(p, after) {
			continue
		}
		before := p
		if err := u.writeProject(ctx, tx, actor, &after, change{action: "network.body.merge", reason: reason, from: p.Version, before: before}); err != nil {
			return err
		}
		m.undo.Projects = append(m.undo.Projects, projectStep{before, after.Version})
	}
	if err := u.moveAgreements(ctx, tx, actor, m, reason); err != nil {
		return err
	}
	if m.undo.Children, err = u.moveChildren(ctx, tx, actor, m.From, m.Into, nil, reason); err != nil {
		return err
	}
	for _, f := range u.Followers {
		if m.undo.Moved[f.Name()], err = f.Move(ctx, tx, m.From, m.Into, nil); err != nil {
			return err
		}
	}
	return nil
}

// moveAgreements exchanges the party. Where both were parties of one agreement it has one party
// less, and with fewer than two it stays as it was, for the archive: nothing can pass under it.
func (u *UseCases) moveAgreements(ctx context.Context, tx *db.Tx, actor access.Actor, m *Merge, reason string) error {
	list, err := db.Rows(ctx, tx, scanAgreement, agreementColumns+`
		JOIN network_agreement_party p ON p.agreement_id = a.id WHERE p.organization_id = $1 ORDER BY a.id`, m.From)
	if err != nil {
		return err
	}
	for _, a := range list {
		before, after := a, a
		after.Parties = nil
		for _, p := range a.Parties {
			if p.Body == m.From && a.role(m.Into) != "" {
				continue
			}
			if p.Body == m.From {
				p.Body = m.Into
			}
			after.Parties = append(after.Parties, p)
		}
		if len(after.Parties) < 2 {
			continue
		}
		if err := u.writeAgreement(ctx, tx, actor, &after, change{
			kind: KindAgreement, record: a.ID, action: "network.body.merge", reason: reason, from: a.Version, before: before,
		}); err != nil {
			return err
		}
		m.undo.Agreements = append(m.undo.Agreements, agreementStep{before, after.Version})
	}
	return nil
}

// moveChildren puts the bodies below from (only those given, if any are) below into.
func (u *UseCases) moveChildren(ctx context.Context, tx *db.Tx, actor access.Actor, from, into string, only []string, reason string) ([]string, error) {
	list, err := db.Rows(ctx, tx, scanMember, memberColumns+` WHERE o.parent_id = $1 ORDER BY o.id`, from)
	if err != nil {
		return nil, err
	}
	var moved []string
	for _, before := range list {
		if only != nil && !slices.Contains(only, before.ID) || before.ID == into {
			continue
		}
		after := before
		after.ParentOrganizationID = into
		if err := u.writeBody(ctx, tx, actor, &before, &after, "network.body.merge", reason); err != nil {
			return nil, err
		}
		moved = append(moved, before.ID)
	}
	return moved, nil
}

// Merges lists what was merged into or from a body, the newest first. Faults: Missing.
func (u *UseCases) Merges(ctx context.Context, actor access.Actor, id string) ([]Merge, error) {
	if err := u.check(ctx, actor, "network.body.history", bodyResource(id)); err != nil {
		return nil, err
	}
	return db.Rows(ctx, u.DB, scanMerge, mergeColumns+` WHERE from_id = $1 OR into_id = $1 ORDER BY at DESC, id`, id)
}

const mergeColumns = `SELECT id, from_id, into_id, at, account, undone_at, record FROM network_merge`

func scanMerge(s db.Scanner) (Merge, error) {
	var m Merge
	return m, s.Scan(&m.ID, &m.From, &m.Into, db.ScanTime(&m.At), &m.Account, db.ScanTime(&m.UndoneAt), db.JSON(&m.undo))
}

// UnmergeBodies takes a merge back: everything that followed goes back, and nothing that came to
// the body afterwards. It fails with Conflict when the body, a project or an agreement was changed
// since, for then nobody knows what the change was about.
func (u *UseCases) UnmergeBodies(ctx context.Context, actor access.Actor, id string) (Merge, error) {
	var m Merge
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		if m, err = db.Row(ctx, tx, scanMerge, mergeColumns+` WHERE id = $1`, id); err != nil {
			return access.Missing()
		}
		for _, body := range []string{m.From, m.Into} {
			if err := u.check(ctx, actor, "network.body.merge", bodyResource(body)); err != nil {
				return err
			}
		}
		if !m.UndoneAt.IsZero() {
			return fault.Conflict("network.merge_undone")
		}
		m.UndoneAt = u.Clock()
		if _, err := db.Exec(ctx, tx, `UPDATE network_merge SET undone_at = $2 WHERE id = $1`, id, db.Millis(m.UndoneAt)); err != nil {
			return err
		}
		return u.unmerge(ctx, tx, actor, m)
	})
	return m, err
}

const unmergeAction = "network.body.unmerge"

func (u *UseCases) unmerge(ctx context.Context, tx *db.Tx, actor access.Actor, m Merge) error {
	from, err := MemberByID(ctx, tx, m.From)
	if err != nil {
		return err
	}
	into, err := MemberByID(ctx, tx, m.Into)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(into.state(), m.undo.IntoAfter) {
		return fault.Conflict("network.unmerge_changed", "what", into.Name)
	}
	fromBack, intoBack := from, into
	fromBack.Organization, fromBack.Profile = m.undo.From.Organization, m.undo.From.Profile
	intoBack.Organization, intoBack.Profile = m.undo.Into.Organization, m.undo.Into.Profile
	if err := u.writeBody(ctx, tx, actor, &from, &fromBack, unmergeAction, ""); err != nil {
		return err
	}
	if err := u.writeBody(ctx, tx, actor, &into, &intoBack, unmergeAction, ""); err != nil {
		return err
	}
	for _, step := range m.undo.Projects {
		now, err := ProjectByCode(ctx, tx, step.Before.Code)
		if err != nil {
			return err
		}
		if now.Version != step.Version {
			return fault.Conflict("network.unmerge_changed", "what", now.Code)
		}
		back := step.Before
		if err := u.writeProject(ctx, tx, actor, &back, change{action: unmergeAction, from: now.Version, before: now}); err != nil {
			return err
		}
	}
	for _, step := range m.undo.Agreements {
		now, err := agreementByID(ctx, tx, step.Before.ID)
		if err != nil {
			return err
		}
		if now.Version != step.Version {
			return fault.Conflict("network.unmerge_changed", "what", now.Title)
		}
		back := step.Before
		if err := u.writeAgreement(ctx, tx, actor, &back, change{
			kind: KindAgreement, record: back.ID, action: unmergeAction, from: now.Version, before: now,
		}); err != nil {
			return err
		}
	}
	if _, err := u.moveChildren(ctx, tx, actor, m.Into, m.From, append([]string{}, m.undo.Children...), ""); err != nil {
		return err
	}
	for _, f := range u.Followers {
		if ids := m.undo.Moved[f.Name()]; len(ids) > 0 {
			if _, err := f.Move(ctx, tx, m.Into, m.From, ids); err != nil {
				return err
			}
		}
	}
	return nil
}
