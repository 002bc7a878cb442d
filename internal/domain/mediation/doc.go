// SPDX-License-Identifier: EUPL-1.2

// Package mediation finds the right mediator, now or on Tuesday, and never for two places at once.
//
// The words:
//
//   - The Roster (long list, elenco regionale) holds Mediators: linguistic and cultural mediators, and
//     facilitators. Who is Listed can be booked; the others are kept but are offered nothing.
//   - A Request says what a desk needs: a language, how (in person, by video, by telephone, written),
//     when, where, for how long. The person in front of the desk is a code here; reason and
//     nationality are sealed under the key of the request and leave it in no message.
//   - A Booking is one mediator for one request, in one interval. What then took place is a Session.
//
// The rules:
//
//   - Never twice. A booking claims every five minutes from its beginning to its end, and those of the
//     way there and back: rows of mediation_claim, whose primary key is (mediator, five minutes).
//     Every way to a booking goes through it, so the database itself says "already taken".
//   - The way: from one engagement to the next when they lie close, from and to the mediator's own
//     place otherwise. Claims are laid out by Layout from the engagements alone, so the same
//     engagements always have the same claims, whatever order they were made in.
//   - Remote work has no way. It happens wherever the mediator is: at the last place while the next
//     engagement is close, at their own place otherwise.
//   - Hard limits come first (language, mode, skill, gender asked for, area, conflict of interest,
//     hours, notice, caps of the body), then a score. Each booking keeps why this mediator was chosen;
//     who was skipped, and why, is for coordinators.
//   - A series is booked whole or not at all, and what clashes is shown.
//   - Hours are wall-clock hours of Italy across daylight saving; instants are kept in UTC.
//
// Sources: L. 6 March 1998 no. 40 art. 36 and d.lgs. 286/1998 art. 42 (mediators in public services);
// d.lgs. 142/2015 art. 17 (vulnerable persons); ISO 13611:2024 (community interpreting);
// GDPR arts 5, 25 and 32 (what is asked for, and who sees it).
package mediation
