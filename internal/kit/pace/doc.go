// SPDX-License-Identifier: EUPL-1.2

// Package pace keeps dear work from taking a machine for itself (OWASP ASVS 5.0, 2.4.1 and 15.2.2): each
// account may ask for so much an hour, does one thing at a time, and all together do few.
//
// It counts in memory, for each node by itself: what it guards is the processor of that node. Budgets that
// guard people, such as attempts to log in, are counted in the database (base/identity).
package pace
