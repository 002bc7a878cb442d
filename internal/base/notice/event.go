// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"strconv"

	"approdo/internal/kit/calendar/ical"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/send"
)

// attached is the appointment of a letter as a file, nil for a letter that tells of none.
func (o *office) attached(p parcel, r Rendered) *send.Attachment {
	e := p.content.Event
	if e == nil {
		return nil
	}
	words := o.Words.Words(r.Language)
	method, status := "PUBLISH", "CONFIRMED"
	switch {
	case e.Cancelled:
		method, status = "CANCEL", "CANCELLED"
	case e.Tentative:
		status = "TENTATIVE"
	}
	event := &ical.Component{Name: "VEVENT"}
	event.Add(
		ical.Raw("UID", e.UID), ical.Instant("DTSTAMP", p.message.MadeAt), ical.Raw("SEQUENCE", strconv.FormatInt(e.Sequence, 10)),
		ical.Raw("ORGANIZER", o.PublicURL), // an address of the network and not of a person, who would be written to
		ical.Local("DTSTART", e.Start), ical.Local("DTEND", e.End), ical.Raw("STATUS", status), ical.Raw("CLASS", "CONFIDENTIAL"),
		ical.Text("SUMMARY", words.Text(e.Summary, "language", lang.Name(words.Lang(), e.Language))),
	)
	if e.Place != "" {
		event.Add(ical.Text("LOCATION", e.Place))
	}
	// Not the link of the letter: what is in a calendar goes to whoever keeps the calendar.
	if link := address(o.PublicURL, words.Lang(), e.Link); link != "" {
		event.Add(ical.Raw("URL", link))
	}
	c := ical.New(method)
	c.Children = append(c.Children[:len(c.Children):len(c.Children)], event)
	return &send.Attachment{Name: "approdo.ics", Type: "text/calendar; charset=utf-8; method=" + method, Data: []byte(c.String())}
}
