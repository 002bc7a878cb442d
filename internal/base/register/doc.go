// SPDX-License-Identifier: EUPL-1.2

// Package register keeps the papers that whoever processes data about persons must be able to show:
// the register of processing, the template of impact assessments, the log of breaches, and what
// people say about the accessibility of the pages.
//
// The rules:
//
//   - The register (art. 30 GDPR) is made from what the program does: each room declares its
//     processings with the tables that hold the data, app puts them together, and a test finds every
//     table that nobody has declared. A body adds its own, and never changes a declared one.
//   - A breach has a clock of 72 hours from when the body knew of it (art. 33(1)). When a risk for
//     persons is unlikely nothing has to be notified, but it is written down all the same (33(5)).
//     Later than 72 hours needs a reason (33(1)); a high risk, that the persons are told (art. 34).
//   - The officer of the body is told when a breach is entered, again after 24 and 48 hours, six hours
//     before the end and when it has passed, until the notification is entered.
//   - A breach says what happened to which categories, never who the persons are.
//   - Every change is kept with what was there before; an entry of the register goes back to an earlier
//     state, a breach only on: what the authority was told is no draft.
//   - Nothing here is deleted: a processing that ended keeps its entry, for the authority may ask.
//   - Remarks about accessibility are answered within thirty days (AgID guidelines on accessibility,
//     2022, feedback mechanism); without an answer people turn to the digital ombudsman.
package register
