// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"context"
	"errors"
	"net/mail"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/upload"
)

// BodyState is all that is kept of a body: what its history holds.
type BodyState struct {
	Organization Organization `json:"organization"`
	Profile      Profile      `json:"profile"`
}

func (m Member) state() BodyState { return BodyState{m.Organization, m.Profile} }

// CreateBody enters a body that is not there yet. Faults: Missing, Invalid (joined).
func (u *UseCases) CreateBody(ctx context.Context, actor access.Actor, s BodyState) (Member, error) {
	s.Organization.ID = db.NewID()
	if err := u.check(ctx, actor, "network.body.create", bodyResource(s.Organization.ID)); err != nil {
		return Member{}, err
	}
	s.Profile.ClosedOn, s.Profile.MergedInto = "", ""
	var m Member
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := s.valid(ctx, tx); err != nil {
			return err
		}
		m = Member{s.Organization, s.Profile, 0}
		return u.writeBody(ctx, tx, actor, nil, &m, "network.body.create", "")
	})
	return m, err
}

// EditBody changes what is known of a body. version is the one that was read: when somebody has
// changed the body since, nothing is written. Only who runs the network changes since when and
// until when a body is a member. Faults: Missing, Invalid (joined), Conflict.
func (u *UseCases) EditBody(ctx context.Context, actor access.Actor, version int64, s BodyState) (Member, error) {
	return u.changeBody(ctx, actor, s.Organization.ID, "network.body.edit", "", &version, func(tx *db.Tx, m *Member) error {
		s := s
		s.Organization.Source, s.Organization.Example = m.Source, m.Example
		s.Profile.ClosedOn, s.Profile.MergedInto = m.ClosedOn, m.MergedInto
		if !u.Guard.Allows(ctx, actor, "network.body.admit", bodyResource(m.ID)) {
			s.Profile.MemberSince, s.Profile.MemberUntil = m.MemberSince, m.MemberUntil
		}
		if err := s.valid(ctx, tx); err != nil {
			return err
		}
		m.Organization, m.Profile = s.Organization, s.Profile
		return nil
	})
}

// CloseBody says that a body exists no more from a day on, which ends its membership on the day
// before. Its entry stays, for what names it. Faults: Missing, Invalid, Conflict.
func (u *UseCases) CloseBody(ctx context.Context, actor access.Actor, id string, version int64, day, reason string) (Member, error) {
	return u.changeBody(ctx, actor, id, "network.body.close", reason, &version, func(_ *db.Tx, m *Member) error {
		on, err := calendar.ParseDay(day)
		if err != nil {
			return fault.Invalid("closed_on", "network.day_unreadable").Because(err)
		}
		if m.MemberSince > day {
			return fault.Invalid("closed_on", "network.closed_before_member")
		}
		m.ClosedOn = on.String()
		if m.MemberSince != "" && (m.MemberUntil == "" || m.MemberUntil >= m.ClosedOn) {
			m.MemberUntil = (on - 1).String()
		}
		return nil
	})
}

// ReopenBody undoes CloseBody; whether the body is a member again is decided apart.
func (u *UseCases) ReopenBody(ctx context.Context, actor access.Actor, id string, version int64) (Member, error) {
	return u.changeBody(ctx, actor, id, "network.body.reopen", "", &version, func(_ *db.Tx, m *Member) error {
		m.ClosedOn = ""
		return nil
	})
}

// RestoreBody writes an earlier state of a body anew. Undo is restoring the state before the last
// change. What has been merged since stays merged. Faults: Missing, Conflict, NotFound.
func (u *UseCases) RestoreBody(ctx context.Context, actor access.Actor, id string, version, number int64) (Member, error) {
	return u.changeBody(ctx, actor, id, "network.body.restore", "", &version, func(tx *db.Tx, m *Member) error {
		var s BodyState
		if err := stateOf(ctx, tx, KindBody, id, number, &s); err != nil {
			return err
		}
		s.Profile.MergedInto = m.MergedInto
		if !u.Guard.Allows(ctx, actor, "network.body.admit", bodyResource(m.ID)) {
			s.Profile.MemberSince, s.Profile.MemberUntil, s.Profile.ClosedOn = m.MemberSince, m.MemberUntil, m.ClosedOn
		}
		if err := s.valid(ctx, tx); err != nil {
			return err
		}
		m.Organization, m.Profile = s.Organization, s.Profile
		return nil
	})
}

// BodyHistory lists the states of a body, the newest first. Faults: Missing.
func (u *UseCases) BodyHistory(ctx context.Context, actor access.Actor, id string) ([]Version, error) {
	if err := u.check(ctx, actor, "network.body.history", bodyResource(id)); err != nil {
		return nil, err
	}
	return history(ctx, u.DB, KindBody, id)
}

// KeepPicture takes a logo or an emblem in; its record is written by another use case, so that a
// picture without one may stay behind.
func (u *UseCases) KeepPicture(ctx context.Context, actor access.Actor, action, id string, content []byte) (upload.Kept, error) {
	if err := u.check(ctx, actor, action, bodyResource(id)); err != nil {
		return upload.Kept{}, err
	}
	return u.Files.Keep("emblem", strings.NewReader(string(content)), upload.Pictures)
}

// leaves says whether a made-up body that takes part would do so no longer, or not yet. Example accounts
// act for it, and whoever tries the demo next needs them.
func (m Member) leaves(before Member) bool {
	return before.Example && before.MemberSince != "" &&
		(m.MemberSince != before.MemberSince || m.MemberUntil != before.MemberUntil || m.ClosedOn != before.ClosedOn)
}

