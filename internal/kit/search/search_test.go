// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"approdo/internal/kit/search"
)

func doc(key, code, title, text string, tags ...string) search.Document {
	return search.Document{Key: key, Texts: []search.Text{{Field: 0, Lang: code, Text: title}, {Field: 2, Lang: code, Text: text}}, Tags: tags}
}

func sample() *search.Index {
	ix := search.New(search.Options{})
	ix.Build(slices.Values([]search.Document{
		doc("permit", "it", "Rinnovo del permesso di soggiorno", "Sportello dell’immigrazione: prenotazioni e libertà di scelta", "need:residence-permit", "province:TP"),
		doc("school", "it", "Scuola di italiano", "Corsi per chi ha un permesso", "need:italian", "province:PA"),
		doc("doctor", "it", "Medico di base", "Iscrizione al servizio sanitario", "need:health", "province:TP"),
		doc("shelter", "ar", "مركز الإقامة", "سكن للعمال والنساء", "need:housing", "province:PA"),
		doc("clinic", "zh", "免费诊所", "医生和药品", "need:health", "province:PA"),
	}))
	return ix
}

func TestWhatIsFoundAndWhy(t *testing.T) {
	t.Parallel()
	ix := sample()
	for _, c := range []struct {
		text, lang string
		prefix     bool
		want       string // keys in order
		first      string // the reasons of the first hit
	}{
		{"permesso", "it", false, "permit school", "permesso=permesso exact"},
		{"rinnovi permessi", "it", false, "permit school", "rinnovi=rinnovo stem permessi=permesso stem"},
		{"rinovo permeso", "it", false, "permit school", "rinovo=rinnovo typo permeso=permesso typo"},
		{"prenotzaioni", "it", false, "permit", "prenotzaioni=prenotazioni typo"},
		{"соджорно", "uk", false, "permit", "соджорно=soggiorno sound"},
		{"سوجورنو", "ar", false, "permit", "سوجورنو=soggiorno sound"},
		{"sogg", "it", true, "permit", "sogg=soggiorno prefix"},
		{"scuola ital", "it", true, "school", "scuola=scuola exact ital=italiano prefix"},
		{"liberta", "it", false, "permit", "liberta=libertà exact"},
		{"immigrazione", "it", false, "permit", "immigrazione=immigrazione exact"},
		{"اقامة", "ar", false, "shelter", "اقامة=الإقامة exact"},
		{"نساء", "ar", false, "shelter", "نساء=والنساء exact"},
		{"醫生", "zh", false, "clinic", "醫生=医生 exact"},
		{"免费", "it", false, "clinic", "免费=免费 exact"},
		{"dove il medico", "it", false, "doctor", "medico=medico exact"},
		{"xyzzy", "it", false, "", ""},
		{"", "it", false, "clinic doctor permit school shelter", ""},
	} {
		r := ix.Search(search.Query{Text: c.text, Lang: c.lang, Prefix: c.prefix})
		var keys, reasons []string
		for _, h := range r.Hits {
			keys = append(keys, h.Key)
		}
		if len(r.Hits) > 0 {
			for _, m := range r.Hits[0].Matched {
				reasons = append(reasons, fmt.Sprintf("%s=%s %s", m.Query, m.Term, m.Kind))
			}
		}
		if got := strings.Join(keys, " "); got != c.want || r.Total != len(keys) {
			t.Errorf("%q: %q (%d), want %q", c.text, got, r.Total, c.want)
		}
		if got := strings.Join(reasons, " "); got != c.first {
			t.Errorf("%q because %q, want %q", c.text, got, c.first)
		}
	}
}

func TestTagsFilterMatchAndCount(t *testing.T) {
	t.Parallel()
	ix := sample()
	r := ix.Search(search.Query{
		Text: "permesso", Lang: "it", All: [][]string{{"province:TP", "province:XX"}}, Facets: []string{"need", "nothing"},
		Any: []search.Weight{{Tag: "need:health", Weight: 3}},
	})
	if got := strings.Join(keysOf(r), " "); got != "doctor permit" || r.Hits[0].Key != "doctor" {
		t.Errorf("keys %q, first %q", got, r.Hits[0].Key)
	}
	if m := r.Hits[0].Matched; len(m) != 1 || m[0].Kind != search.KindTag || m[0].Term != "need:health" {
		t.Errorf("reasons %+v", m)
	}
	if got := fmt.Sprint(r.Facets); got != "map[need:[{need:health 1} {need:residence-permit 1}] nothing:[]]" {
		t.Errorf("facets %s", got)
	}
	r = ix.Search(search.Query{None: []string{"province:TP"}, Limit: -1, Facets: []string{"province"}, FacetLimit: 1})
	if r.Total != 3 || len(r.Hits) != 0 || fmt.Sprint(r.Facets) != "map[province:[{province:PA 3}]]" {
		t.Errorf("without hits: %+v", r)
	}
}

