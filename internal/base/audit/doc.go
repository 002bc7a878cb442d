// SPDX-License-Identifier: EUPL-1.2

// Package audit keeps proof of what was done: every change and every look at something sensitive
// is one event, written in the transaction of the change or before the answer leaves.
//
// The rules:
//
//   - An event says who, for which body, what, on which record, why and from where, with
//     identifiers alone. What a field about a person held before and after is never in clear.
//   - An event can't be had without its change, nor the change without its event.
package audit
