// SPDX-License-Identifier: EUPL-1.2

// Package ical reads and writes iCalendar (RFC 5545), as far as this program speaks it: events with
// their times, and what keeps somebody busy.
//
// The rules:
//
//   - What others wrote is read with good will and within limits: a line that is none is left out and
//     counted, a component that is not closed is an error, and nothing is read twice over (the number of
//     lines, components and their depth is bounded). Nothing in a file makes the reader panic or wait.
//   - A time zone is an IANA name, one of Windows (as Exchange and Outlook write), or whatever the
//     VTIMEZONE of the file says, in that order. A time without zone is that of the reader's own place.
//   - A recurrence is read by package calendar, day by day within the window that is asked for, and
//     BYSETPOS by this package. Frequencies below a day are not understood: of such an event its first
//     time counts, and the event is counted among those not understood.
//   - Who is busy: every event but those that are transparent (TRANSP, and FREE as Microsoft says it),
//     cancelled, or without length; and the busy times of VFREEBUSY.
//   - What is written is folded at 75 octets, never within a character, ends its lines with CR LF, and
//     carries the rules of Europe/Rome, so that no reader has to know them.
//
// Libraries were looked at first: docs/decisions/0103-own-reader-of-calendars.md says why there is none.
// windows.json is supplemental/windowsZones of the CLDR (Unicode License v3), territory 001.
package ical
