// SPDX-License-Identifier: EUPL-1.2

package noticeweb

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/notice"
	"approdo/internal/kit/send"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// preferenceView is how somebody wants to be told.
type preferenceView struct {
	Preferences   notice.Preferences
	Start, Finish string // as typed
	Zone          string
	Devices       []notice.Device
	PushKey       string
	Mistakes      ui.Mistakes
	page          *pages
}

func (p *pages) getPreferences(w http.ResponseWriter, r *http.Request) error {
	prefs, err := p.Notice.Preferences(r.Context(), access.From(r.Context()))
	if err != nil {
		return err
	}
	return p.showPreferences(w, r, http.StatusOK, preferenceView{
		Preferences: prefs, Start: clock(prefs.Quiet.Start), Finish: clock(prefs.Quiet.Finish), Zone: prefs.Quiet.Zone,
	})
}

func (p *pages) showPreferences(w http.ResponseWriter, r *http.Request, status int, v preferenceView) error {
	ctx := r.Context()
	devices, err := p.Notice.Devices(ctx, access.From(ctx))
	if err != nil {
		return err
	}
	v.Devices, v.PushKey, v.page = devices, p.PushKey, p
	title := ui.T(ctx, "notices.preferences.title")
	return p.show(w, r, status, ui.OfficeHead{
		Title: title, Lead: ui.T(ctx, "notices.preferences.lead"), Active: InboxPath, Narrow: true, Scripts: []string{"push.js"},
		Crumbs: []ui.Link{{Text: ui.T(ctx, "notices.inbox.title"), Href: web.Path(ctx, InboxPath)}, {Text: title}},
	}, preferencePage(v))
}

func (p *pages) postPreferences(w http.ResponseWriter, r *http.Request) error {
	ctx, actor := r.Context(), access.From(r.Context())
	prefs, err := p.Notice.Preferences(ctx, actor)
	if err != nil {
		return err
	}
	v := preferenceView{Start: r.PostFormValue("start"), Finish: r.PostFormValue("finish"), Zone: r.PostFormValue("zone")}
	if !prefs.Phone { // the page has not asked about text messages
		prefs.Choice = slices.DeleteFunc(prefs.Choice, func(c notice.Preference) bool { return c.Channel == notice.SMS })
	}
	for i, c := range prefs.Choice {
		prefs.Choice[i].Wanted = slices.Contains(r.PostForm["topic-"+c.Topic], string(c.Channel))
	}
	prefs.Quiet = notice.Quiet{On: r.PostFormValue("quiet") != "", Start: minutes(v.Start), Finish: minutes(v.Finish), Zone: v.Zone}
	v.Preferences = prefs
	err = p.Notice.Prefer(ctx, actor, prefs)
	if mistakes, ok := ui.MistakesOf(r, err); ok {
		v.Mistakes = mistakes
		return p.showPreferences(w, r, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "notices.preferences.kept", 0)
	return web.Redirect(w, r, web.Path(ctx, PreferencePath))
}

// clock writes minutes of the day as a time field wants them.
func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// minutes reads "22:30"; -1 is no time, which the use case refuses.
func minutes(text string) int {
	hour, minute, found := strings.Cut(text, ":")
	h, err := strconv.Atoi(hour)
	m, other := strconv.Atoi(minute)
	if !found || err != nil || other != nil || h < 0 || h > 23 || m < 0 || m > 59 {
		return -1
	}
	return h*60 + m
}

// topics are the topics to choose channels for, in order.
func (v preferenceView) topics(ctx context.Context) []ui.ChecksView {
	var list []ui.ChecksView
	for _, c := range v.Preferences.Choice {
		if c.Channel == notice.SMS && !v.Preferences.Phone {
			continue
		}
		id := "topic-" + c.Topic
		if len(list) == 0 || list[len(list)-1].ID != id {
			list = append(list, ui.ChecksView{ID: id, Name: id, Legend: v.page.topic(ctx, c.Topic)})
		}
		last := &list[len(list)-1]
		last.Options = append(last.Options, ui.Option{Value: string(c.Channel), Text: ui.T(ctx, "notices.channel."+string(c.Channel)), Selected: c.Wanted})
	}
	return list
}

// zones are the time zones that operators of the network live in, and the one they have chosen.
func (v preferenceView) zones() []ui.Option {
	names := []string{"Europe/Rome", "Europe/London", "Europe/Lisbon", "Europe/Athens", "Europe/Kyiv", "Africa/Tunis", "UTC"}
	if v.Zone != "" && !slices.Contains(names, v.Zone) {
		names = append(names, v.Zone)
	}
	list := make([]ui.Option, len(names))
	for i, name := range names {
		list[i] = ui.Option{Value: name, Text: strings.ReplaceAll(name, "_", " "), Selected: name == v.Zone}
	}
	return list
}

func (p *pages) postDevice(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	s := send.Subscription{Endpoint: r.PostFormValue("endpoint")}
	s.Keys.P256dh, s.Keys.Auth = r.PostFormValue("p256dh"), r.PostFormValue("auth")
	if err := p.Notice.Subscribe(ctx, access.From(ctx), s, r.PostFormValue("name")); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "notices.device.added", 0)
	return web.Redirect(w, r, web.Path(ctx, PreferencePath))
}

func (p *pages) postRemove(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	if err := p.Notice.Unsubscribe(ctx, access.From(ctx), r.PathValue("id")); err != nil {
		return err
	}
	ui.Flash(w, r, ui.Success, "notices.device.removed", 0)
	return web.Redirect(w, r, web.Path(ctx, PreferencePath))
}

// getWorker serves the worker that shows messages. It holds nothing about anybody.
func getWorker(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, err := w.Write(web.AssetBytes("push-worker.js"))
	return err
}

// devices lists the browsers that show messages.
func (v preferenceView) devices(ctx context.Context) ui.TableView {
	t := ui.TableView{
		ID: "device-list", Caption: ui.T(ctx, "notices.device.title"), Plain: true, Empty: ui.Empty("bell", ui.T(ctx, "notices.device.none")),
		Columns: []ui.Column{{Title: ui.T(ctx, "notices.device.name")}, {Title: ui.T(ctx, "notices.device.since")}, {Title: ui.T(ctx, "notices.actions"), Hide: true}},
	}
	for _, d := range v.Devices {
		name := d.Name
		if name == "" {
			name = ui.T(ctx, "notices.device.unnamed")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: name}, {Text: moment(ctx, d.MadeAt)}, {Body: removeDevice(d.ID, name)}}})
	}
	return t
}
