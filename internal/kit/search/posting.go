// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"encoding/binary"
	"math/bits"
)

// A posting list is a sequence of chunks, one for each window of 65,536
// documents that has any: a header (window and count less one, 16 bits each),
// the documents as sorted 16-bit numbers, or as a bitmap with a directory of
// ranks from 4,096 on, then one byte of impact for each document. Lists of
// tags are the same without impacts.
const (
	windowBits  = 16
	windowSize  = 1 << windowBits
	windowWords = windowSize / 64

	denseFrom  = 4096
	bitmapSize = windowSize / 8
	rankEvery  = 16 // words of the bitmap for each entry of the directory
	rankSize   = windowWords / rankEvery * 2
)

// chunk is one window of a list, decoded as far as needed.
type chunk struct {
	window  int
	count   int
	docs    []byte // two bytes for each document, or the bitmap
	ranks   []byte // nil when docs is not a bitmap
	impacts []byte // nil in lists of tags
}

// nextChunk cuts the first chunk off a list and returns the rest.
func nextChunk(list []byte, impacts bool) (chunk, []byte) {
	c := chunk{
		window: int(binary.LittleEndian.Uint16(list)),
		count:  int(binary.LittleEndian.Uint16(list[2:])) + 1,
	}
	list = list[4:]
	if c.count >= denseFrom {
		c.docs, c.ranks, list = list[:bitmapSize], list[bitmapSize:bitmapSize+rankSize], list[bitmapSize+rankSize:]
	} else {
		c.docs, list = list[:2*c.count], list[2*c.count:]
	}
	if impacts {
		c.impacts, list = list[:c.count], list[c.count:]
	}
	return c, list
}

// findChunk returns the chunk of a window; count is 0 when there is none.
func findChunk(list []byte, window int, impacts bool) chunk {
	for len(list) > 0 {
		var c chunk
		c, list = nextChunk(list, impacts)
		if c.window == window {
			return c
		}
		if c.window > window {
			break
		}
	}
	return chunk{}
}

// appendChunks encodes a list: documents in order and, unless nil, their impacts.
func appendChunks(dst []byte, docs []uint32, impacts []byte) []byte {
	for len(docs) > 0 {
		window := docs[0] >> windowBits
		n := 1
		for n < len(docs) && docs[n]>>windowBits == window {
			n++
		}
		dst = binary.LittleEndian.AppendUint16(dst, uint16(window))
		dst = binary.LittleEndian.AppendUint16(dst, uint16(n-1))
		if n >= denseFrom {
			dst = appendBitmap(dst, docs[:n])
		} else {
			for _, d := range docs[:n] {
				dst = binary.LittleEndian.AppendUint16(dst, uint16(d))
			}
		}
		docs = docs[n:]
		if impacts != nil {
			dst = append(dst, impacts[:n]...)
			impacts = impacts[n:]
		}
	}
	return dst
}

func appendBitmap(dst []byte, docs []uint32) []byte {
	var words [windowWords]uint64
	for _, d := range docs {
		words[d&(windowSize-1)>>6] |= 1 << (d & 63)
	}
	for _, w := range words {
		dst = binary.LittleEndian.AppendUint64(dst, w)
	}
	rank := 0
	for i, w := range words {
		if i%rankEvery == 0 {
			dst = binary.LittleEndian.AppendUint16(dst, uint16(rank))
		}
		rank += bits.OnesCount64(w)
	}
	return dst
}

func (c *chunk) doc(i int) uint16  { return binary.LittleEndian.Uint16(c.docs[2*i:]) }
func (c *chunk) word(i int) uint64 { return binary.LittleEndian.Uint64(c.docs[8*i:]) }
func (c *chunk) rankBefore(w int) int {
	return int(binary.LittleEndian.Uint16(c.ranks[w/rankEvery*2:]))
}

// or adds the documents of the chunk to a set.
func (c *chunk) or(set []uint64) {
	if c.ranks == nil {
		docs := c.docs
		for len(docs) >= 2 {
			d := binary.LittleEndian.Uint16(docs)
			set[d>>6] |= 1 << (d & 63)
			docs = docs[2:]
		}
		return
	}
	for i := range set {
		set[i] |= c.word(i)
	}
}

// at returns the place of a document within the chunk, or -1.
func (c *chunk) at(doc uint16) int {
	if c.ranks != nil {
		w := int(doc >> 6)
		word := c.word(w)
		if word>>(doc&63)&1 == 0 {
			return -1
		}
		rank := c.rankBefore(w)
		for i := w / rankEvery * rankEvery; i < w; i++ {
			rank += bits.OnesCount64(c.word(i))
		}
		return rank + bits.OnesCount64(word&(1<<(doc&63)-1))
	}
	lo, hi := 0, c.count
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if c.doc(mid) < doc {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < c.count && c.doc(lo) == doc {
		return lo
	}
	return -1
}

// raise sets best[doc] to the largest of itself and weight times impact, for
// the documents of the chunk that are in the set.
func (c *chunk) raise(set []uint64, best []float32, scale *[256]float32, weight float32) {
	if c.ranks == nil {
		docs, impacts := c.docs, c.impacts
		for i := 0; i < len(impacts) && len(docs) >= 2; i++ {
			d := binary.LittleEndian.Uint16(docs)
			docs = docs[2:]
			if set[d>>6]>>(d&63)&1 != 0 {
				if s := weight * scale[impacts[i]]; s > best[d] {
					best[d] = s
				}
			}
		}
		return
	}
	rank := 0
	for i := range set {
		word := c.word(i)
		for x := word & set[i]; x != 0; x &= x - 1 {
			bit := x & -x
			d := i<<6 + bits.TrailingZeros64(x)
			if s := weight * scale[c.impacts[rank+bits.OnesCount64(word&(bit-1))]]; s > best[d] {
				best[d] = s
			}
		}
		rank += bits.OnesCount64(word)
	}
}

// appendDocs decodes the documents of a chunk.
func (c *chunk) appendDocs(dst []uint32) []uint32 {
	base := uint32(c.window) << windowBits
	if c.ranks == nil {
		for i := range c.count {
			dst = append(dst, base|uint32(c.doc(i)))
		}
		return dst
	}
	for i := range windowWords {
		for x := c.word(i); x != 0; x &= x - 1 {
			dst = append(dst, base|uint32(i<<6+bits.TrailingZeros64(x)))
		}
	}
	return dst
}

// An impact byte holds the heaviest field (two bits) and the weight of the
// word in the document, between 0 and 1, in 64 steps.
const impactSteps = 63

func impactByte(field uint8, weight float32) byte {
	step := int(weight*impactSteps + 0.5)
	return byte(max(1, min(impactSteps, step)))<<2 | field&3
}

func impactField(b byte) uint8 { return b & 3 }

var impactScale = func() *[256]float32 {
	var scale [256]float32
	for i := range scale {
		scale[i] = float32(i>>2) / impactSteps
	}
	return &scale
}()
