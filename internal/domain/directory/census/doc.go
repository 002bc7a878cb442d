// SPDX-License-Identifier: EUPL-1.2

// Package census is what a network does to keep its census of services alive: it listens, learns what
// is missing, takes data in, and goes out to ask.
//
// The rules:
//
//   - What people say of an entry goes to the body that offers the service and is new, taken, answered
//     or closed. Whoever says it stays unknown. They may leave a mail address for the answer: it is
//     sealed under a key of its own and destroyed with the answer, or after ninety days (GDPR, art. 5,
//     paragraph 1, letters c and e).
//   - A search that found nothing is known by its words only after five separate visits
//     (directory.Missed), and by its province only after five visits from there.
//   - Use is counted by day, in each dimension by itself: services opened, needs, languages and
//     provinces searched. There is no cookie, no address and no visitor; machines are left out. Numbers
//     under five are not published, nor the one from which a single hidden number could be told.
//   - An import is looked at before it is applied, and can be undone as a whole afterwards. An entry
//     belongs to the dataset it came from (directory.Batch.TakesOver), a dataset to the body that
//     began it. Imports by command and in the browser are one use case. What a dataset and an editor changed
//     comes together part by part; where both changed the same a person chooses (directory.Conflict).
//   - A feed is asked with the validators of its last answer (RFC 9110, 8.8 and 13). One that fails is tried
//     after an hour, two, four, up to a day, and is told when it fails the second time in a row; what
//     nobody looks at never takes away all services of a dataset, nor more than ten that are more than half.
//     It passes the same guard against requests into our own network as every address.
//   - The search box of a body stands only on the sites that the body has named.
//   - Whoever asks in the field writes about places, never about persons. Pictures are written anew, so
//     that nothing of where and with what they were taken stays. What they bring is a report, of which
//     an editor makes a draft.
package census
