// SPDX-License-Identifier: EUPL-1.2

// Package agenda is the calendar of mediation as programs outside see it: feeds to subscribe to, CalDAV for
// the telephone of a mediator, and the busy times of a calendar that a mediator keeps elsewhere.
//
// The rules:
//
//   - What leaves the house are pseudonymous slots: when, language, mode, comune, and a link behind which one
//     has to log in. No code, no reason, no name of anybody, whatever program asks.
//   - A feed is an address with a secret in it, one for a mediator and some for a body. A program that speaks
//     CalDAV gets a password of its own, which opens the calendar and nothing else, never the password of
//     the account. Secrets are shown once and kept as hashes; what was revoked opens nothing any more, and
//     neither does what belongs to somebody who is no mediator any more.
//   - A mediator's programs see their bookings and the times off that they entered. A new entry is a time
//     off; one onto a booking is refused. A booking that is moved is moved by mediation.MoveBooking, one that is
//     deleted is given back by mediation.Answer: the rules are those of the pages, and so is the log.
//   - Of what a program sends, only the times are kept, no title and no text: what somebody does on their
//     day off is not known here. So a program reads its own entry back with other words, and no tag is
//     given for what it wrote.
//   - Changes since a state (RFC 6578) are found by comparing, not by a log of changes: whatever changed a
//     booking, by whatever way, is told. A state is kept for ninety days.
//   - Of a calendar elsewhere only busy times are kept, for a year to come. It is fetched every half hour
//     through the guard of package outside, with the tags of the last answer; what fails is tried later
//     and later, up to a day. Its owner sees why. The busy times of the last good answer hold meanwhile.
//
// Sources: RFC 5545 and 7986 (iCalendar), RFC 4791 and 6578 (CalDAV, synchronisation), RFC 6764 (discovery);
// GDPR arts 5 and 25.
package agenda
