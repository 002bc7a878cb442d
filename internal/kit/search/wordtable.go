// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"bytes"
	"hash/maphash"
)

// wordTable numbers byte strings in the order in which they come. Analysing
// texts is looking up words; this costs half of what Go's map does, since it
// keeps the strings in one block and hashes without copying.
type wordTable struct {
	slots []wordSlot // a power of two
	bytes []byte
	ends  []uint32
}

// wordSlot is a number, plus one, and part of the hash.
type wordSlot struct{ number, hash uint32 }

var wordSeed = maphash.MakeSeed()

func (t *wordTable) reset() {
	clear(t.slots)
	t.bytes, t.ends = t.bytes[:0], t.ends[:0]
}

// find returns the number of a word; ok is false when it was not there before.
func (t *wordTable) find(w []byte) (number uint32, ok bool) {
	if 2*len(t.ends) >= len(t.slots) {
		t.grow()
	}
	hash := maphash.Bytes(wordSeed, w)
	mask := uint64(len(t.slots) - 1)
	for i := hash >> 32 & mask; ; i = (i + 1) & mask {
		slot := &t.slots[i]
		if slot.number == 0 {
			t.bytes = append(t.bytes, w...)
			t.ends = append(t.ends, uint32(len(t.bytes)))
			*slot = wordSlot{uint32(len(t.ends)), uint32(hash)}
			return slot.number - 1, false
		}
		if slot.hash == uint32(hash) && bytes.Equal(t.at(slot.number-1), w) {
			return slot.number - 1, true
		}
	}
}

func (t *wordTable) at(number uint32) []byte {
	from := uint32(0)
	if number > 0 {
		from = t.ends[number-1]
	}
	return t.bytes[from:t.ends[number]]
}

func (t *wordTable) grow() {
	t.slots = make([]wordSlot, max(256, 4*len(t.slots)))
	mask := uint64(len(t.slots) - 1)
	for n := range t.ends {
		hash := maphash.Bytes(wordSeed, t.at(uint32(n)))
		i := hash >> 32 & mask
		for t.slots[i].number != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = wordSlot{uint32(n + 1), uint32(hash)}
	}
}
