// SPDX-License-Identifier: EUPL-1.2

// Package tally keeps published counts from telling about single people.
//
// The rule, for every table whose sum somebody may know:
//
//   - A number below Fewest is not published.
//   - Who knows the sum could tell a hidden number by subtraction. So the next smallest are hidden too,
//     until at least two are hidden and together they make Fewest.
//   - What is hidden is left out, not marked: who reads the table does not learn that there was something.
//
// Sources: d.lgs. 196/2003, deontological rules for processing for statistical purposes (Garante, 19
// December 2018, no. 514), art. 4: a cell of fewer than three tells who it is about; Eurostat, Handbook on
// Statistical Disclosure Control (secondary suppression).
package tally
