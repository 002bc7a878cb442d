// SPDX-License-Identifier: EUPL-1.2

package db

import sqlite3 "modernc.org/sqlite/lib"

// IsFull says that there is no room for what was to be written, nor for what the engine needs to read.
func IsFull(err error) bool {
	code := sqliteCode(err)
	return code == sqlite3.SQLITE_FULL || code == sqlite3.SQLITE_IOERR_WRITE || code == sqlite3.SQLITE_IOERR_SHMSIZE ||
		postgresCode(err) == "53100"
}

// IsUnique says that a row with this key exists already: "taken".
func IsUnique(err error) bool {
	code := sqliteCode(err)
	return code == sqlite3.SQLITE_CONSTRAINT_UNIQUE || code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY ||
		postgresCode(err) == "23505"
}

// IsForeignKey says that a row that is pointed to is missing, or still pointed to.
func IsForeignKey(err error) bool {
	return sqliteCode(err) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY || postgresCode(err) == "23503"
}

// IsCheck says that a CHECK of the schema does not hold.
func IsCheck(err error) bool {
	return sqliteCode(err) == sqlite3.SQLITE_CONSTRAINT_CHECK || postgresCode(err) == "23514"
}

// IsNotNull says that a value that must be there is NULL.
func IsNotNull(err error) bool {
	return sqliteCode(err) == sqlite3.SQLITE_CONSTRAINT_NOTNULL || postgresCode(err) == "23502"
}
