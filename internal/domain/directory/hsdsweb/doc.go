// SPDX-License-Identifier: EUPL-1.2

// Package hsdsweb is the directory as an HSDS 3.1.3 API under /hsds: every required and optional
// endpoint, every parameter, GET and POST, JSON and NDJSON, for anybody and any site (CORS).
//
// What the standard leaves open is decided here so:
//
//   - Conditions add up. A term finds what stands under it too.
//   - search asks the same index as the pages; its order is that of the pages. Other lists are by id.
//   - Texts are the originals, with the translations in the property "approdo", unless a language is
//     asked for (?lang= or Accept-Language): then they are in it where there is a translation.
//   - per_page (also perPage) is 50 and at most 1000; a page behind the last is empty. minimal gives
//     every service at once unless per_page says otherwise. ndjson has no pages.
//   - A body that offers only services with confidential places is known by its name alone, and no
//     such place is in any list.
//   - There is no free list of where Italian postal codes are: the middle of one is that of the
//     places of the directory that bear it, and one that no place bears is refused.
//
// Properties of our own live under "approdo" (docs/hsds-profile.md), which the standard allows.
//
// Standards: HSDS 3.1.3 API reference (Open Referral), OpenAPI 3.1, RFC 9457, RFC 9110, NDJSON.
package hsdsweb
