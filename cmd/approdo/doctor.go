// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"approdo/internal/app"
)

func newDoctor(s *settings) *cobra.Command {
	var asJSON bool
	var m app.MessagesConfig
	var around app.MachineConfig
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Check the installation and say what needs attention",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			checks := slices.Concat(app.Examine(c.Context(), s.config()), app.ExamineMachine(c.Context(), s.config(), around), app.ExamineCarriers(c.Context(), m))
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
	c.Flags().StringVar(&m.SMTP, "smtp", env("APPRODO_SMTP", ""), "mail server to try, as for serve")
	c.Flags().StringVar(&m.MailFrom, "mail-from", env("APPRODO_MAIL_FROM", ""), "address that letters come from")
	c.Flags().StringVar(&m.SMS, "sms", env("APPRODO_SMS", ""), "file that describes a gateway for text messages")
	c.Flags().StringVar(&around.Backups, "backups", env("APPRODO_BACKUPS", ""), "folder in which backups are written")
	c.Flags().DurationVar(&around.BackupAge, "backup-age", 50*time.Hour, "how old the newest backup may be")
	c.Flags().StringVar(&around.PublicURL, "public-url", env("APPRODO_PUBLIC_URL", ""), "address people use, whose certificate is looked at")
	c.Flags().StringVar(&around.Outside.Domains, "acme", env("APPRODO_ACME", ""), "domains of which the program gets certificates, as for serve")
	return c
}
