// SPDX-License-Identifier: EUPL-1.2

// Package auditweb shows the log to auditors and data-protection officers, tells everybody who has seen
// what is kept about them, and takes checkpoints that other installations send to be kept here.
//
// The rules:
//
//   - An event is told in words, with the names that whoever reads may know; identifiers stand beside.
//   - Exports are CSV in which no cell is a formula (ASVS 5.0, 1.2.10).
//   - Who reads about themselves sees no names.
//   - A checkpoint from elsewhere is kept only when a key that this installation knows has signed it.
package auditweb
