// SPDX-License-Identifier: EUPL-1.2

package roster

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/mail"
	"slices"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/base/network"
	"approdo/internal/domain/mediation"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
)

// Applying is the form of somebody who applies.
type Applying struct {
	Window    string
	Language  string // of the page
	Entry     mediation.Mediator
	Statement Statement
	Informed  bool // has read how their data is used
	Papers    []Sent
}

// Statement is what somebody writes who applies.
type Statement struct {
	Experience string   `json:"experience,omitempty"`
	Training   string   `json:"training,omitempty"`
	Added      []string `json:"added,omitempty"` // afterwards, in order
}

// Bounds of the form.
const (
	maxStatement = 5000 // bytes of one text
	followFor    = 400 * 24 * time.Hour
)

// Apply takes an application in a window that is open. Whoever applied already with the same address gets
// another letter and nothing is changed: nobody learns who has applied. An application that nobody confirmed
// or that was taken back gives way to the later one, since anybody can write anybody's address into a form.
// Faults: Invalid, TooLarge and Unsupported by field; access.Missing when the window is closed.
func (u *UseCases) Apply(ctx context.Context, a Applying) error {
	w, err := u.OpenWindow(ctx, a.Window)
	if err != nil {
		return err
	}
	if !lang.Known(a.Language) {
		a.Language = lang.Default
	}
	if err := a.Check(); err != nil {
		return err
	}
	papers, err := take(a.Papers)
	if err != nil {
		return err
	}
	if err := u.bearable(ctx, w, strings.ToLower(a.Entry.Contact.Mail), len(papers) > 0); err != nil {
		return err
	}
	now := u.Clock()
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		m := a.Entry
		m.ID, m.Version, m.Member, m.Section, m.Standing, m.Informed = db.NewID(), 0, w.Member, w.Section, mediation.Applied, u.today()
		if m.Shown != mediation.ShownNot {
			m.Agreed = u.today()
		}
		mark := u.Vault.Index("mediation.applicant", w.ID+"/"+strings.ToLower(m.Contact.Mail))
		known, err := db.Rows(ctx, tx, db.Column[string], `SELECT mediator FROM mediation_origin WHERE member = $1 AND mark = $2`, w.Member, mark)
		if err != nil {
			return err
		}
		if len(known) > 0 {
			stands, err := u.stands(ctx, tx, known[0])
			if err != nil {
				return err
			}
			if stands {
				return u.invite(ctx, tx, known[0], "roster.applied", "again/"+db.NewID())
			}
		}
		if err := u.Mediation.KeepEntry(ctx, tx, now, &m); err != nil {
			return err
		}
		sealed, err := u.seal(ctx, tx, m.ID, columnStatement, a.Statement)
		if err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_application (id, time_window, language, sent, confirmed, sealed) VALUES ($1, $2, $3, $4, NULL, $5)`, m.ID, w.ID, a.Language, db.Millis(now), sealed); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_origin (member, mark, mediator) VALUES ($1, $2, $3)`, w.Member, mark, m.ID); err != nil {
			return err
		}
		if err := u.keepPapers(ctx, tx, m.ID, papers, MostBytes); err != nil {
			return err
		}
		if err := u.invite(ctx, tx, m.ID, "roster.applied", "applied"); err != nil {
			return err
		}
		return audit.Record(ctx, tx, now, audit.Event{Actor: audit.Actor{Via: audit.ViaPage}, Action: "mediation.application.send", Kind: "mediator", Record: m.ID, Subject: m.ID})
	})
}

