// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"math/rand/v2"
	"strings"
)

// query is one question, with the hints that only the other engines are given.
type query struct {
	words    [2]string
	language int
	wrong    int    // which word is misspelt, or -1
	prefix   bool   // the second word is a beginning
	province string // only for prefix queries, as are the facets
}

func (q *query) text() string { return q.words[0] + " " + q.words[1] }

var kinds = []string{"exact", "typo", "prefix"}

// queries makes distinct questions from words that stand together in the name
// or the summary of a service, so that every question has an answer.
func (c *corpus) queries(kind string, n int) []query {
	r := rand.New(rand.NewPCG(7, uint64(len(kind))))
	known := map[string]bool{}
	for _, v := range c.words {
		for _, w := range v.words {
			known[w] = true
		}
	}
	seen := map[string]bool{}
	var list []query
	for len(list) < n {
		s := &c.services[r.IntN(len(c.services))]
		q := query{language: [...]int{0, 0, 1, 2}[r.IntN(4)], wrong: -1}
		words := c.content(s, q.language)
		if len(words) < 2 {
			continue
		}
		i := r.IntN(len(words) - 1)
		q.words = [2]string{words[i], words[i+1+r.IntN(len(words)-i-1)]}
		if q.words[0] == q.words[1] || !c.turn(&q, s, kind, r, known) || seen[q.text()+q.province] {
			continue
		}
		seen[q.text()+q.province] = true
		list = append(list, q)
	}
	return list
}

// content is the words of name and summary without function words.
func (c *corpus) content(s *service, language int) []string {
	t := s.texts[language]
	function := " " + functionWords[language] + " "
	var out []string
	for _, w := range strings.Fields(t.name + " " + t.summary) {
		if !strings.Contains(function, " "+w+" ") {
			out = append(out, w)
		}
	}
	return out
}

// turn makes a question of its kind out of two words.
func (c *corpus) turn(q *query, s *service, kind string, r *rand.Rand, known map[string]bool) bool {
	switch kind {
	case "typo":
		q.wrong = r.IntN(2)
		q.words[q.wrong] = misspell(q.words[q.wrong], r)
		return len([]rune(q.words[q.wrong])) >= 5 && !known[q.words[q.wrong]]
	case "prefix":
		letters := []rune(q.words[1])
		if len(letters) < 5 {
			return false
		}
		q.words[1] = string(letters[:2+r.IntN(len(letters)-3)])
		q.prefix, q.province = true, s.province
	}
	return true
}

// misspell makes one mistake behind the first letter.
func misspell(word string, r *rand.Rand) string {
	w := []rune(word)
	if len(w) < 5 {
		return word
	}
	i := 1 + r.IntN(len(w)-2)
	switch r.IntN(4) {
	case 0:
		return string(w[:i]) + string(w[i+1:])
	case 1:
		return string(w[:i]) + string(w[i]) + string(w[i:])
	case 2:
		w[i], w[i+1] = w[i+1], w[i]
	default:
		w[i] = w[(i+1+r.IntN(len(w)-2))%len(w)]
	}
	return string(w)
}
