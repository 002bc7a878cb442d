// SPDX-License-Identifier: EUPL-1.2

// Package need is the taxonomy of needs: what people come for, in the words they really use.
//
// The spine (data/needs/needs.csv) is two levels deep: a few top categories, and the needs under
// them. For every need and every interface language data/needs/{language}.json holds its name, a
// sentence about it and the words people use for it: synonyms, questions, misspellings, Italian
// words as heard and as written in other scripts. Directory, guides and desks share it.
//
// Read interprets a question: which needs it is about, how surely, and which of its words said so.
// It compares folded texts (see package lang), so accents, letter variants and scripts don't matter,
// forgives small misspellings, and knows a phrase inside a longer question.
package need
