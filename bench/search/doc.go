// SPDX-License-Identifier: EUPL-1.2

// Command search measures the project's own search index side by side with
// the engines that one would otherwise use: bleve with its language
// analyzers, SQLite FTS5 with every field and trimmed for speed, and
// PostgreSQL full text with a trigram-indexed vocabulary.
//
// One run generates the same services (in Italian, English and Arabic) and the
// same queries for every engine and runs each in a process of its own, one
// after the other. A query asks for the ten best services and the total; a
// prefix query also for a territory only and for two facets. All queries of a
// kind are distinct. Each is asked once to warm up and then several times in
// rounds over all queries; its time is the median of the rounds, and the
// percentiles are taken over the queries.
//
// Where a choice had to be made it favours the others: they are told the
// language of a query and which word is misspelt, they search the fields of
// that language only, and SQLite and PostgreSQL keep their data on a warm disk
// cache that rss_mb does not count.
package main
