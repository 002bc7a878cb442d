// SPDX-License-Identifier: EUPL-1.2

// Package lang knows the ten languages of the interface and their scripts: it
// en fr es ar uk sq zh bn ur, of which ar and ur are written from right to left.
//
// # Catalogues
//
// Words of the interface live in catalogues, one for each language, with the
// plural rules of Unicode CLDR; dates and numbers are written as each language
// writes them.
//
// # Folding
//
// Folding makes texts comparable however they were typed. Fold takes a text
// apart as Unicode's NFKD does and drops what does not tell words apart: case,
// accents, also those typed as an apostrophe ("liberta'"), Arabic vowel signs
// and tatweel, joiners, direction marks. It joins what people confuse: the
// forms of alef, ya and kaf in Arabic, Persian and Urdu; Ukrainian and Russian
// vowels; long and short vowels, sibilants and nasals of Bengali; traditional
// and simplified Chinese characters of daily life; digits of all scripts.
//
// Tokens cuts a text into folded words with their places, knows elisions
// ("dell’immigrazione"), acronyms with full stops ("S.T.P."), the Ukrainian
// apostrophe, the Arabic article, and cuts Chinese, which has no spaces, into
// pairs of characters between its function words. IsStop knows the words that
// carry no content. Stems joins the forms of a word where a kept stemmer
// exists (it, en, fr, es, ar). Sound and Romanize tell how a word sounds, so that
// Italian words written as heard in another script are found (соджорно, سوجورنو).
package lang
