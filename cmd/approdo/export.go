// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"approdo/internal/domain/directory/exchange"
)

func newExport(s *settings) *cobra.Command {
	c := &cobra.Command{Use: "export", Short: "Give data out"}
	c.AddCommand(newExportDirectory(s))
	return c
}

type exportFlags struct {
	format, out, lang, base string
}

func newExportDirectory(s *settings) *cobra.Command {
	f := &exportFlags{}
	names := make([]string, len(exchange.Formats))
	for i, format := range exchange.Formats {
		names[i] = string(format)
	}
	c := &cobra.Command{
		Use:   "directory",
		Short: "Export the public directory: " + strings.Join(names, ", "),
		Long: `Exports what the public may know of every service; addresses that must not be known are in no format.
hsds-json, hsds-pages, hsds-csv, ndjson and xlsx can be imported again without loss.`,
		Example: `  approdo export directory --format xlsx --out servizi.xlsx
  approdo export directory --format hsds-pages --out ./pages
  approdo export directory --format ndjson | head`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return f.run(c, s) },
	}
	flags := c.Flags()
	flags.StringVar(&f.format, "format", string(exchange.HSDSJSON), strings.Join(names, ", "))
	flags.StringVar(&f.out, "out", "-", "file to write, for hsds-pages also a folder; - is the standard output")
	flags.StringVar(&f.lang, "lang", "it", "language of formats that have only one (schema.org, geojson)")
	flags.StringVar(&f.base, "public-url", env("APPRODO_PUBLIC_URL", ""), "public address of the installation (https://…), for linked data")
	return c
}

func (f *exportFlags) run(c *cobra.Command, s *settings) error {
	format := exchange.Format(f.format)
	if !slices.Contains(exchange.Formats, format) {
		return usageError{fmt.Errorf("unknown format %q; one of %v", f.format, exchange.Formats)}
	}
	a, err := s.open(c.Context())
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	o, err := a.ExportOptions(c.Context(), f.lang, f.base)
	if err != nil {
		return err
	}
	entries := exchange.Walk(c.Context(), a.Directory.Walk)
	if format == exchange.HSDSPages && f.out != "-" && !strings.HasSuffix(f.out, ".zip") {
		return exchange.Pages(c.Context(), entries, o, func(name string, content []byte) error {
			err := os.MkdirAll(f.out, 0o755) // #nosec G301 -- public data
			if err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(f.out, name), content, 0o644) // #nosec G306 -- public data
		})
	}
	return writeFile(c, f.out, func(w io.Writer) error { return exchange.Write(c.Context(), w, format, entries, o) })
}

// writeFile writes to a file, or to the standard output for "-". A file appears whole or not at all.
func writeFile(c *cobra.Command, name string, write func(io.Writer) error) error {
	if name == "-" {
		return write(c.OutOrStdout())
	}
	part, err := os.CreateTemp(filepath.Dir(name), ".approdo-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(part.Name()) }()
	if err := write(part); err != nil {
		_ = part.Close()
		return err
	}
	if err := part.Close(); err != nil {
		return err
	}
	err = os.Chmod(part.Name(), 0o644) // #nosec G302 -- public data
	if err != nil {
		return err
	}
	return os.Rename(part.Name(), name)
}