// Check says what is wrong with the form, in keys that have words in all languages.
func (a *Applying) Check() error {
	var wrong []error
	add := func(bad bool, mistake error) {
		if bad {
			wrong = append(wrong, mistake)
		}
	}
	m := &a.Entry
	m.Name = strings.Join(strings.Fields(m.Name), " ")
	m.Contact.Mail = strings.TrimSpace(m.Contact.Mail)
	address, err := mail.ParseAddress(m.Contact.Mail)
	add(m.Name == "" || len(m.Name) > 200, fault.Invalid("name", "roster.apply.name"))
	add(err != nil || address.Address != m.Contact.Mail || len(m.Contact.Mail) > 200, fault.Invalid("mail", "roster.apply.mail"))
	add(len(m.Contact.Phone) > 40 || len(m.Contact.TaxCode) > 40, fault.Invalid("phone", "roster.apply.phone"))
	add(m.Gender != "" && !slices.Contains(mediation.Genders, m.Gender), fault.Invalid("gender", "roster.apply.choose"))
	add(len(m.Languages) == 0 || len(m.Languages) > 20, fault.Invalid("languages", "roster.apply.languages"))
	for _, l := range m.Languages {
		add(!mediation.KnownTongue(l.Code) || !slices.Contains(mediation.Levels, l.Level) || !slices.Contains(mediation.Directions, l.Direction) || len(l.Dialect) > 200, fault.Invalid("languages", "roster.apply.level"))
	}
	add(len(m.Modes) == 0, fault.Invalid("modes", "roster.apply.modes"))
	for _, mode := range m.Modes {
		add(!slices.Contains(mediation.Modes, mode), fault.Invalid("modes", "roster.apply.modes"))
	}
	for _, s := range m.Skills {
		add(!slices.Contains(mediation.Skills, s.Code) || len(s.Evidence) > 400, fault.Invalid("skills", "roster.apply.choose"))
	}
	add(slices.Contains(m.Modes, mediation.InPerson) && !m.Home.Known(), fault.Invalid("comune", "roster.apply.comune"))
	add(len(m.Employer) > 200, fault.Invalid("employer", "roster.apply.long"))
	add(!slices.Contains(mediation.ShownWays, m.Shown), fault.Invalid("shown", "roster.apply.choose"))
	add(len(a.Statement.Experience) > maxStatement, fault.Invalid("experience", "roster.apply.long"))
	add(len(a.Statement.Training) > maxStatement, fault.Invalid("training", "roster.apply.long"))
	add(!a.Informed, fault.Invalid("informed", "roster.apply.informed"))
	return errors.Join(wrong...)
}

// invite sends a letter with a new link to follow to whoever an entry is of, if they have an address. The
// letter says nothing of what was decided.
func (u *UseCases) invite(ctx context.Context, tx *db.Tx, mediator, template, key string) error {
	m, err := u.Mediation.Entry(ctx, tx, mediator)
	if err != nil || m.Contact.Mail == "" && m.Account == "" {
		return err
	}
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return err
	}
	hash := sha256.Sum256(secret)
	if _, err := db.Exec(ctx, tx, `INSERT INTO mediation_follow (secret_hash, mediator, until) VALUES ($1, $2, $3)`, hash[:], m.ID, db.Millis(u.Clock().Add(followFor))); err != nil {
		return err
	}
	language, err := u.languageOf(ctx, tx, m.ID)
	if err != nil {
		return err
	}
	bodies, err := network.OrganizationsByID(ctx, tx, []string{m.Member})
	if err != nil {
		return err
	}
	day := ""
	if until := dayOf(key); until != 0 { // what runs out
		y, month, d := until.Date()
		day = lang.FormatFor(language).Date(time.Date(y, month, d, 0, 0, 0, 0, time.UTC), lang.Long)
	}
	return u.Write(ctx, tx, Letter{
		Key: template + "/" + m.ID + "/" + key, Template: template, Account: m.Account, Mail: m.Contact.Mail, Language: language, Member: m.Member,
		Args: map[string]string{"name": m.Name, "body": bodies[m.Member].Name, "day": day}, Link: "/mediators/follow/" + base64.RawURLEncoding.EncodeToString(secret),
	})
}

// languageOf is the language in which somebody applied, and Italian when they did not.
func (u *UseCases) languageOf(ctx context.Context, q db.Querier, mediator string) (string, error) {
	list, err := db.Rows(ctx, q, db.Column[string], `SELECT language FROM mediation_application WHERE id = $1`, mediator)
	if err != nil || len(list) == 0 {
		return lang.Default, err
	}
	return list[0], nil
}

// Following is what somebody sees who opens the link of a letter.
type Following struct {
	Entry     mediation.Mediator
	Window    Window // zero when they did not apply
	Body      string // name of the body that keeps the roster
	Confirmed bool
	Papers    []Paper
	Decisions []Decision
	// What may be done now.
	Completes, Withdraws, Appeals bool
}

// Follow reads what a link is about; access.Missing when it never was one or has run out. It changes
// nothing: programs that look at letters open links too.
func (u *UseCases) Follow(ctx context.Context, secret string) (f Following, err error) {
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		f, err = u.follow(ctx, tx, secret)
		return err
	})
	return f, err
}

