// SPDX-License-Identifier: EUPL-1.2

// Package figure counts what mediation did and what it could not do, so that the next training or call
// for mediators is decided on facts.
//
// The rules:
//
//   - A request counts in the period in which it was to begin, once it is over. It is Cancelled by the desk;
//     Fulfilled; Absent, when the mediator came for nobody; or Unmet, when nobody came. What was agreed, is
//     over and was reported by nobody yet is Unreported, and counts as fulfilled until somebody says otherwise.
//   - A desk that looked for a mediator and found nobody made no request: that is unmet too, once for each
//     person, language and day, unless the desk came back for the same person within a week (mediation_lack).
//   - The fill rate is (fulfilled + absent) / (requests - cancelled): what the desk called off, and a
//     person who did not come, are no failure of the service.
//   - The time to answer runs from the request to the first yes of a mediator. Where a mediator need not be
//     asked it is nothing; so on call and scheduled are told apart.
//   - Hours are those that were booked and whose mediator came.
//   - The territory is the province where the meeting was to be. Remote work has none.
//   - Weekdays and hours are those on the wall in Italy.
//   - Coordinators see the figures of their body, network administrators and project coordinators those of
//     all bodies: whole, since one plans with small numbers. What is published goes by month, in tables of
//     one dimension each, and through package tally, so that nobody can be told from it, nor by subtracting one
//     table from another (publishable says how). A month is published
//     when a week has gone since its end: what a desk came back for counts as met by then.
//
// Sources: ISO 13611:2024 (community interpreting); d.lgs. 286/1998 art. 42; d.lgs. 36/2006 as amended
// by d.lgs. 200/2021 (open data); d.lgs. 196/2003, deontological rules for statistics.
package figure
