// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"filippo.io/age"
	"github.com/spf13/cobra"

	"approdo/internal/app"
	"approdo/internal/kit/backup"
	"approdo/internal/kit/fault"
)

// passphraseVariable holds the passphrase of backups, for who has no key.
const passphraseVariable = "APPRODO_BACKUP_PASSPHRASE" // #nosec G101 -- the name of a variable

// leastPassphrase is how long a passphrase must be, in characters.
const leastPassphrase = 12

func newBackup(s *settings) *cobra.Command {
	var out, recipients string
	var withKeys, asJSON bool
	c := &cobra.Command{
		Use:   "backup",
		Short: "Write everything into one encrypted file, while the program serves",
		Long: `Writes one moment of the database, and all files, into one file encrypted with age: to the recipients in a
file (--recipients), or under the passphrase in ` + passphraseVariable + `.
The keys are not in it unless --with-keys is given: keep the copy of their folder elsewhere.`,
		Example: `  approdo backup key --out backup.key         make a key; keep it away from this machine
  approdo backup --recipients backup.pub --out /mnt/backup/$(date +%F).age`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			to, err := readRecipients(recipients)
			if err != nil {
				return err
			}
			began := time.Now()
			m, end, err := app.Backup(c.Context(), s.config(), app.BackupRequest{Out: out, Recipients: to, WithKeys: withKeys, Version: version})
			if err != nil {
				return err
			}
			info, err := os.Stat(out)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(c.OutOrStdout()).Encode(map[string]any{
					"file": out, "bytes": info.Size(), "made": m.Made, "rows": end.Rows, "files": end.Files, "seconds": time.Since(began).Seconds(),
				})
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s: %d rows of %d tables, %d files, %.1f MB in %.1f s\n",
				out, total(end.Rows), len(m.Tables), end.Files, float64(info.Size())/1e6, time.Since(began).Seconds())
			return err
		},
	}
	flags := c.Flags()
	flags.StringVar(&out, "out", "", "file to write")
	flags.StringVar(&recipients, "recipients", env("APPRODO_BACKUP_RECIPIENTS", ""), "file of age recipients, one a line")
	flags.BoolVar(&withKeys, "with-keys", false, "put the keys in too: then the file opens by itself everything that is sealed")
	flags.BoolVar(&asJSON, "json", false, "answer in JSON")
	_ = c.MarkFlagRequired("out")
	c.AddCommand(newBackupKey(), newBackupInspect())
	return c
}

func total(rows map[string]int64) (n int64) {
	for _, count := range rows {
		n += count
	}
	return n
}

func newBackupKey() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use: "key", Short: "Make a key that opens backups, and the recipient that makes them", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			identity, err := age.GenerateX25519Identity()
			if err != nil {
				return err
			}
			file, err := os.OpenFile(out, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // #nosec G304 -- whoever runs the program names it
			if err != nil {
				return err
			}
			if _, err = fmt.Fprintf(file, "# recipient: %s\n%s\n", identity.Recipient(), identity); err != nil {
				return err
			}
			if err := file.Close(); err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), identity.Recipient())
			return err
		},
	}
	c.Flags().StringVar(&out, "out", "", "file for the key; the recipient is printed")
	_ = c.MarkFlagRequired("out")
	return c
}

func newBackupInspect() *cobra.Command {
	var identity string
	c := &cobra.Command{
		Use: "inspect FILE", Short: "Read a backup from beginning to end and say what it holds", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			identities, err := readIdentities(identity)
			if err != nil {
				return err
			}
			m, end, err := backup.Inspect(args[0], identities...)
			if err != nil {
				return err
			}
			return json.NewEncoder(c.OutOrStdout()).Encode(map[string]any{
				"made": m.Made, "program": m.Program, "engine": m.Engine, "rows": end.Rows, "files": end.Files,
			})
		},
	}
	c.Flags().StringVar(&identity, "identity", "", "file with the age key that opens it (default: the passphrase in "+passphraseVariable+")")
	return c
}

