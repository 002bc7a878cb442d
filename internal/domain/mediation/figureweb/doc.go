// SPDX-License-Identifier: EUPL-1.2

// Package figureweb shows the figures of mediation.
//
//   - /office/mediation/figures: what was asked and not met, in numbers, for who plans; with files.
//   - /office/mediation/fairness: how the hours were shared, for coordinators.
//   - /mediation/figures: a mediator's own hours, in ten languages.
//
// Every drawing is a table first: it can be read, heard and printed. Filters are in the address.
package figureweb
