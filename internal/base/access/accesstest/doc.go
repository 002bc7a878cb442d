// SPDX-License-Identifier: EUPL-1.2

// Package accesstest proves that nobody sees what they may not: harnesses that every room calls in a
// few lines from its tests. docs/access.md shows how.
//
// The rules:
//
//   - Decisions are a table that people read: every action of the policies, for every role, session and
//     kind of record, derived from the policies and held against a file. A change of who may do what is
//     a change of that file, which somebody looks at.
//   - The matrix asks every route of the program as every role, for records of one's own, of others and
//     for what does not exist, in every format. Denied and nonexistent are the same answer.
//   - A list, a count, a search and an export hold exactly what the policies allow record by record.
//   - Two worlds that differ in one hidden record give the same bytes to whoever may not see it.
//   - A policy, or a part of its condition, that could be deleted without any of this noticing, is an
//     error: of the tests, or a rule that says nothing.
package accesstest