// changeBody reads a body, lets edit change it and writes it with its step in the history.
func (u *UseCases) changeBody(ctx context.Context, actor access.Actor, id, action, reason string, version *int64, edit func(*db.Tx, *Member) error) (Member, error) {
	if err := u.check(ctx, actor, action, bodyResource(id)); err != nil {
		return Member{}, err
	}
	var m Member
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, err := MemberByID(ctx, tx, id)
		if err != nil {
			return access.Missing()
		}
		if version != nil {
			if err := same(*version, before.Version); err != nil {
				return err
			}
		}
		m = before
		if err := edit(tx, &m); err != nil {
			return err
		}
		if m.leaves(before) {
			return fault.Conflict("network.example_stays")
		}
		return u.writeBody(ctx, tx, actor, &before, &m, action, reason)
	})
	return m, err
}

// writeBody writes a body, and nothing when nothing changed.
func (u *UseCases) writeBody(ctx context.Context, tx *db.Tx, actor access.Actor, before, after *Member, action, reason string) error {
	c := change{kind: KindBody, record: after.ID, action: action, reason: reason, after: after.state()}
	if before != nil {
		if reflect.DeepEqual(before.state(), after.state()) {
			return nil
		}
		c.from, c.before = before.Version, before.state()
	}
	if before == nil || !reflect.DeepEqual(before.Organization, after.Organization) {
		if err := u.publish(ctx, tx, []Organization{after.Organization}); err != nil {
			return err
		}
	}
	if err := SaveProfile(ctx, tx, after.ID, after.Profile); err != nil {
		return err
	}
	after.Version = c.from + 1
	if _, err := db.Exec(ctx, tx, `UPDATE network_organization SET version = $2, modified_at = $3 WHERE id = $1`, after.ID, after.Version, db.Millis(u.Clock())); err != nil {
		return err
	}
	return u.keep(ctx, tx, actor, c)
}

func (u *UseCases) publish(ctx context.Context, tx *db.Tx, list []Organization) error {
	if u.Publisher != nil {
		return u.Publisher.PublishBodies(ctx, tx, list)
	}
	return SaveOrganizations(ctx, tx, u.Clock(), list)
}

var ipaCode = regexp.MustCompile(`^[A-Za-z0-9_-]{2,30}$`)

// valid says everything that is wrong with a body.
func (s *BodyState) valid(ctx context.Context, tx *db.Tx) error {
	o, p := s.Organization, s.Profile
	var faults []error
	add := func(bad bool, f *fault.Error) {
		if bad {
			faults = append(faults, f)
		}
	}
	add(strings.TrimSpace(o.Name) == "", fault.Invalid("name", "network.name_missing"))
	add(!KnownKind(o.Kind), fault.Invalid("kind", "network.kind_unknown"))
	add(!isMail(o.Email), fault.Invalid("email", "network.mail_unreadable"))
	add(!isMail(p.DPO.Email), fault.Invalid("dpo_email", "network.mail_unreadable"))
	add(!isMail(p.Referent.Email), fault.Invalid("referent_email", "network.mail_unreadable"))
	add(!isAddress(o.Website), fault.Invalid("website", "network.web_unreadable"))
	add(p.IPA != "" && !ipaCode.MatchString(p.IPA), fault.Invalid("ipa", "network.ipa_unreadable"))
	add(!p.Emblem.None() && strings.TrimSpace(p.EmblemText) == "", fault.Invalid("emblem_text", "network.picture_without_words"))
	add(!isDay(p.MemberSince), fault.Invalid("member_since", "network.day_unreadable"))
	add(!isDay(p.MemberUntil), fault.Invalid("member_until", "network.day_unreadable"))
	add(p.MemberUntil != "" && (p.MemberSince == "" || p.MemberUntil < p.MemberSince && p.ClosedOn == ""), fault.Invalid("member_until", "network.ends_before_it_begins"))
	for _, r := range p.Territories {
		_, err := ParseRef(string(r))
		add(err != nil || r == "", fault.Invalid("territories", "network.territory_unknown", "territory", string(r)))
	}
	if o.ParentOrganizationID != "" {
		loop, err := isAbove(ctx, tx, o.ID, o.ParentOrganizationID)
		if fault.Is(err, fault.KindNotFound) {
			err, loop = nil, true
		}
		if err != nil {
			return err
		}
		add(loop, fault.Invalid("parent", "network.parent_wrong"))
	}
	return errors.Join(faults...)
}

// isAbove says whether id stands among parent and what is above it: then parent can't be its parent.
func isAbove(ctx context.Context, tx *db.Tx, id, parent string) (bool, error) {
	seen := []string{}
	for parent != "" && !slices.Contains(seen, parent) {
		if parent == id {
			return true, nil
		}
		seen = append(seen, parent)
		o, err := OrganizationByID(ctx, tx, parent)
		if err != nil {
			return false, err
		}
		parent = o.ParentOrganizationID
	}
	return false, nil
}

func isMail(text string) bool {
	a, err := mail.ParseAddress(text)
	return text == "" || err == nil && a.Address == text
}

func isAddress(text string) bool {
	u, err := url.Parse(text)
	return text == "" || err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func isDay(text string) bool {
	d, err := calendar.ParseDay(text)
	return text == "" || err == nil && d.String() == text
}
