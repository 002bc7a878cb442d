// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/base/network"
	"approdo/internal/base/notice"
	"approdo/internal/base/register"
	"approdo/internal/base/register/registerweb"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/jobs"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// Processings are what the whole program does with data about persons: what each room declares, and
// what rooms below the register do.
func Processings() []register.Declared {
	return slices.Concat(directory.Processings(), network.Processings(), identity.Processings(), notice.Processings(), register.Processings(), mediation.Processings(), timesheet.Processings(), proofProcessings)
}

// registerTemplates are the messages about breaches.
func registerTemplates() []notice.Template {
	return []notice.Template{
		{Name: "register.breach", Channels: notice.Channels, Must: true, Urgent: true},
		{Name: "register.breach_over", Channels: notice.Channels, Must: true, Urgent: true},
	}
}

// openRegister builds the use cases of the registers.
func (a *App) openRegister() {
	a.Register = register.New(register.Deps{DB: a.DB, Clock: a.Config.Clock, Guard: a.Guard, Declared: Processings(), Tell: a.tellOfficers})
}

// tellOfficers tells those who answer for the data of a body: its officers, without any its
// administrators, without these the officer's address that the network knows.
func (a *App) tellOfficers(ctx context.Context, tx *db.Tx, r register.Reminder) error {
	m := notice.Message{Template: "register.breach", Member: r.Member, Link: "/office/breaches/" + r.Breach, Args: map[string]string{
		"due": r.Deadline.In(calendar.Rome()).Format("02/01/2006 15:04"),
	}}
	if r.Stage == register.StageOver {
		m.Template = "register.breach_over"
	}
	accounts, err := a.Identity.Holders(ctx, tx, r.Member, access.DataProtectionOfficer)
	if err == nil && len(accounts) == 0 {
		accounts, err = a.Identity.Holders(ctx, tx, r.Member, access.BodyAdministrator)
	}
	if err != nil {
		return err
	}
	for _, account := range accounts {
		m.Key, m.To = r.Key+"/"+account, notice.Account(account)
		if err := a.Notice.Tell(ctx, tx, m); err != nil {
			return err
		}
	}
	if len(accounts) > 0 {
		return nil
	}
	body, err := network.MemberByID(ctx, tx, r.Member)
	if err != nil || body.DPO.Email == "" {
		return err
	}
	m.Key, m.To = r.Key+"/officer", notice.Outside(body.DPO.Email, "it")
	return a.Notice.Tell(ctx, tx, m)
}

// remindBreaches is the job that follows the clocks of breaches.
type remindBreaches struct{}

func (remindBreaches) Kind() string { return "register.remind" }

// registerWork follows the clocks: each stage is told within a quarter of an hour.
func (a *App) registerWork(runner *jobs.Runner) {
	jobs.Handle(runner, 5*time.Minute, func(ctx context.Context, _ jobs.Task, _ remindBreaches) error { return a.Register.Remind(ctx) })
	runner.Every("register-remind", 15*time.Minute, remindBreaches{}, jobs.Once())
}

// waitingRecords shows on the home what waits in a room: running clocks, agreements to confirm.
type waitingRecords struct {
	waiting func(context.Context, access.Actor) ([]ui.Waiting, error)
}

func (w waitingRecords) Waiting(ctx context.Context, actor access.Actor) ([]ui.Waiting, error) {
	return w.waiting(ctx, actor)
}

// feedback is where people say what is not accessible.
func feedback() ui.Item { return registerweb.Feedback() }

// registerRegisters adds the pages of the registers.
func (a *App) registerRegisters(rs *web.Routes, site *ui.Site) {
	registerweb.Register(rs, registerweb.Deps{Register: a.Register, Site: site, Bodies: a.bodyNames, Names: a.accountNames, Body: a.answers})
	a.desk.add(registerweb.OfficeMenu(), waitingRecords{registerweb.Waiting(a.Register)})
}

// answers is what the register says of the body that answers for the data: its contacts, its officer,
// and the agreements in force that it is party to.
func (a *App) answers(ctx context.Context, actor access.Actor, id string) (registerweb.Body, error) {
	m, err := network.MemberByID(ctx, a.DB, id)
	if err != nil {
		return registerweb.Body{}, err
	}
	b := registerweb.Body{Name: m.Name, Address: m.Address, TaxID: m.TaxID, Email: m.Email, Website: m.Website}
	b.Officer = strings.Join(slices.DeleteFunc([]string{m.DPO.Name, m.DPO.Email, m.DPO.Phone}, func(s string) bool { return s == "" }), ", ")
	list, err := a.Network.Agreements(ctx, actor)
	for _, one := range list {
		if slices.Contains(one.Bodies(), id) && one.StateOn(a.Network.Today()) == network.AgreementInForce {
			b.Agreements = append(b.Agreements, one.Title)
		}
	}
	return b, err
}
