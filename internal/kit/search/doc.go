// SPDX-License-Identifier: EUPL-1.2

// Package search is an index in memory over texts in many languages and
// scripts. It knows nothing of services or people: a Document is a key, texts
// by field and language, tags and a static score.
//
// # How it works
//
// An Index is a stack of immutable segments behind one atomic pointer, so
// readers never wait. Build makes one large segment, Put adds a small one and
// marks what it replaces as dead, and segments are folded together when they
// become many (small ones at once, the large one in the background).
//
// A segment holds a vocabulary of folded words (sorted, with an FST over it
// for words with typing mistakes), and for every word and language a posting
// list: documents in windows of 65,536 as sorted 16-bit numbers or, where
// dense, as a bitmap, with one byte each for the impact (six bits of a BM25F
// term weight) and the best field (two bits). Everything tolerant happens in
// the vocabulary: stems, sounds and corrections lead from a query word to
// words of the vocabulary, never to postings of their own. A forward list of
// every document's words answers prefixes over few candidates and says why a
// hit was found.
//
// # What a query means
//
// Text is cut into words as package lang does. Stop words of the query's
// language are left out; words that are stop words elsewhere only add to the
// score. Every other word must be found: as itself, as a form with the same
// stem, as the beginning of a word (the last one, when Prefix is set), and
// only when it is unknown or nearly so, with typing mistakes (one for four to
// seven letters, two from eight; swapped neighbours count as one) or by its
// sound, which leads across scripts. When fewer than Enough documents have
// all the words, those with all but one count too, and so on. Documents with
// a tag of Any match whatever the words. Total and facet counts are exact.
//
// The score of the words lies between 0 and 1, where 1 means every word found
// as typed, often, in the heaviest field; the weights of Any and Prefer and
// the document's Boost are added to it. Equal scores are ordered by key.
package search
