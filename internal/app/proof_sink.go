// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"approdo/internal/base/audit"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/outside"
	"approdo/internal/kit/send"
)

// ProofConfig says where checkpoints of the log go, beside the folder of the keys.
type ProofConfig struct {
	Files  []string // "/media/proof/checkpoints.txt"
	URLs   []string // of other installations: "https://other.example/audit/checkpoints"
	Inside string   // addresses in the house that such an address may lead to: "10.0.0.0/8", separated by commas
	Mail   []string // mailboxes
	// Every is how often at most they are sent, MailEvery how often to mailboxes.
	Every, MailEvery time.Duration
}

// sinks are the places that keep checkpoints.
func (p ProofConfig) sinks(m MessagesConfig, mailer send.Mailer, clock func() time.Time) ([]audit.Sink, error) {
	var sinks []audit.Sink
	for _, path := range p.Files {
		sinks = append(sinks, audit.FileSink{Path: path})
	}
	client, err := proofClient(p.Inside)
	if err != nil {
		return nil, err
	}
	for _, address := range p.URLs {
		if err := checkAddress("checkpoint-url", address); err != nil {
			return nil, err
		}
		sinks = append(sinks, audit.HTTPSink{URL: address, Client: client})
	}
	for i, to := range p.Mail {
		// A letter in the outbox lies beside the database: it proves nothing.
		if m.SMTP == "" || !strings.Contains(to, "@") {
			return nil, fault.Invalid("checkpoint-mail", "proof.mail", "value", to)
		}
		sinks = append(sinks, mailSink{mailer, i + 1, to, max(p.MailEvery, time.Minute), clock})
	}
	return sinks, nil
}

// mailSink sends checkpoints to a mailbox. The letter holds the checkpoint alone, so that it can be
// saved and given to audit verify as it is.
type mailSink struct {
	mailer send.Mailer
	number int // among the mailboxes, from 1
	to     string
	every  time.Duration
	clock  func() time.Time
}

// Name implements audit.Sink. It goes into the log of the program, which carries no addresses of people.
func (s mailSink) Name() string { return "mailbox " + strconv.Itoa(s.number) }

// Every implements audit.Paced.
func (s mailSink) Every() time.Duration { return s.every }

// Publish hands a letter to the mail server.
func (s mailSink) Publish(ctx context.Context, c audit.Checkpoint) error {
	return s.mailer.Mail(ctx, send.Mail{
		ID: fmt.Sprintf("checkpoint-%s-%d", c.Origin, c.Size), To: s.to, Language: "en", At: s.clock(), Text: c.Note,
		Subject: fmt.Sprintf("%s: %d entries are signed (keep this letter)", c.Origin, c.Size),
	})
}

// checkAddress refuses what would go over the net in clear. A checkpoint is signed and no secret, but
// whoever can drop it unseen can hide a forgery.
func checkAddress(field, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && (u.Scheme != "http" || !net.ParseIP(u.Hostname()).IsLoopback()) {
		return fault.Invalid(field, "proof.address", "value", address)
	}
	return nil
}

// proofClient reaches public addresses, and those in the house that are named.
func proofClient(inside string) (*http.Client, error) {
	allowed, err := parseProxies(inside)
	if err != nil {
		return nil, err
	}
	return &http.Client{
		Timeout: 20 * time.Second,
		Transport: &http.Transport{
			DialContext: outside.Dialer(allowed).DialContext, TLSHandshakeTimeout: 10 * time.Second,
			MaxIdleConnsPerHost: 1, IdleConnTimeout: time.Minute, Proxy: nil, // a proxy would look up the name in our place
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// mostKept bounds what is read from another installation, in bytes.
const mostKept = 4 << 20

// readKept reads checkpoints of one log that were kept elsewhere: a file, or another installation, by
// the address that they are sent to.
func readKept(ctx context.Context, place, origin, inside string) (text []byte, err error) {
	if !strings.Contains(place, "://") {
		return os.ReadFile(place) // #nosec G304 -- whoever runs the program names it
	}
	if err := checkAddress("checkpoint", place); err != nil {
		return nil, err
	}
	client, err := proofClient(inside)
	if err != nil {
		return nil, err
	}
	address := strings.TrimSuffix(place, "/")
	if !strings.HasSuffix(address, "/"+origin) {
		address += "/" + origin
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", address, answer.Status)
	}
	return io.ReadAll(io.LimitReader(answer.Body, mostKept))
}
