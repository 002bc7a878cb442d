// SPDX-License-Identifier: EUPL-1.2

package home

import (
	"context"
	"strings"

	"approdo/internal/base/access"
	"approdo/internal/base/audit"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// last is what the actor did, in words, with the way to what it was done to.
func (p *pages) last(ctx context.Context, actor access.Actor) ([]ui.Moment, error) {
	entries, err := p.Last(ctx, actor.Account, lastShown)
	if err != nil {
		return nil, err
	}
	ids := map[string][]string{}
	for _, e := range entries {
		if e.Record != "" {
			ids[e.Kind] = append(ids[e.Kind], e.Record)
		}
	}
	titles := map[string]map[string]ui.Link{}
	for kind, list := range ids {
		if titles[kind], err = p.Titles(ctx, actor, kind, list); err != nil {
			return nil, err
		}
	}
	moments := make([]ui.Moment, len(entries))
	for i, e := range entries {
		link := titles[e.Kind][e.Record]
		moments[i] = ui.Moment{At: e.At.In(calendar.Rome()), What: deed(ctx, e), Text: link.Text, Href: link.Href, Level: level(e)}
	}
	return moments, nil
}

// deed says what was done: the verb of the action, and the kind of record.
func deed(ctx context.Context, e audit.Entry) string {
	words := web.Words(ctx)
	verb := e.Action[strings.LastIndexByte(e.Action, '.')+1:]
	record := strings.TrimSuffix(e.Action, "."+verb)
	text := words.Text("home.did.other")
	if key := "home.did." + verb; words.Has(key) {
		text = words.Text(key)
	}
	if key := "access.record." + record; words.Has(key) {
		return text + " · " + words.Text(key)
	}
	return text
}

// level gives the deed its colour: what the public sees is green, what ends is not.
func level(e audit.Entry) ui.Level {
	switch e.Action[strings.LastIndexByte(e.Action, '.')+1:] {
	case "publish", "create", "confirm", "answer", "restore", "reopen", "admit":
		return ui.Success
	case "close", "delete", "end", "discard", "break", "reset", "withdraw", "merge":
		return ui.Warning
	}
	return ui.Neutral
}
