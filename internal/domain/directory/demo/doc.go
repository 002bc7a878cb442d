// SPDX-License-Identifier: EUPL-1.2

// Package demo makes the example census: services that made-up bodies offer in real territories.
//
// Nothing in it is true of anybody. Every body and service is called and marked an example, every
// telephone number begins with 000 (no Italian number does, so it can't be dialled), every mail and
// web address ends in .example (RFC 2606), every street is "Via dell'Esempio". What services of each
// kind usually ask for, and how, is plausible, so that people can try the program on something that
// reads like their own.
//
// The texts are data/demo/texts (two services for each need: "a" in ten languages, "b" in Italian
// alone) and data/demo/phrases; data/demo/plan.csv says which bodies, papers, hours and conditions
// belong to which need. Everything else follows from the need's and the territory's place in their
// lists, so the census is the same everywhere.
package demo
