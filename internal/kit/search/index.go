// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Index is safe for use by many goroutines at once.
type Index struct {
	options Options
	now     atomic.Pointer[view]

	writing sync.Mutex // one writer at a time; readers never take it
	folding *folding   // what the background is at, if anything
	settled sync.WaitGroup
}

// view is what a reader sees: segments from the oldest to the newest, and how
// many documents live in them. A key lives in one of them at most.
type view struct {
	segments []*live
	count    int
}

func viewOf(segments []*live) *view {
	v := &view{}
	for _, l := range segments {
		if l.count > 0 {
			v.segments = append(v.segments, l)
			v.count += l.count
		}
	}
	return v
}

// usual are the options that a zero field stands for: a name or title, what
// it is about in a line, a text, and the small print.
var usual = [Fields]Field{{8, 5}, {3, 12}, {1.5, 40}, {1, 60}}

// New returns an empty index.
func New(o Options) *Index {
	for f := range o.Fields {
		if o.Fields[f].Weight <= 0 {
			o.Fields[f].Weight = usual[f].Weight
		}
		if o.Fields[f].Length <= 0 {
			o.Fields[f].Length = usual[f].Length
		}
	}
	ix := &Index{options: o}
	ix.now.Store(&view{})
	return ix
}

// Len is the number of documents.
func (ix *Index) Len() int { return ix.now.Load().count }

// Build replaces everything in the index. It takes the documents one after
// the other and works on them on all processors.
func (ix *Index) Build(docs iter.Seq[Document]) {
	runs := ix.analyse(docs)
	segment := merge(runs)
	must(segment.finish())
	ix.writing.Lock()
	defer ix.writing.Unlock()
	ix.folding = nil // whatever the background makes of the old segments is dropped
	ix.now.Store(viewOf([]*live{whole(segment)}))
}

// must stops on what cannot happen: writing an FST of sorted terms into memory.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// analyse makes runs of documents side by side, in order.
func (ix *Index) analyse(docs iter.Seq[Document]) []*live {
	type job struct {
		number int
		docs   []Document
	}
	jobs := make(chan job)
	var lock sync.Mutex
	var runs []*segment
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			a := newAnalyser(ix.options)
			for j := range jobs {
				s := a.run(j.docs)
				lock.Lock()
				runs = append(runs, make([]*segment, max(0, j.number+1-len(runs)))...)
				runs[j.number] = s
				lock.Unlock()
			}
		})
	}
	var batch []Document
	where := map[string][2]int{} // key: run and document
	replaced := map[int][]int{}
	number := 0
	for d := range docs {
		if old, ok := where[d.Key]; ok {
			replaced[old[0]] = append(replaced[old[0]], old[1])
		}
		where[d.Key] = [2]int{number, len(batch)}
		if batch = append(batch, d); len(batch) == runSize {
			jobs <- job{number, batch}
			batch, number = nil, number+1
		}
	}
	if len(batch) > 0 {
		jobs <- job{number, batch}
	}
	close(jobs)
	workers.Wait()
	out := make([]*live, len(runs))
	for i, s := range runs {
		out[i] = whole(s)
		if len(replaced[i]) > 0 {
			out[i] = out[i].without(replaced[i])
		}
	}
	return out
}

// Put adds documents or replaces those with the same key; the next Search sees them.
func (ix *Index) Put(docs ...Document) {
	if len(docs) == 0 {
		return
	}
	runs := ix.analyse(slices.Values(docs))
	segment := runs[0].segment
	if len(runs) > 1 || runs[0].dead != nil {
		segment = merge(runs)
	}
	must(segment.finish())
	keys := make([]string, len(docs))
	for i := range docs {
		keys[i] = docs[i].Key
	}
	ix.change(keys, whole(segment))
}

// Delete removes documents; the next Search does not see them.
func (ix *Index) Delete(keys ...string) { ix.change(keys, nil) }

// Close waits until the background is done.
func (ix *Index) Close() { ix.settled.Wait() }
