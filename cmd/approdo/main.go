// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // so that opening hours don't depend on the machine

	"github.com/spf13/cobra"

	"approdo/internal/app"
)

// version is set by the build.
var version = "development"

// Exit codes beyond success and failure.
const (
	exitUsage     = 2
	exitInput     = 3
	exitAttention = 4
)

// exitError carries an exit code; what there was to say has been said.
type exitError struct{ code int }

func (e exitError) Error() string { return fmt.Sprintf("exit %d", e.code) }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := execute(ctx, newRoot(), os.Stderr)
	stop()
	os.Exit(code)
}

// execute runs a command, says what went wrong, and gives the exit code.
func execute(ctx context.Context, root *cobra.Command, w io.Writer) int {
	err := root.ExecuteContext(ctx)
	var exit exitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.code
	}
	err = app.Trouble(err)
	fmt.Fprintln(w, "approdo:", app.Explain(err, terminalLanguage()))
	return exitCode(err)
}

// settings are the flags that every command has.
type settings struct {
	data, database, keys, addr, providers string
}

func (s *settings) config() app.Config {
	return app.Config{Data: s.data, Database: s.database, Keys: s.keys, Providers: s.providers}
}

// open opens the installation; the caller closes it.
func (s *settings) open(ctx context.Context) (*app.App, error) { return app.Open(ctx, s.config()) }

func newRoot() *cobra.Command {
	s := &settings{}
	root := &cobra.Command{
		Use:   "approdo",
		Short: "The program that a network of public bodies runs, so that people who arrive find services",
		Long: `Approdo keeps a census of services that anyone finds at once, in their own language.

Everything is kept in one folder (--data) unless --database gives a PostgreSQL address.
Both can be set in the environment: APPRODO_DATA, APPRODO_DATABASE, APPRODO_ADDR.`,
		Example: `  approdo demo            fill ./var with the demo network
  approdo serve           serve it at http://localhost:8080
  approdo search "dove dormire stanotte"`,
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	flags := root.PersistentFlags()
	flags.StringVar(&s.data, "data", env("APPRODO_DATA", "var"), "folder where everything is kept")
	flags.StringVar(&s.database, "database", env("APPRODO_DATABASE", ""), "PostgreSQL address (postgres://…); empty keeps the data in the folder")
	flags.StringVar(&s.keys, "keys", env("APPRODO_KEYS", ""), "folder of the keys, outside the database and its backups (default: keys in the data folder)")
	flags.StringVar(&s.addr, "addr", env("APPRODO_ADDR", ":8080"), "address to listen at (HOST:PORT)")
	// Known from the beginning, or cobra would take the flag after them for their value.
	root.InitDefaultHelpFlag()
	root.InitDefaultVersionFlag()
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(newServe(s), newDemo(s), newSetup(s), newUser(s), newImport(s), newExport(s), newSearch(s), newDoctor(s), newAudit(s), newKeys(s), newBackup(s), newRestore(s), newVersion())
	return root
}

func env(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

// usageError is a mistake on the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }
