// SPDX-License-Identifier: EUPL-1.2

package mediation

import (
	"context"
	"strconv"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
)

// Meeting is a session of another body in which one's own takes part: when, how and where, and who asked for it.
// Nothing of the person is in it.
type Meeting struct {
	Request  string
	Body     Body // that asked
	Slot     Slot
	Language string
	Mode     Mode
	Place    Place
	Link     string
	State    RequestState // Open while nobody is found, or Booked
}

// meetingTable is how policies find meetings.
var meetingTable = access.Table{Type: "MediationMeeting", ID: "r.id", Columns: map[string]access.Column{
	"bodies": {SQL: `%s IN (SELECT p.member FROM mediation_present p WHERE p.request = r.id)`, Kind: access.Many},
}}

// mostMeetings bounds the list: the next ones are what one looks for.
const mostMeetings = 200

// Meetings are the next sessions of other bodies in which the body of the actor takes part.
func (u *UseCases) Meetings(ctx context.Context, actor access.Actor) (list []Meeting, err error) {
	scope, args, err := u.Guard.Scope(actor, "mediation.meeting.read", meetingTable, 1)
	if err != nil {
		return nil, err
	}
	args = append(args, db.Millis(u.Clock().Add(-justBegun)))
	err = u.DB.InReadTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		found, err := db.Rows(ctx, tx, scanRequest, `SELECT `+requestColumns+` FROM mediation_request r WHERE (`+scope+`) AND r.state IN ('open', 'booked') AND r.finish > $`+strconv.Itoa(len(args))+`
			ORDER BY r.start, r.id LIMIT `+strconv.Itoa(mostMeetings), args...)
		if err != nil {
			return err
		}
		var asking distinct
		for _, r := range found {
			asking.add(r.Member)
		}
		ids := make([]string, len(asking.list))
		for i, id := range asking.list {
			ids[i] = id.(string)
		}
		bodies, err := bodiesOf(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, r := range found {
			m := Meeting{Request: r.ID, Body: Body{ID: r.Member}, Slot: r.Slot, Language: r.Language, Mode: r.Mode, Place: r.Place, Link: r.Link, State: r.State}
			for _, b := range bodies {
				if b.ID == r.Member {
					m.Body = b
				}
			}
			list = append(list, m)
		}
		return nil
	})
	return list, err
}

// justBegun is how long what has begun still stands among what comes.
const justBegun = 2 * time.Hour

// takePart lets the other bodies of a request see when and where it is.
func takePart(ctx context.Context, tx *db.Tx, r Request) error {
	var rows [][]any
	for _, body := range r.Bodies {
		if body != r.Member {
			rows = append(rows, []any{r.ID, body})
		}
	}
	_, err := db.Insert(ctx, tx, "mediation_present (request, member)", "ON CONFLICT DO NOTHING", rows)
	return err
}
