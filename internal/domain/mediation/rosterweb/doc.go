// SPDX-License-Identifier: EUPL-1.2

// Package rosterweb has the pages of the keeping of the roster.
//
//   - For everybody, in the ten languages, phone first and without script: the published lists, the windows in
//     which one may apply, the form, and the page behind the link of a letter. A form that has a mistake comes
//     back with what was typed; files have to be chosen again, since nothing is kept before it is sent.
//   - For operators: windows, applications with points and decisions, papers, imports, residencies and who is
//     here today, postings of integration operators, what is public.
//   - The open data are CSV and JSON with what the public list has.
package rosterweb