func (u *UseCases) follow(ctx context.Context, q db.Querier, secret string) (f Following, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(secret)
	if err != nil || len(raw) != 32 {
		return f, access.Missing()
	}
	hash := sha256.Sum256(raw)
	id, err := db.Row(ctx, q, db.Column[string], `SELECT mediator FROM mediation_follow WHERE secret_hash = $1 AND until > $2`, hash[:], db.Millis(u.Clock()))
	if fault.Is(err, fault.KindNotFound) {
		return f, access.Missing()
	} else if err != nil {
		return f, err
	}
	if f.Entry, err = u.Mediation.Entry(ctx, q, id); err != nil {
		return f, err
	}
	bodies, err := network.OrganizationsByID(ctx, q, []string{f.Entry.Member})
	if err != nil {
		return f, err
	}
	f.Body = bodies[f.Entry.Member].Name
	a, found, err := applicationOf(ctx, q, id)
	if err != nil {
		return f, err
	}
	if found {
		f.Confirmed = !a.Confirmed.IsZero()
		if f.Window, err = windowByID(ctx, q, a.Window); err != nil {
			return f, err
		}
	}
	if f.Papers, err = papersOf(ctx, q, id); err != nil {
		return f, err
	}
	if f.Decisions, err = u.decisionsOf(ctx, q, id); err != nil {
		return f, err
	}
	f.Completes = f.Entry.Standing == mediation.Applied
	f.Withdraws = f.Completes
	f.Appeals = u.mayAppeal(f.Decisions)
	return f, nil
}

// Confirm says that the address of an application is right: the link was used.
func (u *UseCases) Confirm(ctx context.Context, secret string) error {
	return u.through(ctx, secret, func(ctx context.Context, tx *db.Tx, f Following) error {
		if f.Confirmed || f.Window.ID == "" {
			return nil
		}
		if err := u.confirm(ctx, tx, f.Entry.ID); err != nil {
			return err
		}
		return u.byLink(ctx, tx, f, "confirm")
	})
}

// confirm writes down that somebody has used the link that only their address got.
func (u *UseCases) confirm(ctx context.Context, tx *db.Tx, id string) error {
	_, err := db.Exec(ctx, tx, `UPDATE mediation_application SET confirmed = $2 WHERE id = $1 AND confirmed IS NULL`, id, db.Millis(u.Clock()))
	return err
}

// Complete adds papers, or something to say, to an application on which nobody has decided.
func (u *UseCases) Complete(ctx context.Context, secret, more string, sent []Sent) error {
	more = strings.TrimSpace(more)
	if len(more) > maxStatement {
		return fault.Invalid("more", "roster.apply.long")
	}
	papers, err := take(sent)
	if err != nil {
		return err
	}
	if more == "" && len(papers) == 0 {
		return fault.Invalid("more", "roster.follow.nothing")
	}
	return u.through(ctx, secret, func(ctx context.Context, tx *db.Tx, f Following) error {
		if !f.Completes {
			return fault.Conflict("roster.follow.late")
		}
		if err := u.keepPapers(ctx, tx, f.Entry.ID, papers, MostBytes); err != nil {
			return err
		}
		if more != "" && f.Window.ID != "" {
			s, err := u.statementOf(ctx, tx, f.Entry.ID)
			if err != nil {
				return err
			}
			if s.Added = append(s.Added, more); len(s.Added) > 20 {
				return fault.Invalid("more", "roster.apply.long")
			}
			sealed, err := u.seal(ctx, tx, f.Entry.ID, columnStatement, s)
			if err != nil {
				return err
			}
			if _, err := db.Exec(ctx, tx, `UPDATE mediation_application SET sealed = $2 WHERE id = $1`, f.Entry.ID, sealed); err != nil {
				return err
			}
		}
		if err := u.confirm(ctx, tx, f.Entry.ID); err != nil {
			return err
		}
		return u.byLink(ctx, tx, f, "complete")
	})
}

// Withdraw takes an application back on which nobody has decided.
func (u *UseCases) Withdraw(ctx context.Context, secret string) error {
	return u.through(ctx, secret, func(ctx context.Context, tx *db.Tx, f Following) error {
		if !f.Withdraws {
			return fault.Conflict("roster.follow.late")
		}
		if err := u.move(ctx, tx, &f.Entry, Decision{Kind: Withdraw, Day: u.today()}); err != nil {
			return err
		}
		return u.byLink(ctx, tx, f, "withdraw")
	})
}

// through does something for whoever has a link. Faults: access.Missing, and those of do.
func (u *UseCases) through(ctx context.Context, secret string, do func(context.Context, *db.Tx, Following) error) error {
	return u.DB.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		f, err := u.follow(ctx, tx, secret)
		if err != nil {
			return err
		}
		return do(ctx, tx, f)
	})
}

func (u *UseCases) byLink(ctx context.Context, tx *db.Tx, f Following, verb string) error {
	return audit.Record(ctx, tx, u.Clock(), audit.Event{Actor: audit.Actor{Via: audit.ViaLink}, Action: "mediation.application." + verb, Kind: "mediator", Record: f.Entry.ID, Subject: f.Entry.ID})
}
