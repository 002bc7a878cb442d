// SPDX-License-Identifier: EUPL-1.2

// Package censusweb has the pages on which the census is kept alive: the inbox of what people say, what
// the census lacks, imports and datasets that are fetched, the search box and the posters of a body,
// and the form for those who go out and ask.
//
// Rules of the pages:
//
//   - Who said something is nowhere on a page; a mail address that was left is never shown, only used.
//   - An import shows what it would do before it does it, row by row where something is wrong.
//   - The search box of a body may be framed by the sites that the body has named and by no other
//     (Content-Security-Policy Level 3, frame-ancestors); everything else stays unframed.
//   - The form for the field works without a network: what is written is kept in the browser (IndexedDB)
//     until it has arrived. Its service worker is for that form alone.
package censusweb
