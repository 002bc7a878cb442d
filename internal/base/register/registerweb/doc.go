// SPDX-License-Identifier: EUPL-1.2

// Package registerweb shows the registers: to operators the register of processing, the template of
// an impact assessment and the log of breaches with its clock; to everybody the form for what is not
// accessible.
//
// The rules:
//
//   - Times are those of Italy, and the end of the 72 hours is written out, not only counted down.
//   - Nothing that is typed is lost: a form comes back with what was in it and what is wrong.
//   - The form for everybody asks for as little as it can: no name, and an address only for an answer.
package registerweb
