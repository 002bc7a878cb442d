// SPDX-License-Identifier: EUPL-1.2

package access_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"approdo/internal/base/access"
	"approdo/internal/base/access/accesstest"
	"approdo/internal/kit/db"
	"approdo/internal/kit/db/dbtest"
)

// watched is a test that may fail, and is then over, without this one failing.
type watched struct {
	testing.TB
	said string
}

func (w *watched) Helper() {}

func (w *watched) Errorf(format string, args ...any) { w.said += fmt.Sprintf(format, args...) + "\n" }

func (w *watched) Fatalf(format string, args ...any) {
	w.Errorf(format, args...)
	runtime.Goexit()
}

func (w *watched) Fatal(args ...any) { w.Fatalf("%s", fmt.Sprint(args...)) }

// Of many worlds a single one in which a list is wrong, fails or is not made is enough for the proof of
// lists to fail, and to say so.
func TestOneWrongListIsNoticed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, c := range []struct {
			name, said string
			make       func(made int) error                                   // how it ends when it was called so often
			list       func(called int, all, last []string) ([]string, error) // what becomes of the list; last are the records of this world
		}{
			{name: "loses a record once", said: "shows [", list: func() func(int, []string, []string) ([]string, error) {
				lost := false
				return func(called int, all, last []string) ([]string, error) {
					at := slices.IndexFunc(all, func(id string) bool { return slices.Contains(last, id) })
					if lost || called <= 20 || at < 0 {
						return all, nil
					}
					lost = true
					return slices.Delete(all, at, at+1), nil
				}
			}()},
			{name: "fails once", said: "out of order", list: func(called int, all, _ []string) ([]string, error) {
				if called == 20 {
					return nil, errors.New("out of order")
				}
				return all, nil
			}},
			{name: "is not made once", said: "no room", make: func(made int) error {
				if made == 5 {
					return errors.New("no room")
				}
				return nil
			}},
		} {
			made, called := 0, 0
			var last []string
			w, done := &watched{TB: t}, make(chan struct{})
			go func() {
				defer close(done)
				accesstest.Agree(w, d, now, files(), accesstest.List{
					Action: "access.relation.read", Type: "Relation",
					Make: func(t *rapid.T, ctx context.Context, tx *db.Tx) ([]access.Resource, error) {
						if made++; c.make != nil {
							if err := c.make(made); err != nil {
								return nil, err
							}
						}
						world, err := makeRelations(t, ctx, tx)
						last = nil
						for _, one := range world {
							last = append(last, one.ID)
						}
						return world, err
					},
					Ways: func(g *access.Guard) map[string]accesstest.Way {
						u := access.NewUseCases(d, g, clock, nil)
						return map[string]accesstest.Way{"list": func(ctx context.Context, a access.Actor) (ids []string, err error) {
							list, err := u.Relations(ctx, a)
							for _, one := range list {
								ids = append(ids, one.ID)
							}
							if called++; c.list == nil || err != nil {
								return ids, err
							}
							return c.list(called, ids, last)
						}}
					},
				})
			}()
			if <-done; !strings.Contains(w.said, c.said) {
				t.Errorf("a list that %s: %q is said", c.name, w.said)
			}
		}
	})
}