func TestScoresCanBeAdjusted(t *testing.T) {
	t.Parallel()
	ix := sample()
	r := ix.Search(search.Query{
		Text: "permesso", Lang: "it", Prefer: []search.Weight{{Tag: "need:italian", Weight: 2}}, Limit: 1,
	})
	if r.Hits[0].Key != "school" || r.Total != 2 {
		t.Errorf("preferred: %+v", r)
	}
	r = ix.Search(search.Query{Text: "permesso", Lang: "it", Offset: 1, Adjust: func(key string, score float32) float32 {
		if key == "permit" {
			return 0
		}
		return score
	}})
	if len(r.Hits) != 1 || r.Hits[0].Key != "permit" || r.Hits[0].Score != 0 {
		t.Errorf("adjusted: %+v", r)
	}
}

func TestDidYouMean(t *testing.T) {
	t.Parallel()
	ix := sample()
	r := ix.Search(search.Query{Text: "Rinnovo permeso e libbertà xyzzy", Lang: "it"})
	if r.DidYouMean != "Rinnovo permesso e libertà xyzzy" || fmt.Sprint(r.Unknown) != "[permeso libbertà xyzzy]" {
		t.Errorf("%q, unknown %q", r.DidYouMean, r.Unknown)
	}
	if r := ix.Search(search.Query{Text: "rinnovi permesso", Lang: "it"}); r.DidYouMean != "" || r.Unknown != nil {
		t.Errorf("nothing to correct: %q %q", r.DidYouMean, r.Unknown)
	}
}

// distinct are words that no typing mistake makes alike: what is asked for is found by its own word, and a
// search does not compare hundreds.
func distinct(i int) string { return fmt.Sprintf("%08x", uint32(i+1)*2654435761) }

func TestChangesAreSeenAtOnce(t *testing.T) {
	t.Parallel()
	ix := search.New(search.Options{})
	defer ix.Close()
	for i := range 3000 { // enough for folding small segments and the base
		key := fmt.Sprintf("d%d", i%400)
		word := distinct(i)
		ix.Put(doc(key, "it", word, "testo comune"))
		if r := ix.Search(search.Query{Text: word, Lang: "it", Enough: 1}); r.Total != 1 || r.Hits[0].Key != key || r.Hits[0].Matched[0].Kind != search.KindExact {
			t.Fatalf("put %d: %+v", i, r)
		}
		if i >= 400 {
			old := distinct(i - 400)
			if r := ix.Search(search.Query{Text: old, Lang: "it", Limit: 500}); slices.ContainsFunc(r.Hits, func(h search.Hit) bool { return h.Key == key && h.Matched[0].Kind == search.KindExact }) {
				t.Fatalf("%s was replaced, yet found: %+v", old, r.Hits)
			}
		}
	}
	if n := ix.Search(search.Query{Text: "comune", Lang: "it"}).Total; n != 400 || ix.Len() != 400 {
		t.Fatalf("%d found, %d in the index, want 400", n, ix.Len())
	}
	ix.Delete("d1", "d2", "never")
	if n := ix.Search(search.Query{Text: "comune", Lang: "it"}).Total; n != 398 {
		t.Fatalf("%d found after two were deleted", n)
	}
}

// TestReadersNeverSeeHalfAChange rewrites all documents over and over while
// others search: every answer has every document once.
func TestReadersNeverSeeHalfAChange(t *testing.T) {
	t.Parallel()
	const docs = 6000
	ix := search.New(search.Options{})
	version := func(n int) []search.Document {
		list := make([]search.Document, docs)
		for i := range list {
			list[i] = doc(fmt.Sprintf("d%d", i), "it", fmt.Sprintf("versione%d", n), "testo", "all:x")
		}
		return list
	}
	ix.Build(slices.Values(version(0)))
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				r := ix.Search(search.Query{Text: "testo", Lang: "it", Facets: []string{"all"}})
				if r.Total != docs || r.Facets["all"][0].Count != docs {
					t.Errorf("%d found, facet %v, want %d", r.Total, r.Facets, docs)
					return
				}
			}
		})
	}
	for n := range 4 {
		list := version(n + 1)
		for part := range slices.Chunk(list, 500) {
			ix.Put(part...)
		}
	}
	close(stop)
	readers.Wait()
	ix.Close()
	if n := ix.Search(search.Query{Text: "versione4", Lang: "it"}).Total; n != docs {
		t.Errorf("%d documents of the last version, want %d", n, docs)
	}
}

