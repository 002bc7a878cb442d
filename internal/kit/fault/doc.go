// SPDX-License-Identifier: EUPL-1.2

// Package fault is what goes wrong in a way that somebody can do something about.
//
// A fault has a kind, which decides what the caller does (a page answers 404,
// a job tries again), and a message, which a person reads in their own language.
// The message is a key of the catalogue with named arguments, never a finished
// sentence, so the rule that finds the mistake needs no language.
//
// What is safe to show and what is not are kept apart: Kind, Field and Message
// may go to anybody; Cause is for the log. Error joins kind, field, key and cause
// but never the arguments, since they may quote what a person typed and the log
// holds no personal data.
//
// Every error that is not a fault is of kind Internal: something broke, nobody
// outside is told what.
package fault
