// SPDX-License-Identifier: EUPL-1.2

// Package apiweb is the directory for programs under /api/v1: search with reasons and facets, a
// service in detail, needs, territories, national helplines and the feed of changes; and the page
// that explains this API and the HSDS one.
//
// It is open to every site (CORS), asks for no key and sets no cookie. Answers are in the language
// asked for (?lang= or Accept-Language), else in that of the words. Parameters are read tolerantly
// (a territory by name in any language, a need by code or identifier, lists repeated or with commas);
// what can't be read is refused with 400 and every mistake named, in the reader's language.
//
// Standards: OpenAPI 3.1, RFC 9457 problem details, RFC 9110 conditional requests.
package apiweb
