// SPDX-License-Identifier: EUPL-1.2

// Package inquiry reads the log for people: auditors who search it, and everybody who asks who has
// looked at what is kept about them.
//
// The rules:
//
//   - Who may read which events, the policies say. Lists, single events and exports are decided alike.
//   - An export is itself an event, recorded before the first line leaves, and needs a fresh proof of
//     who asks for it.
//   - Who asks about themselves gets body, role, date and reason of everyone else who saw or changed
//     something, and no names (GDPR art. 15; the interest of those who work is weighed by the
//     data-protection officer, who sees the names and gives them where they are due: Court of Justice,
//     C-579/21).
package inquiry
