// SPDX-License-Identifier: EUPL-1.2

package directory

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"approdo/internal/base/network"
	"approdo/internal/kit/calendar"
	"approdo/internal/kit/db"
	"approdo/internal/kit/lang"
)

// enoughVisits must have asked the same before its words are written down: what one person, one
// family or one desk asks is nobody's business.
const enoughVisits = 5

// missedDays is how long visits are remembered towards the five.
const missedDays = 60

// longestMissed bounds the words; longer ones are stories, not searches.
const longestMissed = 80

// Missed counts the searches that found nothing, so that the network learns what it lacks.
//
// Neither words nor visitors are stored: a search is a hash under a key kept outside the database,
// a visit a hash under a salt that lives in memory for one day. Only when five separate visits have
// asked the same are its words written down. Words with an address or a number in them, which may
// be somebody's name and telephone, never are.
type Missed struct {
	directory *UseCases
	key       []byte

	mu   sync.Mutex
	day  calendar.Day
	salt [32]byte
}

// MissedSearch is what enough visits asked in vain.
type MissedSearch struct {
	Language string
	Words    string
	Visits   int
	Day      string // of the last visit
}

// NewMissed starts counting. Without a key it takes a new one, and counts from the beginning.
func NewMissed(u *UseCases, key []byte) *Missed {
	m := &Missed{directory: u, key: key}
	if len(m.key) == 0 {
		m.key = make([]byte, 32)
		_, _ = rand.Read(m.key) // never fails, says crypto/rand
	}
	return m
}

// Note counts a search that found nothing. Visitor is whatever tells one visitor from another
// today (address and browser); it is hashed and forgotten. Place is where one looked; only its
// province is counted, and read only when enough visits looked there.
func (m *Missed) Note(ctx context.Context, language, text, visitor string, place network.Ref) error {
	words := lang.Fold(text)
	if words == "" || utf8.RuneCountInString(words) > longestMissed || telling(text) {
		return nil
	}
	today := calendar.DayOf(m.directory.clock(), calendar.Rome())
	hash := keyed(m.key, language+"\x00"+words)
	visit := m.visit(today, hash+"\x00"+visitor)
	return m.directory.db.InTx(ctx, func(ctx context.Context, tx *db.Tx) error {
		fresh, err := db.Exec(ctx, tx, `INSERT INTO directory_missed_visit (hash, visit, day) VALUES ($1, $2, $3) ON CONFLICT (hash, visit) DO NOTHING`,
			hash, visit, today.String())
		if err != nil || fresh == 0 {
			return err
		}
		if err := forget(ctx, tx, today); err != nil {
			return err
		}
		visits, err := db.Row(ctx, tx, db.Column[int64], `INSERT INTO directory_missed_search (hash, language, words, visits, day) VALUES ($1, $2, '', 1, $3)
			ON CONFLICT (hash) DO UPDATE SET visits = directory_missed_search.visits + 1, day = excluded.day RETURNING visits`,
			hash, language, today.String())
		if err != nil {
			return err
		}
		if province := ProvinceOf(place); province != "" {
			if _, err := db.Exec(ctx, tx, `INSERT INTO directory_missed_place (hash, place, visits, day) VALUES ($1, $2, 1, $3)
				ON CONFLICT (hash, place) DO UPDATE SET visits = directory_missed_place.visits + 1, day = excluded.day`, hash, province, today.String()); err != nil {
				return err
			}
		}
		if visits < enoughVisits {
			return nil
		}
		_, err = db.Exec(ctx, tx, `UPDATE directory_missed_search SET words = $1 WHERE hash = $2`, words, hash)
		return err
	})
}

// forget drops visits that are too old to count, and searches that were never asked enough.
func forget(ctx context.Context, tx *db.Tx, today calendar.Day) error {
	before := (today - missedDays).String()
	if _, err := db.Exec(ctx, tx, `DELETE FROM directory_missed_visit WHERE day < $1`, before); err != nil {
		return err
	}
	if _, err := db.Exec(ctx, tx, `DELETE FROM directory_missed_place WHERE visits < $1 AND day < $2`, enoughVisits, before); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `DELETE FROM directory_missed_search WHERE words = '' AND day < $1`, before)
	return err
}

// ProvinceOf is the sigla of the province that a territory is or lies in, "" when it is wider.
func ProvinceOf(place network.Ref) string {
	for at := place; at != ""; at = wider(at) {
		if sigla, is := strings.CutPrefix(string(at), "p:"); is {
			return sigla
		}
	}
	return ""
}

// visit hashes a visitor under the salt of the day.
func (m *Missed) visit(today calendar.Day, visitor string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	if today != m.day {
		m.day = today
		_, _ = rand.Read(m.salt[:]) // never fails, says crypto/rand
	}
	return keyed(m.salt[:], visitor)
}

// telling: the text has so many digits, or a mail address, that it may be about a person.
func telling(text string) bool {
	digits := 0
	for _, r := range text {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits >= 4 || strings.Contains(text, "@")
}

func keyed(key []byte, text string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// EnoughVisits is how many separate visits must have asked before it is told what, or from where.
const EnoughVisits = enoughVisits

// MissedSearches lists what enough visits asked in vain, the most asked first.
func (u *UseCases) MissedSearches(ctx context.Context, most int) ([]MissedSearch, error) {
	return db.Rows(ctx, u.db, func(s db.Scanner) (MissedSearch, error) {
		var one MissedSearch
		return one, s.Scan(&one.Language, &one.Words, &one.Visits, &one.Day)
	}, `SELECT language, words, visits, day FROM directory_missed_search WHERE words <> '' ORDER BY visits DESC, hash LIMIT $1`, most)
}
