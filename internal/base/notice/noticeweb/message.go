// SPDX-License-Identifier: EUPL-1.2

package noticeweb

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/notice"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// messagesView is the list of what became of messages.
type messagesView struct {
	Figures   []ui.Figure
	Filter    ui.FilterView
	States    []ui.Option
	Channels  []ui.Option
	Templates []ui.Option
	Table     ui.TableView
}

// levels say how bad a state is.
var levels = map[notice.State]ui.Level{
	notice.Waiting: ui.Info, notice.Sent: ui.Success, notice.Failed: ui.Danger, notice.Dropped: ui.Neutral, notice.GivenUp: ui.Neutral,
}

func (p *pages) getMessages(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	list := ui.ReadList(r)
	f := notice.Filter{
		State: notice.State(list.Filter("state")), Channel: notice.Channel(list.Filter("channel")), Template: list.Filter("kind"), Skip: list.Offset(), N: list.Size,
	}
	found, err := p.Notice.Fates(ctx, access.From(ctx), f)
	if err != nil {
		return err
	}
	names, err := p.recipients(ctx, found.List)
	if err != nil {
		return err
	}
	v := messagesView{Filter: ui.FilterView{List: list, Open: f.State != "" || f.Channel != "" || f.Template != ""}}
	for _, s := range notice.States {
		if n := found.Count[s]; n > 0 || s == notice.Sent {
			v.Figures = append(v.Figures, ui.Figure{
				Value: web.Words(ctx).Number(n), Label: ui.T(ctx, "notices.state."+string(s)), Href: web.Path(ctx, MessagesPath+"?state="+string(s)), Level: levels[s],
			})
		}
	}
	v.filters(ctx, f, p.Notice.Templates())
	v.Table = ui.TableView{
		ID: "messages", Caption: ui.T(ctx, "notices.messages.title"), List: list, Total: found.Total, BulkTo: ui.Href(ctx, MessagesPath),
		Empty: ui.Empty("mail", ui.T(ctx, "notices.messages.none")),
		Bulk: []ui.BulkAction{
			{Name: "again", Text: ui.T(ctx, "notices.messages.again"), Icon: "refresh"}, {Name: "give-up", Text: ui.T(ctx, "notices.messages.give_up"), Icon: "ban"},
		},
		Columns: []ui.Column{
			{Title: ui.T(ctx, "notices.messages.what")}, {Title: ui.T(ctx, "notices.messages.to")}, {Title: ui.T(ctx, "notices.messages.when")},
			{Title: ui.T(ctx, "notices.messages.state")}, {Title: ui.T(ctx, "notices.messages.attempts"), Number: true, Spare: true},
		},
	}
	for _, d := range found.List {
		v.Table.Rows = append(v.Table.Rows, ui.Row{ID: d.ID, Cells: []ui.Cell{
			{Text: kind(ctx, d.Template), Href: web.Path(ctx, MessagesPath+"/"+d.ID), Small: ui.T(ctx, "notices.channel."+string(d.Channel))},
			{Text: names[d.ID]}, {Text: moment(ctx, d.MadeAt)}, {Body: fateStatus(d)}, {Text: web.Words(ctx).Number(d.Attempts)},
		}})
	}
	title := ui.T(ctx, "notices.messages.title")
	return p.show(w, r, http.StatusOK, ui.OfficeHead{
		Title: title, Lead: ui.T(ctx, "notices.messages.lead"), Help: "notices.messages.help", Crumbs: []ui.Link{{Text: title}}, Actions: tryButton(),
	}, messagesPage(v))
}

// filters fill the fields above the list and say which are set.
func (v *messagesView) filters(ctx context.Context, f notice.Filter, templates []string) {
	all := ui.Option{Text: ui.T(ctx, "notices.messages.all")}
	v.States, v.Channels, v.Templates = []ui.Option{all}, []ui.Option{all}, []ui.Option{all}
	for _, s := range notice.States {
		v.States = append(v.States, ui.Option{Value: string(s), Text: ui.T(ctx, "notices.state."+string(s)), Selected: s == f.State})
	}
	for _, c := range notice.Channels {
		v.Channels = append(v.Channels, ui.Option{Value: string(c), Text: ui.T(ctx, "notices.channel."+string(c)), Selected: c == f.Channel})
	}
	for _, name := range templates {
		v.Templates = append(v.Templates, ui.Option{Value: name, Text: kind(ctx, name), Selected: name == f.Template})
	}
	for name, options := range map[string][]ui.Option{"state": v.States, "channel": v.Channels, "kind": v.Templates} {
		for _, o := range options[1:] {
			if o.Selected {
				v.Filter.Active = append(v.Filter.Active, ui.ActiveFilter{Text: o.Text, Href: v.Filter.List.With(name, "")})
			}
		}
	}
}

