// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"approdo/internal/base/audit"
	"approdo/internal/kit/db"
)

// MachineConfig is what examining the machine around the program needs to know.
type MachineConfig struct {
	Backups   string        // folder in which backups are written; "" for none that can be looked at
	BackupAge time.Duration // how old the newest may be
	PublicURL string        // address that people use
	Outside   OutsideConfig
}

// Limits beyond which somebody has to act, early enough to do so by day.
const (
	leastRoom        = 1 << 30 // bytes
	leastCertificate = 14 * 24 * time.Hour
	mostClockError   = time.Minute
	longestDial      = 5 * time.Second
)

// ExamineMachine looks at what the program stands on: room, copies, certificates.
func ExamineMachine(ctx context.Context, c Config, m MachineConfig) []Check {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	return []Check{examineRoom(c), examineBackups(m, c.Clock()), examineCertificates(ctx, c, m)}
}

// examineRoom measures the disks of data and keys.
func examineRoom(c Config) Check {
	const name = "room"
	least := uint64(1) << 62
	for _, dir := range []string{c.Data, c.KeysDir()} {
		var s syscall.Statfs_t
		if err := syscall.Statfs(dir, &s); errors.Is(err, os.ErrNotExist) {
			continue // other checks say so
		} else if err != nil {
			return Check{name, false, Explain(err, "en")}
		}
		free := s.Bavail * uint64(s.Bsize) // #nosec G115 -- the size of a block
		if free < leastRoom {
			return Check{name, false, fmt.Sprintf("%d MB free where %s is: make room before nothing can be saved (df -h %s)", free>>20, dir, dir)}
		}
		least = min(least, free)
	}
	return Check{name, true, fmt.Sprintf("%d GB free", least>>30)}
}

// examineBackups looks at the newest backup. The file is there when it is whole, never before.
func examineBackups(m MachineConfig, now time.Time) Check {
	const name = "backups"
	if m.Backups == "" {
		return Check{name, true, "not looked at: name their folder with --backups"}
	}
	if _, err := os.ReadDir(m.Backups); err != nil {
		return Check{name, false, Explain(err, "en")}
	}
	files, err := filepath.Glob(filepath.Join(m.Backups, "*.age"))
	if err != nil {
		return Check{name, false, Explain(err, "en")}
	}
	var newest time.Time
	for _, path := range files {
		if info, err := os.Stat(path); err == nil && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	switch age := now.Sub(newest); {
	case newest.IsZero():
		return Check{name, false, "there is none in " + m.Backups + ": systemctl enable --now approdo-backup.timer, or approdo backup"}
	case age > m.BackupAge:
		return Check{name, false, fmt.Sprintf("the newest in %s is of %s: see journalctl -u approdo-backup", m.Backups, newest.UTC().Format(time.RFC3339))}
	}
	return Check{name, true, fmt.Sprintf("%d in %s, the newest of %s", len(files), m.Backups, newest.UTC().Format(time.RFC3339))}
}

// examineCertificates looks at the certificate that visitors are shown, and at those of our own.
func examineCertificates(ctx context.Context, c Config, m MachineConfig) Check {
	const name = "certificates"
	for _, domain := range m.Outside.domains() {
		end, err := keptCertificate(filepath.Join(c.Data, "acme", domain))
		switch {
		case errors.Is(err, os.ErrNotExist):
			return Check{name, false, "there is none for " + domain + " yet: it comes with the first visitor, when ports 443 and 80 are reached from outside"}
		case err != nil:
			return Check{name, false, domain + ": " + Explain(err, "en")}
		case end.Sub(c.Clock()) < leastCertificate:
			return Check{name, false, fmt.Sprintf("that of %s ends on %s and is not renewed: are ports 443 and 80 reached from outside?", domain, end.Format(time.DateOnly))}
		}
	}
	at, err := url.Parse(ServeConfig{PublicURL: m.PublicURL, Outside: m.Outside}.publicURL())
	if err != nil || at.Scheme != "https" {
		return Check{name, true, "none to look at: name the address that people use with --public-url"}
	}
	return shownCertificate(ctx, c, at)
}

// keptCertificate is when a certificate that the program got by itself ends.
func keptCertificate(path string) (time.Time, error) {
	content, err := os.ReadFile(path) // #nosec G304 -- a path of our own data folder
	if err != nil {
		return time.Time{}, err
	}
	for block, rest := pem.Decode(content); block != nil; block, rest = pem.Decode(rest) {
		if block.Type == "CERTIFICATE" {
			leaf, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return time.Time{}, err
			}
			return leaf.NotAfter, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s holds no certificate", path)
}

// shownCertificate asks as a visitor does. A site that can't be reached from here may well be from
// outside; a certificate that is not right is so for everybody.
func shownCertificate(ctx context.Context, c Config, at *url.URL) Check {
	const name = "certificates"
	port := at.Port()
	if port == "" {
		port = "443"
	}
	dialer := tls.Dialer{NetDialer: &net.Dialer{Timeout: longestDial}, Config: &tls.Config{MinVersion: tls.VersionTLS12, ServerName: at.Hostname(), Time: c.Clock}}
	ctx, stop := context.WithTimeout(ctx, longestDial)
	defer stop()
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(at.Hostname(), port))
	var wrong *tls.CertificateVerificationError
	switch {
	case errors.As(err, &wrong):
		return Check{name, false, fmt.Sprintf("%s shows one that browsers refuse: %v", at.Host, wrong.Err)}
	case err != nil:
		return Check{name, true, at.Host + " can't be reached from this machine, so look from outside"}
	}
	defer func() { _ = conn.Close() }()
	end := conn.(*tls.Conn).ConnectionState().PeerCertificates[0].NotAfter
	if end.Sub(c.Clock()) < leastCertificate {
		return Check{name, false, fmt.Sprintf("that of %s ends on %s: renew it", at.Host, end.Format(time.DateOnly))}
	}
	return Check{name, true, fmt.Sprintf("that of %s holds until %s", at.Host, end.Format(time.DateOnly))}
}

// examineClock holds the clock of this machine against that of the database and against what was done
// last: codes, links and deadlines go by it.
func examineClock(ctx context.Context, c Config, d *db.DB) Check {
	const name = "clock"
	now := c.Clock()
	if d.Engine() == db.Postgres {
		theirs, err := db.Row(ctx, d, db.Column[int64], `SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)`)
		if err != nil {
			return Check{name, false, Explain(err, "en")}
		}
		if off := now.Sub(db.FromMillis(theirs)).Round(time.Second); off.Abs() > mostClockError {
			return Check{name, false, fmt.Sprintf("this machine and that of the database are %s apart: timedatectl on both", off.Abs())}
		}
	}
	last, err := audit.LastAt(ctx, d)
	if err != nil {
		return Check{name, false, Explain(err, "en")}
	}
	if ahead := last.Sub(now).Round(time.Second); ahead > mostClockError {
		return Check{name, false, fmt.Sprintf("the last entry of the log is %s in the future: the clock of this machine is late, or was early: timedatectl", ahead)}
	}
	return Check{name, true, now.UTC().Format(time.RFC3339)}
}
