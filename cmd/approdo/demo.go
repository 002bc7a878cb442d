// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"approdo/internal/app"
	"approdo/internal/base/identity"
	"approdo/internal/domain/directory"
)

func newDemo(s *settings) *cobra.Command {
	var asJSON, ifEmpty bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "Fill the installation with the demo network (may be run again)",
		Long: `Fills the installation with the demo network: the twelve real projects with their bodies, and an
example census of services that made-up bodies offer. Nothing in the census is true of anybody.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			a, err := s.open(c.Context())
			if err != nil {
				return err
			}
			defer func() { _ = a.Close() }()
			if ifEmpty {
				if empty, err := a.Directory.Empty(c.Context()); err != nil || !empty {
					return errors.Join(err, showExamples(c, a, asJSON))
				}
			}
			outcome, err := a.Demo(c.Context())
			if err != nil {
				return err
			}
			accounts, err := a.DemoAccounts(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(demoReport{outcome, accounts})
			}
			if err := printOutcome(c.OutOrStdout(), outcome, false); err != nil {
				return err
			}
			return printExamples(c.OutOrStdout(), accounts)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	c.Flags().BoolVar(&ifEmpty, "if-empty", false, "do nothing when the directory has an entry")
	return c
}

// showExamples says again how the example accounts are opened, if this is a demo network.
func showExamples(c *cobra.Command, a *app.App, asJSON bool) error {
	if isDemo, err := a.IsDemo(c.Context()); err != nil || !isDemo || asJSON {
		return err
	}
	accounts, err := a.DemoAccounts(c.Context())
	if err != nil {
		return err
	}
	return printExamples(c.OutOrStdout(), accounts)
}

// demoReport is what demo --json answers.
type demoReport struct {
	Outcome  directory.Outcome  `json:"outcome"`
	Accounts []identity.Example `json:"accounts"`
}

// printExamples says how the example accounts are opened. It may, since they are of the demo network alone.
func printExamples(w io.Writer, list []identity.Example) error {
	if len(list) == 0 {
		return nil
	}
	_, err := fmt.Fprintf(w, "\nExample accounts, one for every role. The password of all of them is %s\nThe page shows the one-time code of those that need one; a phone makes it from the secret.\n", list[0].Password)
	for _, e := range list {
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w, "  %-38s %-16s %s\n", e.Email, e.Name, e.Secret)
	}
	return err
}

// printOutcome says what saving records did.
func printOutcome(w io.Writer, outcome directory.Outcome, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(outcome)
	}
	for _, kind := range slices.Sorted(maps.Keys(outcome)) {
		n := outcome[kind]
		if _, err := fmt.Fprintf(w, "%-14s %6d new %6d changed %6d as before\n", kind, n.Created, n.Updated, n.Unchanged); err != nil {
			return err
		}
	}
	return nil
}
