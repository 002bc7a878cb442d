// SPDX-License-Identifier: EUPL-1.2

// Package audit keeps proof of what was done: every change and every look at something sensitive
// is one event, written in the transaction of the change or before the answer leaves.
//
// The rules:
//
//   - An event says who, for which body, what, on which record, why and from where, with
//     identifiers alone. What a field about a person held before and after is never in clear.
//   - An event can't be had without its change, nor the change without its event.
//   - Within a second a sequencer numbers what is committed, 1, 2, 3 …, puts it into a Merkle tree
//     (RFC 6962, as golang.org/x/mod/sumdb/tlog keeps it) and signs its size and root with an Ed25519
//     key that lies outside the database: a checkpoint, in the format of C2SP tlog-checkpoint and
//     signed-note. Any number of nodes may run a sequencer; a lease lets one work, and the transaction
//     keeps two from ever giving the same number.
//   - A leaf of the tree is the line of JSON that Entry.Line writes, every column of the row in it.
//   - Checkpoints are sent to where whoever can write to the database can't: a file, a mailbox,
//     another installation. Verify holds the log against them, so that a flipped, dropped, inserted,
//     reordered or cut-off entry is found, also when whoever did it signed anew.
//   - A sequencer that sees the log contradict a checkpoint it knows signs nothing any more: events go
//     on being kept, and a person has to look.
//   - The numbers are the change feed as well: Since gives what is new, without gaps.
//
// It answers chapter 16 of OWASP ASVS 5.0 (16.2 what is logged, 16.4 protection of logs) and art. 5(2),
// 24 and 32 GDPR.
package audit
