// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"approdo/internal/kit/lang"
	"approdo/internal/kit/search"
)

// reference answers the same questions by looking at every word of every
// document: slow, and plain enough to be believed.
type reference struct {
	docs map[string]search.Document
}

type refWord struct{ term, lang string }

func (r reference) words(d search.Document) map[refWord]bool {
	out := map[refWord]bool{}
	var tok lang.Tokenizer
	for _, t := range d.Texts {
		for _, x := range tok.Tokens(nil, t.Text, t.Lang) {
			if !x.Stop {
				out[refWord{string(x.Text), t.Lang}] = true
			}
		}
	}
	return out
}

// matches returns for one word of the query the words of the vocabulary that it stands for.
func (r reference) leadsTo(word, code string, prefix bool, kind lang.TokenKind) map[refWord]bool {
	vocabulary := map[refWord]bool{}
	for _, d := range r.docs {
		maps.Copy(vocabulary, r.words(d))
	}
	out := map[refWord]bool{}
	for w := range vocabulary {
		if w.term == word || prefix && strings.HasPrefix(w.term, word) || kind == lang.Word && shareStem(word, w) {
			out[w] = true
		}
	}
	letters := utf8.RuneCountInString(word)
	if len(out) > 0 || kind != lang.Word || letters < 4 {
		return out
	}
	for w := range vocabulary {
		if near(word, w.term, 1, prefix) || sameSound(word, w.term) {
			out[w] = true
		}
	}
	if len(out) == 0 && letters >= 8 {
		for w := range vocabulary {
			if near(word, w.term, 2, prefix) {
				out[w] = true
			}
		}
	}
	return out
}

func shareStem(word string, w refWord) bool {
	if !slices.Contains(lang.StemLanguages(word), w.lang) {
		return false
	}
	theirs := lang.Stems(nil, w.term, w.lang)
	return slices.ContainsFunc(lang.Stems(nil, word, w.lang), func(s string) bool { return slices.Contains(theirs, s) })
}

func near(word, term string, most int, prefix bool) bool {
	if osa([]rune(word), []rune(term)) <= most {
		return true
	}
	if prefix {
		runes := []rune(term)
		for n := range runes {
			if osa([]rune(word), runes[:n]) <= most {
				return true
			}
		}
	}
	return false
}

// osa is the distance with swaps of neighbours, from the textbook.
func osa(a, b []rune) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range b {
		d[0][j+1] = j + 1
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}

func sameSound(word, term string) bool {
	r, _ := utf8.DecodeRuneInString(term)
	if r <= '9' || r >= 0x2E80 || utf8.RuneCountInString(term) < 4 {
		return false
	}
	key := string(lang.Sound(nil, []byte(word)))
	if key == "" || key != string(lang.Sound(nil, []byte(term))) {
		return false
	}
	said := lang.Romanize(nil, []byte(word))
	theirs := lang.Romanize(nil, []byte(term))
	return levenshtein(string(said), string(theirs)) <= 1+len(said)/4
}

func levenshtein(a, b string) int {
	if a == "" || b == "" {
		return len(a) + len(b)
	}
	cost := 1
	if a[0] == b[0] {
		return levenshtein(a[1:], b[1:])
	}
	return cost + min(levenshtein(a[1:], b), levenshtein(a, b[1:]), levenshtein(a[1:], b[1:]))
}

// search returns the keys of all matches and the counts of a facet.
func (r reference) search(q search.Query) (keys []string, facet map[string]int) {
	var tok lang.Tokenizer
	tokens := tok.Tokens(nil, q.Text, q.Lang)
	type need struct {
		words    map[refWord]bool
		optional bool
		stop     bool
	}
	var needs []need
	seen := map[string]bool{}
	for i, t := range tokens {
		if t.Kind == lang.Unigram {
			continue
		}
		last := i == len(tokens)-1 || t.Kind == lang.Bigram && i == len(tokens)-2
		prefix := q.Prefix && last && t.End == len(q.Text)
		id := string(t.Text)
		if prefix {
			id += "*"
		}
		if seen[id] {
			continue
		}
		seen[id] = true
		kind := t.Kind
		if t.Stop && !prefix {
			kind = 255
		}
		needs = append(needs, need{r.leadsTo(string(t.Text), q.Lang, prefix, kind), t.Stop || lang.IsStopSomewhere(t.Text), t.Stop && !prefix})
	}
	if slices.ContainsFunc(needs, func(n need) bool { return !n.stop }) {
		needs = slices.DeleteFunc(needs, func(n need) bool { return n.stop })
	}
	anyTokens := len(needs) > 0
	if slices.ContainsFunc(needs, func(n need) bool { return !n.optional }) {
		needs = slices.DeleteFunc(needs, func(n need) bool { return n.optional })
	}
	needs = slices.DeleteFunc(needs, func(n need) bool { return len(n.words) == 0 })
	for lack := 0; ; lack++ {
		keys, facet = nil, map[string]int{}
		for key, d := range r.docs {
			if !allowed(d, q) {
				continue
			}
			words := r.words(d)
			have := 0
			for _, n := range needs {
				for w := range n.words {
					if words[w] {
						have++
						break
					}
				}
			}
			match := len(needs) > 0 && have >= len(needs)-lack || !anyTokens && len(q.Any) == 0
			for _, any := range q.Any {
				match = match || slices.Contains(d.Tags, any.Tag)
			}
			if match {
				keys = append(keys, key)
				for _, tag := range slices.Compact(slices.Sorted(slices.Values(d.Tags))) {
					if strings.HasPrefix(tag, "need:") {
						facet[tag]++
					}
				}
			}
		}
		enough := q.Enough
		if enough == 0 {
			enough = 3
		}
		if len(keys) >= enough || lack+1 >= len(needs) {
			slices.Sort(keys)
			return keys, facet
		}
	}
}

