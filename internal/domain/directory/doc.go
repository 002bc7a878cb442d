// SPDX-License-Identifier: EUPL-1.2

// Package directory is the census of services: what each body offers, where, when, to whom.
//
// A Service is the whole record (HSDS 3.1.3 plus the Italian service card). An Entry is what the
// public may know of it, and everything public (pages, search index, feeds, exports, map, counts)
// is built from entries alone. A place whose address must not be known (anti-violence,
// anti-trafficking) is a ConfidentialSite; Entry has no field that could hold one, and shows the
// province instead. Publish is the only way from the one to the other.
// Save lets no batch open such a place by silence, nor show its address elsewhere (conceal).
//
// Rules that the package keeps:
//
//   - Opening hours answer with four words: open until, opens at, by appointment, not known. What
//     nobody told, or told only until yesterday, is never called closed (Opening).
//   - Every text has a source language; a translation belongs to a group of fields and goes out of
//     date when the source text of its group changes (Translation).
//   - An entry is true until its assurance falls due; overdue entries sink and say so (Verification).
//   - Who may use a service is structured (Eligibility), so that a person can ask "is it for me?".
//     An answer may be "perhaps": what the record does not say never excludes anybody.
//   - A batch becomes public as a whole or not at all, and saving it again changes nothing. What it
//     does not name stays, unless the batch says that it is the complete dataset (Batch.Complete).
//   - What editors write is a working copy (Draft) until it is published, by a person or at a time. Who
//     saves says which version was read; nobody writes over what they have not seen, and editors,
//     translators and those who confirm don't stand in each other's way (docs/decisions/0060).
//   - A service that has, or once had, a place that must not be known is opened by its body alone.
//   - A body may ask for four eyes (Rules): who wrote the last change of a card does not publish it.
//   - Before an entry falls due its body is asked by a link that opens that entry and takes one answer
//     (Verifier): it is true, or what has changed, which an editor then publishes.
//
// Standards: HSDS 3.1.3 (Open Referral), the service card of the Italian design model for municipal
// sites (Designers Italia, "scheda servizio"), RFC 5545 for recurrence, ISO 639 for languages.
package directory
