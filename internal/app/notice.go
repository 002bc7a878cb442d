// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"cmp"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/base/identity/identityweb"
	"approdo/internal/base/network"
	"approdo/internal/base/notice"
	"approdo/internal/base/notice/noticeweb"
	"approdo/internal/domain/directory"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/jobs"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/send"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// MessagesConfig says who carries messages.
type MessagesConfig struct {
	SMTP     string // smtp://… or smtps://…; "" leaves letters in the outbox
	MailFrom string // address that letters come from
	SMS      string // file that describes a gateway; "" leaves text messages in the outbox
	PushKeys string // file of the keys for push; "" is push.json among the keys
}

// securityLetter is a message about the way into an account: nobody may switch it off.
func securityLetter(name string) notice.Template {
	return notice.Template{Name: name, Channels: notice.Channels, Must: true, Urgent: true, Everybody: true}
}

// outsideLetter is a letter to somebody who may have no account.
func outsideLetter(name string) notice.Template {
	return notice.Template{Name: name, Channels: []notice.Channel{notice.Mail}, Must: true, Everybody: true}
}

// Templates are all kinds of messages.
func Templates() []notice.Template {
	return append([]notice.Template{
		outsideLetter("identity.invitation"), outsideLetter("identity.reset"),
		securityLetter("identity.password_changed"), securityLetter("identity.new_factor"), securityLetter("identity.recovery_used"),
		securityLetter("identity.new_recovery_codes"), securityLetter("identity.changed"),
		outsideLetter("directory.verify_ask"), outsideLetter("directory.verify_remind"), outsideLetter("directory.verify_escalate"),
		{Name: "identity.phone", Channels: []notice.Channel{notice.SMS}, Must: true, Urgent: true, Everybody: true},
		{Name: "access.glass", Channels: notice.Channels, Must: true, Urgent: true},
		notice.Test,
	}, slices.Concat(editingTemplates(), registerTemplates(), censusTemplates(), mediationTemplates(), rosterTemplates(), timesheetTemplates(), deskTemplates())...)
}

// openNotice builds what tells people.
func (a *App) openNotice() error {
	words, err := Catalogue()
	if err != nil {
		return err
	}
	a.Notice, err = notice.New(notice.Config{
		DB: a.DB, Clock: a.Config.Clock, Vault: a.Vault, Guard: a.Guard, Words: words, Templates: Templates(), People: a.person,
	})
	return err
}

// person is how the owner of an account is reached.
func (a *App) person(ctx context.Context, q db.Querier, account string) (notice.Person, error) {
	found, err := a.Identity.AccountByID(ctx, q, account)
	if err != nil {
		return notice.Person{}, err
	}
	number, err := a.Identity.Phone(ctx, q, account)
	// The addresses of example accounts exist nowhere.
	return notice.Person{Name: found.Name, Mail: found.Email, Phone: number, Language: found.Language, Gone: !found.Closed.IsZero()}, err
}

// sendLetter tells somebody what package identity has to say, within its transaction. What opens an
// account goes by mail alone: in the inbox a borrowed session could use it.
func (a *App) sendLetter(ctx context.Context, tx *db.Tx, l identity.Letter) error {
	m := notice.Message{
		Key: l.Key, To: notice.Account(l.Account), Template: "identity." + l.Template, Link: l.Link, Member: l.Body,
		Args: map[string]string{"name": l.Name},
	}
	switch {
	case l.Phone != "":
		m.To, m.Args = notice.Recipient{Phone: l.Phone, Language: l.Language}, map[string]string{"code": l.Code}
	case l.Account == "" || l.Link != "":
		m.To = notice.Outside(l.Email, l.Language)
	}
	if !slices.ContainsFunc(Templates(), func(t notice.Template) bool { return t.Name == m.Template }) {
		m.Template = "identity.changed"
	}
	if l.Body != "" {
		bodies, err := network.OrganizationsByID(ctx, tx, []string{l.Body})
		if err != nil {
			return err
		}
		m.Args["body"] = cmp.Or(bodies[l.Body].Name, ui.Name)
	}
	return a.Notice.Tell(ctx, tx, m)
}

// tellGlass tells the data-protection officers of the body, and whoever did it, that glass was broken.
func (a *App) tellGlass(ctx context.Context, tx *db.Tx, g access.Glass) error {
	officers, err := a.Identity.Holders(ctx, tx, g.Member, access.DataProtectionOfficer)
	if err != nil {
		return err
	}
	until := lang.FormatFor(lang.Default).Time(g.Until.In(calendar.Rome()))
	for _, account := range append(officers, g.Account) {
		if err := a.Notice.Tell(ctx, tx, notice.Message{
			Key: "access.glass/" + g.ID + "/" + account, To: notice.Account(account), Template: "access.glass", Member: g.Member,
			Args: map[string]string{"who": g.Name, "until": until}, Link: "/office/access/emergencies/" + g.ID,
		}); err != nil {
			return err
		}
	}
	return nil
}

