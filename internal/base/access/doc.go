// SPDX-License-Identifier: EUPL-1.2

// Package access decides who may do what.
//
// The rules:
//
//   - Policies are Cedar text (cedarpolicy.com), one file in each domain, readable by a
//     data-protection officer; a forbid wins over every permit, and what nobody permits is forbidden.
//   - A role gives capabilities in the body that somebody acts for. It never gives sight of a
//     person's data by itself: that takes a relation to the person.
//   - What one may not see does not exist: the answer is Missing, the same as for what was never there.
package access
