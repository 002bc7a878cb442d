// SPDX-License-Identifier: EUPL-1.2

// Package officeweb has the pages on which the census is written: the list of services, the editor of
// the thirteen-part card, translation side by side, history, changes to many services at once, and the
// questions to bodies whether their entries are still true.
//
// Rules that every page keeps:
//
//   - The use cases decide who may see and do what; what one may not see does not exist.
//   - Everything works without script. With it, what is typed is saved by itself as a working copy, and
//     kept in the browser until the server has it.
//   - A form that can't be taken comes back with what was typed, with a message beside each field. When
//     somebody else was faster, both versions stand side by side, and nothing typed is lost.
//   - Lists of the card grow, shrink and move by buttons of its form (rows.go); that stores nothing. The
//     fields for latitude and longitude say where a place is; the map writes into them, and asks nobody for
//     pictures of the surroundings of a hidden place.
//   - The page behind a link to the contact of a body (getLink) opens exactly one entry, as the public
//     reads it, in ten languages; it takes one answer. Whoever holds a link that has lapsed may have another
//     sent, to the contact that is known.
//
// Standards: the service card of Designers Italia; WCAG 2.2 AA; the readability index Gulpease.
package officeweb