func newRestore(s *settings) *cobra.Command {
	var identity, reason string
	var replace bool
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup back, on this engine or the other, and erase again what was erased since",
		Long: `Puts a backup into an empty installation: a data folder without a database, or an empty PostgreSQL database.
With --replace a SQLite database that is there is set aside; stop the program first. The folder of keys
must be there (--keys), with its ledger of erasures, which is replayed. Everybody has to log in anew.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			identities, err := readIdentities(identity)
			if err != nil {
				return err
			}
			began := time.Now()
			done, err := app.Restore(c.Context(), s.config(), app.RestoreRequest{File: args[0], Identities: identities, Replace: replace, Reason: reason})
			if err != nil {
				return err
			}
			return printRestored(c, done, time.Since(began))
		},
	}
	flags := c.Flags()
	flags.StringVar(&identity, "identity", "", "file with the age key that opens it (default: the passphrase in "+passphraseVariable+")")
	flags.StringVar(&reason, "reason", "", "why, for the log")
	flags.BoolVar(&replace, "replace", false, "set aside the SQLite database that is there")
	_ = c.MarkFlagRequired("reason")
	return c
}

func printRestored(c *cobra.Command, done app.Restored, took time.Duration) error {
	var b strings.Builder
	fmt.Fprintf(&b, "restored what was there on %s: %d rows, %d files, in %.1f s\n",
		done.Manifest.Made.Format(time.RFC3339), done.Rows, done.Files, took.Seconds())
	fmt.Fprintf(&b, "%d erasures made since were made again; everybody has to log in anew\n", done.Erased)
	for _, table := range slices.Sorted(maps.Keys(done.LeftOut)) {
		fmt.Fprintf(&b, "left out: %d rows of %s, which only the other engine knows (work that was waiting is not done)\n", done.LeftOut[table], table)
	}
	if done.Aside != "" {
		fmt.Fprintf(&b, "the database that was there is %s: delete it when all is well\n", done.Aside)
	}
	if done.Checkpoints != "" {
		fmt.Fprintf(&b, "entries signed after the backup are lost; %s proves that they were there: keep it\n", done.Checkpoints)
	}
	if !done.LogWhole {
		b.WriteString("the log in the backup is NOT what was signed: run approdo audit verify\n")
	}
	if _, err := fmt.Fprint(c.OutOrStdout(), b.String()); err != nil {
		return err
	}
	if !done.LogWhole {
		return exitError{exitAttention}
	}
	return nil
}

// passphrase gives that of the environment, "" when there is none.
func passphrase() (string, error) {
	text := os.Getenv(passphraseVariable)
	if text != "" && len([]rune(text)) < leastPassphrase {
		return "", fault.Invalid("passphrase", "backup.passphrase_short")
	}
	return text, nil
}

func readRecipients(path string) ([]age.Recipient, error) {
	if path == "" {
		text, err := passphrase()
		if err != nil {
			return nil, err
		}
		if text == "" {
			return nil, usageError{fmt.Errorf("name the recipients with --recipients, or set %s", passphraseVariable)}
		}
		r, err := age.NewScryptRecipient(text)
		return []age.Recipient{r}, err
	}
	file, err := os.Open(path) // #nosec G304 -- whoever runs the program names it
	if err != nil {
		return nil, err
	}
	defer file.Close()
	list, err := age.ParseRecipients(file)
	if err != nil {
		return nil, fault.Invalid("recipients", "backup.no_key", "path", path).Because(err)
	}
	return list, nil
}

func readIdentities(path string) ([]age.Identity, error) {
	if path == "" {
		text, err := passphrase()
		if err != nil {
			return nil, err
		}
		if text == "" {
			return nil, usageError{fmt.Errorf("name the key with --identity, or set %s", passphraseVariable)}
		}
		i, err := age.NewScryptIdentity(text)
		return []age.Identity{i}, err
	}
	file, err := os.Open(path) // #nosec G304 -- whoever runs the program names it
	if err != nil {
		return nil, err
	}
	defer file.Close()
	list, err := age.ParseIdentities(file)
	if err != nil {
		return nil, fault.Invalid("identity", "backup.no_key", "path", path).Because(err)
	}
	return list, nil
}
