// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"
	"encoding/hex"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

// Publication is how a body publishes its roster.
type Publication struct {
	Member  string `json:"-"`
	Version int64  `json:"-"`
	On      bool   `json:"on,omitempty"`
	Rule    string `json:"rule,omitempty"` // of the region or the body, as it is cited
	URL     string `json:"url,omitempty"`  // where the rule is
	Note    string `json:"note,omitempty"` // to whom one turns
}

// Publication is that of the actor's body.
func (u *UseCases) Publication(ctx context.Context, actor access.Actor) (p Publication, err error) {
	if err := u.Guard.Check(ctx, actor, "mediation.publication.read", ofBody("RosterPublication", actor.Member, actor.Member)); err != nil {
		return p, err
	}
	return publicationOf(ctx, u.DB, actor.Member)
}

func publicationOf(ctx context.Context, q db.Querier, member string) (Publication, error) {
	list, err := db.Rows(ctx, q, scanPublication, `SELECT member, version, record FROM mediation_publication WHERE member = $1`, member)
	if err != nil || len(list) == 0 {
		return Publication{Member: member}, err
	}
	return list[0], nil
}

func scanPublication(s db.Scanner) (Publication, error) {
	var p Publication
	return p, s.Scan(&p.Member, &p.Version, db.JSON(&p))
}

// Publish says under which rule the actor's body publishes its roster, or that it does not. Faults: Invalid by
// field, Conflict, access.Missing.
func (u *UseCases) Publish(ctx context.Context, actor access.Actor, p Publication) error {
	p.Member, p.Rule, p.Note = actor.Member, strings.TrimSpace(p.Rule), strings.TrimSpace(p.Note)
	switch {
	case p.On && p.Rule == "":
		return fault.Invalid("rule", "roster.fault.rule")
	case len(p.Rule) > 1000 || len(p.Note) > 2000:
		return fault.Invalid("rule", "roster.long")
	case !webAddress(p.URL):
		return fault.Invalid("url", "roster.address")
	}
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := u.Guard.Check(ctx, actor, "mediation.publication.publish", ofBody("RosterPublication", p.Member, p.Member)); err != nil {
			return err
		}
		n, err := db.Exec(ctx, tx, `INSERT INTO mediation_publication (member, version, record) VALUES ($1, 1, $2)
			ON CONFLICT (member) DO UPDATE SET version = mediation_publication.version + 1, record = $2 WHERE mediation_publication.version = $3`, p.Member, db.JSON(p), p.Version)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.Conflict("mediation.changed_meanwhile")
		}
		on := "off"
		if p.On {
			on = "on"
		}
		return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: actor.Audited(), Action: "mediation.publication.publish", Kind: "roster-publication", Record: p.Member, Changes: []audit.Change{{Field: "on", After: on}, {Field: "rule", After: p.Rule}}})
	})
}

// PublicList is the roster of one body as everybody sees it.
type PublicList struct {
	Body string // identifier
	Name string
	Rule string
	URL  string
	Note string
	List []PublicEntry
}

// PublicEntry is what of an entry is public.
type PublicEntry struct {
	Name      string // or code, when Named is false
	Named     bool
	Section   mediation.Section
	Languages []PublicLanguage
	Act       mediation.Act
	Expires   calendar.Day
}

// PublicLanguage is a language without how well somebody speaks it.
type PublicLanguage struct {
	Code, Dialect string
	Written       bool
}

// Published are the lists that bodies publish, with those who are listed today and agreed to it.
func (u *UseCases) Published(ctx context.Context) (lists []PublicList, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		lists = nil
		all, err := db.Rows(ctx, tx, scanPublication, `SELECT member, version, record FROM mediation_publication ORDER BY member`)
		if err != nil {
			return err
		}
		for _, p := range all {
			if !p.On {
				continue
			}
			l, err := u.public(ctx, tx, p)
			if err != nil {
				return err
			}
			lists = append(lists, l)
		}
		return nil
	})
	return lists, err
}

func (u *UseCases) public(ctx context.Context, q db.Querier, p Publication) (PublicList, error) {
	l := PublicList{Body: p.Member, Rule: p.Rule, URL: p.URL, Note: p.Note}
	bodies, err := network.OrganizationsByID(ctx, q, []string{p.Member})
	if err != nil {
		return l, err
	}
	l.Name = bodies[p.Member].Name
	entries, err := u.Mediation.Entries(ctx, q, `m.member = $1 AND m.state = 'listed' AND NOT EXISTS (SELECT 1 FROM mediation_application a WHERE a.id = m.id AND a.confirmed IS NULL) ORDER BY m.sort_name, m.id`, p.Member)
	if err != nil {
		return l, err
	}
	var coded []PublicEntry
	for _, m := range entries {
		if !m.Listed(u.today()) || m.Shown == mediation.ShownNot || m.Agreed == 0 || m.Act.Number == "" {
			continue
		}
		e := PublicEntry{Name: m.Name, Named: m.Shown == mediation.ShownName, Section: m.Section, Act: m.Act, Expires: m.Expires}
		for _, one := range m.Languages {
			e.Languages = append(e.Languages, PublicLanguage{one.Code, one.Dialect, one.Written})
		}
		if e.Named {
			l.List = append(l.List, e)
			continue
		}
		e.Name = u.code(m.ID) // and not where the name would stand
		at := 0
		for at < len(coded) && coded[at].Name < e.Name {
			at++
		}
		coded = append(coded[:at], append([]PublicEntry{e}, coded[at:]...)...)
	}
	l.List = append(l.List, coded...)
	return l, nil
}

// code is what an entry is called where no name may stand. It leads back to nobody: whoever works with the roster
// knows identifiers from addresses of pages, but not the key.
func (u *UseCases) code(id string) string {
	return "M-" + strings.ToUpper(hex.EncodeToString(u.Vault.Index("mediation.code", id)[:4]))
}
