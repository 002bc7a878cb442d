// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"approdo/internal/base/access"
	"approdo/internal/kit/db"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/vault"
)

//go:embed policy.cedar
var policy string

// Policy is who may see and settle messages.
func Policy() access.Policy { return access.Policy{Name: "notice/policy.cedar", Text: policy} }

//go:embed mail.html
var pages embed.FS

//go:embed locales
var locales embed.FS

// Locales are the words of letters: those of this package, and those of rooms that have none.
func Locales() fs.FS {
	files, err := fs.Sub(locales, "locales")
	if err != nil {
		panic("notice: " + err.Error()) // the folder is embedded above
	}
	return files
}

// Test is the template of the message with which somebody tries whether messages arrive.
var Test = Template{Name: "notice.test", Channels: Channels, Must: true, Urgent: true}

// Config is what telling people needs.
type Config struct {
	DB        *db.DB
	Clock     func() time.Time
	Vault     *vault.Vault
	Guard     *access.Guard
	Words     *lang.Catalogue
	Templates []Template
	// People finds how an account is reached; the fault NotFound when there is none.
	People func(ctx context.Context, q db.Querier, account string) (Person, error)
}

// UseCases are what the program does with messages.
type UseCases struct {
	Config
	templates map[string]Template
}

// New makes the use cases. A template without words, or twice, is an error.
func New(c Config) (*UseCases, error) {
	u := &UseCases{Config: c, templates: map[string]Template{}}
	for _, t := range c.Templates {
		if _, twice := u.templates[t.Name]; twice {
			return nil, fmt.Errorf("notice: the template %s stands twice", t.Name)
		}
		languages := lang.OfficeLanguages
		if t.Everybody {
			languages = lang.All
		}
		for _, code := range languages {
			for _, part := range []string{"subject", "text"} {
				if !c.Words.Words(code).Has(t.Name + "." + part) {
					return nil, fmt.Errorf("notice: the template %s has no words for %s in %s", t.Name, part, code)
				}
			}
		}
		if t.Topic == "" {
			t.Topic, _, _ = strings.Cut(t.Name, ".")
		}
		u.templates[t.Name] = t
	}
	return u, nil
}
