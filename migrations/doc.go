// SPDX-License-Identifier: EUPL-1.2

// Package migrations holds the schema as one numbered list of SQL files, carried
// in the binary.
//
// Rules: a file is never edited once a version with it has been released (its
// checksum is recorded, an edited one stops the start). There is no way back:
// first expand (a new table or column that the old version ignores), release, then
// contract, so that two neighbouring versions can run on one database.
//
// Each part of the house has a range of ten numbers from 0010 on (0010 proof, 0020 access, …), so that
// several people add files at once. What is missing is applied in the order of the numbers, also below
// one that is there: a file needs nothing of a range above its own.
//
// One text serves both engines. Where they must differ, a pair 0007_x.sqlite.sql
// and 0007_x.postgres.sql says why in a comment. Tables are named after the
// package that owns them: directory_service belongs to package directory.
package migrations
