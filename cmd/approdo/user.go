// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"approdo/internal/app"
	"approdo/internal/base/access"
	"approdo/internal/base/identity"
	"approdo/internal/base/network"
	"approdo/internal/kit/fault"
)

func newUser(s *settings) *cobra.Command {
	c := &cobra.Command{
		Use:   "user",
		Short: "People who log in: list, invite, reset, end",
		Long: `For whoever runs the program on its own machine. Administrators do the same in the browser, under
"Persone e ruoli". Everything is in the log as done by a command.`,
	}
	var public string
	c.PersistentFlags().StringVar(&public, "public-url", env("APPRODO_PUBLIC_URL", ""), "address people use, for links")
	origin := func() string { return cmp.Or(public, "http://localhost"+s.addr) }
	c.AddCommand(newUserList(s), newUserAdd(s, origin), newUserReset(s, origin), newUserRevoke(s), newUserErase(s), newUserCode(s))
	return c
}

func newUserList(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List accounts with what they are in which body", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.with(c, func(a *app.App) error {
				accounts, roles, err := a.Identity.Accounts(c.Context())
				if err != nil {
					return err
				}
				for _, one := range accounts {
					if _, err := fmt.Fprintf(c.OutOrStdout(), "%s  %s\n", one.Email, one.Name); err != nil {
						return err
					}
					for _, m := range roles[one.ID] {
						body, err := network.OrganizationByID(c.Context(), a.DB, m.Member)
						if err != nil && !fault.Is(err, fault.KindNotFound) {
							return err
						}
						if _, err := fmt.Fprintf(c.OutOrStdout(), "    %-24s %s\n", m.Role, cmp.Or(body.Name, m.Member)); err != nil {
							return err
						}
					}
				}
				return nil
			})
		},
	}
}

func newUserAdd(s *settings, origin func() string) *cobra.Command {
	var in identity.Invitation
	var body string
	var roles []string
	c := &cobra.Command{
		Use: "add EMAIL", Short: "Invite somebody: they get a letter, and the link is printed", Args: cobra.ExactArgs(1),
		Example: `  approdo user add ada@comune.example --name "Ada Prova" --body "Comune di Prova" --role body-administrator`,
		RunE: func(c *cobra.Command, args []string) error {
			return s.with(c, func(a *app.App) error {
				member, err := findBody(c.Context(), a, body)
				if err != nil {
					return err
				}
				in.Email, in.Member = args[0], member
				for _, role := range roles {
					in.Roles = append(in.Roles, access.Role(role))
				}
				path, err := a.Identity.Invite(c.Context(), app.Console, in)
				if err != nil {
					return err
				}
				return printLink(c.OutOrStdout(), origin(), path, "a week")
			})
		},
	}
	names := make([]string, len(access.Roles))
	for i, role := range access.Roles {
		names[i] = string(role)
	}
	flags := c.Flags()
	flags.StringVar(&in.Name, "name", "", "name of the person")
	flags.StringVar(&in.Language, "language", "it", "language of the letter")
	flags.StringVar(&body, "body", "", "name or identifier of the body")
	flags.StringSliceVar(&roles, "role", nil, "role (may be given several times): "+strings.Join(names, ", "))
	return c
}

// findBody finds a body that takes part by its identifier or its name.
func findBody(ctx context.Context, a *app.App, text string) (string, error) {
	members, err := network.Members(ctx, a.DB, a.Network.Today())
	if err != nil {
		return "", err
	}
	for _, m := range members {
		if m.ID == text || strings.EqualFold(m.Name, text) {
			return m.ID, nil
		}
	}
	return "", fault.Invalid("body", "user.body", "value", text)
}

func newUserReset(s *settings, origin func() string) *cobra.Command {
	var factors bool
	c := &cobra.Command{
		Use: "reset EMAIL", Short: "Send a link to choose a new password, and print it", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return s.with(c, func(a *app.App) error {
				path, err := a.Identity.SendReset(c.Context(), app.Console, args[0], factors)
				if err != nil {
					return err
				}
				return printLink(c.OutOrStdout(), origin(), path, "half an hour")
			})
		},
	}
	c.Flags().BoolVar(&factors, "factors", false, "also take away all second factors: for who has lost the phone and the recovery codes")
	return c
}

func newUserRevoke(s *settings) *cobra.Command {
	var shut bool
	c := &cobra.Command{
		Use: "revoke EMAIL", Short: "End all sessions of an account, or close it", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return s.with(c, func(a *app.App) error {
				if shut {
					return a.Identity.Close(c.Context(), app.Console, args[0])
				}
				return a.Identity.EndAllSessions(c.Context(), app.Console, args[0])
			})
		},
	}
	c.Flags().BoolVar(&shut, "close", false, "close the account for good: its roles end too")
	return c
}

func newUserErase(s *settings) *cobra.Command {
	var reason string
	c := &cobra.Command{
		Use: "erase EMAIL", Short: "Close an account and take away for good who its owner was", Args: cobra.ExactArgs(1),
		Long: `Closes the account and takes away name, address, second factors, devices and messages, also from backups that
are put back later. What was done stays in the log under an identifier that leads to nobody. There is no way back.`,
		RunE: func(c *cobra.Command, args []string) error {
			return s.with(c, func(a *app.App) error { return a.EraseAccount(c.Context(), app.Console, args[0], reason) })
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for the log (no names)")
	_ = c.MarkFlagRequired("reason")
	return c
}

func newUserCode(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: "code EMAIL", Short: "Print the one-time code of an example account of the demo network", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return s.with(c, func(a *app.App) error {
				code, _, err := a.Identity.ExampleCode(c.Context(), args[0])
				if err == nil {
					_, err = fmt.Fprintln(c.OutOrStdout(), code)
				}
				return err
			})
		},
	}
}
