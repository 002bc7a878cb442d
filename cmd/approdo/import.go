// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"approdo/internal/app"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/domain/directory/exchange"
)

func newImport(s *settings) *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "Take data in"}
	c.AddCommand(newImportDirectory(s), newImportTemplate())
	return c
}

type importFlags struct {
	dryRun, partial, complete, asJSON, quiet, overEdits, takesHere bool
	source                                                         string
	takesOver                                                      []string
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
changes nothing. An entry belongs to its dataset: what another dataset brought, what was entered here,
and parts that both this dataset and somebody here changed stay as they are and are listed at the end.
What is written can be undone in the browser, with the other imports. The report is in Italian, or in
English when LANG says so.`,
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
	flags.BoolVar(&f.overEdits, "over-edits", false, "write also over what was edited here since the dataset brought it")
	flags.StringSliceVar(&f.takesOver, "takes-over", nil, "datasets whose entries become this one's, separated by commas")
	flags.BoolVar(&f.takesHere, "takes-here", false, "entries that were entered here become this dataset's")
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
	Held    []directory.Held  `json:"held,omitempty"`
	Import  string            `json:"import,omitempty"` // its page is /office/import/{import}
}

func (f *importFlags) run(c *cobra.Command, s *settings, path string) error {
	a, err := s.open(c.Context())
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	o := census.Options{Partial: f.partial, Complete: f.complete, OverEdits: f.overEdits, TakesOver: f.takesOver}
	if f.takesHere {
		o.TakesOver = append(o.TakesOver, "")
	}
	i, err := a.Census.Take(c.Context(), census.TakeRequest{Path: path, Dataset: f.source, Options: o, DryRun: f.dryRun, Progress: f.progress(c.ErrOrStderr())})
	f.clear(c.ErrOrStderr())
	report := i.Look.Report
	if err != nil && len(report.Problems) == 0 {
		return err
	}
	answer := importAnswer{Report: report, DryRun: f.dryRun, Outcome: i.Look.Outcome, Held: i.Look.Held}
	if i.State == census.ImportApplied {
		answer.Import = i.ID
	}
	if err := f.print(c.OutOrStdout(), answer, err); err != nil {
		return err
	}
	switch {
	case err != nil && (f.partial || i.Look.Errors == 0): // the report does not say what stopped the good rows
		return err
	case i.Look.Errors > 0:
		return exitError{exitInput}
	}
	return nil
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
	if err := printOutcome(w, a.Outcome, false); err != nil {
		return err
	}
	return printHeld(w, a.Held)
}

// printHeld lists what stays as it is, and why.
func printHeld(w io.Writer, list []directory.Held) error {
	lines, err := app.ExplainHeld(list, terminalLanguage())
	if err == nil && len(lines) > 0 {
		_, err = fmt.Fprintln(w, strings.Join(lines, "\n"))
	}
	return err
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
