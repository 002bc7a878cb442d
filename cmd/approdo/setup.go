// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"approdo/internal/app"
	"approdo/internal/base/identity"
)

// sayFirstRun prints the code that guards the first run, while there is nobody to log in.
func sayFirstRun(ctx context.Context, w io.Writer, a *app.App, at string) {
	code, err := a.Identity.SetUpCode(ctx)
	switch {
	case err != nil:
		_, _ = fmt.Fprintln(w, "The code of the first run could not be made:", err)
	case code != "":
		_, _ = fmt.Fprintf(w, "Nobody has set this network up yet. Open %s/setup and type the code %s\n", strings.TrimSuffix(at, "/"), code)
	}
}

func newSetup(s *settings) *cobra.Command {
	var f identity.Founding
	var public string
	c := &cobra.Command{
		Use:   "setup",
		Short: "Make the network, its first body and its first administrator",
		Long: `Makes the network with its first body, and prints a link with which its first administrator chooses a
password in the browser. "approdo serve" offers the same in the browser, guarded by a code that it prints.

It can be done once. Later, "approdo user add" invites people.`,
		Example: `  approdo setup --network "Rete Prova" --body "Comune di Prova" --name "Ada Prova" --email ada@comune.example`,
		Args:    cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.with(c, func(a *app.App) error {
				path, err := a.SetUpHere(c.Context(), f)
				if err != nil {
					return err
				}
				return printLink(c.OutOrStdout(), cmp.Or(public, "http://localhost"+s.addr), path, "a week")
			})
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.Network, "network", "", "name of the network")
	flags.StringVar(&f.Body, "body", "", "name of the first body")
	flags.StringVar(&f.Kind, "kind", "", "kind of body, such as municipality or third-sector")
	flags.StringVar(&f.Name, "name", "", "name of the first administrator")
	flags.StringVar(&f.Email, "email", "", "mail address of the first administrator")
	flags.StringVar(&f.Language, "language", "it", "language of the letters to them")
	flags.StringVar(&public, "public-url", env("APPRODO_PUBLIC_URL", ""), "address people use, for the link")
	return c
}

// printLink says where somebody goes on. The link opens something: it is printed and kept nowhere.
func printLink(w io.Writer, origin, path, holds string) error {
	_, err := fmt.Fprintf(w, "This link works once and holds for %s:\n  %s%s\n", holds, strings.TrimSuffix(origin, "/"), path)
	return err
}

// with opens the installation for one command.
func (s *settings) with(c *cobra.Command, do func(a *app.App) error) error {
	a, err := s.open(c.Context())
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	return do(a)
}
