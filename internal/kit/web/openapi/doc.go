// SPDX-License-Identifier: EUPL-1.2

// Package openapi registers JSON routes and describes them in OpenAPI 3.1 from the same lines, so
// that the description cannot fall behind what is served.
//
// Answers are described by their Go types (huma's schema registry). Requests are read, answered and
// refused by kit/web like every other route: one way to speak the reader's language, one form of
// problem details (RFC 9457), one ETag. That is why huma describes here and does not route.
//
// Descriptions of operations and parameters are English, the language of those who program; what a
// person reads in an error is in that person's language.
package openapi
