// SPDX-License-Identifier: EUPL-1.2

// Package web is the way in and out over HTTP: what every page and every JSON
// answer of the network has in common, so that a handler only decodes, calls a use
// case and renders.
//
// The rules:
//
//   - A Handler returns its error. One adapter turns the kinds of package fault into
//     an error page, or into problem details (RFC 9457) for whoever asks for JSON, in
//     the reader's language. Only the message of a fault is shown; causes go to the log.
//   - Every route is registered with a Rule that says who may use it. One without
//     stops the start. Routes.List is the whole table, for tests to walk.
//   - A page lives under the code of its language (/it/services), so that every
//     language has its own address to share, keep and index. The same address without
//     the code leads to the best language for the reader (RFC 9110, Accept-Language).
//   - Nothing inline and nothing from other hosts: Content Security Policy level 3 with
//     'self' alone. Pages therefore carry no nonce and may be cached and kept offline.
//   - Nobody is watched: no address and no query string reaches the log or the metrics
//     (GDPR, Regulation (EU) 2016/679, art. 25), and no cookie is set by the server.
//   - Changes come from our own pages only: http.CrossOriginProtection (Fetch Metadata),
//     no change on GET.
//   - Bodies, headers and times are limited; a panic is one answer 500, not an outage.
//
// Metrics follow the OpenTelemetry semantic conventions for HTTP servers in the
// Prometheus form.
package web