func TestWideWindows(t *testing.T) {
	t.Parallel()
	const docs = 70_000 // two windows, dense and sparse lists
	ix := search.New(search.Options{})
	ix.Build(func(yield func(search.Document) bool) {
		for i := range docs {
			text := "tutti"
			if i%7 == 0 {
				text += " sette"
			}
			if i%1000 == 0 {
				text += " mille"
			}
			few := i % 8 // words of many documents, and some of one alone
			if i%32 == 0 {
				few = i
			}
			if !yield(doc(fmt.Sprintf("%06d", i), "en", text, fmt.Sprintf("w%c%c%d", 'a'+i%26, 'a'+i/26%26, few), fmt.Sprintf("mod:%d", i%3))) {
				return
			}
		}
	})
	for _, c := range []struct {
		query search.Query
		want  int
	}{
		{search.Query{Text: "tutti", Lang: "it"}, docs},
		{search.Query{Text: "sette", Lang: "it"}, docs / 7},
		{search.Query{Text: "sette mille", Lang: "it"}, docs / 7000},
		{search.Query{Text: "sette w", Lang: "it", Prefix: true}, docs / 7},
		{search.Query{Text: "w", Lang: "it", Prefix: true}, docs},
		{search.Query{Text: "mille wa", Lang: "it", Prefix: true, Enough: 1}, 6},
		{search.Query{Text: "mille", All: [][]string{{"mod:1"}}}, 23},
	} {
		c.query.Facets = []string{"mod"}
		r := ix.Search(c.query)
		sum := 0
		for _, f := range r.Facets["mod"] {
			sum += f.Count
		}
		if r.Total != c.want || sum != c.want {
			t.Errorf("%+v: %d found, facets add up to %d, want %d", c.query, r.Total, sum, c.want)
		}
	}
}

// TestShortcutsDoNotChangeTheBest asks with and without an Adjust that changes
// nothing: with one, every match is weighed in full.
func TestShortcutsDoNotChangeTheBest(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	ix := search.New(search.Options{})
	ix.Build(func(yield func(search.Document) bool) {
		for i := range 5000 {
			var title, text strings.Builder
			for range 1 + random.IntN(6) {
				fmt.Fprintf(&title, "ca%c%c ", 'a'+random.IntN(26), 'a'+random.IntN(26))
			}
			for range 1 + random.IntN(30) {
				fmt.Fprintf(&text, "ca%c%c testo%d ", 'a'+random.IntN(26), 'a'+random.IntN(26), random.IntN(3))
			}
			d := doc(fmt.Sprintf("%06d", i), "it", title.String(), text.String(), fmt.Sprintf("mod:%d", i%9))
			d.Boost = float32(random.IntN(4)) / 20
			if !yield(d) {
				return
			}
		}
	})
	for _, q := range []search.Query{
		{Text: "testo1 ca", Prefix: true}, {Text: "ca", Prefix: true}, {Text: "testo2 testo0 ca", Prefix: true, Offset: 30, Limit: 25},
		{Text: "testo1 ca", Prefix: true, All: [][]string{{"mod:3"}}}, {Text: "testo1 ca", Prefix: true, Prefer: []search.Weight{{Tag: "mod:1", Weight: 0.02}}},
	} {
		got := ix.Search(q)
		q.Adjust = func(_ string, score float32) float32 { return score }
		if want := ix.Search(q); !reflect.DeepEqual(got, want) {
			t.Errorf("%q:\n got %+v\nwant %+v", q.Text, got.Hits, want.Hits)
		}
	}
}

func FuzzSearch(f *testing.F) {
	f.Add("rinovo permeso di sogg", "it", true)
	f.Add("الإقامة l' 居留", "ar", false)
	f.Add("\xff\xf0 ½ S.T.P.", "zz", true)
	f.Add(strings.Repeat("parolalunga ", 40), "", false)
	ix := sample()
	f.Fuzz(func(t *testing.T, text, code string, prefix bool) {
		r := ix.Search(search.Query{Text: text, Lang: code, Prefix: prefix, Facets: []string{"need"}})
		if r.Total < len(r.Hits) || len(r.Hits) > 10 {
			t.Fatalf("%q: total %d, %d hits", text, r.Total, len(r.Hits))
		}
	})
}
