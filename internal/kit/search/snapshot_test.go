// SPDX-License-Identifier: EUPL-1.2

package search_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"reflect"
	"testing"

	"approdo/internal/kit/search"
)

func snapshot(t testing.TB, ix *search.Index) []byte {
	t.Helper()
	var out bytes.Buffer
	n, err := ix.WriteTo(&out)
	if err != nil || n != int64(out.Len()) {
		t.Fatalf("WriteTo = %d, %v; wrote %d", n, err, out.Len())
	}
	return out.Bytes()
}

func busy() *search.Index { return crowded(40) }

// crowded is an index with so many documents of one kind, one replaced and one deleted.
func crowded(extra int) *search.Index {
	ix := sample()
	ix.Put(doc("new", "it", "Nuovo sportello", "permesso e lavoro", "need:work"), doc("school", "it", "Scuola serale", "permessi", "need:italian"))
	ix.Delete("doctor")
	for i := range extra {
		ix.Put(doc(fmt.Sprint("extra", i), "en", "permit office", "opening hours", "need:residence-permit"))
	}
	return ix
}

var probes = []search.Query{
	{Text: "permesso", Lang: "it", Facets: []string{"need"}},
	{Text: "permeso scuol", Lang: "it", Prefix: true, Facets: []string{"need", "province"}},
	{Text: "соджорно", Lang: "uk"}, {Text: "medico", Lang: "it"}, {Limit: 100}, {Text: "permit offices", Lang: "en", Limit: 50},
}

func TestSnapshotAnswersAsTheIndexDid(t *testing.T) {
	t.Parallel()
	ix := busy()
	again, err := search.ReadFrom(bytes.NewReader(snapshot(t, ix)), search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range probes {
		if got, want := again.Search(q), ix.Search(q); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %+v, want %+v", q.Text, got, want)
		}
	}
	again.Put(doc("later", "it", "Questura", "", "need:residence-permit"))
	if r := again.Search(search.Query{Text: "questura", Lang: "it"}); r.Total != 1 || again.Len() != ix.Len()+1 {
		t.Errorf("after a change: %+v, %d documents", r, again.Len())
	}
	empty, err := search.ReadFrom(bytes.NewReader(snapshot(t, search.New(search.Options{}))), search.Options{})
	if err != nil || empty.Len() != 0 {
		t.Errorf("empty index: %v, %d", err, empty.Len())
	}
}

func TestDamagedSnapshotsAreErrors(t *testing.T) {
	t.Parallel()
	good := snapshot(t, busy())
	fails := func(name string, b []byte, o search.Options) {
		t.Helper()
		if _, err := search.ReadFrom(bytes.NewReader(b), o); !errors.Is(err, search.ErrSnapshot) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for n := 0; n < len(good); n += 397 {
		fails(fmt.Sprint("cut at ", n), good[:n], search.Options{})
	}
	for at := 0; at < len(good); at += 131 {
		bad := bytes.Clone(good)
		bad[at] ^= 0x10
		fails(fmt.Sprint("bit turned at ", at), bad, search.Options{})
	}
	other := search.Options{}
	other.Fields[1].Weight = 77
	fails("other options", good, other)
	fails("nothing", nil, search.Options{})
}

// seal gives a snapshot the checksum of what it says: damage then has to be
// found by looking at the content.
func seal(b []byte) []byte {
	b = bytes.Clone(b[:len(b)-4])
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)))
}

func tryOut(t testing.TB, b []byte) {
	t.Helper()
	ix, err := search.ReadFrom(bytes.NewReader(b), search.Options{})
	if err != nil {
		return
	}
	for _, q := range probes {
		ix.Search(q)
	}
	ix.Put(doc("permit", "it", "Permesso", "soggiorno"))
	ix.Delete("extra3", "new")
	ix.Search(probes[0])
}

func TestMadeUpSnapshotsDoNotPanic(t *testing.T) {
	t.Parallel()
	// Few alike: each is the same bytes again, and every damage reads and asks the whole.
	good := snapshot(t, crowded(8))
	for at := 17; at < len(good)-4; at += 3 {
		bad := bytes.Clone(good)
		bad[at] ^= byte(1 + at%255)
		tryOut(t, seal(bad))
	}
}

func FuzzReadFrom(f *testing.F) {
	f.Add(snapshot(f, sample()), uint16(100), byte(3))
	f.Add(snapshot(f, busy()), uint16(4000), byte(0x80))
	f.Add([]byte("approdo search 1\n"), uint16(0), byte(0))
	f.Fuzz(func(t *testing.T, b []byte, at uint16, change byte) {
		tryOut(t, b)
		if len(b) > 4 {
			b = bytes.Clone(b)
			b[int(at)%(len(b)-4)] ^= change
			tryOut(t, seal(b))
		}
	})
}
