// SPDX-License-Identifier: EUPL-1.2

// Package networkweb shows the network: to everybody who takes part and what the projects do, to
// operators also how bodies, agreements, projects and funds are kept.
//
// The rules:
//
//   - What a source does not state is not shown: there are no empty fields and no guesses.
//   - Texts stand in the language in which they were written, and say so (WCAG 3.1.2).
//   - What a body offers is the directory's matter: app gives a part of its pages (Deps.Offer),
//     which also decides what of a body that shelters may be shown.
//   - Emblems are words in a frame unless somebody has uploaded a picture; none is drawn here.
package networkweb
