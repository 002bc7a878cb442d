// SPDX-License-Identifier: EUPL-1.2

package noticeweb

import (
	"context"
	"fmt"

	"approdo/internal/base/access"
	"approdo/internal/base/notice"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// Room is what the home of operators asks.
type Room struct{ Notice *notice.UseCases }

// Waiting is what waits for the actor: new messages, and for administrators what did not arrive and
// work that has failed.
func (r Room) Waiting(ctx context.Context, a access.Actor) ([]ui.Waiting, error) {
	var list []ui.Waiting
	fresh, err := r.Notice.Unread(ctx, a)
	if err != nil {
		return nil, err
	}
	if fresh > 0 {
		list = append(list, ui.Waiting{Text: ui.T(ctx, "notices.waiting.new"), Href: web.Path(ctx, InboxPath+"?new=1"), Count: fresh, Icon: "bell"})
	}
	page, err := r.Notice.Fates(ctx, a, notice.Filter{State: notice.Failed, N: 1})
	switch {
	case fault.Is(err, fault.KindNotFound): // not for this actor
		return list, nil
	case err != nil:
		return nil, err
	}
	if n := page.Count[notice.Failed]; n > 0 {
		list = append(list, ui.Waiting{
			Text: ui.T(ctx, "notices.waiting.failed"), Href: web.Path(ctx, MessagesPath+"?state="+string(notice.Failed)), Count: n, Level: ui.Warning, Icon: "mail",
		})
	}
	dead, err := r.Notice.DeadWork(ctx, a)
	if err != nil && !fault.Is(err, fault.KindNotFound) {
		return nil, fmt.Errorf("dead work: %w", err)
	}
	if len(dead) > 0 {
		list = append(list, ui.Waiting{Text: ui.T(ctx, "notices.waiting.work"), Href: web.Path(ctx, WorkPath), Count: len(dead), Level: ui.Warning, Icon: "tool"})
	}
	return list, nil
}
