// SPDX-License-Identifier: EUPL-1.2

package census_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	places "approdo/internal/base/network"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/census"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// The lists of feedback, datasets, imports and field reports hold what the policies say of each.
func TestListsAgreeWithPolicies(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := open(t, d)
		if _, err := o.Directory.Save(t.Context(), directory.Batch{Source: "agree", Organizations: []places.Organization{
			body(accesstest.Members[0], "Comune", ""), body(accesstest.Members[1], "Ufficio", accesstest.Members[0]), body(accesstest.Members[2], "Altro", ""),
		}}); err != nil {
			t.Fatal(err)
		}
		for _, l := range []struct {
			action, typ string
			make        func(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error)
			list        func(u *census.UseCases, ctx context.Context, a access.Actor) ([]string, int, error)
		}{
			{"directory.feedback.read", "Feedback", makeFeedback, func(u *census.UseCases, ctx context.Context, a access.Actor) (ids []string, n int, err error) {
				list, n, _, err := u.Inbox(ctx, a, census.FeedbackSelection{Status: "all", Size: 100})
				for _, one := range list {
					ids = append(ids, one.ID)
				}
				return ids, n, err
			}},
			{"directory.import.read", "Dataset", makeDatasets, func(u *census.UseCases, ctx context.Context, a access.Actor) (ids []string, n int, err error) {
				list, err := u.Datasets(ctx, a)
				for _, one := range list {
					ids = append(ids, one.Name)
				}
				return ids, len(list), err
			}},
			{"directory.import.read", "Dataset", makeDatasets, func(u *census.UseCases, ctx context.Context, a access.Actor) (ids []string, n int, err error) {
				list, n, err := u.Imports(ctx, a, "", 1, 100)
				for _, one := range list {
					ids = append(ids, one.Dataset)
				}
				return ids, n, err
			}},
			{"directory.field.read", "FieldReport", makeReports, func(u *census.UseCases, ctx context.Context, a access.Actor) (ids []string, n int, err error) {
				list, n, err := u.FieldReports(ctx, a, "", 1, 100)
				for _, one := range list {
					ids = append(ids, one.ID)
				}
				return ids, n, err
			}},
		} {
			accesstest.Agree(t, d, start, []access.Policy{access.Base(), directory.Policy(), census.Policy()}, accesstest.List{
				Action: l.action, Type: l.typ, Make: l.make,
				Ways: func(g *access.Guard) map[string]accesstest.Way {
					u := *o.UseCases
					u.Guard = g
					return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) ([]string, error) {
						ids, n, err := l.list(&u, ctx, a)
						if n != len(ids) {
							t.Errorf("%s: %d counted, %d listed", l.typ, n, len(ids))
						}
						return ids, err
					}}
				},
			})
		}
	})
}

// owned is a record of one of the bodies: the second is an office of the first.
func owned(t *rapid.T, typ, id string, members []string) access.Resource {
	member := rapid.SampledFrom(members).Draw(t, "member")
	bodies := []string{member}
	switch member {
	case "":
		bodies = []string{}
	case accesstest.Members[1]:
		bodies = append(bodies, accesstest.Members[0])
	}
	return access.Resource{Type: typ, ID: id, Attributes: access.Attributes{"member": member, "bodies": bodies}}
}

// few draws how many, and takes away what was there: a page holds so many.
func few(t *rapid.T, ctx context.Context, tx *db.Tx, clear ...string) (int, error) {
	for _, text := range clear {
		if _, err := db.Exec(ctx, tx, text); err != nil {
			return 0, err
		}
	}
	return rapid.IntRange(1, 3).Draw(t, "records"), nil
}

func makeFeedback(t *rapid.T, ctx context.Context, tx *db.Tx) (world []access.Resource, err error) {
	n, err := few(t, ctx, tx, `DELETE FROM directory_feedback`)
	for i := 0; err == nil && i < n; i++ {
		one := owned(t, "Feedback", db.NewID(), accesstest.Members)
		world = append(world, one)
		if _, err = db.Exec(ctx, tx, `INSERT INTO directory_entry (id, seq, organization_id, status, modified_at, record) VALUES ($1, 0, $2, 'active', 0, '{"name":"x"}')`, one.ID, one.Attributes["member"]); err == nil {
			_, err = db.Exec(ctx, tx, `INSERT INTO directory_feedback (id, entry_id, kind, language, day) VALUES ($1, $1, 'wrong', 'it', '2026-11-01')`, one.ID)
		}
	}
	return world, err
}

// makeDatasets makes one import of each.
func makeDatasets(t *rapid.T, ctx context.Context, tx *db.Tx) (world []access.Resource, err error) {
	n, err := few(t, ctx, tx, `DELETE FROM directory_import`, `DELETE FROM directory_dataset`)
	for i := 0; err == nil && i < n; i++ {
		one := owned(t, "Dataset", db.NewID(), append([]string{""}, accesstest.Members...))
		world = append(world, one)
		if _, err = db.Exec(ctx, tx, `INSERT INTO directory_dataset (name, member, changed_at) VALUES ($1, $2, 0)`, one.ID, one.Attributes["member"]); err == nil {
			_, err = db.Exec(ctx, tx, `INSERT INTO directory_import (id, dataset, via, name, state, options, report, started_at) VALUES ($1, $1, 'page', 'x', 'done', '{}', '{}', 0)`, one.ID)
		}
	}
	return world, err
}

func makeReports(t *rapid.T, ctx context.Context, tx *db.Tx) (world []access.Resource, err error) {
	n, err := few(t, ctx, tx, `DELETE FROM directory_field_report`)
	for i := 0; err == nil && i < n; i++ {
		one := owned(t, "FieldReport", db.NewID(), accesstest.Members)
		account := rapid.SampledFrom(accesstest.Accounts).Draw(t, "account")
		one.Attributes["account"] = account
		world = append(world, one)
		_, err = db.Exec(ctx, tx, `INSERT INTO directory_field_report (id, member, account, status, record, received_at) VALUES ($1, $2, $3, 'new', '{}', 0)`, one.ID, one.Attributes["member"], account)
	}
	return world, err
}
