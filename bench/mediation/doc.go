// SPDX-License-Identifier: EUPL-1.2

// Command mediation measures mediation at the scale of a region. It says of each figure whether it was
// measured or comes out of the simulation.
//
// The region is made up by a seeded generator from parameters.json, in which every number says where it
// comes from; most are assumptions, and say so. Names and people do not exist; comuni and distances do.
//
//   - year: a simulated year through the program's own Barred, Score, Rank and Layout, in memory: fill
//     rate, time to answer, travel, fairness, cost, once for each way to choose: greedy (the rules without
//     fair shares), fair (the usual rules) and batch (the usual rules, with the scheduled requests of a day
//     shared out together two evenings before).
//   - search: mediation.Find over the whole roster and eight weeks, on a database that holds the bookings
//     of the months before and the weeks to come.
//   - bookings: mediation.Ask by many clients at once, on one node and PostgreSQL.
//   - solver: the assignment of one moment beside scipy.optimize.linear_sum_assignment, and a day of the
//     scheduled load.
//
// It ends with one line of JSON.
package main