// open is what a subject leaves to be filled in.
var open = regexp.MustCompile(`\{[a-z_]+\}`)

// kind is what a message is about: its subject, with what is filled in left open.
func kind(ctx context.Context, template string) string {
	return open.ReplaceAllString(ui.T(ctx, template+".subject"), "…")
}

// recipients are whom the deliveries went to: the name of an account, or that it is somebody without.
func (p *pages) recipients(ctx context.Context, list []notice.Fate) (map[string]string, error) {
	var ids []string
	for _, d := range list {
		if d.Account != "" {
			ids = append(ids, d.Account)
		}
	}
	accounts, err := p.Accounts(ctx, ids)
	if err != nil {
		return nil, err
	}
	names := make(map[string]string, len(list))
	for _, d := range list {
		switch {
		case d.Account == "":
			names[d.ID] = ui.T(ctx, "notices.messages.outside")
		case accounts[d.Account] == "":
			names[d.ID] = ui.T(ctx, "notices.messages.closed")
		default:
			names[d.ID] = accounts[d.Account]
		}
	}
	return names, nil
}

// reason is why a delivery is where it is, in words.
func reason(ctx context.Context, d notice.Fate) string {
	if d.Why == "" {
		return ""
	}
	text := ui.T(ctx, "notices.why."+d.Why)
	if d.Code != "" {
		text += " (" + d.Code + ")"
	}
	return text
}

func (p *pages) getMessage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	d, err := p.Notice.Fate(ctx, access.From(ctx), r.PathValue("id"))
	if err != nil {
		return err
	}
	names, err := p.recipients(ctx, []notice.Fate{d})
	if err != nil {
		return err
	}
	facts := []ui.Definition{
		{Term: ui.T(ctx, "notices.messages.to"), Text: names[d.ID]}, {Term: ui.T(ctx, "notices.messages.channel"), Text: ui.T(ctx, "notices.channel."+string(d.Channel))},
		{Term: ui.T(ctx, "notices.messages.when"), Text: moment(ctx, d.MadeAt)}, {Term: ui.T(ctx, "notices.messages.attempts"), Text: strconv.Itoa(d.Attempts)},
		{Term: ui.T(ctx, "notices.messages.touched"), Text: moment(ctx, d.TouchedAt)},
	}
	if d.Why != "" {
		facts = append(facts, ui.Definition{Term: ui.T(ctx, "notices.messages.why"), Text: reason(ctx, d)},
			ui.Definition{Term: ui.T(ctx, "notices.messages.advice"), Text: ui.T(ctx, "notices.advice."+d.Why)})
	}
	if !d.DueAt.IsZero() {
		facts = append(facts, ui.Definition{Term: ui.T(ctx, "notices.messages.due"), Text: moment(ctx, d.DueAt)})
	}
	title := kind(ctx, d.Template)
	return p.show(w, r, http.StatusOK, ui.OfficeHead{
		Title: title, Badge: fateStatus(d), Active: MessagesPath, Narrow: true,
		Crumbs: []ui.Link{{Text: ui.T(ctx, "notices.messages.title"), Href: web.Path(ctx, MessagesPath)}, {Text: title}},
	}, messagePage(d, facts))
}

// postMessages does something with all marked deliveries, and says with how many.
func (p *pages) postMessages(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	if err := r.ParseForm(); err != nil {
		return err
	}
	do, done := p.Notice.SendAgain, "notices.messages.again_done"
	if r.PostFormValue("do") == "give-up" {
		do, done = p.Notice.GiveUp, "notices.messages.give_up_done"
	}
	var settled int
	var refused error
	for _, id := range r.PostForm["id"] {
		switch err := do(ctx, actor, id); {
		case err == nil:
			settled++
		case fault.Is(err, fault.KindConflict), fault.Is(err, fault.KindNotFound):
			refused = err
		default:
			return err
		}
	}
	if settled == 0 && refused != nil {
		return refused
	}
	if settled > 0 {
		ui.Flash(w, r, ui.Success, done, settled)
	}
	back := r.PostFormValue("back")
	if !ownPath(ctx, back) {
		back = web.Path(ctx, MessagesPath)
	}
	return web.Redirect(w, r, back)
}

