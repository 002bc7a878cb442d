// SPDX-License-Identifier: EUPL-1.2

package search

import "slices"

// Folding: the first segment is the base; those behind it are small and new.
const (
	smallMost   = 8    // more segments than that behind the base are folded into one
	smallCheap  = 512  // documents of segments that a Put may fold itself
	baseShare   = 8    // the base is folded anew when an eighth of it has changed
	baseAtLeast = 4096 // but not for less than this
)

// folding is the work of the background: segments that become one, and the
// keys that change meanwhile.
type folding struct {
	segments []*live
	changed  map[string]struct{}
}

func (f *folding) has(s *segment) bool {
	return f != nil && slices.ContainsFunc(f.segments, func(l *live) bool { return l.segment == s })
}

// change kills the documents with some keys and adds a segment.
func (ix *Index) change(keys []string, added *live) {
	ix.writing.Lock()
	defer ix.writing.Unlock()
	if ix.folding != nil {
		for _, key := range keys {
			ix.folding.changed[key] = struct{}{}
		}
	}
	segments := withoutKeys(ix.now.Load().segments, keys)
	if added != nil {
		segments = append(segments, added)
	}
	ix.now.Store(viewOf(ix.foldSmall(segments)))
	ix.foldLater()
}

func withoutKeys(segments []*live, keys []string) []*live {
	out := make([]*live, len(segments))
	for i, l := range segments {
		var dead []int
		for _, key := range keys {
			if d, ok := l.doc(key); ok && !l.isDead(d) {
				dead = append(dead, d)
			}
		}
		out[i] = l
		if len(dead) > 0 {
			out[i] = l.without(dead)
		}
	}
	return out
}

// foldSmall folds the newest segments into one when there are many: a Put
// does so itself, but only where it takes milliseconds and where the
// background is not at work.
func (ix *Index) foldSmall(segments []*live) []*live {
	if len(segments) <= smallMost {
		return segments
	}
	from, docs := len(segments), 0
	for from > 1 && docs+segments[from-1].count <= smallCheap && !ix.folding.has(segments[from-1].segment) {
		from--
		docs += segments[from].count
	}
	if len(segments)-from < smallMost/2 {
		return segments
	}
	folded := merge(segments[from:])
	must(folded.finish())
	return append(slices.Clone(segments[:from]), whole(folded))
}

// foldLater starts folding everything into a new base in the background when
// enough has changed. The caller holds the lock.
func (ix *Index) foldLater() {
	v := ix.now.Load()
	if ix.folding != nil || len(v.segments) < 2 {
		return
	}
	base := v.segments[0]
	changes := v.count - base.count + base.len() - base.count
	if changes < max(baseAtLeast, base.len()/baseShare) && len(v.segments) <= 2*smallMost {
		return
	}
	f := &folding{segments: v.segments, changed: map[string]struct{}{}}
	ix.folding = f
	ix.settled.Go(func() { ix.fold(f) })
}

// fold merges segments, then puts the result in their place; what changed
// meanwhile is dead in it and lives in the segments that came after.
func (ix *Index) fold(f *folding) {
	folded := merge(f.segments)
	must(folded.finish())
	ix.writing.Lock()
	defer ix.writing.Unlock()
	if ix.folding != f { // Build came in between
		return
	}
	keys := make([]string, 0, len(f.changed))
	for key := range f.changed {
		keys = append(keys, key)
	}
	segments := withoutKeys([]*live{whole(folded)}, keys)
	for _, l := range ix.now.Load().segments {
		if !f.has(l.segment) {
			segments = append(segments, l)
		}
	}
	ix.folding = nil
	ix.now.Store(viewOf(segments))
}
