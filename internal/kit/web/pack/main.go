// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"

	"github.com/andybalholm/brotli"
)

const dir = "internal/kit/web/static"

func main() {
	if err := pack(); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func pack() error {
	for _, old := range []string{"*.br", "*.gz"} {
		names, err := filepath.Glob(filepath.Join(dir, old))
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := os.Remove(name); err != nil {
				return err
			}
		}
	}
	for _, pattern := range []string{"*.css", "*.js", "*.svg"} {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := packFile(name); err != nil {
				return err
			}
		}
	}
	return nil
}

func packFile(name string) error {
	plain, err := os.ReadFile(name) // #nosec G304 -- our own folder
	if err != nil {
		return err
	}
	var br, gz bytes.Buffer
	b := brotli.NewWriterLevel(&br, brotli.BestCompression)
	if _, err := b.Write(plain); err != nil {
		return err
	}
	if err := b.Close(); err != nil {
		return err
	}
	g, err := gzip.NewWriterLevel(&gz, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := g.Write(plain); err != nil {
		return err
	}
	if err := g.Close(); err != nil {
		return err
	}
	err = os.WriteFile(name+".br", br.Bytes(), 0o644) // #nosec G306 -- read by all
	if err != nil {
		return err
	}
	return os.WriteFile(name+".gz", gz.Bytes(), 0o644) // #nosec G306 -- read by all
}
