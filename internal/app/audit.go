// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"approdo/internal/base/audit"
	"approdo/internal/base/audit/auditweb"
	"approdo/internal/base/audit/inquiry"
	"approdo/internal/base/identity/identityweb"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// registerAudit adds the pages about what was done, and the door for checkpoints of others.
func (a *App) registerAudit(rs *web.Routes, site *ui.Site) error {
	keys, err := audit.OpenKeys(a.Config.KeysDir())
	if err != nil {
		return err
	}
	if _, err := a.Config.peers(); err != nil { // said at the start, not to the first who sends
		return err
	}
	questions := &inquiry.UseCases{DB: a.DB, Guard: a.Guard, Clock: a.Config.Clock}
	auditweb.Register(rs, auditweb.Deps{
		OwnFile: audit.FileSink{Path: a.Config.checkpointFile()}.Name(),
		Inquiry: questions, Keys: keys, Peers: a.Config.peers, Site: site,
		RoleName: identityweb.RoleName, Bodies: a.bodyNames, Accounts: a.accountNames, FindAccounts: a.findAccounts, Titles: a.titles,
	})
	a.desk.add(auditweb.OfficeMenu(), auditweb.Room{Inquiry: questions})
	return nil
}

// peers are the logs of other installations whose checkpoints are kept here: the public keys in the
// file peers.txt of the folder of keys, one a line.
func (c Config) peers() (*audit.Keys, error) {
	path := filepath.Join(c.KeysDir(), "peers.txt")
	text, err := os.ReadFile(path) // #nosec G304 -- in the folder of keys
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	keys, err := audit.PublicKeys(strings.Fields(string(text))...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return keys, nil
}

// findAccounts gives the accounts whose name or address has every word of a text.
func (a *App) findAccounts(ctx context.Context, text string) ([]string, error) {
	accounts, _, err := a.Identity.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, account := range accounts {
		if matches(text, account.Name+" "+account.Email) {
			ids = append(ids, account.ID)
		}
	}
	return ids, nil
}
