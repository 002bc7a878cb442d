// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const usage = `approdo-verify [--key FILE] [--checkpoint FILE]… FOLDER

Checks an export of the log of Approdo. --key is the file with the public key of the log, which you got
from elsewhere; without it the keys of the export itself are believed. --checkpoint is a file of
checkpoints that was kept where those who could change the log could not.
`

// run is main with everything it touches given.
func run(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("approdo-verify", flag.ContinueOnError)
	flags.SetOutput(errs)
	flags.Usage = func() { _, _ = io.WriteString(errs, usage) }
	keyFile := flags.String("key", "", "")
	var elsewhere []string
	flags.Func("checkpoint", "", func(name string) error { elsewhere = append(elsewhere, name); return nil })
	if err := flags.Parse(args); err != nil || flags.NArg() != 1 {
		flags.Usage()
		return 2
	}
	dir := flags.Arg(0)
	trusted := *keyFile != ""
	if !trusted {
		*keyFile = filepath.Join(dir, "keys.txt")
	}
	keys, err := readKeys(*keyFile)
	if err != nil {
		_, _ = fmt.Fprintln(errs, "approdo-verify:", err)
		return 1
	}
	v := &verifier{keys: keys}
	for i, name := range append([]string{filepath.Join(dir, "checkpoints.txt")}, elsewhere...) {
		if err := v.readCheckpoints(name, i > 0); err != nil {
			_, _ = fmt.Fprintln(errs, "approdo-verify:", err)
			return 1
		}
	}
	if err := v.readEvents(filepath.Join(dir, "events.ndjson")); err != nil {
		_, _ = fmt.Fprintln(errs, "approdo-verify:", err)
		return 1
	}
	return v.report(out, trusted)
}

func readKeys(name string) ([]key, error) {
	text, err := os.ReadFile(name) // #nosec G304 -- whoever runs the program names it
	if err != nil {
		return nil, err
	}
	var keys []key
	for line := range strings.FieldsSeq(string(text)) {
		k, err := parseKey(line)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("%s holds no key", name)
	}
	return keys, nil
}

type verifier struct {
	keys     []key
	due      []checkpoint
	outside  int
	tree     tree
	held     int
	signed   int64 // size of the largest checkpoint that was held against the entries
	findings []string
}

func (v *verifier) find(format string, args ...any) {
	v.findings = append(v.findings, fmt.Sprintf(format, args...))
}

func (v *verifier) readCheckpoints(name string, outside bool) error {
	text, err := os.ReadFile(name) // #nosec G304 -- whoever runs the program names it
	if err != nil {
		return err
	}
	notes := splitNotes(text)
	if outside && len(notes) == 0 {
		return fmt.Errorf("%s holds no checkpoint", name)
	}
	for i, note := range notes {
		c, err := openNote(strings.TrimRight(note, "\n")+"\n", v.keys)
		if err != nil {
			v.find("checkpoint %d of %s: %v", i+1, name, err)
			continue
		}
		v.due = append(v.due, c)
		if outside {
			v.outside++
		}
	}
	slices.SortStableFunc(v.due, func(a, b checkpoint) int { return cmp.Compare(a.size, b.size) })
	return nil
}

// readEvents hashes every line and compares the root with each checkpoint of that size.
func (v *verifier) readEvents(name string) (err error) {
	file, err := os.Open(name) // #nosec G304 -- whoever runs the program names it
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	reader := bufio.NewReader(file)
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 0 {
			v.take(bytes.TrimSuffix(line, []byte("\n")))
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (v *verifier) take(line []byte) {
	var entry struct {
		Seq int64 `json:"seq"`
	}
	if err := json.Unmarshal(line, &entry); err != nil {
		v.find("line %d is no entry", v.tree.size+1)
	} else if entry.Seq != v.tree.size+1 {
		v.find("line %d is entry number %d: something before it is missing, inserted or moved", v.tree.size+1, entry.Seq)
	}
	v.tree.add(line)
	for len(v.due) > 0 && v.due[0].size <= v.tree.size {
		c := v.due[0]
		v.due = v.due[1:]
		v.held++
		v.signed = max(v.signed, c.size)
		if c.size > 0 && c.root != v.tree.root() {
			v.find("the first %d entries are not those that were signed at %s", c.size, c.at)
		}
	}
}

func (v *verifier) report(out io.Writer, trusted bool) int {
	for _, c := range v.due {
		v.find("%d entries were signed at %s, %d are there", c.size, c.at, v.tree.size)
	}
	if v.signed < v.tree.size {
		v.find("no checkpoint covers the entries after number %d", v.signed)
	}
	word, code := "WHOLE", 0
	if len(v.findings) > 0 {
		word, code = "NOT WHOLE", 4
	}
	root := v.tree.root()
	_, _ = fmt.Fprintf(out, "%s: %d entries, held against %d checkpoints (%d kept elsewhere)\nroot %s\n",
		word, v.tree.size, v.held, v.outside, base64.StdEncoding.EncodeToString(root[:]))
	for _, f := range v.findings {
		_, _ = fmt.Fprintln(out, "-", f)
	}
	if !trusted {
		_, _ = fmt.Fprintln(out, "The key came with the export: get it from elsewhere and give it with --key.")
	}
	if v.outside == 0 {
		_, _ = fmt.Fprintln(out, "No checkpoint was kept elsewhere: who holds the signing key could have made all of this.")
	}
	return code
}
