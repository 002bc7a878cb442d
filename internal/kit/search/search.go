// SPDX-License-Identifier: EUPL-1.2

package search

// Fields is the number of weight classes that a Text can have.
const Fields = 4

// Text is one text of a document: its weight class (0, the heaviest, to 3)
// and its language (an ISO 639 code; empty when not known).
type Text struct {
	Field uint8
	Lang  string
	Text  string
}

// Document is what is found. Keys are unique: a later document replaces an
// earlier one with its key. Tags filter and are counted; they read "class:value",
// such as "need:residence-permit", or a bare word, such as "example".
// Boost is added to the score of every query.
type Document struct {
	Key   string
	Texts []Text
	Tags  []string
	Boost float32
}

// Field says how much a word in a weight class counts, and how long the text
// of such a field usually is, in words: in a longer one each word counts less.
type Field struct {
	Weight float32
	Length float32
}

// Options are fixed for the life of an index; the zero value is good.
type Options struct {
	Fields [Fields]Field
}

// Weight is a tag and what it adds to the score of a document that has it.
type Weight struct {
	Tag    string
	Weight float32
}

// Query asks for documents. A query without Text and Any finds every
// document that the filters let through.
type Query struct {
	Text   string
	Lang   string // language of the person: its stop words and stems come first
	Prefix bool   // the last word is still being typed

	All    [][]string // every group must be met, a group by any of its tags
	None   []string   // documents with any of these tags are left out
	Any    []Weight   // documents with any of these tags match, whatever the words
	Prefer []Weight   // adds to the score only

	Facets     []string // tag classes to count over all matches, such as "need"
	FacetLimit int      // most frequent tags to return for each class; 0 means all

	Offset, Limit int // Limit 0 means 10, a negative one no hits: totals and facets only
	Enough        int // relax the words until so many documents match; 0 means 3

	// Filter leaves out documents; Total and facets follow it. Adjust changes
	// the score of a match, for what only the caller knows (open now, near).
	// Both may be called for every match and must be fast and free of effects.
	Filter func(key string) bool
	Adjust func(key string, score float32) float32
}

// Result is the answer to a Query. Total and Facets are exact, whatever the Limit.
type Result struct {
	Total      int
	Hits       []Hit
	Facets     map[string][]Count // by class, most frequent first, then by tag
	DidYouMean string             // the query with unknown words corrected, or empty
	Unknown    []string           // words of the query, as typed, that were not found as such
	Missing    int                // how many of the words a match may lack after relaxing
}

// Count is a tag and the number of matches that have it.
type Count struct {
	Tag   string
	Count int
}

// Hit is a match with the reasons why it was found.
type Hit struct {
	Key     string
	Score   float32
	Matched []Match
}

// Match says which word of the query was found as which word of the document.
type Match struct {
	Query string // the word as typed, or the tag
	Term  string // the word as it first stood in a document, in lower case; or the tag
	Field uint8  // the heaviest weight class that has it; 0 for a tag
	Lang  string
	Kind  Kind
}

// Kind is how a word was found, the surest first.
type Kind uint8

// The kinds of match. KindTag stands for a tag of Query.Any.
const (
	KindExact Kind = iota
	KindStem
	KindPrefix
	KindTypo
	KindSound
	KindTag
)

// String returns the word that the JSON answers use.
func (k Kind) String() string {
	return [...]string{"exact", "stem", "prefix", "typo", "sound", "tag"}[k]
}
