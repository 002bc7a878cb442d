// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"approdo/internal/base/access"
	"approdo/internal/base/notice"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/directoryweb"
	"approdo/internal/domain/directory/officeweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/jobs"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// verifier asks bodies whether their entries are still true. Its links are signed by the secret of
// the installation, which nodes of one database share.
func (a *App) verifier() (*directory.Verifier, error) {
	key, err := a.key()
	if err != nil {
		return nil, err
	}
	return directory.NewVerifier(a.Directory, key, a.askBody), nil
}

// editingTemplates are the notices to those who keep the census of a body.
func editingTemplates() []notice.Template {
	return []notice.Template{{Name: "directory.stale", Channels: notice.Channels}}
}

// askBody sends a letter about an entry. That nobody has answered is told to the editors and administrators
// of the body as well, and to those of the bodies that it belongs to.
func (a *App) askBody(ctx context.Context, tx *db.Tx, l directory.VerificationLetter) error {
	if l.Kind == directory.LetterEscalate {
		told := map[string]bool{}
		for _, body := range l.Bodies {
			for _, role := range []access.Role{access.DirectoryEditor, access.BodyAdministrator} {
				holders, err := a.Identity.Holders(ctx, tx, body, role)
				if err != nil {
					return err
				}
				for _, account := range holders {
					if told[account] {
						continue
					}
					told[account] = true
					if err := a.Notice.Tell(ctx, tx, notice.Message{Key: l.Key + "/" + account, To: notice.Account(account), Template: "directory.stale", Member: body,
						Args: map[string]string{"service": l.Name, "body": l.Body}, Link: "/office/services/" + l.Service + "/verification"}); err != nil {
						return err
					}
				}
			}
		}
	}
	return a.sendVerification(ctx, tx, l)
}

// registerEditing adds the pages on which the census is written. Origin says where an entry comes from.
func (a *App) registerEditing(ctx context.Context, rs *web.Routes, site *ui.Site, c ServeConfig, origin func(*http.Request, string) (templ.Component, error)) error {
	verifier, err := a.verifier()
	if err != nil {
		return err
	}
	if err := a.Directory.Summarize(ctx); err != nil {
		return err
	}
	pages := officeweb.Register(rs, officeweb.Deps{
		Directory: a.Directory, Verifier: verifier, Guard: a.Guard, Site: site, Conditions: directoryweb.Conditions, Tiles: c.Tiles, Log: c.Log, Origin: origin,
		Name: func(ctx context.Context, account string) string {
			names, err := a.accountNames(ctx, []string{account})
			if err != nil {
				c.Log.Error("the name of an account can't be read", "error", err)
			}
			return names[account]
		},
	})
	a.desk.add(officeweb.OfficeMenu(), pages)
	return nil
}

// Jobs of editing.
type (
	publishDue struct{}
	askBodies  struct{}
)

func (publishDue) Kind() string { return "directory.publish" }
func (askBodies) Kind() string  { return "directory.ask" }

// editingWork publishes what was scheduled, and asks bodies whether their entries are still true.
func (a *App) editingWork(runner *jobs.Runner) error {
	verifier, err := a.verifier()
	if err != nil {
		return err
	}
	jobs.Handle(runner, 5*time.Minute, func(ctx context.Context, _ jobs.Task, _ publishDue) error {
		_, err := a.Directory.PublishDue(ctx)
		return err
	})
	jobs.Handle(runner, 30*time.Minute, func(ctx context.Context, _ jobs.Task, _ askBodies) error {
		_, err := verifier.Run(ctx)
		return err
	})
	runner.Every("directory-publish", 15*time.Second, publishDue{}, jobs.Once())
	runner.Every("directory-ask", time.Hour, askBodies{}, jobs.Long(), jobs.Once())
	return nil
}
