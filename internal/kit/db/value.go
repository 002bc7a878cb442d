// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"approdo/internal/kit/fault"
)

// NewID makes an identifier: a UUID version 7, which sorts by the time it was made.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Millis is how an instant is kept: UTC milliseconds since 1970.
func Millis(t time.Time) int64 { return t.UnixMilli() }

// NullMillis is Millis, or NULL for the zero time.
func NullMillis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// FromMillis reads back what Millis wrote, in UTC.
func FromMillis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// NullText is s, or NULL for the empty text.
func NullText(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// ScanTime reads milliseconds into t; NULL is the zero time.
func ScanTime(t *time.Time) sql.Scanner { return timeScanner{t} }

type timeScanner struct{ to *time.Time }

func (s timeScanner) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*s.to = time.Time{}
	case int64:
		*s.to = FromMillis(v)
	default:
		return fmt.Errorf("db: an instant is BIGINT, not %T", value)
	}
	return nil
}

// ScanText reads text into s; NULL is the empty text.
func ScanText(s *string) sql.Scanner { return textScanner{s} }

type textScanner struct{ to *string }

func (s textScanner) Scan(value any) error {
	var text sql.NullString
	if err := text.Scan(value); err != nil {
		return err
	}
	*s.to = text.String
	return nil
}

// JSON keeps v as JSON text. As an argument v is what is written; in Scan v is a
// pointer to what is read. NULL and empty text leave what v points to alone.
func JSON(v any) *JSONText { return &JSONText{v} }

// JSONText is made by JSON.
type JSONText struct{ v any }

// Value implements driver.Valuer.
func (j *JSONText) Value() (driver.Value, error) {
	text, err := json.Marshal(j.v)
	if err != nil {
		return nil, fmt.Errorf("db: %w", err)
	}
	return string(text), nil
}

// Scan implements sql.Scanner.
func (j *JSONText) Scan(value any) error {
	var text []byte
	switch v := value.(type) {
	case nil:
	case string:
		text = []byte(v)
	case []byte:
		text = v
	default:
		return fmt.Errorf("db: JSON is TEXT, not %T", value)
	}
	if len(text) == 0 {
		return nil
	}
	if err := json.Unmarshal(text, j.v); err != nil {
		return fmt.Errorf("db: JSON: %w", err)
	}
	return nil
}

// plain reduces arguments to what both drivers take in the same way: int64,
// float64, bool, text, bytes and NULL.
func plain(args []any) ([]any, error) {
	list := make([]any, len(args))
	for i, arg := range args {
		value, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			return nil, fmt.Errorf("db: argument $%d: %w", i+1, err)
		}
		if err := portable(value); err != nil {
			return nil, fmt.Errorf("db: argument $%d: %w", i+1, err)
		}
		list[i] = value
	}
	return list, nil
}

func portable(value driver.Value) error {
	switch v := value.(type) {
	case time.Time:
		return errors.New("an instant is written with Millis, a day as ISO text")
	case string:
		// PostgreSQL refuses both, SQLite would keep them and cut the text at the NUL.
		if strings.IndexByte(v, 0) >= 0 || !utf8.ValidString(v) {
			return fault.Invalid("", "error.text_unreadable")
		}
	case float64:
		// SQLite would keep NULL instead.
		if math.IsNaN(v) {
			return errors.New("not a number")
		}
	}
	return nil
}
