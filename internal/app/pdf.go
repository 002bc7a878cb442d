// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// printer makes PDFs of our own pages with Chromium: no pure Go library shapes Arabic. One at a
// time, since each takes 100 MB or more.
type printer struct {
	program string
	origin  string // where this program listens, for this machine
	flags   []string
	turn    chan struct{}
}

// longestPrint is how long a PDF may take before the reader is told to try again.
const longestPrint = 20 * time.Second

// findChromium gives the program to use: the one named, or the first that is installed; "" for none.
func findChromium(named string) string {
	names := []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"}
	if named != "" {
		names = []string{named}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// Print makes the PDF of a page of this program, given its path and query. Errors are for the log:
// whoever asked says that there is no PDF.
func (p *printer) Print(ctx context.Context, path string) ([]byte, error) {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return nil, errors.New("printing: not a path of ours: " + path)
	}
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-time.After(longestPrint):
		return nil, errors.New("printing: another page takes too long")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	dir, err := os.MkdirTemp("", "approdo-print-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx, cancel := context.WithTimeout(ctx, longestPrint)
	defer cancel()
	file := filepath.Join(dir, "page.pdf")
	args := []string{
		"--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
		"--disable-sync", "--disable-extensions", "--no-pdf-header-footer", "--user-data-dir=" + filepath.Join(dir, "profile"),
		"--print-to-pdf=" + file,
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // Chromium refuses its sandbox to root; it only ever opens our own page
	}
	command := exec.CommandContext(ctx, p.program, append(append(args, p.flags...), p.origin+path)...) // #nosec G204 -- the program is configured, the address is ours
	command.Cancel = func() error { return command.Process.Kill() }
	command.WaitDelay = 2 * time.Second
	if out, err := command.CombinedOutput(); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		return nil, fmt.Errorf("printing: %w: %s", err, lastLine(out))
	}
	return os.ReadFile(file) // #nosec G304 -- our own temporary file
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}
