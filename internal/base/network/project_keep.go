// SPDX-License-Identifier: EUPL-1.2

package network

import (
	"context"
	"reflect"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
)

func projectResource(p Project) access.Resource {
	return access.Resource{Type: "Project", ID: p.Code, Attributes: access.Attributes{"lead": p.Lead}}
}

const projectColumns = `SELECT record, version FROM network_project`

func scanProject(s db.Scanner) (Project, error) {
	var p Project
	return p, s.Scan(db.JSON(&p), &p.Version)
}

// Projects lists the projects of the network in their order.
func Projects(ctx context.Context, q db.Querier) ([]Project, error) {
	return db.Rows(ctx, q, scanProject, projectColumns+` ORDER BY position, code`)
}

// ProjectByCode fails with NotFound.
func ProjectByCode(ctx context.Context, q db.Querier, code string) (Project, error) {
	return db.Row(ctx, q, scanProject, projectColumns+` WHERE code = $1`, code)
}

// AddProjects puts in the projects that are not there yet, in the order given; those that are there
// stay as they have become.
func AddProjects(ctx context.Context, tx *db.Tx, list []Project) error {
	first, err := db.Row(ctx, tx, db.Column[int], `SELECT COALESCE(MAX(position) + 1, 0) FROM network_project`)
	if err != nil {
		return err
	}
	rows := make([][]any, len(list))
	for i, p := range list {
		p.number()
		rows[i] = []any{p.Code, first + i, db.JSON(p)}
	}
	_, err = db.Insert(ctx, tx, `network_project (code, position, record)`, `ON CONFLICT (code) DO NOTHING`, rows)
	return err
}

// number gives identifiers to activities that have none, made of their place: they are the same
// however often the list is read.
func (p *Project) number() {
	p.Activities = slices.Clone(p.Activities)
	for i := range p.Activities {
		if p.Activities[i].ID == "" {
			p.Activities[i].ID = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://approdo.example/projects/"+p.Code+"/activities/"+strconv.Itoa(i+1))).String()
		}
	}
}

// Project gives one for whoever works in the network. Faults: Missing.
func (u *UseCases) Project(ctx context.Context, actor access.Actor, code string) (Project, error) {
	p, err := ProjectByCode(ctx, u.DB, code)
	if err != nil {
		return p, access.Missing()
	}
	return p, u.check(ctx, actor, "network.project.read", projectResource(p))
}

// SaveProject enters a project (version 0) or changes one. What must be kept of the one that is
// there (where its facts are from, its closing) is kept. Faults: Missing, Invalid (joined), Conflict.
func (u *UseCases) SaveProject(ctx context.Context, actor access.Actor, sent Project) (Project, error) {
	stored := Project{Code: sent.Code, Lead: actor.Member} // one enters those of one's own body
	if sent.Version != 0 {
		var err error
		if stored, err = ProjectByCode(ctx, u.DB, sent.Code); err != nil {
			return sent, access.Missing()
		}
	}
	if err := u.stays(ctx, actor, "network.project.write", projectResource(stored), projectResource(sent), fault.Invalid("lead", "network.lead_is_yours")); err != nil {
		return sent, err
	}
	if err := u.knowServices(ctx, sent.Services); err != nil {
		return sent, err
	}
	out := sent
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		out = sent
		c := change{action: "network.project.write"}
		before, err := ProjectByCode(ctx, tx, sent.Code)
		switch {
		case fault.Is(err, fault.KindNotFound) && sent.Version == 0:
		case err != nil:
			return access.Missing()
		case sent.Version == 0:
			return fault.Invalid("code", "network.project_code_taken")
		default:
			if err := u.check(ctx, actor, "network.project.write", projectResource(before)); err != nil {
				return err
			}
			if err := same(sent.Version, before.Version); err != nil {
				return err
			}
			out.Source, out.ClosedOn = before.Source, before.ClosedOn
			c.from, c.before = before.Version, before
		}
		for i := range out.Activities {
			if out.Activities[i].ID == "" {
				out.Activities = slices.Clone(out.Activities)
				out.Activities[i].ID = db.NewID()
			}
		}
		if err := out.named(ctx, tx); err != nil {
			return err
		}
		return u.writeProject(ctx, tx, actor, &out, c)
	})
	return out, err
}

