// SPDX-License-Identifier: EUPL-1.2

// Package directoryweb is the public site of the directory: the pages on which people find
// services, in ten languages, with and without script, on a small phone.
//
// Rules that every page keeps:
//
//   - Pages are built from directory.Entry alone, which has no field for a confidential place.
//   - A page about violence, exploitation or mutilation (need.Discreet, Entry.Reserved) is not
//     stored by any cache, not indexed, not kept offline and not put on the list of services.
//   - What is written in another language than the page says so, to the eye and to the voice
//     (WCAG 2.2, 3.1.2); what a program translated or what has gone out of date says so too.
//   - Unknown hours are called unknown; overdue entries say that nobody has confirmed them.
//   - A search is never written down with who asked it. A search that found nothing is counted
//     without its words until five separate visits have asked it (directory.Missed).
//   - Nothing is asked of another host. Links that lead out are links that the person taps.
//
// The addresses are the route table in Register. Words are in locales/, ten languages, Italian
// first. Standards: WCAG 2.2 AA, EN 301 549; the service card of Designers Italia; sitemaps.org
// 0.9 with hreflang; Web App Manifest; RFC 9309 (robots.txt); RFC 3966 (tel:), RFC 5870 (geo:).
package directoryweb
