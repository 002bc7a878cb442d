// SPDX-License-Identifier: EUPL-1.2

// Package backup writes everything an installation keeps into one encrypted file while it is used,
// and puts it back, on the same engine or the other.
//
// The rules:
//
//   - A backup is one moment: all tables are read on one snapshot. Files are copied after it, so that
//     every file a row speaks of is there; a file is never changed once it is written.
//   - It is encrypted with age (age-encryption.org), to recipients or a passphrase, before it touches
//     the disk. Within is a tar, compressed with zstd: manifest.json, tables/NAME/NUMBER.ndjson with
//     one row a line as a JSON array, files/…, and end.json. So it can be read with age, zstd, tar and
//     any JSON tool when this program is no more.
//   - Values are written by their kind (text, bigint, boolean, double, bytes), which both engines
//     share. A table that has others goes back only to the engine it came from; Restore says what it
//     left out.
//   - Nothing is put back before the whole file has been read and found whole.
//   - Restore makes the schema as it was then, puts the rows in, and brings it up to date.
package backup
