// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"approdo/internal/app"
)

func newServe(s *settings) *cobra.Command {
	var c app.ServeConfig
	var jsonLog bool
	command := &cobra.Command{
		Use:   "serve",
		Short: "Serve the site, the open data and the API until stopped",
		Long: `Serves the site until it is stopped (Ctrl-C or SIGTERM), then finishes the requests that are running.

Addresses for machines: /healthz /readyz /hsds /api/v1, and /metrics for those named by --metrics-from.`,
		Args: cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			out := command.ErrOrStderr()
			c.Addr, c.Version, c.Log = s.addr, version, slog.New(slog.NewTextHandler(out, nil))
			if jsonLog {
				c.Log = slog.New(slog.NewJSONHandler(out, nil))
			}
			a, err := s.open(command.Context())
			if err != nil {
				return err
			}
			defer func() { _ = a.Close() }()
			c.Ready = func(at net.Addr) {
				_, _ = fmt.Fprintf(command.OutOrStdout(), "Approdo is at %s\n", address(at))
				if err := notifyReady(); err != nil {
					c.Log.Warn("systemd was not told that the program is ready", "error", err)
				}
				sayFirstRun(command.Context(), command.OutOrStdout(), a, c.Address(address(at)))
			}
			return a.Serve(command.Context(), c)
		},
	}
	flags := command.Flags()
	flags.StringVar(&c.PublicURL, "public-url", env("APPRODO_PUBLIC_URL", ""), "address people use, such as https://servizi.example")
	flags.StringVar(&c.TrustedProxies, "trusted-proxies", env("APPRODO_TRUSTED_PROXIES", ""), "addresses of the proxies in front, such as 10.0.0.0/8, whose X-Forwarded headers are believed")
	flags.StringVar(&c.Tiles, "tiles", env("APPRODO_TILES", ""), "address of map tiles with {z} {x} {y}; empty shows an outline")
	flags.StringVar(&c.Chromium, "chromium", env("CHROMIUM", ""), "program that makes PDFs (default: looked for)")
	flags.StringVar(&c.Messages.SMTP, "smtp", env("APPRODO_SMTP", ""), "mail server: smtp://name:password@host:587 or smtps://…:465; better given in APPRODO_SMTP (default: letters stay in DATA/outbox)")
	flags.StringVar(&c.Messages.MailFrom, "mail-from", env("APPRODO_MAIL_FROM", ""), "address that letters come from, such as noreply@rete.example")
	flags.StringVar(&c.Messages.SMS, "sms", env("APPRODO_SMS", ""), "file that describes a gateway for text messages (default: they stay in DATA/outbox)")
	flags.StringVar(&c.Messages.PushKeys, "push-keys", env("APPRODO_PUSH_KEYS", ""), "file of the keys for push to browsers (default: push.json among the keys)")
	flags.StringSliceVar(&c.Proof.Files, "checkpoint-file", list("APPRODO_CHECKPOINT_FILE"), "file, best on another machine, where signed checkpoints of the log go (may be given several times)")
	flags.StringSliceVar(&c.Proof.URLs, "checkpoint-url", list("APPRODO_CHECKPOINT_URL"), "another installation that keeps our checkpoints, such as https://other.example/audit/checkpoints")
	flags.StringVar(&c.Proof.Inside, "checkpoint-inside", env("APPRODO_CHECKPOINT_INSIDE", ""), "addresses in the house, such as 10.0.0.0/8, that --checkpoint-url may lead to")
	flags.StringSliceVar(&c.Proof.Mail, "checkpoint-mail", list("APPRODO_CHECKPOINT_MAIL"), "mailbox, best of somebody who does not run this machine, that gets signed checkpoints (needs --smtp)")
	flags.DurationVar(&c.Proof.MailEvery, "checkpoint-mail-every", 6*time.Hour, "write to mailboxes at most so often")
	flags.DurationVar(&c.Proof.Every, "checkpoint-every", 5*time.Minute, "send checkpoints at most so often")
	flags.StringVar(&c.Outside.Domains, "acme", env("APPRODO_ACME", ""), "domain for which to get certificates, such as servizi.example (several: separated by commas); serves with TLS and accepts the terms of the authority")
	flags.StringVar(&c.Outside.Email, "acme-email", env("APPRODO_ACME_EMAIL", ""), "address that the certificate authority may write to")
	flags.StringVar(&c.Outside.Directory, "acme-directory", env("APPRODO_ACME_DIRECTORY", ""), "address of the certificate authority (default: Let's Encrypt)")
	flags.StringVar(&c.Outside.Root, "acme-root", env("APPRODO_ACME_ROOT", ""), "file of certificates (PEM) to check the authority's address by, when it is one of your own")
	flags.StringVar(&c.Outside.PlainAddr, "acme-plain", env("APPRODO_ACME_PLAIN", ":80"), "with --acme, where to redirect requests without TLS; empty for nowhere")
	flags.DurationVar(&c.Outside.Drain, "drain", 0, "when told to stop, how long to still take requests while /readyz says that this node goes (behind a balancer: 10s)")
	flags.StringVar(&c.Outside.MetricsFrom, "metrics-from", env("APPRODO_METRICS_FROM", ""), "addresses that may read /metrics, such as 127.0.0.1,10.0.0.0/8 (default: nobody)")
	flags.StringVar(&c.Outside.MetricsToken, "metrics-token", env("APPRODO_METRICS_TOKEN", ""), "who sends it as a bearer token may read /metrics too; better given in APPRODO_METRICS_TOKEN")
	flags.StringVar(&s.providers, "providers", env("APPRODO_PROVIDERS", ""), "JSON file of those who vouch for people by OpenID Connect, such as a gateway to SPID and CIE (docs/login.md)")
	flags.BoolVar(&jsonLog, "log-json", false, "write the log as JSON lines")
	return command
}

// list reads an environment variable of values separated by commas.
func list(name string) []string {
	return strings.FieldsFunc(os.Getenv(name), func(r rune) bool { return r == ',' })
}

// address writes where the program listens so that it can be opened in a browser.
func address(at net.Addr) string {
	host, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return at.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