// named checks the project and its bodies, and writes the name of its fund into it.
func (p *Project) named(ctx context.Context, tx *db.Tx) error {
	if err := p.valid(); err != nil {
		return err
	}
	known, err := OrganizationsByID(ctx, tx, p.Bodies())
	if err != nil {
		return err
	}
	if len(known) != len(p.Bodies()) {
		return fault.Invalid("partners", "network.body_unknown")
	}
	if p.Fund == "" {
		p.FundName, p.FundAuthority = "", ""
		return nil
	}
	f, err := FundByCode(ctx, tx, p.Fund)
	if fault.Is(err, fault.KindNotFound) {
		return fault.Invalid("fund", "network.fund_unknown")
	}
	p.FundName, p.FundAuthority = f.Name, f.Authority
	return err
}

// knowServices fails with Invalid when one of the identifiers is no service of the census.
func (u *UseCases) knowServices(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	var known []string
	if u.Services != nil {
		var err error
		if known, err = u.Services(ctx, ids); err != nil {
			return err
		}
	}
	for _, id := range ids {
		if !slices.Contains(known, id) {
			return fault.Invalid("services", "network.service_unknown", "service", id)
		}
	}
	return nil
}

// CloseProject takes a project out of the running ones, or back in with day "". Its page stays.
func (u *UseCases) CloseProject(ctx context.Context, actor access.Actor, code string, version int64, day string) (Project, error) {
	return u.changeProject(ctx, actor, code, version, "network.project.close", func(_ *db.Tx, p *Project) error {
		if !isDay(day) {
			return fault.Invalid("closed_on", "network.day_unreadable")
		}
		p.ClosedOn = day
		return nil
	})
}

// RestoreProject writes an earlier state anew. Faults: Missing, NotFound, Invalid, Conflict.
func (u *UseCases) RestoreProject(ctx context.Context, actor access.Actor, code string, version, number int64) (Project, error) {
	return u.changeProject(ctx, actor, code, version, "network.project.restore", func(tx *db.Tx, p *Project) error {
		var state Project
		if err := stateOf(ctx, tx, KindProject, code, number, &state); err != nil {
			return err
		}
		state.Code, state.Version = p.Code, p.Version
		*p = state
		return p.named(ctx, tx)
	})
}

func (u *UseCases) changeProject(ctx context.Context, actor access.Actor, code string, version int64, action string, edit func(*db.Tx, *Project) error) (Project, error) {
	var p Project
	err := u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		before, err := ProjectByCode(ctx, tx, code)
		if err != nil {
			return access.Missing()
		}
		if err := u.check(ctx, actor, action, projectResource(before)); err != nil {
			return err
		}
		if err := same(version, before.Version); err != nil {
			return err
		}
		p = before
		if err := edit(tx, &p); err != nil {
			return err
		}
		return u.writeProject(ctx, tx, actor, &p, change{action: action, from: before.Version, before: before})
	})
	return p, err
}

// ProjectHistory lists the states of a project, the newest first. Faults: Missing.
func (u *UseCases) ProjectHistory(ctx context.Context, actor access.Actor, code string) ([]Version, error) {
	p, err := ProjectByCode(ctx, u.DB, code)
	if err != nil {
		return nil, access.Missing()
	}
	if err := u.check(ctx, actor, "network.project.history", projectResource(p)); err != nil {
		return nil, err
	}
	return history(ctx, u.DB, KindProject, code)
}

// writeProject writes a project with its step in the history; nothing when nothing changed.
func (u *UseCases) writeProject(ctx context.Context, tx *db.Tx, actor access.Actor, p *Project, c change) error {
	if before, ok := c.before.(Project); ok {
		before.Version = p.Version
		if reflect.DeepEqual(before, *p) {
			return nil
		}
	}
	p.Version = c.from + 1
	if _, err := db.Exec(ctx, tx, `INSERT INTO network_project (code, position, record, version, closed_on)
		VALUES ($1, (SELECT COALESCE(MAX(position), 0) + 1 FROM network_project), $2, $3, $4)
		ON CONFLICT (code) DO UPDATE SET record = excluded.record, version = excluded.version, closed_on = excluded.closed_on`,
		p.Code, db.JSON(*p), p.Version, p.ClosedOn); err != nil {
		return err
	}
	c.kind, c.record, c.after = KindProject, p.Code, *p
	return u.keep(ctx, tx, actor, c)
}
