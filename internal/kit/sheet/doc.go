// SPDX-License-Identifier: EUPL-1.2

// Package sheet writes lists as CSV and XLSX, for people who go on working with them.
//
// The rules:
//
//   - A cell that begins with = + - @, a tab or a line end is preceded by an apostrophe: a program
//     for sheets would take it for a formula (OWASP, CSV injection; ASVS 5.0, 1.2.10).
//   - CSV is UTF-8 with a byte order mark and semicolons, which the program of most offices in Italy
//     opens rightly with a double click (RFC 4180 otherwise).
//   - The first row holds the titles of the columns.
package sheet
