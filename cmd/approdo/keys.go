// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"approdo/internal/app"
	"approdo/internal/base/audit"
	"approdo/internal/kit/vault"
)

func newKeys(s *settings) *cobra.Command {
	c := &cobra.Command{
		Use:   "keys",
		Short: "The keys outside the database: list, rotate, retire",
		Long: `The folder of keys (--keys) holds what opens everything that is sealed and what signs the log. Keep a
copy of it elsewhere, apart from the backups: without it a backup opens nothing about anybody.`,
	}
	c.AddCommand(newKeysList(s), newKeysRotate(s), newKeysUse(s), newKeysRetire(s), newKeysSigning(s))
	return c
}

// withVault runs do over the open installation and its folder of keys.
func (s *settings) withVault(ctx context.Context, do func(a *app.App, folder *vault.Folder) error) error {
	a, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	folder, err := vault.OpenFolder(s.config().KeysDir())
	if err != nil {
		return err
	}
	return do(a, folder)
}

func newKeysList(s *settings) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Short: "Say which keys there are and how much each opens", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.withVault(c.Context(), func(a *app.App, folder *vault.Folder) error {
				report, err := vault.Check(c.Context(), a.DB, folder)
				if err != nil {
					return err
				}
				keys, err := folder.Keys()
				if err != nil {
					return err
				}
				type line struct {
					vault.FileKey
					Wraps    bool `json:"wraps"`
					DataKeys int  `json:"data_keys"`
				}
				lines := make([]line, len(keys))
				for i, k := range keys {
					lines[i] = line{k, k.ID == report.Current, report.Wrapped[k.ID]}
				}
				if asJSON {
					return json.NewEncoder(c.OutOrStdout()).Encode(lines)
				}
				for _, l := range lines {
					mark := ""
					if l.Wraps {
						mark = "  wraps"
					}
					if _, err := fmt.Fprintf(c.OutOrStdout(), "%s  %-7s  %d data keys%s\n", l.ID, l.State, l.DataKeys, mark); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "answer in JSON")
	return c
}

func newKeysRotate(s *settings) *cobra.Command {
	var stage bool
	c := &cobra.Command{
		Use:   "rotate",
		Short: "Make a new key, move all data keys under it and retire the old ones, while the program serves",
		Long: `Makes a new key, moves all data keys under it in small steps and retires the keys that wrap nothing any
more. Programs that read the same folder use it at once. Where nodes have folders of their own, make it
with --stage, copy its file to all of them, and then run "approdo keys use" on each.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return s.withVault(c.Context(), func(a *app.App, folder *vault.Folder) error {
				if stage {
					id, err := folder.Stage()
					if err == nil {
						_, err = fmt.Fprintf(c.OutOrStdout(), "%s is there and does not wrap yet\n", id)
					}
					return err
				}
				id, err := folder.Make(c.Context())
				if err != nil {
					return err
				}
				return moveAndRetire(c, a, folder, id)
			})
		},
	}
	c.Flags().BoolVar(&stage, "stage", false, "make the key and don't use it yet")
	return c
}

// moveAndRetire moves all data keys under id and retires the keys before it.
func moveAndRetire(c *cobra.Command, a *app.App, folder *vault.Folder, id string) error {
	moved, err := a.Vault.RewrapAll(c.Context())
	if err != nil {
		return err
	}
	keys, err := folder.Keys()
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.State == vault.Active && k.ID != id {
			if err := a.Vault.Retire(c.Context(), folder, k.ID); err != nil {
				return err
			}
		}
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "%s wraps, %d data keys moved; copy the folder of keys to where its copy is kept\n", id, moved)
	return err
}

func newKeysUse(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: "use ID", Short: "Let a staged key wrap, and move all data keys under it", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return s.withVault(c.Context(), func(a *app.App, folder *vault.Folder) error {
				if err := folder.Use(args[0]); err != nil {
					return err
				}
				return moveAndRetire(c, a, folder, args[0])
			})
		},
	}
}

func newKeysRetire(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: "retire ID", Short: "Let an old key open backups alone", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return s.withVault(c.Context(), func(a *app.App, folder *vault.Folder) error {
				return a.Vault.Retire(c.Context(), folder, args[0])
			})
		},
	}
}

func newKeysSigning(s *settings) *cobra.Command {
	return &cobra.Command{
		Use: "signing", Short: "Make a new key that signs the log from the next start on", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return audit.NewKey(s.config().KeysDir()) },
	}
}
