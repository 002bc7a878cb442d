// SPDX-License-Identifier: EUPL-1.2

// Package dbtest runs the same test on SQLite and on PostgreSQL, each with a
// database of its own, so that tests run in parallel and leave nothing behind.
//
// SQLite is a file in the folder of the test. PostgreSQL is the server in
// APPRODO_TEST_POSTGRES, where the user may create databases, or else the throw-away
// one that scripts/postgres.sh starts under var/. A schema is built once and then
// copied (a file; CREATE DATABASE … TEMPLATE).
//
// When PostgreSQL is missing the test fails and says what to do. It never skips: a
// test that was not run must not look like one that passed.
package dbtest
