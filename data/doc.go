// SPDX-License-Identifier: EUPL-1.2

// Package data is the reference data that the program carries with it: territories, needs in ten
// languages, holidays, helplines, outlines, the demo network. README.md says where each file comes
// from and under which licence.
package data
