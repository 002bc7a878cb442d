// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"approdo/internal/app"
	"approdo/internal/base/audit"
)

func newAudit(s *settings) *cobra.Command {
	c := &cobra.Command{Use: "audit", Short: "Prove what was done: check the log, export it"}
	c.AddCommand(newAuditVerify(s), newAuditExport(s), newAuditSeal(s))
	return c
}

func newAuditVerify(s *settings) *cobra.Command {
	var checkpoints []string
	var inside string
	var asJSON bool
	c := &cobra.Command{
		Use:   "verify",
		Short: "Check that no entry of the log was changed, dropped, inserted, moved or cut off",
		Long: `Recomputes the whole log and holds it against the signed checkpoints: those in the database, the file in
the folder of keys, and those that were kept elsewhere (--checkpoint): files, saved letters, or another
installation. These alone show what somebody did who could write to the database and to this machine.
Changes nothing.

Exit codes: 0 the log is whole; 4 it is not; 1 it could not be checked. Entries that are not numbered yet
are reported and are no mistake.`,
		Example: `  approdo audit verify --checkpoint /media/proof/checkpoints.txt
  approdo audit verify --checkpoint https://other.example/audit/checkpoints --checkpoint letter.eml`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			report, err := app.VerifyLog(c.Context(), s.config(), checkpoints, inside)
			if err != nil {
				return err
			}
			if asJSON {
				err = json.NewEncoder(c.OutOrStdout()).Encode(struct {
					Whole bool `json:"whole"`
					*audit.Report
				}{report.Whole(), report})
			} else {
				err = printReport(c.OutOrStdout(), report)
			}
			if err == nil && !report.Whole() {
				err = exitError{exitAttention}
			}
			return err
		},
	}
	c.Flags().StringSliceVar(&checkpoints, "checkpoint", nil, "checkpoints kept elsewhere: file, saved letter, or the address they are sent to (may be given several times)")
	c.Flags().StringVar(&inside, "checkpoint-inside", env("APPRODO_CHECKPOINT_INSIDE", ""), "addresses in the house, such as 10.0.0.0/8, that such an address may lead to")
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return c
}

func printReport(w io.Writer, r *audit.Report) error {
	word := "WHOLE"
	if !r.Whole() {
		word = "NOT WHOLE"
	}
	_, err := fmt.Fprintf(w, "%s: %d entries of %s, held against %d checkpoints (%d kept outside the database)\nroot %s\n",
		word, r.Size, r.Origin, r.Checkpoints, r.Outside, r.Root)
	for _, f := range r.Findings {
		if err == nil {
			_, err = fmt.Fprintf(w, "%-10s %8d  %s\n", f.Kind, f.Seq, f.Text)
		}
	}
	if r.More > 0 && err == nil {
		_, err = fmt.Fprintf(w, "and %d findings more\n", r.More)
	}
	if r.Tail > 0 && err == nil {
		_, err = fmt.Fprintf(w, "%d entries are not numbered yet, the oldest of %s: serve, or run approdo audit seal\n", r.Tail, r.TailSince.Format(time.RFC3339))
	}
	return err
}

func newAuditExport(s *settings) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "export",
		Short: "Write the whole log into a folder, for approdo-verify and for auditors",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			n, err := app.ExportLog(c.Context(), s.config(), out)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%d entries in %s\n", n, out)
			return err
		},
	}
	c.Flags().StringVar(&out, "out", "", "new folder to write")
	_ = c.MarkFlagRequired("out")
	return c
}

func newAuditSeal(s *settings) *cobra.Command {
	return &cobra.Command{
		Use:   "seal",
		Short: "Number and sign what waits (a serving program does it by itself)",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a, err := s.open(c.Context())
			if err != nil {
				return err
			}
			defer func() { _ = a.Close() }()
			n, err := a.SealLog(c.Context())
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%d entries numbered\n", n)
			return err
		},
	}
}
