// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// ranked is a match on its way to the hits.
type ranked struct {
	key     string
	score   float32
	segment int
	doc     int
}

func compareRanked(a, b ranked) int {
	return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.key, b.key))
}

// rank scores all matches and keeps the best.
func (q *running) rank(keep int) {
	q.top = q.top[:0]
	if keep == 0 {
		return
	}
	whole := float32(0)
	for i := range q.terms {
		if q.leads(&q.terms[i]) {
			whole += q.terms[i].idf
		}
	}
	for i := range q.places {
		p := &q.places[i]
		if p.count == 0 {
			continue
		}
		l := q.view.segments[p.segment]
		q.listDocs(p)
		base := p.window << windowBits
		for _, d := range q.docs {
			q.score[d] = l.boost[base+int(d)]
		}
		for _, list := range [...][]Weight{q.Any, q.Prefer} {
			for _, w := range list {
				q.scoreTag(l, p, w)
			}
		}
		for _, ranges := range [...]bool{false, true} {
			for t := range q.terms {
				f := &q.terms[t].found[p.segment]
				if !f.empty() && (f.lo < f.hi) == ranges && whole > 0 {
					q.scoreTerm(l, p, f, q.terms[t].idf/whole, keep)
				}
			}
		}
		q.keepBest(l, p, keep)
	}
	slices.SortFunc(q.top, compareRanked)
}

// listDocs writes the matches of a window as a list.
func (q *running) listDocs(p *place) {
	q.docs = q.docs[:0]
	for i, x := range p.matches[:p.words] {
		for ; x != 0; x &= x - 1 {
			q.docs = append(q.docs, uint16(i<<6+bits.TrailingZeros64(x)))
		}
	}
}

// scoreTerm adds a term's best word in each match to the scores.
func (q *running) scoreTerm(l *live, p *place, f *found, idf float32, keep int) {
	for _, w := range f.lists {
		q.raise(l, p, w.list, w.worth)
	}
	if f.lo < f.hi {
		docs := q.contenders(idf, keep)
		if q.cheaperForward(l, f, len(docs)) {
			for _, d := range docs {
				q.raiseForward(l, p, f, d)
			}
		} else {
			for list := f.lo; list < f.hi; list++ {
				q.raise(l, p, uint32(list), worthRange)
			}
		}
	}
	for _, d := range q.docs {
		q.score[d] += idf * q.best[d]
		q.best[d] = 0
	}
}

// contenders returns the matches that a prefix with many continuations, which
// is weighed last, can still bring among the best: weighing it is dear, and it
// adds little.
func (q *running) contenders(idf float32, keep int) []uint16 {
	if q.Adjust != nil || len(q.docs) <= 2*keep || keep > 256 {
		return q.docs
	}
	q.floor = append(q.floor[:0], make([]float32, keep)...)
	for i := range q.floor {
		q.floor[i] = float32(math.Inf(-1))
	}
	for _, d := range q.docs { // the best scores so far, the least of them first
		score := q.score[d] + idf*q.best[d]
		if score <= q.floor[0] {
			continue
		}
		i := 0
		for ; i+1 < keep && q.floor[i+1] < score; i++ {
			q.floor[i] = q.floor[i+1]
		}
		q.floor[i] = score
	}
	q.near = q.near[:0]
	for _, d := range q.docs {
		if q.score[d]+idf*(q.best[d]+worthRange) >= q.floor[0] {
			q.near = append(q.near, d)
		}
	}
	return q.near
}

// raise notes a list's impacts on the matches of a window: by looking up each
// match when there are few, by going through the list otherwise.
func (q *running) raise(l *live, p *place, list uint32, worth float32) {
	c := findChunk(l.postings(list), p.window, true)
	if c.count == 0 {
		return
	}
	if len(q.docs)*bits.Len(uint(c.count)) >= c.count {
		c.raise(p.matches[:p.words], q.best[:], impactScale, worth)
		return
	}
	for _, d := range q.docs {
		if at := c.at(d); at >= 0 {
			if s := worth * impactScale[c.impacts[at]]; s > q.best[d] {
				q.best[d] = s
			}
		}
	}
}

// raiseForward notes the impacts of a range of lists on one match.
func (q *running) raiseForward(l *live, p *place, f *found, d uint16) {
	for _, list := range l.listsIn(p.window<<windowBits+int(d), f.lo, f.hi) {
		c := findChunk(l.postings(list), p.window, true)
		at := c.at(d)
		if at < 0 {
			continue // only in a snapshot that someone made up
		}
		if s := worthRange * impactScale[c.impacts[at]]; s > q.best[d] {
			q.best[d] = s
		}
	}
}

func (q *running) scoreTag(l *live, p *place, w Weight) {
	at, ok := l.tags.find(w.Tag)
	if !ok {
		return
	}
	c := findChunk(l.tagPostings(at), p.window, false)
	if c.count == 0 {
		return
	}
	clear(q.union[:])
	c.or(q.union[:p.words])
	for _, d := range q.docs {
		if q.union[d>>6]>>(d&63)&1 != 0 {
			q.score[d] += w.Weight
		}
	}
}

// keepBest keeps the best matches of a window among the best so far: a heap
// with the worst on top.
func (q *running) keepBest(l *live, p *place, keep int) {
	base := p.window << windowBits
	for _, d := range q.docs {
		score := q.score[d]
		if q.Adjust != nil {
			score = q.Adjust(l.keys.at(base+int(d)), score)
		}
		if len(q.top) == keep && score < q.top[0].score {
			continue
		}
		r := ranked{l.keys.at(base + int(d)), score, p.segment, base + int(d)}
		if len(q.top) < keep {
			q.top = append(q.top, r)
			siftUp(q.top)
		} else if compareRanked(r, q.top[0]) < 0 {
			q.top[0] = r
			siftDown(q.top)
		}
	}
}

func siftUp(heap []ranked) {
	for i := len(heap) - 1; i > 0; {
		parent := (i - 1) / 2
		if compareRanked(heap[i], heap[parent]) <= 0 {
			return
		}
		heap[i], heap[parent] = heap[parent], heap[i]
		i = parent
	}
}

func siftDown(heap []ranked) {
	for i := 0; ; {
		worst := i
		for _, child := range [...]int{2*i + 1, 2*i + 2} {
			if child < len(heap) && compareRanked(heap[child], heap[worst]) > 0 {
				worst = child
			}
		}
		if worst == i {
			return
		}
		heap[i], heap[worst] = heap[worst], heap[i]
		i = worst
	}
}
