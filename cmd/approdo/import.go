// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/kit/fault"
)

func newImport(s *settings) *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "Take data in"}
	c.AddCommand(newImportDirectory(s), newImportTemplate())
	return c
}

type importFlags struct {
	dryRun, partial, complete, asJSON, quiet bool
	source                                   string
}

func newImportDirectory(s *settings) *cobra.Command {
	f := &importFlags{}
	c := &cobra.Command{
		Use:   "directory PATH|ADDRESS",
		Short: "Import services: HSDS (JSON, CSV, zip, API), Ohana CSV, our own sheet (XLSX, CSV)",
		Long: `Imports services from a file, a folder, a zip or a web address, in any of these forms, which it
recognises by itself: HSDS 3.x JSON (records, lists, pages of an API), HSDS tabular data packages
(3.x and the 2.x headers), Ohana CSV, our own sheet (see "approdo import template").

Everything that is wrong or was read loosely is reported with file, row, column and what to do. With
any error nothing is imported, unless --partial takes the good rows. Importing the same data again
changes nothing. The report is in Italian, or in English when LANG says so.`,
		Example: `  approdo import directory servizi.xlsx --dry-run
  approdo import directory ./hsds-package.zip --source comune-di-esempio
  approdo import directory https://api.example.org/hsds`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return f.run(c, s, args[0]) },
	}
	flags := c.Flags()
	flags.BoolVar(&f.dryRun, "dry-run", false, "say what would happen, write nothing")
	flags.BoolVar(&f.partial, "partial", false, "take the good rows of a source that has errors")
	flags.BoolVar(&f.complete, "complete", false, "the source is the whole dataset: services that came from it before and are in it no more go")
	flags.StringVar(&f.source, "source", "", "name of the dataset (default: the name of the file, folder or host); the same name updates the same records")
	flags.BoolVar(&f.asJSON, "json", false, "answer in JSON")
	flags.BoolVar(&f.quiet, "quiet", false, "no progress")
	return c
}

// importAnswer is the answer in JSON.
type importAnswer struct {
	Report  exchange.Report   `json:"report"`
	DryRun  bool              `json:"dry_run,omitempty"`
	Outcome directory.Outcome `json:"outcome,omitempty"`
}

func (f *importFlags) run(c *cobra.Command, s *settings, path string) error {
	a, err := s.open(c.Context())
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	batch, report, readErr := exchange.Read(c.Context(), exchange.Source{Path: path}, exchange.Options{
		Source: f.source, Partial: f.partial, Complete: f.complete, Stored: stored(c.Context(), a.Directory), Progress: f.progress(c.ErrOrStderr()),
	})
	f.clear(c.ErrOrStderr())
	if readErr != nil && len(report.Problems) == 0 {
		return readErr
	}
	answer := importAnswer{Report: report, DryRun: f.dryRun}
	var saveErr error
	if readErr == nil {
		answer.Outcome, _, saveErr = exchange.Save(c.Context(), a.Directory, batch, report, f.dryRun)
	}
	if err := f.print(c.OutOrStdout(), answer, readErr); err != nil {
		return err
	}
	switch {
	case saveErr != nil:
		return saveErr
	case readErr != nil && !fault.Is(readErr, fault.KindInvalid):
		return readErr
	case report.Errors() > 0:
		return exitError{exitInput}
	}
	return nil
}

// stored tells what the directory has already that files only name.
func stored(ctx context.Context, uses *directory.UseCases) func(entity, id string) bool {
	programs := map[string]bool{}
	if list, err := uses.Programs(ctx); err == nil {
		for _, p := range list {
			programs[p.ID] = true
		}
	}
	return func(entity, id string) bool {
		switch entity {
		case "organization":
			_, err := uses.Organization(ctx, id)
			return err == nil
		case "program":
			return programs[id]
		}
		return false
	}
}

// progress shows the file being read on a terminal, and nothing elsewhere.
func (f *importFlags) progress(w io.Writer) func(string, int) {
	if !f.onTerminal(w) {
		return nil
	}
	n := 0
	return func(file string, files int) {
		n++
		_, _ = fmt.Fprintf(w, "\r\033[K%d/%d %s", n, max(n, files), last(file, 60))
	}
}

func (f *importFlags) clear(w io.Writer) {
	if f.onTerminal(w) {
		_, _ = io.WriteString(w, "\r\033[K")
	}
}

func (f *importFlags) onTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok || f.quiet || f.asJSON {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func last(s string, n int) string {
	r := []rune(s)
	return string(r[max(0, len(r)-n):])
}

func (f *importFlags) print(w io.Writer, a importAnswer, refused error) error {
	if f.asJSON {
		out := json.NewEncoder(w)
		out.SetEscapeHTML(false)
		out.SetIndent("", "  ")
		return out.Encode(a)
	}
	language := terminalLanguage()
	if _, err := io.WriteString(w, a.Report.Write(language)); err != nil {
		return err
	}
	var key string
	switch {
	case refused != nil:
		key = "report.refused"
	case f.dryRun:
		key = "report.dry-run"
	case a.Report.Errors() > 0:
		key = "report.partial"
	}
	if key != "" {
		if _, err := fmt.Fprintln(w, exchange.Say(language, key)); err != nil {
			return err
		}
	}
	if refused != nil {
		return nil
	}
	return printOutcome(w, a.Outcome, false)
}

func newImportTemplate() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "template",
		Short: "Write our own sheet, empty, to fill and import (XLSX or CSV)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			format := exchange.XLSX
			if strings.HasSuffix(strings.ToLower(out), ".csv") {
				format = exchange.CSV
			}
			return writeFile(c, out, func(w io.Writer) error { return exchange.Template(w, format) })
		},
	}
	c.Flags().StringVar(&out, "out", "modello-servizi.xlsx", "file to write (.xlsx or .csv); - is the standard output")
	return c
}
