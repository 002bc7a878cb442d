// SPDX-License-Identifier: EUPL-1.2

// Package network knows the bodies that run this installation together, their
// projects, and the map they work on: comuni, provinces, regions, social
// districts and patron saints.
//
// The rules of the map, in words:
//
//   - Codes are ISTAT's: six digits for a comune, two for a region; a province
//     goes by its sigla. A Ref names any territory in one text.
//   - Nothing is guessed. A comune without a known centre answers with the
//     middle of its province and says that it is rough; a social district
//     whose comuni no source states contains none; a comune whose patron saint
//     is not known has no local holiday.
//   - Homonyms are all returned, the largest first, unless one is ten times
//     larger than the next or a province or region named beside it decides.
//   - A name in a question is taken for a place only as far as it can't be
//     anything else. Names of larger places, and of small ones that are no
//     word of any of the dictionaries we looked into, count wherever they
//     stand. A larger place that is also a word ("Prato", "Como") must be the
//     last word, follow "a", "di", "in" …, or carry a capital letter where none
//     is due. A small one ("Vita", "Re") needs its town hall, its province in
//     brackets, or both a capital letter and a small word before it. After
//     "via" or "piazza" nothing is a place.
//
// Sources and licences of the tables are in data/README.md.
package network
