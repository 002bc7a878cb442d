// SPDX-License-Identifier: EUPL-1.2

// Package agendaweb has the doors of package agenda: the page on which a mediator connects calendars, in
// ten languages, the one for those of a body, feeds, and a CalDAV server.
//
// The server speaks what telephones and calendar programs ask for: discovery (RFC 6764), PROPFIND, the
// reports calendar-query, calendar-multiget, free-busy-query and sync-collection (RFC 4791, RFC 6578), PUT
// and DELETE with conditions. There is one calendar for each password. Collections can't be made, moved or
// named; a program that tries is told so property by property. What is refused is told with the
// precondition that RFC 4791 names, and in words of the language in which the password was made:
//
//   - 412 the entry is not what the program thinks;
//   - 409 the time is taken, the identifier is in use, or the entry is none that can be kept;
//   - 403 the rules do not allow it;
//   - 415 what was sent is no calendar.
//
// Programs log in with HTTP Basic over TLS; the name does not matter. Wrong passwords have a budget for
// each address.
package agendaweb
