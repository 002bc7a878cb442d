// SPDX-License-Identifier: EUPL-1.2

// Package timesheet knows what became of bookings: what took place, how long, at what cost, who says so;
// and makes the timesheets of it that mediators are paid by and projects account with.
//
// The rules of a Session, which is one booking as it took place:
//
//   - The mediator checks in and out, from their pages or by the link of the message; with the code of six
//     digits that the desk shows, presence is proved by both. Whoever forgot writes the hours.
//   - What was done is said by codes alone: kinds of activity and topics. Nothing is written about the
//     person, whose code stays with the request. Topics say why somebody came: they are sealed under the
//     key of the request and forgotten with its reason.
//   - The desk that asked countersigns, or says what is not right; the mediator agrees or answers; a
//     coordinator of the body that answers for the mediator decides. Nobody does so for themselves. What is
//     written in a dispute is sealed under a key of the session, destroyed a year later.
//   - Whoever came for nobody is owed the share of the booked time that the rules of the body say; so is
//     whoever was cancelled too late. A mediator who did not come is owed nothing, the request counts as unmet,
//     and absences of the last year stand beside the name for the coordinator.
//   - Time is counted in whole five minutes, begun ones in full. The way is told apart and not paid by
//     the hour; expenses are paid as they were, with their receipts.
//
// The rules of a Timesheet, which is a month of a mediator:
//
//   - Its lines are the sessions that are countersigned or settled, by day, each with body, project and
//     activity. What is not countersigned yet waits for a later number.
//   - The mediator signs first, then a coordinator. The first signature freezes the sessions and the
//     content, whose SHA-256 is kept and printed; the seal binds both signatures to it. A correction never
//     changes what was signed: it makes another number.
//   - These are signatures within the system (art. 20 d.lgs. 82/2005, "firma elettronica semplice"): a body
//     that wants a qualified one signs the PDF.
//   - The hashed content names nobody; names stand beside it, and go when somebody is erased.
//
// Evaluations of both sides are off until the body that asks turns them on. They count in the choice from
// the fifth on, as a mean of a year; mediators see their own mean, coordinators those of their body.
//
// Sources: d.lgs. 286/1998 art. 42; d.lgs. 82/2005 (CAD) art. 20; Regulation (EU) 2021/1060 art. 74 and 82
// (supporting documents, ten years in national practice); GDPR arts 5 and 25.
package timesheet
