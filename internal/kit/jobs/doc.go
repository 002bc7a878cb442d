// SPDX-License-Identifier: EUPL-1.2

// Package jobs does work behind the page: later, again after a failure, and on one node only.
//
//	jobs.Enqueue(ctx, tx, VerifyEntry{Entry: id})                 // in the transaction of the change
//	jobs.Handle(runner, func(ctx, task, VerifyEntry) error {…})    // where the program is put together
//	runner.Every("verify-entries", time.Hour, AskForVerification{})
//
// The rules:
//
//   - A job is asked for in the transaction of the change that needs it: it exists when the change
//     does, and never without it.
//   - A job runs at least once. Who handles one must bear to be called again: after a crash, after an
//     error, and when two nodes disagree about the time.
//   - Arguments are identifiers. They, and the text of errors, are kept in the database and written
//     to the log: nothing about a person goes in. As a last hedge addresses and long numbers are
//     taken out of the text of an error.
//   - An error is tried again after 1 second, 16, 81 … (the number of the attempt to the fourth), 12
//     times in about eleven hours. After that, or at once with Never, the job is a dead letter, which
//     is kept until a person runs it again or gives it up.
//   - A job that is still running after its time limit is interrupted; one whose node has died is given
//     to another after RescueAfter.
//   - Periodic jobs are put into the queue by one elected node.
//   - When the program is asked to stop no new job is begun, and those that run may finish.
//
// The queue is kept by River (riverqueue.com) in its own tables of our database, on both engines;
// docs/decisions/0040-jobs-with-river.md says why and how.
package jobs