func allowed(d search.Document, q search.Query) bool {
	for _, group := range q.All {
		if !slices.ContainsFunc(group, func(t string) bool { return slices.Contains(d.Tags, t) }) {
			return false
		}
	}
	for _, t := range q.None {
		if slices.Contains(d.Tags, t) {
			return false
		}
	}
	return q.Filter == nil || q.Filter(d.Key)
}

var (
	someWords = strings.Fields(`permesso permessi soggiorno soggiorni rinnovo rinnovare questura casa case medico medici scuola corso corsi italiano lavoro
		documento documenti residenza residence permit permits school health doctor housing legal aid the di per il la come sans
		تصريح الإقامة إقامة والسكن سكن طبيب дозвіл проживання лікар школа 居留许可 医生学校 看病 বাড়ি ডাক্তার গھر گھر 12 2024 stp`)
	someQueries = append(slices.Clone(someWords), strings.Fields(`permeso sogiorno sojorno soggirono qestura residenzza соджорно سوجورنو docmuento
		perm sog s c med schol prmit helth 居留 医 看 тасриг дозвил rinovare ritnovare xyzzy medicco`)...)
	someTags  = []string{"need:a", "need:b", "need:c", "province:TP", "province:PA", "spoken:ar", "example"}
	languages = []string{"it", "en", "ar", "uk", "zh", "bn", "ur", ""}
)

func drawDocument(t *rapid.T, key string) search.Document {
	d := search.Document{Key: key, Boost: float32(rapid.IntRange(0, 3).Draw(t, "boost")) / 10}
	for range rapid.IntRange(1, 3).Draw(t, "texts") {
		d.Texts = append(d.Texts, search.Text{
			Field: uint8(rapid.IntRange(0, 3).Draw(t, "field")), Lang: rapid.SampledFrom(languages).Draw(t, "lang"),
			Text: strings.Join(rapid.SliceOfN(rapid.SampledFrom(someWords), 0, 6).Draw(t, "words"), " "),
		})
	}
	d.Tags = rapid.SliceOfN(rapid.SampledFrom(someTags), 0, 4).Draw(t, "tags")
	return d
}

func drawQuery(t *rapid.T) search.Query {
	q := search.Query{
		Text:   strings.Join(rapid.SliceOfN(rapid.SampledFrom(someQueries), 0, 4).Draw(t, "query"), " "),
		Lang:   rapid.SampledFrom(languages).Draw(t, "query language"),
		Prefix: rapid.Bool().Draw(t, "prefix"),
		Limit:  1000, Facets: []string{"need"},
		Enough: rapid.IntRange(0, 4).Draw(t, "enough"),
	}
	for range rapid.IntRange(0, 2).Draw(t, "groups") {
		q.All = append(q.All, rapid.SliceOfN(rapid.SampledFrom(someTags), 1, 2).Draw(t, "group"))
	}
	q.None = rapid.SliceOfN(rapid.SampledFrom(someTags), 0, 1).Draw(t, "none")
	for _, tag := range rapid.SliceOfN(rapid.SampledFrom(someTags), 0, 1).Draw(t, "any") {
		q.Any = append(q.Any, search.Weight{Tag: tag, Weight: 3})
	}
	if rapid.IntRange(0, 3).Draw(t, "filtered") == 0 {
		q.Filter = func(key string) bool { return key[len(key)-1]%2 == 0 }
	}
	return q
}

func keysOf(r search.Result) []string {
	var keys []string
	for _, h := range r.Hits {
		keys = append(keys, h.Key)
	}
	slices.Sort(keys)
	return keys
}

// TestSearchFindsWhatTheReferenceFinds changes an index at random and compares
// matches, totals and facets after every step.
func TestSearchFindsWhatTheReferenceFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ix := search.New(search.Options{})
		ref := reference{map[string]search.Document{}}
		key := func() string { return rapid.StringMatching(`k[0-9]`).Draw(t, "key") }
		var first []search.Document
		for range rapid.IntRange(0, 12).Draw(t, "built") {
			d := drawDocument(t, key())
			first = append(first, d)
			ref.docs[d.Key] = d
		}
		ix.Build(slices.Values(first))
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0:
				d := drawDocument(t, key())
				ix.Put(d)
				ref.docs[d.Key] = d
			case 1:
				k := key()
				ix.Delete(k)
				delete(ref.docs, k)
			default:
				compare(t, ix, ref, drawQuery(t))
			}
		}
		if ix.Len() != len(ref.docs) {
			t.Fatalf("Len() = %d, want %d", ix.Len(), len(ref.docs))
		}
	})
}

func compare(t *rapid.T, ix *search.Index, ref reference, q search.Query) {
	got := ix.Search(q)
	want, facet := ref.search(q)
	if !slices.Equal(keysOf(got), want) || got.Total != len(want) {
		t.Fatalf("%+v\n got %d %q\nwant %q\nunknown %q", q, got.Total, keysOf(got), want, got.Unknown)
	}
	counts := map[string]int{}
	for _, c := range got.Facets["need"] {
		counts[c.Tag] = c.Count
	}
	if !maps.Equal(counts, facet) {
		t.Fatalf("%+v: facets %v, want %v", q, counts, facet)
	}
	if !slices.IsSortedFunc(got.Hits, func(a, b search.Hit) int {
		if a.Score != b.Score && a.Score > b.Score || a.Score == b.Score && a.Key < b.Key {
			return -1
		}
		return 1
	}) {
		t.Fatalf("hits out of order: %+v", got.Hits)
	}
}
