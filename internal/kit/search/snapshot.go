// SPDX-License-Identifier: EUPL-1.2

package search

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
)

// A snapshot is: a magic word with the version, the options, the segments
// (arrays with their length before them, little endian), and a checksum of
// all that. What can be derived is not in it.
const snapshotMagic = "approdo search 1\n"

// ErrSnapshot is wrapped by every error about the content of a snapshot.
var ErrSnapshot = errors.New("search: snapshot cannot be used")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// WriteTo writes a snapshot of what a Search would see now.
func (ix *Index) WriteTo(w io.Writer) (int64, error) {
	v := ix.now.Load()
	out := &writer{w: bufio.NewWriterSize(w, 1<<16)}
	out.raw([]byte(snapshotMagic))
	for _, f := range ix.options.Fields {
		writeFloats(out, []float32{f.Weight, f.Length})
	}
	out.number(uint64(len(v.segments)))
	for _, l := range v.segments {
		out.segment(l)
	}
	sum := out.sum
	out.raw(binary.LittleEndian.AppendUint32(nil, sum))
	if out.err == nil {
		out.err = out.w.Flush()
	}
	return out.n, out.err
}

// writer keeps the first error, so that writing reads as a list.
type writer struct {
	w   *bufio.Writer
	n   int64
	sum uint32
	err error
	buf []byte
}

func (w *writer) raw(b []byte) {
	if w.err != nil {
		return
	}
	n, err := w.w.Write(b)
	w.n, w.err = w.n+int64(n), err
	w.sum = crc32.Update(w.sum, castagnoli, b)
}

func (w *writer) number(n uint64) { w.raw(binary.LittleEndian.AppendUint64(nil, n)) }

func (w *writer) bytes(b []byte) {
	w.number(uint64(len(b)))
	w.raw(b)
}

// writeNumbers writes an array in pieces, so that no copy of the whole is made.
func writeNumbers[T uint16 | uint32 | uint64](w *writer, list []T) {
	w.number(uint64(len(list)))
	for len(list) > 0 {
		n := min(len(list), 4096)
		w.buf, _ = binary.Append(w.buf[:0], binary.LittleEndian, list[:n])
		w.raw(w.buf)
		list = list[n:]
	}
}

func writeFloats(w *writer, list []float32) {
	numbers := make([]uint32, len(list))
	for i, f := range list {
		numbers[i] = math.Float32bits(f)
	}
	writeNumbers(w, numbers)
}

func (w *writer) arena(a *arena) {
	w.bytes(a.bytes)
	writeNumbers(w, a.ends)
}

func (w *writer) segment(l *live) {
	w.arena(&l.keys)
	writeFloats(w, l.boost)
	w.arena(&l.terms)
	writeNumbers(w, l.firstList)
	writeNumbers(w, l.listTerm)
	writeNumbers(w, l.listLang)
	w.arena(&l.forms)
	w.bytes(l.posts)
	writeNumbers(w, l.postEnds)
	writeNumbers(w, l.sizes)
	writeNumbers(w, l.forward)
	writeNumbers(w, l.forwardEnds)
	w.arena(&l.tags)
	w.bytes(l.tagDocs)
	writeNumbers(w, l.tagEnds)
	writeNumbers(w, l.dead)
}

// ReadFrom reads a snapshot. A damaged one, one of another version or one
// made with other Options is an error that wraps ErrSnapshot: build the index
// anew then.
func ReadFrom(r io.Reader, o Options) (*Index, error) {
	ix := New(o)
	in := &reader{r: bufio.NewReaderSize(r, 1<<16)}
	if magic := in.raw(uint64(len(snapshotMagic))); in.err == nil && string(magic) != snapshotMagic {
		return nil, fmt.Errorf("%w: not a snapshot of this version", ErrSnapshot)
	}
	same := true
	for _, f := range ix.options.Fields {
		have := readFloats(in)
		same = same && len(have) == 2 && have[0] == f.Weight && have[1] == f.Length
	}
	if in.err == nil && !same {
		return nil, fmt.Errorf("%w: made with other options", ErrSnapshot)
	}
	var segments []*live
	for n := in.number(); n > 0 && in.err == nil; n-- {
		segments = append(segments, in.segment())
	}
	want := in.sum
	sum := in.raw(4)
	switch {
	case in.err != nil:
		return nil, fmt.Errorf("%w: %w", ErrSnapshot, in.err)
	case binary.LittleEndian.Uint32(sum) != want:
		return nil, fmt.Errorf("%w: wrong checksum", ErrSnapshot)
	}
	for _, l := range segments {
		if err := l.check(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrSnapshot, err)
		}
		if err := l.finish(); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrSnapshot, err)
		}
		l.count = l.len() - count(l.dead)
	}
	ix.now.Store(viewOf(segments))
	return ix, nil
}

// reader keeps the first error; what it returns then is empty.
type reader struct {
	r   *bufio.Reader
	sum uint32
	err error
}

// raw reads n bytes, a piece at a time: a made-up length costs no memory.
func (r *reader) raw(n uint64) []byte {
	const piece = 1 << 22
	out := make([]byte, 0, min(n, piece))
	for uint64(len(out)) < n && r.err == nil {
		from := len(out)
		out = append(out, make([]byte, min(n-uint64(from), piece))...)
		_, r.err = io.ReadFull(r.r, out[from:])
	}
	if r.err != nil {
		return nil
	}
	r.sum = crc32.Update(r.sum, castagnoli, out)
	return out
}

func (r *reader) number() uint64 {
	if b := r.raw(8); r.err == nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (r *reader) bytes() []byte { return r.raw(r.number()) }

func readNumbers[T uint16 | uint32 | uint64](r *reader) []T {
	var zero T
	n, size := r.number(), uint64(binary.Size(zero))
	if n > math.MaxInt64/size {
		r.err = errors.New("made-up length")
		return nil
	}
	b := r.raw(n * size)
	if r.err != nil || n == 0 {
		return nil
	}
	out := make([]T, n)
	if _, err := binary.Decode(b, binary.LittleEndian, out); err != nil {
		r.err = err
	}
	return out
}

func readFloats(r *reader) []float32 {
	numbers := readNumbers[uint32](r)
	out := make([]float32, len(numbers))
	for i, n := range numbers {
		out[i] = math.Float32frombits(n)
	}
	return out
}

func (r *reader) arena() arena { return arena{bytes: r.bytes(), ends: readNumbers[uint32](r)} }

func (r *reader) segment() *live {
	s := &segment{}
	s.keys = r.arena()
	s.boost = readFloats(r)
	s.terms = r.arena()
	s.firstList = readNumbers[uint32](r)
	s.listTerm = readNumbers[uint32](r)
	s.listLang = readNumbers[uint16](r)
	s.forms = r.arena()
	s.posts = r.bytes()
	s.postEnds = readNumbers[uint64](r)
	s.sizes = readNumbers[uint32](r)
	s.forward = readNumbers[uint32](r)
	s.forwardEnds = readNumbers[uint64](r)
	s.tags = r.arena()
	s.tagDocs = r.bytes()
	s.tagEnds = readNumbers[uint64](r)
	return &live{segment: s, dead: readNumbers[uint64](r)}
}
