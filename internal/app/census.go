// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"approdo/internal/base/notice"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/domain/directory/censusweb"
	"approdo/internal/domain/directory/officeweb"
	"approdo/internal/kit/db"
	"approdo/internal/kit/hsds"
	"approdo/internal/kit/jobs"
	"approdo/internal/kit/upload"
	"approdo/internal/kit/web"
	"approdo/internal/kit/web/ui"
)

// openCensus builds what keeps the census alive.
func (a *App) openCensus() error {
	photos, err := upload.Open(filepath.Join(a.Config.Data, "files", "field"))
	if err != nil {
		return err
	}
	key, err := a.key()
	if err != nil {
		return err
	}
	a.Census = census.New(census.Deps{
		Key: key,
		DB:  a.DB, Directory: a.Directory, Clock: a.Config.Clock, Guard: a.Guard, Vault: a.Vault, Photos: photos,
		Tell: a.tellEditors, Answer: a.sendReply,
		Enqueue: func(ctx context.Context, tx *db.Tx, id string) error {
			return jobs.Enqueue(ctx, tx, applyImport{Import: id}, jobs.Long(), jobs.Once())
		},
	})
	return nil
}

// ExplainHeld says of what an import left as it is why it did, for the person at the terminal: a title and
// a line for each.
func ExplainHeld(list []directory.Held, language string) ([]string, error) {
	catalogue, err := Catalogue()
	if err != nil || len(list) == 0 {
		return nil, err
	}
	words := catalogue.Words(language)
	lines := []string{words.Text("intake.held") + ":"}
	for _, h := range list {
		lines = append(lines, "  "+h.Name+" ("+h.ID+"): "+censusweb.HeldReason(words, h))
	}
	return lines, nil
}

// sourceOf says in the words of HSDS from which address a service comes, that somebody else keeps.
func (a *App) sourceOf(ctx context.Context, service string) (*hsds.Metadata, error) {
	feed, found, err := a.Census.FeedOf(ctx, service)
	if err != nil || !found {
		return nil, err
	}
	return &hsds.Metadata{
		ID: uuid.NewSHA1(uuid.NameSpaceURL, []byte(feed.Address+"#"+service)).String(), ResourceID: service, ResourceType: "service",
		LastActionDate: feed.At.UTC().Format(time.DateOnly), LastActionType: "import", FieldName: "source", ReplacementValue: feed.Address, UpdatedBy: feed.Dataset,
	}, nil
}

// censusTemplates are the messages of the census to operators and to people who wrote to us.
func censusTemplates() []notice.Template {
	return []notice.Template{
		{Name: "census.feedback", Channels: notice.Channels},
		{Name: "census.feed", Channels: []notice.Channel{notice.Mail}},
		{Name: "census.field", Channels: []notice.Channel{notice.Push}},
		outsideLetter("census.reply"),
	}
}

// tellEditors tells each editor of a body, in their inbox and as they wish.
func (a *App) tellEditors(ctx context.Context, tx *db.Tx, n census.News) error {
	for _, account := range n.Accounts {
		if err := a.Notice.Tell(ctx, tx, notice.Message{
			Key: n.Key + "/" + account, To: notice.Account(account), Template: n.Template, Args: n.Args, Link: n.Link, Member: n.Member,
		}); err != nil {
			return err
		}
	}
	return nil
}

// sendReply answers somebody who said something of an entry and left an address.
func (a *App) sendReply(ctx context.Context, tx *db.Tx, r census.Reply) error {
	return a.Notice.Tell(ctx, tx, notice.Message{
		Key: r.Key, To: notice.Outside(r.Mail, r.Language), Template: "census.reply", Args: map[string]string{"service": r.Service, "text": r.Text}, Link: r.Link, Member: r.Member,
	})
}

// Jobs of the census.
type (
	applyImport struct {
		Import string `json:"import"`
	}
	fetchDatasets struct{}
	tidyCensus    struct{}
)

func (applyImport) Kind() string   { return "census.import" }
func (fetchDatasets) Kind() string { return "census.fetch" }
func (tidyCensus) Kind() string    { return "census.tidy" }

// censusWork is what the census does behind the page.
func (a *App) censusWork(runner *jobs.Runner) {
	jobs.Handle(runner, 30*time.Minute, func(ctx context.Context, _ jobs.Task, args applyImport) error {
		return a.Census.Queued(ctx, args.Import)
	})
	jobs.Handle(runner, time.Hour, func(ctx context.Context, _ jobs.Task, _ fetchDatasets) error {
		_, err := a.Census.Due(ctx)
		return err
	})
	jobs.Handle(runner, 10*time.Minute, func(ctx context.Context, _ jobs.Task, _ tidyCensus) error {
		_, err := a.Census.ForgetContacts(ctx)
		return errors.Join(err, a.Census.Tidy(ctx))
	})
	runner.Every("census-fetch", 5*time.Minute, fetchDatasets{}, jobs.Long(), jobs.Once())
	runner.Every("census-tidy", 24*time.Hour, tidyCensus{}, jobs.Long(), jobs.Once())
}

// registerCensus adds the pages on which the census is kept alive.
func (a *App) registerCensus(rs *web.Routes, site *ui.Site, finder *directory.Finder) *censusweb.Pages {
	pages := censusweb.Register(rs, censusweb.Deps{
		Census: a.Census, Directory: a.Directory, Finder: finder, Guard: a.Guard, Site: site, Label: officeweb.FieldLabel,
		Name: func(ctx context.Context, account string) string {
			person, err := a.person(ctx, a.DB, account)
			if err != nil {
				return "" // an account that is no more has no name to show
			}
			return person.Name
		},
	})
	a.desk.add(censusweb.OfficeMenu(), pages)
	return pages
}
