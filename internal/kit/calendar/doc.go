// SPDX-License-Identifier: EUPL-1.2

// Package calendar knows days, hours of the day, intervals of time, rules of
// recurrence and the public holidays of Italy. It is pure: it has no clock of
// its own and reads no file, so the same question always has the same answer.
//
// The rules, in words:
//
//   - A Day is a civil date without time zone; a Clock is an hour of the day on
//     the wall. Only together with a time zone do they become an instant.
//   - On the day clocks go forward, an hour on the wall does not exist: it is
//     read as the moment of the change. On the day they go back, an hour is
//     lived twice: something opens at the first and closes at the second.
//     So nobody finds a closed door within the hours that were published.
//   - A slot that closes at or before the hour it opens ends the next day.
//   - A Rule of recurrence is the day part of an iCalendar RRULE (RFC 5545,
//     section 3.3.10), in the reading of the libraries that most calendars use:
//     the first day counts only when it fits the rule itself. HSDS 3.1 spells
//     the same fields in its schedule table.
//   - Public holidays: law 27 May 1949 no. 260, art. 2, as amended by law
//     5 March 1977 no. 54, DPR 28 December 1985 no. 792 (Epiphany back), law
//     20 November 2000 no. 336 (2 June back) and law 8 October 2025 no. 151
//     (4 October, Saint Francis, from 2026). Easter follows the Gregorian
//     computus. The days are right from 2001 on.
//
// The package embeds the IANA time zone database, so the binary does not
// depend on the machine it runs on.
package calendar
