// SPDX-License-Identifier: EUPL-1.2

package app

import (
	"embed"
	"errors"
	"io/fs"
	"strings"
	"sync"

	"approdo/internal/app/home"
	"approdo/internal/base/access/accessweb"
	"approdo/internal/base/audit/auditweb"
	"approdo/internal/base/identity/identityweb"
	"approdo/internal/base/network/networkweb"
	"approdo/internal/base/notice"
	"approdo/internal/base/notice/noticeweb"
	"approdo/internal/base/register/registerweb"
	"approdo/internal/domain/directory"
	"approdo/internal/domain/directory/apiweb"
	"approdo/internal/domain/directory/censusweb"
	"approdo/internal/domain/directory/directoryweb"
	"approdo/internal/domain/directory/exchange"
	"approdo/internal/domain/directory/hsdsweb"
	"approdo/internal/domain/directory/officeweb"
	"approdo/internal/domain/mediation"
	"approdo/internal/domain/mediation/agendaweb"
	"approdo/internal/domain/mediation/figureweb"
	"approdo/internal/domain/mediation/mediationweb"
	"approdo/internal/domain/mediation/rosterweb"
	"approdo/internal/domain/mediation/timesheet"
	"approdo/internal/domain/mediation/timesheetweb"
	"approdo/internal/kit/fault"
	"approdo/internal/kit/lang"
	"approdo/internal/kit/web/openapi"
	"approdo/internal/kit/web/ui"
)

//go:embed locales
var locales embed.FS

// Locales are the words for what packages without a catalogue of their own refuse.
func Locales() fs.FS {
	files, err := fs.Sub(locales, "locales")
	if err != nil {
		panic("app: " + err.Error()) // the folder is embedded above
	}
	return files
}

// Catalogue puts the words of every room together, once: nothing changes them.
var Catalogue = sync.OnceValues(func() (*lang.Catalogue, error) {
	return lang.Open(Locales(), ui.Locales(), home.Locales(), openapi.Locales(), identityweb.Locales(), accessweb.Locales(), auditweb.Locales(), networkweb.Locales(), registerweb.Locales(), notice.Locales(), noticeweb.Locales(), directory.Locales(), directoryweb.Locales(), censusweb.Locales(), officeweb.Locales(), mediation.Locales(), mediationweb.Locales(), rosterweb.Locales(), timesheet.Locales(), timesheetweb.Locales(), agendaweb.Locales(), figureweb.Locales(), apiweb.Locales(), hsdsweb.Locales())
})

// Explain writes an error for the person at the terminal: faults in words of their language, one a
// line, with what lies behind them (who runs the program may know); other errors as they are.
func Explain(err error, language string) string {
	faults := fault.All(err)
	if len(faults) == 0 {
		if known := trouble(err); known != nil {
			faults = append(faults, known)
		} else {
			return err.Error()
		}
	}
	catalogue, broken := Catalogue()
	if broken != nil {
		return errors.Join(err, broken).Error()
	}
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = say(catalogue.Words(language), f)
		if f.Cause != nil {
			lines[i] += " (" + f.Cause.Error() + ")"
		}
	}
	return strings.Join(lines, "\n  ")
}

// say looks first where importing and exporting have their words, in Italian and English.
func say(words lang.Words, f *fault.Error) string {
	if exchange.Knows(f.Message.Key) {
		return exchange.SayFault(words.Lang(), f)
	}
	return words.Fill(f.Message.Key, f.Message.Args)
}
