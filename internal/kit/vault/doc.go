// SPDX-License-Identifier: EUPL-1.2

// Package vault keeps what identifies or describes somebody unreadable without keys that lie outside
// the database: envelope encryption, erasure by destroying a key, and blind indexes to find by.
//
// The rules:
//
//   - Every subject (a person, an account) has a data key of its own, 256 random bits. It is kept in
//     table vault_key, wrapped by a key that a KMS holds; the KMS is a folder of files by default,
//     and whatever implements the interface of that name otherwise.
//   - Seal and Open are AES-256-GCM (NIST SP 800-38D) through Tink, with subject and column as
//     associated data: what is moved to another row or another column does not open.
//   - Destroy forgets the data key, and with it all that was ever sealed under it, in every table and
//     every copy of the database made from then on (GDPR art. 17). It cannot be undone: the subject
//     gets no second key. Copies made before are dealt with by Replay, from a ledger that lies
//     outside them.
//   - A new key of the KMS wraps from the moment it is there. Rewrap then moves the old rows over in
//     small steps while everything runs; the sealed values themselves stay as they are. What a disk
//     still remembers of a destroyed data key is lost for good once the key that wrapped it is deleted.
//   - Index is HMAC-SHA-256 under a key for each purpose (HKDF, RFC 5869), so that equal values can be
//     found without being readable, and an index of one purpose tells nothing in another.
//   - What was sealed is never logged, and no error repeats it.
//
// It answers chapters 11 (cryptography) and 13.3 (secrets) of OWASP ASVS 5.0.
package vault
