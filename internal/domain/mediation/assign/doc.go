// SPDX-License-Identifier: EUPL-1.2

// Package assign shares out the load of a day or a week: which worker does which task, all tasks looked at
// together, so that the whole costs as little as possible.
//
// It knows nothing of mediators: a Task is a stretch of time with the workers who can do it, and Cost says
// what it costs when a worker does a set of tasks, or that they can't.
//
//   - Greedy gives each task, in the order in which they came, to whoever costs least then: what happens
//     when desks ask one after the other.
//   - Best begins with that plan and never makes it dearer. Tasks that share a moment go to different
//     workers, so to share out those of one moment again, everything else as it is, is the assignment
//     problem, which Assign solves exactly (shortest augmenting paths with potentials: Jonker and Volgenant
//     1987, in the form without initialisation; Crouse 2016). Best does this for every moment until none
//     gets cheaper, then takes tasks away at random (from a seed: the same question has the same answer)
//     and does it again, and keeps what is cheaper.
//   - Exact tries everything, for few tasks that hang together; Best uses it for such parts.
//   - Bound is what no plan can cost less than: the moments each by itself.
//
// What is exact: the plan of one moment, and of every part of at most SmallPart tasks that share no worker
// with others. The whole is a heuristic: to share out intervals among workers of whom not all can do all
// is NP-hard (Arkin and Silverberg 1987); the gap between Best and Bound says how much could be left.
package assign
