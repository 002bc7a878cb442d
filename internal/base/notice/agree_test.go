// SPDX-License-Identifier: EUPL-1.2

package notice_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/base/notice"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// The list of what became of messages, and its counts, hold what the policies say of each message.
func TestListsAgreeWithPolicies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := open(t, d)
		accesstest.Agree(t, d, noon, []access.Policy{access.Base(), notice.Policy()}, accesstest.List{
			Action: notice.ActionRead, Type: "Message", Make: makeMessages,
			Ways: func(g *access.Guard) map[string]accesstest.Way {
				u := *h.UseCases
				u.Guard = g
				return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
					page, err := u.Fates(ctx, a, notice.Filter{State: notice.Waiting, Channel: notice.Mail, Template: "notice.test"})
					for _, one := range page.List {
						ids = append(ids, one.Message)
					}
					if counted := page.Count[notice.Waiting]; counted != len(ids) || page.Total != len(ids) {
						t.Errorf("%d and %d are counted, %d listed", counted, page.Total, len(ids))
					}
					slices.Sort(ids)
					return slices.Compact(ids), err
				}}
			},
		})
	})
}

// makeMessages takes away what was there: a page holds so many.
func makeMessages(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
	if _, err := db.Exec(ctx, tx, `DELETE FROM notice_message`); err != nil {
		return nil, err
	}
	var world []access.Resource
	for range rapid.IntRange(1, 3).Draw(t, "messages") {
		id, member := db.NewID(), rapid.SampledFrom(append([]string{""}, accesstest.Members...)).Draw(t, "member")
		if _, err := db.Exec(ctx, tx, `INSERT INTO notice_message (id, key, template, topic, account, member, language, urgent, made_at) VALUES ($1, $1, 'notice.test', 'notice', 'ada', $2, 'it', FALSE, 0)`, id, member); err != nil {
			return nil, err
		}
		if _, err := db.Exec(ctx, tx, `INSERT INTO notice_delivery (id, message_id, channel, state, touched_at) VALUES ($1, $1, $2, $3, 0)`, id, notice.Mail, notice.Waiting); err != nil {
			return nil, err
		}
		world = append(world, access.Resource{Type: "Message", ID: id, Attributes: access.Attributes{"member": member}})
	}
	return world, nil
}
