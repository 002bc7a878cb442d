// SPDX-License-Identifier: EUPL-1.2

// Package accessweb shows operators who may do what, and lets them break the glass and look at it
// afterwards.
//
// The rules:
//
//   - The page "who can do what" is made from the policies by which the program decides, never
//     written beside them; what it shows can be printed and put before a data-protection officer.
//   - A form for an emergency says what will happen before it happens: who is told, for how long.
//   - Whether a record exists is said to nobody by these pages.
package accessweb