// ownPath says whether a way back leads to the list of messages.
func ownPath(ctx context.Context, path string) bool {
	own := web.Path(ctx, MessagesPath)
	return path == own || len(path) > len(own) && path[:len(own)+1] == own+"?"
}

func (p *pages) postTry(w http.ResponseWriter, r *http.Request) error {
	if err := p.Notice.Try(r.Context(), access.From(r.Context())); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "notices.messages.try_done", 0)
	return web.Redirect(w, r, web.Path(r.Context(), MessagesPath))
}

// workView is the queue of work and what has failed in it.
type workView struct {
	Queue, Dead ui.TableView
}

func (p *pages) getWork(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	queue, err := p.Notice.Queue(ctx, actor)
	dead, other := p.Notice.DeadWork(ctx, actor)
	if err := errors.Join(err, other); err != nil {
		return err
	}
	v := workView{
		Queue: ui.TableView{
			ID: "queue", Caption: ui.T(ctx, "notices.work.queue"), Plain: true, Empty: ui.Empty("check-circle", ui.T(ctx, "notices.work.idle")),
			Columns: []ui.Column{{Title: ui.T(ctx, "notices.work.kind")}, {Title: ui.T(ctx, "notices.work.state")}, {Title: ui.T(ctx, "notices.work.jobs"), Number: true}},
		},
		Dead: ui.TableView{
			ID: "dead", Caption: ui.T(ctx, "notices.work.dead"), Plain: true, Empty: ui.Empty("check-circle", ui.T(ctx, "notices.work.none")),
			Columns: []ui.Column{
				{Title: ui.T(ctx, "notices.work.kind")}, {Title: ui.T(ctx, "notices.work.when")}, {Title: ui.T(ctx, "notices.work.attempts"), Number: true},
				{Title: ui.T(ctx, "notices.work.error")}, {Title: ui.T(ctx, "notices.actions"), Hide: true},
			},
		},
	}
	for _, c := range queue {
		v.Queue.Rows = append(v.Queue.Rows, ui.Row{Cells: []ui.Cell{work(ctx, c.Kind, ""), {Text: ui.T(ctx, "notices.job."+c.State)}, {Text: web.Words(ctx).Number(c.Jobs)}}})
	}
	for _, l := range dead {
		v.Dead.Rows = append(v.Dead.Rows, ui.Row{Cells: []ui.Cell{
			work(ctx, l.Kind, l.Args), {Text: moment(ctx, l.At)}, {Text: strconv.Itoa(l.Attempts)}, {Text: l.Error}, {Body: workActions(strconv.FormatInt(l.ID, 10))},
		}})
	}
	title := ui.T(ctx, "notices.work.title")
	return p.show(w, r, http.StatusOK, ui.OfficeHead{
		Title: title, Lead: ui.T(ctx, "notices.work.lead"), Help: "notices.work.help", Crumbs: []ui.Link{{Text: title}},
	}, workPage(v))
}

// work says in words what a job does, and in small print what the log and the metrics call it.
func work(ctx context.Context, kind, args string) ui.Cell {
	words := web.Words(ctx)
	if key := "job." + kind; words.Has(key) {
		return ui.Cell{Text: words.Text(key), Small: strings.TrimSpace(kind + " " + args)}
	}
	return ui.Cell{Text: kind, Small: args} // of an older program
}

func (p *pages) postWorkAgain(w http.ResponseWriter, r *http.Request) error {
	return p.settleWork(w, r, p.Notice.WorkAgain, "notices.work.again_done")
}

func (p *pages) postWorkGiveUp(w http.ResponseWriter, r *http.Request) error {
	return p.settleWork(w, r, p.Notice.GiveUpWork, "notices.work.give_up_done")
}

func (p *pages) settleWork(w http.ResponseWriter, r *http.Request, do func(context.Context, access.Actor, int64) error, done string) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return access.Missing()
	}
	if err := do(r.Context(), access.From(r.Context()), id); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, done, 0)
	return web.Redirect(w, r, web.Path(r.Context(), WorkPath))
}
