// SPDX-License-Identifier: EUPL-1.2

// Package sheet writes lists as CSV and XLSX, for people who go on working with them, and reads what
// they have in such files.
//
// The rules of reading: a text may be UTF-8, UTF-16 or Windows-1252, with commas, semicolons, tabs or bars,
// whichever its first line has most of; a workbook is unfolded up to a limit (OWASP ASVS 5.0, 5.2.3); what a
// merged range shows stands in each of its cells; hidden sheets are left out; days are numbers since 1900,
// or since 1904 in workbooks that say so (ECMA-376, 18.17.4.1).
//
// The rules of writing:
//
//   - A cell that begins with = + - @, a tab or a line end is preceded by an apostrophe: a program
//     for sheets would take it for a formula (OWASP, CSV injection; ASVS 5.0, 1.2.10).
//   - CSV is UTF-8 with a byte order mark and semicolons, which the program of most offices in Italy
//     opens rightly with a double click (RFC 4180 otherwise).
//   - The first row holds the titles of the columns.
package sheet
