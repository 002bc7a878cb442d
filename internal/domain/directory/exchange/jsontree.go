// SPDX-License-Identifier: EUPL-1.2

package exchange

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"approdo/internal/kit/fault"
)

// tree is a JSON value that knows the line it stood on.
type tree struct {
	kind  byte // '{' object, '[' array, '"' text, '0' number, 't' true or false, 'n' null
	line  int
	text  string
	keys  []string
	items []tree
	from  int // bytes of the file that hold it
	to    int
}

func (t *tree) get(name string) (*tree, bool) {
	for i, k := range t.keys {
		if k == name {
			return &t.items[i], true
		}
	}
	return nil, false
}

// maxJSONDepth is far beyond what HSDS nests (about ten).
const maxJSONDepth = 64

// maxJSONValues bounds the memory that one file can ask for.
const maxJSONValues = 20_000_000

type treeReader struct {
	data    []byte
	dec     *json.Decoder
	line    int
	counted int
	values  int
}

// readTrees reads every JSON value of a file: one, or one a line (NDJSON).
func readTrees(data []byte) ([]tree, error) {
	r := &treeReader{data: data, dec: json.NewDecoder(bytes.NewReader(data)), line: 1}
	r.dec.UseNumber()
	var list []tree
	for {
		t, err := r.next(0)
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
}

// advance counts lines up to where the decoder is.
func (r *treeReader) advance() int {
	at := int(r.dec.InputOffset())
	r.line += bytes.Count(r.data[r.counted:at], []byte{'\n'})
	r.counted = at
	return at
}

func (r *treeReader) next(depth int) (tree, error) {
	token, err := r.dec.Token()
	if err != nil {
		return tree{}, r.explain(err)
	}
	return r.value(token, depth)
}

func (r *treeReader) explain(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	r.advance()
	return fault.Invalid("json", "file.json", "line", r.line).Because(err)
}

func (r *treeReader) value(token json.Token, depth int) (tree, error) {
	if r.values++; r.values > maxJSONValues {
		return tree{}, fault.TooLarge("json", "limit.values")
	}
	to := r.advance()
	t := tree{line: r.line, to: to}
	switch v := token.(type) {
	case json.Delim:
		if depth >= maxJSONDepth {
			return t, fault.TooLarge("json", "limit.depth")
		}
		t.kind, t.from = byte(v), to-1
		return t, r.fill(&t, depth+1)
	case string:
		t.kind, t.text = '"', v
	case json.Number:
		t.kind, t.text = '0', v.String()
	case bool:
		t.kind, t.text = 't', fmt.Sprint(v)
	default:
		t.kind = 'n'
	}
	return t, nil
}

// fill reads the inside of an object or array.
func (r *treeReader) fill(t *tree, depth int) error {
	for r.dec.More() {
		if t.kind == '{' {
			token, err := r.dec.Token()
			if err != nil {
				return r.broken(err)
			}
			name, ok := token.(string)
			if !ok {
				return r.broken(io.ErrUnexpectedEOF)
			}
			t.keys = append(t.keys, name)
		}
		item, err := r.next(depth)
		if err != nil {
			return r.broken(err)
		}
		t.items = append(t.items, item)
	}
	if _, err := r.dec.Token(); err != nil {
		return r.broken(err)
	}
	t.to = r.advance()
	return nil
}

// broken: a file that ends inside a value is no end of the list of values.
func (r *treeReader) broken(err error) error {
	if errors.Is(err, io.EOF) {
		return fault.Invalid("json", "file.json", "line", r.line).Because(io.ErrUnexpectedEOF)
	}
	return err
}
