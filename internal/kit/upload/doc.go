// SPDX-License-Identifier: EUPL-1.2

// Package upload keeps files that people send: in one folder, outside whatever is served, under
// names that the program makes.
//
// The rules (OWASP ASVS 5.0, chapter 5):
//
//   - What a file is, is read from its first bytes; the name and the type that were sent count for
//     nothing. Only kinds that the caller accepts are kept, up to its limit in bytes.
//   - A picture is decoded, never larger than its limit in pixels, and written anew as PNG (or JPEG): what
//     else was in the file (places, cameras, scripts) is gone.
//   - A file is written beside, flushed to the disk and then given its name, so that half a file is
//     never found. Its SHA-256 is kept by the caller and held against it at every reading.
//   - A kept file is never changed. One whose record was not written after all is removed.
//
// Several nodes on one database share the folder (a network file system, or the same volume).
package upload
