// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"approdo/internal/app"
)

func newDoctor(s *settings) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Check the installation and say what needs attention",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			checks := app.Examine(c.Context(), s.config())
			bad := false
			for _, k := range checks {
				bad = bad || !k.OK
			}
			if asJSON {
				if err := json.NewEncoder(c.OutOrStdout()).Encode(map[string]any{"ok": !bad, "checks": checks}); err != nil {
					return err
				}
			} else {
				for _, k := range checks {
					mark := "ok  "
					if !k.OK {
						mark = "BAD "
					}
					if _, err := fmt.Fprintf(c.OutOrStdout(), "%s %-22s %s\n", mark, k.Name, k.Detail); err != nil {
						return err
					}
				}
			}
			if bad {
				return exitError{exitAttention}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return c
}
