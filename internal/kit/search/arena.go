// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"sort"
	"unsafe"
)

// arena is a list of strings in one block of memory: a hundred thousand
// strings cost the garbage collector nothing.
type arena struct {
	bytes []byte
	ends  []uint32
}

func (a *arena) add(s string) {
	a.bytes = append(a.bytes, s...)
	a.ends = append(a.ends, uint32(len(a.bytes)))
}

func (a *arena) len() int { return len(a.ends) }

// at returns the i-th string without copying it; arenas never change once built.
func (a *arena) at(i int) string {
	from := uint32(0)
	if i > 0 {
		from = a.ends[i-1]
	}
	b := a.bytes[from:a.ends[i]]
	return unsafe.String(unsafe.SliceData(b), len(b)) // #nosec G103 -- arenas never change once built
}

// search returns the first place whose string is not before s, in a sorted arena.
func (a *arena) search(s string) int {
	return sort.Search(a.len(), func(i int) bool { return a.at(i) >= s })
}

// find returns the place of s in a sorted arena.
func (a *arena) find(s string) (int, bool) {
	i := a.search(s)
	return i, i < a.len() && a.at(i) == s
}

// prefix returns the range of strings that begin with p in a sorted arena.
func (a *arena) prefix(p string) (lo, hi int) {
	lo = a.search(p)
	hi = lo + sort.Search(a.len()-lo, func(i int) bool {
		s := a.at(lo + i)
		return len(s) < len(p) || s[:len(p)] != p
	})
	return lo, hi
}

// clip gives back the memory that growing left over.
func (a *arena) clip() {
	a.bytes = append(make([]byte, 0, len(a.bytes)), a.bytes...)
	a.ends = append(make([]uint32, 0, len(a.ends)), a.ends...)
}