// sendVerification asks a body whether an entry is still right, within the transaction of the question.
func (a *App) sendVerification(ctx context.Context, tx *db.Tx, l directory.VerificationLetter) error {
	m := notice.Message{
		Key: l.Key, To: notice.Outside(l.Email, l.Language), Template: "directory.verify_" + l.Kind,
		Args: map[string]string{"service": l.Name, "body": l.Body, "due": ""},
	}
	if l.Due.Valid() {
		year, month, day := l.Due.Date()
		m.Args["due"] = lang.FormatFor(l.Language).Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC), lang.Long)
	}
	if l.Token != "" {
		m.Link = "/verify/" + l.Token
	}
	return a.Notice.Tell(ctx, tx, m)
}

// carriers opens who carries messages; what is not set up is left in the outbox of the data folder.
func (a *App) carriers(c ServeConfig) (notice.Carriers, error) {
	m := c.Messages
	public := strings.TrimSuffix(cmp.Or(c.PublicURL, origin(c.Addr), "http://localhost:8080"), "/")
	from := send.From{Name: ui.Name, Address: cmp.Or(m.MailFrom, "noreply@approdo.invalid")}
	outbox, err := send.NewOutbox(filepath.Join(a.Config.Data, "outbox"), from)
	if err != nil {
		return notice.Carriers{}, err
	}
	carriers := notice.Carriers{Mailer: outbox, Texter: outbox, Network: a.naming.Name, PublicURL: public}
	if m.SMTP != "" {
		if m.MailFrom == "" {
			return carriers, fault.Invalid("mail-from", "send.mail_from")
		}
		if carriers.Mailer, err = send.NewSMTP(m.SMTP, from); err != nil {
			return carriers, err
		}
	}
	if m.SMS != "" {
		if carriers.Texter, err = send.ReadGateway(m.SMS); err != nil {
			return carriers, err
		}
	}
	keys, err := a.pushKeys(m)
	if err != nil {
		return carriers, err
	}
	contact := from.Address
	if strings.HasPrefix(public, "https://") {
		contact = public
	}
	carriers.Pusher = send.NewPusher(keys, contact, send.Reach{})
	return carriers, nil
}

// pushKeys opens the keys by which push services know us.
func (a *App) pushKeys(m MessagesConfig) (send.PushKeys, error) {
	return send.OpenPushKeys(cmp.Or(m.PushKeys, filepath.Join(a.Config.KeysDir(), "push.json")))
}

// registerNotice adds everybody's inbox, and what became of messages and of work.
func (a *App) registerNotice(rs *web.Routes, site *ui.Site, c ServeConfig) error {
	keys, err := a.pushKeys(c.Messages)
	if err != nil {
		return err
	}
	noticeweb.Register(rs, noticeweb.Deps{
		Notice: a.Notice, Site: site, PushKey: keys.Public, PhonePath: identityweb.PhonePath, Accounts: a.accountNames,
		Topics: map[string]string{
			"directory": "notices.topic.directory", "access": "notices.topic.access", "identity": "notices.topic.identity", "notice": "notices.topic.notice",
			"census": "notices.topic.census", "register": "notices.topic.register",
		},
	})
	a.desk.add(noticeweb.OfficeMenu(), noticeweb.Room{Notice: a.Notice})
	return nil
}

// tidyAccounts is the job that forgets what has run out around accounts.
type tidyAccounts struct{}

func (tidyAccounts) Kind() string { return "identity.tidy" }

// workers is the work behind the page that this node does.
func (a *App) workers(c ServeConfig, carriers notice.Carriers, rs *web.Routes) (*jobs.Runner, error) {
	runner := jobs.New(a.DB, jobs.Config{Log: c.Log})
	a.Notice.Work(runner, carriers)
	if err := a.editingWork(runner); err != nil {
		return nil, err
	}
	a.censusWork(runner)
	a.registerWork(runner)
	a.mediationWork(runner)
	a.rosterWork(runner)
	a.timesheetWork(runner)
	a.agendaWork(runner)
	jobs.Handle(runner, 0, func(ctx context.Context, _ jobs.Task, _ tidyAccounts) error { return a.Identity.Tidy(ctx) })
	runner.Every("identity-tidy", time.Hour, tidyAccounts{})
	return runner, runner.Register(rs.Registry())
}
