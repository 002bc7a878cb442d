// SPDX-License-Identifier: EUPL-1.2

// Package roster decides who is on the roster of mediators, and who of them is where.
//
// The words:
//
//   - A Window is a time in which one may apply for a section of the roster of a body, with the act it
//     rests on, the criteria of the evaluation and their points.
//   - Who applies is an entry of the roster that stands at "applied". They follow, complete and withdraw
//     it by a link in a letter, whose secret is kept as a hash.
//   - A Decision changes where an entry stands: listed, refused, suspended, taken back, left, renewed; with
//     the act, the reason and, when it goes against somebody, the day until which they may appeal.
//   - A Residency is a block of weeks in which a mediator is in an office, for the desks of a body and of
//     its neighbours; a Posting is an integration operator in an office.
//
// The rules:
//
//   - Nothing is kept of a form that was not sent. Papers are read by their first bytes, bounded, pictures
//     written anew, and sealed under the key of the mediator, as are contacts, notes and reasons.
//   - An application whose link was not used is nobody's: it is neither listed nor published, gives way to a
//     later one of the same address, and goes after two days with its papers and points. However many of
//     them wait, a window goes on taking others: from MostUnconfirmed on papers come by the link alone.
//     They stand last in the list and are not counted as work. An application has MostBytes of papers.
//   - Each evaluator gives points of their own, and sees what another gave after they have given theirs.
//     An entry is judged by the mean of two at most.
//   - Reasons have to be given, and the way to object (L. 241/1990 arts 3 and 10-bis). An appeal is answered
//     within thirty days (L. 241/1990 art. 2); the day until which one may appeal stands in the decision
//     (thirty days unless the act says otherwise: d.P.R. 1199/1971 art. 2).
//   - The public list has an entry only with the consent recorded: by name, or by a code that leads to
//     nobody. It has section, languages, and number and day of the act; and it states under which rule of
//     the region or of the body it is published, which whoever publishes it writes. Regions differ, and
//     none of their rules is built in.
//   - Who is suspended, expired or gone is offered nothing more; what they are booked for stays until
//     somebody decides, and is told.
//   - An import is looked at before it is applied; the same row again is the same entry; what was changed
//     is put back as a whole. It takes no hours, and neither language, way nor place away from somebody
//     who is booked ahead: no engagement ever clashes because of a file.
//   - Hours of residents are used before outside calls, by their body and by its neighbours.
//   - Who asks has their data as a file (art. 15 GDPR); who is erased leaves bookings under an identifier
//     that leads to nobody (art. 17, paragraph 3, letter b: accounts are kept ten years).
//
// Sources besides those of package mediation: d.lgs. 33/2013 art. 7-bis and GDPR arts 5 and 6 (what may be
// published of persons); the regional acts that the windows and the list name.
package roster
