// SPDX-License-Identifier: EUPL-1.2

// Package exchange carries services into the directory and out of it.
//
// In: Read makes a directory.Batch of a file, a folder, a zip or an address, in any of the forms
// people really publish: HSDS 3.x JSON (records, lists, pages of the API), HSDS tabular data
// packages (3.x and the 2.x headers still in use), Ohana CSV, and our own Italian template (CSV,
// XLSX). Whatever the form, it is first cut into records of the standard's entities (record), these
// are checked and joined (set), and only then made into services (FromHSDS). So every rule about a
// value holds in every format, and a report can always name file, row and column.
//
// Rules of reading:
//
//   - Nothing is silently dropped. A value that cannot be kept, and a column nobody knows, is in the
//     report with what to do about it.
//   - With any error nothing is imported, unless Options.Partial takes the good rows. A row that
//     depends on a bad one is bad too, and says so.
//   - Reading the same data twice gives the same batch: identifiers that are no UUID become UUIDs of
//     version 5, derived from source, entity and identifier; the original goes along and out again.
//   - A place is confidential when the record says so, and by default when the service shelters
//     people (directory.Record.Sheltering) and nobody said otherwise.
//   - Limits on size, entries, ratio, depth and cells end the reading with a clear fault.
//
// Out: Write takes entries only, so what the public must not know cannot go out.
//
// Standards: HSDS 3.1.3 (Open Referral, JSON and tabular data package), CPSV-AP_IT and DCAT-AP_IT
// (AgID), schema.org GovernmentService, GeoJSON (RFC 7946), RFC 4180, RFC 9562 (UUID version 5).
// Our own properties of HSDS are described in docs/hsds-profile.md.
package exchange
